"""Reads tables from the schema.rb that Rails dumps."""

from __future__ import annotations

import re

from ...host.late import late
from ..tree import SourceFile
from .parsed import ParsedColumn, ParsedTable

_TABLE = late(r"""^\s*create_table\s+["':]([\w.]+)["']?(.{0,400})""")
_COLUMN = late(r"""^\s*t\.(\w+)\s+["':](\w+)["']?(.{0,400})""")
_INDEX = late(r"""^\s*t\.index\s+(\[[^\]]{0,400}\]|["':]\w+["']?)(.{0,400})""")
_OUTER_INDEX = late(r"""^\s*add_index\s+["':](\w+)["']?,\s*(\[[^\]]{0,400}\]|["':]\w+["']?)(.{0,400})""")
_KEY = late(r"""^\s*add_foreign_key\s+["':](\w+)["']?,\s*["':](\w+)["']?(.{0,400})""")
_CHECK = late(r"^\s*(?:t\.(?:check|exclusion)_constraint|add_(?:check|exclusion)_constraint\s+[\"':](\w+))")
_WORDS = late(r"\w+")
_OPTION = late(r"""(\w+):\s*["':]?(\w+)""")


def wants(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name == "schema.rb" and path.endswith("db/schema.rb")


def read(source: SourceFile) -> list[ParsedTable]:
    """Every table with its columns, indexes and foreign keys."""
    tables: dict[str, ParsedTable] = {}
    table: ParsedTable | None = None
    for number, line in enumerate(source.lines, 1):
        text = line[:1_000]
        if found := _TABLE.match(text):
            table = tables[found.group(1)] = ParsedTable(found.group(1), source.path, number, "rails")
        elif found := _KEY.match(text):
            _key(tables, found)
        elif found := _OUTER_INDEX.match(text):
            if outer := tables.get(found.group(1)):
                outer.index(_WORDS.findall(found.group(2)), unique="unique: true" in found.group(3))
        elif found := _CHECK.match(text):
            holder = tables.get(found.group(1)) if found.group(1) else table
            if holder is not None:
                holder.checks += 1
        elif table is not None and (found := _INDEX.match(text)):
            table.index(_WORDS.findall(found.group(1)), unique="unique: true" in found.group(2))
        elif table is not None and (found := _COLUMN.match(text)):
            options = found.group(3)
            column = ParsedColumn(found.group(2), found.group(1), number, nullable="null: false" not in options)
            column.type += " unsigned" if "unsigned: true" in options else ""
            table.add(column)
    return list(tables.values())


def _key(tables: dict[str, ParsedTable], found: re.Match[str]) -> None:
    table = tables.get(found.group(1))
    options = dict(_OPTION.findall(found.group(3)))
    title = options.get("column") or singular(found.group(2)) + "_id"
    column = table.columns.get(title.lower()) if table else None
    if column is not None:
        column.references = found.group(2)
        column.on_delete = options.get("on_delete", "").upper()


def singular(title: str) -> str:
    """``stories`` to ``story``, ``boxes`` to ``box``, ``users`` to ``user``."""
    if title.endswith("ies"):
        return title[:-3] + "y"
    if title.endswith(("xes", "ches", "shes", "sses")):
        return title[:-2]
    return title[:-1] if title.endswith("s") and not title.endswith("ss") else title
