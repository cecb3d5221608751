"""Gives migrations their place among their neighbours: order, the file that undoes one, former types."""

from __future__ import annotations

import heapq
import re
from collections.abc import Sequence

from .parsed import ParsedMigration
from .undoing import undoes

_DIGITS = re.compile(r"(\d+)")
_PAIRED_BY_RULE = frozenset({"golang-migrate", "diesel"})


def group_of(migration: ParsedMigration) -> str:
    """The folder whose migrations follow each other."""
    folder = migration.path.rpartition("/")[0]
    return folder.rpartition("/")[0] if migration.framework in ("prisma", "diesel") else folder


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts ``V9`` before ``V10``."""
    return tuple((0, int(part[:60]), "") if part.isdigit() else (1, 0, part) for part in _DIGITS.split(text) if part)


def in_order(migrations: Sequence[ParsedMigration]) -> list[ParsedMigration]:
    """One folder's migrations as they apply: by what each says it comes after, then by name."""
    ordered = sorted(
        enumerate(migrations), key=lambda item: (item[1].direction == "repeatable", natural(item[1].path), item[0])
    )
    listed = [migration for _, migration in ordered]
    if not any(m.after for m in listed):
        return listed
    place = {m.id: number for number, m in enumerate(listed)}
    waits = {n: {place[a] for a in m.after if a in place and place[a] != n} for n, m in enumerate(listed)}
    follows: dict[int, list[int]] = {}
    for number, before in waits.items():
        for earlier in before:
            follows.setdefault(earlier, []).append(number)
    ready = [n for n, before in waits.items() if not before]
    heapq.heapify(ready)
    found: list[int] = []
    while ready:
        number = heapq.heappop(ready)
        found.append(number)
        for later in follows.get(number, ()):
            waits[later].discard(number)
            if not waits[later]:
                heapq.heappush(ready, later)
    done = set(found)
    return [listed[n] for n in [*found, *(n for n in range(len(listed)) if n not in done)]]


def pair(migrations: Sequence[ParsedMigration]) -> dict[str, str]:
    """Settle which file undoes which; path of a migration to the path of its undo."""
    downs = {m.pair: m for m in migrations if m.direction == "down"}
    folders = {group_of(m) for m in downs.values()}
    found = {}
    for migration in migrations:
        if migration.direction == "repeatable":
            migration.reversible = True
        if migration.direction != "up" or not migration.pair:
            continue
        down = downs.get(migration.pair)
        if down is not None:
            found[migration.path] = down.path
            migration.reversible = not migration.steps or undoes(down.steps, migration.steps)
        elif migration.framework in _PAIRED_BY_RULE or group_of(migration) in folders:
            migration.reversible = not migration.steps
    return found
