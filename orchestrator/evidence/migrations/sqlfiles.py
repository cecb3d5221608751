"""Reads migrations written as SQL files: Flyway, golang-migrate, goose, dbmate, Prisma and others."""

from __future__ import annotations

import re

from ...errors import FormatError
from ...redaction import cut
from ..ddl import known, read_sql
from ..sections import mark
from ..tree import SourceFile
from . import lines as by_line
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of
from .undoing import undoes

_FLYWAY = re.compile(r"(?:^|/)([VUR])(\d[\w.]*?)?__([^/]+)\.sql$")
_PAIRED = re.compile(r"^(.+?)\.(up|down)\.sql$", re.IGNORECASE)
_SUFFIXED = re.compile(r"^(?:(.+?)[-_.](up|down)|(up|down))\.sql$", re.IGNORECASE)
_FOLDER = re.compile(
    r"(^|/)(migrations?|migrate|db_migrations?|sql_migrations|schema_migrations|drizzle|changelogs?|flyway)/",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(\d{1,14})[-_.]")
_TOOLS = {"+goose": "goose", "+migrate": "sql-migrate", "+micrate": "micrate", "migrate:": "dbmate"}
_LIQUIBASE = re.compile(r"^--\s*liquibase formatted sql", re.IGNORECASE)
_ROLLBACK = re.compile(r"^--\s*rollback\b\s*(?!not required|empty)(\S.*)", re.IGNORECASE)
_CHANGESET = re.compile(r"^--\s*changeset\s+(\S+)", re.IGNORECASE)


def wants(path: str) -> bool:
    return path.endswith((".sql", ".SQL")) and bool(_FOLDER.search(path) or _FLYWAY.search(path) or _PAIRED.match(path))


def read(source: SourceFile) -> ParsedMigration | None:
    """
    The migration of an SQL file; None for a file that carries no version and no mark of a tool.

    Raises:
        FormatError: Nothing of the file is SQL that can be read, or a string or a comment in it has no end.
    """
    name, path = source.file.name, source.path
    lines = source.lines
    marks = [(n, *found) for n, line in enumerate(lines) if (found := mark(line))]
    if any(_LIQUIBASE.match(line[:100]) for line in lines[:3]):
        return _liquibase(source)
    if marks:
        return _marked(source, marks)
    migration = _identified(path, name)
    if migration is None:
        return None
    migration.note = by_line.note(lines, ("--", "/*", "*"))
    changes = read_sql(source.text, whole=True, undone=migration.undone)
    if not changes and not any(line.strip() and not line.strip().startswith("--") for line in lines):
        migration.reversible = migration.direction == "up"
        return migration
    if changes and not known(changes):
        raise FormatError("no statement in it is SQL that can be read")
    migration.steps = steps_of(changes)[:MAX_OPERATIONS]
    return migration


def _identified(path: str, name: str) -> ParsedMigration | None:
    """Which tool's file it is, told from its name."""
    folder = path.rpartition("/")[0]
    flyway = _FLYWAY.search(path)
    if flyway:
        version = flyway.group(2) or ""
        found = ParsedMigration(path, "flyway", f"{version or 'R'}__{flyway.group(3)}", pair=f"{folder}:{version}")
        found.direction = {"U": "down", "V": "up", "R": "repeatable"}[flyway.group(1)]
        return found
    if name == "migration.sql":
        title = folder.rpartition("/")[2]
        return ParsedMigration(path, "prisma", title, written=_date(title)) if _NUMBERED.match(title) else None
    paired = _PAIRED.match(name) or _SUFFIXED.match(name)
    if paired:
        groups = [g for g in paired.groups() if g]
        title = groups[0] if len(groups) > 1 else folder.rpartition("/")[2]
        tool = "diesel" if len(groups) == 1 else "golang-migrate" if _PAIRED.match(name) else "sql"
        pair = f"{folder}:{title}"
        return ParsedMigration(path, tool, title, direction=groups[-1].lower(), pair=pair, written=_date(title))
    if not _NUMBERED.match(name):
        return None
    title = name[: -len(".sql")]
    tool = "drizzle" if "drizzle" in path.lower() else "supabase" if "supabase/" in path else "sql"
    return ParsedMigration(path, tool, title, written=_date(title), pair=f"{folder}:{title}")


def _date(title: str) -> str:
    found = re.match(r"(20\d\d)(\d\d)(\d\d)", title)
    return "-".join(found.groups()) if found else ""


def _marked(source: SourceFile, marks: list[tuple[int, str, str]]) -> ParsedMigration:
    """goose, sql-migrate and dbmate keep up and down in one file."""
    title = source.file.name[: -len(".sql")]
    migration = ParsedMigration(source.path, _TOOLS[marks[0][1]], title, written=_date(title))
    migration.note = by_line.note(source.lines, ("--", "/*", "*"))
    bounds = [*(n for n, _, _ in marks[1:]), len(source.lines)]
    back: list[Step] = []
    for (start, _, direction), end in zip(marks, bounds, strict=True):
        changes = read_sql("\n".join(source.lines[start:end]), start + 1, whole=True, undone=migration.undone)
        if direction == "up":
            migration.line = migration.line if migration.steps else start + 1
            migration.steps.extend(steps_of(changes)[:MAX_OPERATIONS])
        elif changes:
            back.extend(steps_of(changes))
            migration.down_line = start + 1
    migration.reversible = not migration.steps or undoes(back, migration.steps)
    return migration


def _liquibase(source: SourceFile) -> ParsedMigration:
    """Liquibase's formatted SQL: each change set has its own rollback line."""
    title = source.file.name[: -len(".sql")]
    migration = ParsedMigration(source.path, "liquibase", title, written=_date(title))
    migration.steps = steps_of(read_sql(source.text, whole=True, undone=migration.undone))[:MAX_OPERATIONS]
    sets = [n for n, line in enumerate(source.lines) if _CHANGESET.match(line[:300])]
    missing = 0
    for start, end in zip(sets, [*sets[1:], len(source.lines)], strict=True):
        missing += not any(_ROLLBACK.match(line[:300]) for line in source.lines[start:end])
    migration.reversible = bool(sets) and missing == 0
    migration.note = by_line.note(source.lines, ("--comment",)) or next(
        (cut(line.partition(":")[2].strip(), 160) for line in source.lines if line.lower().startswith("--comment:")), ""
    )
    return migration
