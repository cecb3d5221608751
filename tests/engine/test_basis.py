"""It is counted what a verdict rests on, and what the tree leaves out supports nothing."""

from __future__ import annotations

from typing import Literal

from orchestrator.conclusion.narrowing import narrowed
from orchestrator.domain.finding import Finding, Location, Status
from orchestrator.domain.ground import File


def finding(status: Literal[Status.PASS, Status.FAIL, Status.UNKNOWN], *paths: str) -> Finding:
    evidence = tuple(
        File(kind="file", digest="sha256:0", location=Location(path=path, line=1), excerpt="x") for path in paths
    )
    return Finding(
        criterion="SEC-2.3.1",
        status=status,
        message="so it is",
        agent="a",
        check="a.b",
        evidence=evidence,
        confidence="high",
    )


class TestNarrowed:
    def test_no_pass_rests_on_what_is_left_out(self):
        """
        A pass whose places are all left out is none; one place that is not left out carries it.
        """
        lost, kept = narrowed(
            [finding(Status.PASS, "vendor/a.py", "vendor/b.py"), finding(Status.PASS, "vendor/a.py", "src/b.py")],
            ("vendor/**",),
        )

        assert Status.UNKNOWN is lost.status
        assert "vendor/a.py, which the tree leaves out" in lost.message
        assert Status.PASS is kept.status

    def test_failures_stay(self):
        """
        A failure counts wherever it was seen.
        """
        said = [finding(Status.FAIL, "vendor/a.py"), finding(Status.UNKNOWN, "vendor/a.py")]

        assert said == list(narrowed(said, ("vendor/**",)))

    def test_nothing_left_out(self):
        """
        With nothing left out, nothing changes; what counts the whole tree has no place to lose.
        """
        assert [finding(Status.PASS, "a.py")] == list(narrowed([finding(Status.PASS, "a.py")], ()))
        assert [finding(Status.PASS)] == list(narrowed([finding(Status.PASS)], ("vendor/**",)))
