"""Reads the database schema that models and DDL declare."""

from __future__ import annotations

import re

from ...domain.fact import Aside, Fact, Problem, Source
from ...errors import FormatError
from ...redaction import cut
from ..asides import Asides
from ..classify import QUIET
from ..ddl import Change, read_sql, set_aside
from ..facts.files import Files
from ..facts.schema import Column, Schema, Table
from ..migrations import alembic, rails
from ..migrations.history import natural
from ..reader import Reader
from ..schemas import annotated, migrated, prisma, pymodels, railsschema, sqlddl
from ..schemas.parsed import ParsedColumn, ParsedTable
from ..sections import mark
from ..tree import FileEntry, SourceFile

_QUIET = QUIET | {"asset"}
_DOWN = re.compile(
    r"\.down\.sql$|(^|/)down\.sql$|(^|/)U\d[\w.]*__|(^|/)(drop|rollback|undo|teardown)[^/]*\.sql$", re.IGNORECASE
)
_DDL = re.compile(
    rb"(?i)create\s+(?:unlogged\s+)?table|alter\s+table|create\s+(?:unique\s+)?index|create\s+(?:or\s+replace\s+)?trigger"
)
_CHANGES = re.compile(rb"(?i)drop\s+(?:table|index|trigger)\b|\b(?:call|exec)\s")
_NUMBERED = re.compile(r"[Vv]?\d")
"""Files whose order is known: one that only drops says nothing of the schema where it may be run before, or never."""
_RUNS = ("CALL", "EXEC")
_HARMLESS = re.compile(r"\s*\w+\s+(?:\w+\.)*(?:sp_|refresh_)", re.IGNORECASE)
"""Procedures that come with a database, and change neither columns nor keys."""
_MODELS = frozenset({".py", ".java", ".kt", ".ts", ".go"})
_MIGRATED = frozenset({".exs", ".cs", ".php", ".xml", ".yaml", ".yml", ".json"})
_MAX_MIGRATIONS = 3_000
_MAX_TABLES = 3_000


