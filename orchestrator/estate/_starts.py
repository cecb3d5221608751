"""Tells of a line that makes or starts a server whether its package is a service, or merely can do that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from ..domain.fact import Source
from ..domain.signal import Signal
from ..evidence import kind_signals as signals
from ..evidence.facts.code import Code, Hits
from ..evidence.facts.routes import Routes
from .sources import Package, Sources

READS = (signals.APPLICATION, signals.LISTEN, signals.FUNCTION)
Verdict = Literal["service", "open", "apart"]
_LOOPBACK = re.compile(
    r"[\"'`/@](?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)(?::\d{0,5})?[\"'`/]|Ipv[46]Addr::LOCALHOST|getLoopbackAddress\("
)
_OF_DEBUGGING = re.compile(r"/?(?:debug|metrics|healthz?|livez|readyz|ready|ping|version|vars)(?:/|$)")
"""Routes that only those ask who look after a program."""
_CALLED = frozenset({"laravel", "symfony", "rails"})
"""Frameworks whose applications nothing but a server of others starts."""
_SHOWN = re.compile(r"(?:^|/)[\w.-]*(?:examples?|samples?|demos?)[\w.-]*/", re.IGNORECASE)
"""Folders that show how a library is used, whatever else is in their names."""


class Start(NamedTuple):
    """A line that makes or starts what answers others, and what follows from it."""

    verdict: Verdict
    """A service; one as far as anybody can tell; or none."""
    kind: str
    """``program`` or ``function``."""
    package: Package | None
    at: Source
    because: str


def starts(code: Code, routes: Routes, sources: Sources) -> Iterator[Start]:
    """Every such line with what it means for its package, in the order of signals and places."""
    for signal, kind, what in (
        (signals.APPLICATION, "program", "an application"),
        (signals.LISTEN, "program", "a server is started"),
        (signals.FUNCTION, "function", "a function that a platform calls"),
    ):
        for at in _places(code.hits.get(signal.id, Hits())):
            yield _told(signal, kind, f"{what} ({_short(at.text)})" if at.text else what, at, routes, sources)
    yield from _called(routes, sources)


def _called(routes: Routes, sources: Sources) -> Iterator[Start]:
    """The packages whose routes a server of others calls, so that no line of theirs starts one."""
    told: dict[str, Start] = {}
    for route in routes.routes:
        package = sources.nearest(route.file) if route.framework in _CALLED else None
        if package is not None and not package.library:
            because = f"routes of {route.framework}, which a server calls"
            told.setdefault(package.folder, Start("service", "program", package, route.source, because))
    yield from told.values()


def _places(hits: Hits) -> Iterable[Source]:
    """Where it stands; where nothing of it is surely in force, where it may be."""
    if not hits.total:
        return [Source(path=a.path, line=a.line) for a in hits.aside if not a.void]
    return [*hits.first, *(Source(path=path) for path in sorted(hits.beyond))]


def _told(signal: Signal, kind: str, because: str, at: Source, routes: Routes, sources: Sources) -> Start:
    package = sources.nearest(at.path)
    verdict, reason = _judged(signal, at, package, routes, sources)
    return Start(verdict, kind, package, at, f"{reason}: {because}" if reason else because)


def _judged(
    signal: Signal, at: Source, package: Package | None, routes: Routes, sources: Sources
) -> tuple[Verdict, str]:
    library = package is not None and package.library
    if library and _SHOWN.search(at.path):
        return "apart", "an example beside a package for others"
    if signal is signals.LISTEN and _LOOPBACK.search(at.text):
        asked = _is_asked(package, routes, sources)
        if not asked:
            return "apart", "nobody else's machine reaches it"
        if package is not None and package.uses("command-lines"):
            return "open", "a command that answers its own machine"
    if package is None or not library:
        return "service", ""
    if package.command and package.uses("web-servers") and not package.uses("command-lines"):
        return "service", ""
    if signal is not signals.LISTEN:
        return "open", "a published package that holds an application too"
    if package.command:
        return "open", "a published command that can start a server"
    return "apart", "a package that offers servers to others"


def _is_asked(package: Package | None, routes: Routes, sources: Sources) -> bool:
    """Whether a package has routes that others than those who look after it may ask for."""
    return any(
        sources.nearest(route.file) is package and not _OF_DEBUGGING.match(route.path)
        for route in routes.routes
        if route.method != "PAGE"
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
