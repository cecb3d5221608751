"""Reads YAML with the line of every entry and with limits that hostile files run into."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from ..errors import FormatError

MAX_BYTES = 5_000_000
MAX_DEPTH = 100
MAX_NODES = 300_000
MAX_TEXT = 20_000_000
"""Characters of all text once aliases are expanded: what is shared here is written out in a record."""
MAX_POINTERS = 64_000_000
"""Characters of all pointers together: long keys above many entries would otherwise multiply."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9]+$|0o[0-7]+$|0x[0-9a-fA-F]+$")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$")
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass
class Parsed:
    """One document of a stream: plain values, its first line, and the line of every entry by JSON pointer."""

    body: Any
    line: int
    lines: dict[str, int]
    columns: dict[str, int] = field(default_factory=dict)


def load_all(data: bytes, *, unique_keys: bool = False) -> list[Parsed]:
    """
    Parse every document of *data* by YAML 1.2's core schema.

    Local tags stay visible: ``!Ref x`` becomes ``{"!Ref": "x"}``. Merge keys are merged. Aliases are shared values, and
    their expanded size counts against the limit.

    Args:
        data: The file, in UTF-8.
        unique_keys: Refuse a mapping that names a key twice.

    Raises:
        FormatError: Malformed, too large, too deep, or an alias bomb; with line and column.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(f"{len(data):,} bytes are more than the {MAX_BYTES:,} that are parsed")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("not UTF-8", line=data[: error.start].count(b"\n") + 1) from None
    composer = _Composer(unique_keys)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            composer.feed(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise FormatError(error.problem or "malformed YAML", line, column) from None
    except yaml.YAMLError as error:
        raise FormatError(str(error).splitlines()[0]) from None
    return composer.documents


@lru_cache(maxsize=1)
def load_once(data: bytes) -> list[Parsed] | FormatError:
    """
    What :func:`load_all` says of *data*, for several who ask one after the other and change nothing of it.

    The last answer is kept: whoever reads a file for one fact is followed by those who read it for others.
    """
    try:
        return load_all(data)
    except FormatError as error:
        return error


def load(data: bytes, *, unique_keys: bool = False) -> Parsed:
    """Parse *data* as one document (the first of several); an empty file is a document that holds None."""
    documents = load_all(data, unique_keys=unique_keys)
    return documents[0] if documents else Parsed(None, 1, {})


class _Composer:
    """Builds plain values from parser events without recursion, counting what it builds."""

    def __init__(self, unique_keys: bool) -> None:
        self.documents: list[Parsed] = []
        self._unique = unique_keys
        self._anchors: dict[str, tuple[Any, int, int]] = {}
        self._stack: list[_Open] = []
        self._nodes = 0
        self._characters = 0
        self._pointers = 0
        self._start = 1
        self._lines: dict[str, int] = {}
        self._columns: dict[str, int] = {}

    def feed(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._value(event, _scalar(event), 1, len(event.value))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close(event)
        elif kind is yaml.AliasEvent:
            if str(event.anchor) not in self._anchors:
                raise FormatError(f"alias *{event.anchor} has no anchor", *_place(event))
            self._value(event, *self._anchors[str(event.anchor)])
        elif kind is yaml.DocumentStartEvent:
            self._anchors, self._stack, self._start = {}, [], event.start_mark.line + 1
            self._lines, self._columns = {}, {}

    def _open(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise FormatError(f"nested more than {MAX_DEPTH} levels deep", *_place(event))
        parent = self._stack[-1] if self._stack else None
        before = (self._nodes, self._characters)
        self._stack.append(_Open(value, event, self._here(event), before, parent is not None and parent.is_key))
        if parent is None:
            self._start = event.start_mark.line + 1

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        if isinstance(done.value, dict) and "<<" in done.value:
            _merge(done.value)
        nodes, characters = self._nodes - done.before[0] + 1, self._characters - done.before[1]
        value: Any = done.value
        if done.event.tag and done.event.tag.startswith("!") and len(done.event.tag) > 1:
            value = {done.event.tag: value}
        if done.event.anchor:
            self._anchors[done.event.anchor] = (value, nodes, characters)
        self._count(1, 0, event)
        self._place_in_parent(done.event, value)

    def _value(self, event: Any, value: Any, nodes: int, characters: int) -> None:
        self._count(nodes, characters, event)
        if getattr(event, "anchor", None) and type(event) is yaml.ScalarEvent:
            self._anchors[str(event.anchor)] = (value, 1, characters)
        if self._stack and self._stack[-1].is_key:
            self._key(event, value)
            return
        if self._stack:
            self._here(event)
        self._place_in_parent(event, value)

    def _key(self, event: Any, value: Any) -> None:
        top = self._stack[-1]
        key = value if isinstance(value, str) else _key_text(event, value)
        if self._unique and isinstance(top.value, dict) and key in top.value:
            raise FormatError(f"key '{key}' stands twice", *_place(event))
        top.key, top.is_key = key, False
        self._note(f"{top.pointer}/{_escape(key)}", event)

    def _here(self, event: Any) -> str:
        """The pointer of the value that *event* begins."""
        if not self._stack:
            return ""
        top = self._stack[-1]
        if isinstance(top.value, list):
            return self._note(f"{top.pointer}/{len(top.value)}", event)
        return f"{top.pointer}/{_escape(top.key)}"

    def _note(self, pointer: str, event: Any) -> str:
        self._pointers += len(pointer)
        if self._pointers > MAX_POINTERS:
            raise FormatError("keys too long for so many entries", *_place(event))
        self._lines[pointer], self._columns[pointer] = _place(event)
        return pointer

    def _place_in_parent(self, event: Any, value: Any) -> None:
        if not self._stack:
            self.documents.append(Parsed(value, self._start, self._lines, self._columns))
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.is_key:
            self._key(event, value)
        else:
            top.value[top.key] = value
            top.is_key = True

    def _count(self, nodes: int, characters: int, event: Any) -> None:
        self._nodes += nodes
        self._characters += characters
        if self._characters > MAX_TEXT:
            raise FormatError(f"more than {MAX_TEXT:,} characters once its aliases are expanded", *_place(event))
        if self._nodes > MAX_NODES:
            raise FormatError(f"more than {MAX_NODES:,} entries once its aliases are expanded", *_place(event))


class _Open:
    """A collection whose end has not been seen yet."""

    __slots__ = ("before", "event", "is_key", "key", "pointer", "value")

    def __init__(self, value: Any, event: Any, pointer: str, before: tuple[int, int], within_key: bool) -> None:
        if within_key:
            raise FormatError("a collection as a mapping key", *_place(event))
        self.value = value
        self.event = event
        self.pointer = pointer
        self.before = before
        self.key = ""
        self.is_key = isinstance(value, dict)


def _merge(mapping: dict[str, Any]) -> None:
    merged = mapping.pop("<<")
    for source in merged if isinstance(merged, list) else [merged]:
        if isinstance(source, dict):
            for key, value in source.items():
                mapping.setdefault(key, value)


def _scalar(event: Any) -> Any:
    text: str = event.value
    tag: str | None = event.tag
    if tag and tag.startswith("!") and len(tag) > 1:
        return {tag: text}
    if tag == "tag:yaml.org,2002:str" or not event.implicit[0]:
        return text
    if text in _NULLS:
        return None
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text) and len(text) < 40:
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.match(text) and len(text) < 40:
        value = float(text)
        return value if math.isfinite(value) else text
    return text


def _key_text(event: Any, value: Any) -> str:
    """A key that is not a string, as it was written; a mapping's keys are text for everyone downstream."""
    return str(getattr(event, "value", value))


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
