"""The database-migrator agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, Brief, Exhibit, Finding, Migration, Migrations, Operation, checks_of

from . import backups, constraints, input_validation, migration_runs, migrations, restores, zero_downtime
from ._breaking import breaks, met
from ._risk import counted, lock, on_live_tables, undo


class DatabaseMigrator(Agent):
    """Schema changes are safe, and each has a way back."""

    id = "database-migrator"
    criteria = ("DAT-6.1.*", "DAT-6.2.*", "DAT-6.3.*")
    checks = checks_of(backups, restores, migrations, zero_downtime, migration_runs, constraints, input_validation)

    async def review(self, brief: Brief) -> list[Finding]:
        """Run the checks; where plans are wanted, add the plan of the newest migrations and of their undo."""
        if brief.rehearse:
            plan = migration_plan(brief[Migrations])
            if plan is not None:
                brief.show(plan)
        return await brief.judge(self.checks)


MAX_ROWS = 60


def migration_plan(found: Migrations) -> Exhibit | None:
    """The newest migrations in the order they apply, then their undo in the reverse order; None without any."""
    newest = found.newest()
    if not newest:
        return None
    rows = [row for number, migration in enumerate(newest, 1) for row in _forward(number, migration)][:MAX_ROWS]
    rows += [_back(number, migration) for number, migration in reversed(list(enumerate(newest, 1)))][:MAX_ROWS]
    return Exhibit(
        title="Migration plan",
        note=f"{counted(newest, found)}, oldest first, then their undo. Which are pending only the database knows.",
        columns=("Step", "Migration", "Change", "Lock", "Risk"),
        rows=tuple(rows),
    )


def _forward(number: int, migration: Migration) -> list[tuple[str, ...]]:
    live = {id(o) for o in on_live_tables(migration)}
    seen = {id(o) for o in met(migration)}
    rows: list[tuple[str, ...]] = []
    for operation in migration.operations:
        target = ".".join(part for part in (operation.table, operation.column) if part)
        risk = breaks(operation)[0] if id(operation) in seen else ""
        taken = lock(operation) if id(operation) in live else "none (new table)"
        change = " ".join(part for part in (operation.kind.replace("_", " "), target or operation.detail) if part)
        rows.append((f"{number}", migration.path, change, taken, risk))
    return rows or [(f"{number}", migration.path, "no change of the schema", "none", "")]


def _back(number: int, migration: Migration) -> tuple[str, ...]:
    place = migration.down_path or (
        f"{migration.path}:{migration.down_line}" if migration.down_line else migration.path
    )
    if migration.reversible is False:
        return (f"undo {number}", place, "no way back: restore from a backup", "", "irreversible")
    steps = [_step_back(o, migration) for o in reversed(migration.operations)]
    text = "; ".join(dict.fromkeys(s for s in steps if s)) or "nothing to undo"
    known = "" if migration.reversible else "no undo script; by hand"
    return (f"undo {number}", place, text[:300], "", known)


def _step_back(operation: Operation, migration: Migration) -> str:
    if migration.reversible and operation.kind in ("run_sql", "run_code"):
        return "run its own reverse"
    return undo(operation)
