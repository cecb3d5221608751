"""Tells which triggers and exclusion constraints still stand as they were made, after all migrations."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator import Migration, Migrations, Operation, Schema, Source

_RULES = ("CREATE TRIGGER", "EXCLUDE", "ExclusionConstraint")
_TAKEN_BACK = ("DROP TRIGGER", "DISABLE TRIGGER")


@dataclass(frozen=True)
class Rule:
    """One rule of the database, and what a later migration does that may have ended it."""

    at: Source
    ended: Source | None = None


def rules(schema: Schema, migrations: Migrations) -> list[Rule]:
    """Each rule that SQL or a migration makes, with what came after it."""
    made = {
        (migration.path, operation.line): Rule(migration.at(operation), _ended(migration, operation, migrations))
        for migration in migrations.files
        for operation in migration.operations
        if operation.detail in _RULES
    }
    declared = [Rule(place) for place in schema.rules if (place.path, place.line) not in made]
    return [*declared, *made.values()]


def _ended(made_by: Migration, rule: Operation, migrations: Migrations) -> Source | None:
    """Where a migration after *made_by* drops *rule*, its table or its like, or puts another routine under it."""
    for migration in migrations.files:
        if migration.group == made_by.group and migration.position > made_by.position:
            for operation in migration.operations:
                if _ends(operation, rule):
                    return migration.at(operation)
    return None


def _ends(operation: Operation, rule: Operation) -> bool:
    if "FUNCTION" in operation.detail or "PROCEDURE" in operation.detail:
        return rule.detail == "CREATE TRIGGER" and operation.kind in ("replace_object", "drop_object")
    on_its_table = operation.table.lower() == rule.table.lower()
    return on_its_table and (operation.kind in ("drop_constraint", "drop_table") or operation.detail in _TAKEN_BACK)
