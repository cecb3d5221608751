"""Sees through how a text is written: over lines, in parts, or as a text within a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ._match import Match
from ._parts import Parts
from ._shapes import begins_token, tokens

_JOINT = re.compile(
    rb"(?<=[A-Za-z0-9_+/=.-]{8})(?:\\{0,8}(?:\r?\n|\\[rn])[ \t]*(?:[#>|*-]+[ \t]+|//[ \t]+)?"
    rb"|([\"'])[ \t]*(?:[+.&][ \t]*)?\\?(?:\r?\n[ \t]*|\\n[ \t]*)?(?:[+.&][ \t]*)?\1)(?=[A-Za-z0-9_+/=.-]{4})"
)
_RUN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/=.~-"
_LONGEST = 300


def joined(data: bytes) -> Iterator[Match]:
    """
    Tokens with a joint in them: a break of line, a continuation, or two texts that are put together.

    A token that ends with its line is whole: what stands in the next line is another matter.
    """

    def put(joint: re.Match[bytes]) -> bytes:
        before = data[max(0, joint.start() - _LONGEST) : joint.start()]
        run = before[len(before.rstrip(_RUN)) :]
        return b"" if begins_token(run) else joint.group()

    parts = Parts(data, _JOINT, put)
    if not parts.joints:
        return
    breaks = {joint.start() for joint in parts.joints if b"\\\n" not in joint.group() and joint.group(1) is None}
    complete = {match.start for match in tokens(data) if match.end in breaks}
    for match in tokens(parts.whole):
        at = parts.span(match.start, match.end)
        if at.broken and at.start not in complete:
            yield Match(match.kind, at.start, at.end, match.confidence, parts.whole[match.start : match.end])


def emphasised(data: bytes) -> Iterator[Match]:
    """Tokens that stand between the marks of an emphasis, which could as well be signs of their own."""
    if b"_" in data:
        plain = _EMPHASIS.sub(lambda mark: b" " * len(mark.group()), data)
        if plain != data:
            yield from tokens(plain)


_EMPHASIS = re.compile(rb"(?<![A-Za-z0-9_-])_{1,3}+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])_{1,3}+(?![A-Za-z0-9_-])")


def unescaped(data: bytes, found: Callable[[bytes], Iterable[Match]]) -> Iterator[Match]:
    """What *found* tells of *data* as it was before it was written as a text within a text, with ``\\n`` for a line."""
    if b"\\" in data:
        parts = Parts(data, _ESCAPE, lambda escape: _MEANT.get(escape.group(1), escape.group(1)))
        if parts.joints:
            for match in found(parts.whole):
                at = parts.span(match.start, match.end)
                yield Match(match.kind, at.start, at.end, match.confidence, match.value)


_ESCAPE = re.compile(rb"(?<!\\)\\++([nrt\"'/])")
_MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
