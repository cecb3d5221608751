"""Reads tables from Prisma's schema language."""

from __future__ import annotations

import re

from ...errors import FormatError
from ..tree import SourceFile
from .parsed import ParsedColumn, ParsedTable

_MODEL = re.compile(r"^\s*model\s+(\w+)\s*\{")
_FIELD = re.compile(r"^\s*(\w+)\s+(\w+)(\[\])?(\?)?(.{0,600})$")
_RELATION = re.compile(r"@relation\((.{0,400})\)")
_FIELDS = re.compile(r"fields:\s*\[([^\]]{0,200})\]")
_LIST = re.compile(r"@@(unique|index|id)\(\s*(?:fields:\s*)?\[([^\]]{0,300})\]")
_WORDS = re.compile(r"\w+")
_KEPT_BY_CLIENT = re.compile(
    r"""^[ \t]{0,40}(?:relationMode|referentialIntegrity)\s{0,40}=\s{0,40}"prisma\"""", re.MULTILINE
)


def leaves_references_to_the_client(source: SourceFile) -> bool:
    """Whether the data source says that Prisma's client keeps references, and the database has no foreign keys."""
    return _KEPT_BY_CLIENT.search(source.text) is not None


def read(source: SourceFile) -> list[ParsedTable]:
    """
    Every model.

    Raises:
        FormatError: A model is never closed.
    """
    tables: list[ParsedTable] = []
    relations: list[tuple[ParsedTable, list[str], str, str]] = []
    table: ParsedTable | None = None
    for number, line in enumerate(source.lines, 1):
        text = line.partition("//")[0][:1_000]
        if found := _MODEL.match(text):
            table = ParsedTable(found.group(1), source.path, number, "prisma")
            tables.append(table)
        elif table is None:
            continue
        elif text.strip() == "}":
            table = None
        elif listed := _LIST.search(text):
            table.index(_WORDS.findall(listed.group(2)), unique=listed.group(1) != "index")
        elif found := _FIELD.match(text):
            title, kind, many, optional, rest = found.groups()
            relation = _RELATION.search(rest)
            if relation and (fields := _FIELDS.search(relation.group(1))):
                rule = re.search(r"onDelete:\s*(\w+)", relation.group(1))
                relations.append((table, _WORDS.findall(fields.group(1)), kind, rule.group(1).upper() if rule else ""))
            elif not many and not relation:
                column = ParsedColumn(title, kind, number, nullable=bool(optional))
                column.primary = "@id" in rest
                column.unique = "@unique" in rest or column.primary
                column.indexed = column.unique
                table.add(column)
    if table is not None:
        raise FormatError(f"model {table.title} is never closed", table.line)
    models = {t.title for t in tables}
    for owner, titles, target, rule_name in relations:
        for title in titles:
            if found_column := owner.columns.get(title.lower()):
                found_column.references, found_column.on_delete = target, rule_name
    for item in tables:  # a field of a model's type without @relation is the other side, and no column
        item.columns = {k: c for k, c in item.columns.items() if c.type not in models}
    return [t for t in tables if t.columns]
