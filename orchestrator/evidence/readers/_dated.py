"""Keeps the lines and the rows of tables in prose that name a day."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...redaction import cut
from ..facts.documents import Dated
from ..inforce.dates import days

MAX_DATED = 60
"""So many of one document are kept; a list of changes has more, and says nothing more by them."""
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_RULE = re.compile(r"[\s|:+=-]*")


@dataclass
class DatedLines:
    """The days of one document, while it is read."""

    found: list[Dated] = field(default_factory=list)
    _columns: list[str] | None = None

    def take(self, line: str, number: int, section: int) -> None:
        """Take in one line of prose; *section* is the line of its heading, 0 above the first."""
        if "|" not in line and "20" not in line and "19" not in line:
            self.end()
            return
        text = line.strip()
        if text.startswith("|") or text.count("|") > 1:
            self._row(text, number, section)
            return
        self.end()
        self._keep(text, number, section)

    def end(self) -> None:
        """Whatever comes next is no row of the table at hand."""
        self._columns = None

    def _row(self, text: str, number: int, section: int) -> None:
        if _RULE.fullmatch(text):
            return
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if self._columns is None:
            self._columns = cells
            return
        named = [(column, cell) for column, cell in zip(self._columns, cells, strict=False) if cell]
        self._keep("; ".join(f"{column}: {cell}" if column else cell for column, cell in named), number, section)

    def _keep(self, text: str, number: int, section: int) -> None:
        if len(self.found) >= MAX_DATED or not _YEAR.search(text):
            return
        on = days(text[:500])
        if on:
            self.found.append(Dated(day=on[0].isoformat(), line=number, section=section, text=cut(text, 200)))
