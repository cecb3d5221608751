"""The versions of checks that ship are kept, and told anew as soon as any source is another one."""

from __future__ import annotations

import sys

import pytest

from orchestrator.engine import installed
from orchestrator.planning import roster, versions


@pytest.fixture
def told(monkeypatch, tmp_path):
    """Of how many agents the versions were told, each time that they were."""
    asked: list[int] = []
    whole = versions._told

    def counted(agents):
        listed = list(agents)
        if listed:
            asked.append(len(listed))
        return whole(listed)

    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(versions, "_told", counted)
    return asked


class TestVersions:
    def test_they_are_those_of_the_checks(self, told):
        agents = roster.built_in()
        expected = {check.id: check.version for agent in agents for check in agent.checks}
        assert versions.versions(agents) == expected
        assert versions.versions(agents) == expected
        assert told == [len(agents)]

    @pytest.mark.parametrize("of", ["house", "sources"])
    def test_another_source_makes_others(self, told, monkeypatch, of):
        agents = roster.built_in()[:2]
        versions.versions(agents)
        if of == "house":
            monkeypatch.setattr(installed, "house", lambda: "sha256:another")
        else:
            monkeypatch.setattr(roster, "sources", lambda _: [("agent.py", b"another")])
        versions.versions(agents)
        assert told == [2, 2]

    def test_those_of_other_agents_are_told_each_time(self, told, monkeypatch):
        agents = roster.built_in()[:2]
        monkeypatch.setattr(agents[0], "__module__", "theirs.agent")
        monkeypatch.setattr(roster, "sources", lambda listed: [(a.id, b"") for a in listed])
        first = versions.versions(agents)
        assert versions.versions(agents) == first
        assert set(first) == {check.id for agent in agents for check in agent.checks}
        assert told == [1, 1, 1]
