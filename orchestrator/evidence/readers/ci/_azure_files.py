"""Puts the templates of Azure's pipelines where they are taken, with their parameters filled in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....domain.located import Located, pointer
from ....errors import FormatError
from ...inforce.chance import Chance
from ...inforce.conditions import azure as conditions
from ...inforce.force import Force, unknown, void
from ...tree import SourceFile
from ._running import ELSEWHERE
from ._shared import Keys, documents, text

_LISTS = frozenset({"steps", "jobs", "stages", "variables"})
_MOST_NODES = 50_000
_MOST_DEEP = 60
_MOST_TEMPLATES = 200
_WHOLE = re.compile(r"\$\{\{\s*parameters\.(\w{1,100})\s*\}\}")
_CONDITION = re.compile(r"\$\{\{\s*(if|elseif|else|each|insert)\b(.*?)\}\}\s*$", re.DOTALL)


@dataclass
class Expanded:
    """One pipeline with all that it takes in."""

    document: Located
    origins: dict[str, str] = field(default_factory=dict)
    """The file of what stands under a pointer, where that is another one."""
    sources: dict[str, SourceFile] = field(default_factory=dict)
    idle: list[tuple[str, int, str, Force, Any]] = field(default_factory=list)
    """What is left out: its file, line, name, why, and what it is."""

    def path(self, keys: Keys) -> str:
        """The file in which the entry under *keys* stands."""
        for end in range(len(keys), 0, -1):
            if found := self.origins.get(pointer(keys[:end])):
                return found
        return self.document.path

    def source(self, keys: Keys) -> SourceFile:
        """The same as it was read."""
        return self.sources[self.path(keys)]


@dataclass(frozen=True)
class _File:
    """Where an entry stands, and what its file was given."""

    document: Located
    given: Mapping[str, Any]
    outermost: bool


def expanded(document: Located, files: Mapping[str, SourceFile]) -> Expanded:
    """*document* with those of *files* that it takes, directly or not."""
    found = Expanded(Located(path=document.path), sources={document.path: files[document.path]})
    filling = _Filling(found, files)
    body = filling.root(document)
    found.document = Located(path=document.path, line=document.line, body=body, lines=filling.lines)
    return found


def taken(document: Located) -> Iterator[str]:
    """The templates of this tree that *document* names."""
    for _, value in document.walk():
        uses = value.get("template") if isinstance(value, dict) else None
        if isinstance(uses, str) and (path := _local(document.path, uses)):
            yield path


def _local(base: str, uses: str) -> str:
    """The path that *uses* means in the file at *base*; empty where another repository has it."""
    name, _, repository = uses.partition("@")
    if (repository and repository != "self") or "$" in name:
        return ""
    folder = "" if name.startswith("/") else posixpath.dirname(base)
    return posixpath.normpath(posixpath.join(folder, name.lstrip("/")))


class _Filling:
    """Walks through one pipeline, and into what it takes."""

    def __init__(self, found: Expanded, files: Mapping[str, SourceFile]) -> None:
        self._found = found
        self._files = files
        self._left = _MOST_NODES
        self._templates = _MOST_TEMPLATES
        self.lines: dict[str, int] = {}

    def root(self, document: Located) -> dict[str, Any]:
        file = _File(document, _defaults(document), True)
        body = dict(document.body)
        extended = body.pop("extends", None)
        made = self._mapping(body, (), (), file, 0)
        if isinstance(extended, dict) and isinstance(extended.get("template"), str):
            inner = self._template(extended, ("extends",), file, 0)
            if inner is not None:
                for key in _LISTS & inner.document.body.keys():
                    self._found.origins[pointer((key,))] = inner.document.path
                    made[key] = self._value(inner.document.body[key], (key,), (key,), inner, 1)
        return made

    def _value(self, value: Any, old: Keys, new: Keys, file: _File, depth: int) -> Any:
        self._left -= 1
        line = file.document.lines.get(pointer(old))
        if line:
            self.lines[pointer(new)] = line
        if self._left < 0 or depth > _MOST_DEEP:
            return None
        if isinstance(value, dict):
            return self._mapping(value, old, new, file, depth)
        if isinstance(value, list):
            return self._list(value, old, new, file, depth)
        return _filled(value, file.given)

    def _mapping(self, value: dict[str, Any], old: Keys, new: Keys, file: _File, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        chain = Chance.NEVER
        for key, inner in value.items():
            told = _CONDITION.match(str(key))
            if told is None:
                made[str(key)] = self._value(inner, (*old, key), (*new, str(key)), file, depth + 1)
                continue
            chance, chain = _chosen(told, chain, file)
            if chance is Chance.ALWAYS and isinstance(inner, dict):
                for name, deep in inner.items():
                    made[str(name)] = self._value(deep, (*old, key, name), (*new, str(name)), file, depth + 1)
            else:
                self._leave(file, (*old, key), str(key), chance, inner)
        return made

    def _list(self, value: list[Any], old: Keys, new: Keys, file: _File, depth: int) -> list[Any]:
        made: list[Any] = []
        kind = next((str(key) for key in reversed(new) if key in _LISTS), "")
        self._items(made, value, old, new, file, depth, kind)
        return made

    def _items(
        self, made: list[Any], value: list[Any], old: Keys, new: Keys, file: _File, depth: int, kind: str
    ) -> None:
        """Put the items of *value* at the end of *made*, with those of templates and conditions in their places."""
        chain = Chance.NEVER
        for number, item in enumerate(value):
            where: Keys = (*old, number)
            only = next(iter(item)) if isinstance(item, dict) and len(item) == 1 else None
            told = _CONDITION.match(str(only)) if only is not None else None
            taken_in = kind and isinstance(item, dict) and isinstance(item.get("template"), str)
            if told is not None:
                chance, chain = _chosen(told, chain, file)
                inner = item[only]
                if chance is Chance.ALWAYS and isinstance(inner, list) and depth < _MOST_DEEP:
                    self._items(made, inner, (*where, str(only)), new, file, depth + 1, kind)
                else:
                    self._leave(file, where, str(only), chance, inner)
            elif taken_in and (template := self._template(item, where, file, depth)) is not None:
                before = len(made)
                self._items(made, template.document.items(kind), (kind,), new, template, depth + 1, kind)
                for place in range(before, len(made)):
                    self._found.origins.setdefault(pointer((*new, place)), template.document.path)
            else:
                made.append(self._value(item, where, (*new, len(made)), file, depth + 1))

    def _template(self, item: dict[str, Any], old: Keys, file: _File, depth: int) -> _File | None:
        """The template that *item* takes, with what it gives it; None where that cannot be read here."""
        uses = text(_filled(item["template"], file.given))
        path = _local(file.document.path, uses)
        self._templates -= 1
        if not path or path not in self._files or self._templates < 0 or depth > _MOST_DEEP:
            why = ELSEWHERE.removeprefix("which ")
            line = file.document.at(*old).line
            self._found.idle.append((file.document.path, line, f"template {uses[:200]}", unknown(why), None))
            return None
        source = self._files[path]
        self._found.sources[path] = source
        try:
            document = next(iter(documents(source)), None)
        except FormatError as error:  # a problem of that file already
            line, reason = file.document.at(*old).line, unknown(f"cannot be read: {error.reason}")
            self._found.idle.append((file.document.path, line, f"template {uses[:200]}", reason, None))
            return None
        if document is None:
            return None
        passed = item.get("parameters")
        given = {str(k): _filled(v, file.given) for k, v in passed.items()} if isinstance(passed, dict) else {}
        return _File(document, {**_defaults(document), **given}, False)

    def _leave(self, file: _File, old: Keys, what: str, chance: Chance, body: Any) -> None:
        force = void("never comes true") if chance is Chance.NEVER else unknown("depends on a parameter or a variable")
        if chance is Chance.NEVER and file.outermost and "parameters" in what:
            force = unknown("depends on a parameter that whoever starts it may give")
        self._found.idle.append((file.document.path, file.document.at(*old).line, what[:200], force, body))


def _chosen(told: re.Match[str], chain: Chance, file: _File) -> tuple[Chance, Chance]:
    """The chance that what stands under a condition is put in, and that this or one before it was."""
    word, condition = told[1], told[2].strip()
    if word == "insert":
        return Chance.ALWAYS, chain
    if word == "each":
        return Chance.SETTING, chain
    chance = Chance.ALWAYS if word == "else" else conditions.of_parameters(condition, file.given)
    if word == "if":
        return chance, chance
    return min(chance, chain.opposite), max(chance, chain)


def _defaults(document: Located) -> dict[str, Any]:
    declared = document.get("parameters")
    if isinstance(declared, dict):
        return {str(name): value for name, value in declared.items()}
    entries = declared if isinstance(declared, list) else []
    return {text(e.get("name")): e.get("default") for e in entries if isinstance(e, dict) and "name" in e}


def _filled(value: Any, given: Mapping[str, Any]) -> Any:
    """*value* with the parameters that it names in their places."""
    if not isinstance(value, str) or "parameters." not in value:
        return value
    whole = _WHOLE.fullmatch(value.strip())
    if whole and whole[1] in given:
        return given[whole[1]]
    return _WHOLE.sub(lambda m: text(given[m[1]]) if m[1] in given else m[0], value)
