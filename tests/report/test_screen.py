"""The first screen of a result: what a stranger reads in five minutes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import click
import pytest
from rich.console import Console

from orchestrator.cli.app import app
from orchestrator.domain.age import Age
from orchestrator.domain.basis import Basis, Idle
from orchestrator.domain.policy import Loosened, Policy
from orchestrator.domain.result import Result
from orchestrator.report import _briefly, _rules, select, steps, terminal
from orchestrator.report._paper import Draft, Paper
from orchestrator.report.once import Told

from . import documents
from .test_looks import table

SCREEN = 40
NAMES = [*documents.ALL, "whole"]


def made(name: str) -> Result:
    return documents.whole() if name == "whole" else documents.ALL[name]()


def screen(
    document: Result, width: int = 80, encoding: str = "utf-8", report: str = "runs/k3f9/report.html"
) -> list[str]:
    """The lines that a review prints of *document*."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    terminal.print_report(document, Console(file=file, width=width, color_system=None), document.journal, report=report)
    file.flush()
    return raw.getvalue().decode(encoding).splitlines()


def shown(lines: Sequence[str], width: int) -> int:
    """How many lines a terminal of *width* columns needs for *lines*."""
    return sum(max(-(-len(line) // width), 1) for line in lines)


def crowded() -> Result:
    """The whole catalogue, and all there can be to say of rules and run."""
    rules = tuple(Loosened(rule=f"policy.rule{n}", shipped="0", here="5 " * 40, by="org.yaml") for n in range(9))
    idle = tuple(Idle(what=f"the waiver of SEC-2.3.{n} by dana", why="it lapsed " * 20) for n in range(9))
    document = documents.whole()
    notes = (*(f"note {n} " * 20 for n in range(9)), "readiness.yaml is not committed")
    return document.model_copy(
        update={
            "basis": Basis(evidence=9, attested=4, people=2, waived=3, loosened=rules, idle=idle),
            "notes": notes,
            "agents": documents.timeline((table(*(f"app.py:{n}" for n in range(9))),)),
        }
    )


class TestForty:
    @pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
    @pytest.mark.parametrize("width", [80, 100, 160])
    @pytest.mark.parametrize("name", NAMES)
    def test_every_ending(self, name: str, width: int, encoding: str) -> None:
        """
        Whatever a review ends in, a terminal shows all of it at once.
        """
        assert shown(screen(made(name), width, encoding), width) <= SCREEN

    @pytest.mark.parametrize("width", [80, 100])
    def test_where_there_is_most_to_say(self, width: int) -> None:
        """
        Not even a release on which everything can be said takes more, and a failure, a step and a rule stay on it.
        """
        lines = screen(crowded(), width, report="/srv/runs/k3f9/report.html")
        text = "\n".join(lines)

        assert shown(lines, width) <= SCREEN
        assert "loosened  policy.rule0" in text
        assert "of no effect  the waiver of SEC-2.3.0" in text
        assert "note  readiness.yaml is not committed" in text
        assert re.search(r"^and \d+ more: gonogo show -v$", text, re.MULTILINE)
        assert "critical Deployment web" in text
        assert "  1. " in text
        assert "Worth a look, and counted nowhere (9; 8 more in report.html)" in text

    def test_blank_lines_go_first(self) -> None:
        """
        Parts stand apart where there is room for it.
        """
        assert screen(documents.ready()).count("") > screen(documents.rollback()).count("")


class TestWrong:
    def test_new_before_old(self) -> None:
        """
        Of what is grave the new comes first, whatever it weighs; what costs points comes after all that is grave.
        """
        document = documents.rollback()
        words = {"SEC-2.1.5": "old", "DAT-6.2.1": "old", "SEC-2.1.6": "new", "CMP-8.1.1": "old"}
        rows = []
        for row in document.assessments:
            word = words.get(row.criterion)
            age = Age(word=word, because="x") if word else None  # type: ignore[arg-type]  # a word
            found = tuple(f.model_copy(update={"age": age}) for f in row.findings)
            rows.append(row.model_copy(update={"findings": found}))
        lines = screen(document.model_copy(update={"assessments": tuple(rows)}), 100)

        assert ["SEC-2.1.6", "SEC-2.1.5", "DAT-6.2.1", "CMP-8.1.1"] == [
            line.split()[1] for line in lines if line.startswith("  ✖ ")
        ]
        assert "new: POST /login" in "\n".join(lines)
        assert "old: AWS access key" in "\n".join(lines)
        assert any("Wrong here: 2 critical, 2 high, 1 new, 3 old" in line for line in lines)

    def test_the_others_are_counted(self) -> None:
        """
        What is not listed is counted by weight, with the command that lists it.
        """
        lines = screen(documents.whole(), 100)
        text, listed = "\n".join(lines), sum(line.startswith("  ✖ ") for line in lines)
        more = re.search(r"and (\d+) more \((.*)\): gonogo show --failed", text)

        assert more is not None
        assert len(select.blocking(documents.whole())) == listed + int(more[1])
        assert int(more[1]) == sum(map(int, re.findall(r"\d+", more[2])))

    @pytest.mark.parametrize(
        ("message", "path", "lines", "expected"),
        [
            ("Short", "a.py", 1, ["Short  a.py:7"]),
            ("Short", "a.py", 2, ["Short  a.py:7"]),
            ("word " * 10, "a.py", 1, ["word " * 9 + "w…  a.py:7"]),
            ("word " * 10, "a.py", 2, ["word " * 9 + "word", "a.py:7"]),
            ("word " * 30, "a.py", 2, ["word " * 10 + "word", "word " * 9 + "w…  a.py:7"]),
            ("It is in a.py:7", "a.py", 1, ["It is in a.py:7"]),
            ("word " * 12 + "a.py:7", "a.py", 1, ["word " * 9 + "w…  a.py:7"]),
            ("word " * 3, "b" * 40, 1, ["word word word"]),
            ("word " * 30, "b" * 40, 1, ["word " * 10 + "word…"]),
            ("word " * 30, "b" * 40, 2, ["word " * 10 + "word…", "b" * 40 + ":7"]),
        ],
    )
    def test_one_failure(self, message: str, path: str, lines: int, expected: list[str]) -> None:
        """
        A failure takes a line or two; its place stands whole or not at all.
        """
        document = documents.document([documents.finding("SEC-2.1.5", message=message.strip(), path=path, line=7)])
        file = io.StringIO()
        _briefly.print_failure(
            Paper(Console(file=file, width=80, color_system=None)), Told(select.blocking(document)[0]), lines
        )

        assert expected == [line[25:] for line in file.getvalue().splitlines()]

    @pytest.mark.parametrize(
        ("policy", "expected"),
        [
            (Policy(name="x"), "critical or high blocks a launch; medium or low costs points"),
            (
                Policy(name="x", max_failed_high=3, max_failed_medium=0),
                "critical or medium blocks a launch; high blocks from 4 on; low costs points",
            ),
            (
                Policy(name="x", max_failed_critical=-1, max_failed_high=-1),
                "critical or high or medium or low costs points",
            ),
        ],
    )
    def test_legend(self, policy: Policy, expected: str) -> None:
        """
        What a severity means is said in words, by the policy of the run.
        """
        assert expected == _briefly.legend(policy)


class TestNotYetShown:
    def test_nothing_fails(self) -> None:
        """
        Where nothing failed, that is what is said first, and that the rest has not been shown yet.
        """
        text = "\n".join(screen(documents.unjudged()))

        assert "Nothing fails; 11 criteria not yet shown.\n" in text
        assert "result    Not yet shown, and nothing fails. Nothing was deployed." in text
        assert "Wrong here" not in text
        assert "Not yet shown (11, 3 critical): gonogo show --unknown\n" in text
        assert "\n  8 by a person's word, 3 by the repository\n" in text

    def test_ready(self) -> None:
        """
        A release that is ready is told of nothing to do.
        """
        text = "\n".join(screen(documents.ready()))

        assert "Nothing fails.\n" in text
        assert "ot yet shown" not in text
        assert "next steps" not in text

    def test_each(self) -> None:
        """
        The command that is named lists every one with what it demands, of one area too.
        """
        document = documents.rollback()

        def told(area: str) -> str:
            file = io.StringIO()
            terminal.print_unknown(document, Console(file=file, width=120, color_system=None), area)
            return file.getvalue()

        unknown = {a.criterion for a in select.of_state(document, "unknown")}
        assert unknown == {word for word in re.findall(r"[A-Z]{3}-\d\.\d\.\d", told("")) if word in unknown}
        assert "An alert reaches a person around the clock." in told("observability")
        assert "INF-1.3.2" not in told("observability")
        assert "Nothing is unknown in CST." in told("cst")


class TestSteps:
    def test_most_for_an_hour(self) -> None:
        """
        What is wrong and grave comes first, then what yields most; of the same yield what fails, then what is graver.
        """
        found = steps.cheapest(documents.whole(), 1000)
        order = [
            (
                not (step.assessment.blocks and step.assessment.severity in ("critical", "high")),
                -step.yields,
                not step.assessment.blocks,
                step.assessment.severity.rank,
            )
            for step in found
        ]

        assert sorted(order) == order
        assert {"fail", "unknown"} == {step.assessment.status.value for step in found}
        assert 3 == len(steps.cheapest(documents.whole(), 3))

    def test_only_in_the_repository(self) -> None:
        """
        What a person's word or a running system decides is no step, unless it fails at a place of the tree.
        """
        document = documents.rollback()
        found = {step.assessment.criterion for step in steps.cheapest(document, 1000)}
        open_ = {a.criterion for a in select.of_state(document, "unknown")}

        assert {a.criterion for a in select.blocking(document)} <= found
        assert found & open_ == {name for name in open_ if document.criteria[name].evidence[0] == "repository"}
        assert open_ - found

    def test_no_effort_is_no_infinity(self) -> None:
        """
        A remedy that the catalogue says takes no time takes a little.
        """
        document = documents.rollback()
        texts = {name: text.model_copy(update={"effort": 0.0}) for name, text in document.criteria.items()}
        first, *_ = steps.cheapest(document.model_copy(update={"criteria": texts}), 3)

        assert first.points / steps.QUICKEST == first.yields


def test_commands_exist() -> None:
    """
    Each command and option that the screen names is one of the tool.
    """
    named = {
        tuple(words.split())
        for name in NAMES
        for words in re.findall(r"gonogo ([a-z]+(?: --?[a-z]+)?)", "\n".join(screen(made(name), 160)))
    }

    assert {("show", "-v"), ("show", "--failed"), ("show", "--unknown"), ("explain",), ("init",)} <= named
    for command, *options in named:
        known = app.get_command(click.Context(app), command)
        assert known is not None, command
        every = {word for parameter in known.params for word in parameter.opts}
        assert set(options) <= every


def test_runs_kept_elsewhere() -> None:
    """
    Where the record lies elsewhere, the option that the commands need is said.
    """
    assert "runs      to these commands add: --runs '/srv/my runs'" in screen(
        documents.ready(), report="/srv/my runs/k3f9/report.html"
    )
    assert not [line for line in screen(documents.ready()) if line.startswith("runs ")]


@pytest.mark.parametrize("most", [3, 4, 6])
def test_rules_are_bounded(most: int) -> None:
    """
    What is said of rules and run takes no more lines than it is given, the count of the others among them.
    """
    draft = Draft(Console(file=io.StringIO(), width=80))
    _rules.print_rules(draft, crowded(), most)

    assert most == draft.rows


def test_what_the_repository_decides_only_in_the_end_is_no_step() -> None:
    """
    What is open and decided by the running system before the repository is left to the system.
    """
    document = documents.unjudged()
    texts = {n: t.model_copy(update={"evidence": ("live", "repository")}) for n, t in document.criteria.items()}

    assert steps.cheapest(document, 3)
    assert [] == steps.cheapest(document.model_copy(update={"criteria": texts}), 3)
