"""The calls that are given text which becomes a query, code, a command or a place, and how it is made."""

from __future__ import annotations

from typing import ClassVar, Literal

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ...domain.places import Places

How = Literal["fixed", "untold", "value", "input"]


class Sink(Model):
    """One such call."""

    kind: str
    """``sql``, ``clause`` of a query, ``code``, ``shell``, ``template``, ``object``, ``file``, ``address`` to which
    somebody is sent, ``called`` address, ``options`` of a template engine."""
    call: str
    """What is called, as it is written: ``cur.execute``."""
    file: str
    line: int
    how: How
    """``fixed``: of constants, numbers and what was made safe; ``value``: a caller chooses a part; ``input``: a request
    does; ``untold``: that cannot be told."""
    says: str = ""
    """The name of the worst part."""

    @property
    def source(self) -> Source:
        return Source(path=self.file, line=self.line)


class Sinks(Fact):
    """Every such call whose text is not fixed, in the order of paths and lines, and how many others there are."""

    name: ClassVar[str] = "sinks"
    whole: ClassVar[bool] = False

    sinks: tuple[Sink, ...] = ()
    fixed: dict[str, int] = {}
    """Kind to the number of calls whose text is fixed."""
    looked: dict[str, tuple[int, ...]] = {}
    """Path to the lines of calls that query, whatever their text is."""

    def of(self, *kinds: str, how: How) -> Places:
        """Where calls of *kinds* stand whose text is made like that."""
        self.sought.update(kinds)
        return Places(s.source for s in self.sinks if s.kind in kinds and s.how == how)
