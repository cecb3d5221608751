"""Ways of documents: headings without substance, and words that are taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

from .._way import Way, rewritten

LOREM = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore "
    "magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo."
)
_YEAR = re.compile(r"\b20[0-4]\d(?=-\d\d)")
_SENTENCE = re.compile(r"(?<=[.!?] )(?=[A-Z])")


def _headings(text: str, body: Callable[[str], str]) -> str:
    """Each heading with *body* of what stood under it."""
    parts = re.split(r"^(#+ .*)$", text, flags=re.MULTILINE)
    made = [body(parts[0])] if parts[0].strip() else []
    made += [f"{heading}\n\n{body(under)}\n" for heading, under in zip(parts[1::2], parts[2::2], strict=True)]
    return "\n".join(made)


def _under(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: _headings(text, change)


def _before(words: str) -> Callable[[str], str]:
    """*words* before the first heading's text."""
    return lambda text: re.sub(r"\A(#.*\n)?", lambda match: f"{match[0]}\n{words}\n", text, count=1)


def _later(text: str) -> str | None:
    made = _YEAR.sub("2099", text)
    return made if made != text else None


def _negated(under: str) -> str:
    return f"We do NOT do any of this. {under.strip()} None of this is done."


WAYS: tuple[Way, ...] = (
    rewritten("headings only", "document", _under("".format)),
    rewritten("lorem ipsum", "document", _under(lambda under: (LOREM + " ") * max(1, len(under) // len(LOREM) + 1))),
    rewritten("to be done", "document", _under(lambda under: "TODO: write this.\n" * max(1, len(under.split()) // 4))),
    rewritten("negated", "document", _under(_negated)),
    rewritten(
        "withdrawn",
        "document",
        _before("> **Withdrawn.** This document no longer applies and describes nothing that we do."),
    ),
    rewritten("a draft", "document", _before("*Status: draft. Not agreed, not in use.*")),
    rewritten(
        "superseded", "document", _before("Status: superseded\n\nThis page has been replaced and must not be followed.")
    ),
    rewritten(
        "a template to be filled in",
        "document",
        _under(lambda under: "[Describe here what applies to your organisation.] " * max(1, len(under.split()) // 7)),
    ),
    rewritten("dated 2099", "document", _later),
    rewritten(
        "struck out",
        "document",
        _under(lambda under: "\n".join(f"~~{line}~~" if line.strip() else line for line in under.strip().splitlines())),
    ),
    rewritten("in a code block", "document", lambda text: f"# Notes\n\n```text\n{text.rstrip()}\n```\n"),
    rewritten(
        "boxes that nobody ticked",
        "document",
        _under(lambda under: "\n".join(f"- [ ] {line}" for line in _SENTENCE.split(under.strip()) if line.strip())),
    ),
    rewritten(
        "planned for later",
        "document",
        _under(lambda under: f"Planned for next year, not in place yet. {under.strip()}"),
    ),
)
