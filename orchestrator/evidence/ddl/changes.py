"""One schema change, and one declared column."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ColumnChange:
    """One column as a CREATE or ALTER TABLE declares it."""

    title: str
    type: str = ""
    line: int = 0
    nullable: bool | None = None
    default: bool = False
    unique: bool = False
    primary: bool = False
    references: str = ""
    on_delete: str = ""
    checked: bool = False


@dataclass(slots=True)
class Change:
    """One schema change; ``kind`` is one of those of an operation."""

    kind: str
    table: str = ""
    line: int = 0
    columns: list[ColumnChange] = field(default_factory=list)
    """The columns it is about; all of them for create_table."""
    constraints: list[Change] = field(default_factory=list)
    """Table constraints and indexes inside a CREATE TABLE."""
    concurrently: bool | None = None
    not_valid: bool | None = None
    unique: bool = False
    references: str = ""
    on_delete: str = ""
    detail: str = ""
    temporary: bool = False
    """Whether it makes a table that is gone with its session."""
    tolerant: bool = False
    """Whether it drops nothing where there is nothing to drop."""
    transaction: bool | None = None
    """Whether the text itself has begun a transaction that it stands in."""
    undone: str = ""
    """Why nothing of it is left at the end of its text, if so."""

    @property
    def column(self) -> str:
        return ", ".join(c.title for c in self.columns) if self.kind != "create_table" else ""
