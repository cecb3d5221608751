"""A model's word counts where its quotation stands in the tree, and nowhere else."""

from __future__ import annotations

import pytest

from orchestrator.llm.grounding import Objection, shown, weigh
from tests.llm.looks import counted, excerpt, objection

LINE = '  - run: pytest || true  # token "[withheld github-token, 40 characters]"'
EXCERPTS = shown([excerpt("ci.yaml", 8, LINE), excerpt("ci.yaml", 9, "}"), counted(3, "files")])


def dropped(**said: object) -> str:
    made = objection(**said)  # type: ignore[arg-type]  # parts of an objection, some of them wrong on purpose
    (weighed,) = weigh([Objection.model_validate(made)], {"X-1"}, EXCERPTS)
    assert (weighed.evidence is None) == bool(weighed.dropped)
    return weighed.dropped


class TestWeigh:
    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"claim": "unknown"},
            {"quote": LINE},
            {"quote": "[withheld github-token, 40 characters]"},
            {"line": 9, "quote": "}"},
        ],
    )
    def test_counts(self, said):
        """
        A part of a line that was shown counts, redacted as it was; so does a whole line, however short.
        """
        assert "" == dropped(**said)

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"id_": "X-2"}, "not asked about"),
            ({"path": "other.yaml"}, "not shown"),
            ({"path": "./ci.yaml"}, "not shown"),
            ({"line": 7}, "not shown"),
            ({"line": 0}, "not shown"),
            ({"line": -1}, "not shown"),
            ({"quote": "run:  pytest || true"}, "does not stand there"),
            ({"quote": "RUN: PYTEST || TRUE"}, "does not stand there"),
            ({"quote": LINE + "\nmore"}, "does not stand there"),
            ({"quote": ""}, "too short"),
            ({"quote": "  "}, "too short"),
            ({"quote": "run"}, "too short"),
        ],
    )
    def test_is_dropped(self, said, why):
        """
        Another place, another criterion, other words or too few of them: it counts for nothing, and it is said why.
        """
        assert why in dropped(**said)

    def test_the_same_twice_is_one(self):
        """
        An objection that is repeated is not stronger for it.
        """
        one = Objection.model_validate(objection())

        assert 1 == len(weigh([one, one], {"X-1"}, EXCERPTS))

    def test_no_word_for_a_pass(self):
        """
        The shape of an answer has no pass in it.
        """
        with pytest.raises(ValueError, match="claim"):
            Objection.model_validate(objection(claim="pass"))
