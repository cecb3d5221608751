"""What `test`, `[` and `[[` come to, as far as their words are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..chance import Chance
from .syntax import Text
from .words import Value, Variables, resolve

if TYPE_CHECKING:
    from tree_sitter import Node

_FILES = frozenset(
    [
        "-a",
        "-b",
        "-c",
        "-d",
        "-e",
        "-f",
        "-g",
        "-h",
        "-k",
        "-p",
        "-r",
        "-s",
        "-t",
        "-u",
        "-w",
        "-x",
        "-G",
        "-L",
        "-N",
        "-O",
        "-S",
        "-v",
    ]
)
_NUMBERS = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}


_WORDS = frozenset(
    {"word", "string", "raw_string", "ansi_c_string", "concatenation", "simple_expansion", "expansion", "number"}
    | {"extglob_pattern", "regex", "command_substitution", "test_operator"}
)


def of_node(node: Node, text: Text, variables: Variables) -> Chance:
    """The chance that a condition, as the syntax tree has it, comes true."""
    found: list[Value] = []
    waiting = [child for child in reversed(node.children) if child.type not in ("[", "[[", "]", "]]")]
    while waiting:
        part = waiting.pop()
        if part.type in _WORDS:
            found.append(resolve(part, text, variables))
        elif not part.children:
            found.append(Value(text.of(part)))
        else:
            waiting.extend(reversed(part.children))
    return of_words(found)


def of_words(words: list[Value]) -> Chance:
    """The chance that ``test`` followed by *words* succeeds."""
    for signs, pick in ((("||", "-o"), max), (("&&", "-a"), min)):
        at = next((n for n, word in enumerate(words) if word.text in signs and 0 < n < len(words) - 1), None)
        if at is not None and len(words) > 3 and not any(word.text in ("(", ")") for word in words):
            return pick(of_words(words[:at]), of_words(words[at + 1 :]))
    if not words:
        return Chance.NEVER
    if words[0].text == "!" and len(words) > 1:
        return of_words(words[1:]).opposite
    if len(words) == 1:
        return words[0].chance if words[0].text is None else _sure(words[0].text != "")
    if len(words) == 2:
        return _unary(words[0].text, words[1])
    return (
        _binary(*words) if len(words) == 3 else min((w.chance for w in words if w.text is None), default=Chance.RUNTIME)
    )


def _unary(operator: str | None, word: Value) -> Chance:
    if operator in _FILES:
        return Chance.RUNTIME
    if word.text is None:
        return word.chance
    return _sure((word.text == "") == (operator == "-z")) if operator in ("-z", "-n") else Chance.RUNTIME


def _binary(left: Value, operator: Value, right: Value) -> Chance:
    unknown = [value.chance for value in (left, right) if value.text is None]
    if unknown:
        return min(unknown)
    one, sign, two = left.text or "", operator.text or "", right.text or ""
    if sign in ("=", "=="):
        return _sure(one == two) if not set("*?[") & set(two) else Chance.RUNTIME
    if sign == "!=":
        return _sure(one != two) if not set("*?[") & set(two) else Chance.RUNTIME
    if sign in _NUMBERS and _is_number(one) and _is_number(two):
        return _sure(_NUMBERS[sign](int(one), int(two)))
    return Chance.RUNTIME


def _is_number(word: str) -> bool:
    return word.lstrip("-").isdigit() and word.isascii() and len(word) < 18


def _sure(answer: bool) -> Chance:
    return Chance.ALWAYS if answer else Chance.NEVER
