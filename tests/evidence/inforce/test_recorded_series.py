"""What a recorded series stands for is put in its place, within bounds."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.promql import firing
from orchestrator.evidence.inforce.recorded import MAX_ALL, MAX_DEPTH, MAX_NODES, MAX_SAME, Recordings
from orchestrator.formats.promql import parse
from orchestrator.formats.promql_text import show


def balanced(size: int) -> str:
    return "x" if size == 1 else f"({balanced(size // 2)} + {balanced(size // 2)})"


PART = balanced(32)
"""With the series that stands for it 64 nodes."""
RULES = {
    "job:errors:ratio": ['sum by (job) (rate(x{c="5"}[5m])) / sum by (job) (rate(x[5m]))'],
    "job:errors:high": ["job:errors:ratio > 0.1"],
    "ring:a": ["ring:b"],
    "ring:b": ["ring:a + 1"],
    "self": ["self + 1"],
    "broken": ["x["],
    "two": ["a", "b", "a"],
    "many": [f"x{number}" for number in range(MAX_SAME + 1)],
    "nothing": ["vector(0)"],
}


def resolved(expression: str, rules: Recordings | None = None) -> str:
    found = (rules or Recordings(RULES)).resolve(parse(expression))
    return show(found) if found is not None else ""


class TestResolve:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("up == 0", "up == 0"),
            ("nothing > 1", "vector(0) > 1"),
            (
                'job:errors:ratio{job="a"} > 1',
                '(sum by (job) (rate(x{c="5",job="a"}[5m])) / sum by (job) (rate(x{job="a"}[5m]))) > 1',
            ),
            ('job:errors:ratio{c="4"}', 'sum by (job) (rate(x{c="5"}[5m])) / sum by (job) (rate(x{c="4"}[5m]))'),
            ("nothing offset 1w", "vector(0)"),
            (
                "max_over_time(job:errors:ratio[1h] offset 1w)",
                'max_over_time((sum by (job) (rate(x{c="5"}[5m] offset 1w)) / '
                "sum by (job) (rate(x[5m] offset 1w)))[1h:])",
            ),
            (
                "max(job:errors:high)",
                'max ((sum by (job) (rate(x{c="5"}[5m])) / sum by (job) (rate(x[5m]))) > 0.1)',
            ),
            ("ring:a > 1", "(ring:a + 1) > 1"),
            ("self > 1", "(self + 1) > 1"),
            ("broken > 1", "broken > 1"),
            ("two > 1", "(a or b) > 1"),
            ("many > 1", "many > 1"),
        ],
    )
    def test_each_form(self, expression: str, expected: str) -> None:
        """
        Labels and offsets go down to what is recorded; circles, odd ones and crowds stay names.
        """
        assert expected == resolved(expression)

    def test_so_many_of_one_name_are_joined(self) -> None:
        """
        The bound itself is still resolved.
        """
        rules = {"many": [f"x{number}" for number in range(MAX_SAME)]}

        assert MAX_SAME == resolved("many", Recordings(rules)).count("x")

    def test_chains_end(self) -> None:
        """
        So many recordings of recordings are followed, and no more.
        """
        chain = {f"r{number}": [f"r{number + 1}"] for number in range(20)}

        assert f"r{MAX_DEPTH}" == resolved("r0", Recordings(chain))

    def test_what_grows_beyond_bounds_is_not_told(self) -> None:
        """
        Rules that record one another manifold end soon; one expression that is too large does not spoil the next.
        """
        wide = {f"r{number}": ["+".join([f"r{number + 1}"] * 100)] for number in range(10_000)}
        rules = Recordings({**wide, "small": ["vector(0)"]})

        for number in range(20):
            assert "" == resolved(f"r{number} > 1", rules)
        assert "vector(0)" == resolved("small", rules)

    def test_the_bound_of_one(self) -> None:
        """
        So many nodes are still followed, and not one more.
        """
        rules = {"part": [PART], **{f"n{n}": ["+".join(["part"] * n)] for n in (30, 31)}}

        assert 30 * 64 + 30 < MAX_NODES < 31 * 64 + 31
        assert 30 * 32 == resolved("n30", Recordings(rules)).count("x")
        assert "" == resolved("n31", Recordings(rules))

    def test_the_bound_of_all(self) -> None:
        """
        When all expressions together are so large, nothing more is followed; what records nothing needs no room.
        """
        rules = Recordings({"part": [PART], "big": ["+".join(["part"] * 30)]})
        told = sum(1 for _ in range(100) if resolved("big", rules))

        assert MAX_ALL // (30 * 64 + 30) == told
        assert "up == 0" == resolved("up == 0", rules)

    def test_the_deepest_can_be_judged(self) -> None:
        """
        Whatever comes out can be walked.
        """
        deep = Recordings({f"r{n}": ["abs(" * 110 + f"r{n + 1}" + ")" * 110] for n in range(10)})
        tree = deep.resolve(parse("abs(" * 110 + "r0" + ")" * 110 + " > 1"))

        assert tree is not None
        assert firing(tree)
        assert show(tree)
