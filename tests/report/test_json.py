"""The verdict document as JSON."""

from __future__ import annotations

import json

import pytest

from orchestrator.domain.document import VerdictDocument
from orchestrator.report.json import render

from . import documents
from .snapshots import check


@pytest.mark.parametrize("name", ["ready", "rollback", "hostile"])
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

    assert VerdictDocument.model_validate_json(render(document)) == document.model_copy(update={"assessments": ordered})


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


def test_hidden_characters_are_escaped() -> None:
    """
    Printing the file cannot move the cursor or reorder what is read.
    """
    text = render(documents.hostile())

    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "\\u202egnp.exe" in text
