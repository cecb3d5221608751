"""What database-migrator's plan says: the way forward in order, and the way back in reverse."""

from __future__ import annotations

import importlib

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.migrations import Migrations

agent = importlib.import_module("orchestrator.agents.database_migrator.agent")

FILES = {
    "db/migrations/9_a.up.sql": "CREATE TABLE a (id int);\nCREATE INDEX i ON a (id);",
    "db/migrations/9_a.down.sql": "DROP TABLE a;",
    "db/migrations/10_b.up.sql": "ALTER TABLE a RENAME COLUMN id TO key;\nUPDATE a SET key = 1;",
}


def plan(files):
    return agent.migration_plan(facts_of(files)[Migrations])


def test_forward_then_back():
    """
    Steps go up in the order they apply, and their undo comes down in the reverse order; nothing depends on chance.
    """
    up, down = "db/migrations/9_a.up.sql", "db/migrations/9_a.down.sql"
    later = "db/migrations/10_b.up.sql"

    assert (
        ("1", up, "create table a", "none (new table)", ""),
        ("1", up, "add index a.id", "none (new table)", ""),
        ("2", later, "rename column a.id", "for an instant", "renames column id of a"),
        ("2", later, "run sql a", "depends on the rows", ""),
        ("undo 2", later, "no way back: restore from a backup", "", "irreversible"),
        ("undo 1", down, "drop the index on a; drop table a", "", ""),
    ) == plan(FILES).rows
    assert plan(FILES) == plan(dict(reversed(FILES.items())))


def test_no_migrations_no_plan():
    """
    Without migrations there is no plan to show.
    """
    assert plan({"a.py": "1"}) is None
