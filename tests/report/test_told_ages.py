"""How reports say which failures a release brought."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from orchestrator.domain.age import Age
from orchestrator.domain.base import Base
from orchestrator.domain.result import JournalHead, Result
from orchestrator.report import ages, html, markdown, select, terminal

from . import documents

WORDS = ("old", "unknown", "new")
BASE = Base(commit="1" * 40, name="v1.4.0", chosen="given")


def aged(*, new_only: bool = False, words: tuple[str, ...] = WORDS) -> Result:
    """The document of a rollback, whose failures are by turns of each of *words*."""
    document = documents.rollback()
    failing = {a.criterion: words[n % len(words)] for n, a in enumerate(select.blocking(document))}
    rows = []
    for row in document.assessments:
        word = failing.get(row.criterion)
        age = Age(word=word, because=f"app/a.py:10 because {word}") if word else None  # type: ignore[arg-type]  # a word
        rows.append(row.model_copy(update={"findings": tuple(f.model_copy(update={"age": age}) for f in row.findings)}))
    return document.model_copy(
        update={
            "assessments": tuple(rows),
            "release": document.release.model_copy(update={"base": BASE}),
            "run": document.run.model_copy(update={"new_only": new_only}),
        }
    )


def shown(document: Result) -> str:
    """All that a terminal shows of *document*, its lines joined."""
    out = io.StringIO()
    terminal.print_report(document, Console(file=out, width=100), JournalHead(head="sha256:0", events=1), verbose=True)
    return " ".join(out.getvalue().replace("│", " ").split())


class TestOrder:
    def test_new_first(self):
        """
        Of one severity what is new stands first and what is old last; a graver one stands before all of them.
        """
        rows = select.blocking(aged())

        assert sorted(rows, key=lambda a: (a.severity.rank, WORDS[::-1].index(ages.word_of(a) or ""))) == rows
        assert {"new", "old", "unknown"} == {ages.word_of(a) for a in rows}

    def test_without_ages(self):
        """
        A document that says no ages keeps its order, and nothing is said of them.
        """
        document = documents.rollback()

        assert "" == ages.ages(select.blocking(document)) == ages.untold(document, select.blocking(document))
        assert all(ages.word_of(a) is None for a in document.assessments)

    @pytest.mark.parametrize(
        ("words", "expected"),
        [(("new", "old"), "new"), (("old", "old"), "old"), (("old", "unknown"), "unknown"), (("unknown",), "unknown")],
    )
    def test_of_several_findings(self, words, expected):
        """
        A criterion is new by one new finding, and old by nothing but old ones.
        """
        row = select.blocking(aged())[0]
        finding = next(f for f in row.findings if f.status == row.status)
        findings = tuple(finding.model_copy(update={"age": Age(word=word, because="x")}) for word in words)

        assert expected == ages.word_of(row.model_copy(update={"findings": findings}))


class TestSaid:
    def test_terminal(self):
        """
        The base stands on the first screen, the age with each failure, the numbers in the panel.
        """
        text = shown(aged())

        assert "base compared with v1.4.0, as --base says" in text
        assert "= age new: app/a.py:10 because new" in text
        assert "= age of unknown age: app/a.py:10 because unknown" in text
        assert f"failing {ages.ages(select.blocking(aged()))}" in text
        assert "not listed" not in text

    def test_markdown_and_html(self):
        """
        So it is in what is posted and in the page.
        """
        for text in (markdown.render(aged()), html.render(aged())):
            assert "ompared with v1.4.0, as" in text
            assert ages.ages(select.blocking(aged())) in text
            assert "because new" in text


class TestNewOnly:
    @pytest.mark.parametrize("render", [shown, markdown.render, html.render])
    def test_lists_new_ones(self, render):
        """
        Failures that are not new are not listed as failing; how many they are is said, and that they count.
        """
        document = aged(new_only=True)
        text = render(document)

        assert "not listed, as --new-only asks" in text.replace("\\", "")
        assert "the verdict and the gate count all" in text
        if render is not html.render:  # the page has every criterion further down
            assert "because new" in text
            assert "because old" not in text

    def test_changes_no_verdict(self):
        """
        The verdict and the gate are those of the whole.
        """
        assert aged().gate == aged(new_only=True).gate
        assert "only new ones are listed, and all of them count" in shown(aged(new_only=True))

    def test_nothing_new(self):
        """
        Where no failure is new, that is said, and not that nothing fails.
        """
        text = shown(aged(new_only=True, words=("old",)))

        assert "No failure is new." in text
        assert "No criterion fails." not in text

    def test_lists_of_failures(self):
        """
        `show --failed` and a quiet review say it as well.
        """
        document = aged(new_only=True, words=("old", "unknown"))
        for say in (terminal.print_failed, terminal.print_summary):
            out = io.StringIO()
            say(document, Console(file=out, width=200))

            assert "as --new-only asks" in out.getvalue()
            assert all(select.headline(row) not in out.getvalue() for row in select.blocking(document))
