"""Tells which lines of a Dockerfile have an effect, as far as comments and its name tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..force import unknown, void
from ..images import of_dockerfile
from .spans import Found

_FROM = re.compile(
    rb"^[ \t]*FROM[ \t]+(?:--platform=\S{1,100}[ \t]+)?(?P<image>\S{1,300})(?:[ \t]+AS[ \t]+(?P<name>\S{1,100}))?",
    re.MULTILINE | re.IGNORECASE,
)
_TAKEN = re.compile(rb"--from=(\S{1,100})|--mount=\S{0,200}?\bfrom=([^,\s]{1,100})")
_MOST_STAGES = 100
_COMMENT = re.compile(rb"^[ \t]*#[^\n]*", re.MULTILINE)
_COPIED = re.compile(
    rb"^[ \t]*(?:COPY|ADD)[ \t][^\n]{0,200}?<<-?[\"']?(?P<tag>\w{1,60})[\"']?[^\n]*\n", re.MULTILINE | re.IGNORECASE
)
_IN_A_FILE = unknown("is part of a file that the image gets, of which nobody knows what it is for")


def reader(path: str) -> Callable[[bytes], Found]:
    """What reads the file at *path*."""
    return lambda data: read(data, path)


def read(data: bytes, path: str) -> Found:
    """Its comments; and all of it, where its image is not for production."""
    found = Found(comments=[match.span() for match in _COMMENT.finditer(data)])
    for copied in _COPIED.finditer(data):
        end = data.find(b"\n" + copied["tag"] + b"\n", copied.end() - 1)
        found.add(copied.end(), end if end >= 0 else len(data), _IN_A_FILE)
    if not (force := of_dockerfile(path)):
        found.add(0, len(data), force)
    for start, end, name in _unused_stages(data):
        found.add(start, end, void("is in a stage that the image takes nothing from", unless=name))
    return found


def _unused_stages(data: bytes) -> Iterator[tuple[int, int, str]]:
    """The stages that the last one takes nothing from, directly or by another; somebody may build one by its name."""
    stages = list(_FROM.finditer(data))
    if len(stages) > _MOST_STAGES:
        return
    ends = [*(stage.start() for stage in stages[1:]), len(data)]
    places = {str(number).encode(): number for number in range(len(stages))}
    places |= {stage["name"].lower(): number for number, stage in enumerate(stages) if stage["name"]}
    waiting, used = [len(stages) - 1] if stages else [], set[int]()
    while waiting:
        number = waiting.pop()
        used.add(number)
        taken = [stages[number]["image"]]
        if b"$" in taken[0]:
            return  # an argument says which
        taken += [one or other for one, other in _TAKEN.findall(data, stages[number].end(), ends[number])]
        waiting += {places[name.lower()] for name in taken if name.lower() in places} - used
    for number, stage in enumerate(stages):
        if number not in used:
            yield stage.start(), ends[number], (stage["name"] or b"").decode("utf-8", "replace")
