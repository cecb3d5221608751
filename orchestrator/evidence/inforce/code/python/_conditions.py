"""Tells whether the condition of a Python statement comes true in production."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ...chance import Chance
from ...settings import asked_by, environment, holds_environment, holds_settings
from ._folding import FILLED, NOTHING, fold, named

_DEPTH = 40
_OPERATORS: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_OPPOSITE = (ast.NotEq, ast.NotIn, ast.IsNot)
_ADDRESS = re.compile(
    r"(?:^|[_.a-z])(?:DSN|URL|URI|HOST|HOSTS|ADDR|ADDRESS|ENDPOINT|SOCKET|SERVER|BROKER|KEY|TOKEN|SECRET|PASSWORD|"
    r"CREDENTIALS|PATH|FILE|DIR|BUCKET|PORT|ID|dsn|url|uri|host|addr|address|endpoint|server|broker|key|"
    r"token|secret|password|credentials|path|file|dir|bucket|port|id)$"
)
"""How settings end that name what is used, and switch nothing: where there is none, there is nothing to be used."""
_TESTS = re.compile(r"(?:^|\.)(?:TESTING|UNDER_TEST|RUNNING_TESTS|IS_TESTING|is_testing|testing)$")
_READS = frozenset(
    {"get", "getenv", "bool", "str", "env", "config", "getattr", "int", "value", "getboolean", "get_bool"}
)
_WRAPS = frozenset({"bool", "int", "str", "strtobool", "str2bool", "to_bool", "as_bool", "parse_bool", "asbool"})
_PLAIN = frozenset({"lower", "upper", "strip", "casefold"})


class Conditions:
    """
    What conditions of one module come to.

    Args:
        known: Names that are given a value once in the module, to that value.
        flags: Names of arguments that are off unless whoever calls sets them.
    """

    def __init__(self, known: Mapping[str, ast.expr], flags: Collection[str] = ()) -> None:
        self._known = known
        self._flags = flags

    def chance(self, test: ast.expr, wanted: bool = True) -> Chance:
        """The chance that *test* is true in production, or that it is false where that is *wanted*."""
        return self._chance(test, wanted, 0)

    def _chance(self, test: ast.expr, wanted: bool, depth: int) -> Chance:
        if depth > _DEPTH:
            return Chance.RUNTIME
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self._chance(test.operand, not wanted, depth + 1)
        if isinstance(test, ast.BoolOp):
            each = [self._chance(value, wanted, depth + 1) for value in test.values[:100]]
            return min(each) if isinstance(test.op, ast.And) is wanted else max(each)
        if isinstance(test, ast.NamedExpr):
            return self._chance(test.value, wanted, depth + 1)
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self._compared(test, wanted, depth)
        name = named(test)
        if name.rpartition(".")[2] == "TYPE_CHECKING":
            return _meant(Chance.NEVER, wanted)
        asked = self._asked(test, name)
        folded = fold(test, self._known)
        if folded is not NOTHING:
            truth = _truth(bool(folded), wanted)
            return truth if asked is Chance.RUNTIME else min(truth, _meant(asked, wanted))
        if isinstance(test, ast.Name) and asked is Chance.RUNTIME and test.id in self._known:
            value = self._known[test.id]
            return Chance.RUNTIME if isinstance(value, FILLED) else self._chance(value, wanted, depth + 1)
        if asked is Chance.SETTING:
            return self._by_default(test, wanted)
        return _meant(asked, wanted)

    def _asked(self, test: ast.expr, name: str) -> Chance:
        """What *test*, a name or a call without much of an argument, asks for."""
        name = self._setting(test) or name
        if not name or _ADDRESS.search(name):
            return Chance.RUNTIME
        if _TESTS.search(name):
            return Chance.DEVELOPMENT
        if isinstance(test, ast.Call) and not self._setting(test) and (test.args or name.endswith(".debug")):
            return Chance.RUNTIME
        return self._asked_by(test, name)

    def _asked_by(self, node: ast.expr, name: str) -> Chance:
        """What *name*, which *node* reads, asks for; a flag of any object is data, a local one was worked out."""
        if name in self._flags:
            return min(asked_by(name), Chance.SETTING)
        asked = asked_by(name)
        if asked is not Chance.SETTING or self._setting(node) or holds_settings(name):
            return asked
        last = name.rpartition(".")[2]
        return asked if last.isupper() else Chance.RUNTIME

    def _compared(self, test: ast.Compare, wanted: bool, depth: int) -> Chance:
        left, right, op = test.left, test.comparators[0], test.ops[0]
        one, other = fold(left, self._known), fold(right, self._known)
        if one is not NOTHING and other is not NOTHING:
            try:
                return _truth(bool(_OPERATORS[type(op)](one, other)), wanted)
            except TypeError:
                return Chance.RUNTIME
        if named(right) in ("sys.argv", "sys.modules") and isinstance(one, str):
            tests = re.search(r"test|runserver|shell", one) is not None
            return _meant(Chance.DEVELOPMENT if tests else Chance.RUNTIME, wanted is not isinstance(op, _OPPOSITE))
        if isinstance(right, (ast.Constant, ast.Tuple, ast.List, ast.Set)) and other is not NOTHING:
            subject, value = left, other
        elif one is not NOTHING and isinstance(op, (ast.Eq, ast.NotEq)):
            subject, value = right, one
        elif isinstance(right, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)) and isinstance(one, str):
            holds = isinstance(op, (ast.In, ast.NotIn)) and re.search(r"(?:environ|ENV)$", named(right))
            return Chance.SETTING if holds and not _ADDRESS.search(one) else Chance.RUNTIME
        else:
            return Chance.RUNTIME
        if not isinstance(op, (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)):
            return Chance.RUNTIME
        meant = wanted is not isinstance(op, _OPPOSITE)
        name = self._subject(subject, depth)
        if name and holds_environment(name) and (stage := _environments(value)) is not None:
            elsewhere = stage is Chance.SETTING and not meant
            return Chance.RUNTIME if elsewhere else _meant(stage, meant)
        if isinstance(value, bool) and isinstance(op, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)):
            return self._chance(subject, meant is value, depth + 1)
        if value is None and _ADDRESS.search(name):
            return Chance.RUNTIME
        if name.lower().endswith("log_level") and str(value).upper() == "DEBUG":
            return _meant(Chance.DEVELOPMENT, meant)
        if not name or _ADDRESS.search(name) or self._asked_by(subject, name) is Chance.RUNTIME:
            return Chance.RUNTIME
        return self._switched(subject, value, meant)

    def _switched(self, subject: ast.expr, value: object, wanted: bool) -> Chance:
        """The chance that a setting has *value*: what it has by default comes true, all else cannot be told."""
        asked = asked_by(self._subject(subject, 0))
        on = str(value).lower() in ("1", "true", "yes", "on") or (
            isinstance(value, tuple) and any(str(v).lower() in ("1", "true", "yes", "on") for v in value)
        )
        if asked is not Chance.SETTING:
            return _meant(asked, wanted) if on else Chance.SETTING
        default = self._default(subject)
        if default is NOTHING or not isinstance(default, (str, int, float, bool)):
            return Chance.SETTING
        same = default in value if isinstance(value, tuple) else default == value
        return Chance.RUNTIME if same is wanted else Chance.SETTING

    def _by_default(self, test: ast.expr, wanted: bool) -> Chance:
        """What a setting is without anybody's doing is in force; what it would be changed to cannot be told."""
        default = self._default(test)
        if default is NOTHING:
            return Chance.SETTING
        if isinstance(default, str) and _wraps(test):
            default = default.lower() in ("1", "true", "yes", "on", "y", "t")
        return Chance.RUNTIME if bool(default) is wanted else Chance.SETTING

    def _subject(self, node: ast.expr, depth: int) -> str:
        """The name of the setting that *node* reads, also where it is kept under another one."""
        node = _bare(node)
        if (
            isinstance(node, ast.Name)
            and not holds_environment(node.id)
            and asked_by(node.id) is Chance.RUNTIME
            and node.id in self._known
            and depth < _DEPTH
        ):
            return self._subject(self._known[node.id], depth + 1)
        return self._setting(node) or named(node)

    def _setting(self, node: ast.expr) -> str:
        """The dotted name of a setting that is read by its key: ``os.environ.X`` for ``os.environ.get("X")``."""
        node = _bare(node)
        key: ast.expr | None = None
        owner = ""
        if isinstance(node, ast.Call) and node.args:
            owner = named(node.func)
            last = owner.rpartition(".")[2]
            if last not in _READS:
                return ""
            owner = owner.removesuffix(".get") if last == "get" else owner
            key = node.args[1] if last == "getattr" and len(node.args) > 1 else node.args[0]
            owner = named(node.args[0]) if last == "getattr" else owner
        elif isinstance(node, ast.Subscript):
            owner, key = named(node.value), node.slice
        if owner and isinstance(key, ast.Constant) and isinstance(key.value, str):
            return f"{owner}.{key.value}"
        return ""

    def _default(self, node: ast.expr) -> object:
        """What a setting is where nobody has set it; NOTHING where that is not written."""
        node = _bare(node)
        if isinstance(node, ast.Name) and node.id in self._known:
            node = _bare(self._known[node.id])
        if not isinstance(node, ast.Call) or not self._setting(node):
            return NOTHING
        last = named(node.func).rpartition(".")[2]
        place = 2 if last == "getattr" else 1
        given = next((k.value for k in node.keywords if k.arg in ("default", "fallback")), None)
        if given is None and len(node.args) > place:
            given = node.args[place]
        return NOTHING if given is None else fold(given, self._known)


