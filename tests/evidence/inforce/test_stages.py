"""One answer to whether a name is that of production, whoever asks."""

from __future__ import annotations

import pytest
from orchestrator.evidence.inforce.stages import holds_stage, is_backstage, is_production, named_stage, stage

STAGES = [
    ("prod", True),
    ("production", True),
    ("PRD", True),
    ("live", True),
    ("infra/prod/main.tf", True),
    ("prod-eu.tfvars", True),
    ("values_production.yaml", True),
    ("shop.prod.example", True),
    ("clusters/production/local-path", True),
    ("staging", False),
    ("stage", False),
    ("stg", False),
    ("dev", False),
    ("qa", False),
    ("uat", False),
    ("sandbox", False),
    ("demo", False),
    ("test", False),
    ("preview", False),
    ("local", False),
    ("ci", False),
    ("nonprod", False),
    ("non-prod", False),
    ("accounts/non-production/x", False),
    ("pre-prod", False),
    ("pre_prod", None),
    ("preprod", False),
    ("live/dev/main.tf", False),
    ("main", None),
    ("product", None),
    ("olive", None),
    ("device", None),
    ("", None),
]


@pytest.mark.parametrize(("name", "expected"), STAGES)
def test_stage(name: str, expected: bool | None) -> None:
    """
    Production is named in plain words; ``live`` means it where nothing else is named.
    """
    assert expected is stage(name)
    assert (expected is True, expected is False) == (is_production(name), is_backstage(name))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("prod", True), ("Live", True), ("staging", False), ("non-prod", False), ("prod-eu", None), ("blue", None)],
)
def test_nothing_but_a_stage(name: str, expected: bool | None) -> None:
    """
    A whole name of an environment.
    """
    assert expected is named_stage(name)


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("env", True),
        ("environment", True),
        ("aws_environment", True),
        ("stage_name", True),
        ("size", False),
        ("envoy", False),
    ],
)
def test_variables(variable: str, expected: bool) -> None:
    """
    What holds such a name.
    """
    assert expected is holds_stage(variable)
