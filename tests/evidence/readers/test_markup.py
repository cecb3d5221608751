"""What is counted on pages, in templates and in components, and what is not held against them."""

from __future__ import annotations

import time

import pytest

from orchestrator import Markup
from orchestrator.contract.testing import facts_of


def stumbles(path: str, text: str) -> dict[str, int]:
    fact = facts_of({path: text})[Markup]
    assert isinstance(fact, Markup)
    return {s.kind: s.count for page in fact.pages for s in page.stumbles}


class TestObstacles:
    def test_a_page(self):
        """
        What an assistive technology has no words for is counted, with the line of the first.
        """
        text = (
            '<html>\n<head><meta name="viewport" content="width=device-width, user-scalable=no"></head>\n'
            '<img src="a.png">\n<input type="text" name="q">\n<iframe src="/map"></iframe>\n'
            '<div onclick="buy()">Buy</div>\n</html>\n'
        )

        assert {
            "click on something that is no control": 1,
            "field without label": 1,
            "frame without title": 1,
            "image without alt": 1,
            "inline event handler": 1,
            "page without lang": 1,
            "page without title": 1,
            "zoom switched off": 1,
        } == stumbles("web/index.html", text)

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("web/a.html", '<label for="q">Search</label><input id="q">'),
            ("web/a.html", "<label>Search <input></label>"),
            ("web/a.html", '<mat-form-field><mat-label>Country</mat-label><input matInput></mat-form-field>'),
            ("web/a.html", '<input type="hidden" name="csrf"><input type="submit">'),
            ("web/a.html", '<img alt="" src="a.png"><img alt src="b.png">'),
            ("web/a.html", "<!-- <img src='a.png'> --><script>s = '<img src=x>'</script>"),
            ("web/a.jinja", "<input {{ attrs }}><img {{ attributes }}>"),
            ("web/a.jinja", '<html {{ language }}><head>{% include "title.html" %}</head></html>'),
            ("web/A.tsx", "const A = (p) => <><input {...p} /><img {...p} /></>;"),
            ("web/A.tsx", "const A = () => <><label htmlFor={id}>x</label><input id={id} /></>;"),
            ("web/A.tsx", 'const A = () => <div role="button" tabIndex={0} onClick={go}>x</div>;'),
            ("web/A.tsx", "const A = () => <li onClick={(e) => e.stopPropagation()}>x</li>;"),
        ],
    )  # fmt: skip
    def test_what_is_fine_or_cannot_be_told(self, path, text):
        """
        Labels in every form, and what an expression may still add, raise nothing.
        """
        assert {} == stumbles(path, text)

    @pytest.mark.parametrize(
        "text",
        [
            "<img a={" * 60_000,
            '<img a="' * 60_000,
            "<" + "label" * 90_000,
            ("<img " + "a" * 3_990) * 120,
            "<script>" * 60_000,
            "<a o" + "n on" * 120_000,
        ],
    )
    def test_hostile_text(self, text):
        """
        Half a megabyte of nothing but beginnings takes well under two seconds.
        """
        start = time.process_time()
        for path in ("a.html", "a.jsx"):
            facts_of({path: text})

        assert time.process_time() - start < 2


class TestTemplates:
    @pytest.mark.parametrize(
        ("path", "text", "images", "lazy", "style"),
        [
            ("web/a.html", '<html><style>p {}</style><img alt="" loading="lazy"></html>', 1, 1, 11),
            ("web/a.html", '<html><template><style>p {}</style><img alt="" loading="lazy"></template></html>', 0, 0, 0),
            ("web/a.html", '<html><template id="a"><img alt=""></template><img alt=""></html>', 1, 0, 0),
            ("web/a.html", '<html><template x-if="a"><img alt="" loading="lazy"></template></html>', 1, 0, 0),
            ("web/a.html", '<html><template #b><template><img alt=""></template></template></html>', 0, 0, 0),
            ("web/a.html", '<html><template {{ a }}><img alt=""></template></html>', 1, 0, 0),
            (
                "web/a.html",
                '<html><template></template><style>p {}</style><img alt="" loading="lazy"></html>',
                1,
                1,
                11,
            ),
            ("web/a.vue", '<template><img alt="" loading="lazy"></template><style>p {}</style>', 1, 1, 11),
        ],
    )
    def test_what_a_template_holds_is_not_shown_by_itself(self, path, text, images, lazy, style):
        """
        It speaks for nothing on a page, and against nothing unless a library takes it out; that of a component is one.
        """
        fact = facts_of({path: text})[Markup]
        assert isinstance(fact, Markup)
        counted = [(page.images, page.lazy, page.inline_style) for page in fact.pages]

        assert [(images, lazy, style)] == (counted or [(0, 0, 0)])

    def test_obstacles_in_a_template_are_counted(self):
        """
        They are there once a script shows it.
        """
        text = '<html lang="en"><head><title>A</title></head><template><img src="a.png"></template></html>'

        assert {"image without alt": 1} == stumbles("web/a.html", text)
