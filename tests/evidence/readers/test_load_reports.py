"""What prose tells of load tests that were run."""

from __future__ import annotations

import pytest

from orchestrator import LoadReport, LoadTests
from orchestrator.contract.testing import facts_of


def reports(text: str, path: str = "docs/load.md") -> tuple[LoadReport, ...]:
    fact = facts_of({path: text})[LoadTests]
    assert isinstance(fact, LoadTests)
    return fact.reports


def report(text: str, path: str = "docs/load.md") -> LoadReport:
    (found,) = reports(text, path)
    return found


ROW = "| run | users | p95 | p99 | errors |\n|---|---|---|---|---|\n| peak | 400 | 230 ms | 0.41 s | 0.02 % |\n"


class TestTables:
    @pytest.mark.parametrize(
        ("head", "row", "told"),
        [
            ("| run | users | p95 | p99 | err |", "| peak | 2,300 | 3 s | 9 s | 4 % |", (2300, None, 3000, 9000, 0.04)),
            ("| run | rps | p95 (ms) | Error rate |", "| peak | 96 | 230 | 0.001 |", (None, 96, 230, None, 0.001)),
            ("| run | Requests/s | p95 (s) | failed |", "| peak | 72 | 0.061 | none |", (None, 72, 61, None, 0)),
            ("| run | tenants | p95 | failed |", "| peak | 180 | 140 ms | 0 of 3 120 |", (180, None, 140, None, 0)),
            ("| Label | # Samples | 95% Line | Throughput |", "| TOTAL | 14400 | 230 | 80.1/sec |",
             (None, 80.1, 230, None, None)),
            ("| run | pods | p95 | failed |", "| peak | 4 | 140 ms | 3 |", (None, None, 140, None, None)),
            ("| run | p95 | memory |", "| 600 users | 140 ms | 61 MB |", (600, None, 140, None, None)),
        ],
    )  # fmt: skip
    def test_a_row_is_a_run(self, head, row, told):
        """
        Loads, times and shares are read with the units of their cells and columns; counts of samples and pods are none.
        """
        (run,) = report(f"# Load, 2026-11-16\n\n{head}\n|---|---|---|---|\n{row}\n").runs

        assert told == (run.load, run.rate, run.p95, run.p99, run.failures)

    def test_a_column_is_a_run(self):
        """
        Where rows are figures, each column is a run; one of what is wanted is none.
        """
        text = (
            "# Load, 2026-11-16\n\n| Metric | Target | Peak (500 VUs) | 2x Peak (1000 VUs) |\n|---|---|---|---|\n"
            "| p95 latency | < 500 ms | 220 ms | 380 ms |\n| p99 | < 1 s | 400 ms | 800 ms |\n"
            "| Errors | < 1% | 0% | 0.3% |\n"
        )

        assert [("Peak (500 VUs)", 500, 220, 400, 0), ("2x Peak (1000 VUs)", 1000, 380, 800, 0.003)] == [
            (run.name, run.load, run.p95, run.p99, run.failures) for run in report(text).runs
        ]

    @pytest.mark.parametrize(
        "text",
        [
            f"# Service level objectives, 2026-11-16\n\n{ROW}",
            f"# Load\n\n## Targets of 2026-11-16\n\n{ROW}",
            f"# Load 2026-11-16\n\n## Example of a report\n\n{ROW}",
            "# Load 2026-11-16\n\n" + ROW.replace("p95", "target p95"),
            "# Load 2026-11-16\n\n" + ROW.replace("peak", "limit"),
            "# Load 2026-11-16\n\n" + ROW.replace("230 ms", "TBD"),
            f"# Load 2026-11-16\n\n```\n{ROW}```\n",
            f"# Load 2026-11-16\n\nStatus: withdrawn\n\n{ROW}",
            "# Load 2026-11-16\n\nWe aim at p95 230 ms.\n",
            "# Load 2026-11-16\n\np95 < 230 ms at 400 users.\n",
            "# Load 2026-11-16\n\nAt 400 users p95 below 230 ms is wanted.\n",
            "# Load 2026-11-16\n\nThe next run will have 400 users: p95 230 ms.\n",
        ],
    )
    def test_what_is_wanted_is_no_run(self, text):
        """
        Targets, examples, gaps, code and what is still to come tell of no run.
        """
        assert () == reports(text)


