"""The words of a command: what of them is known before it runs, and on what the rest depends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ..chance import Chance
from .syntax import TEMPLATES, Text, is_template

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Value:
    """What a word comes to: its text where that is known, and else what decides it."""

    text: str | None = None
    chance: Chance = Chance.RUNTIME
    """Of a text that is not known: whether the run decides it, or a setting that nobody sees."""


Variables = Mapping[str, Value]
RUN = Value()
SETTING = Value(chance=Chance.SETTING)
_OF_THE_RUN = re.compile(
    r"(?:CI|GITHUB|RUNNER|GITLAB|CIRCLE|TRAVIS|BUILDKITE|BITBUCKET|DRONE|WOODPECKER|JENKINS|SYSTEM|BUILD|AGENT|CHANGE|BRANCH|"
    r"GIT|TAG|CODEBUILD|CIRRUS|APPVEYOR|SEMAPHORE|SHORT|COMMIT|MATRIX|PR|REVISION|SHA)(?:_\w+)?|"
    r"HOME|PWD|OLDPWD|PATH|USER|SHELL|HOSTNAME|RANDOM|SECONDS|OSTYPE|UID|[?#!@*_$-]|\d+|PIPESTATUS|GOPATH|TMPDIR"
)
"""Variables that a CI system or the shell itself sets with each run."""
_SETTINGS = re.compile(r"\b(?:vars|parameters|env|params|variables)\s{0,3}[.\[]")
"""Templates whose value is somebody's setting."""


def resolve(node: Node, text: Text, variables: Variables) -> Value:
    """What the word *node* comes to."""
    kind = node.type
    if kind in ("word", "number", "string_content", "variable_name", "regex", "extglob_pattern", "test_operator"):
        return Value(re.sub(r"\\(.)", r"\1", text.of(node)) if kind == "word" else text.of(node))
    if kind in ("raw_string", "ansi_c_string"):
        return Value(text.of(node).lstrip("$")[1:-1])
    if kind in ("simple_expansion", "expansion"):
        return _expanded(node, text, variables)
    if kind in ("command_name", "string", "concatenation", "translated_string"):
        return _joined([c for c in node.children if c.type not in ('"', "$")], text, variables)
    return RUN


def _joined(parts: list[Node], text: Text, variables: Variables) -> Value:
    values = [resolve(part, text, variables) for part in parts]
    known = [value.text for value in values if value.text is not None]
    if len(known) == len(values):
        return Value("".join(known))
    return Value(chance=min(v.chance for v in values if v.text is None))


def _expanded(node: Node, text: Text, variables: Variables) -> Value:
    name = next((text.filled(c) for c in node.children if c.type in ("variable_name", "special_variable_name")), "")
    if is_template(name):
        return SETTING if _SETTINGS.search(text.of(node)) else RUN
    plain = len(node.children) <= (2 if node.type == "simple_expansion" else 3)
    if name in variables:
        value = variables[name]
        if plain or value.text is None:
            return value
        written = text.filled(node)
        if re.fullmatch(r"\$\{\w+:?[-=?].*\}", written, re.DOTALL) and value.text:
            return value
        return RUN
    return RUN if _OF_THE_RUN.fullmatch(name) else SETTING


def given(said: str) -> Value:
    """What a variable comes to that a pipeline sets to *said*."""
    if TEMPLATES.search(said) or "$" in said:
        return SETTING if _SETTINGS.search(said) else RUN
    return Value(said)


_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.){0,4000}\"|'[^']{0,4000}'", re.DOTALL)


_SUBSTITUTED = re.compile(r"\$\([^()]{0,1000}\)|`[^`]{0,1000}`")
_MAX_NESTED = 5


@lru_cache(8_192)
def plain(command: str) -> str:
    """*command* without what it is told in quotes and in more than one word, which is text, and what others print."""
    for _ in range(_MAX_NESTED):
        inner = _SUBSTITUTED.sub("$…", command)
        if inner == command:
            break
        command = inner
    return _QUOTED.sub(lambda found: '"…"' if re.search(r"\s", found[0]) else found[0], command)


SHOWABLE = re.compile(r"[\w./:@+-]{1,80}")
_CREDENTIAL = re.compile(r"pass|token|key|secret|cred|auth|pwd|dsn|url", re.IGNORECASE)


def shown(name: str, value: Value) -> bool:
    """Whether the text of a variable may stand in its place: never that of one which may be a credential."""
    return value.text is not None and SHOWABLE.fullmatch(value.text) is not None and not _CREDENTIAL.search(name)
