"""How many places a finding was made at, wherever it is shown."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from orchestrator.domain.finding import Extent, Status
from orchestrator.domain.result import Result
from orchestrator.report import html, json, markdown
from orchestrator.report._criterion import print_criterion
from orchestrator.report._paper import Paper

from . import documents


def of_many() -> tuple[Result, str]:
    """A document whose first failing criterion was found at 2,400 places."""
    document = documents.rollback()
    failing = next(a for a in document.assessments if a.status is Status.FAIL and a.findings and a.severity.rank == 0)
    findings = tuple(f.model_copy(update={"extent": Extent(places=2_400)}) for f in failing.findings)
    told = failing.model_copy(update={"findings": findings})
    others = tuple(told if a is failing else a for a in document.assessments)
    return document.model_copy(update={"assessments": others}), failing.criterion


def test_all_places_are_told_everywhere() -> None:
    """
    `show`, the page, the summary and the JSON say 2,400 where six are kept; without more they say nothing.
    """
    document, criterion = of_many()
    printed = StringIO()
    assessment = next(a for a in document.assessments if a.criterion == criterion)
    print_criterion(Paper(Console(file=printed, width=120)), document, assessment)

    assert "2,400 places" in printed.getvalue()
    assert "2,400 places" in markdown.render(document)
    assert "2,400 places" in html.render(document)
    assert '"places": 2400' in json.render(document)
    assert "extent" not in json.render(documents.rollback())
    assert "In all" not in markdown.render(documents.rollback())
