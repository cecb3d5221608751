"""Settles what several statements of one text come to together."""

from __future__ import annotations

from collections.abc import Sequence

from .changes import Change


def settle(changes: Sequence[Change]) -> None:
    """
    Mark what the text takes back, and tell what it puts in the place of something of the same name.

    What is done to a table from where it is made to where it is dropped again is undone. A table that is copied,
    dropped and given the copy in its place, as SQLite wants it, is rebuilt. What is dropped and made again is replaced.
    """
    _gone(changes)
    _rebuilt([change for change in changes if not change.undone])
    _replaced([change for change in changes if not change.undone])


def _gone(changes: Sequence[Change]) -> None:
    since: dict[str, list[Change]] = {}
    for change in changes:
        table = change.table.lower()
        if change.kind == "create_table":
            since[table] = [change]
        elif table in since:
            since[table].append(change)
            if change.kind == "drop_table":
                for one in since.pop(table):
                    one.undone = "is dropped again further down"
    for left in since.values():
        if left[0].temporary:
            for one in left:
                one.undone = "is gone with its session"


def _rebuilt(changes: Sequence[Change]) -> None:
    made = {change.table.lower(): change for change in changes if change.kind == "create_table"}
    dropped = {change.table.lower(): change for change in changes if change.kind == "drop_table"}
    for change in changes:
        copy, old = made.get(change.table.lower()), dropped.get(change.detail.lower())
        if change.kind == "rename_table" and copy is not None and old is not None:
            former = change.detail
            for one in changes:
                if one.table.lower() == copy.table.lower() and one is not copy:
                    one.table = former
            copy.kind, copy.table = "rebuild_table", former
            old.undone = change.undone = "is rebuilt in its place"


def _replaced(changes: Sequence[Change]) -> None:
    dropped: dict[tuple[str, str], Change] = {}
    for change in changes:
        name = change.table.lower()
        if change.kind in ("drop_object", "drop_table"):
            dropped[change.detail.removeprefix("DROP "), name] = change
        elif change.kind == "other" and (former := dropped.pop((change.detail.removeprefix("CREATE "), name), None)):
            former.undone, change.kind = "is made anew further down", "replace_object"
        elif change.kind == "create_table" and (former := dropped.pop(("", name), None)) and former.tolerant:
            former.undone, change.kind = "is made anew further down", "remake_table"
