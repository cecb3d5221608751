"""Signals are found on lines of code, counted exactly, and not in comments."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.signal import Signal
from orchestrator.errors import EvidenceUnavailable
from orchestrator.evidence.facts.code import Code, Hits

EVAL = Signal(id="t.eval", pattern=r"\beval\(")


def hits(files: dict[str, str], signal: Signal = EVAL) -> Hits:
    code = facts_of(files, (signal,))[Code]
    assert isinstance(code, Code)
    return code[signal]


def places(files: dict[str, str], signal: Signal = EVAL) -> list[str]:
    return [str(hit) for hit in hits(files, signal).first]


class TestHits:
    def test_places_and_counts(self):
        """
        Each line counts once, whatever it holds, and knows its number.
        """
        found = hits({"a.js": "x\neval(1); eval(2)\n\nEVAL(3)\n", "b.js": "retrieval(1)\n"})

        assert (2, 1) == (found.total, found.files)
        assert ["a.js:2", "a.js:4"] == [str(hit) for hit in found.first]
        assert "eval(1); eval(2)" == found.first[0].text

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("a.js", "// eval(1)\n"),
            ("a.js", "/* a\n eval(1)\n*/\n"),
            ("a.js", "  /**\n   * eval(1)\n   */\n"),
            ("a.py", "# eval(1)\n"),
            ("a.lua", "-- eval(1)\n"),
            ("a.html", "<!-- eval(1) -->\n"),
            ("tests/a.js", "eval(1)\n"),
            ("node_modules/a.js", "eval(1)\n"),
            ("a.js", "x" * 2000 + "eval(1)\n"),
        ],
    )
    def test_not_counted(self, path, text):
        """
        Comments, tests, other people's code and the far end of endless lines are not production source.
        """
        assert [] == places({path: text})

    @pytest.mark.parametrize(
        "text",
        [
            "const a = 'src/**/*.js'\neval(1)\n",
            "/* done */\neval(1)\n",
            "x() /* why */\neval(1)\n",
            "/* one */ /* two */\neval(1)\n",
        ],
    )
    def test_not_taken_for_a_comment(self, text):
        """
        A path pattern in a string opens no comment, and a comment that is closed is over.
        """
        assert ["a.js:2"] == places({"a.js": text})

    def test_kept_places_are_bounded(self):
        """
        Everything is counted; five places a file and forty in all are kept.
        """
        found = hits({f"f{n:02}.js": "eval(1)\n" * 20 for n in range(30)})

        assert (600, 30, 40) == (found.total, found.files, len(found.first))

    def test_what_nobody_asked_for(self):
        """
        A signal that was not looked for is unavailable, not absent.
        """
        code = facts_of({"a.js": "eval(1)\n"})[Code]
        assert isinstance(code, Code)

        with pytest.raises(EvidenceUnavailable):
            code[EVAL]

    def test_roles_and_languages(self):
        """
        A signal says which files it is about.
        """
        signal = EVAL.model_copy(update={"roles": ("test",), "languages": ("python",)})

        assert ["tests/a.py:1"] == places(
            {"tests/a.py": "eval(1)\n", "tests/a.js": "eval(1)\n", "a.py": "eval(1)\n"}, signal
        )
