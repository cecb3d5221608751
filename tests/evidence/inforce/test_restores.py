"""What prose tells of restores."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.restores import aims, tried

LINES = [
    ("2026-03-02: restored in 41 min, 81 204 = 81 204 rows, 3 min lost", "2026-03-02", 41, 3, True, False),
    ("Restored on 3 March 2026; 1,204,331 of 1,204,331 rows, 38 minutes.", "2026-03-03", 38, None, True, False),
    (
        "Date: 2026-03-02; What: newest snapshot; Rows: equal; Newest: 4 min lost; Took: 52 min",
        "2026-03-02",
        52,
        4,
        True,
        False,
    ),
    ("2026-03-02 from the other region in 1 h 20, all counts identical", "2026-03-02", 80, None, True, False),
    ("2026-03-02: restore, 81 000 of 81 204, 204 rows missing, 12 min", "2026-03-02", 12, None, False, True),
    ("2026-03-02: restore aborted after 12 min", "2026-03-02", None, None, False, True),
    ("2026-03-02: restored, 30 min", "2026-03-02", 30, None, False, False),
]


@pytest.mark.parametrize(("line", "day", "took", "lost", "equal", "failed"), LINES)
def test_a_line(line: str, day: str, took: float | None, lost: float | None, equal: bool, failed: bool) -> None:
    """
    A line gives its day, how long it took, what was lost, and whether what came back was the same.
    """
    (found,) = tried(line, about=True)

    assert (day, took, lost, equal, failed) == (found.day, found.took, found.lost, found.equal, found.failed)


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-02: standby promoted, writing 07:00:31",
        "Restores are described below.",
        "2026-03-02: release 4.1, two fixes",
    ],
)
def test_no_restore(line: str) -> None:
    """
    A failover, a line without a day, and what is about something else are no restores.
    """
    assert [] == tried(line, about=line.startswith("2026-03-02: standby"))


def test_several_days() -> None:
    """
    Each day of a line is a restore of its own, days that are told by their end alone too.
    """
    line = "2026-05-02: dump restored, 20 min. 2026-11-07 2 388 120 rows in 1 904 s, -14 in 1 911 s"

    assert ["2026-05-02", "2026-11-07", "2026-11-14"] == [one.day for one in tried(line, about=True)]


@pytest.mark.parametrize(
    ("line", "back", "lost"),
    [
        ("Aims: 60 minutes, 5 minutes lost.", 60, 5),
        ("RTO 4 h, RPO 24 h", 240, 1440),
        ("Objective: RTO; Value: 2 hours", 120, None),
        ("Objective: RPO; Value: 15 minutes", None, 15),
        ("We promise to be back within 2 hours and to lose at most 15 minutes.", 120, 15),
        ("One hour, five minutes.", 60, 5),
        ("Backups are kept for 14 days. Goals: 1 h / 15 min.", 60, 15),
        ("The office is open from 9.", None, None),
    ],
)
def test_aims(line: str, back: float | None, lost: float | None) -> None:
    """
    What is aimed at is told by its words, or by its place before everything else.
    """
    assert (back, lost) == aims(line, about=True)
