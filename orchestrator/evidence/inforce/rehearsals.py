"""Tells commands that only show what they would do, or what they are, from those that do it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ...vocabulary import words
from .force import IN_FORCE, Force, unknown, void

_PURPOSE = "commands/rehearsals"
_SAYS_WHAT_IT_IS = frozenset({"--version", "-version", "version", "help", "-h"})
_ALSO_WITHOUT = re.compile(
    r"(?<![\w-])--(?:pass-?with-?no-?tests|passWithNoTests|if-present|allow-no-tests)\b", re.IGNORECASE
)
"""Such a command ends well where there is nothing for it to do."""
_MAX_WORDS = 40
_IN_FRONT = re.compile(
    r"^(?:(?:\w+=\S*|sudo|time|nice|nohup|exec|command|env|npx|bunx|yarn|pnpm|exec|xvfb-run|uvx|pipx|run|poetry|uv|pdm|hatch|"
    r"pipenv|bundle|python3?|-m|--|-\w+|cross-env|dotenv|\./)\s+)+"
)
"""What stands in front of the program that a command runs; some of it publishes by itself."""


def of_command(text: str, words_: Sequence[str | None] = ()) -> Force:
    """
    Whether a command does what it is for.

    Args:
        text: The command, without what it is told in quotes.
        words_: Its words, None for what is not known.
    """
    written = text.split()[:_MAX_WORDS]
    said = [word if word is not None else "" for word in words_][:_MAX_WORDS] or written
    if len(said) == 2 and said[1] in _SAYS_WHAT_IT_IS:
        return void(f"only says what it is (`{said[1]}`)")
    if len(said) > 2 and said[-1] == "--version" and said[-2] != "--":
        return void("only says what it is (`--version`)")
    front = _IN_FRONT.match(text)
    before = front[0].split() if front else []
    bare = text[front.end() if front else 0 :].split()[:1] or [""]
    named = {*before, re.sub(r"(?<=gradle)w$|\.(?:cmd|exe|bat)$", "", re.split(r"[/\\]", bare[0])[-1])}
    for program in ("", *sorted(named & _programs())):
        found = re.search(_pattern(program), text)
        if found:
            return void(f"only shows what it would do (`{found[0]}`)")
    if found := _ALSO_WITHOUT.search(text):
        return unknown(f"ends well where there is nothing to do, too (`{found[0]}`)")
    return IN_FORCE


@cache
def _programs() -> frozenset[str]:
    return frozenset(row.language for row in words(_PURPOSE).rows if row.language)


@cache
def _pattern(program: str) -> str:
    return "|".join(f"(?:{row.regex})" for row in words(_PURPOSE).rows if row.language == program)