class SchemaReader(Reader):
    """Reads models and DDL; SQL files are applied in the order of their names once all have been seen."""

    fact = Schema

    def __init__(self) -> None:
        self._tables: list[ParsedTable] = []
        self._sql: list[tuple[str, list[Change]]] = []
        self._unenforced: set[str] = set()
        self._migrated: list[tuple[str, str, list[Change]]] = []
        self._of_rails: list[tuple[str, list[tuple[int, str]]]] = []
        self._asides = Asides()

    def wants(self, file: FileEntry) -> bool:
        if file.role in _QUIET:
            return False
        if file.suffix == ".sql":
            return not _DOWN.search(file.path)
        if file.suffix in _MODELS or file.suffix == ".prisma" or railsschema.wants(file.path):
            return True
        return migrated.wants(file.path) or (file.suffix == ".rb" and rails.wants(file.path))

    def read(self, source: SourceFile) -> None:
        suffix = source.file.suffix
        if suffix == ".sql":
            ordered = _NUMBERED.match(source.file.name) is not None
            if _DDL.search(source.data) or (ordered and _CHANGES.search(source.data)):
                undone: list[Change] = []
                changes = read_sql(_up_only(source.text), whole=True, undone=undone)
                for change in undone:
                    self._asides.add(set_aside(source.path, change))
                for change in changes if ordered else ():
                    if change.kind == "run_sql" and change.detail in _RUNS:
                        self._doubt(source, change.line)
                self._sql.append((source.path, [c for c in changes if c.kind != "run_sql"]))
        elif suffix == ".prisma":
            self._tables.extend(prisma.read(source))
            if prisma.leaves_references_to_the_client(source):
                self._unenforced.add(source.path.rpartition("/")[0])
        elif suffix == ".rb":
            if railsschema.wants(source.path):
                self._tables.extend(railsschema.read(source))
            elif len(self._of_rails) < _MAX_MIGRATIONS:
                self._of_rails.append((source.path, railsschema.lines_of_migration(source)))
        elif suffix in _MIGRATED or (suffix == ".py" and alembic.recognises(source)):
            self._read_migration(source)
        elif suffix == ".py":
            if pymodels.recognises(source):
                self._tables.extend(pymodels.read(source))
        elif annotated.recognises(source):
            self._tables.extend(annotated.read(source))

    def _read_migration(self, source: SourceFile) -> None:
        """Keep what a migration in another language than SQL changes; what nobody can read, its own reader says."""
        try:
            framework, changes = migrated.changes_of(source)
        except (FormatError, RecursionError):
            return
        if changes and len(self._migrated) < _MAX_MIGRATIONS:
            self._migrated.append((framework, source.path, changes))

    def _doubt(self, source: SourceFile, line: int) -> None:
        """Set aside the procedure that a migration runs: what it does to tables stands in the database."""
        said = source.lines[line - 1].strip()
        if not _HARMLESS.match(said):
            reason = "is a procedure of the database, which may change any table"
            about = ("rules",)  # so that what is missed elsewhere may have been made here
            self._asides.add(
                Aside(path=source.path, line=line, what=cut(said, 100), reason=reason, about=about, void=False)
            )

    def finish(self, files: Files) -> Fact:
        applied = sqlddl.Applied()
        for path, changes in sorted(self._sql, key=lambda item: natural(item[0])):
            applied.apply(changes, path, _folder(path))
        self._sql.clear()
        self._untie()
        made = [*applied.tables.values(), *self._by_migrations(), *self._by_rails()]
        self._set_aside_models(made)
        found = sorted((t for t in (*self._tables, *made) if t.columns), key=lambda t: (t.path, t.line, t.title))
        kept, rest = found[:_MAX_TABLES], found[_MAX_TABLES:]
        lost = f"more than {_MAX_TABLES:,} tables; those from here on are not kept"
        return Schema(
            problems=tuple(Problem(path=t.path, line=t.line, reason=lost) for t in rest[:1]),
            tables=tuple(_table(t) for t in kept),
            rules=tuple(Source(path=path, line=line) for path, line in applied.rules),
            aside=self._asides.kept,
        )

    def _by_migrations(self) -> list[ParsedTable]:
        """The tables that are there after all migrations of each framework have been applied."""
        found: list[ParsedTable] = []
        for framework in sorted(migrated.FRAMEWORKS):
            applied = sqlddl.Applied()
            own = [(path, changes) for name, path, changes in self._migrated if name == framework]
            for path, changes in sorted(own, key=lambda item: natural(item[0])):
                applied.apply(changes, path)
            for table in applied.tables.values():
                table.framework = framework
                found.append(table)
        self._migrated.clear()
        return found

    def _by_rails(self) -> list[ParsedTable]:
        """The tables that Rails' migrations make, where no dump of the schema says what there is."""
        tables: dict[str, ParsedTable] = {}
        if not any(table.framework == "rails" for table in self._tables):
            for path, lines in sorted(self._of_rails, key=lambda item: natural(item[0])):
                railsschema.apply(path, lines, tables)
        self._of_rails.clear()
        return list(tables.values())

    def _set_aside_models(self, made: list[ParsedTable]) -> None:
        """Leave out models whose tables migrations make: what those say is what the database has."""
        roots = {t.path.rpartition("/migrations/")[0] for t in made if t.path.endswith("/migration.sql")}
        titles = {t.title.lower() for t in made if t.framework == "alembic"}
        self._tables = [
            t
            for t in self._tables
            if not (t.framework == "prisma" and any(t.path.startswith(f"{root}/") for root in roots))
            and not (t.framework == "sqlalchemy" and t.title.lower() in titles)
        ]

    def _untie(self) -> None:
        """Mark the references of each Prisma schema whose data source makes no foreign keys."""
        for table in self._tables:
            if table.framework == "prisma" and any(
                not folder or table.path.startswith(folder + "/") for folder in self._unenforced
            ):
                for column in table.columns.values():
                    column.enforced = not column.references


def _folder(path: str) -> str:
    """The folder whose statements follow each other; each of Prisma's migrations has one of its own."""
    folder = path.rpartition("/")[0]
    return folder.rpartition("/")[0] if path.endswith("/migration.sql") else folder


def _up_only(text: str) -> str:
    """*text* up to the first section that takes back what stands before it."""
    lines = text.split("\n")
    down = next((n for n, line in enumerate(lines) if (found := mark(line)) and found.direction == "down"), len(lines))
    return "\n".join(lines[:down])


def _table(parsed: ParsedTable) -> Table:
    return Table(
        title=parsed.title,
        path=parsed.path,
        line=parsed.line,
        framework=parsed.framework,
        columns=tuple(_column(c) for c in parsed.columns.values()),
        checks=parsed.checks,
        unique_sets=parsed.unique_sets,
        indexes=parsed.indexes,
        partial=parsed.partial,
    )


def _column(parsed: ParsedColumn) -> Column:
    return Column(**{name: getattr(parsed, name) for name in parsed.__slots__})
