"""How a list of types answers: by kinds, by settings and parts, by the first name that is written."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.estate.typed import Typed
from orchestrator.evidence.facts.infrastructure import Block, Infrastructure

TRAIL = """resource "aws_cloudtrail" "a" {
  enable_logging = false
  event_selector {
    read_write_type = "ReadOnly"
  }
  event_selector {
    read_write_type = "All"
  }
}
"""
SITES = """resource "azurerm_linux_web_app" "a" {
  https_only = var.https
  site_config {
    min_tls_version = "1.0"
  }
}
resource "azurerm_windows_web_app" "b" {
  site_config {
    minimum_tls_version = "1.2"
  }
}
"""


def told(text: str, file: str = "main.tf") -> Infrastructure:
    infrastructure = facts_of({file: text})[Infrastructure]
    assert isinstance(infrastructure, Infrastructure)
    return infrastructure


def first(text: str) -> Block:
    return told(text).blocks[0]


class TestAnswers:
    def test_only_some_kinds(self) -> None:
        infrastructure = told('resource "aws_cloudtrail" "a" {}\nresource "vault_audit" "b" {}\n')
        trail, device = infrastructure.blocks
        trails = Typed("resources/audit-trails")

        assert [trail, device] == trails.among(infrastructure) == trails.among(infrastructure, "device", "trail")
        assert ([trail], [device], []) == tuple(trails.among(infrastructure, k) for k in ("trail", "device", "else"))

    def test_a_row_with_a_star_finds_what_is_there(self) -> None:
        """
        What nobody can list is looked up among the types that are declared, and asked for by its own name.
        """
        infrastructure = told(
            'resource "google_pubsub_topic_iam_member" "a" {}\nresource "google_pubsub_topic" "b" {}\n'
            'data "google_project_iam_member" "c" {}\n'
        )
        grants = Typed("resources/grants")
        member, topic, data = infrastructure.blocks

        assert [member] == grants.among(infrastructure, "member")
        assert [True, False, True] == [block in grants for block in (member, topic, data)]
        assert "google_pubsub_topic_iam_member" in infrastructure.sought
        assert not [name for name in infrastructure.sought if "*" in name]

    def test_settings_values_and_places(self) -> None:
        trails, trail = Typed("resources/audit-trails"), first(TRAIL)

        assert (False, 2) == (trails.says(trail, "runs").value, trails.says(trail, "runs").at.line)
        assert (False, 2) == (trails.value(trail, "runs"), trails.place(trail, "runs").line)
        assert (False, 1) == (trails.says(trail, "digests").value, trails.place(trail, "digests").line)
        assert trails.value(trail, "digests") is None
        assert (True, False) == (trails.tells(trail, "digests"), trails.tells(trail, "changes"))
        assert (None, 1) == (trails.says(trail, "changes").value, trails.place(trail, "changes").line)
        assert ("enable_logging", "event_selector", "") == tuple(
            trails.spelt(trail, what) for what in ("runs", "selectors", "changes")
        )

    def test_parts(self) -> None:
        """
        Of several nested blocks each is a part, which says what the rows lead to within it.
        """
        trails, trail = Typed("resources/audit-trails"), first(TRAIL)
        parts = trails.parts(trail, "selectors")

        assert ["ReadOnly", "All"] == [trails.within(trail, part, "selects") for part in parts]
        assert [] == trails.parts(trail, "runs") == trails.parts(trail, "changes")
        assert [parts[0]] == trails.parts(trail, "selectors", {"event_selector": parts[0]})

    def test_the_first_of_several_names_that_is_written(self) -> None:
        carriers, infrastructure = Typed("resources/carriers"), told(SITES)
        old, new = infrastructure.blocks

        assert ("1.0", "1.2") == (carriers.value(old, "tls"), carriers.value(new, "tls"))
        assert ("min_tls_version", "minimum_tls_version") == (carriers.spelt(old, "tls"), carriers.spelt(new, "tls"))
        assert (4, 9) == (carriers.place(old, "tls").line, carriers.place(new, "tls").line)
        assert ("site_config", "minimum_tls_version") == carriers.at(old, "tls")
        assert (None, False) == (carriers.says(old, "https").value, carriers.says(new, "https").value)

    @pytest.mark.parametrize(
        ("value", "labels"),
        [
            ("aws_s3_bucket.a.id", ["a"]),
            ("${aws_s3_bucket.a.arn}/*, ${alicloud_oss_bucket.b-1.id}", ["a", "b-1"]),
            ("data.google_iam_policy.all.policy_data", ["all"]),
            ("module.aws_s3_bucket.id", []),
            ("aws_sqs_queue.a.id", []),
            ({"!Ref": "Data"}, ["Data"]),
            ({"Ref": "Data"}, ["Data"]),
            ({"!GetAtt": "Data.Arn"}, []),
            (None, []),
            (7, []),
        ],
    )
    def test_named(self, value: object, labels: list[str]) -> None:
        """
        References to resources of the list are followed to their labels, and no others.
        """
        assert labels == Typed("resources/buckets").named(value)

    def test_a_word_that_is_computed_is_nothing_to_go_into(self) -> None:
        trails, trail = Typed("resources/audit-trails"), first('resource "aws_cloudtrail" "a" {\n  x = 1\n}\n')
        carriers, site = (
            Typed("resources/carriers"),
            first('resource "azurerm_app_service" "a" {\n  site_config = x.y\n}\n'),
        )

        assert [] == trails.parts(trail, "selectors")
        assert carriers.value(site, "tls") is None
