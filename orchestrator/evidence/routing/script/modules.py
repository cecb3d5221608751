"""Finds the file that a module of JavaScript means by the name that another one imports it under."""

from __future__ import annotations

import re
from collections.abc import Container
from posixpath import join, normpath

_ENDS = (".ts", ".js", ".tsx", ".jsx", ".mjs", ".cjs", ".mts", ".cts")
_ENDED = re.compile(r"\.[mc]?[jt]sx?$")
_ALIAS = re.compile(r"^(?:[@~#]/|[@~#](?=\w)|/)?")
_FOLDERS = ("", "src/", "app/")


def script_of(path: str, module: str, known: Container[str]) -> str | None:
    """
    The file of *module*, as the one at *path* imports it; None where it lies outside of the tree.

    What begins with no dot may be an alias (``@/lib/auth``, ``@server/auth``), which is tried from each folder above.

    Args:
        path: Where it is imported.
        module: What stands in the quotes.
        known: The files that there are.
    """
    folder = path.rpartition("/")[0]
    if module.startswith("."):
        stem = normpath(join(folder, module)).removeprefix("./")
        return None if stem.startswith("..") else _file("" if stem == "." else stem, known)
    inside = _ALIAS.sub("", module)
    if "/" not in inside and inside == module:
        return None
    while True:
        for below in _FOLDERS:
            stem = f"{folder}/{below}{inside}" if folder else below + inside
            if found := _file(stem, known):
                return found
        if not folder:
            return None
        folder = folder.rpartition("/")[0]


def _file(stem: str, known: Container[str]) -> str | None:
    bare = _ENDED.sub("", stem)
    names = [stem, *(stem + end for end in _ENDS), *(f"{stem}/index{end}".removeprefix("/") for end in _ENDS)]
    names += [bare + end for end in _ENDS] if bare != stem else []
    return next((name for name in names if name and name in known), None)
