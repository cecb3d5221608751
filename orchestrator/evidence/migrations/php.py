"""Reads migrations of Laravel, Phinx and Doctrine."""

from __future__ import annotations

import re

from ..ddl import ColumnChange, read_sql
from ..tree import SourceFile
from . import lines as by_line
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_FOLDER = re.compile(r"(^|/)(database/migrations|db/migrations|migrations)/.*\.php$", re.IGNORECASE)
_UP = re.compile(r"function\s+(up|change)\s*\(")
_DOWN = re.compile(r"function\s+down\s*\(")
_METHOD = re.compile(r"^\s*(?:final\s+)?(?:public|protected|private)\s+function\s+(?!up\b|change\b)")
_CALL = re.compile(
    r"(Schema::(?:connection\([^)]{0,60}\)->)?\w+|DB::(?:statement|unprepared|update|insert|delete|table)|addSql)\s*\("
)
_DOES = re.compile(r"Schema::|DB::|addSql\(|->(?:dropTable|drop|table|execute|removeColumn)\(|->save\(")
_COLUMN = re.compile(r"\$\w+->(\w+)\(\s*(?:\[?\s*['\"](\w+)['\"])?(.{0,400})$")
_NO_COLUMN = frozenset({"timestamps", "softDeletes", "charset", "engine", "collation", "comment", "primary"})


def wants(path: str) -> bool:
    return bool(_FOLDER.search(path))


def read(source: SourceFile) -> ParsedMigration | None:
    """The migration of a PHP class; None where it is none."""
    text, lines = source.text, source.lines
    if "Migration" not in text:
        return None
    tool = (
        "doctrine" if "AbstractMigration" in text and "addSql" in text else "laravel" if "Schema::" in text else "php"
    )
    start, body = by_line.section(lines, _UP, _METHOD)
    if not start:
        return None
    name = source.file.name.removesuffix(".php")
    dated = re.search(r"(20\d\d)_?(\d\d)_?(\d\d)", name)
    migration = ParsedMigration(source.path, tool, name, start, written="-".join(dated.groups()) if dated else "")
    migration.note = by_line.note(lines, ("//", "/*", "*"), ("run the migrations", "reverse the migrations"))
    described = re.search(r"getDescription\(\)[^{]{0,60}\{\s*return\s*['\"]([^'\"]{3,160})", text)
    migration.note = described.group(1) if described else migration.note
    migration.down_line, down = by_line.section(lines, _DOWN, _METHOD)
    code = "\n".join(line for line in down if not line.strip().startswith(("//", "*", "/*", "#")))
    migration.steps = _steps(body, start)
    if "function change" in "\n".join(body[:2]):
        migration.reversible = None
    else:
        migration.reversible = bool(_DOES.search(code)) or not (migration.steps or _DOES.search("\n".join(body)))
    return migration


def _steps(body: list[str], first: int) -> list[Step]:
    steps: list[Step] = []
    for call in by_line.calls(body, first, _CALL):
        if len(steps) >= MAX_OPERATIONS:
            break
        what = call.name.rpartition("::")[2].rpartition("->")[2]
        said = by_line.words(call.text)
        table = said[0] if said else ""
        if call.name == "addSql" or what in ("statement", "unprepared"):
            sql = by_line.strings(call.text)
            steps.extend(steps_of(read_sql(sql[0], call.line)) if sql else [Step("run_sql", line=call.line)])
        elif call.name.startswith("DB::"):
            steps.append(Step("run_code", table if what == "table" else "", line=call.line, detail=what))
        elif what == "create":
            columns = [ColumnChange(s.column, s.type, s.line, nullable=s.nullable) for s in _columns(call, table)]
            steps.append(Step("create_table", table, line=call.line, columns=[c for c in columns if c.title]))
        elif what == "table":
            steps.extend(_columns(call, table))
        elif what in ("drop", "dropIfExists", "rename"):
            steps.append(Step("rename_table" if what == "rename" else "drop_table", table, line=call.line))
        elif what in ("dropColumns", "dropColumn"):
            steps.append(Step("drop_column", table, said[1] if len(said) > 1 else "", call.line))
    return steps


def _columns(call: by_line.Call, table: str) -> list[Step]:
    """The lines of a ``function (Blueprint $table) {…}``."""
    steps: list[Step] = []
    for number, text in enumerate(call.text.split("\n")):
        found = _COLUMN.search(text[:600])
        if not found:
            continue
        method, title, rest = found.group(1), found.group(2) or "", found.group(3)
        step = Step("add_column", table, title, call.line + number)
        if method.startswith("drop"):
            step.kind = "drop_column" if method in ("dropColumn", "dropColumns", "dropMorphs") else "drop_constraint"
            step.kind = "drop_index" if method == "dropIndex" else step.kind
        elif method == "renameColumn":
            step.kind = "rename_column"
        elif method in ("index", "unique", "foreign", "fullText", "spatialIndex"):
            step.kind = {"unique": "add_unique", "foreign": "add_foreign_key"}.get(method, "add_index")
            step.concurrently = False if step.kind == "add_index" else None
        elif "->change(" in rest:
            step.kind, step.type = "alter_type", method
        elif method in _NO_COLUMN or not title:
            continue
        else:
            step.type, step.nullable = method, "nullable(" in rest
            step.default = (
                "->default(" in rest or "useCurrent(" in rest or "->storedAs(" in rest or "->virtualAs(" in rest
            )
        steps.append(step)
    return steps
