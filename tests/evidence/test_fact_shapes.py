"""Facts of an older shape are brought up to date, or are said not to be comparable."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from orchestrator.domain.fact import Fact, Problem
from orchestrator.errors import FactNotComparable, RecordBroken
from orchestrator.evidence import shapes
from orchestrator.evidence.extract import kinds
from orchestrator.evidence.shapes import read_back, written


class Ports(Fact):
    """Numbers once, and text once."""

    version: ClassVar[int] = 3

    open: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()


def split(said: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had one text of numbers."""
    return {"open": said["ports"].split()}


def numbers(said: dict[str, Any]) -> dict[str, Any]:
    """Version 2 had texts."""
    return {"open": [int(port) for port in said["open"]]}


@pytest.fixture
def upgrades(monkeypatch):
    known = {(Ports.name, 1): split, (Ports.name, 2): numbers}
    monkeypatch.setattr(shapes, "UPGRADES", known)
    return known


class TestWritten:
    def test_the_first_version_is_not_said(self):
        """
        Facts whose shape never changed are recorded to the bytes that they always were.
        """
        problem = Problem(path="a", reason="b")
        first = [kind for kind in kinds() if kind.version == 1]

        assert {"files", "code", "kubernetes"} <= {kind.name for kind in first}
        for kind in first:
            assert {"problems": [{"path": "a", "reason": "b"}]} == written(kind(problems=(problem,)))

    def test_a_later_one_stands_beside_the_fields(self):
        """
        Also where nothing else is said, so that silence still means the first.
        """
        assert {"version": 3, "open": [80]} == written(Ports(open=(80,)))
        assert {"version": 3} == written(Ports())

    def test_no_fact_has_a_field_of_that_name(self):
        """
        What stands beside the fields hides none of them.
        """
        assert [] == [kind.name for kind in kinds() if shapes.VERSION in kind.model_fields]


class TestReadBack:
    def test_what_was_written(self):
        """
        Today's shape is read as it is.
        """
        fact = Ports(open=(80,), closed=(22,))

        assert fact == read_back(Ports, written(fact))

    @pytest.mark.parametrize(
        "recorded", [{"ports": "80 443"}, {"version": 2, "open": ["80", "443"]}, {"version": 3, "open": [80, 443]}]
    )
    def test_an_older_one(self, recorded, upgrades):
        """
        Every upgrade from its own version on is made, one after the other; what was recorded is left alone.
        """
        before = dict(recorded)

        assert Ports(open=(80, 443)) == read_back(Ports, recorded)
        assert before == recorded

    def test_one_that_nothing_upgrades(self, upgrades):
        """
        A step that nobody wrote is named, and nothing is made of the fact.
        """
        del upgrades[Ports.name, 2]

        with pytest.raises(FactNotComparable, match="recorded in shape 2, which does not tell what today's does"):
            read_back(Ports, {"ports": "80"})

    def test_a_later_one(self, upgrades):
        """
        A shape that only a later gonogo knows is not comparable here.
        """
        with pytest.raises(FactNotComparable, match="recorded in shape 4, and this gonogo reads it up to 3"):
            read_back(Ports, {"version": 4, "open": [80]})

    @pytest.mark.parametrize(
        "recorded",
        [
            [],
            "80",
            {"version": True},
            {"version": "2"},
            {"version": 0},
            {"version": 2.0},
            {"ports": 80},
            {},
            {"version": 2, "open": ["http"]},
            {"version": 2, "open": None},
            {"version": 3, "open": ["http"]},
            {"version": 3, "ports": "80"},
        ],
    )
    def test_what_anybody_can_have_written(self, recorded, upgrades):
        """
        What is not of the shape that it claims is the record's mistake, wherever it is found.
        """
        with pytest.raises(RecordBroken) as caught:
            read_back(Ports, recorded)

        assert not isinstance(caught.value, FactNotComparable)
