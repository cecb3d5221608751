"""The published schemas describe what is really read and written."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from orchestrator.formats.yaml import load
from orchestrator.setting_up import starter
from tests.cli.command import gonogo
from tests.repositories import SHOP, repository

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


def schema(name: str) -> dict:  # type: ignore[type-arg]
    found: dict = json.loads((SCHEMAS / name).read_text())  # type: ignore[type-arg]
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def test_the_verdict_document(tmp_path):
    """
    What `--format json` prints is valid by the published schema.
    """
    shop = repository(tmp_path / "shop", SHOP)
    result = gonogo(tmp_path, "review", str(shop), "--format", "json").json

    jsonschema.validate(result, schema("verdict-1.json"))


class TestReadiness:
    def test_what_init_writes(self, tmp_path):
        """
        The starter file is valid.
        """
        jsonschema.validate(
            load(starter(repository(tmp_path / "shop", SHOP)).encode()).body, schema("readiness-1.json")
        )

    @pytest.mark.parametrize(
        "text",
        [
            "polciy: {}",
            "waivers: [{criterion: SEC-2.2.1, owner: d, reason: r}]",
            "profile: {databse: yes}",
            "thresholds: {score: 101}",
        ],
    )
    def test_what_is_refused(self, text):
        """
        The schema refuses what the command refuses.
        """
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(load(text.encode()).body, schema("readiness-1.json"))
