"""Reads what prose tells of load tests that were run: tables and sentences with percentiles, jumps, limits, growth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ...redaction import cut
from ..facts.documents import Heading
from ..facts.loadtests import LoadJump, LoadNote, LoadReport, LoadRun
from ..inforce import documents as inforce
from ..inforce.dates import days
from ._headings import Line, Prose
from ._load_figures import (
    NUMBER,
    Load,
    expected,
    failures,
    is_rate,
    jump,
    latency,
    latency_at,
    load_of,
    minutes,
    number,
    soak,
)
from ._load_notes import note_kinds
from ._load_tables import Table, is_row, runs_of

MAX_REPORTS = 20
MAX_RUNS = 60
MAX_NOTES = 60
_LONGEST = 600
"""Characters of a sentence that are looked at."""
MARK = re.compile(rb"\bp\(?9[59]\b|9[59](?:th|\.|\s?%|-?(?:th )?percentile)", re.IGNORECASE)
"""A document without one has no run that can be held against a limit."""
_ABOUT = re.compile(
    r"load|perf|capacit|stress|benchmark|sizing|sizes|scal(?:e|ing)|throughput|soak|spike", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[\"'(`*_]{0,3}[A-Z0-9])")
_TARGET = re.compile(
    r"[<>≤≥]|\b(?:target|limit|aim|goal|slo|objective|threshold|must|should|want(?:ed)?|budget|promise|baseline|"
    r"agreed|at most|below|under|within|less than|alert\w*|fires?)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|planned|scheduled|upcoming|to be run|not yet|next (?:run|test)|todo|would)\b", re.IGNORECASE
)
_P95 = re.compile(r"\bp\(?95\)?|\b95(?:th|\s?%)(?:[ -]percentile)?", re.IGNORECASE)
_P99 = re.compile(r"\bp\(?99\)?|\b99(?:th|\s?%)(?:[ -]percentile)?", re.IGNORECASE)
_CARRIED = re.compile(rf"^\W{{0,3}}({NUMBER})(?:\s[a-z]{{2,20}}){{0,3}}:\s")
_BULLET = re.compile(r"^\s{0,12}(?:[-*+•]|\d{1,2}[.)])\s+")
_MARKUP = re.compile(r"[*_`]{1,3}")


_NOT_RUN = re.compile(
    r"\b(?:targets?|slos?|slis?|objectives?|goals?|acceptance|requirements?|examples?|templates?|samples?|how to|"
    r"proposal)\b",
    re.IGNORECASE,
)
"""Sections so called tell what is wanted, and not what was measured."""


@dataclass
class _Section:
    """One section of a document: its heading, what stands above it, and its lines."""

    heading: Heading | None
    above: tuple[Heading, ...] = ()
    lines: list[Line] = field(default_factory=list)
    report: LoadReport | None = None

    @property
    def titles(self) -> str:
        return " ".join(h.text for h in (*self.above, *([self.heading] if self.heading else [])))


def reports_of(path: str, prose: Prose) -> tuple[LoadReport, ...]:
    """
    The load tests that *prose* tells of.

    A document about load is one report, but for sections that name a day of their own; of any other document each
    section with figures is one.
    """
    sections = _sections(prose)
    for section in sections:
        section.report = _read(path, section)
    told = [s for s in sections if s.report and s.report.runs]
    if not told:
        return ()
    title = f"{path.rpartition('/')[2]} {prose.title} {' '.join(h.text for h in prose.headings if h.level == 1)}"
    if not _ABOUT.search(title) and any(_BY_A_COMMAND.search(line.text) for line in prose.lines[:_TOP]):
        return ()
    one_title = sum(h.level == 1 for h in prose.headings) <= 1
    outer = _day(title) or next((day for s in sections if not s.above and (day := _newest([_text(s)]))), "")
    if not (one_title and _ABOUT.search(title)):
        return tuple(_dated(s, "") for s in told)[:MAX_REPORTS]
    own = [s for s in sections if s.heading and s.heading.level > 1 and _day(s.heading.text)]
    apart = [_below(section, sections) for section in own]
    dated = [report for report in apart if report is not None and report.runs]
    inside = {id(s) for section in own for s in _family(section, sections)}
    merged = _merged([s.report for s in sections if s.report and id(s) not in inside], outer)
    if merged is None or merged.runs or not dated:
        return tuple(report for report in (merged, *dated) if report is not None and report.runs)[:MAX_REPORTS]
    newest = max(dated, key=lambda report: report.day)
    dated[dated.index(newest)] = _merged([newest, merged], newest.day) or newest
    return tuple(dated[:MAX_REPORTS])


_TOP = 20
_BY_A_COMMAND = re.compile(
    r"\b(?:written|generated|made) (?:again )?by `(?:make|just|task|npm|pnpm|yarn|cargo|go|python3?|\./?\S)",
    re.IGNORECASE,
)
"""A page about something else that a program keeps quotes figures, such as those of findings; it records no test."""


def _family(section: _Section, sections: Sequence[_Section]) -> list[_Section]:
    """*section* and those below it."""
    return [s for s in sections if s is section or section.heading in s.above]


def _below(section: _Section, sections: Sequence[_Section]) -> LoadReport | None:
    """What *section*, whose heading names a day, and those below it tell."""
    day = _day(section.heading.text) if section.heading else ""
    return _merged([s.report for s in _family(section, sections) if s.report], day)


def _sections(prose: Prose) -> list[_Section]:
    """The sections of a document that are in force."""
    sections = [_Section(None)]
    open_: list[Heading] = []
    for heading in prose.headings:
        open_ = [one for one in open_ if one.level < heading.level]
        sections.append(_Section(heading, tuple(open_)))
        open_.append(heading)
    by_line = {s.heading.line if s.heading else 0: s for s in sections}
    for line in prose.lines:
        if line.section in by_line:
            by_line[line.section].lines.append(line)
    return sections if prose.words else []


def _text(section: _Section) -> str:
    return " ".join(line.text for line in section.lines if not is_row(line.text))[:2_000]


def _day(text: str) -> str:
    """The first day that *text* names."""
    found = days(text[:2_000])
    return found[0].isoformat() if found else ""


def _newest(lines: Iterable[str]) -> str:
    """The newest day that *lines* name where they speak of nothing that is to come."""
    told = (part for text in lines for part in _SENTENCE.split(text[:4_000]) if not _TO_COME.search(part))
    return max((day.isoformat() for part in told for day in days(part)), default="")


def _dated(section: _Section, outer: str) -> LoadReport:
    """The report of one section, with the day that its own heading names, its text, those above it, or *outer*."""
    assert section.report is not None
    report = section.report
    own = _day(section.heading.text if section.heading else "") or report.day or _day(section.titles) or outer
    return report.model_copy(update={"day": own})


def _merged(reports: Sequence[LoadReport], outer: str) -> LoadReport | None:
    """What several sections tell of the same runs."""
    if not reports:
        return None
    day = outer or next((report.day for report in reports if report.day and report.runs), "")
    told = next((report for report in reports if report.runs), reports[0])
    awaiting = next((report for report in reports if report.expected is not None), told)
    return told.model_copy(
        update={
            "day": day,
            "expected": awaiting.expected,
            "per_second": awaiting.per_second,
            "runs": tuple(run for report in reports for run in report.runs)[:MAX_RUNS],
            "jumps": tuple(one for report in reports for one in report.jumps)[:MAX_RUNS],
            "notes": tuple(note for report in reports for note in report.notes)[:MAX_NOTES],
        }
    )


def _read(path: str, section: _Section) -> LoadReport:
    """What one section says, whether or not it tells of a run."""
    runs: list[LoadRun] = []
    jumps: list[LoadJump] = []
    notes: list[LoadNote] = []
    awaited: Load | None = None
    table = Table()
    if _NOT_RUN.search(section.titles) or any(inforce.box(line.text) for line in section.lines):
        return LoadReport(path=path)  # nobody has ticked off what is to be done
    for line in (*section.lines, Line(0, 0, "")):
        if is_row(line.text):
            table.take(line)
            continue
        if table.rows:
            runs += runs_of(table)
            notes += table.notes()
            table = Table()
        for sentence in _sentences(line.text):
            kinds = note_kinds(sentence)
            notes += [LoadNote(line=line.number, kind=kind, text=cut(sentence, 200)) for kind in kinds]
            if awaited is None:
                awaited = expected(sentence)
            if found := jump(sentence, line.number):
                jumps.append(found)
            elif lasted := soak(sentence, line.number):
                runs.append(lasted)
            elif run := _spoken(sentence, line.number, carried=bool(runs) and runs[-1].line == line.number):
                runs.append(run)
    first = section.heading.line if section.heading else 1
    day = _newest(line.text for line in section.lines if not is_row(line.text))
    return LoadReport(
        path=path,
        line=first,
        day=day,
        expected=awaited.amount if awaited else None,
        per_second=awaited is not None and awaited.rate,
        runs=tuple(runs[:MAX_RUNS]),
        jumps=tuple(jumps[:MAX_RUNS]),
        notes=tuple(notes[:MAX_NOTES]),
    )


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(_MARKUP.sub("", _BULLET.sub("", text[:4_000]))):
        if sentence.strip():
            yield sentence.strip()[:_LONGEST]


def _spoken(sentence: str, line: int, *, carried: bool) -> LoadRun | None:
    """The run that a sentence tells of: what it was, a percentile and what failed."""
    if _TO_COME.search(sentence):
        return None
    named = _P95.search(sentence)
    if named is None:
        if not (carried and (found := _CARRIED.match(sentence))):
            return None
        rest = sentence[found.end() :]
        slow = latency(rest, "")
        if slow is None:
            return None
        rate = is_rate(found[0])
        return LoadRun(
            line=line,
            name=cut(sentence, 100),
            load=None if rate else number(found[1]),
            rate=number(found[1]) if rate else None,
            p95=slow,
            failures=failures(rest),
        )
    behind = sentence[named.end() :]
    value = _value(behind)
    if value is None:
        return None
    before = sentence[: named.start()]
    if _TARGET.search(before):
        return None
    load = load_of(before)
    slower = _P99.search(sentence)
    return LoadRun(
        line=line,
        name=cut(before.strip(" :–—-,(") or sentence, 100),
        load=load.amount if load and not load.rate else None,
        rate=load.amount if load and load.rate else None,
        p95=value,
        p99=_value(sentence[slower.end() :]) if slower else None,
        failures=failures(sentence),
        minutes=minutes(sentence),
    )


_GAP = re.compile(
    r"^(?:\W|\b(?:is|was|of|at|latency|response|time|stayed|reached|came|to|percentile|rose|about|around|roughly|ca)\b){0,12}"
)


def _value(behind: str) -> float | None:
    """The time that stands right behind a percentile; None where it is what is wanted, and not what was measured."""
    gap = _GAP.match(behind)
    start = gap.end() if gap else 0
    if _TARGET.search(behind[:start]) or _TARGET.match(behind[start:]):
        return None
    return latency_at(behind[start : start + 30])