class TestSentences:
    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("- Peak (120 req/s, 15 min): p95 180 ms, p99 390 ms, errors 0 %", (None, 120, 180, 390, 0)),
            ("At 1 200 users the 95th percentile was 210 ms, 99th percentile 480 ms and 0.03 % of requests failed.",
             (1200, None, 210, 480, 0.0003)),
            ("With 300 VUs p(95) of 0.4 s, no errors.", (300, None, 400, None, 0)),
            ("90 staff: p95 105 ms.", (90, None, 105, None, None)),
        ],
    )  # fmt: skip
    def test_a_sentence_is_a_run(self, line, told):
        """
        Sentences and items of lists tell of a run by a percentile.
        """
        run = report(f"# Load\n\nRun on 2026-11-16.\n\n{line}\n").runs[0]

        assert told == pytest.approx((run.load, run.rate, run.p95, run.p99, run.failures))

    def test_runs_after_the_first_need_no_percentile(self):
        """
        A line goes on in the form in which it began.
        """
        found = report(
            "# Load (2026-10-29)\n\n90: p95 105 ms. 180: 130 ms, 0 failed. 1 100: 2 s, 3 % failed; CPU first.\n"
        )

        assert [(105, None), (130, 0), (2000, 0.03)] == [(run.p95, run.failures) for run in found.runs]

    @pytest.mark.parametrize(
        ("sentence", "told"),
        [
            ("Expected peak is 400 people at once (February: 371).", (400, False)),
            ("Expected on 1 May at noon: 600 people (2026: 566).", (600, False)),
            ("Expected 12 weighings/s.", (12, True)),
            ("Peak load is 80 req/s.", (80, True)),
            ("Expected: 150 at once (January 2026: 138).", (150, False)),
            ("Target load: 500.", (500, False)),
            ("It ran for 20 minutes.", (None, False)),
        ],
    )
    def test_what_is_expected(self, sentence, told):
        """
        The expected load is a number with its unit; days and times of day are none.
        """
        found = report(f"# Load 2026-11-16\n\n{sentence}\n\n{ROW}")

        assert told == (found.expected, found.per_second)

    @pytest.mark.parametrize(
        ("sentence", "told"),
        [
            ("From 120 to 240 in 20 s: p95 0.9 s for 40 s, nothing failed.", (120, 240, 20, True, 0)),
            ("Jump 150 → 300 in 30 s: 40 s of p95 0.9 s.", (150, 300, 30, True, None)),
            ("From 400 to 900 users in 20 s: 4 % failed, recovered after 90 s.", (400, 900, 20, True, 0.04)),
            ("We went from 300 to 600 users within a minute without errors.", (300, 600, 60, False, 0)),
        ],
    )
    def test_a_jump(self, sentence, told):
        """
        A jump says from how much to how much, in how long, what failed and when all was well again.
        """
        (jump,) = report(f"# Load 2026-11-16\n\n{ROW}\n{sentence}\n").jumps

        assert told == (jump.before, jump.after, jump.seconds, jump.recovered, jump.failures)

    @pytest.mark.parametrize(
        "sentence", ["From 120 to 240 in 4 minutes.", "From 120 to 150 in 20 s.", "From 240 to 120 in 20 s.", "9 to 5."]
    )
    def test_no_jump(self, sentence):
        """
        A slow rise, a small one and a fall are none.
        """
        assert () == report(f"# Load 2026-11-16\n\n{ROW}\n{sentence}\n").jumps

    @pytest.mark.parametrize(
        ("sentence", "told"),
        [
            ("24 h at 150 people: memory of pods 61 → 63 MiB.", (1440, True)),
            ("Soak test of 48 hours: heap stable.", (2880, True)),
            ("Soak test of 48 hours: heap was not stable.", (2880, False)),
            ("24 h at 150 people: memory of pods 61 → 163 MiB.", (1440, False)),
            ("Soak test of 30 minutes: memory flat.", (30, True)),
        ],
    )
    def test_a_soak(self, sentence, told):
        """
        A long run says how long, and whether memory stayed as it was.
        """
        run = report(f"# Load 2026-11-16\n\n{ROW}\n{sentence}\n").runs[-1]

        assert told == (run.minutes, run.flat)

    @pytest.mark.parametrize(
        ("sentence", "kinds"),
        [
            ("First limit: disk writes of the primary (IOPS 3 000).", ["limit", "resource"]),
            ("The bottleneck is not known.", []),
            ("CPU is the bottleneck.", ["limit"]),
            ("We grow 15 % a year.", ["growth"]),
            ("Fourth host at 220 at once.", ["trigger"]),
            ("At 100/s: NVMe.", ["trigger"]),
            ("Scale out when CPU stays above 70 % for 10 minutes.", ["resource", "trigger"]),
            ("From 6 to 3 pods with 50 people left: 0 of 4 410 requests reset.", []),
            ("CPU crossed 60 % at 6:10, the fourth pod was ready at 6:52.", ["resource"]),
            ("Measured on a laptop.", ["doubt"]),
        ],
    )
    def test_notes(self, sentence, kinds):
        """
        A sentence says what is full first, how full it is, how load grows, when to add what, or takes figures back.
        """
        found = report(f"# Load 2026-11-16\n\n{ROW}\n{sentence}\n")

        assert kinds == [note.kind for note in found.notes]


