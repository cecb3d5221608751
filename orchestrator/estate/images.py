"""Knows container images by the end of their name: what runs when they are started."""

from __future__ import annotations

from functools import cache

from . import types
from .types import IMAGE, Known


@cache
def known(image: str) -> Known | None:
    """What is known of *image*, with or without registry, tag and digest."""
    parts = image.partition("@")[0].split("/")
    parts[-1] = parts[-1].partition(":")[0]
    return types.known("/".join(parts[-2:]), IMAGE) or types.known(parts[-1], IMAGE)
