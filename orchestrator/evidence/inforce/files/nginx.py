"""Tells which directives of an nginx configuration have an effect."""

from __future__ import annotations

from collections.abc import Sequence

from ..force import void
from .braces import Directive, parse
from .spans import Found

_FALSE = frozenset({"(0)", "('')", '("")', "()", "(false)"})
_ONCE = frozenset(
    {"client_max_body_size", "expires", "keepalive_timeout", "proxy_cache", "server_tokens", "ssl_session_timeout"}
)


def read(data: bytes) -> Found:
    """What is not in force of *data*: comments, what is set again in the same block, blocks that never apply."""
    configuration = parse(data, lines=False)
    found = Found(comments=configuration.comments)
    waiting: list[Sequence[Directive]] = [configuration.directives]
    while waiting:
        block = waiting.pop()
        _overridden(block, found)
        for directive in block:
            if directive.inner is None:
                continue
            if directive.words[:1] == ["if"] and "".join(directive.words[1:]) in _FALSE:
                found.add(directive.start, directive.end, void("is behind a condition that is never true"))
            waiting.append(directive.inner)
    return found


def _overridden(block: Sequence[Directive], found: Found) -> None:
    """Note what a later directive of the same block takes back."""
    last: dict[str, Directive] = {}
    for directive in reversed(block):
        if directive.inner is not None or len(directive.words) < 2:
            continue
        name = directive.words[0]
        if name not in _ONCE and directive.words[1:] not in (["on"], ["off"]):
            continue
        if name in last:
            found.add(directive.start, directive.end, void("is set again further down"))
        else:
            last[name] = directive
