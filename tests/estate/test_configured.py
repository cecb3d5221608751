"""What a part says of a setting: of every form of rule both sides, and what an expression leaves open."""

from __future__ import annotations

import math

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.fact import Source
from orchestrator.estate.settings import SETTINGS, Keeping, Setting, said
from orchestrator.estate.types import NOUNS
from orchestrator.evidence.facts.infrastructure import Block, Infrastructure
from orchestrator.vocabulary import Row, Said, words

ROWS = [
    pytest.param(row, name, id=f"{row.word}:{name}")
    for noun in NOUNS
    for row in words(f"estate/{noun}").rows
    for name in row.says
]


def block(text: str) -> Block:
    infrastructure = facts_of({"main.tf": f'resource "aws_thing" "main" {{\n{text}\n}}\n'})[Infrastructure]
    assert isinstance(infrastructure, Infrastructure)
    (found,) = infrastructure.blocks
    return found


class TestSaid:
    @pytest.mark.parametrize(
        ("rule", "text", "value", "because"),
        [
            (Said(at="on", default=False), "on = true", True, "on = true"),
            (Said(at="on", default=True), "on = false", False, "on = false"),
            (Said(at="on", default=True), 'on = "false"', False, "on = false"),
            (Said(at="on", default=False), "", False, "no on: the default is false"),
            (Said(at="on"), "", None, "no on"),
            (Said(at="on", default=False), "on = var.on", None, "on = var.on"),
            (Said(at="on", default=False), 'on = "${local.on}"', None, "on = ${local.on}"),
            (Said(at="days", default=1), "days = 35", 35, "days = 35"),
            (Said(at="days", default=1), "", 1, "no days: the default is 1"),
            (Said(at="days", default=1), "days = var.days", None, "days = var.days"),
            (Said(at="days", default=1, least=1), "days = 1", True, "days = 1"),
            (Said(at="days", default=1, least=1), "days = 0", False, "days = 0"),
            (Said(at="days", default=0, least=1), "", False, "no days: the default is 0"),
            (Said(at="days", default=0, endless=0), "", math.inf, "no days: the default is 0"),
            (Said(at="days", endless=0), "days = 0", math.inf, "days = 0"),
            (Said(at="days", endless=0), "days = 30", 30, "days = 30"),
            (Said(at="mode", values={"ELB": True, "EC2": False}), 'mode = "ELB"', True, "mode = ELB"),
            (Said(at="mode", values={"ELB": True, "EC2": False}), 'mode = "EC2"', False, "mode = EC2"),
            (Said(at="mode", values={"ELB": True}), 'mode = "new"', None, "mode = new"),
            (Said(at="plain", values={"false": True}), "plain = false", True, "plain = false"),
            (Said(at="plain", values={"false": True}), "plain = true", None, "plain = true"),
            (Said(at="tls", tls=True), 'tls = "1.2"', True, "tls = 1.2"),
            (Said(at="tls", tls=True), 'tls = "1.0"', False, "tls = 1.0"),
            (Said(at="tls", tls=True), "tls = var.tls12", None, "tls = var.tls12"),
            (Said(at="path", given=True), 'path = "/ready"', True, "path is set"),
            (Said(at="path", given=True), 'path = ""', False, "path is not set"),
            (Said(at="path", given=True), "", False, "path is not set"),
            (Said(at="path", given=True), "path = var.path", None, "path = var.path"),
            (Said(at="path", given=True), "path = aws_probe.web.id", True, "path is set"),
            (Said(always=True, because="always so"), "on = false", True, "always so"),
            (Said(always=7, because="a week"), "", 7, "a week"),
            (None, "on = true", None, ""),
        ],
    )
    def test_each_form(self, rule, text, value, because):
        """
        The value as it is written, the default where nothing is, and nothing where something else decides.
        """
        told = said(block(text), rule)

        assert (value, because) == (told.value, told.because)
        assert isinstance(told.value, bool) is isinstance(value, bool)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("a {\n  b {\n    on = true\n  }\n}", True),
            ("a {\n  b {\n    on = false\n  }\n}", False),
            ("a {\n}", False),
            ("", False),
            ("a = var.a", None),
            ("a {\n  b = local.b\n}", None),
        ],
    )
    def test_nested_blocks(self, text, value):
        """
        Dots lead into nested blocks; one that is computed as a whole leaves it open.
        """
        assert value is said(block(text), Said(at="a.b.on", default=False)).value

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ('setting {\n  name = "insights"\n  value = "on"\n}', True),
            (
                'setting {\n  name = "other"\n  value = "on"\n}\nsetting {\n  name = "insights"\n  value = "off"\n}',
                False,
            ),
            ('setting {\n  name = "other"\n  value = "on"\n}', None),
            ("setting = var.settings", None),
            ("", None),
        ],
    )
    def test_one_of_several_by_its_name(self, text, value):
        """
        Of several nested blocks the one of that name is asked.
        """
        rule = Said(at="setting[name=insights].value", values={"on": True, "off": False})

        assert value is said(block(text), rule).value


class TestKeeping:
    @pytest.mark.parametrize(
        ("encrypted", "backups", "expected"),
        [
            (True, True, True),
            (True, False, None),
            (True, None, None),
            (False, False, False),
            (None, True, None),
        ],
    )
    def test_backups_are_encrypted_where_there_are_some(self, encrypted, backups, expected):
        """
        Of a store without backups nothing is shown of these.
        """
        here = Source(path="a.tf", line=1)
        one, other, none = (Setting(v, here, "") for v in (encrypted, backups, None))

        assert expected is Keeping(other, none, none, one, none).backups_encrypted.value


@pytest.mark.parametrize(("row", "name"), ROWS)
def test_each_row_says_what_can_be_said(row: Row, name: str) -> None:
    """
    A row speaks of settings that there are; what it leads to is read, and what is missing is its default.
    """
    rule = row.says[name]
    (one,) = [Block(path="a", line=1, type=row.word)]
    assert name in SETTINGS

    told = said(one, rule)

    expected = rule.always if rule.always is not None else False if rule.given else rule.default
    if rule.least is not None and expected is not None:
        expected = expected >= rule.least
    assert told.value == (math.inf if rule.endless is not None and expected == rule.endless else expected)
    assert bool(rule.at) != (rule.always is not None)
    assert bool(rule.because) == (rule.always is not None)
