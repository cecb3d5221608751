"""What prose tells of trials: which lines do, and which only look as if they did."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.documents import Documents, Measured

TABLE = "| when | what | pods | took |\n|---|---|---|---|\n"
ADOC = "|===\n|Run |Pods\n"


def told(text: str, path: str = "docs/dr.md") -> list[Measured]:
    facts = facts_of({path: text}, ())
    documents = facts[Documents]
    assert isinstance(documents, Documents)
    return [one for document in documents.files for one in document.measured]


SAID: list[tuple[str, list[tuple[str, str, tuple[int, ...]]]]] = [
    # how many instances ran
    (TABLE + "| peak | – | 3 → 4 | |\n", [("count", "", (3, 4))]),
    (TABLE + "| peak | – | 2 -> 4 -> 7 | |\n", [("count", "", (2, 4, 7))]),
    (TABLE + "| peak | – | 4 | |\n", [("count", "", (4,))]),
    (TABLE.replace("pods", "p95") + "| peak | – | 3 → 4 | |\n", []),
    ("200 users took it from 2 to 5 tasks.\n", [("count", "", (2, 5))]),
    ("The pods went from 2 to 5 in a minute.\n", [("count", "", (2, 5))]),
    ("It rose from 20 to 50 ms.\n", []),
    ("We will go from 2 to 5 tasks.\n", []),
    # what was lost when they went
    ("Back from 7 to 2 tasks: 0 of 3 120 requests refused.\n", [("intact", "", (7, 2)), ("count", "", (7, 2))]),
    ("Scaled in from 5 to 2 pods without a single failed request.\n", [("intact", "", (5, 2)), ("count", "", (5, 2))]),
    ("Back from 7 to 2 tasks: 12 of 3 120 requests refused.\n", [("count", "", (7, 2))]),
    ("Up from 2 to 7 tasks: 0 of 3 120 requests refused.\n", [("count", "", (2, 7))]),
    # what made them come
    ("CPU crossed 60 % at 6:10, the fourth pod was ready at 6:52.\n", [("crossed", "", ())]),
    ("Memory exceeded its target; nobody looked.\n", []),
    ("The fourth pod was ready at 6:52.\n", []),
    # standbys
    (
        "2026-11-03 reboot of the primary: gone 10:02:11, standby promoted 10:02:58.\n",
        [("failover", "2026-11-03", ()), ("drill", "2026-11-03", ())],
    ),
    ("2026-11-03: gone 10:02:11, standby promoted 10:02:58.\n", [("drill", "2026-11-03", ())]),
    ("2026-11-03 reboot of the primary, standby promoted.\n", []),
    ("2026-11-03 failover of the primary is planned, within 30 s.\n", []),
    # data that was brought back
    (
        "2026-03-21 restored to a moment: 71 904 = 71 904, 27 min.\n",
        [("drill", "2026-03-21", ()), ("compared", "2026-03-21", ())],
    ),
    (
        "Drills before: 2026-03-21, 2025-11-20. Next: 2026-06-21.\n",
        [("named", "2026-03-21", ()), ("named", "2025-11-20", ())],
    ),
    ("## Drill of 2026-03-21\nRestored in 27 min. To do: a key (done 2026-03-24).\n", [("drill", "2026-03-21", ())]),
    (
        "## 2026-03-21\nRestored.\n\n| what | when |\n|---|---|\n| begun | 10:00 |\n| back | 10:31, 90 of 90 |\n",
        [("drill", "2026-03-21", ()), ("compared", "2026-03-21", ())],
    ),
    ("## Drill of 2026-03-21\n12 of 900 requests failed, restored in 27 min.\n", [("drill", "2026-03-21", ())]),
    ("## Drill of 2026-03-21\nThe restore failed after 27 min.\n", []),
    ("backup_0017  2026-03-21T02:10:00.1122+00:00  Full\n", []),
    ("## Drill, planned for 2026-03-21\nRestore in 27 min.\n", []),
    ("2026-03-21 restored by this runbook in 27 min.\n", [("drill", "2026-03-21", ()), ("whole", "2026-03-21", ())]),
    ("2026-03-21 weekly restore test: 27 min.\n", [("routine", "2026-03-21", ())]),
    ("2026-03-21 deployed in 27 min.\n", [("result", "2026-03-21", ())]),
    ("2026-03-21 restore, aim 27 min.\n", []),
    ("2026-03-21 table-top of the restore, 27 min.\n", []),
    ("2026-03-21 walk-through of the restore, 27 min.\n", []),
    ("2026-03-21 walk-through of the restore, rows equal.\n", [("drill", "2026-03-21", ())]),
    (
        "2026-03-21 restore: 27 min. 2026-09-21 restore: 31 min. Next drill 2027-03-21.\n",
        [("drill", "2026-03-21", ()), ("drill", "2026-09-21", ())],
    ),
    (TABLE + "| 3 June 2026 | restored to a moment | | 31 min |\n", [("drill", "2026-06-03", ())]),
    # steps
    ("`pg_restore -j4 -d shop newest.dump`\n", [("step", "", ())]),
    ("2. Point the address at it.\n", [("step", "", ())]),
    ("The platform repository has it.\n", []),
    # what traffic was made of
    ("k6, two thirds look.\n", [("shape", "", ())]),
]


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_what_a_line_tells(text: str, expected: list[tuple[str, str, tuple[int, ...]]]) -> None:
    found = [(one.kind, one.day, one.counts) for one in told(f"# Recovery and load\n\n{text}")]

    assert expected == found


def test_tables_of_asciidoc() -> None:
    found = told(f"= Load\n\n{ADOC}|peak |3 → 4\n|twice |4 → 6\n|===\n", "docs/load.adoc")

    assert [(3, 4), (4, 6)] == [one.counts for one in found]


def test_a_section_that_is_withdrawn_tells_nothing() -> None:
    text = "# Recovery\n\nWhat we do.\n\n## Drill (withdrawn)\n\n2026-03-21 restored: 71 904 = 71 904, 27 min.\n"

    assert [] == told(text)
