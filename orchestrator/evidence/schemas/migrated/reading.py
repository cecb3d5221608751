"""Tells which language a migration is written in, and reads the changes of its schema."""

from __future__ import annotations

from ....errors import FormatError
from ...ddl import Change
from ...migrations import alembic as revisions
from ...migrations import csharp, elixir, liquibase, php
from ...tree import SourceFile
from . import alembic, changelogs, ecto, efcore, laravel

FRAMEWORKS = frozenset({"ecto", "liquibase", "ef-core", "laravel", "doctrine", "alembic"})


def wants(path: str) -> bool:
    """Whether the file at *path* may be a migration in one of these languages."""
    return elixir.wants(path) or liquibase.wants(path) or csharp.wants(path) or php.wants(path)


def changes_of(source: SourceFile) -> tuple[str, list[Change]]:
    """
    The framework of a migration, and what it changes, in order; nothing where it is none.

    Raises:
        FormatError: Its syntax cannot be read.
    """
    suffix = source.file.suffix
    if suffix == ".py":
        return "alembic", alembic.changes(source) if revisions.recognises(source) else []
    if suffix == ".exs":
        return "ecto", ecto.changes(source)
    if suffix == ".cs":
        return "ef-core", efcore.changes(source)
    if suffix == ".php":
        return laravel.framework(source), laravel.changes(source)
    if suffix in (".xml", ".yaml", ".yml", ".json"):
        return "liquibase", changelogs.changes(source)
    raise FormatError("it is no migration that is read here")
