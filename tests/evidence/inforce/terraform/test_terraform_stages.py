"""Which names in Terraform are those of production, and which variables hold one."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.terraform.stages import holds_stage, named_stage, stage


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("envs/prod.tfvars", True),
        ("prod-eu.tfvars", True),
        ("live/eu/main.tf", True),
        ("live/dev", False),
        ("staging", False),
        ("accounts/non-prod", False),
        ("infra/main.tf", None),
    ],
)
def test_paths(path, expected):
    """
    Files and folders say what they are for.
    """
    assert expected is stage(path)


@pytest.mark.parametrize(("name", "expected"), [("prod", True), ("staging", False), ("prod-eu", None), ("blue", None)])
def test_nothing_but_a_stage(name, expected):
    """
    A name that is compared with that of the environment is nothing but one.
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
def test_variables(variable, expected):
    """
    A variable that holds such a name is called so.
    """
    assert expected is holds_stage(variable)
