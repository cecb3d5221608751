"""Finds the calls that are given text which becomes a query, code, a command or a place."""

from __future__ import annotations

from ...domain.fact import Aside, Fact, Problem
from ..asides import Asides
from ..facts.files import Files
from ..facts.sinks import Sink, Sinks
from ..reader import Reader
from ..sinks import READ, Finding, read
from ..tree import FileEntry, SourceFile
from ._mentioned import Mentioned, Pool

_KEPT = 2_000


class SinksReader(Reader):
    """Finds them by syntax, in files that have words for them."""

    fact = Sinks

    def __init__(self, names: Pool | None = None) -> None:
        self._found: list[tuple[str, Finding]] = []
        self._names = Mentioned(pool=names)
        self._aside = Asides()

    def wants(self, file: FileEntry) -> bool:
        return file.role in ("source", "config") and file.language in READ

    def read(self, source: SourceFile) -> None:
        self._names.add(source)
        for finding in read(source):
            self._found.append((source.path, finding))

    def finish(self, files: Files) -> Fact:
        fixed: dict[str, int] = {}
        looked: dict[str, list[int]] = {}
        kept: list[Sink] = []
        left: list[Problem] = []
        for path, finding in self._found:
            runs = self._runs(path, finding)
            if runs is False:
                continue
            how = finding.how if runs or finding.how == "fixed" else "untold"
            if finding.kind in ("sql", "clause"):
                looked.setdefault(path, []).append(finding.line)
            if finding.how == "fixed":
                fixed[finding.kind] = fixed.get(finding.kind, 0) + 1
            elif len(kept) < _KEPT:
                kept.append(
                    Sink(
                        kind=finding.kind,
                        call=finding.call,
                        file=path,
                        line=finding.line,
                        how=how,  # type: ignore[arg-type]  # one of the four, by its table
                        says=finding.says,
                    )
                )
            elif not left:
                reason = f"more than {_KEPT:,} calls are given text that is not fixed; the rest are not kept"
                left.append(Problem(path=path, line=finding.line, reason=reason))
        return Sinks(
            problems=tuple(left),
            aside=self._aside.kept,
            sinks=tuple(kept),
            fixed=dict(sorted(fixed.items())),
            looked={path: tuple(sorted(set(lines))) for path, lines in looked.items()},
        )

    def _runs(self, path: str, finding: Finding) -> bool | None:
        """Whether control comes to a call, None where that cannot be told; where it does not, it is set aside."""
        force = finding.force
        if force or (force.unless and (force.unless == finding.asks or self._names.elsewhere(force.unless, path))):
            return True
        if not force.is_void:
            return None
        if finding.how != "fixed":
            about = (finding.kind,)
            self._aside.add(
                Aside(path=path, line=finding.line, what=f"{finding.call}()", reason=force.reason, about=about)
            )
        return False
