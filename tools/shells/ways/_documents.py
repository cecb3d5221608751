"""Ways of documents: headings without substance, and words that are taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

from .._way import Way, indented, rewritten

LOREM = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore "
    "magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo."
)
_YEAR = re.compile(r"\b20[0-4]\d(?=-\d\d)")
_SENTENCE = re.compile(r"(?<=[.!?] )(?=[A-Z])")


KINDS = "document asciidoc rst"
_HEADING = re.compile(r"^(#+ .*|=+ .*|\S.*\n(?:={3,}|-{3,}|~{3,}))$", re.MULTILINE)
"""Of Markdown, of AsciiDoc, and of reStructuredText, which underlines it."""


def _headings(text: str, body: Callable[[str], str]) -> str:
    """Each heading with *body* of what stood under it."""
    parts = _HEADING.split(text)
    made = [body(parts[0])] if parts[0].strip() else []
    made += [f"{heading}\n\n{body(under)}\n" for heading, under in zip(parts[1::2], parts[2::2], strict=True)]
    return "\n".join(made)


def _under(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: _headings(text, change)


def _before(words: str) -> Callable[[str], str]:
    """*words* before the first heading's text."""
    title = re.compile(rf"\A(?:{_HEADING.pattern.removeprefix('^').removesuffix('$')}\n)?")
    return lambda text: title.sub(lambda match: f"{match[0]}\n{words}\n", text, count=1)


def _later(text: str) -> str | None:
    made = _YEAR.sub("2099", text)
    return made if made != text else None


def _unticked(under: str) -> str:
    """Sentences as boxes; a table is none, and what stands in one stays as it is."""
    said = [part for line in under.strip().splitlines() for part in _SENTENCE.split(line.lstrip("-* "))]
    return "\n".join(f"- [ ] {part}" for part in said if part.strip())


def _boxes(text: str) -> str | None:
    return None if re.search(r"^\|", text, re.MULTILINE) else _headings(text, _unticked)


def _negated(under: str) -> str:
    return f"We do NOT do any of this. {under.strip()} None of this is done."


WAYS: tuple[Way, ...] = (
    rewritten("headings only", KINDS, _under("".format)),
    rewritten("lorem ipsum", KINDS, _under(lambda under: (LOREM + " ") * max(1, len(under) // len(LOREM) + 1))),
    rewritten("to be done", KINDS, _under(lambda under: "TODO: write this.\n" * max(1, len(under.split()) // 4))),
    rewritten("negated", KINDS, _under(_negated)),
    rewritten(
        "withdrawn",
        KINDS,
        _before("> **Withdrawn.** This document no longer applies and describes nothing that we do."),
    ),
    rewritten("a draft", KINDS, _before("*Status: draft. Not agreed, not in use.*")),
    rewritten(
        "superseded", KINDS, _before("Status: superseded\n\nThis page has been replaced and must not be followed.")
    ),
    rewritten(
        "a template to be filled in",
        KINDS,
        _under(lambda under: "[Describe here what applies to your organisation.] " * max(1, len(under.split()) // 7)),
    ),
    rewritten("dated 2099", KINDS, _later),
    rewritten("in a code block", "asciidoc", lambda text: f"= Notes\n\n----\n{text.rstrip()}\n----\n"),
    rewritten("in a code block", "rst", lambda text: f"Notes\n=====\n\n::\n\n{indented(text)}"),
    rewritten(
        "struck out",
        "document",
        _under(lambda under: "\n".join(f"~~{line}~~" if line.strip() else line for line in under.strip().splitlines())),
    ),
    rewritten("in a code block", "document", lambda text: f"# Notes\n\n```text\n{text.rstrip()}\n```\n"),
    rewritten("boxes that nobody ticked", "document", _boxes),
    rewritten(
        "planned for later",
        KINDS,
        _under(lambda under: f"Planned for next year, not in place yet. {under.strip()}"),
    ),
)
