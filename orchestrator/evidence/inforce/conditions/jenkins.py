"""When stages of a Jenkinsfile run: what stands in their ``when``, as far as Groovy that is not run tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ....vocabulary import meanings
from ..chance import Chance
from ..force import IN_FORCE, Force, unknown, void
from . import filters

_MAX_DEPTH = 12
_CAUSES = meanings("jenkins", "event")
_OF_THE_RUN = re.compile("|".join(name.replace("*", r"\w+") for name in meanings("jenkins", "name")))


@dataclass(frozen=True, slots=True)
class When:
    """What a ``when`` comes to: how likely, and from what if that is told."""

    chance: Chance = Chance.ALWAYS
    triggers: frozenset[str] = frozenset()
    doubt: str = ""

    @property
    def force(self) -> Force:
        if self.chance is Chance.NEVER:
            return void("never runs (`when`)")
        return unknown(f"depends on `{self.doubt[:60]}`") if self.chance <= Chance.SETTING else IN_FORCE


def of_when(body: str, depth: int = 0) -> When:
    """What the body of ``when`` or ``allOf`` comes to: all that it says."""
    return _all([_of_item(name, said, depth) for name, said in _items(body)])


def _items(body: str) -> list[tuple[str, str]]:
    """Each condition: its name, and what it says on the line or between its braces."""
    found: list[tuple[str, str]] = []
    at = 0
    while word := re.compile(r"\s*(\w+)\s*").match(body, at):
        at = word.end()
        if body[at : at + 1] == "{":
            end = closing(body, at)
            found.append((word[1], body[at + 1 : end]))
            at = end + 1
        else:
            line = re.compile(r"[^\n;}]*").match(body, at)
            said = line[0] if line else ""
            found.append((word[1], said))
            at += len(said)
        while body[at : at + 1] in (";", "\n", " ", "\t", "\r", "}") and at < len(body):
            at += 1
    return found


def closing(text: str, at: int) -> int:
    """Where the brace that opens at *at* is closed; the end of the text if it is not."""
    depth = 0
    for number in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[number], 0)
        if depth == 0:
            return number
    return len(text)


def _of_item(name: str, said: str, depth: int) -> When:
    word = re.search(r"['\"]([^'\"]{0,100})['\"]", said)
    if depth > _MAX_DEPTH:
        return When(Chance.SETTING, doubt=name)
    if name == "expression":
        return of_expression(said)
    if name in ("allOf", "anyOf"):
        inner = [_of_item(n, s, depth + 1) for n, s in _items(said)]
        return _all(inner) if name == "allOf" else _any(inner)
    if name == "not":
        inner_ = of_when(said, depth + 1)
        return When(inner_.chance.opposite, doubt=inner_.doubt)
    if name == "branch" and word:
        force = filters.of_branches([word[1]])
        return When(Chance.RUNTIME if force else Chance.SETTING, doubt=f"branch {word[1]}")
    if name == "environment":
        return When(Chance.SETTING, doubt=f"environment{said}")
    if name == "triggeredBy" and word:
        return When(Chance.RUNTIME, frozenset({_CAUSES.get(word[1], "other")}))
    if name == "changeRequest":
        return When(Chance.RUNTIME, frozenset({"pull_request"}))
    if name in ("buildingTag", "tag"):
        return When(Chance.RUNTIME, frozenset({"tag"}))
    if name == "equals" and (two := re.findall(r"(?:expected|actual):\s*([^,\s]+)", said)) and len(two) == 2:
        plain = all(re.fullmatch(r"['\"].*['\"]|\d+|true|false", value) for value in two)
        return When(_sure(two[0] == two[1])) if plain else When(Chance.SETTING, doubt=f"equals{said}")
    return When(Chance.ALWAYS if name in ("beforeAgent", "beforeInput", "beforeOptions") else Chance.RUNTIME)


def of_expression(said: str) -> When:
    """What a Groovy condition comes to."""
    text = re.sub(r"^\s*return\b", "", said.strip()).strip().strip(";").strip()
    while re.fullmatch(r"\((.*)\)", text, re.DOTALL) and text.count("(") == 1:
        text = text[1:-1].strip()
    if text in ("false", "null", "0", "''", '""', "!true"):
        return When(Chance.NEVER)
    if text in ("true", "1", "!false"):
        return When()
    same = re.fullmatch(r"(['\"]?)([\w./-]*)\1\s*(==|!=)\s*(['\"]?)([\w./-]*)\4", text)
    if same and ((same[1] and same[4]) or (same[2] + same[5]).isdigit()):
        return When(_sure((same[2] == same[5]) == (same[3] == "==")))
    if re.search(r"\b(?:params|env)\b", text) and not _OF_THE_RUN.search(text):
        return When(Chance.SETTING, doubt=text)
    return When(Chance.RUNTIME)


def _sure(answer: bool) -> Chance:
    return Chance.ALWAYS if answer else Chance.NEVER


def _all(parts: list[When]) -> When:
    triggers = frozenset[str]().union(*(part.triggers for part in parts))
    least = min(parts, key=lambda part: part.chance, default=When())
    return When(least.chance, triggers, least.doubt)


def _any(parts: list[When]) -> When:
    most = max(parts, key=lambda part: part.chance, default=When(Chance.NEVER))
    named = [part.triggers for part in parts if part.chance > Chance.SETTING]
    return When(most.chance, frozenset[str]().union(*named) if all(named) else frozenset(), most.doubt)
