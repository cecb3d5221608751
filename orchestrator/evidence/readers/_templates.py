"""Fills in the templates of charts once their values are known, and tells which of their objects are made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.fact import Aside, Source
from ...errors import FormatError
from ...formats.helm import Rendered, render
from ...formats.yaml import Parsed, load_all
from ..asides import Asides
from ..facts.kubernetes import SwitchedOff
from ..inforce.force import Force, unknown, void
from ..tree import SourceFile
from ._charts import Charts

_KIND = re.compile(r"^kind: {0,9}(\w{1,80})[ \t\r]{0,9}$", re.MULTILINE)
_MAX_OFF = 1_000
_MAX_TEMPLATE = 300_000
_MAX_HELD = 30_000_000


class Templates:
    """
    The templates of a tree, which wait for the values of their charts.

    Args:
        charts: What is known of charts, also what is read later.
        asides: Takes what templates could make and do not.
    """

    def __init__(self, charts: Charts, asides: Asides) -> None:
        self._charts = charts
        self._asides = asides
        self._waiting: list[tuple[str, str]] = []
        self._held = 0
        self.unparsed: list[str] = []
        self.switched_off: list[SwitchedOff] = []
        self.doubted: set[tuple[str, int]] = set()
        """Where objects begin that are made under a condition that cannot be told."""
        self.settled: set[str] = set()
        """The templates that are filled in with the values of production."""

    def hold(self, source: SourceFile) -> None:
        """Keep a template until all values are known."""
        self._held += len(source.data)
        if len(source.data) > _MAX_TEMPLATE or self._held > _MAX_HELD:
            self._not_understood(source.path, "is too large to be filled in")
        else:
            self._waiting.append((source.path, source.text))

    def rendered(self) -> Iterator[tuple[str, Parsed, str]]:
        """The documents that the templates make, each with its path and its origin, at the lines of the template."""
        for path, text in self._waiting:
            chart = self._charts.of_template(path)
            kinds = _kinds(text)
            if reason := self._left_out(path, chart):
                for kind, line in kinds.items():
                    self._asides.add(set_aside(Source(path=path, line=line), f"the {kind}", void(reason), kind))
                continue
            if chart is not None and self._charts.settled(chart):
                self.settled.add(path)
            made = self._made(path, text, chart)
            if made is None:
                self._not_understood(path, "cannot be filled in", *kinds)
                continue
            if chart is not None:
                self._missing(path, kinds, made)
            origin = "helm" if chart is not None and "{{" in text else "manifest"
            yield from ((path, parsed, origin) for parsed in made)

    def _made(self, path: str, text: str, chart: str | None) -> list[Parsed] | None:
        """The documents of a template; tried with marks first, then without what stands on lines of its own."""
        for mark in (True, False):
            filled = render(text, self._charts.scope(chart), mark=mark)
            try:
                documents = load_all(filled.text.encode("utf-8", "replace"))
            except FormatError:
                continue
            moved = [_moved(parsed, filled) for parsed in documents]
            doubted = [parsed for parsed in moved if parsed.lines.get("/kind") in filled.doubted]
            self.doubted.update((path, parsed.line) for parsed in doubted)
            return moved
        return None

    def _missing(self, path: str, kinds: dict[str, int], made: list[Parsed]) -> None:
        """Note the *kinds* of objects that a chart offers and that are not *made*."""
        found = {parsed.body.get("kind") for parsed in made if isinstance(parsed.body, dict)}
        for kind, line in kinds.items():
            place = Source(path=path, line=line)
            if kind not in found:
                self._asides.add(set_aside(place, f"the {kind}", void("is switched off by its chart's values"), kind))
                if found <= {None} and len(self.switched_off) < _MAX_OFF:
                    self.switched_off.append(SwitchedOff(kind=kind, source=place))

    def _left_out(self, path: str, chart: str | None) -> str:
        """Why nothing is made of the template at *path*, whatever it says; empty where something may be."""
        if chart is not None and path.rpartition("/")[2].startswith("_"):
            return "is in a file of partial templates, which makes nothing of its own"
        return self._charts.left_out(chart)

    def _not_understood(self, path: str, reason: str, *kinds: str) -> None:
        self.unparsed.append(path)
        self._asides.add(set_aside(Source(path=path, line=1), "the template", unknown(reason), *kinds))


def set_aside(place: Source, what: str, force: Force, *about: str) -> Aside:
    """What is noted of something that is not in force, or not known to be."""
    return Aside(path=place.path, line=place.line, what=what, reason=force.reason, about=about, void=force.is_void)


def _kinds(text: str) -> dict[str, int]:
    """The kinds of objects that a template may make, each with the line that it first stands on."""
    found: dict[str, int] = {}
    line, counted = 1, 0
    for kind in _KIND.finditer(text):
        line, counted = line + text.count("\n", counted, kind.start()), kind.start()
        found.setdefault(kind[1], line)
    return found


def _moved(parsed: Parsed, filled: Rendered) -> Parsed:
    """*parsed* with the lines of the template."""
    lines = {key: _original(filled.lines, line) for key, line in parsed.lines.items()}
    return Parsed(parsed.body, _original(filled.lines, parsed.line), lines)


def _original(lines: list[int], line: int) -> int:
    return lines[min(line, len(lines)) - 1] if lines else 1
