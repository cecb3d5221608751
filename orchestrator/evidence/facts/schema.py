"""The database schema, as models and DDL declare it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import AddedLater, Model


class Column(Model):
    """One column or model field."""

    title: str
    type: str = ""
    line: int = 0
    nullable: bool | None = None
    unique: bool = False
    primary: bool = False
    references: str = ""
    """The table or model a foreign key points to."""
    on_delete: str = ""
    indexed: bool = False
    """It is the first column of an index, or has one of its own."""
    with_others: bool = False
    """It is unique together with other columns."""
    checked: Annotated[bool, AddedLater()] = False
    """A check constraint names it."""
    enforced: bool = True
    """False for a reference that only the application keeps, so that the database has no constraint for it."""


class Table(Model):
    """One table or model."""

    title: str
    path: str
    line: int
    framework: str
    """django, sqlalchemy, rails, prisma, typeorm, sequelize, gorm, jpa, ecto, sql, clickhouse."""
    columns: tuple[Column, ...] = ()
    checks: int = 0
    unique_sets: int = 0
    indexes: int = 0
    partial: bool = False
    """It is abstract or inherits from another model, so not all of its columns are listed here."""

    def at(self, column: Column | None = None) -> Source:
        return Source(path=self.path, line=column.line if column and column.line else self.line)


class Schema(Fact):
    """Every table that models or DDL declare, outside tests and examples."""

    name: ClassVar[str] = "schema"

    tables: tuple[Table, ...] = ()
    rules: tuple[Source, ...] = ()
    """Triggers and exclusion constraints that SQL declares."""
