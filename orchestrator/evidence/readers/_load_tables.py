"""Reads tables of load tests: a row for each run, or a column for each run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...redaction import cut
from ..facts.loadtests import LoadNote, LoadRun
from ..inforce.documents import box
from ._headings import Line
from ._load_figures import NUMBER, is_rate, latency, load_of, minutes, number, share, undated

_RULE = re.compile(r"[\s|:+=-]*")
_P95 = re.compile(r"\bp\(?95\b|\b95(?:th|\s?%)?", re.IGNORECASE)
_P99 = re.compile(r"\bp\(?99\b|\b99(?:th|\s?%)?", re.IGNORECASE)
_FAILED = re.compile(r"fail|error|\berr\b|5xx|lost", re.IGNORECASE)
_TIMED = re.compile(r"duration|minutes|length|lasted|how long", re.IGNORECASE)
_MEMORY = re.compile(r"memory|\brss\b|\bheap\b", re.IGNORECASE)
_NO_LOAD = re.compile(
    r"\bp\(?\d\d|percentile|avg|average|mean|median|max\b|min\b|latency|response|time|fail|error|5xx|pods?\b|tasks?\b|"
    r"instances?\b|replicas?\b|machines?\b|nodes?\b|hosts?\b|allocs?|workers?\b|cpu|memory|\brss\b|duration|minutes|length|date|"
    r"result|note|samples?\b|hits|iterations|number|version|release|verdict|passed|count|total|requests?$|apdex|\bgc\b|iops|connections",
    re.IGNORECASE,
)
_NO_RUN = re.compile(r"\b(?:target|limit|slo|threshold|goal|objective|budget|wanted|allowed)s?\b", re.IGNORECASE)
_ACT_AT = re.compile(r"\b(?:act|add|scale|raise|upgrade|trigger|threshold|next step|when)\b", re.IGNORECASE)
_RATED = re.compile(r"throughput|\brate\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:users?|vus?|clients|people|concurren\w*|sessions|at once|devices|load)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    rf"^\W{{0,3}}({NUMBER})(?!\s?(?:%|ms\b|s\b|[KMGT]i?[Bb]|min|h\b))(?:\s?/\s?s(?:ec)?|\s?[a-z]{{1,20}}(?:/s)?)?\W{{0,3}}$",
    re.IGNORECASE,
)
_LOADED = re.compile(r"(\d{1,3}(?:[ ,\u00a0\u202f]\d{3}){1,3}|\d{1,9}(?:\.\d{1,4})?)")
_MARKUP = re.compile(r"[*_`]{1,3}")


def is_row(text: str) -> bool:
    """Whether a line is one of a table."""
    stripped = text.strip()
    return stripped.startswith("|") or stripped.count("|") > 1


@dataclass
class Table:
    """The rows of one table, the first of which names its columns."""

    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def take(self, line: Line) -> None:
        text = line.text.strip()
        if _RULE.fullmatch(text) or len(self.rows) > 100 or box(text):
            return
        inner = text[1:] if text.startswith("|") else text
        cells = [_MARKUP.sub("", cell).strip() for cell in (inner[:-1] if inner.endswith("|") else inner).split("|")]
        self.rows.append((line.number, cells[:20]))

    def notes(self) -> list[LoadNote]:
        """The rows that say at which figure to act."""
        if len(self.rows) < 2:
            return []
        columns = [n for n, name in enumerate(self.rows[0][1]) if n and _ACT_AT.search(name)]
        found = []
        for line, cells in self.rows[1:]:
            for column in columns:
                if column < len(cells) and _LOADED.search(cells[column]):
                    found.append(LoadNote(line=line, kind="trigger", text=cut("; ".join(cells), 200)))
                    break
        return found


def runs_of(table: Table) -> list[LoadRun]:
    """The runs that a table tells of; none where it has no percentile."""
    if len(table.rows) < 2:
        return []
    head = table.rows[0][1]
    if any(_P95.search(name) for name in head[1:] if not _NO_RUN.search(name)):
        return [run for line, cells in table.rows[1:] if (run := _of_row(line, head, cells)) is not None]
    if any(cells and _P95.search(cells[0]) for _, cells in table.rows[1:]):
        names = [cells[0] if cells else "" for _, cells in table.rows[1:]]
        lines = next(line for line, cells in table.rows[1:] if cells and _P95.search(cells[0]))
        turned = []
        for column, title in enumerate(head[1:], 1):
            cells = [title, *(c[column] if column < len(c) else "" for _, c in table.rows[1:])]
            run = _of_row(lines, ["", *names], cells)
            turned += [run] if run is not None else []
        return turned
    return []


def _of_row(line: int, head: list[str], cells: list[str]) -> LoadRun | None:
    label = cells[0] if cells else ""
    if not label or _NO_RUN.search(label):
        return None
    p95 = p99 = failed = lasted = None
    named = load_of(label)
    load = named.amount if named and not named.rate else None
    rate = named.amount if named and named.rate else None
    flat = False
    for column, (name, cell) in enumerate(zip(head[1:], cells[1:], strict=False)):
        if not cell or _NO_RUN.search(name):
            continue
        if _P95.search(name):
            p95 = latency(cell, name) if p95 is None else p95
        elif _P99.search(name):
            p99 = latency(cell, name) if p99 is None else p99
        elif _FAILED.search(name):
            failed = share(cell, name) if failed is None else failed
        elif _TIMED.search(name):
            lasted = minutes(cell) if lasted is None else lasted
        elif _MEMORY.search(name):
            flat = flat or bool(re.search(r"flat|stable|constant|steady", cell, re.IGNORECASE))
        elif found := _AMOUNT.match(undated(cell)):
            if is_rate(f"{name} {cell}") or _RATED.search(name):
                rate = number(found[1]) if rate is None else rate
            elif _COUNTED.search(name) or (column == 0 and not _NO_LOAD.search(name)):
                load = number(found[1]) if load is None else load
    if p95 is None:
        return None
    return LoadRun(
        line=line,
        name=cut(label, 100),
        load=load,
        rate=rate,
        p95=p95,
        p99=p99,
        failures=failed,
        minutes=lasted if lasted is not None else minutes(label),
        flat=flat,
    )
