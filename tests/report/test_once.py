"""A fact that fails several criteria is told once, and what is told names the others."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from orchestrator.catalogue.loader import catalogue
from orchestrator.domain.finding import Extent
from orchestrator.domain.result import JournalHead, Result
from orchestrator.report import terminal
from orchestrator.report.markdown import render
from orchestrator.report.once import Told, once
from orchestrator.report.select import blocking

from . import documents

PAIR = ("SEC-2.1.5", "SEC-2.3.4")


def failing(second: tuple[str, int] = ("app.py", 3), *, near: bool = True) -> Result:
    """Two failures, the graver one at two lines of app.py, of criteria that are neighbours or not."""
    found = [
        documents.finding(PAIR[0], path="app.py", line=3, message="A key stands in app.py"),
        documents.finding(PAIR[0], path="app.py", line=9, message="Another stands in app.py"),
        documents.finding(PAIR[1], path=second[0], line=second[1], message="The key is in version control"),
    ]
    document = documents.document(found)
    told = {
        name: text.model_copy(update={"neighbours": tuple(set(PAIR) - {name}) if near and name in PAIR else ()})
        for name, text in document.criteria.items()
    }
    return document.model_copy(update={"criteria": told})


def told(document: Result) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.assessment.criterion, one.also) for one in once(document, blocking(document))]


class TestOnce:
    def test_a_neighbour_at_the_same_place(self):
        """
        The gravest stands for it and names it.
        """
        assert [(PAIR[0], (PAIR[1],))] == told(failing())

    @pytest.mark.parametrize("second", [("app.py", 4), ("lib.py", 3)])
    def test_another_place(self, second):
        """
        What is said of another place is told by itself.
        """
        assert [(PAIR[0], ()), (PAIR[1], ())] == told(failing(second))

    def test_no_neighbour(self):
        """
        Two criteria that a line fails for different reasons are two facts.
        """
        assert [(PAIR[0], ()), (PAIR[1], ())] == told(failing(near=False))

    def test_places_that_are_not_known(self):
        """
        A failure of which not all places are known, or that is about none, speaks for itself.
        """
        document = failing()
        rows = [
            row.model_copy(
                update={"findings": tuple(f.model_copy(update={"extent": Extent(places=9)}) for f in row.findings)}
            )
            for row in blocking(document)
        ]

        assert [(), ()] == [one.also for one in once(document, rows)]

    def test_every_report(self):
        """
        Terminal and Markdown say it beside what is wrong, and do not tell the other again.
        """
        out = io.StringIO()
        console = Console(file=out, width=160)
        terminal.print_report(failing(), console, JournalHead(head="sha256:0", events=1))
        terminal.print_failed(failing(), console)
        terminal.print_summary(failing(), console)

        assert 3 == out.getvalue().count("A key stands in app.py; fails SEC-2.3.4 too")
        assert "The key is in version control" not in out.getvalue()
        assert "A key stands in app.py; fails SEC-2.3.4 too" in render(failing()).replace("\\", "")

    def test_alone(self):
        """
        Who speaks for nobody says nothing of it.
        """
        assert "" == Told(blocking(failing())[0]).too


class TestCatalogue:
    def test_both_ways(self):
        """
        Neighbours name each other.
        """
        known = catalogue()

        assert 22 == sum(bool(criterion.neighbours) for criterion in known)
        for criterion in known:
            assert all(criterion.id in known[other].neighbours for other in criterion.neighbours), criterion.id
