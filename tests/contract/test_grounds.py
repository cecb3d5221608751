"""The words of checks for what they rest on: bounded, redacted, addressed by their content."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.contract.agent import Agent
from orchestrator.contract.checks import MOST_GROUNDS, Counted, examined, failed, passed, unsure
from orchestrator.contract.grounds import (
    absent,
    addressed,
    counted,
    exchanged,
    queried,
    ran,
    reported,
    sampled,
)
from orchestrator.domain.fact import Source
from orchestrator.domain.finding import Location, Status
from orchestrator.domain.ground import Command, Exchange, MetricSample, ReportEntry, Withheld
from tests.every_ground import every_ground

MOST_BYTES = 60_000
"""Of one ground, whatever the world puts into it."""
SECRET = "ghp_" + "a1B2c3D4e5" * 4  # no credential: the shape of one


class Own(Agent):
    """An agent that says what it is told to."""

    id = "own"


class TestAddressed:
    @given(st.text(max_size=60), st.integers(0, 400))
    def test_is_bounded(self, text, times):
        """
        However much the world answers, a ground stays within its bounds, and is one that a record is read with.
        """
        for ground in every_ground(text * times).values():
            data = ground.model_dump_json()

            assert len(data) < MOST_BYTES
            assert ground == type(ground).model_validate_json(data)

    def test_many_parts_are_cut(self):
        """
        So are lists and mappings.
        """
        ground = addressed(ran([f"-{n}" for n in range(500)], 0))
        sample = addressed(sampled("up", 1, labels={f"l{n:03}": "x" * 900 for n in range(500)}))

        assert isinstance(ground, Command)
        assert 40 == len(ground.argv)
        assert isinstance(sample, MetricSample)
        assert 20 == len(sample.labels)
        assert max(map(len, sample.labels.values())) == 300

    def test_is_said_once(self):
        """
        What has its digest keeps it.
        """
        for ground in every_ground().values():
            if ground.kind not in ("file", "count", "withheld"):
                assert ground == addressed(ground)

    def test_the_digest_is_of_the_content(self):
        """
        The same content has the same digest; what differs in anything has another.
        """
        one, same, other = (addressed(exchanged("GET", "https://a.example/", s)) for s in (200, 200, 503))
        later = addressed(exchanged("GET", "https://a.example/", 200, at="2026-11-21T16:12:31Z"))

        assert one.digest == same.digest
        assert 3 == len({one.digest, other.digest, later.digest})

    def test_counts_and_places_keep_theirs(self):
        """
        The digests of the first versions are those of today, so that two runs can be held against each other.
        """
        kinds = every_ground()

        assert "sha256:d03ff8806be4" == kinds["count"].digest[:19]
        assert "sha256:a91f7ca0dad7" == kinds["file"].digest[:19]

    @pytest.mark.parametrize(
        "ground",
        [
            exchanged("GET", f"https://bob:hunter22!x@shop.example/?token={SECRET}", 200, f"token: {SECRET}"),
            ran(["deploy", "--token", SECRET], 1, f"denied: {SECRET}"),
            queried(f"SELECT 1 WHERE token = '{SECRET}'", "orders", 1, SECRET),
            sampled("up", 1, labels={"token": SECRET}),
            reported("sarif", "gitleaks", "github-pat", said=SECRET),
        ],
        ids=lambda ground: ground.kind,
    )
    def test_holds_no_secret(self, ground):
        """
        What is secret is withheld before there is a digest, which would tell it to whoever guesses.
        """
        said = addressed(ground)

        assert SECRET not in said.model_dump_json()
        assert "hunter22" not in said.model_dump_json()
        assert "[withheld " in said.model_dump_json()

    def test_a_number_that_is_withheld(self):
        """
        A number that cannot be shown leaves that something stood there.
        """
        said = addressed(queried("SELECT card", "orders", 4111111111111111))

        assert isinstance(said, Withheld)
        assert "4111" not in said.model_dump_json()


class TestWords:
    def test_without_an_answer(self):
        """
        What did not end or answer says so, and is none of another status.
        """
        assert "deploy did not end" == ran(["deploy"], None).statement
        assert "GET https://a.example/ had no answer" == exchanged("GET", "https://a.example/", None).statement
        assert "up: no value" == sampled("up", None).statement
        assert "orders: SHOW ssl: failed" == queried("SHOW ssl", "orders", None).statement

    def test_a_place_of_a_report(self):
        """
        A place in the reviewed tree is one to look at; what the report says of elsewhere is kept as its words.
        """
        here = reported("sarif", "semgrep", "exec", place=Source(path="a.py", line=3))
        there = reported("sarif", "trivy", "CVE-2026-1", place="pkg:pypi/django@4.2")

        assert (Location(path="a.py", line=3), "a.py:3") == (here.location, here.place)
        assert (None, "pkg:pypi/django@4.2") == (there.location, there.place)

    def test_an_absence_says_what_was_searched(self):
        """
        That something is nowhere says nothing without where it was looked for.
        """
        assert "a plan not found in 0 documents" == absent("a plan", examined(0, "documents")).statement
        with pytest.raises(ValueError, match="an absence without what was searched: a plan"):
            absent("a plan")


class TestDrafts:
    def test_a_failure_rests_on_any_ground(self):
        """
        On an absence, an answer or a count as well as on a place; only a place is where to look.
        """
        missing = absent("a plan", examined(3, "documents"))
        answer = exchanged("GET", "https://a.example/", 503)
        place = Source(path="a.py", line=3)

        assert (None, (missing,)) == (failed("No plan.", missing).at, failed("No plan.", missing).evidence)
        assert (None, (answer,)) == (failed("It is down.", answer).at, failed("It is down.", answer).evidence)
        assert (place, (place, answer)) == (failed("x", place, answer).at, failed("x", place, answer).evidence)
        assert (Counted(3, "files"),) == failed("x", None, examined(3, "files")).evidence

    def test_a_pass_rests_on_what_was_looked_at(self):
        """
        An answer carries one, and an absence where something was searched; what nobody may see does not.
        """
        hidden = every_ground()["withheld"]

        assert Status.PASS is passed("It is up.", exchanged("GET", "https://a.example/", 200)).status
        assert Status.PASS is passed("None.", absent("a key", examined(0, "a"), examined(3, "files"))).status
        for nothing in (absent("a key", examined(0, "files")), hidden):
            with pytest.raises(ValueError, match="a pass without evidence"):
                passed("None.", nothing)

    def test_so_does_a_doubt(self):
        """
        What could not be told says on what.
        """
        answer = exchanged("GET", "https://a.example/", None, "refused")

        assert (answer,) == unsure("no answer", answer).evidence

    def test_too_many_are_counted(self):
        """
        A finding keeps so many grounds, and says how many there were.
        """
        draft = failed("All are down.", *(exchanged("GET", f"https://a.example/{n}", 503) for n in range(400)))

        assert MOST_GROUNDS == len(draft.evidence)
        assert "341 more grounds" == str(draft.evidence[-1])

    def test_a_draft_becomes_a_finding(self):
        """
        Each ground is written down as its kind, with its digest; said twice it is there once.
        """
        answer = exchanged("GET", "https://a.example/", 503)
        found = Own().fail("DEP-5.2.1", "It is down.", answer, answer, examined(3, "requests"))

        assert (addressed(answer), counted(examined(3, "requests"))) == found.evidence
        assert isinstance(found.evidence[0], Exchange)
        assert not Own().fail("DEP-5.2.1", "No way back.").of_absence
        assert Own().fail("DEP-5.2.1", "No way back.", absent("it", examined(1, "path"))).of_absence
        assert "a.py:3" == Own().fail("DEP-5.2.1", "Here.", at="a.py", line=3).where
        assert json.loads(found.model_dump_json())["evidence"][0]["status"] == 503


def test_report_entries_are_typed() -> None:
    """
    What a report says of itself stands in names of its own.
    """
    entry = every_ground()["report"]

    assert isinstance(entry, ReportEntry)
    assert ("sarif", "semgrep", "1.96.0") == (entry.format, entry.tool, entry.version)
    assert entry.commit.startswith("9f31c2e4b1d0")
