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
    apply(source.path, list(enumerate(source.lines, 1)), tables)
    return list(tables.values())


def lines_of_migration(source: SourceFile) -> list[tuple[int, str]]:
    """The numbered lines of a migration that make or change tables, up to what takes them back."""
    kept: list[tuple[int, str]] = []
    for number, line in enumerate(source.lines[:2_000], 1):
        if _BACK.match(line):
            break
        if _MATTERS.match(line):
            kept.append((number, line[:1_000]))
    return kept


_BACK = re.compile(r"^\s*def\s+down\b")
_MATTERS = re.compile(r"^\s*(?:t\.\w+|safety_assured|(?:create|drop)_table|(?:add|remove|change)_\w+|end\b)")
_ADDED = re.compile(r"""^\s*add_(column|reference|belongs_to)\s+["':](\w+)["']?,\s*["':](\w+)["']?(.{0,400})""")
_REMOVED = re.compile(r"""remove_(column|reference|index|foreign_key|check_constraint)\s+["':](\w+)["']?(.{0,300})""")
_NULL = re.compile(r"""^\s*change_column_null\s+["':](\w+)["']?,\s*["':](\w+)["']?,\s*(true|false)""")
_DROPPED = re.compile(r"""^\s*drop_table\s+["':](\w+)""")
_TIES = ("references", "belongs_to")
_NO_COLUMNS = ("timestamps", "index", "check_constraint", "exclusion_constraint", "foreign_key", "unique_constraint")


def apply(path: str, lines: list[tuple[int, str]], tables: dict[str, ParsedTable]) -> None:
    """Apply what the numbered *lines* of the file at *path* declare to *tables*."""
    table: ParsedTable | None = None
    for number, line in lines:
        text = line[:1_000]
        if found := _TABLE.match(text):
            table = tables[found.group(1)] = ParsedTable(found.group(1), path, number, "rails")
        elif found := _DROPPED.match(text):
            tables.pop(found.group(1), None)
        elif found := _ADDED.match(text):
            if outer := tables.get(found.group(2)):
                kind, rest = found.group(1), found.group(4)
                typed = re.match(r"""\s*,\s*["':](\w+)""", rest)
                _declare(
                    outer, "references" if kind != "column" else typed.group(1) if typed else "", found[3], rest, number
                )
        elif found := _NULL.match(text):
            column = tables[found.group(1)].find(found.group(2)) if found.group(1) in tables else None
            if column is not None:
                column.nullable = found.group(3) == "true"
        elif found := _REMOVED.search(text):
            _take_back(tables, found)
        elif found := _KEY.match(text):
            _key(tables, found)
        elif found := _OUTER_INDEX.match(text):
            if outer := tables.get(found.group(1)):
                outer.index(_WORDS.findall(found.group(2)), unique="unique: true" in found.group(3))
        elif found := _CHECK.match(text):
            holder = tables.get(found.group(1)) if found.group(1) else table
            if holder is not None:
                holder.checks += 1
                for word in _WORDS.findall(text[found.end() :])[:30]:
                    if (named := holder.columns.get(word.lower())) is not None:
                        named.checked = True
        elif table is not None and (found := _INDEX.match(text)):
            table.index(_WORDS.findall(found.group(1)), unique="unique: true" in found.group(2))
        elif table is not None and found_column(table, text, number):
            continue


def found_column(table: ParsedTable, text: str, number: int) -> bool:
    """Whether *text* declares a column of *table*, which then has it."""
    found = _COLUMN.match(text)
    if found is None or found.group(1) in _NO_COLUMNS:
        return False
    _declare(table, found.group(1), found.group(2), found.group(3), number)
    return True


def _declare(table: ParsedTable, kind: str, title: str, options: str, number: int) -> None:
    column = ParsedColumn(title, kind, number, nullable="null: false" not in options)
    column.type += " unsigned" if "unsigned: true" in options else ""
    if kind in _TIES:
        column.title, column.type = f"{title}_id", "bigint"
        column.indexed = True
        if "polymorphic" in options:
            table.add(ParsedColumn(f"{title}_type", "string", number, nullable=column.nullable))
        elif "foreign_key: true" in options or "foreign_key: {" in options:
            target = re.search(r"to_table:\s*[:\"'](\w+)", options)
            rule = re.search(r"on_delete:\s*:?(\w+)", options)
            column.references = target.group(1) if target else f"{title}s"
            column.on_delete = rule.group(1).upper() if rule else ""
    table.add(column)
    if "index: {unique: true" in options.replace("{ ", "{"):
        table.index([column.title], unique=True)


def _take_back(tables: dict[str, ParsedTable], found: re.Match[str]) -> None:
    kind, name, rest = found.groups()
    table = tables.get(name)
    if table is None:
        return
    titles = _WORDS.findall(rest)
    if kind in ("column", "reference") and titles:
        table.columns.pop(titles[0].lower(), None)
        table.columns.pop(f"{titles[0].lower()}_id", None)
    elif kind == "check_constraint":
        table.checks = max(0, table.checks - 1)
    elif kind == "index" and titles:
        for title in titles:
            column = table.columns.get(title.lower())
            if column is not None:
                column.unique = column.with_others = column.indexed = False
    elif kind == "foreign_key" and titles:
        column = table.find(f"{singular(titles[0])}_id")
        if column is not None:
            column.references = column.on_delete = ""


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
