"""A judge is asked once about each stretch of a file."""

from __future__ import annotations

from orchestrator.evidence.inforce.code import Remembering
from orchestrator.evidence.inforce.force import Force, void


class Counting:
    """A judge that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int]] = []

    def running(self, start: int, end: int) -> bytes:
        self.asked.append(("running", start, end))
        return b"%d-%d" % (start, end)

    def judge(self, start: int, end: int) -> Force:
        self.asked.append(("judge", start, end))
        return void(f"{start}-{end}")


def test_each_stretch_is_asked_about_once():
    """
    The answer is the judge's own, for each stretch its own, and the judge hears of a stretch once.
    """
    judge = Counting()
    remembering = Remembering(judge)

    assert [b"0-5", b"0-6", b"0-5"] == [remembering.running(0, end) for end in (5, 6, 5)]
    assert [void("0-5"), void("0-6"), void("1-5"), void("0-5")] == [
        remembering.judge(*place) for place in ((0, 5), (0, 6), (1, 5), (0, 5))
    ]
    assert [("running", 0, 5), ("running", 0, 6), ("judge", 0, 5), ("judge", 0, 6), ("judge", 1, 5)] == judge.asked
