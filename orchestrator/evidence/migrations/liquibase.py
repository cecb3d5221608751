"""Reads Liquibase's change logs in XML, YAML and JSON, one migration for each change set."""

from __future__ import annotations

import re
from typing import Any

from ...formats.xml import Element, load_xml
from ...redaction import cut
from ..ddl import ColumnChange, read_sql
from ..tree import SourceFile
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_NAME = re.compile(r"change-?_?log|liquibase", re.IGNORECASE)
_KINDS = {
    "createTable": "create_table",
    "dropTable": "drop_table",
    "renameTable": "rename_table",
    "addColumn": "add_column",
    "dropColumn": "drop_column",
    "renameColumn": "rename_column",
    "modifyDataType": "alter_type",
    "addNotNullConstraint": "set_not_null",
    "dropNotNullConstraint": "alter_column",
    "addDefaultValue": "alter_column",
    "dropDefaultValue": "alter_column",
    "createIndex": "add_index",
    "dropIndex": "drop_index",
    "addForeignKeyConstraint": "add_foreign_key",
    "addUniqueConstraint": "add_unique",
    "addPrimaryKey": "add_unique",
    "addCheckConstraint": "add_check",
    "dropForeignKeyConstraint": "drop_constraint",
    "dropUniqueConstraint": "drop_constraint",
    "dropPrimaryKey": "drop_constraint",
    "dropCheckConstraint": "drop_constraint",
    "dropAllForeignKeyConstraints": "drop_constraint",
    "sqlFile": "run_sql",
    "insert": "run_sql",
    "update": "run_sql",
    "delete": "run_sql",
    "loadData": "run_sql",
    "loadUpdateData": "run_sql",
    "mergeColumns": "run_sql",
}
_NO_CHANGE = frozenset(
    {"preConditions", "comment", "validCheckSum", "rollback", "tagDatabase", "property", "empty", "output"}
)
_UNDOES_ITSELF = frozenset({
    "createTable", "addColumn", "renameTable", "renameColumn", "createIndex", "addForeignKeyConstraint",
    "addPrimaryKey", "addUniqueConstraint", "addNotNullConstraint", "dropNotNullConstraint", "addDefaultValue",
    "addCheckConstraint", "createView", "createSequence", "renameView", "renameSequence", "addLookupTable",
})  # fmt: skip


_FOLDER = re.compile(r"(^|/)(db|database|migrations?|changes?|changesets?|schema)/(?:[^/]+/){0,3}[^/]+$", re.IGNORECASE)


def wants(path: str) -> bool:
    named = bool(_NAME.search(path)) or _FOLDER.search(path) is not None
    return path.endswith((".xml", ".yaml", ".yml", ".json")) and named


def read(source: SourceFile) -> list[ParsedMigration]:
    """Every change set of a change log; none where the file is something else."""
    return [_change_set(source, one) for one in change_sets(source)]


def change_sets(source: SourceFile) -> list[_XmlSet | _YamlSet]:
    """The change sets of a change log as they are written; none where the file is something else."""
    if "databaseChangeLog" not in source.text:
        return []
    if source.path.endswith(".xml"):
        root = load_xml(source.data)
        if root.name != "databaseChangeLog":
            return []
        return [_XmlSet(element) for element in root.all("changeSet")]
    documents = [source.json()] if source.path.endswith(".json") else source.yaml()
    found: list[_XmlSet | _YamlSet] = []
    for document in documents:
        entries = document.body.get("databaseChangeLog") if isinstance(document.body, dict) else None
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and isinstance(entry.get("changeSet"), dict):
                pointer = f"/databaseChangeLog/{number}/changeSet"
                found.append(_YamlSet(entry["changeSet"], pointer, document.lines))
    return found


class _XmlSet:
    """A change set written as XML."""

    def __init__(self, element: Element) -> None:
        self.line = element.line
        self.id = element.attributes.get("id", "")
        self.rollback = bool(element.all("rollback"))
        self.note = " ".join(e.text.strip() for e in element.all("comment"))
        self.changes = [self._change(e) for e in element.children if e.name not in _NO_CHANGE]

    def _change(self, element: Element) -> tuple[str, dict[str, Any], list[dict[str, Any]], int]:
        columns = []
        for child in element.all("column"):
            constraints = child.all("constraints")
            columns.append({**child.attributes, "constraints": constraints[0].attributes if constraints else {}})
        return element.name, {"sql": element.text, **element.attributes}, columns, element.line


class _YamlSet:
    """A change set written as YAML or JSON."""

    def __init__(self, body: dict[str, Any], pointer: str, lines: dict[str, int]) -> None:
        self.line = lines.get(pointer, 1)
        self.id = str(body.get("id", ""))
        self.rollback = "rollback" in body
        self.note = str(body.get("comment", ""))
        self.changes = []
        changes = body.get("changes")
        for number, change in enumerate(changes if isinstance(changes, list) else ()):
            for name, values in change.items() if isinstance(change, dict) else ():
                values = values if isinstance(values, dict) else {"sql": str(values)}
                listed = values.get("columns")
                entries = [c.get("column") for c in listed if isinstance(c, dict)] if isinstance(listed, list) else []
                columns = [c for c in entries if isinstance(c, dict)]
                self.changes.append((name, values, columns, lines.get(f"{pointer}/changes/{number}", self.line)))


def _change_set(source: SourceFile, found: _XmlSet | _YamlSet) -> ParsedMigration:
    migration = ParsedMigration(source.path, "liquibase", found.id, found.line, note=cut(found.note, 160))
    undoable: bool | None = True
    for name, values, columns, line in found.changes:
        if len(migration.steps) < MAX_OPERATIONS:
            migration.steps.extend(_steps(name, values, columns, line))
        if name == "customChange":
            undoable = None if undoable else undoable
        elif name not in _UNDOES_ITSELF and name not in _NO_CHANGE:
            undoable = False
    migration.reversible = True if found.rollback else undoable
    return migration


def _steps(name: str, values: dict[str, Any], columns: list[dict[str, Any]], line: int) -> list[Step]:
    def said(*keys: str) -> str:
        return next((str(values[k]) for k in keys if values.get(k) is not None), "")

    if name == "sql":
        return steps_of(read_sql(said("sql"), line)) or [Step("run_sql", line=line)]
    table = said("tableName", "oldTableName", "baseTableName")
    step = Step(_KINDS.get(name, "run_code" if name == "customChange" else "other"), table, line=line)
    step.column = said("columnName", "oldColumnName")
    if name == "createTable":
        step.columns = [_column(c, line) for c in columns]
    elif name == "addColumn":
        made = [_column(c, line) for c in columns]
        return [
            Step("add_column", table, c.title, line, nullable=c.nullable, default=c.default, type=c.type) for c in made
        ]
    elif name == "modifyDataType":
        step.type = said("newDataType")
    elif step.kind in ("add_index", "drop_index"):
        step.concurrently = None
    elif step.kind == "add_foreign_key":
        step.not_valid = said("validate").lower() == "false"
    if step.kind == "other":
        step.detail = name
    return [step]


def _column(values: dict[str, Any], line: int) -> ColumnChange:
    constraints = values.get("constraints")
    constraints = constraints if isinstance(constraints, dict) else {}
    nullable = str(constraints.get("nullable", "true")).lower() != "false"
    default = any(key.startswith("defaultValue") or key in ("autoIncrement", "valueComputed") for key in values)
    return ColumnChange(
        str(values.get("name", "")), str(values.get("type", "")), line, nullable=nullable, default=default
    )