def _bare(node: ast.expr) -> ast.expr:
    """What *node* makes a truth or a lower case of."""
    for _ in range(5):
        if not isinstance(node, ast.Call):
            break
        if isinstance(node.func, ast.Attribute) and node.func.attr in _PLAIN and not node.args:
            node = node.func.value
        elif _converts(node.func) and len(node.args) == 1:
            node = node.args[0]
        else:
            break
    return node


def _converts(function: ast.expr) -> bool:
    """Whether *function* makes something else of a value, which ``env.bool`` and its like do not: they read it."""
    name = named(function)
    return name in _WRAPS or (isinstance(function, ast.Attribute) and function.attr in _WRAPS - _READS)


def _wraps(node: ast.expr) -> bool:
    """Whether *node* takes a text for a truth by its words."""
    last = named(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    return ("bool" in last and last != "bool") or any(k.arg == "cast" for k in getattr(node, "keywords", []))


def _environments(value: object) -> Chance | None:
    """The chance that the environment of production is called by one of the names *value*; None if none is known."""
    names = value if isinstance(value, tuple) else (value,)
    chances = [environment(name) for name in names if isinstance(name, str)]
    return max((chance for chance in chances if chance is not Chance.RUNTIME), default=None)


def _truth(value: bool, wanted: bool) -> Chance:
    return Chance.ALWAYS if value is wanted else Chance.NEVER


def _meant(chance: Chance, wanted: bool) -> Chance:
    return chance if wanted else chance.opposite
