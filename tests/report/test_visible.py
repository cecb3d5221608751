"""Text of the reviewed tree made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.report.visible import HIDDEN, cut, one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b2J", "\\x9b2J"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb", "a\\u200bb"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("\udcff", "\\udcff"),
        ("a\r\nb\rc", "a\nb\\x0dc"),
        ("Grüße 日本 🎉", "Grüße 日本 🎉"),
    ],
)
def test_hidden_characters_show(text: str, shown: str) -> None:
    """
    What shows nothing, moves the cursor or reorders text is written as its escape.
    """
    assert shown == visible(text)


def test_piled_marks_are_written_out() -> None:
    """
    A letter under a tower of marks does not cover its neighbours.
    """
    assert "e" + "\u0301" * 4 + "\\u0301" * 3 == visible("e" + "\u0301" * 7)


def test_ascii() -> None:
    """
    Output in ASCII alone has the nearest punctuation, and escapes for the rest.
    """
    assert "a - b -> \\xfc ..." == visible("a – b → ü …", ascii_only=True)


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    """
    Any text at all comes out visible, encodable, on one line and within its limit.
    """
    shown = one_line(text, 40)

    assert not HIDDEN.search(shown)
    assert "\n" not in shown
    assert len(shown) <= 40
    assert shown == shown.encode().decode()


def test_cut() -> None:
    """
    What is left out is marked.
    """
    assert "abc…" == cut("abcdefgh", 4)
    assert "abcd" == cut("abcd", 4)
