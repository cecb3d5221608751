"""What a signal is searched by: words that its pattern leads to, or it is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from orchestrator.contract.testing import facts_of
from orchestrator.domain.anchors import anchors
from orchestrator.domain.signal import Signal
from orchestrator.evidence.facts.code import Code
from orchestrator.planning.roster import built_in
from orchestrator.profiling import SIGNALS

ALL = {s.id: s for s in (*SIGNALS, *(s for agent in built_in() for check in agent.checks for s in check.reads))}
PATTERNS = sorted(name for name, signal in ALL.items() if signal.pattern)
ODD = re.compile("[\u0130\u0131\u017f\u212a\n\r]")
"""Letters that are i, s or k in another case, and that no file of ours has met; and what ends a line."""


class TestDerived:
    @pytest.mark.parametrize(
        ("pattern", "found"),
        [
            (r"compression\(", "compression("),
            (r"\bsynchronize\s*:\s*true", "synchronize"),
            (r"(?:memstore|cookiestore)\.New\(", "cookiestore.new( memstore.new("),
            (r"(app|r)\.use\(\s*helmet", "helmet"),
            (r"rate[_-]?limit", "rate-limit rate_limit ratelimit"),
            (r"[Rr]edis{2}abc", "redi"),
            (r"(?=.*password)x\d", "password"),
            (r"(?<!un)safe(?!ty)", "safe"),
            (r"(abc)\1x", "abc"),
            (r"(ab){2,3}cde", "cde"),
            (r"(abcdef)*xyz", "xyz"),
            (r"(abcdef){2,}xyz", "abcdef"),
            (r"(?:set|put)\b.{0,80}\bwhere", "where"),
            (r"\d{3}-\w+|always", ""),
            (r"(abc)?\d", ""),
            (r"ab", ""),
            (r"(?i:ABC)d", "abcd"),
            (r"über\w+fall", "fall"),
            (r"v20[2-4]\b", "v202 v203 v204"),
        ],
    )
    def test_words_that_every_match_contains(self, pattern, found):
        """
        Of each alternative there is a word of three characters; of several places the rarer words are taken.
        """
        assert tuple(found.split()) == anchors(pattern)

    @pytest.mark.parametrize("name", PATTERNS)
    @settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_whatever_matches_contains_an_anchor(self, name, data):
        """
        A text that the pattern of a signal matches contains one of its anchors.
        """
        signal = ALL[name]
        text = data.draw(st.from_regex(re.compile(signal.pattern, re.IGNORECASE)))
        if ODD.search(text) is None:
            assert any(anchor in text.lower() for anchor in signal.anchors), (signal.anchors, text)


class TestRefused:
    @pytest.mark.parametrize(
        ("given_", "said"),
        [
            ({"pattern": r"\d+|abc"}, "lines without any word of 3 characters"),
            ({"pattern": r"abc("}, "not a regular expression"),
            ({"pattern": r"abc", "words": ("abc",)}, "not both"),
            ({}, "needs a pattern or words"),
            ({"words": ("ab",)}, "at least 3 characters"),
        ],
    )
    def test_what_cannot_be_searched_for(self, given_, said):
        """
        A signal that no word leads to is a mistake when it is written, not a search that finds nothing.
        """
        with pytest.raises(ValidationError, match=said):
            Signal(id="t.x", **given_)


LINES = {
    "a.js": "router.use(compression({ level: 6 }))\n",
    "b.ts": "export const source = new DataSource({ synchronize:true })\n",
    "c.go": "var store = memstore.New()\n",
}


@pytest.mark.parametrize(
    ("signal", "path"),
    [
        ("performance.compression", "a.js"),
        ("data.schema-made-by-the-program", "b.ts"),
        ("deployment.local-sessions", "c.go"),
    ],
)
def test_lines_that_once_were_never_looked_at(signal, path):
    """
    What a pattern matches is found, also where nobody thought of a word to look for it by.
    """
    facts = facts_of({path: LINES[path]}, (ALL[signal],))
    code = facts[Code]
    assert isinstance(code, Code)

    assert 1 == code[ALL[signal]].total
