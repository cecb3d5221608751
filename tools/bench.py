"""Measures everything in one run and writes it to ``docs/performance.md``: ``make bench``."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from tools.benchmarks import comparing, coordination, lagging, recording, reviewing, starting

TARGET = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> None:
    """Measure, print and write the page; fails where a review takes too much."""
    compared = comparing.measure()
    text = (
        "\n".join(
            [
                *_HEAD,
                *comparing.lines(compared),
                *_coordination(),
                *_lagging(),
                *_starting(),
                *_reviewing(),
                *_recording(),
            ]
        )
        + "\n"
    )
    TARGET.write_text(text)
    print(text)
    if slow := comparing.too_slow(compared):
        raise SystemExit("bench: " + "; ".join(slow))


def _coordination() -> list[str]:
    coordination.measure(100)
    lines = [
        "## Coordination",
        "",
        "No-op nodes in layers of ten, each waiting for two; the floor is a bare asyncio and networkx dispatcher "
        "over the same graph, measured in turns in the same process. Microseconds a node, medians.",
        "",
        "| nodes | floor | journal on, not synced | over the floor | every decision fsynced |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for count in (10, 1_000, 10_000):
        found = coordination.measure(count)
        over = found["journal"] - found["floor"]
        lines.append(
            f"| {count:,} | {found['floor']:.1f} | {found['journal']:.1f} | {over:.1f} | {found['fsync']:.1f} |"
        )
    path, wall = coordination.critical_path()
    least, many = coordination.chain_among_many()
    lines += [
        "",
        f"Uneven DAG of 40 agents of 50 ms (longest chain 12), every decision fsynced: critical path {path:.3f} s as "
        f"the event loop sleeps it, wall {wall:.3f} s, {100 * wall / path - 100:.1f} % over it; there is no barrier.",
        "",
        f"200 short nodes and a chain of 12, of 50 ms each, eight at once: {least:.2f} s if no place is ever idle, "
        f"wall {many:.2f} s; what the longest path hangs on goes first.",
        "",
        f"Peak memory of a process that coordinates 10,000 nodes: {coordination.memory(10_000):.0f} MB.",
        "",
        "All of this is with work that is done in the coordinator's own process. In a process of its own, as in a "
        f"review, a no-op node costs {coordination.apart(0):.0f} ms of CPU, and {coordination.apart(200):.0f} ms where "
        "the run holds 200 MB more: two forks each, of the agent and of its warden.",
        "",
    ]
    return lines


def _lagging() -> list[str]:
    rows = [
        f"| {name} | {lag.looks:,} | {lag.half:.1f} | {lag.p99:.1f} | {lag.most:.1f} |"
        for name, lag in lagging.measure().items()
    ]
    return [
        "## Lag of the event loop",
        "",
        f"How late the loop of a run is, looked at every {1000 * lagging.EVERY:.0f} ms of a review of an estate of "
        f"{lagging.FILES:,} files; a long wait counts as all the looks that it has cost. Milliseconds.",
        "",
        "| | looks | half | p99 | most |",
        "| --- | ---: | ---: | ---: | ---: |",
        *rows,
        "",
    ]


def _starting() -> list[str]:
    found = starting.measure()
    floor = found["python -c pass"]
    rows = [f"| `{name}` | {value:.1f} | {value / floor:.1f} |" for name, value in found.items()]
    return ["## Start", "", "| command | ms | × `python -c pass` |", "| --- | ---: | ---: |", *rows, ""]


def _reviewing() -> list[str]:
    found = [reviewing.measure(files) for files in reviewing.SIZES]
    lines = [
        "## Review and replay",
        "",
        "Generated microservice estates (four languages, manifests, Terraform, migrations, tests, documents) as git "
        "repositories; CPU seconds of the whole command, git included.",
        "",
        "| files | review s | ms a file | peak MB | replay s | replay / review | record MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {m.files:,} | {m.review:.2f} | {1000 * m.review / m.files:.2f} | {m.memory:.0f} | {m.replay:.2f} "
        f"| {m.replay / m.review:.2f} | {m.record:.2f} |"
        for m in found
    ]
    largest = found[-1]
    spent = "; ".join(f"{name} {seconds:.2f} s" for name, seconds in sorted(largest.parts.items(), key=lambda p: -p[1]))
    lines += ["", f"Where the time of the largest goes, by the record's own clock: {spent}.", ""]
    return lines


def _recording() -> list[str]:
    lines = [
        "## Verifying a record",
        "",
        f"Journals of {recording.EVENTS:,} events, written by the real journal: the events of a real review of "
        f"{recording.FILES} files over and over, each time with nodes of its own; and the same review with "
        f"{recording.EVENTS:,} answers of steps. Neither has a verdict, so that what is derived does not count in. CPU "
        f"milliseconds in turns in one process, medians of {recording.ROUNDS} rounds, and medians of their ratios. A "
        "chain takes one hash a line, so that the second row is the least that any reader of it can do.",
        "",
        "| | as in a review: ms | × whole | × line by line | answers of steps: ms | × whole | × line by line |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    mixed, stepped = recording.measure().values()
    lines += [
        f"| {name} | "
        + " | ".join(f"{m.times[name]:.0f} | {m.of_whole[name]:.1f} | {m.of_lines[name]:.1f}" for m in (mixed, stepped))
        + " |"
        for name in mixed.times
    ]
    lines += [
        "",
        f"The journals have {mixed.size:.0f} and {stepped.size:.0f} MB. Peak memory of a process that verifies or "
        "replays a finished record, with its blobs beside it:",
        "",
        "| answers of steps | blobs MB | verify MB | replay MB |",
        "| ---: | ---: | ---: | ---: |",
    ]
    lines += [f"| {p.events:,} | {p.blobs:.0f} | {p.verify:.0f} | {p.replay:.0f} |" for p in recording.memory()]
    return [*lines, ""]


_HEAD = [
    "# Performance",
    "",
    "Written by `make bench`. Machines are shared and noisy: ratios within one run count, absolute figures do not.",
    "",
    f"Python {platform.python_version()}, {os.cpu_count()} cores.",
    "",
]

if __name__ == "__main__":
    main()
