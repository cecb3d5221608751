"""Tells what names, options, statements and addresses give, once for a content that several ask about."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from ._commands import commands
from ._inline import inline
from ._match import Match
from ._urls import urls

_KEPT = 20_000
"""Contents that are remembered, by their digest; most of them have nothing."""
_LEAST = 1_000
"""Bytes of a content that is worth it."""
_KNOWN: OrderedDict[bytes, tuple[Match, ...]] = OrderedDict()


def given(data: bytes) -> tuple[Match, ...]:
    """
    What *data* gives to names, options, statements and addresses, as it stands.

    A file is asked when the tree is read, and once more when the run learns what its documents keep secret.
    """
    if len(data) < _LEAST:
        return _found(data)
    digest = hashlib.blake2b(data, digest_size=16).digest()
    if (known := _KNOWN.get(digest)) is None:
        known = _KNOWN[digest] = _found(data)
        if len(_KNOWN) > _KEPT:
            _KNOWN.popitem(last=False)
    return known


def _found(data: bytes) -> tuple[Match, ...]:
    return (*inline(data), *commands(data), *urls(data))
