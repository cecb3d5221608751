"""Reads one file: its calls that are given text, and how that text is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ...errors import FormatError
from .. import judged as judges
from ..inforce.code.python import PythonJudge
from ..inforce.code.syntax import Unread
from ..inforce.code.tree import TreeJudge
from ..inforce.force import Force
from ..tree import SourceFile
from . import python, trees
from .known import Sink, known, mentions, names
from .making import Hole, How, Maker, Piece, worst
from .queries import is_condition, is_sql, judged, says, spelled
from .terms import Call, Joined, Listed, Made, Name, Part, Program, Scope, Term, Text, said

READ = frozenset({"python", "javascript", "typescript", "ruby", "java", "kotlin", "go", "php", "csharp"})
"""The languages whose calls are read."""
_DATABASE = re.compile(
    r"(?:^|[._])(?:cur(?:sor)?|conn(?:ection)?|db|database|pool|client|session|engine|tx|trx|transaction|sequelize|knex|"
    r"prisma|pdo|mysqli|wpdb|dbh|sql|stmt|statement|em|entityManager|jdbc\w*|objects|c|DB)\w{0,2}(?:\(\))?$",
    re.IGNORECASE,
)
_DATABASE_ONLY = re.compile(
    r"(?:^|[._])(?:cur(?:sor)?|conn(?:ection)?|db|database|pool|tx|knex|pdo|mysqli)\w{0,2}(?:\(\))?$", re.I
)
_PREPARED = re.compile(r"(?:^|[._])(?:stmt|statement|prepared)\w{0,2}$", re.IGNORECASE)
_EVERYDAY = frozenset(
    {"Get", "Select", "all", "run", "exec", "fetch", "get", "query", "update", "text", "sql", "Query"}
)
"""Names that much else has as well."""
_BUILDS = frozenset({"select", "insert", "update", "delete", "union", "exists", "Select", "values", "where", "filter"})
"""What a library calls the making of a query of its own parts."""
_SHELLS = frozenset({"sh", "bash", "/bin/sh", "/bin/bash", "zsh", "dash", "cmd", "cmd.exe", "powershell", "/bin/dash"})
_ARGUMENTS = frozenset({"exec.Command", "exec.CommandContext", "ProcessBuilder"})
_RUBY_COLUMNS = frozenset({"order", "reorder", "select", "group", "pluck", "sum", "calculate", "lock", "find_by"})
_SHOWN = 80
"""Bytes of a call that stand for all of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A call that is given text."""

    kind: str
    call: str
    line: int
    how: str
    """``fixed``, ``untold``, ``value`` or ``input``."""
    says: str
    asks: str
    """The function that it stands in, where that one is given something: it is there to be called."""
    force: Force


def read(source: SourceFile) -> list[Finding]:
    """
    The calls of *source* that are given text.

    Raises:
        FormatError: Its syntax cannot be read, and it has words for such calls.
    """
    language = source.file.language
    if language not in READ or not mentions(language).search(source.data):
        return []
    judge = judges.judge(source)
    if isinstance(judge, PythonJudge):
        program = python.program(judge, names(language), partial(_is_known, language))
    elif isinstance(judge, TreeJudge):
        try:
            program = trees.program(judge.syntax, language, names(language), partial(_is_known, language))
        except Unread as error:
            raise FormatError(str(error)) from None
    else:
        return []
    return list(_File(program, language, judge).findings())


def _is_known(language: str, call: Call) -> bool:
    return known(call, language) is not None


class _File:
    def __init__(self, program: Program, language: str, judge: PythonJudge | TreeJudge) -> None:
        self._program, self._language, self._judge = program, language, judge
        self._maker = Maker(program, language)

    def findings(self) -> Iterator[Finding]:
        """What is found, in the order of the file."""
        found = [(made, scope) for scope in self._program.scopes for made in scope.calls]
        for made, scope in sorted(found, key=lambda pair: (pair[0].start, -pair[0].end)):
            sink = known(made.call, self._language)
            if sink is None or self._is_other(sink, made.call):
                continue
            told = self._told(sink, made, scope)
            if told is None:
                continue
            how, why = told
            name = (
                f"{said(made.call.base)}.{made.call.name}".lstrip(".") if made.call.base is not None else made.call.name
            )
            word = {How.HARMLESS: "fixed", How.UNTOLD: "untold", How.VALUE: "value", How.INPUT: "input"}[how]
            asks = scope.name if scope.parameters else ""
            force = self._judge.judge(made.start, min(made.end, made.start + _SHOWN))
            yield Finding(sink.kind, name[:80], made.line, word, why[:80], asks, force)

    def _is_other(self, sink: Sink, call: Call) -> bool:
        """Whether the file means something else by the name of a plain call."""
        if call.base is not None or sink.made:
            return False
        if call.name in self._program.defined or any(
            call.name in s.parameters or call.name in s.given for s in self._program.scopes
        ):
            return True
        origin = self._program.imported.get(call.name)
        if sink.kind == "code" or (self._language == "python" and call.name in ("open", "compile")):
            return origin is not None
        if self._language == "javascript" or self._language == "typescript":
            return call.name in ("exec", "execSync") and (origin is None or "child_process" not in origin)
        return False

    def _pieces(self, term: Term, made: Made, scope: Scope) -> list[Piece]:
        return self._maker.pieces(term, scope, made.start)

    def _told(self, sink: Sink, made: Made, scope: Scope) -> tuple[How, str] | None:
        """How the text of a call is made; None where it is given none that matters."""
        if made.call.tagged:
            return How.HARMLESS, ""
        if sink.kind == "sql":
            return self._query(made, scope)
        if sink.kind == "clause":
            return self._clause(made, scope)
        return self._text(sink, made, scope)

    def _query(self, made: Made, scope: Scope) -> tuple[How, str] | None:
        call = made.call
        texts = [*call.given[:3], *(call.named[k] for k in ("sql", "query", "text", "statement") if k in call.named)]
        tried = [(term, self._pieces(term, made, scope)) for term in texts]
        for _, pieces in tried:
            if is_sql(pieces):
                return judged(pieces), says(pieces)
        on = said(call.base) if call.base is not None else ""
        if _PREPARED.search(on) and self._language not in ("java", "kotlin"):
            return None  # it has its text already, and is given values
        owner = _DATABASE.search(on) is not None or (call.base is not None and self._is_cursor(call.base, scope))
        if not owner or not tried:
            return None
        for term, pieces in tried[:2]:
            text = any(isinstance(p, str) and p.strip() for p in pieces)
            if isinstance(term, Name | Joined | Text) and worst(pieces) is How.INPUT and not isinstance(term, Listed):
                return (
                    (How.INPUT, says(pieces)) if len(pieces) > 1 or call.name in ("execute", "raw", "query") else None
                )
            if text and len(pieces) == 1:
                return How.HARMLESS, ""
        first, pieces = tried[0]
        if isinstance(first, Listed) or (call.name in _EVERYDAY and not _DATABASE_ONLY.search(on)):
            return None
        if self._is_built(first, scope):
            return None
        if any(isinstance(p, Hole) and p.how is not How.HARMLESS for p in pieces):
            return How.UNTOLD, says(pieces)
        return None

    def _is_built(self, term: Term, scope: Scope) -> bool:
        """Whether *term* is what a library makes of a query, and no text."""
        if isinstance(term, Name) and (given := scope.given.get(term.name)):
            return all(self._is_built(one.term, Scope()) for one in given if one.term != term)
        at: Term | None = term
        while isinstance(at, Call | Part):
            if isinstance(at, Call) and at.name in _BUILDS:
                return True
            at = at.base
        return False

    def _is_cursor(self, base: Term, scope: Scope) -> bool:
        place: Scope | None = scope
        while place is not None and isinstance(base, Name):
            if base.name in place.given:
                return any(
                    isinstance(g.term, Call) and g.term.name in ("cursor", "connect", "begin")
                    for g in place.given[base.name]
                )
            place = place.above
        return False

    def _clause(self, made: Made, scope: Scope) -> tuple[How, str] | None:
        call = made.call
        terms = list(call.given[:1])
        if call.name == "extra":
            terms = [call.named[k] for k in ("where", "select", "tables", "order_by") if k in call.named]
        found: list[tuple[How, str]] = []
        for term in terms:
            if isinstance(term, Listed) and (term.parts if call.name != "extra" else term.keyed):
                term = Listed(term.parts) if call.name == "extra" else term.parts[0]
            pieces = self._pieces(term, made, scope)
            text = spelled(pieces).replace("\0", "").strip()
            if text and len(pieces) == 1:
                found.append((How.HARMLESS, ""))
            elif text:
                how = judged(pieces)
                raw = call.name.endswith("Raw") or call.name in ("raw", "sql", "RawSQL", "extra")
                if how is How.VALUE and not (is_condition(pieces) or raw):
                    how = How.UNTOLD
                if self._language in ("javascript", "typescript") and not (is_condition(pieces) or raw):
                    continue
                found.append((how, says(pieces)))
            elif isinstance(term, Part | Name) and worst(pieces) is How.INPUT and self._language == "ruby":
                if call.name not in _RUBY_COLUMNS:
                    found.append((How.UNTOLD, says(pieces)))
            elif call.name.endswith("Raw") or call.name in ("raw", "sql", "RawSQL", "extra"):
                found.append((How.UNTOLD if worst(pieces) else How.HARMLESS, says(pieces)))
        return max(found, default=None)

    def _text(self, sink: Sink, made: Made, scope: Scope) -> tuple[How, str] | None:
        call = made.call
        term = self._argument(sink, call)
        if term is None:
            return None
        if isinstance(term, Listed) and sink.kind in ("shell", "called"):
            return None
        pieces = self._pieces(term, made, scope)
        if sink.kind in ("address", "called"):
            pieces = pieces[:1]  # what comes behind goes on from there
        return worst(pieces), says(pieces)

    def _argument(self, sink: Sink, call: Call) -> Term | None:
        """The argument that becomes what the sink is for; None where there is none."""
        given = list(call.given)
        path = f"{said(call.base)}.{call.name}".lstrip(".") if call.base is not None else call.name
        if path in _ARGUMENTS:
            texts = [t.text if isinstance(t, Text) else "" for t in given]
            at = next((n for n, text in enumerate(texts[:2]) if text in _SHELLS), None)
            return given[at + 2] if at is not None and len(given) > at + 2 else None
        if path == "Process.Start":
            return given[1] if len(given) > 1 and isinstance(given[0], Text) and given[0].text in _SHELLS else None
        if path.startswith("subprocess.") and "shell" not in call.named and call.name != "getoutput":
            return None
        if sink.kind == "shell" and self._language == "ruby" and len(given) > 1:
            return None
        if sink.kind == "options":
            whole = given[1] if len(given) > 1 else None
            parts = whole.parts if isinstance(whole, Listed) else (whole,)
            return next((p for p in parts if isinstance(p, Part) and said(p) in ("req.body", "req.query")), None)
        if call.name == "sendFile" and "root" in call.named:
            return None
        if "allow_other_host" in call.named:
            return None  # Rails turns other hosts away, or somebody has decided that it does not
        if path == "http.ServeFile" or path == "http.Redirect":
            return given[2] if len(given) > 2 else None
        if call.name == "redirect" and len(given) > 1 and self._language in ("javascript", "typescript"):
            return given[1]
        return given[0] if given else next(iter(call.named.values()), None) if sink.kind == "address" else None
