"""Reads tables from annotated classes: JPA entities, TypeORM entities and GORM structs."""

from __future__ import annotations

import re

from ..tree import SourceFile
from .parsed import ParsedColumn, ParsedTable

_CLASS = re.compile(r"\bclass\s+(\w+)")
_ENTITY = re.compile(r"^\s*@Entity\b")
_TABLE_NAME = re.compile(r"""@(?:Table|Entity)\s*\(\s*(?:\{?\s*name\s*[:=]\s*)?["'](\w+)["']""")
_JAVA_FIELD = re.compile(
    r"^\s*(?:private|protected|public)?\s*(?:final\s+|lateinit\s+)?(?:var\s+|val\s+)?([\w<>.,\[\]]{1,80})\s*[:\s]\s*(\w+)\s*[?;=:]"
)
_TS_FIELD = re.compile(r"^\s*(?:public\s+|private\s+|readonly\s+)*(\w+)\s*([?!])?\s*:\s*([\w<>\[\]| ]{1,80})")
_STRUCT = re.compile(r"^type\s+(\w+)\s+struct\s*\{")
_GO_FIELD = re.compile(r"^\s*(\w+)\s+(\*?[\w.\[\]]{1,80})\s+`[^`]{0,400}gorm:\"([^\"]{0,400})\"")
_MAX_LINES = 20_000


def recognises(source: SourceFile) -> bool:
    data = source.data
    if source.file.suffix == ".go":
        return b'gorm:"' in data
    return b"@Entity" in data and (b"persistence" in data or b"typeorm" in data)


def read(source: SourceFile) -> list[ParsedTable]:
    """Every entity of the file."""
    if source.file.suffix == ".go":
        return _gorm(source)
    framework = "typeorm" if source.file.suffix == ".ts" else "jpa"
    tables: list[ParsedTable] = []
    table: ParsedTable | None = None
    pending, name, awaiting = "", "", False
    for number, line in enumerate(source.lines[:_MAX_LINES], 1):
        text = line.strip()[:500]
        if _ENTITY.match(text):
            awaiting = True
        if awaiting:
            if titled := _TABLE_NAME.search(text):
                name = titled.group(1)
            if found := _CLASS.search(text):
                table = ParsedTable(name or found.group(1), source.path, number, framework)
                tables.append(table)
                name, awaiting = "", False
            continue
        if table is None:
            continue
        if text.startswith("@"):
            pending += " " + text if len(pending) < 2_000 else ""
            continue
        if not pending:
            continue
        if framework == "typeorm":
            _typeorm_field(table, text, number, pending)
        else:
            _jpa_field(table, text, number, pending)
        if text.endswith((";", "{", ",", ")")) or not text:
            pending = ""
    return [t for t in tables if t.columns]


def _jpa_field(table: ParsedTable, text: str, line: int, notes: str) -> None:
    found = _JAVA_FIELD.match(text)
    if not found or "@Transient" in notes or "@OneToMany" in notes or "@ManyToMany" in notes:
        return
    column = ParsedColumn(found.group(2), found.group(1), line)
    renamed = re.search(r"name\s*=\s*\"(\w+)\"", notes)
    column.title = renamed.group(1) if renamed else column.title
    column.primary = "@Id" in notes or "@EmbeddedId" in notes
    required = column.primary or re.search(r"nullable\s*=\s*false|optional\s*=\s*false|@NotNull|@NotBlank", notes)
    column.nullable = not required
    column.unique = column.primary or bool(re.search(r"unique\s*=\s*true", notes))
    column.indexed = column.unique
    if "@ManyToOne" in notes or ("@OneToOne" in notes and "mappedBy" not in notes):
        column.references = found.group(1)
    table.add(column)


def _typeorm_field(table: ParsedTable, text: str, line: int, notes: str) -> None:
    found = _TS_FIELD.match(text)
    if not found or not re.search(r"@(?:\w*Column|ManyToOne|OneToOne)\b", notes):
        return
    column = ParsedColumn(found.group(1), found.group(3).strip(), line)
    column.primary = "@PrimaryGeneratedColumn" in notes or "@PrimaryColumn" in notes
    column.nullable = bool(re.search(r"nullable\s*:\s*true", notes)) and not column.primary
    if "@ManyToOne" in notes and not re.search(r"nullable\s*:\s*false", notes):
        column.nullable = True
    column.unique = column.primary or bool(
        re.search(r"unique\s*:\s*true|@Unique\(\)|@Index\(\{\s*unique:\s*true", notes)
    )
    column.indexed = column.unique or "@Index(" in notes
    if "@ManyToOne" in notes or ("@OneToOne" in notes and "@JoinColumn" in notes):
        column.references = found.group(3).strip()
        rule = re.search(r"onDelete\s*:\s*['\"]([\w ]+)['\"]", notes)
        column.on_delete = rule.group(1).upper() if rule else ""
    table.checks += notes.count("@Check(")
    table.add(column)


def _gorm(source: SourceFile) -> list[ParsedTable]:
    tables: list[ParsedTable] = []
    table: ParsedTable | None = None
    for number, line in enumerate(source.lines[:_MAX_LINES], 1):
        if found := _STRUCT.match(line[:300]):
            table = ParsedTable(found.group(1), source.path, number, "gorm")
            tables.append(table)
        elif line.startswith("}"):
            table = None
        elif table is not None and (found := _GO_FIELD.match(line[:1_000])):
            tags = [tag.strip() for tag in found.group(3).split(";")]
            lowered = [tag.lower() for tag in tags]
            if "-" in lowered or any(t.startswith(("foreignkey", "many2many", "references")) for t in lowered):
                continue
            column = ParsedColumn(found.group(1), found.group(2), number)
            column.primary = "primarykey" in lowered or "primary_key" in lowered
            column.nullable = not (column.primary or "not null" in lowered)
            column.unique = column.primary or any(t in ("unique", "uniqueindex") for t in lowered)
            column.with_others = any(t.startswith("uniqueindex:") for t in lowered)
            column.indexed = column.unique or any(t.startswith(("index", "uniqueindex")) for t in lowered)
            table.checks += sum(t.startswith("check:") for t in lowered)
            table.add(column)
    return [t for t in tables if t.columns]
