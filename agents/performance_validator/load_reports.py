"""Judges what documents tell of load tests that were run: the peak, twice that, the end, a day, what is full."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Draft,
    Example,
    History,
    LoadTests,
    check,
    failed,
    measured,
    passed,
    unsure,
)

from ._load_runs import (
    DAYLONG,
    DOUBLE,
    LOST,
    P95,
    REACHED,
    TWICE,
    at_peak,
    at_twice,
    ends,
    expected,
    loaded,
    newest,
    soaks,
    times_of,
    wrong,
)

_SLOWER = 2.5
"""Times the latency at the expected load; more is no steady system."""


def _report(*rows: str, day: str = "2026-11-16", after: str = "") -> dict[str, str]:
    """A report of load tests with a table of *rows*."""
    table = "".join(f"| {row} |\n" for row in ("run | users | p95 | p99 | errors", "---|---|---|---|---", *rows))
    return {
        "docs/load-test.md": f"# Load test of {day}, staging\n\nExpected peak: 400 users at once.\n\n{table}\n{after}\n"
    }


_GOOD = ("peak, 20 min | 400 | 230 ms | 410 ms | 0.02 %", "twice, 10 min | 800 | 290 ms | 620 ms | 0.05 %")
_END_ROW = "until it broke | 2,300 | 3.1 s | 9 s | 4 %"
_SCRIPT_ONLY = Example("a script that may never have run", {"load/peak.js": "import http from 'k6/http';\n"})
_BULLETS = {
    "docs/performance.rst": (
        "Performance\n===========\n\nRun of 16 November 2026 on staging, expected peak of 120 req/s.\n\n"
        "- Peak (120 req/s, 15 min): p95 180 ms, p99 390 ms, errors 0 %\n"
        "- Double (240 req/s, 15 min): p95 240 ms, p99 610 ms, errors 0.1 %\n"
        "- Breaking point (900 req/s): p95 4 s, p99 11 s, errors 7 %\n"
    )
}
_TURNED = {
    "docs/capacity.adoc": (
        "= Capacity\n\nMeasured on 2026-11-16 with Gatling on staging. Peak load is 250 users.\n\n|===\n"
        "|Metric |Peak, 20 min |2x peak, 20 min |Breaking point\n|Users |250 |500 |1400\n|p95 (ms) |170 |190 |1900\n"
        "|p99 (ms) |390 |450 |2800\n"
        "|Error rate (%) |0 |0.1 |3\n|===\n"
    )
}


@check(
    "PRF-3.3.1",
    shows=BOTH,
    clean=[
        Example("a table of runs, one of them at the peak", _report(*_GOOD)),
        Example("a list of runs", _BULLETS),
        Example("a column for each run", _TURNED),
    ],
    flagged=[Example("too slow at the peak", _report("peak, 20 min | 400 | 812 ms | 1.9 s | 0.02 %"))],
    silent=[
        _SCRIPT_ONLY,
        Example("of a day that has not come", _report(*_GOOD, day="2099-03-02")),
        Example("less than is expected", _report("first run | 40 | 230 ms | 410 ms | 0 %")),
        Example("nothing is said of failures", _report("peak, 20 min | 400 | 230 ms | 410 ms | –")),
        Example("on a laptop", _report(*_GOOD, after="Measured on a laptop against localhost.")),
    ],
)
def peak(tests: LoadTests, history: History) -> Iterator[Draft]:
    """A dated report tells of a run at the expected peak, within 500 ms at p95, 1000 ms at p99 and 1 % failures."""
    told = newest(tests, history, 30, at_peak)
    if told is None:
        yield from _nothing(tests, "at the load that is expected")
        return
    report, runs = told.report, at_peak(told.report)
    wanted = expected(report)
    if told.why_not:
        yield unsure(told.why_not, report.at(runs[0].line))
        return
    if bad := next(((run, why) for run in runs if (why := wrong(run))), None):
        run, why = bad
        yield failed(
            f"At the expected load {why} ({report.path}, {report.day})", report.at(run.line), confidence="medium"
        )
        return
    short = [run for run in runs if (times_of(run, wanted) or 1.0) < REACHED]
    if wanted is not None and short:
        yield unsure(f"{wanted.amount:,.0f} are expected, and the run had {loaded(short[0])}", report.at(short[0].line))
    elif any(run.failures is None for run in runs):
        yield unsure(
            "The report of the run at the expected load does not say how many requests failed", report.at(runs[0].line)
        )
    else:
        slowest = max(runs, key=lambda run: run.p95 or 0)
        yield passed(
            f"On {report.day} the expected load was served, p95 at {slowest.p95:,.0f} ms, with "
            f"{max(run.failures or 0 for run in runs) * 100:.2f} % of requests failed",
            *(report.at(run.line) for run in runs),
            confidence="medium",
            measure=measured("p95 under load", slowest.p95, "ms", at_most=P95),
        )


def _nothing(tests: LoadTests, what: str) -> Iterator[Draft]:
    """That reports tell of runs, and of none of this kind."""
    first = next((report for report in tests.reports if report.runs), None)
    if first is not None:
        yield unsure(
            f"{first.path} tells of load tests, and of none {what} that can be told", first.at(first.runs[0].line)
        )


@check(
    "PRF-3.3.3",
    shows=BOTH,
    clean=[
        Example("a run at twice the peak", _report(*_GOOD)),
        Example("a list of runs", _BULLETS),
        Example("a column for each run", _TURNED),
    ],
    flagged=[Example("3 % fail at twice the peak", _report(_GOOD[0], "twice, 10 min | 800 | 290 ms | 620 ms | 3 %"))],
    silent=[
        _SCRIPT_ONLY,
        Example("only the peak", _report(_GOOD[0])),
        Example("for how long is not said", _report(_GOOD[0], "twice | 800 | 290 ms | 620 ms | 0.05 %")),
        Example("called twice, and half as much again", _report(_GOOD[0], "twice | 600 | 290 ms | 620 ms | 0 %")),
    ],
)
def twice_the_peak(tests: LoadTests, history: History) -> Iterator[Draft]:
    """A dated report tells of a run at twice the expected load in which latency and failures stayed as they were."""
    told = newest(tests, history, 30, at_twice)
    if told is None:
        yield from _nothing(tests, "at twice the load that is expected")
        return
    report, runs = told.report, at_twice(told.report)
    if told.why_not:
        yield unsure(told.why_not, report.at(runs[0].line))
        return
    wanted = expected(report)
    usual = max((run.p95 for run in at_peak(report) if run.p95 is not None), default=None)
    called = [run for run in runs if DOUBLE.search(run.name)] or runs[:1]
    run = called[0]
    if wanted is not None and (times_of(run, wanted) or TWICE) < TWICE:
        yield unsure(
            f"{loaded(run)} is less than twice the {wanted.amount:,.0f} that are expected", report.at(run.line)
        )
    elif why := wrong(run):
        yield failed(
            f"At twice the expected load {why} ({report.path}, {report.day})", report.at(run.line), confidence="medium"
        )
    elif run.failures is None:
        yield unsure(
            "The report of the run at twice the load does not say how many requests failed", report.at(run.line)
        )
    elif run.minutes is None and not run.flat:
        yield unsure(
            "The report of the run at twice the load says neither how long it took nor that memory stayed as it was",
            report.at(run.line),
        )
    elif usual and run.p95 and run.p95 > usual * _SLOWER:
        yield unsure(
            f"At twice the load p95 rose from {usual:,.0f} to {run.p95:,.0f} ms; whether that is steady is open",
            report.at(run.line),
        )
    else:
        yield passed(
            f"On {report.day} twice the expected load was served, p95 at {run.p95:,.0f} ms, with "
            f"{run.failures * 100:.2f} % of requests failed",
            report.at(run.line),
            confidence="medium",
        )


_FULL = "The first thing that is full: CPU of the web hosts (92 % at 740 users; database 31 %)."


@check(
    "PRF-3.3.4",
    shows=PASS,
    clean=[
        Example("what is full first, with figures", _report(*_GOOD, after=_FULL)),
        Example(
            "named as the bottleneck",
            _report(*_GOOD, after="The bottleneck is disk I/O of the primary: IOPS at 98 % of 3,000, CPU at 40 %."),
        ),
        Example(
            "it ran out of connections",
            _report(*_GOOD, after="Memory stayed at 61 %. The database connections ran out at 180 of 180."),
        ),
    ],
    flagged=[
        Example("nothing says what is full", _report(*_GOOD)),
        Example("nobody knows", _report(*_GOOD, after="The bottleneck is not known. CPU was at 40 %.")),
        Example("a guess without a figure", _report(*_GOOD, after="We think memory is the bottleneck.")),
    ],
    silent=[_SCRIPT_ONLY],
)
def bottleneck(tests: LoadTests, history: History) -> Iterator[Draft]:
    """A dated report names the resource that is full first, and how full resources were."""
    told = newest(tests, history, 90, lambda report: report.runs and report.noted("limit"))
    if told is None:
        yield from _nothing(tests, "says which resource is full first")
        return
    report = told.report
    limit, figures = report.noted("limit")[0], report.noted("resource")
    if told.why_not:
        yield unsure(told.why_not, report.at(limit.line))
    elif figures:
        yield passed(
            f"What is full first is known since {report.day}",
            report.at(limit.line),
            report.at(figures[0].line),
            confidence="medium",
        )
    else:
        yield unsure(
            f"What is full first is said, without a figure of any resource: {limit.text[:120]}", report.at(limit.line)
        )


@check(
    "PRF-3.3.5",
    shows=PASS,
    clean=[
        Example("load was raised until it broke", _report(*_GOOD, _END_ROW)),
        Example("a list of runs", _BULLETS),
        Example("a column for each run", _TURNED),
    ],
    flagged=[
        Example("nobody looked for the end", _report(*_GOOD)),
        Example("it did not break", _report(*_GOOD, "stress | 1,600 | 300 ms | 700 ms | 0 %")),
    ],
    silent=[_SCRIPT_ONLY],
)
def breaking_point(tests: LoadTests, history: History) -> Iterator[Draft]:
    """A dated report tells at which load, above the expected one, requests failed or took too long."""
    told = newest(tests, history, 180, ends)
    if told is None:
        yield from _nothing(tests, "in which the system broke")
        return
    report, run = told.report, ends(told.report)[0]
    if told.why_not:
        yield unsure(told.why_not, report.at(run.line))
    elif expected(report) is None:
        yield unsure("The report does not say which load is expected", report.at(run.line))
    else:
        yield passed(f"On {report.day} the system broke at {loaded(run)}", report.at(run.line), confidence="medium")


@check(
    "PRF-3.3.6",
    shows=BOTH,
    clean=[
        Example(
            "a day, memory as it was",
            _report(*_GOOD, after="24 h at 150 users: memory of pods 61 → 63 MiB, p95 58 → 59 ms."),
        ),
        Example("two days", _report(*_GOOD, after="Soak test of 48 hours at 200 users: heap stable, no errors.")),
        Example("three days", _report(*_GOOD, after="Endurance, 72 h: RSS 410 MB → 415 MB, file handles unchanged.")),
    ],
    flagged=[Example("half an hour", _report(*_GOOD, after="Soak test of 30 minutes at 200 users: memory flat."))],
    silent=[
        _SCRIPT_ONLY,
        Example("memory grew", _report(*_GOOD, after="24 h at 150 users: memory of pods 61 → 163 MiB.")),
    ],
)
def soak_test(tests: LoadTests, history: History) -> Iterator[Draft]:
    """A dated report tells of a run of 24 hours or more in which memory stayed as it was."""
    told = newest(tests, history, 90, soaks)
    if told is None:
        return
    report, runs = told.report, soaks(told.report)
    long = [run for run in runs if (run.minutes or 0) >= DAYLONG]
    if told.why_not:
        yield unsure(told.why_not, report.at(runs[0].line))
    elif not long:
        longest = max(run.minutes or 0 for run in runs)
        yield failed(
            f"The soak test of {report.day} ran for {longest / 60:,.1f} of at least 24 hours",
            report.at(runs[0].line),
            confidence="medium",
        )
    elif any(run.flat for run in long) and not any(map(wrong, long)):
        yield passed(
            f"A run of {(long[0].minutes or 0) / 60:,.0f} hours left memory as it was",
            report.at(long[0].line),
            confidence="medium",
        )
    else:
        yield unsure("A run of a day is told of, and not that memory stayed as it was", report.at(long[0].line))


@check(
    "PRF-3.3.7",
    shows=PASS,
    clean=[
        Example(
            "figures, growth and what is added when",
            _report(*_GOOD, _END_ROW, after="Fourth host at 1,200 users; we grow 15 % a year."),
        ),
        Example(
            "another way to say it",
            _report(*_GOOD, _END_ROW, after="Above 1,000 users: add two workers. Traffic grows by 10 % each quarter."),
        ),
        Example(
            "a table of figures to act at",
            _report(
                *_GOOD,
                _END_ROW,
                after="| figure | now | limit | act at |\n|---|---|---|---|\n| users | 371 | 2,300 | 1,200: 16 tasks |"
                "\n\nGrowth is 6 % a year.",
            ),
        ),
    ],
    flagged=[
        Example("nothing says when to scale", _report(*_GOOD, _END_ROW, after="Growth is 6 % a year.")),
        Example("one figure and nothing of growth", _report(*_GOOD, after="Above 700 users: database to 4 cores.")),
    ],
    silent=[_SCRIPT_ONLY],
)
def figures_to_scale_at(tests: LoadTests, history: History) -> Iterator[Draft]:
    """A dated report says what is expected, at which load it ends, how load grows and at which figure to add what."""
    told = newest(tests, history, 180, lambda report: report.runs and report.noted("trigger"))
    if told is None:
        return
    report = told.report
    trigger, growth = report.noted("trigger")[0], report.noted("growth")
    lacking = [
        what
        for what, known in (
            ("how load grows", growth),
            ("which load is expected", expected(report) is not None),
            ("at which load it ends", ends(report)),
        )
        if not known
    ]
    if told.why_not:
        yield unsure(told.why_not, report.at(trigger.line))
    elif lacking:
        yield unsure(f"It is said at which figure to scale, and not {' nor '.join(lacking)}", report.at(trigger.line))
    else:
        yield passed(
            f"{report.path} says at which figures to scale",
            report.at(trigger.line),
            report.at(growth[0].line),
            confidence="medium",
        )


_LEAP = "From 400 to 800 users in 20 s: p95 0.9 s for 40 s, nothing failed."


@check(
    "PRF-3.3.8",
    shows=BOTH,
    clean=[
        Example("a jump, and when all was well again", _report(*_GOOD, after=_LEAP)),
        Example("failures stand in the table", _report(*_GOOD, after="400 → 800 in 15 s: p95 400 ms for 10 s.")),
        Example(
            "with words",
            _report(*_GOOD, after="Jump from 400 to 800 within a minute: no failures, recovered after 70 s."),
        ),
    ],
    flagged=[
        Example(
            "4 % fail in the jump",
            _report(*_GOOD, after="From 400 to 900 users in 20 s: 4 % failed, recovered after 90 s."),
        )
    ],
    silent=[
        _SCRIPT_ONLY,
        Example("nothing of recovery", _report(*_GOOD, after="From 400 to 800 users within a minute: nothing failed.")),
        Example(
            "a slow ramp",
            _report(*_GOOD, after="From 400 to 800 users in 15 min: nothing failed, recovered after 1 s."),
        ),
    ],
)
def spike(tests: LoadTests, history: History) -> Iterator[Draft]:
    """A dated report tells of a sudden jump of load, what failed in it and how long it took to recover."""
    told = newest(tests, history, 90, lambda report: report.jumps)
    if told is None:
        return
    report, jump = told.report, told.report.jumps[0]
    lost = jump.failures
    if lost is None:
        same = [run.failures for run in report.runs if jump.after in (run.load, run.rate) and run.failures is not None]
        lost = max(same, default=None)
    if told.why_not:
        yield unsure(told.why_not, report.at(jump.line))
    elif lost is not None and lost >= LOST:
        yield failed(
            f"{lost:.1%} of requests failed when load jumped from {jump.before:,.0f} to {jump.after:,.0f}",
            report.at(jump.line),
            confidence="medium",
        )
    elif lost is None or not jump.recovered:
        what = "what failed" if lost is None else "how long it took to recover"
        yield unsure(f"A jump of load is told of, and not {what}", report.at(jump.line))
    else:
        yield passed(
            f"A jump from {jump.before:,.0f} to {jump.after:,.0f} in {jump.seconds:,.0f} s was survived",
            report.at(jump.line),
            confidence="medium",
        )
