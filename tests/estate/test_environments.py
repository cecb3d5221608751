"""Which environments people depend on: one answer for every check that asks."""

from __future__ import annotations

import pytest

from orchestrator.estate.environments import for_people

STAGES = (
    *("dev", "development", "stg", "stage", "staging", "test", "testing", "qa", "uat", "sandbox", "preview", "demo"),
    *("nonprod", "non-prod", "preprod", "pre-prod", "local"),
)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("path", ["envs/{}/main.tf", "{}/main.tf", "infra/shop-{}.tf", "k8s/{}.yaml", "infra/{}_db.tf"])
def test_a_stage_is_for_nobody(stage, path):
    """
    Folder or file, each of these names says that nobody's data depends on it.
    """
    assert not for_people(path.format(stage))
    assert not for_people("main.tf", f"orders-{stage}")
    assert not for_people("main.tf", stage.upper())


@pytest.mark.parametrize(
    "path",
    [
        "envs/prod/main.tf",
        "production/main.tf",
        "live/eu/main.tf",
        "infra/main.tf",
        "attestation/latest.tf",
        "prod/test-data.tf",
    ],
)
def test_everything_else_is(path):
    """
    What says that it is for production, and what says nothing, counts.
    """
    assert for_people(path)
    assert for_people(path, "orders")
