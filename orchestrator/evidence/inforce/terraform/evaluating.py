"""Works expressions of Terraform out over what is known, in a bounded number of steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ....formats.hcl_expressions import (
    NAMELESS,
    UNREAD,
    Call,
    Conditional,
    Elements,
    Entries,
    Expression,
    For,
    Literal,
    Name,
    Operation,
    Splat,
    Step,
    Template,
    Text,
    Tree,
    parse,
)
from .functions import call
from .stages import named_stage
from .values import (
    MAX_ENTRIES,
    MAX_TEXT,
    PRODUCTION,
    UNKNOWN,
    Mistaken,
    bounded,
    known,
    number,
    plain,
    same,
    text,
    truth,
)

MAX_STEPS = 20_000
"""Steps for one expression, whatever it names included."""
MAX_DEPTH = 60
"""Levels of expressions inside expressions, and of names that stand for others."""

_MAX_KEPT = 20_000
LookUp = Callable[[str, str], Any]
"""What two names stand for: ``var`` or ``local`` and a label, the type of a resource and its label."""


class Budget:
    """
    What all expressions of a tree may cost together; when it is used up, nothing more is known.

    Args:
        steps: How many steps are left.
    """

    def __init__(self, steps: int = 3_000_000) -> None:
        self.left = steps
        self.depth = 0
        """How many levels deep the work is, in expressions and in the names that they stand for."""
        self._trees: dict[tuple[bool, str], Tree] = {}

    def tree(self, written: Expression, names: Mapping[str, Any]) -> Tree:
        """The tree of *written*, which often stands in many places; that of most is not needed."""
        if _foreign(written, names):
            return UNREAD
        key = (isinstance(written, Template), str(written))
        if key not in self._trees:
            if len(self._trees) >= _MAX_KEPT:
                self._trees.clear()
            self._trees[key] = parse(written)
        return self._trees[key]


_FOREIGN = re.compile(r"([A-Za-z_][\w-]*)(?:\.[\w-]+(?:\[(?:\d+|\*)\])?){2,}")
"""A reference to an attribute of what is only known when it has been made."""
_WITHIN = re.compile(r"\$\{\s*([A-Za-z_][\w-]*)(?:\.[\w-]+){2,}\s*\}")
_OWN = frozenset({"var", "local", "each", "count", "module"})


def _foreign(written: Expression, names: Mapping[str, Any]) -> bool:
    """Whether *written* plainly depends on what is only known when it has been made."""
    found = _WITHIN.search(written) if isinstance(written, Template) else _FOREIGN.fullmatch(written)
    return found is not None and found[1] not in _OWN and found[1] not in names


class Evaluator:
    """Works out expressions that stand in one place, over what *look_up* knows of its variables and locals."""

    def __init__(self, budget: Budget, look_up: LookUp, names: Mapping[str, Any] | None = None) -> None:
        self._budget = budget
        self._look_up = look_up
        self._names = dict(names or {})
        self._steps = MAX_STEPS

    def value(self, written: Any) -> Any:
        """
        What *written* comes to: an expression, or a value with expressions in it.

        ``UNKNOWN`` where it depends on what is not known; parts of a list or mapping may be.

        Raises:
            Mistaken: Terraform would refuse it.
        """
        if not self._spend():
            return UNKNOWN
        if isinstance(written, Expression):
            return self._tree(self._budget.tree(written, self._names), self._names)
        if isinstance(written, dict):
            return self._within(lambda: self._mapping(written))
        if isinstance(written, list):
            return self._within(lambda: [plain(self.value(inner)) for inner in written])
        return written

    def _mapping(self, written: dict[str, Any]) -> Any:
        found = {}
        for key, inner in written.items():
            told = text(plain(self.value(key))) if isinstance(key, Expression) else key
            if told is UNKNOWN:
                return UNKNOWN
            found[told] = plain(self.value(inner))
        return found

    def _within(self, work: Callable[[], Any]) -> Any:
        self._budget.depth += 1
        try:
            return UNKNOWN if self._budget.depth > MAX_DEPTH else work()
        finally:
            self._budget.depth -= 1

    def _spend(self) -> bool:
        """Take one step; false where there are none left."""
        self._steps -= 1
        self._budget.left -= 1
        return self._steps >= 0 and self._budget.left >= 0

    def _tree(self, tree: Tree, names: Mapping[str, Any]) -> Any:
        if not self._spend():
            return UNKNOWN
        work = _WORK.get(type(tree))
        return UNKNOWN if work is None else self._within(lambda: work(self, tree, names))

    def _literal(self, tree: Literal, names: Mapping[str, Any]) -> Any:
        return tree.value

    def _name(self, tree: Name, names: Mapping[str, Any]) -> Any:
        return names.get(tree.text, UNKNOWN)

    def _step(self, tree: Step, names: Mapping[str, Any]) -> Any:
        if isinstance(tree.of, Name) and tree.of.text not in names:
            key = tree.key.value if isinstance(tree.key, Literal) else UNKNOWN
            if (tree.of.text, key) == ("terraform", "workspace"):
                return PRODUCTION
            return self._look_up(tree.of.text, key) if isinstance(key, str) else UNKNOWN
        of, key = plain(self._tree(tree.of, names)), self._tree(tree.key, names)
        if of is UNKNOWN or key is UNKNOWN:
            return UNKNOWN
        if key is PRODUCTION:
            return _of_production(of)
        if isinstance(of, dict):
            if text(key) not in of:
                raise Mistaken
            return of[text(key)]
        place = number(key)
        if not isinstance(of, list) or not isinstance(place, int) or not 0 <= place < len(of):
            raise Mistaken
        return of[place]

    def _splat(self, tree: Splat, names: Mapping[str, Any]) -> Any:
        of = plain(self._tree(tree.of, names))
        if of is UNKNOWN:
            return UNKNOWN
        each = of if isinstance(of, list) else [] if of is None else [of]
        return [self._tree(tree.rest, {**names, NAMELESS.text: element}) for element in each]

    def _call(self, tree: Call, names: Mapping[str, Any]) -> Any:
        if tree.name in ("try", "can"):
            return self._tried(tree, names)
        arguments = [self._tree(argument, names) for argument in tree.arguments]
        if tree.name == "lookup" and len(arguments) > 1 and arguments[1] is PRODUCTION:
            return _of_production(arguments[0])
        if tree.name not in _NAMES_KEPT:
            arguments = [plain(argument) for argument in arguments]
        if tree.spread:
            last = arguments.pop() if arguments else UNKNOWN
            if last is UNKNOWN:
                return UNKNOWN
            if not isinstance(last, list):
                raise Mistaken
            arguments.extend(last)
        self._steps -= sum(len(a) for a in arguments if isinstance(a, list | dict))
        return call(tree.name, arguments)

    def _tried(self, tree: Call, names: Mapping[str, Any]) -> Any:
        for argument in tree.arguments:
            try:
                value = self._tree(argument, names)
            except Mistaken:
                continue
            if tree.name == "can":
                return True if known(value) else UNKNOWN
            return value if known(value) else UNKNOWN
        if tree.name == "can":
            return False
        raise Mistaken

    def _operation(self, tree: Operation, names: Mapping[str, Any]) -> Any:
        sign = tree.sign
        if sign in ("&&", "||"):
            return self._either(sign, tree.operands, names)
        values = [self._tree(operand, names) for operand in tree.operands]
        if sign in ("==", "!="):
            equal = same(*values)
            return equal if equal is UNKNOWN or sign == "==" else not equal
        values = [plain(value) for value in values]
        if sign == "!":
            told = truth(values[0])
            return UNKNOWN if told is UNKNOWN else not told
        read = [number(value) for value in values]
        if any(value is UNKNOWN for value in read):
            return UNKNOWN
        return _calculate(sign, read)

    def _either(self, sign: str, operands: tuple[Tree, ...], names: Mapping[str, Any]) -> Any:
        decides = sign == "||"
        answers = [truth(plain(self._tree(operand, names))) for operand in operands]
        if any(answer is decides for answer in answers):
            return decides
        return UNKNOWN if any(answer is UNKNOWN for answer in answers) else not decides

    def _conditional(self, tree: Conditional, names: Mapping[str, Any]) -> Any:
        condition = truth(plain(self._tree(tree.condition, names)))
        if condition is not UNKNOWN:
            return self._tree(tree.then if condition else tree.otherwise, names)
        try:
            then, otherwise = self._tree(tree.then, names), self._tree(tree.otherwise, names)
        except Mistaken:
            return UNKNOWN
        return then if same(then, otherwise) is True else UNKNOWN

    def _elements(self, tree: Elements, names: Mapping[str, Any]) -> Any:
        return [plain(self._tree(part, names)) for part in tree.parts]

    def _entries(self, tree: Entries, names: Mapping[str, Any]) -> Any:
        found = {}
        for key, value in tree.pairs:
            told = text(plain(self._tree(key, names)))
            if told is UNKNOWN:
                return UNKNOWN
            found[told] = plain(self._tree(value, names))
        return found

    def _for(self, tree: For, names: Mapping[str, Any]) -> Any:
        of = plain(self._tree(tree.of, names))
        if of is UNKNOWN:
            return UNKNOWN
        if not isinstance(of, list | dict):
            raise Mistaken
        pairs = list(of.items()) if isinstance(of, dict) else list(enumerate(of))
        values: list[Any] = []
        mapping: dict[str, Any] = {}
        for place, element in pairs:
            given = dict(zip(tree.names, (place, element) if len(tree.names) == 2 else (element,), strict=False))
            inner = {**names, **given}
            wanted = True if tree.condition is None else truth(plain(self._tree(tree.condition, inner)))
            if wanted is UNKNOWN or self._steps < 0 or len(values) > MAX_ENTRIES:
                return UNKNOWN
            if not wanted:
                continue
            values.append(plain(self._tree(tree.value, inner)))
            if tree.key is not None:
                key = text(plain(self._tree(tree.key, inner)))
                if key is UNKNOWN:
                    return UNKNOWN
                if key in mapping and not tree.grouped:
                    raise Mistaken
                mapping[key] = [*mapping.get(key, []), values[-1]] if tree.grouped else values[-1]
        return values if tree.key is None else mapping

    def _text(self, tree: Text, names: Mapping[str, Any]) -> Any:
        parts = [text(plain(self._tree(part, names))) for part in tree.parts]
        if any(part is UNKNOWN for part in parts) or sum(map(len, parts)) > MAX_TEXT:
            return UNKNOWN
        return "".join(parts)


_NAMES_KEPT = frozenset({"contains", "lower"})
"""Functions that know what to do with the name of production."""


def _of_production(of: Any) -> Any:
    """What a mapping by environment has for production; not known where it does not name it, or more than once."""
    keys = [key for key in of if named_stage(key)] if isinstance(of, dict) else []
    return of[keys[0]] if len(keys) == 1 else UNKNOWN


def _calculate(sign: str, values: list[Any]) -> Any:
    if len(values) == 1:
        return -values[0]
    left, right = values
    if sign in ("/", "%") and right == 0:
        raise Mistaken
    match sign:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "+":
            return bounded(left + right)
        case "-":
            return bounded(left - right)
        case "*":
            return bounded(left * right)
        case "/":
            return bounded(left / right)
        case _:
            rest = abs(left) % abs(right)
            return bounded(rest if left >= 0 else -rest)


_WORK: dict[type, Callable[..., Any]] = {
    Literal: Evaluator._literal,
    Name: Evaluator._name,
    Step: Evaluator._step,
    Splat: Evaluator._splat,
    Call: Evaluator._call,
    Operation: Evaluator._operation,
    Conditional: Evaluator._conditional,
    Elements: Evaluator._elements,
    Entries: Evaluator._entries,
    For: Evaluator._for,
    Text: Evaluator._text,
}
