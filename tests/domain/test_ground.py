"""A ground is of one kind, says the five names of old, and comes back from JSON as what it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from orchestrator.domain.finding import Finding, Location, Status
from orchestrator.domain.ground import KNOWN, Absence, Ground, Grounded, Other, own
from tests.every_ground import every_ground

GROUND: TypeAdapter[Ground] = TypeAdapter(Ground)
OF_OLD = ("kind", "digest", "statement", "location", "excerpt")
TAGS = ("file", "count", "withheld", "command", "http", "sql", "metric", "report", "attestation", "model")
"""Kinds that records of derivations 1 to 3 can have."""
DEFAULTS: dict[str, dict[str, Any]] = {
    "absence": {},
    "command": {"exit_code": None, "at": ""},
    "http": {"status": None, "at": ""},
    "sql": {"rows": None, "at": ""},
    "metric": {"labels": {}, "value": None, "unit": "", "at": "", "query": "", "target": ""},
    "report": {"version": "", "place": "", "commit": "", "at": ""},
    "attestation": {"link": "", "at": "", "expires": ""},
    "model": {},
    "act": {"at": ""},
}
"""What a record means that does not say it. Nothing in here is ever changed; only keys are added."""


def failure(*grounds: Ground, location: Location | None = None) -> Finding:
    return Finding(
        criterion="SEC-2.1.1",
        status=Status.FAIL,
        message="It fails.",
        agent="a",
        check="a.b",
        location=location,
        evidence=grounds,
    )


class TestKinds:
    def test_there_is_one_of_each(self):
        """
        What is said below of every ground is said of every kind.
        """
        assert KNOWN.keys() == every_ground().keys()
        assert set(TAGS) <= KNOWN.keys()

    @pytest.mark.parametrize("kind", KNOWN)
    def test_says_the_names_of_old_first(self, kind):
        """
        A reader of the first version finds the five names that it knows; what is new follows.
        """
        ground = every_ground()[kind]

        assert OF_OLD == tuple(type(ground).model_fields)[: len(OF_OLD)]
        assert kind == ground.kind
        assert ground.digest.startswith("sha256:")
        assert ground.statement or ground.location

    @pytest.mark.parametrize("kind", KNOWN)
    def test_comes_back_as_it_was(self, kind):
        """
        From the JSON of a record, which leaves out what is at its default, and from that of a document.
        """
        ground = every_ground()[kind]

        assert ground == GROUND.validate_json(ground.model_dump_json())
        assert ground == GROUND.validate_json(ground.model_dump_json(exclude_defaults=True))
        assert type(ground) is type(GROUND.validate_json(ground.model_dump_json()))
        assert failure(ground) == Finding.model_validate_json(failure(ground).model_dump_json())

    @pytest.mark.parametrize("kind", DEFAULTS)
    def test_a_recorded_default_keeps_its_meaning(self, kind):
        """
        What a record leaves out it was recorded with.
        """
        fields = {name: KNOWN[kind].model_fields[name] for name in own(KNOWN[kind])}

        assert DEFAULTS[kind] == {name: f.get_default() for name, f in fields.items() if not f.is_required()}

    def test_every_default_is_held(self):
        """
        A kind with names of its own is in the table above.
        """
        assert {kind for kind, model in KNOWN.items() if own(model)} == DEFAULTS.keys()

    @pytest.mark.parametrize("kind", DEFAULTS)
    def test_what_it_needs_must_be_there(self, kind):
        """
        A ground that says some of its own names says all that it needs.
        """
        said = json.loads(every_ground()[kind].model_dump_json())
        needed = [name for name in own(KNOWN[kind]) if KNOWN[kind].model_fields[name].is_required()]
        for name in needed if len(own(KNOWN[kind])) > 1 else ():
            with pytest.raises(ValidationError):
                GROUND.validate_python({key: value for key, value in said.items() if key != name})

    @pytest.mark.parametrize("said", [None, 5, "file", [], {}, {"kind": []}, {"kind": {}}, {"kind": "file"}])
    def test_nonsense_is_refused(self, said):
        """
        What is not a ground is none, and no traceback.
        """
        with pytest.raises(ValidationError):
            GROUND.validate_python(said)


class TestOfOld:
    @given(
        st.sampled_from(TAGS),
        st.text(max_size=20),
        st.text(max_size=20),
        st.none() | st.builds(Location, path=st.text(max_size=9), line=st.integers(0, 9), column=st.integers(0, 9)),
        st.text(max_size=20),
    )
    def test_comes_to_its_bytes(self, kind, digest, statement, location, excerpt):
        """
        Whatever the first versions wrote of a kind is written again as they did: five names, and nothing else.
        """
        place = location.model_dump() if location else None
        said = dict(zip(OF_OLD, (kind, digest, statement, place, excerpt), strict=True))
        written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))

        assert written == json.dumps(
            GROUND.validate_python(said).model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")
        )

    @pytest.mark.parametrize("kind", [*DEFAULTS, "later"])
    def test_words_alone_are_no_kind(self, kind):
        """
        A kind in words alone is taken as that: its own names have no defaults that could be meant.
        """
        assert Other(kind=kind, digest="x", statement="s") == GROUND.validate_python(
            {"kind": kind, "digest": "x", "statement": "s"}
        )


class TestAbsence:
    def test_rests_on_absences_alone(self):
        """
        One ground of another kind, or a place, and it is more than that; a finding without a ground is none of it.
        """
        kinds = every_ground()
        missing, later = kinds["absence"], Other(kind="absence", digest="x", statement="in words")

        assert failure(missing).of_absence
        assert failure(missing, missing).of_absence
        assert not failure().of_absence
        assert not failure(missing, later).of_absence
        assert not failure(missing, location=Location(path="a.py")).of_absence
        for kind, ground in kinds.items():
            assert isinstance(ground, Absence) == failure(ground).of_absence
            assert (kind == "absence") == failure(missing, ground).of_absence

    def test_says_what_was_searched(self):
        """
        An absence names everything that was looked through, and how much of it there was.
        """
        said = every_ground()["absence"].model_dump(exclude={"digest"}, exclude_defaults=True)

        assert {
            "kind": "absence",
            "statement": "a way back not found in 12 documents and 1 pipeline",
            "what": "a way back",
            "searched": ({"number": 12, "what": "documents"}, {"number": 1, "what": "pipelines"}),
        } == said
        with pytest.raises(ValidationError):
            Absence(kind="absence", digest="", what="a way back", searched=())


class TestWhere:
    def test_a_place_in_the_tree_comes_first(self):
        """
        Else the first thing outside it; a count, an absence and words of old are not places to look.
        """
        kinds = every_ground()
        answered = kinds["http"]
        old: Grounded = Other(kind="http", digest="x", statement="GET /")

        assert "a.py:3" == failure(answered, location=Location(path="a.py", line=3)).where
        assert answered.statement == failure(kinds["count"], kinds["absence"], answered).where
        assert "" == failure(kinds["count"], kinds["absence"], kinds["file"], kinds["withheld"]).where
        assert "" == failure(GROUND.validate_python(old)).where