class TestDays:
    def test_sections_with_days_of_their_own(self):
        """
        Each dated section is a report; what stands below it belongs to it.
        """
        text = (
            f"# Load tests\n\n## 2026-11-10\n\nExpected 400 users.\n\n{ROW}\n### Limit\n\nCPU is the bottleneck.\n\n"
            f"## 2026-08-02\n\n{ROW}"
        )

        assert [("2026-11-10", 400, 1, 1), ("2026-08-02", None, 1, 0)] == [
            (one.day, one.expected, len(one.runs), len(one.notes)) for one in reports(text)
        ]

    def test_a_section_of_a_document_about_something_else(self):
        """
        Its day is that of the section, and other sections say nothing of it.
        """
        text = (
            "# Operating\n\n## Restores\n\nTried on 2026-03-01.\n\n"
            f"## Load (2026-10-29)\n\n{ROW}\n## Growth\n\nWe grow 5 % a year.\n"
        )
        found = report(text, "docs/operating.md")

        assert ("2026-10-29", ()) == (found.day, found.notes)

    def test_the_newest_day_of_what_was_done(self):
        """
        A peak of the spring and a run that is to come are not the day of the run.
        """
        text = (
            f"# Capacity\n\nThe peak was on 11 April 2026. k6 on 12 Nov 2026. The next run is on 2027-02-01.\n\n{ROW}"
        )

        assert "2026-11-12" == report(text).day

    def test_no_day(self):
        """
        A report without a day has none.
        """
        assert "" == report(f"# Load\n\n{ROW}").day


class TestPages:
    SAID = "At the expected load p95 was 610 ms and 0.1 % failed, with 300 users (docs/load.md, 2026-11-20).\n"

    @pytest.mark.parametrize(
        ("title", "by", "many"),
        [
            ("Accuracy", "Written by `make accuracy`.", 0),
            ("Accuracy", "Written by two people.", 1),
            ("Load test", "Written by `make load`.", 1),
        ],
    )
    def test_what_a_command_keeps(self, title, by, many):
        """
        A page of a command's that is about something else quotes figures; one about load records them.
        """
        assert many == len(reports(f"# {title}\n\n{by}\n\n{self.SAID}", "docs/page.md"))
