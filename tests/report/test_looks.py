"""What is worth a look has a place of its own in each report, and counts nowhere."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from orchestrator.domain.outcome import WORTH_A_LOOK, Exhibit
from orchestrator.domain.result import Result
from orchestrator.report import html, markdown, select, terminal

from . import documents

COLUMNS = ("Criterion", "What it would be", "Where", "Why it does not count")
PLAN = Exhibit(title="Plan", columns=("a",), rows=(("first",),))


def table(*places: str) -> Exhibit:
    rows = tuple(("SEC-2.3.3", "A request is code", place, "a setting decides") for place in places)
    return Exhibit(title=WORTH_A_LOOK, note="Nothing in this table costs a point.", columns=COLUMNS, rows=rows)


def document(*exhibits: Exhibit, twice: bool = False) -> Result:
    nodes = documents.timeline(exhibits)
    if twice:
        shown = next(node for node in nodes if node.exhibits)
        nodes = (*nodes, shown.model_copy(update={"node": f"production/{shown.agent}"}))
    return documents.document([], agents=nodes)


def printed(result: Result, *, verbose: bool = True) -> str:
    file = io.StringIO()
    terminal.print_report(result, Console(file=file, width=160, color_system=None), result.journal, verbose=verbose)
    return file.getvalue()


def test_apart_from_exhibits() -> None:
    """
    The tables of what is worth a look and all others stand in different places.
    """
    result = document(PLAN, table("app.py:6"))

    assert [WORTH_A_LOOK] == [look.title for _, look in select.looks(result)]
    assert ["Plan"] == [exhibit.title for _, exhibit in select.exhibits(result)]


def test_two_turns_say_it_once() -> None:
    """
    An agent that has two turns shows the same table once, and two different ones both.
    """
    assert 1 == len(select.looks(document(table("app.py:6"), twice=True)))
    assert 2 == len(select.looks(document(table("app.py:6"), table("app.py:7"))))


def test_html() -> None:
    """
    The page has a section with every row and the reason, which its contents lead to.
    """
    page = html.render(document(PLAN, table("app.py:6", "attic/old.py:8")))
    section = page.partition('<section id="looks"')[2].partition("</section>")[0]

    assert '<a href="#looks">Worth a look</a>' in page
    assert "Nothing in this table costs a point." in section
    assert ["app.py:6" in section, "attic/old.py:8" in section, "a setting decides" in section] == [True] * 3
    assert "first" not in section
    assert "app.py:6" not in page.partition('<section id="exhibits"')[2]


@pytest.mark.parametrize(("places", "more"), [(4, ""), (5, "1 more in report.html")])
def test_terminal(places: int, more: str) -> None:
    """
    The terminal names the first of them, and how many more there are.
    """
    text = printed(document(table(*(f"app.py:{n}" for n in range(places)))))

    assert f"Worth a look, and counted nowhere ({places})" in text
    assert "SEC-2.3.3   app.py:0: A request is code (a setting decides)" in text
    assert "app.py:3" in text
    assert "app.py:4" not in text
    assert (more in text) if more else ("more in report.html" not in text)


@pytest.mark.parametrize(("places", "more"), [(3, ""), (4, "; 1 more in report.html")])
def test_first_screen(places: int, more: str) -> None:
    """
    The first screen has three of them, a line each.
    """
    text = printed(document(table(*(f"app.py:{n}" for n in range(places)))), verbose=False)

    assert f"Worth a look, and counted nowhere ({places}{more})\n" in text
    assert 3 == text.count(": A request is code (a setting decides)\n")


def test_markdown() -> None:
    """
    So does the summary of a pull request, as plain text.
    """
    text = markdown.render(document(table("app.py:6"), twice=True))

    assert 1 == text.count("- SEC-2.3.3 `app.py:6`: A request is code (a setting decides)")
    assert "### Worth a look, and counted nowhere" in text


def test_nothing_to_see() -> None:
    """
    Without any such table no report speaks of it.
    """
    result = document(PLAN)

    assert [False] * 3 == [
        "Worth a look" in text for text in (html.render(result), printed(result), markdown.render(result))
    ]


def test_counts_nowhere() -> None:
    """
    Score, gate and verdict are the same with it and without.
    """
    bare, told = document(PLAN), document(PLAN, table("app.py:6"))

    assert (bare.score, bare.gate, bare.verdict, bare.exit_code) == (
        told.score,
        told.gate,
        told.verdict,
        told.exit_code,
    )
