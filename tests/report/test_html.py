"""The report as one HTML file."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from orchestrator.domain.result import Result
from orchestrator.report.html import render

from . import documents
from .snapshots import check

VOID = {"meta", "input", "br", "img", "link", "hr", "col", "base"}
LOADS = {"src", "srcset", "data", "poster", "action", "formaction", "background", "ping", "manifest"}


class Page(HTMLParser):
    """Tags, attributes and text, with every tag that was not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.astray: list[str] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.astray += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.astray.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


EVERY = [*documents.ALL, "whole"]


def page(name: str) -> str:
    return render(document(name))


def document(name: str) -> Result:
    return documents.whole() if name == "whole" else documents.ALL[name]()


def test_snapshot() -> None:
    """
    The page is exactly as kept.
    """
    check("rollback.html", page("rollback"))


@pytest.mark.parametrize("name", EVERY)
def test_every_tag_is_closed(name: str) -> None:
    """
    The page parses, and hostile text opens or closes nothing.
    """
    assert [] == Page(page(name)).astray


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_loaded(name: str) -> None:
    """
    No attribute fetches anything, and no style or script names an address.
    """
    text = page(name)
    parsed = Page(text)
    style = text[text.index("<style>") : text.index("</style>")]
    script = text[text.rindex("<script>") : text.rindex("</script>")]

    assert [] == [(tag, a) for tag, attributes in parsed.tags for a in attributes if a in LOADS]
    assert not {"img", "iframe", "link", "object", "embed", "base", "video", "audio"} & {tag for tag, _ in parsed.tags}
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", style)
    assert not re.search(r"https?:|fetch|XMLHttpRequest|import\(|innerHTML|eval", script)


@pytest.mark.parametrize("name", EVERY)
def test_policy_allows_only_the_one_script(name: str) -> None:
    """
    One script, named by its digest; no handler in an attribute.
    """
    text = page(name)
    parsed = Page(text)
    script = text[text.rindex("<script>") + 8 : text.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(a["content"] or "" for a in parsed.all("meta") if a.get("http-equiv") == "Content-Security-Policy")

    assert 1 == len(parsed.all("script"))
    assert policy.startswith(f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'")
    assert [] == [a for _, attributes in parsed.tags for a in attributes if a.startswith("on") or a == "style"]


def test_hostile_text_is_only_text() -> None:
    """
    What the reviewed tree says is shown letter by letter; what hides or reorders text is made visible.
    """
    text = page("hostile")
    parsed = Page(text)
    links = [a["href"] or "" for a in parsed.all("a")]

    assert not re.search(r"<(img|b>\s*\{\{|script>alert)", text)
    assert "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{7*7}}" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]", text)
    assert [] == [link for link in links if not link.startswith(("#", "https://"))]


@pytest.mark.parametrize("name", EVERY)
def test_every_link_has_its_target(name: str) -> None:
    """
    Each criterion has its anchor, and each link within the page leads somewhere.
    """
    text = page(name)
    parsed = Page(text)
    ids = [attributes["id"] for _, attributes in parsed.tags if attributes.get("id")]
    targets = {(a["href"] or "")[1:] for a in parsed.all("a") if (a["href"] or "").startswith("#")}

    assert len(ids) == len(set(ids))
    assert {a.criterion for a in document(name).assessments} <= set(ids)
    assert not {target for target in targets if "=" not in target} - set(ids)


@pytest.mark.parametrize("name", EVERY)
def test_people_who_do_not_see_it_can_read_it(name: str) -> None:
    """
    Tables have captions and headers, drawings have labels, the language is stated.
    """
    text = page(name)
    parsed = Page(text)
    drawings = [a for a in parsed.all("svg") if a.get("aria-hidden") != "true"]

    assert text.count("<table") == text.count("<caption>") == text.count("<thead>")
    assert [] == [a for a in drawings if a.get("role") != "img" or not a.get("aria-label")]
    assert "en" == parsed.all("html")[0]["lang"]


def test_whole_catalogue_is_shown_in_bounded_size() -> None:
    """
    Every criterion is there with what would decide it, in under a megabyte.
    """
    text = page("whole")

    assert 261 == text.count('<details class="c ')
    assert 261 == text.count("What decides it")
    assert len(text.encode()) < 1_000_000


def test_findings_beyond_the_limit_are_counted() -> None:
    """
    A criterion with a hundred findings shows twenty and says where the others are.
    """
    many = [documents.finding("SEC-2.1.5", message=f"password {n:03}", path=f"{n:03}.py", line=1) for n in range(100)]
    text = render(documents.document(many))

    assert "80 more findings in verdict.json" in text
    assert "password 019" in text
    assert "password 020" not in text


def test_a_flood_of_findings_stays_small() -> None:
    """
    However many findings there are and however long, the page stays under five megabytes.
    """
    long = "x " * 5000
    many = [
        documents.finding(row[0], message=f"{n} {long}", path=f"{n}/{long}", line=1, excerpt=long, remedy=long)
        for row in documents.ROWS
        for n in range(400)
    ]

    assert len(render(documents.document(many)).encode()) < 5_000_000


def test_deterministic() -> None:
    """
    The same document is the same page.
    """
    assert page("rollback") == page("rollback")
