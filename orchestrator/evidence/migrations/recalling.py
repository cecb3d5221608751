"""Walks through the history of one folder's migrations: what each change of a column or a table meets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..ddl import ColumnChange
from .parsed import ParsedMigration, Step


@dataclass(slots=True)
class _Column:
    """What is known of a column so far."""

    type: str = ""
    nullable: bool | None = None
    default: bool | None = None
    unique: bool = False


@dataclass(slots=True)
class _Known:
    """Tables with their columns, and the names of everything else that was made."""

    tables: dict[str, dict[str, _Column]] = field(default_factory=dict)
    objects: set[str] = field(default_factory=set)
    back: dict[tuple[str, str], Step] = field(default_factory=dict)
    """The way back of the migration that is looked at, by table and column."""

    def column(self, step: Step) -> _Column | None:
        """A column as it was made, else as the migration's own way back restores it."""
        made = self.tables.get(step.table.lower(), {}).get(step.column.lower())
        if made is None and (back := self.back.get((step.table.lower(), step.column.lower()))):
            return _Column(back.type if back.kind == "alter_type" else "", back.nullable, unique=back.unique)
        return made

    def keep(self, table: str, columns: Iterable[ColumnChange]) -> None:
        self.tables[table.lower()] = {c.title.lower(): _declared(c) for c in columns}


def recall(ordered: Sequence[ParsedMigration]) -> None:
    """Note at each change what it changes, and take apart those that come to several for what there was before."""
    known = _Known()
    for migration in ordered:
        known.back = {(step.table.lower(), step.column.lower()): step for step in migration.back if step.column}
        migration.steps = [now for step in migration.steps for now in _recalled(step, known)]


def _recalled(step: Step, known: _Known) -> Iterator[Step]:
    act = _ACTS.get(step.kind)
    if act is None:
        yield step
    else:
        yield from act(step, known)


def _declared(column: ColumnChange) -> _Column:
    return _Column(column.type, column.nullable, column.default, column.unique or column.primary)


def _create(step: Step, known: _Known) -> Iterator[Step]:
    known.keep(step.table, step.columns)
    yield step


def _remake(step: Step, known: _Known) -> Iterator[Step]:
    """A table that is dropped, where it is there, and made: only what was there is lost."""
    was = step.table.lower() in known.tables
    known.keep(step.table, step.columns)
    if was:
        yield replace(step, kind="drop_table", columns=[])
    yield replace(step, kind="create_table")


def _rebuild(step: Step, known: _Known) -> Iterator[Step]:
    """A table that is copied and put in place again: what its columns have become."""
    before = known.tables.get(step.table.lower())
    known.keep(step.table, step.columns)
    if not before:
        yield replace(step, kind="unknown", detail="a table that is made anew", columns=[])
        return
    now = {column.title.lower() for column in step.columns}
    for title in before.keys() - now:
        yield Step("drop_column", step.table, title, step.line, reversible=step.reversible)
    for column in step.columns:
        old, new = before.get(column.title.lower()), _declared(column)
        one = Step("add_column", step.table, column.title, column.line or step.line, type=column.type)
        one.reversible, one.nullable, one.default = step.reversible, new.nullable, new.default
        if old is None:
            yield one
            continue
        if old.type.lower() != new.type.lower():
            yield replace(one, kind="alter_type", was=old.type, nullable=None, default=None)
        if old.nullable and new.nullable is False:
            yield replace(one, kind="set_not_null")
    yield replace(step, kind="other", detail="the table is made anew", columns=[])


def _drop(step: Step, known: _Known) -> Iterator[Step]:
    known.tables.pop(step.table.lower(), None)
    yield step


def _rename_table(step: Step, known: _Known) -> Iterator[Step]:
    if step.detail and (columns := known.tables.pop(step.table.lower(), None)) is not None:
        known.tables[step.detail.lower()] = columns
    yield step


def _add(step: Step, known: _Known) -> Iterator[Step]:
    column = _Column(step.type, step.nullable, step.default, step.unique)
    known.tables.setdefault(step.table.lower(), {})[step.column.lower()] = column
    yield step


def _drop_column(step: Step, known: _Known) -> Iterator[Step]:
    known.tables.get(step.table.lower(), {}).pop(step.column.lower(), None)
    yield step


def _rename_column(step: Step, known: _Known) -> Iterator[Step]:
    columns = known.tables.get(step.table.lower(), {})
    if step.detail and (column := columns.pop(step.column.lower(), None)):
        columns[step.detail.lower()] = column
    yield step


def _alter(step: Step, known: _Known) -> Iterator[Step]:
    """A column that is declared anew: its type, whether it may be NULL, whether it is unique, each by itself."""
    was = known.column(step) or _Column()
    step.was = step.was or was.type
    found = list(_altered(step, was))
    yield from found or [replace(step, kind="alter_column")]
    now = _Column(step.type or was.type, was.nullable if step.nullable is None else step.nullable)
    now.default = was.default if step.default is None else step.default
    now.unique = was.unique or step.unique
    known.tables.setdefault(step.table.lower(), {})[step.column.lower()] = now


def _altered(step: Step, was: _Column) -> Iterator[Step]:
    declared = step.kind == "alter_type"
    if step.was.lower() != step.type.lower() if step.was and step.type else declared:
        yield replace(step, kind="alter_type", nullable=None)
    if step.nullable is False and was.nullable:
        yield replace(step, kind="set_not_null", default=was.default or step.default)
    if step.unique and was.type and not was.unique:
        yield replace(step, kind="add_unique", concurrently=False)


def _close(step: Step, known: _Known) -> Iterator[Step]:
    was = known.column(step)
    if was is not None:
        step.default, was.nullable = was.default, False
    yield step


def _drop_default(step: Step, known: _Known) -> Iterator[Step]:
    was = known.column(step)
    if was is not None:
        step.nullable, was.default = was.nullable, False
    yield step


def _other(step: Step, known: _Known) -> Iterator[Step]:
    if step.detail.startswith("CREATE "):
        known.objects.add(f"{step.detail.removeprefix('CREATE ')} {step.table}".lower())
    yield step


def _replace(step: Step, known: _Known) -> Iterator[Step]:
    """``CREATE OR REPLACE`` of what nobody made before makes it."""
    name = f"{step.detail.removeprefix('CREATE ')} {step.table}".lower()
    new = name not in known.objects
    known.objects.add(name)
    yield replace(step, kind="other") if new else step


_ACTS: dict[str, Callable[[Step, _Known], Iterator[Step]]] = {
    "create_table": _create,
    "remake_table": _remake,
    "rebuild_table": _rebuild,
    "drop_table": _drop,
    "rename_table": _rename_table,
    "add_column": _add,
    "drop_column": _drop_column,
    "rename_column": _rename_column,
    "alter_type": _alter,
    "alter_column": _alter,
    "set_not_null": _close,
    "drop_default": _drop_default,
    "other": _other,
    "replace_object": _replace,
}
