"""Reads Entity Framework Core's migrations."""

from __future__ import annotations

from collections.abc import Iterator

from ..ddl import ColumnChange, read_sql
from ..tree import SourceFile
from . import lines as by_line
from .called import Called, Calls, Code, flat
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_KINDS = {
    "CreateTable": "create_table",
    "DropTable": "drop_table",
    "RenameTable": "rename_table",
    "AddColumn": "add_column",
    "DropColumn": "drop_column",
    "RenameColumn": "rename_column",
    "AlterColumn": "alter_type",
    "CreateIndex": "add_index",
    "DropIndex": "drop_index",
    "AddForeignKey": "add_foreign_key",
    "AddUniqueConstraint": "add_unique",
    "AddPrimaryKey": "add_unique",
    "AddCheckConstraint": "add_check",
    "CreateCheckConstraint": "add_check",
    "DropForeignKey": "drop_constraint",
    "DropPrimaryKey": "drop_constraint",
    "DropCheckConstraint": "drop_constraint",
    "DropUniqueConstraint": "drop_constraint",
    "InsertData": "run_sql",
    "UpdateData": "run_sql",
    "DeleteData": "run_sql",
    "DropSchema": "drop_object",
    "DropSequence": "drop_object",
    "RenameSequence": "rename_object",
}
_ASKS_NOTHING = frozenset({
    "EnsureSchema", "CreateSequence", "AlterDatabase", "RenameIndex", "RestartSequence", "AlterTable", "Annotation",
    "OldAnnotation",
})  # fmt: skip


def wants(path: str) -> bool:
    folder = path.rpartition("/")[0].lower()
    return path.endswith(".cs") and "migration" in folder and not path.endswith((".Designer.cs", "ModelSnapshot.cs"))


def read(source: SourceFile) -> ParsedMigration | None:
    """
    The migration of a C# class; None where it is none.

    Raises:
        FormatError: Its syntax cannot be read.
    """
    if "MigrationBuilder" not in source.text:
        return None
    calls = Calls(source)
    if not calls.line("Up"):
        return None
    name = source.file.name.removesuffix(".cs")
    written = f"{name[:4]}-{name[4:6]}-{name[6:8]}" if name[:14].isdigit() else ""
    migration = ParsedMigration(source.path, "ef-core", name, calls.line("Up"), written=written)
    migration.note = by_line.note(source.lines, ("//", "/*", "*"), ("<inheritdoc",))
    migration.down_line = calls.line("Down")
    own = calls.parameters("Up")
    migration.steps = [step for called in calls.of("Up") for step in _steps(called, own)][:MAX_OPERATIONS]
    back = {called.owner.partition(".")[0] for called in calls.of("Down")}
    migration.reversible = not migration.steps or bool(back & set(calls.parameters("Down")))
    return migration


def _steps(called: Called, own: list[str]) -> Iterator[Step]:
    if called.owner in own and called.name == "Sql":
        sql = next(iter(called.words), "")
        yield from steps_of(read_sql(sql, called.line)) if sql else [Step("run_sql", line=called.line)]
    elif called.owner in own and called.name in _KINDS:
        yield _step(called)
    elif _strange(called, own):
        yield Step("unknown", line=called.line, detail=f"{called.name}()")
    for one in () if called.name == "CreateTable" else (*called.inner, *(called.block or ())):
        yield from _steps(one, own)


def _strange(called: Called, own: list[str]) -> bool:
    """Whether nobody here knows what is done with the builder that the migration is given."""
    handed_on = any(isinstance(value, Code) and value in own for value in called.given)
    return handed_on or (called.owner in own and called.name not in _ASKS_NOTHING)


_PLACES: dict[str, tuple[str, ...]] = {
    "CreateTable": ("name", "columns"),
    "DropTable": ("name",),
    "RenameTable": ("name",),
    "AddColumn": ("name", "table", "type"),
    "AlterColumn": ("name", "table", "type"),
    "RenameColumn": ("name", "table", "newName"),
    "CreateIndex": ("name", "table", "column"),
    "AddForeignKey": ("name", "table", "column", "principalTable"),
    "AddUniqueConstraint": ("name", "table", "column"),
    "AddPrimaryKey": ("name", "table", "column"),
}
"""What the arguments without a name are, in their order; of all others the name and the table."""


def placed(called: Called) -> None:
    """Give the arguments that have no name the names that their places stand for."""
    for name, value in zip(_PLACES.get(called.name, ("name", "table")), called.given, strict=False):
        plural = f"{name}s" if isinstance(value, list) else name
        if plural not in called.named and name not in called.named:
            called.named[plural] = value


def _step(called: Called) -> Step:
    placed(called)
    named = called.named
    kind = _KINDS[called.name]
    of_table = kind in ("create_table", "drop_table", "rename_table")
    words = called.words
    name = _text(called, "name") or (words[0] if words else "")
    step = Step(kind, name if of_table else _text(called, "table"), line=called.line)
    if kind in ("add_column", "drop_column", "rename_column", "alter_type"):
        step.column = name
        step.type = _text(called, "type") if kind != "drop_column" else ""
        step.was = _text(called, "oldType")
    if kind == "create_table":
        step.columns = _columns(called)
    elif kind == "add_column":
        step.nullable = named.get("nullable") is True
        step.default = any(key in named for key in ("defaultValue", "defaultValueSql", "computedColumnSql"))
    elif kind == "alter_type":
        closed = named.get("nullable") is False and named.get("oldNullable") is True
        step.kind = "set_not_null" if closed else "alter_type" if step.was and step.was != step.type else "alter_column"
    elif kind == "add_index":
        step.concurrently = any(link.name == "IsCreatedConcurrently" for link in called.chain) or (
            "Npgsql:CreatedConcurrently" in " ".join(word for link in called.chain for word in link.words)
        )
        step.kind = "add_unique" if named.get("unique") is True else kind
        step.column = _text(called, "column") or ", ".join(_listed(called, "columns"))
    elif kind in ("add_unique", "add_foreign_key"):
        step.column = _text(called, "column") or ", ".join(_listed(called, "columns"))
        step.detail = "PRIMARY KEY" if called.name == "AddPrimaryKey" else ""
    return step


def _columns(called: Called) -> list[ColumnChange]:
    """``columns: table => new { Id = table.Column<int>(nullable: false) }``."""
    found = []
    for one in called.block or ():
        if one.name == "Column":
            column = ColumnChange(_text(one, "name"), _text(one, "type"), one.line)
            column.nullable = one.named.get("nullable") is True
            column.default = any(key in one.named for key in ("defaultValue", "defaultValueSql"))
            found.append(column)
    return found


def _text(called: Called, name: str) -> str:
    said = called.named.get(name)
    return said if isinstance(said, str) and not isinstance(said, Code) else ""


def _listed(called: Called, name: str) -> list[str]:
    said = called.named.get(name)
    return list(flat(said)) if isinstance(said, list) else []
