"""Reads Entity Framework Core's migrations."""

from __future__ import annotations

import re

from ..ddl import read_sql
from ..tree import SourceFile
from . import lines as by_line
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_UP = re.compile(r"override\s+void\s+Up\s*\(")
_DOWN = re.compile(r"override\s+void\s+Down\s*\(")
_CALL = re.compile(r"\.\s*(\w+)\s*(?:<[\w.\[\]?]{1,60}>)?\(")
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
    "InsertData": "run_sql",
    "UpdateData": "run_sql",
    "DeleteData": "run_sql",
}
_NAMED = re.compile(r"""(\w+)\s*:\s*(?:"([^"]*)"|(\w+))""")


def wants(path: str) -> bool:
    folder = path.rpartition("/")[0].lower()
    return path.endswith(".cs") and "migration" in folder and not path.endswith((".Designer.cs", "ModelSnapshot.cs"))


def read(source: SourceFile) -> ParsedMigration | None:
    """The migration of a C# class; None where it is none."""
    if "migrationBuilder" not in source.text:
        return None
    lines = source.lines
    start, body = by_line.section(lines, _UP, _DOWN)
    if not start:
        return None
    name = source.file.name.removesuffix(".cs")
    written = f"{name[:4]}-{name[4:6]}-{name[6:8]}" if name[:14].isdigit() else ""
    migration = ParsedMigration(source.path, "ef-core", name, start, written=written)
    migration.note = by_line.note(lines, ("//", "/*", "*"), ("<inheritdoc",))
    migration.down_line, down = by_line.section(lines, _DOWN, _UP)
    migration.steps = _steps(body, start)
    code = "\n".join(line for line in down if not line.strip().startswith("//"))
    migration.reversible = "migrationBuilder." in code or not migration.steps
    return migration


def _steps(body: list[str], first: int) -> list[Step]:
    steps: list[Step] = []
    until = 0
    for call in by_line.calls(body, first, _CALL):
        if call.line < until or len(steps) >= MAX_OPERATIONS:
            continue
        if call.name == "Sql":
            sql = by_line.strings(call.text)
            steps.extend(steps_of(read_sql(sql[0], call.line)) if sql else [Step("run_sql", line=call.line)])
        elif call.name in _KINDS:
            steps.append(_step(call))
            until = call.line + call.text.count("\n")
    return steps


def _step(call: by_line.Call) -> Step:
    named = {key: text or word for key, text, word in reversed(_NAMED.findall(call.text))}
    positional = by_line.strings(call.text.partition(":")[0])
    kind = _KINDS[call.name]
    of_table = kind in ("create_table", "drop_table", "rename_table")
    name = named.get("name", positional[0] if positional else "")
    step = Step(kind, name if of_table else named.get("table", ""), line=call.line)
    if kind in ("add_column", "drop_column", "rename_column", "alter_type"):
        step.column = name
        step.type = named.get("type", "") if kind != "drop_column" else ""
        step.was = named.get("oldType", "")
    if kind == "add_column":
        step.nullable = named.get("nullable") == "true"
        step.default = any(key in named for key in ("defaultValue", "defaultValueSql", "computedColumnSql"))
    elif kind == "alter_type" and not step.was:
        step.kind = "alter_column"
    elif kind in ("add_index", "drop_index"):
        step.concurrently = "IsCreatedConcurrently" in call.text
    return step
