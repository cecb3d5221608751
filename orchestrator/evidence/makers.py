"""Tells what a fact is made by: the sources of its reader, and of all in the house that these lead to."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from .. import vocabulary
from ..domain.fact import Fact
from ..domain.profile import Profile
from . import extract
from .facts.changes import Changes
from .facts.files import Files
from .facts.history import History
from .facts.secrets import SecretHistory

HOUSE = __name__.partition(".")[0]
ROOMS = ("estate", "evidence", "formats", "profiling", "redaction", "vocabulary")
"""Where sources are followed to: nouns, errors and diagnostics say nothing about what is read."""
_FOLLOWED = tuple(f"{HOUSE}.{room}" for room in ROOMS)
_BESIDE: dict[type[Fact], str] = {
    Files: f"{HOUSE}.evidence.reader",
    History: f"{HOUSE}.evidence.history",
    Changes: f"{HOUSE}.evidence.since.comparing",
    SecretHistory: f"{HOUSE}.evidence.past.search",
    Profile: f"{HOUSE}.profiling.profile",
}
"""Facts that no reader of the pass makes, and the modules that do."""
_IMPORT = re.compile(r"^[ \t]*from[ \t]+(\.+)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n(]*)", re.MULTILINE)
_NAME = re.compile(r"(\w+)(?:[ \t]+as[ \t]+(\w+))?")
_COMMENT = re.compile(r"#.*")
_BY_NAME = "import_module("
_WORDS = re.compile(r"\bwords\(\s*f?\"([\w/-]+)")
"""The vocabulary that a module names, or the folder of several whose name it puts together."""


class Imported(NamedTuple):
    """One name that a module takes from another one."""

    origin: str
    name: str
    known_as: str


@cache
def made_by(kind: type[Fact]) -> str:
    """Digest of all that makes *kind*; of a fact that is not ours, of the module that declares it."""
    told = hashlib.sha256()
    for module in sorted(modules(kind)):
        told.update(_told(module))
    return "sha256:" + told.hexdigest()[:16]


@cache
def _told(module: str) -> bytes:
    """Digest of the source of *module*, and of the words of the vocabulary that it names."""
    text = _text(module)
    words = _WORDS.findall(text) if "words(" in text else ()
    told = hashlib.sha256(module.encode() + b"\0" + text.encode())
    for name in sorted(words):
        told.update(_digests(name))
    return told.digest()


def modules(kind: type[Fact]) -> frozenset[str]:
    """The modules that make *kind*, and those that make the facts which it is told from."""
    found = sources(_makers().get(kind, kind.__module__))
    return found.union(*(sources(maker) for other, maker in _makers().items() if other.__module__ in found))


@cache
def sources(module: str) -> frozenset[str]:
    """*module* and every module of :data:`ROOMS` that it leads to."""
    found: dict[str, None] = {module: None}
    waiting = [module]
    while waiting:
        new = [other for other in leads_to(waiting.pop()) if other not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return frozenset(found)


@cache
def leads_to(module: str) -> tuple[str, ...]:
    """
    The modules of :data:`ROOMS` that *module* takes something from, in the order of its imports.

    A name that a room's door hands on is followed to where it comes from. A door that imports by name can
    come to anything of its folder.
    """
    found: dict[str, None] = {}
    for imported in imports(module):
        found.update(dict.fromkeys(_origins(imported)))
    if _is_door(module) and _BY_NAME in _text(module):
        beside = sorted(Path(_file(module)).parent.glob("*.py"))
        found.update(dict.fromkeys(f"{module}.{file.stem}" for file in beside if file.stem != "__init__"))
    return tuple(other for other in found if other != module and other.startswith(_FOLLOWED))


def _origins(imported: Imported) -> Iterator[str]:
    inner = f"{imported.origin}.{imported.name}"
    if _file(inner):
        yield inner
        return
    beyond = imports(imported.origin) if _is_door(imported.origin) else ()
    handed_on = [further for further in beyond if further.known_as == imported.name]
    if handed_on:
        for further in handed_on:
            yield from _origins(further)
    else:
        yield imported.origin


@cache
def imports(module: str) -> tuple[Imported, ...]:
    """What *module* takes from the house, wherever in it; as text, since a syntax tree of each would cost too much."""
    package = module.split(".") if _is_door(module) else module.split(".")[:-1]
    found = []
    for dots, base, names in _IMPORT.findall(_text(module)):
        origin = ".".join([*package[: len(package) - len(dots) + 1], *([base] if base else [])])
        if origin.partition(".")[0] == HOUSE:
            found += [Imported(origin, name, as_ or name) for name, as_ in _NAME.findall(_COMMENT.sub("", names))]
    return tuple(found)


@cache
def _makers() -> dict[type[Fact], str]:
    return _BESIDE | {reader.fact: type(reader).__module__ for reader in extract.readers(())}


@cache
def _digests(name: str) -> bytes:
    """Digests of the vocabulary *name*, or of all in the folder of that name."""
    return b"".join(
        f"{other} {vocabulary.words(other).digest}\0".encode()
        for other in vocabulary.names()
        if other == name or other.startswith(f"{name.rstrip('/')}/")
    )


@cache
def _is_door(module: str) -> bool:
    return Path(_file(module)).name == "__init__.py"


@cache
def _file(module: str) -> str:
    """The file of *module*; nothing for what is none."""
    if (known := getattr(sys.modules.get(module), "__spec__", None)) is not None:  # looking for it would cost more
        return known.origin or ""
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return ""
    return spec.origin or "" if spec else ""


@cache
def _text(module: str) -> str:
    file = _file(module)
    return Path(file).read_text("utf-8") if file.endswith(".py") else ""
