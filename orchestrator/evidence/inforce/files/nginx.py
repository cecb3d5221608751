"""Tells which directives of an nginx configuration have an effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..force import unknown, void
from .braces import Directive, parse
from .spans import Found

_FALSE = frozenset({"(0)", "('')", '("")', "()", "(false)"})
_FOR_ITSELF = unknown("is in a server that listens to its own machine alone")
_LOOPBACK = ("127.", "localhost", "[::1]")
_ONCE = frozenset(
    {"client_max_body_size", "expires", "keepalive_timeout", "proxy_cache", "server_tokens", "ssl_session_timeout"}
)


def reader(path: str) -> Callable[[bytes], Found]:
    """What reads the file at *path*."""
    return lambda data: read(data, path)


def read(data: bytes, path: str = "") -> Found:
    """
    What is not in force of *data*: comments, what is set again in the same block, blocks that never apply.

    Of a site that is available it cannot be told whether it is enabled, nor of a server for its own machine whether
    another one stands before it.
    """
    configuration = parse(data, lines=False)
    found = Found(comments=configuration.comments)
    if "/sites-available/" in f"/{path}":
        found.add(0, len(data), unknown("is in a site that is available, and nothing here enables it"))
    waiting: list[Sequence[Directive]] = [configuration.directives]
    while waiting:
        block = waiting.pop()
        _overridden(block, found)
        for directive in block:
            if directive.inner is None:
                continue
            if directive.words[:1] == ["if"] and "".join(directive.words[1:]) in _FALSE:
                found.add(directive.start, directive.end, void("is behind a condition that is never true"))
            elif directive.words == ["server"] and _only_here(directive.inner):
                found.add(
                    directive.start, directive.end, unknown("is in a server that listens to its own machine alone")
                )
            waiting.append(directive.inner)
    return found


def _only_here(block: Sequence[Directive]) -> bool:
    """Whether a server listens to addresses of its own machine, and to no other."""
    listening = [d.words[1] for d in block if d.words[:1] == ["listen"] and len(d.words) > 1]
    return bool(listening) and all(address.startswith(_LOOPBACK) for address in listening)


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
