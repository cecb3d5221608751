"""A backup plan covers what its own selections name: in its folder, and of its cloud."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.estate._backup_plans import BackupPlans
from orchestrator.evidence.facts.infrastructure import Infrastructure

PLAN = (
    'resource "aws_backup_plan" "all" {\n  name = "all"\n  rule {\n    rule_name = "daily"\n'
    '    schedule = "cron(0 3 * * ? *)"\n  }\n}\n'
    'resource "aws_backup_selection" "all" {\n  plan_id   = aws_backup_plan.all.id\n  resources = [SELECTED]\n}\n'
)
DATABASE = 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n}\n'
ACCOUNT = 'resource "azurerm_cosmosdb_account" "main" {\n  name = "orders"\n}\n'


def selects(files: dict[str, str], kind: str, path: str) -> bool:
    """Whether a plan selects the resource of *kind* that *path* declares."""
    found = facts_of(files)[Infrastructure]
    assert isinstance(found, Infrastructure)
    block = next(block for block in found.of(kind) if block.path == path)
    return BackupPlans(found).of(block) is not None


@pytest.mark.parametrize(
    ("plan", "database", "selected"),
    [
        ("infra/backup.tf", "infra/db.tf", True),
        ("infra/backup.tf", "infra/eu/db.tf", False),
        ("backup.tf", "db.tf", True),
        ("a/backup.tf", "b/db.tf", False),
    ],
)
def test_names_mean_what_is_in_their_folder(plan: str, database: str, selected: bool) -> None:
    """
    A database of the same name in another folder is another one.
    """
    files = {plan: PLAN.replace("SELECTED", "aws_db_instance.main.arn"), database: DATABASE}

    assert selected == selects(files, "aws_db_instance", database)


def test_a_plan_of_another_folder_is_another() -> None:
    """
    A selection that names a plan which only another folder has selects by none.
    """
    plan, _, selection = PLAN.replace("SELECTED", "aws_db_instance.main.arn").partition('resource "aws_backup_sel')
    files = {"a/plan.tf": plan, "b/selection.tf": 'resource "aws_backup_sel' + selection, "b/db.tf": DATABASE}

    assert not selects(files, "aws_db_instance", "b/db.tf")


def test_everything_is_everything_of_its_cloud() -> None:
    """
    What selects all resources selects none of another provider.
    """
    files = {"a/backup.tf": PLAN.replace("SELECTED", '"*"'), "a/db.tf": DATABASE, "a/azure.tf": ACCOUNT}

    assert selects(files, "aws_db_instance", "a/db.tf")
    assert not selects(files, "azurerm_cosmosdb_account", "a/azure.tf")
