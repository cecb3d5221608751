"""Reads where a module of Terraform comes from: a folder of the tree, or a name in a registry."""

from __future__ import annotations

import posixpath
import re

_LOCAL = ("./", "../", "/", "${path.module}", "${path.root}", "path.module")
_HOSTED = re.compile(r"(?:git::)?(?:https?://|ssh://git@|git@)?(?:www\.)?github\.com[/:]([\w.-]+)/terraform-([a-z0-9]+)-([\w.-]+?)"
                     r"(?:\.git)?(?=[/?]|$)")  # fmt: skip
_REGISTRY = ("registry.terraform.io/", "registry.opentofu.org/", "tfr:///")


def is_local(source: str) -> bool:
    """Whether *source* is a folder: what it declares is read with the tree."""
    return source.startswith(_LOCAL)


def folder(path: str, source: str) -> str:
    """The folder that *source* leads to from the file at *path*."""
    for start in ("${path.module}/", "${path.root}/"):
        source = source.removeprefix(start)
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), source.partition("//")[0]))
    return "" if found == "." else found


def registered(source: str) -> str:
    """The name of *source* in the public registry, without its part and version; as written where it has none."""
    for start in _REGISTRY:
        source = source.removeprefix(start)
    hosted = _HOSTED.match(source)
    if hosted:
        return f"{hosted[1]}/{hosted[3]}/{hosted[2]}"
    return source.partition("?")[0].partition("//")[0] if "://" not in source else source
