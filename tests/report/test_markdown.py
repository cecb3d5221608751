"""The result as Markdown."""

from __future__ import annotations

import pytest

from orchestrator.report.markdown import LIMIT, code, escape, render

from . import documents
from .snapshots import check


@pytest.mark.parametrize("name", documents.ALL)
def test_snapshot(name: str) -> None:
    """
    A comment reads exactly as kept.
    """
    check(f"{name}.md", render(documents.ALL[name]()))


def test_what_does_not_fit_is_counted() -> None:
    """
    Whatever a document holds, the text stays under the limit, keeps verdict and areas, and says what is missing.
    """
    long = "very long words " * 30
    many = [
        documents.finding(row[0], message=f"{n} {long}", path=long, line=n + 1)
        for row in documents.ROWS
        for n in range(9)
    ]
    rows = [documents.criterion((f"SEC-9.9.{n}", row[1], long)) for n, row in enumerate(documents.ROWS * 40)]
    many += [documents.finding(c.id, message=f"{c.id} {long}", path=long, line=1, remedy=long) for c in rows]
    text = render(documents.document(many, rows=rows))

    assert len(text) <= LIMIT
    assert "❌ ROLLBACK: payments 2.14.0" in text
    assert "| Compliance Readiness |" in text
    assert "more, left out for length: see report.html or verdict.json" in text


class TestEscape:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("@octocat and #12", "@&#8203;octocat and #&#8203;12"),
            ("see https://x.example", "see https&#8203;://x.example"),
            ("[a](b) *c* _d_ `e`", "\\[a\\](b) \\*c\\* \\_d\\_ \\`e\\`"),
            ("<img src=x> & | ~", "&lt;img src=x&gt; &amp; \\| \\~"),
            ("- item", "\\- item"),
            ("# title\nnext", "\\# title next"),
            ("1. one", "1\\. one"),
            ("\u202eevil", "\\\\u202eevil"),
        ],
    )
    def test_text(self, text: str, shown: str) -> None:
        """
        Markup, mentions and addresses of the reviewed tree are text.
        """
        assert shown == escape(text)

    @pytest.mark.parametrize(
        ("text", "shown"),
        [("a`b", "``a`b``"), ("`a`", "`` `a` ``"), ("a\nb", "`a b`"), ("", ""), ("```", "```` ``` ````")],
    )
    def test_code(self, text: str, shown: str) -> None:
        """
        A code span cannot be ended from within.
        """
        assert shown == code(text)
