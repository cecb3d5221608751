"""Makes text harmless to look at, as derivations 1 and 2 did."""

from __future__ import annotations

import re

# Fixed ranges, not unicodedata: a newer Unicode must not change a replayed report.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff"
)
HIDDEN = re.compile(f"[{_HIDDEN}]")
"""Characters that show nothing, move the cursor, reorder text or cannot be encoded; newline and tab are not of them."""

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_PILED = re.compile(f"(?<=[{_MARKS}]{{4}})[{_MARKS}]+")
_SPACE = re.compile(r"[ \t\r\n]+")
_PLAIN = str.maketrans(
    {
        "·": "-",
        "–": "-",
        "—": "-",
        "…": "...",
        "→": "->",
        "≥": ">=",
        "≤": "<=",
        "×": "x",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
    }
)


def visible(text: str, *, ascii_only: bool = False) -> str:
    """
    *text* with every invisible or reordering character written as its escape; newlines and tabs stay.

    Args:
        text: Anything, hostile or not.
        ascii_only: Write everything outside ASCII as an escape as well, common punctuation as its nearest.
    """
    text = HIDDEN.sub(_escape, text.replace("\r\n", "\n"))
    text = _PILED.sub(lambda match: "".join(map(_escaped, match.group())), text)
    if ascii_only:
        text = text.translate(_PLAIN).encode("ascii", "backslashreplace").decode("ascii")
    return text


def one_line(text: str, limit: int = 0, *, ascii_only: bool = False) -> str:
    """*text* on one line, whitespace runs as one space, cut to *limit* characters where one is given."""
    text = _SPACE.sub(" ", text if limit == 0 else text[: limit * 4 + 200]).strip()
    return cut(visible(text, ascii_only=ascii_only), limit, "..." if ascii_only else "…")


def cut(text: str, limit: int, mark: str = "…") -> str:
    """*text* of at most *limit* characters, *mark* where something was left out; no limit where it is 0."""
    if limit <= 0 or len(text) <= limit:
        return text
    return text[: max(limit - len(mark), 0)].rstrip() + mark


def _escape(match: re.Match[str]) -> str:
    return _escaped(match.group())


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
