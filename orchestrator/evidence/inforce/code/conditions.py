"""Works out what a condition leaves open: constants are folded, settings and environments are known by their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ....host.late import late
from .. import settings
from ..chance import Chance
from .syntax import Syntax, named, part

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 30
_STRING = late(r"[a-zA-Z]{0,2}(?P<quote>\"\"\"|['\"`]|:(?=\w))(?P<text>[^'\"`\n]{0,80})(?:\"\"\"|['\"`])?")
_NUMBER = late(r"-?\d{1,15}(?:\.\d{1,9})?")
_NAME = late(r"[@$!*&]{0,2}[A-Za-z_][\w$]*[?!]?(?:(?:\?\.|!\.|\.|->|::)[\w$]+[?!]?|\[[\"':]?[\w.$-]+[\"']?\]){0,8}")
_NOT = frozenset({"!", "not"})
_AND = frozenset({"&&", "and", "-a"})
_OR = frozenset({"||", "or", "-o"})
_EQUAL = frozenset({"==", "===", "=", "-eq", "is", "eq", "eql?"})
_UNEQUAL = frozenset({"!=", "!==", "<>", "-ne", "/="})
_ORDER = frozenset({"<", ">", "<=", ">=", "-lt", "-gt", "-le", "-ge"})
_EQUALS = late(r"(?:\.|->|::)(?:equals|equalsIgnoreCase|Equals|eql\?|eq|is|inquiry)$")
_QUOTED = late(r"[\"'`:]([A-Za-z_-]{2,20})\b")
_WORDS = late(r"%[wi][\[({]([^\])}]{1,200})[\])}]")
_ENVIRONMENT = late(r"[Ee]nvironment\b|\.env\b|_ENV\b")
_ASKS_ENVIRONMENT = late(r"[(\[]\s*[\"'](?:[A-Z]{1,20}_)?(?:ENV|ENVIRONMENT|STAGE)[\"']")
_TRUTHS = frozenset({"true", "false", "True", "False"})
_FOLLOWED = 3
_SPELLING = late(
    r"(?:\??\.(?:toLowerCase|toUpperCase|trim|toString|lowercase|uppercase|lower|upper|downcase|upcase|strip|to_s|to_sym|"
    r"ToLower(?:Invariant)?|ToUpper(?:Invariant)?|Trim)(?:\(\))?){1,4}$"
)
_SPELLED = late(
    r"(?:strings\.(?:ToLower|ToUpper|TrimSpace)|strtolower|strtoupper|trim|String)\((.{1,200})\)", re.DOTALL
)
"""What asks for a value whatever its case."""
_OF_A_REQUEST = late(
    r"(?:^|\.)_?(?:req|request|res|response|params|query|body|event|message|msg|payload|action|headers|data)\b",
    re.IGNORECASE,
)
"""What comes with each request."""
_NOTHING = frozenset({"null", "nil", "None", "undefined"})
_TESTED = late(r"(?:\[\[?|test)\s+(.{0,300}?)\s*(?:\]\]?)?", re.DOTALL)
_DEFAULT = late(r"\$\{?(?P<name>\w+)[^}]*\}?")


class Conditions:
    """
    What the conditions of one file leave open.

    Args:
        syntax: The file.
        constant: The node that gives a name its only value in this file, where there is one.
    """

    def __init__(self, syntax: Syntax, constant: Callable[[str], Node | None]) -> None:
        self._syntax = syntax
        self._constant = constant
        self._falsy = syntax.grammar.falsy
        self._known: dict[int, Chance] = {}

    def chance(self, node: Node, depth: int = 0) -> Chance:
        """The chance that *node* comes true in production."""
        if node.id not in self._known:
            self._known[node.id] = self._chance(node, depth) if depth < _DEEPEST else Chance.RUNTIME
        return self._known[node.id]

    def of_case(self, value: Node, case: Node, depth: int = 0) -> Chance:
        """The chance that *value*, which a switch asks, is what one of its cases is for."""
        asked, wanted = _respelled(self._syntax.text(value).strip()), self._syntax.text(case).strip()
        name = _name(asked)
        given = self._constant(name) if name else None
        if wanted in _TRUTHS or (given is not None and _is_literal(self._syntax.text(given).strip())):
            return self._equal(value, case, _DEEPEST - 5)
        if given is not None and depth < _FOLLOWED:
            return self.of_case(given, case, depth + 1)
        subject = name or _called(asked)
        if _OF_A_REQUEST.search(subject):
            return Chance.RUNTIME
        is_set = settings.holds_settings(subject) or settings.chooses(subject)
        if settings.holds_environment(subject) or _ASKS_ENVIRONMENT.search(asked):
            chance = settings.environment(_plain(wanted).rpartition(".")[2])
            return Chance.SETTING if is_set and chance is Chance.RUNTIME else chance
        return Chance.SETTING if is_set else Chance.RUNTIME

    def _chance(self, node: Node, depth: int) -> Chance:
        text = self._syntax.text(node).strip()
        if node.type in ("command", "test_command"):
            return self._of_command(node, text, depth)
        if node.named_child_count == 1 and (text.startswith("(") or node.type.endswith(("_list", "_statement"))):
            only = named(node, 0)
            return self.chance(only, depth + 1) if only is not None else Chance.RUNTIME
        if (constant := self._literal(text)) is not None:
            return constant
        first = node.children[0] if node.child_count == 2 else None
        if first is not None and self._syntax.text(first) in _NOT:
            operand = node.children[1]
            return self.chance(operand, depth + 1).opposite
        left, right = part(node, "left", "lhs"), part(node, "right", "rhs")
        if left is not None and right is not None:
            return self._of_two(left, right, self._between(left, right), depth)
        if node.type == "list" and node.named_child_count == 2:  # the shell's
            left, right = named(node, 0), named(node, 1)
            if left is not None and right is not None:
                return self._of_two(left, right, self._between(left, right), depth)
        return self._of_call_or_name(node, text, depth)

    def _of_two(self, left: Node, right: Node, operator: str, depth: int) -> Chance:
        if operator in _AND:
            return min(self.chance(left, depth + 1), self.chance(right, depth + 1))
        if operator in _OR:
            return max(self.chance(left, depth + 1), self.chance(right, depth + 1))
        if operator in _EQUAL:
            return self._equal(left, right, depth)
        if operator in _UNEQUAL:
            return self._equal(left, right, depth).opposite
        if operator in _ORDER:
            return self._ordered(left, right, operator)
        return self._asked(left, right)

    def _equal(self, left: Node, right: Node, depth: int) -> Chance:
        one, other = self._syntax.text(left).strip(), self._syntax.text(right).strip()
        if _is_literal(one):
            one, other, left, right = other, one, right, left
        if _is_literal(one) and _is_literal(other):
            return Chance.ALWAYS if _plain(one) == _plain(other) else Chance.NEVER
        if not _is_literal(other):
            return self._asked(left, right)
        if self._literal(other) is Chance.ALWAYS and not _NUMBER.fullmatch(other) and other in ("true", "True"):
            return self.chance(left, depth + 1)
        if other in ("false", "False"):
            return self.chance(left, depth + 1).opposite
        name = _name(one)
        value = self._constant(name) if name else None
        if value is not None and _is_literal(text := self._syntax.text(value).strip()):
            return Chance.ALWAYS if _plain(text) == _plain(other) else Chance.NEVER
        if settings.holds_environment(name or _called(one)) or _ASKS_ENVIRONMENT.search(one):
            return settings.environment(_plain(other))
        return self._asked(left)

    def _ordered(self, left: Node, right: Node, operator: str) -> Chance:
        one, other = self._syntax.text(left).strip(), self._syntax.text(right).strip()
        if not (_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)):
            return self._asked(left, right)
        a, b = float(one), float(other)
        holds = {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}
        words = {"-lt": a < b, "-gt": a > b, "-le": a <= b, "-ge": a >= b}
        return Chance.ALWAYS if (holds | words)[operator] else Chance.NEVER

    def _asked(self, *nodes: Node) -> Chance:
        """What a comparison leaves open: a setting decides where nothing else is compared, and else what happens."""
        texts = [text.strip() for text in map(self._syntax.text, nodes)]
        asked = [
            settings.asked_by(_name(text) or _called(text))
            for text in texts
            if self._literal(text) is None and text not in _NOTHING
        ]
        return Chance.RUNTIME if Chance.RUNTIME in asked or not asked else Chance.SETTING

    def _of_call_or_name(self, node: Node, text: str, depth: int) -> Chance:
        name = _name(text)
        if name:
            value = self._constant(name)
            return self.chance(value, depth + 5) if value is not None else settings.asked_by(name)
        called = _called(text)
        if called == "cfg":
            return of_cfg(text[len(called) :])
        subject = _EQUALS.sub("", called)
        words = [word for found in _WORDS.finditer(text) for word in found[1].split()] + _QUOTED.findall(text)
        if settings.holds_environment(subject) or _ENVIRONMENT.search(text):
            named = [settings.environment(word) for word in words]
            known = [chance for chance in named if chance is not Chance.RUNTIME]
            if known:
                return max(known)
        if not called:
            return Chance.RUNTIME
        chance = settings.asked_by(called)
        return chance if chance is not Chance.RUNTIME else settings.asked_by(subject)

    def _of_command(self, node: Node, text: str, depth: int) -> Chance:
        """The chance that a command of a shell succeeds."""
        if text in ("true", ":"):
            return Chance.ALWAYS
        if text == "false":
            return Chance.NEVER
        inner = named(node, 0) if node.type == "test_command" else None
        if inner is not None and part(inner, "left") is not None and part(inner, "right") is not None:
            return self._of_test(inner)
        tested = _TESTED.fullmatch(text)
        return self._asked_of_shell(tested[1]) if tested else Chance.RUNTIME

    def _of_test(self, node: Node) -> Chance:
        left, right = part(node, "left", "lhs"), part(node, "right", "rhs")
        if left is None or right is None:
            return Chance.RUNTIME
        operator = self._between(left, right)
        if operator in _AND | _OR:
            chances = [
                self._of_test(side) if part(side, "left") else self._asked_of_shell(self._syntax.text(side))
                for side in (left, right)
            ]
            return min(chances) if operator in _AND else max(chances)
        one, other = (_plain(self._syntax.text(side).strip()) for side in (left, right))
        if "$" not in one + other:
            if operator in _ORDER:
                return self._ordered(left, right, operator)
            same = Chance.ALWAYS if one == other else Chance.NEVER
            return same if operator in _EQUAL else same.opposite
        name = _DEFAULT.fullmatch(one)
        if name is None or "$" in other:
            return Chance.SETTING if name else Chance.RUNTIME
        if settings.holds_environment(name["name"]):
            chance = settings.environment(other)
            return chance if operator in _EQUAL else chance.opposite
        return self._asked_of_shell(one)

    def _asked_of_shell(self, text: str) -> Chance:
        """Variables in capitals come from outside; what a script works out itself happens."""
        names = [found["name"] for found in _DEFAULT.finditer(text)]
        return Chance.SETTING if any(name.isupper() and not name.isdigit() for name in names) else Chance.RUNTIME

    def _literal(self, text: str) -> Chance | None:
        if text in ("false", "False", "Boolean.FALSE") or text in self._falsy:
            return Chance.NEVER
        return Chance.ALWAYS if text in ("true", "True", "Boolean.TRUE") or _NUMBER.fullmatch(text) else None

    def _between(self, left: Node, right: Node) -> str:
        between = self._syntax.data[left.end_byte : right.start_byte][:40].decode("utf-8", "replace").strip()
        return between.split()[0] if between else ""


def of_cfg(asked: str) -> Chance:
    """The chance of what a ``cfg`` of Rust asks for."""
    inner = asked.strip("! \n").removeprefix("(").removesuffix(")").strip()
    if inner.startswith("not(") and inner.endswith(")"):
        return of_cfg(inner[3:]).opposite
    if inner == "any()":
        return Chance.NEVER
    if inner in ("test", "debug_assertions"):
        return Chance.DEVELOPMENT
    return Chance.SETTING if "feature" in inner else Chance.RUNTIME


def _is_literal(text: str) -> bool:
    found = _STRING.fullmatch(text)
    return text in ("true", "false", "True", "False") or found is not None or _NUMBER.fullmatch(text) is not None


def _plain(text: str) -> str:
    found = _STRING.fullmatch(text)
    return found["text"] if found else text


def _name(text: str) -> str:
    """*text* as a dotted name, if it is one."""
    if _NAME.fullmatch(text) is None:
        return ""
    plain = text.lstrip("@$!*&").replace("?.", ".").replace("!.", ".").replace("->", ".").replace("::", ".")
    return re.sub(r"^(?:this|self)\.", "", plain)


def _called(text: str) -> str:
    """The dotted name of what *text* calls or looks up."""
    found = re.match(r"[@$]?[\w.$:?>-]{1,120}?(?=\s?[!(\[])", text)
    return found.group().replace("->", ".").replace("::", ".").replace("?.", ".").lstrip("@$") if found else ""


def _respelled(text: str) -> str:
    """*text* without what only changes its letters."""
    for _ in range(3):
        text = _SPELLING.sub("", text)
        if (inner := _SPELLED.fullmatch(text)) is None:
            break
        text = inner[1].strip()
    return text
