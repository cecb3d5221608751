"""Reads schema migrations of the common frameworks, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.fact import Aside, Fact
from ...errors import FormatError
from ..asides import Asides
from ..classify import QUIET
from ..ddl import set_aside
from ..facts.files import Files
from ..facts.migrations import Migration, Migrations, Operation
from ..migrations import alembic, csharp, django, elixir, golang, javascript, jvm, liquibase, php, rails, sqlfiles
from ..migrations.history import group_of, in_order, pair
from ..migrations.parsed import MAX_OPERATIONS, ParsedMigration
from ..migrations.recalling import recall
from ..reader import Reader
from ..tree import FileEntry, SourceFile

_QUIET = QUIET | {"asset"}


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
        asides = Asides()
        for migration in sorted(self._parsed, key=lambda m: (m.path, m.line)):
            for change in migration.undone:
                asides.add(set_aside(migration.path, change))
        groups: dict[str, list[ParsedMigration]] = {}
        for migration in self._parsed:
            if migration.direction == "down":
                continue
            if not migration.steps and migration.path.endswith((".sql", ".SQL")):
                asides.add(_void(migration))
            else:
                groups.setdefault(group_of(migration), []).append(migration)
        found: list[Migration] = []
        for group, members in sorted(groups.items()):
            ordered = in_order(members)
            recall(ordered)
            found.extend(_migration(m, group, n, undone_by.get(m.path, "")) for n, m in enumerate(ordered, 1))
        return Migrations(files=tuple(sorted(found, key=lambda m: (m.path, m.line, m.position))), aside=asides.kept)


def _void(migration: ParsedMigration) -> Aside:
    """A migration that changes nothing."""
    reasons = {change.undone for change in migration.undone}
    reason = "undoes all of itself" if reasons - {"is rolled back"} else "rolls all of itself back" if reasons else ""
    return Aside(path=migration.path, line=migration.line, what="the migration", reason=reason or "has no statement")


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
    ".java": (jvm.wants,),
    ".kt": (jvm.wants,),
    **dict.fromkeys((".js", ".ts", ".mjs", ".cjs", ".mts", ".cts"), (javascript.wants,)),
}


_BY_ENDING = {
    ".rb": rails,
    ".sql": sqlfiles,
    ".php": php,
    ".cs": csharp,
    ".exs": elixir,
    ".go": golang,
    ".java": jvm,
    ".kt": jvm,
}
"""The reader of a file that its ending alone tells; everything else is JavaScript."""


def _parse(source: SourceFile) -> Iterator[ParsedMigration]:
    suffix = source.file.suffix
    found: ParsedMigration | None = None
    if suffix == ".py":
        tool = django if django.recognises(source) else alembic if alembic.recognises(source) else None
        found = tool.read(source) if tool else None
    elif suffix in (".xml", ".yaml", ".yml", ".json"):
        yield from liquibase.read(source)
    else:
        found = _BY_ENDING.get(suffix, javascript).read(source)
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
