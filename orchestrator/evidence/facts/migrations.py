"""Reads schema migrations of the common frameworks as a fact, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ...errors import FormatError
from ..migrations import alembic, csharp, django, elixir, golang, javascript, liquibase, php, rails, sqlfiles
from ..migrations.history import group_of, in_order, pair, recall
from ..migrations.parsed import MAX_OPERATIONS, ParsedMigration
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from .files import Files


class Operation(Model):
    """One schema change of a migration."""

    kind: str
    """
    create_table, drop_table, rename_table, add_column, drop_column, rename_column, alter_column, alter_type,
    set_not_null, add_index, drop_index, add_foreign_key, add_check, add_unique, drop_constraint, run_sql, run_code,
    other.
    """
    table: str = ""
    column: str = ""
    line: int = 0
    nullable: bool | None = None
    default: bool | None = None
    """Whether the new column has a default."""
    concurrently: bool | None = None
    not_valid: bool | None = None
    reversible: bool | None = None
    """None where it cannot be told."""
    detail: str = ""
    type: str = ""
    """The type of an added or altered column, as written."""
    was: str = ""
    """The type before, where earlier migrations of the same folder tell it."""


class Migration(Model):
    """One migration file."""

    path: str
    framework: str
    """
    django, alembic, rails, flyway, liquibase, knex, typeorm, sequelize, prisma, goose, golang-migrate, dbmate, laravel,
    ef-core, ecto, sql (numbered files of no known tool), go (SQL in the program's own source) …
    """
    id: str = ""
    line: int = 1
    operations: tuple[Operation, ...] = ()
    reversible: bool | None = None
    """Whether the file (or its pair) says how to undo itself; None where that cannot be told."""
    down_line: int = 0
    down_path: str = ""
    """The file that undoes it, where that is another one."""
    group: str = ""
    """The folder whose migrations follow each other."""
    position: int = 0
    """Its place in the order of its group, from 1."""
    note: str = ""
    """What it says of itself in a docstring or comment that no tool wrote."""
    written: str = ""
    """The day it was made, where its name or header tells it: ``2024-05-31``."""

    def at(self, operation: Operation | None = None) -> Source:
        return Source(path=self.path, line=operation.line if operation and operation.line else self.line)


class Migrations(Fact):
    """Every schema migration outside tests and examples, sorted by path."""

    name: ClassVar[str] = "migrations"

    files: tuple[Migration, ...] = ()

    @property
    def frameworks(self) -> tuple[str, ...]:
        return tuple(sorted({m.framework for m in self.files}))

    def newest(self, number: int = 10) -> list[Migration]:
        """
        The last *number* of each group, in the order they apply.

        Where their days are known, those more than a year older than the newest of the whole tree are left out:
        they have long been applied.
        """
        last: dict[str, int] = {}
        for migration in self.files:
            last[migration.group] = max(last.get(migration.group, 0), migration.position)
        latest = max((m.written for m in self.files), default="")
        since = f"{int(latest[:4]) - 1:04}{latest[4:]}" if latest[:4].isdigit() else ""
        chosen = [
            m
            for m in self.files
            if m.position > last[m.group] - number and (not m.written or not since or m.written >= since)
        ]
        return sorted(chosen, key=lambda m: (m.group, m.position, m.path, m.line))


_QUIET = frozenset({"test", "example", "vendored", "docs", "generated", "asset"})


class MigrationsReader(Reader):
    """Reads the files of every migration tool, told from their paths, and settles order and undo at the end."""

    fact = Migrations

    def __init__(self) -> None:
        self._parsed: list[ParsedMigration] = []

    def wants(self, file: FileEntry) -> bool:
        return file.role not in _QUIET and file.suffix in _ENDINGS and any(w(file.path) for w in _ENDINGS[file.suffix])

    def read(self, source: SourceFile) -> None:
        found = list(_parse(source))
        self._parsed.extend(found)
        if any(len(migration.steps) >= MAX_OPERATIONS for migration in found):
            raise FormatError(f"it has {MAX_OPERATIONS:,} operations or more; only the first of them are kept")

    def finish(self, files: Files) -> Fact:
        undone_by = pair(self._parsed)
        groups: dict[str, list[ParsedMigration]] = {}
        for migration in self._parsed:
            if migration.direction != "down":
                groups.setdefault(group_of(migration), []).append(migration)
        found: list[Migration] = []
        for group, members in sorted(groups.items()):
            ordered = in_order(members)
            recall(ordered)
            found.extend(_migration(m, group, n, undone_by.get(m.path, "")) for n, m in enumerate(ordered, 1))
        return Migrations(files=tuple(sorted(found, key=lambda m: (m.path, m.line, m.position))))


def _python(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name != "__init__.py" and folder.rpartition("/")[2] in ("migrations", "versions", "alembic")


_ENDINGS = {
    ".py": (_python,),
    ".rb": (rails.wants,),
    ".sql": (sqlfiles.wants,),
    ".xml": (liquibase.wants,),
    ".yaml": (liquibase.wants,),
    ".yml": (liquibase.wants,),
    ".json": (liquibase.wants,),
    ".php": (php.wants,),
    ".cs": (csharp.wants,),
    ".exs": (elixir.wants,),
    ".go": (golang.wants,),
    **dict.fromkeys((".js", ".ts", ".mjs", ".cjs", ".mts", ".cts"), (javascript.wants,)),
}


def _parse(source: SourceFile) -> Iterator[ParsedMigration]:
    suffix = source.file.suffix
    found: ParsedMigration | None = None
    if suffix == ".py":
        tool = django if django.recognises(source) else alembic if alembic.recognises(source) else None
        found = tool.read(source) if tool else None
    elif suffix in (".xml", ".yaml", ".yml", ".json"):
        yield from liquibase.read(source)
    else:
        readers = {".rb": rails, ".sql": sqlfiles, ".php": php, ".cs": csharp, ".exs": elixir, ".go": golang}
        found = readers.get(suffix, javascript).read(source)
    if found is not None:
        yield found


def _migration(parsed: ParsedMigration, group: str, position: int, undo: str) -> Migration:
    return Migration(
        path=parsed.path,
        framework=parsed.framework,
        id=parsed.id,
        line=parsed.line,
        operations=tuple(Operation(**step.fields()) for step in parsed.steps),
        reversible=parsed.reversible,
        down_line=parsed.down_line,
        down_path=undo,
        group=group,
        position=position,
        note=parsed.note,
        written=parsed.written,
    )
