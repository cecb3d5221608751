"""Reads Rails' migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ...errors import FormatError
from ..ddl import ColumnChange, read_sql
from ..tree import SourceFile
from . import lines as by_line
from .called import Called, Calls
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_PATH = re.compile(r"(^|/)db/(\w+_)?migrate/(?:[^/]+/)*(\d+)_(\w+)\.rb$")
_CLASS = re.compile(r"^\s*class\s+\S+\s*<\s*\S*Migration", re.MULTILINE)
_NO_TRANSACTION = re.compile(r"^\s*disable_ddl_transaction!", re.MULTILINE)
_KINDS = {
    "create_table": "create_table",
    "create_join_table": "create_table",
    "create_virtual_table": "create_table",
    "drop_table": "drop_table",
    "drop_join_table": "drop_table",
    "rename_table": "rename_table",
    "add_column": "add_column",
    "add_columns": "add_column",
    "add_timestamps": "add_column",
    "add_references": "add_column",
    "add_reference": "add_column",
    "add_belongs_to": "add_column",
    "remove_column": "drop_column",
    "remove_columns": "drop_column",
    "remove_reference": "drop_column",
    "remove_references": "drop_column",
    "remove_belongs_to": "drop_column",
    "remove_timestamps": "drop_column",
    "rename_column": "rename_column",
    "change_column": "alter_type",
    "change_column_null": "set_not_null",
    "change_column_default": "alter_column",
    "add_index": "add_index",
    "add_concurrent_index": "add_index",
    "remove_index": "drop_index",
    "add_foreign_key": "add_foreign_key",
    "add_concurrent_foreign_key": "add_foreign_key",
    "remove_foreign_key": "drop_constraint",
    "add_check_constraint": "add_check",
    "add_exclusion_constraint": "add_check",
    "add_unique_constraint": "add_unique",
    "remove_check_constraint": "drop_constraint",
    "remove_unique_constraint": "drop_constraint",
    "remove_exclusion_constraint": "drop_constraint",
}
_IN_TABLE = {
    "rename": "rename_column",
    "remove": "remove_columns",
    "change": "change_column",
    "change_default": "change_column_default",
    "change_null": "change_column_null",
    "index": "add_index",
    "remove_index": "remove_index",
    "references": "add_reference",
    "belongs_to": "add_reference",
    "remove_references": "remove_reference",
    "remove_belongs_to": "remove_reference",
    "timestamps": "add_timestamps",
    "remove_timestamps": "remove_timestamps",
    "foreign_key": "add_foreign_key",
    "remove_foreign_key": "remove_foreign_key",
    "check_constraint": "add_check_constraint",
    "remove_check_constraint": "remove_check_constraint",
    "unique_constraint": "add_unique_constraint",
}
"""What a ``change_table`` calls by a shorter name."""
_ROWS = frozenset({
    "update_all", "delete_all", "find_each", "update", "update!", "update_columns", "save", "save!", "create",
    "create!", "destroy_all", "insert_all", "upsert_all", "in_batches", "find_in_batches", "update_column", "destroy",
})  # fmt: skip
_ASKS_NOTHING = frozenset({
    "enable_extension", "validate_foreign_key", "validate_check_constraint", "validate_constraint", "rename_index",
    "say", "say_with_time", "safety_assured", "reversible", "up", "down", "up_only", "puts", "print", "create_enum",
    "add_enum_value", "suppress_messages", "with_lock_retries", "column_exists?", "table_exists?", "index_exists?",
    "foreign_key_exists?", "index_name_exists?", "create_schema", "set_lock_timeout", "transaction", "raise",
    "change_table_comment", "change_column_comment", "reset_column_information", "connection", "t", "dir", "quote",
    "select_value", "select_values", "select_all", "extension_enabled?", "disable_ddl_transaction!", "sleep", "require",
    "data_source_exists?", "constraint_exists?", "check_constraint_exists?", "sql", "nil", "true", "false",
})  # fmt: skip


_NO_MODELS = frozenset({
    "ActiveRecord", "ActiveSupport", "Arel", "Array", "Benchmark", "BigDecimal", "Class", "Date", "DateTime",
    "Digest", "Dir", "ENV", "File", "Float", "GC", "Hash", "I18n", "Integer", "JSON", "Kernel", "Logger",
    "Pathname", "Process", "Rails", "Regexp", "SecureRandom", "Set", "String", "Struct", "Thread", "Time",
    "URI", "YAML",
})  # fmt: skip
"""Constants that are neither a model nor anything else of the application."""


def wants(path: str) -> bool:
    return bool(_PATH.search(path))


def read(source: SourceFile) -> ParsedMigration:
    """
    The migration of a file under ``db/migrate``.

    Raises:
        FormatError: It defines neither ``change`` nor ``up``, or its syntax cannot be read.
    """
    found = _PATH.search(source.path)
    version = found.group(3) if found else ""
    if not _CLASS.search(source.text):
        raise FormatError("no class here inherits from a Migration")
    calls = Calls(source)
    name = "change" if calls.line("change") else "up"
    if not calls.line(name):
        raise FormatError("neither change nor up is defined")
    written = f"{version[:4]}-{version[4:6]}-{version[6:8]}" if len(version) == 14 else ""
    title = f"{version}_{found.group(4)}" if found else ""
    migration = ParsedMigration(source.path, "rails", title, calls.line(name), written=written)
    migration.note = by_line.note(source.lines, ("#",))
    reader = _Reader(calls, name == "change")
    migration.steps = reader.steps(name)
    for step in migration.steps:
        if step.concurrently:
            step.transaction = not _NO_TRANSACTION.search(source.text)
    if name == "change":
        migration.reversible = all(step.reversible is not False for step in migration.steps)
    else:
        migration.down_line = calls.line("down")
        migration.back = _Reader(calls, change=False).steps("down")
        back = calls.statements("down")
        migration.reversible = bool(back) and not any("IrreversibleMigration" in line for line in back)
    return migration


class _Reader:
    """
    What the methods of one migration do.

    Args:
        calls: The file.
        change: Whether Rails itself is to reverse it.
    """

    def __init__(self, calls: Calls, change: bool) -> None:
        self._calls = calls
        self._followed: set[str] = set()
        top = calls.of("change") if change else []
        self._sure = True if change and not any(c.name in ("reversible", "up_only") for c in top) else None
        """What is to be said of a step that Rails can reverse."""

    def steps(self, method: str) -> list[Step]:
        """The steps of *method* and of those of this file that it calls."""
        self._followed.add(method)
        found: list[Step] = []
        for called in self._calls.of(method):
            found.extend(self._of(called))
        return found[:MAX_OPERATIONS]

    def _never(self) -> bool | None:
        """What is to be said of a step that Rails cannot reverse."""
        return False if self._sure else None

    def _of(self, called: Called) -> Iterator[Step]:
        if called.name == "connection" and called.chain:
            first, *others = called.chain
            called = replace(first, owner="", chain=others)
        name = called.name
        below = [*called.inner, *(called.block or ())]
        if name == "change_table":
            yield from self._altered(called)
            return
        if name == "down" and called.owner:
            return
        if name in _KINDS and called.owner in ("", "self", "connection", "ActiveRecord::Base.connection"):
            yield from self._kind(called, _KINDS[name])
            return
        if name == "execute":
            text = next(iter(called.words), "")
            yield from steps_of(read_sql(text, called.line), self._never()) or [
                Step("run_sql", line=called.line, reversible=self._never())
            ]
            return
        rows = next((link for link in (called, *called.chain) if link.name in _ROWS), None)
        if rows is not None:
            yield Step("run_code", line=rows.line, detail=rows.name, reversible=self._never())
        elif not called.owner and name in self._calls.functions:
            if name not in self._followed:
                yield from self.steps(name)
        elif not called.owner and name not in _ASKS_NOTHING and name[:1].islower():
            yield Step("unknown", line=called.line, detail=name, reversible=self._sure)
        elif called.owner[:1].isupper() and called.owner.partition("::")[0].partition(".")[0] not in _NO_MODELS:
            yield Step("run_code", line=called.line, detail=f"{called.owner[:60]}.{name}", reversible=self._sure)
        for one in below:
            yield from self._of(one)

    def _altered(self, called: Called) -> Iterator[Step]:
        table = next(iter(called.words), "")
        for one in called.block or ():
            given: list[object] = [table, *one.given]
            name = _IN_TABLE.get(one.name, "")
            if not (one.owner and called.is_told(one)):
                yield from self._of(one)
            elif name:
                yield from self._kind(Called(name, "", one.line, given, one.named), _KINDS[name])  # type: ignore[arg-type]  # a table's name goes before
            elif one.words:
                for title in one.words:
                    yield self._added(table, title, one)
            else:
                yield Step("unknown", table, line=one.line, detail=one.name, reversible=self._sure)

    def _added(self, table: str, title: str, called: Called) -> Step:
        step = Step("add_column", table, title, called.line, type=_sized(called.name, called), reversible=self._sure)
        step.nullable = called.named.get("null") is not False
        step.default = called.named.get("default") is not None
        return step

    def _kind(self, called: Called, kind: str) -> Iterator[Step]:
        name, words, line, named = called.name, called.words, called.line, called.named
        table = words[0] if words else ""
        step = Step(kind, table, words[1] if len(words) > 1 else "", line, reversible=self._sure)
        if kind == "create_table":
            yield self._made(step, called)
        elif kind == "drop_table":
            step.column = ""
            step.reversible = self._sure and called.block is not None
            yield step
        elif kind == "rename_table":
            step.detail, step.column = step.column, ""
            yield step
        elif kind == "add_column":
            yield from self._columns(step, called)
        elif kind == "drop_column":
            yield from self._dropped(step, called)
        elif kind == "rename_column":
            step.detail = words[2] if len(words) > 2 else ""
            yield step
        elif name == "change_column":
            step.type, step.reversible = _sized(words[2] if len(words) > 2 else "", called), self._never()
            step.nullable = null if isinstance(null := named.get("null"), bool) else None
            yield step
        elif name == "change_column_null":
            closing = any(value is False for value in called.given[2:3])
            step.kind, step.nullable = ("set_not_null" if closing else "alter_column"), not closing
            yield step
        elif name == "change_column_default":
            dropped = named["to"] is None if "to" in named else called.given[2:3] == [None]
            step.kind = "drop_default" if dropped else "alter_column"
            step.default = None if dropped else True
            step.reversible = ("from" in named) if self._sure else None
            yield step
        else:
            yield self._rule(step, called)

    def _made(self, step: Step, called: Called) -> Step:
        step.column = ""
        for one in called.block or ():
            if (
                one.owner
                and called.is_told(one)
                and one.name not in ("index", "check_constraint", "foreign_key", "unique_constraint")
            ):
                for title in one.words or (["created_at", "updated_at"] if one.name == "timestamps" else []):
                    column = ColumnChange(title, _sized(one.name, one), one.line)
                    column.nullable = one.named.get("null") is not False and one.name != "timestamps"
                    column.default = one.named.get("default") is not None
                    step.columns.append(column)
        return step

    def _columns(self, step: Step, called: Called) -> Iterator[Step]:
        words, named = called.words, called.named
        titles = words[1:] if called.name == "add_columns" else words[1:2]
        if called.name == "add_timestamps":
            titles = ["created_at"]
        elif "reference" in called.name or "belongs_to" in called.name:
            titles = [f"{title}_id" for title in titles]
        step.type = _sized(words[2], called) if len(words) > 2 and called.name == "add_column" else ""
        step.nullable, step.default = named.get("null") is not False, named.get("default") is not None
        for title in titles or [step.column]:
            found = Step("add_column", step.table, title, step.line, type=step.type, reversible=self._sure)
            found.nullable, found.default = step.nullable, step.default
            yield found

    def _dropped(self, step: Step, called: Called) -> Iterator[Step]:
        words, named, name = called.words, called.named, called.name
        titles = words[1:] if name == "remove_columns" else words[1:2]
        typed = "type" in named or (name == "remove_column" and len(words) > 2) or name not in _NEED_TYPES
        if name == "remove_timestamps":
            titles = ["created_at"]
        for title in titles or [step.column]:
            yield Step("drop_column", step.table, title, step.line, reversible=self._sure and typed)

    def _rule(self, step: Step, called: Called) -> Step:
        named = called.named
        step.column = ", ".join(called.listed(1))
        if step.kind in ("add_index", "drop_index"):
            step.concurrently = named.get("algorithm") == "concurrently" or called.name == "add_concurrent_index"
            if step.kind == "drop_index":
                by_name = "name" in named and "column" not in named and not step.column
                step.column, step.reversible = "", (self._never() if by_name and self._sure else self._sure)
            elif named.get("unique") is True:
                step.kind = "add_unique"
        elif step.kind in ("add_foreign_key", "add_check"):
            step.column = str(named.get("column") or "") if step.kind == "add_foreign_key" else ""
            step.not_valid = named.get("validate") is False or called.name == "add_concurrent_foreign_key"
        elif step.kind == "drop_constraint":
            step.column = ""
        return step


_NEED_TYPES = ("remove_column", "remove_columns")


def _sized(kind: str, called: Called) -> str:
    """A type with the size that it is given: ``string(40)``."""
    named = called.named
    sizes = [named[word] for word in ("limit", "precision", "scale") if word in named]
    digits = [size for size in sizes if isinstance(size, str) and size.isdigit()]
    return f"{kind}({','.join(digits)})" if digits and kind else kind
