"""Alternatives are tried where their words stand, and nothing that the whole pattern matches is missed."""

import re

import pytest

from orchestrator.domain.anchors import alternatives, ways
from orchestrator.evidence.anywhere import Anywhere

PATTERN = rb"\.(?:get|post)\(\s?[\"']/|[rR]outer\b.{0,20}\(|\b40[13]\b|a[|\]b]c|x\|y|new Koa|^\d"


@pytest.mark.parametrize(
    "text",
    [
        b"app.get('/x')", b"APP.GET('/x')", b"app.get(x)", b"const Router = f(", b"router (", b"code 403", b"1403",
        b"a|c", b"a]c", b"abc", b"adc", b"x|y", b"x", b"new koa()", b"new Koa()", b"7 days", b"", b"none of it",
    ],
)  # fmt: skip
@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_it_says_what_the_pattern_says(text, flags):
    whole = re.compile(PATTERN, flags).search(text) is not None
    assert Anywhere(PATTERN, flags).stands_in(text) == whole
    assert Anywhere(PATTERN, flags).stands_in(text, text.lower()) == whole


def test_an_alternative_whose_words_are_missing_is_not_tried():
    looked = Anywhere(rb"\bforbidden\b|\bdenied\b")
    assert looked.stands_in(b"access denied", b"forbidden and nothing else") is False


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("a|b", ["a", "b"]),
        ("(a|b)|c", ["(a|b)", "c"]),
        (r"a\|b|[|]|[]|]|[^]|x]", [r"a\|b", "[|]", "[]|]", "[^]|x]"]),
        (r"[\]|]|\\|(?:x|(?:y|z))w", [r"[\]|]", r"\\", "(?:x|(?:y|z))w"]),
        ("", [""]),
    ],
)
def test_alternatives_are_those_at_the_top(pattern, parts):
    assert alternatives(pattern) == parts


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        (r"md5\(.*passw", [[{"passw"}, {"md5("}]]),
        (r"(?:md5|sha1)\(\s*passw|createHash", [[{"passw"}, {"md5(", "sha1("}, {"md5", "sha1"}], [{"createhash"}]]),
        (r"Strict-T\w*max-age", [[{"strict-t"}, {"max-age"}]]),
        (r"foo(?=.*bar)baz", [[{"foobaz"}, {"bar"}]]),
        (r"foo(?:bar)?", [[{"foo"}]]),
    ],
)
def test_a_way_has_all_that_is_needed(pattern, wanted):
    assert [list(map(set, way)) for way in ways(pattern)] == wanted
