"""Tells which lines of a YAML file have an effect: what is a comment, which objects and services do nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ....errors import FormatError
from ....formats.yaml import load_once
from ...facts.kubernetes import Resource
from .. import collectors, compose, dependabot, springs
from ..force import void
from ..parts import idle_parts
from ..workloads import of_itself
from . import unread
from .entries import Entries
from .spans import Found

_COMPOSE = re.compile(r"(^|/)([\w.-]*docker-)?compose[\w.-]*\.ya?ml$")
_BLOCK = re.compile(rb"(?:^|[\s:-])[|>][+-]?\d?[+-]?[ \t\r]*$")
_QUOTED = re.compile(rb"^[ \t]*apiVersion:[ \t]*\S[^\n]*\n(?:[^\n]*\n){0,3}?[ \t]*kind:[ \t]*\w", re.MULTILINE)
_BEFORE_QUOTES = (b" ", b":", b"[", b",", b"{", b"-")
_MAX_BYTES = 1_000_000
_READ = (b"apiVersion", b"services", b"pipelines", b"updates", b"on-profile", b"profiles")
"""Each document that anything is told of says one of these."""


def reader(path: str) -> Callable[[bytes], Found]:
    """What reads the file at *path*."""
    return lambda data: read(data, path)


def read(data: bytes, path: str) -> Found:
    """What is not in force of *data*, as far as the file itself tells."""
    found = Found()
    starts = _lines(data, found)
    unread.judge(data, found)
    if b"{{" in data:
        found.comments = sorted({*found.comments, *_template_comments(data)})
    if len(data) > _MAX_BYTES or not any(word in data for word in _READ):
        return found
    try:
        documents = load_once(data)
    except RecursionError:
        return found
    if isinstance(documents, FormatError):
        return found
    for number, document in enumerate(documents):
        last = documents[number + 1].line if number + 1 < len(documents) else len(starts) + 1
        if isinstance(document.body, dict):
            _judge(Entries(document, path, starts, last), found)
    return found


def _judge(document: Entries, found: Found) -> None:
    body, path = document.body, document.path
    if isinstance(body.get("kind"), str) and isinstance(body.get("apiVersion"), str):
        metadata = body.get("metadata")
        named = metadata if isinstance(metadata, dict) else {}
        resource = Resource(
            path=path, body=body, kind=body["kind"], api_version=body["apiVersion"], resource=str(named.get("name", ""))
        )
        if not (force := of_itself(resource)):
            found.add(*document.span, force)
        for part in idle_parts(resource):
            found.add(*document.entry(part.keys), part.force)
    elif isinstance(body.get("services"), dict) and _COMPOSE.search(path):
        if not (force := compose.of_file(path)):
            found.add(*document.span, force)
        for name, service in body["services"].items():
            if isinstance(service, dict) and not (said := compose.of_service(service)):
                found.add(*document.entry(("services", name)), said)
    elif not (force := springs.of_document(body)):
        found.add(*document.span, force)
    elif dependabot.PATH.search(path):
        for number, said in dependabot.idle(body):
            found.add(*document.entry(("updates", number)), said)
    for keys, said in collectors.idle(body):
        found.add(*document.entry(keys), said)


def _template_comments(data: bytes) -> Iterator[tuple[int, int]]:
    """The comments of a Go template, which begin with ``{{/*`` and may hold many lines."""
    start = data.find(b"{{")
    while start >= 0:
        inner = start + 2 + (data[start + 2 : start + 4] == b"- ") * 2
        end = data.find(b"*/", inner) if data.startswith(b"/*", inner) else -1
        if end >= 0:
            yield start, end + 2
        elif data.startswith(b"/*", inner):
            return
        start = data.find(b"{{", max(end, start + 2))


def _lines(data: bytes, found: Found) -> list[int]:
    """Where each line begins; comments, and objects that are only quoted, are noted on the way."""
    starts: list[int] = []
    place, block = 0, -1
    quoted_from = 0
    for raw in data.split(b"\n"):
        starts.append(place)
        indent = len(raw) - len(raw.lstrip(b" "))
        if block >= 0 and raw.strip() and indent <= block:
            _quoted(data, quoted_from, place, found)
            block = -1
        if block < 0:
            comment = _comment(raw)
            if comment >= 0:
                found.comments.append((place + comment, place + len(raw)))
            elif _BLOCK.search(raw):
                block, quoted_from = indent, place + len(raw) + 1
        place += len(raw) + 1
    if block >= 0:
        _quoted(data, quoted_from, len(data), found)
    return starts


def _quoted(data: bytes, start: int, end: int, found: Found) -> None:
    """Note a text that holds an object of Kubernetes: nobody applies it."""
    head = data[start : min(end, start + 4_000)]
    if _QUOTED.search(head):
        found.add(start, end, void("is quoted in another object"))


def _comment(raw: bytes) -> int:
    """Where a comment begins in a line outside of block texts; -1 where there is none."""
    if b"#" not in raw:
        return -1
    quote = b""
    for place in range(len(raw)):
        character = raw[place : place + 1]
        if quote:
            quote = b"" if character == quote and raw[place - 1 : place] != b"\\" else quote
        elif character in (b'"', b"'") and (
            not place or raw[place - 1 : place] in (b" ", b":", b"[", b",", b"{", b"-")
        ):
            quote = character
        elif character == b"#" and (not place or raw[place - 1 : place] in (b" ", b"\t")):
            return place
    return -1
