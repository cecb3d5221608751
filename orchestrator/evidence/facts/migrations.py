"""Schema migrations of the common frameworks, operation by operation."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import AddedLater, Model
from .changes import Changed, Changes


class Operation(Model):
    """One schema change of a migration."""

    kind: str
    """
    create_table, drop_table, rename_table, add_column, drop_column, rename_column, alter_column, alter_type,
    set_not_null, drop_default, add_index, drop_index, add_foreign_key, add_check, add_unique, drop_constraint,
    drop_object, rename_object, replace_object (a view, a routine, a type …), run_sql, run_code; other, which asks
    nothing of the former release; unknown, which nobody here can read.
    """
    table: str = ""
    column: str = ""
    line: int = 0
    nullable: bool | None = None
    """Whether the column may be NULL after it; None where that cannot be told."""
    default: bool | None = None
    """Whether the column has a default that the database keeps."""
    concurrently: bool | None = None
    not_valid: bool | None = None
    reversible: bool | None = None
    """None where it cannot be told."""
    detail: str = ""
    type: str = ""
    """The type of an added or altered column, as written."""
    was: str = ""
    """The type before, where earlier migrations of the same folder tell it."""
    transaction: Annotated[bool | None, AddedLater()] = None
    """Whether it runs inside a transaction; None where that cannot be told."""


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

    def since(self, changes: Changes) -> list[Migration] | None:
        """
        Those that the base did not have, or not with these operations, in the order they apply; None where untold.

        What a tool has applied it does not apply again: a file that is only worded otherwise, or moved within its
        folder, is the same; one from another folder was none of this history.
        """
        if not changes.told or changes.beyond:
            return None
        starts: dict[str, list[int]] = {}
        for migration in self.files:
            starts.setdefault(migration.path, []).append(migration.line)
        found = [
            migration
            for migration in self.files
            if (file := changes.by_path.get(migration.path)) is not None
            and _differs(migration, file, sorted(starts[migration.path]))
        ]
        return sorted(found, key=lambda m: (m.group, m.position, m.path, m.line))

    def among(self, chosen: list[Migration], changes: Changes) -> Migrations:
        """What *chosen* ones are told among: all where it is untold which came with the release, else no others."""
        return self if self.since(changes) is None else self.model_copy(update={"files": tuple(chosen)})

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


def _differs(migration: Migration, file: Changed, starts: list[int]) -> bool:
    """Whether *migration* is not what the base had in *file*, in which migrations begin at *starts*."""
    moved = bool(file.before) and file.before.rpartition("/")[0] != migration.path.rpartition("/")[0]
    if file.whole or file.untold or moved:
        return True
    if len(starts) == 1 and all(operation.line for operation in migration.operations):
        return any(first <= o.line <= last for o in migration.operations for first, last in file.added)
    end = next((start - 1 for start in starts if start > migration.line), None)
    return any(last >= migration.line and (end is None or first <= end) for first, last in file.added)
