"""Reads the tables that Ecto's migrations make."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...ddl import Change, ColumnChange, read_sql
from ...tree import SourceFile

_UP = re.compile(r"^\s*def\s+(?:up|change)\b")
_METHOD = re.compile(r"^\s*defp?\s")
_CREATE = re.compile(
    r"^\s*create(?:_if_not_exists)?[ (]+(table|index|unique_index|constraint)\(?\s*[:\"'](\w+)[\"']?(.{0,500})$"
)
_ALTER = re.compile(r"^\s*alter[ (]+table\(?\s*[:\"'](\w+)")
_DROP = re.compile(
    r"^\s*drop(?:_if_exists)?[ (]+(table|index|unique_index|constraint)\(?\s*[:\"'](\w+)[\"']?(.{0,300})$"
)
_COLUMN = re.compile(r"^\s*(add|add_if_not_exists|modify)[ (]+[:\"'](\w+)[\"']?\s*,\s*(.{1,400})$")
_REMOVE = re.compile(r"^\s*remove(?:_if_exists)?[ (]+[:\"'](\w+)")
_STAMPS = re.compile(r"^\s*timestamps\b(.{0,200})")
_REFERENCES = re.compile(r"references\(\s*[:\"'](\w+)(.{0,200}?)\)")
_TYPE = re.compile(r"^:(\w+)|^\{?:?(\w+)")
_LIST = re.compile(r"\[([^\]]{0,300})\]")
_NAMES = re.compile(r"[:\"'](\w+)")
_EXECUTE = re.compile(r"^\s*execute[ (]*\s*(\"{3}|\"|~s)?(.{0,2000})$")
_RULES = {"delete_all": "CASCADE", "nilify_all": "SET NULL", "restrict": "RESTRICT", "nothing": "NO ACTION"}


def changes(source: SourceFile) -> list[Change]:
    """What ``change`` or ``up`` does, in order."""
    found: list[Change] = []
    table: Change | None = None
    altered, inside = "", False
    lines = source.lines
    number = 0
    while number < len(lines):
        text = lines[number][:2_000]
        number += 1
        if _METHOD.match(text):
            inside = _UP.match(text) is not None
            table, altered = None, ""
        if not inside:
            continue
        if made := _CREATE.match(text):
            kind, name, rest = made.groups()
            one = _made(kind, name, rest, number)
            found.append(one)
            table, altered = (one, "") if kind == "table" else (table, altered)
            if kind == "table" and "primary_key: false" not in rest:
                one.columns.append(ColumnChange("id", "bigserial", number, nullable=False, primary=True))
        elif opened := _ALTER.match(text):
            table, altered = None, opened.group(1)
        elif gone := _DROP.match(text):
            kind, name, rest = gone.groups()
            named = _NAMES.findall(rest)
            what = "drop_table" if kind == "table" else "drop_constraint" if kind == "constraint" else "drop_index"
            detail = (named[0] if named else "") if kind == "constraint" else "_".join([name, *named, "index"])
            found.append(Change(what, name, number, detail=detail if kind != "table" else ""))
        elif removed := _REMOVE.match(text):
            if altered:
                found.append(Change("drop_column", altered, number, [ColumnChange(removed.group(1))]))
        elif said := _COLUMN.match(text):
            found.extend(_column(said, table, altered, number))
        elif stamped := _STAMPS.match(text):
            for title in ("inserted_at", "updated_at"):
                if table is not None and f"{title}: false" not in stamped.group(1):
                    table.columns.append(ColumnChange(title, "naive_datetime", number, nullable=False))
        elif run := _EXECUTE.match(text):
            sql, number = _statement(lines, number, run)
            found.extend(read_sql(sql, number))
        elif text.strip() == "end":
            table, altered = None, ""
    return found


def _made(kind: str, name: str, rest: str, line: int) -> Change:
    if kind == "table":
        return Change("create_table", name, line)
    if kind == "constraint":
        named = _NAMES.findall(rest)
        what = Change("add_check", name, line, detail=named[0] if named else "")
        what.kind = "add_check" if "check:" in rest else "other"
        if "exclude:" in rest:
            what.detail = "EXCLUDE"
        return what
    listed = _LIST.search(rest)
    titles = _NAMES.findall(listed.group(1)) if listed else _NAMES.findall(rest)[:1]
    named_as = re.search(r"name:\s*[:\"'](\w+)", rest)
    unique = kind == "unique_index" or "unique: true" in rest
    change = Change("add_index", name, line, [ColumnChange(title) for title in titles], unique=unique)
    change.detail = named_as.group(1) if named_as else "_".join([name, *titles, "index"])
    return change


def _column(said: re.Match[str], table: Change | None, altered: str, line: int) -> Iterator[Change]:
    verb, title, rest = said.groups()
    column = ColumnChange(title, "", line, nullable="null: false" not in rest)
    kind = _TYPE.match(rest.strip())
    column.type = (kind.group(1) or kind.group(2)) if kind else ""
    column.primary = "primary_key: true" in rest
    column.default = "default:" in rest
    if tie := _REFERENCES.search(rest):
        column.references, column.type = tie.group(1), "bigint"
        rule = re.search(r"on_delete:\s*:?\{?:?(\w+)", tie.group(2))
        column.on_delete = _RULES.get(rule.group(1), rule.group(1).upper()) if rule else ""
    if table is not None:
        table.columns.append(column)
    elif altered and verb.startswith("add"):
        yield Change("add_column", altered, line, [column])
    elif altered:
        yield Change("alter_type", altered, line, [column])
        if "null: false" in rest:
            yield Change("set_not_null", altered, line, [ColumnChange(title)])
        elif "null: true" in rest:
            yield Change("alter_column", altered, line, [ColumnChange(title)], detail="DROP NOT NULL")
        if column.references:
            tied = Change("add_foreign_key", altered, line, [ColumnChange(title)], references=column.references)
            tied.on_delete = column.on_delete
            yield tied


def _statement(lines: list[str], number: int, run: re.Match[str]) -> tuple[str, int]:
    """The SQL that is run, and the line behind it."""
    opened, rest = run.groups()
    block = opened == '"""' or (not opened and number < len(lines) and lines[number].strip() == '"""')
    if block:
        start = number if opened == '"""' else number + 1
        end = start
        while end < len(lines) and '"""' not in lines[end]:
            end += 1
        return "\n".join(lines[start:end]), min(end + 1, len(lines))
    return rest.partition('"')[0], number
