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


def of_node(node: Node, text: Text, variables: Variables) -> Chance:
    """The chance that a condition, as the syntax tree has it, comes true."""
    inner = [child for child in node.children if child.type not in ("[", "[[", "]", "]]", "(", ")", "((", "))")]
    if node.type in ("test_command", "parenthesized_expression", "negated_command"):
        if len(inner) == 2 and inner[0].type == "!":
            return of_node(inner[1], text, variables).opposite
        return of_node(inner[0], text, variables) if len(inner) == 1 else Chance.RUNTIME
    if node.type == "unary_expression" and len(inner) == 2:
        operator = text.of(inner[0])
        if operator == "!":
            return of_node(inner[1], text, variables).opposite
        return of_words([Value(operator), resolve(inner[1], text, variables)])
    if node.type == "binary_expression" and len(inner) == 3:
        left, middle, right = inner
        sign = text.of(middle)
        if sign in ("&&", "-a"):
            return min(of_node(left, text, variables), of_node(right, text, variables))
        if sign in ("||", "-o"):
            return max(of_node(left, text, variables), of_node(right, text, variables))
        return of_words([resolve(left, text, variables), Value(sign), resolve(right, text, variables)])
    return of_words([resolve(node, text, variables)])


def of_words(words: list[Value]) -> Chance:
    """The chance that ``test`` followed by *words* succeeds."""
    if not words:
        return Chance.NEVER
    if words[0].text == "!":
        return of_words(words[1:]).opposite
    for sign, pick in (("-o", max), ("-a", min)):
        at = next((n for n, word in enumerate(words) if word.text == sign and 0 < n < len(words) - 1), None)
        if at is not None and len(words) > 3:
            return pick(of_words(words[:at]), of_words(words[at + 1 :]))
    if len(words) == 1:
        return words[0].chance if words[0].text is None else _sure(words[0].text != "")
    if len(words) == 2:
        return _unary(words[0].text, words[1])
    return _binary(*words[:3]) if len(words) == 3 else Chance.RUNTIME


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
