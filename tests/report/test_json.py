"""The verdict document as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from orchestrator.domain.result import Result
from orchestrator.report.json import render

from . import documents
from .snapshots import check


@pytest.mark.parametrize("name", ["ready", "rollback", "hostile", "grounds"])
def test_snapshot(name: str) -> None:
    """
    The file reads exactly as kept.
    """
    check(f"{name}.json", render(documents.ALL[name]()))


@pytest.mark.parametrize("name", documents.ALL)
def test_round_trip(name: str) -> None:
    """
    What was written is read back as the same document.
    """
    document = documents.ALL[name]()
    ordered = tuple(sorted(document.assessments, key=lambda a: a.criterion))

    assert Result.model_validate_json(render(document)) == document.model_copy(update={"assessments": ordered})


class TestCanonical:
    def test_order_of_mappings_never_matters(self) -> None:
        """
        Two equal documents are the same bytes, however their mappings and criteria were filled.
        """
        document = documents.rollback()
        turned = document.model_copy(
            update={
                "criteria": dict(reversed(document.criteria.items())),
                "assessments": document.assessments[::-1],
                "run": document.run.model_copy(update={"digests": dict(reversed(document.run.digests.items()))}),
            }
        )

        assert render(document) == render(turned)

    def test_assessments_are_sorted_by_id(self) -> None:
        """
        Ids are compared as plain text, so that any reader can look one up.
        """
        names = [assessment["criterion"] for assessment in json.loads(render(documents.whole()))["assessments"]]

        assert sorted(names) == names

    def test_shape(self) -> None:
        """
        The schema comes first, names are the public ones, and the file ends in one newline.
        """
        text = render(documents.ready())

        assert text.startswith('{\n  "schema": "gonogo/verdict/1",\n')
        assert '"pass": 2,' in text
        assert text.endswith("}\n")

    def test_a_number_that_json_cannot_hold_is_refused(self) -> None:
        """
        NaN is a mistake of ours and never reaches a file.
        """
        document = documents.ready()
        broken = document.model_copy(update={"run": document.run.model_copy(update={"seconds": float("nan")})})

        with pytest.raises(ValueError, match="not JSON compliant"):
            render(broken)


class TestAddedLater:
    """Version 1 of the document has grown, and what it said before it still says in the same bytes."""

    def test_left_out_at_its_default(self) -> None:
        """
        A finding without a measure is written as it was before findings had any.
        """
        findings = [f for a in json.loads(render(documents.ready()))["assessments"] for f in a["findings"]]

        assert findings
        assert not [f for f in findings if "measure" in f]
        assert all("remedy" in f for f in findings)

    def test_written_where_it_says_something(self) -> None:
        """
        A measure is written whole, as the last key of its finding.
        """
        findings = [f for a in json.loads(render(documents.rollback()))["assessments"] for f in a["findings"]]
        measured = [f for f in findings if "measure" in f]

        assert {"p95 under load", "newest migrations without a way back"} == {f["measure"]["name"] for f in measured}
        assert {"name", "value", "unit", "at_least", "at_most"} == set(measured[0]["measure"])
        assert {"measure"} == {list(f)[-1] for f in measured}

    def test_the_schema_does_not_ask_for_it(self) -> None:
        """
        A reader of the published schema knows that the key may be missing, and that an older document has none.
        """
        schema = published()["$defs"]["Finding"]
        later = [key for key, of in schema["properties"].items() if of.get("x-added-later")]

        assert ["measure", "extent", "places", "age"] == later
        assert "measure" not in schema["required"]

    @pytest.mark.parametrize("name", documents.ALL)
    def test_the_schema_takes_what_is_written(self, name: str) -> None:
        """
        Documents with and without a measure are of the schema, and so are those of a later version that says more.
        """
        checker = jsonschema.Draft202012Validator(published())
        document = json.loads(render(documents.ALL[name]()))

        assert [] == list(checker.iter_errors(document))
        for part in (document, document["run"], *document["assessments"]):
            part["said-by-a-later-version"] = 1
        assert [] == list(checker.iter_errors(document))
        del document["verdict"]
        assert ["'verdict' is a required property"] == [e.message for e in checker.iter_errors(document)]


def published() -> Any:
    """The schema of the document as it stands in the documentation."""
    return json.loads((Path(__file__).parents[2] / "docs" / "schema" / "verdict-1.json").read_text())


def test_hidden_characters_are_escaped() -> None:
    """
    Printing the file cannot move the cursor or reorder what is read.
    """
    text = render(documents.hostile())

    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "\\u202egnp.exe" in text
