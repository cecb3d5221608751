"""Tells along the way to a place of a Python module whether control comes there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import islice

from ...chance import Chance
from ...force import IN_FORCE, Force, all_of, any_of, unknown, void
from ._conditions import Conditions
from ._folding import NOTHING, fold, named
from ._module import Step

_LEAVES = {ast.Return: "return", ast.Raise: "raise", ast.Continue: "continue", ast.Break: "break"}
_BREAKS_OFF = frozenset({"the raise", "sys.exit()", "exit()", "quit()"})
"""What nobody lives with: a setting that leads there is one that has to be made."""
_EXITS = frozenset({"sys.exit", "exit", "quit", "os._exit", "os.abort"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_DEPTH = 60
_MOST_VALUES = 100
"""How many values of the cases before one, or of its own, are looked at."""


class Flow:
    """
    What blocks and conditions of one module leave of the places in it.

    Args:
        conditions: What tests come to.
    """

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self._before: dict[int, list[Force]] = {}
        self._steps: dict[tuple[int, str, int], Force] = {}

    def along(self, way: Sequence[Step]) -> Force:
        """The force of a place that *way* leads to."""
        return all_of([self._of(step) for step in way])

    def _of(self, step: Step) -> Force:
        """The force of coming to *step* from what it is part of; many ways begin with the same steps."""
        place = (id(step.parent), step.field, step.number)
        if (known := self._steps.get(place)) is None:
            known = self._steps[place] = self._step(step)
        return known

    def _step(self, step: Step) -> Force:
        parent, child = step.parent, step.child
        forces = []
        if isinstance(child, ast.stmt) and isinstance(block := getattr(parent, step.field), list):
            forces.append(self._after(block, step.number))
        if isinstance(parent, (ast.If, ast.IfExp, ast.While)) and step.field in ("body", "orelse"):
            if not (isinstance(parent, ast.While) and step.field == "orelse"):
                forces.append(self._guarded(parent.test, step.field == "body"))
        elif isinstance(parent, ast.Match) and step.field == "cases":
            forces.append(self._case(parent, step.number))
        elif isinstance(parent, ast.BoolOp):
            wanted = isinstance(parent.op, ast.And)
            forces += [self._guarded(value, wanted) for value in parent.values[: step.number]]
        elif isinstance(parent, (ast.For, ast.AsyncFor)) and step.field == "body":
            forces.append(_over(parent.iter))
        elif isinstance(parent, _COMPREHENSIONS) and step.field != "generators":
            forces += [_over(part.iter) for part in parent.generators]
            forces += [self._guarded(test, True) for part in parent.generators for test in part.ifs]
        return all_of(forces)

    def _guarded(self, test: ast.expr, wanted: bool) -> Force:
        """The force of what only runs where *test* is as it is *wanted*."""
        chance = self._conditions.chance(test, wanted)
        if chance.force:
            return IN_FORCE
        where = f" (line {test.lineno})"
        if chance is Chance.SETTING:
            name = named(test if not isinstance(test, ast.UnaryOp) else test.operand)
            return unknown(f"{chance.force.reason}{where}" + (f": {name}" if name and len(name) < 60 else ""))
        return void(chance.force.reason + where)

    def _case(self, match: ast.Match, number: int) -> Force:
        """The force of a case of *match*; what is for all that is left is for none of what the others are for."""
        case = match.cases[number]
        values = list(islice(_values(case.pattern), _MOST_VALUES))
        if values:
            return any_of([self._guarded(_equal(match.subject, value), True) for value in values])
        if not isinstance(case.pattern, ast.MatchAs) or case.pattern.pattern is not None:
            return IN_FORCE
        others = (value for other in match.cases[:number] if other.guard is None for value in _values(other.pattern))
        return all_of([self._guarded(_equal(match.subject, value), False) for value in islice(others, _MOST_VALUES)])

    def _after(self, block: list[ast.stmt], index: int) -> Force:
        """The force of the statement at *index* of *block*, from what stands before it there."""
        known = self._before.setdefault(id(block), [IN_FORCE])
        while len(known) <= index:
            known.append(all_of([known[-1], self._left(block[len(known) - 1])]) if known[-1].state else known[-1])
        return known[index]

    def _left(self, statement: ast.stmt) -> Force:
        """The force of what follows *statement* in its block."""
        why = self._leaves(statement, 0)
        if why:
            return void(f"comes after {why} on line {statement.lineno}")
        if isinstance(statement, ast.If):
            for block, wanted in ((statement.body, False), (statement.orelse, True)):
                if how := self._all_leave(block, 0):
                    force = self._guarded(statement.test, wanted)
                    return force if force.is_void or how not in _BREAKS_OFF else IN_FORCE
        return IN_FORCE

    def _all_leave(self, block: Sequence[ast.stmt], depth: int) -> str:
        return next((why for statement in block if (why := self._leaves(statement, depth + 1))), "")

    def _leaves(self, node: ast.stmt, depth: int) -> str:
        """What makes control leave the block of *node* for sure; empty where nothing does."""
        if depth > _DEPTH:
            return ""
        if type(node) in _LEAVES:
            return f"the {_LEAVES[type(node)]}"
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and named(node.value.func) in _EXITS:
            return f"{named(node.value.func)}()"
        if isinstance(node, ast.Assert) and self._conditions.chance(node.test) is Chance.NEVER:
            return "an assertion that never holds"
        if isinstance(node, ast.If):
            body, other = self._all_leave(node.body, depth), self._all_leave(node.orelse, depth)
            taken = self._conditions.chance(node.test) if body or other else Chance.RUNTIME
            return body if body and (other or taken is Chance.ALWAYS) else other if taken is Chance.NEVER else ""
        if isinstance(node, (ast.Try, ast.TryStar)):
            handled = all(self._all_leave(handler.body, depth) for handler in node.handlers)
            body = self._all_leave(node.body, depth) or self._all_leave(node.orelse, depth)
            return self._all_leave(node.finalbody, depth) or (body if handled else "")
        if isinstance(node, (ast.With, ast.AsyncWith)):
            swallows = any("suppress" in named(item.context_expr) for item in node.items)
            return "" if swallows else self._all_leave(node.body, depth)
        if isinstance(node, ast.While) and self._conditions.chance(node.test) is Chance.ALWAYS and not _breaks(node):
            return "an endless loop"
        return ""


def _values(pattern: ast.pattern) -> Iterator[ast.expr]:
    """The values that *pattern* stands for; none where it stands for more than values."""
    if isinstance(pattern, ast.MatchOr):
        if all(isinstance(one, ast.MatchValue) for one in pattern.patterns):
            for one in pattern.patterns:
                yield from _values(one)
    elif isinstance(pattern, ast.MatchValue):
        yield pattern.value


def _equal(subject: ast.expr, value: ast.expr) -> ast.expr:
    """What a case asks, as a condition."""
    return ast.copy_location(ast.Compare(subject, [ast.Eq()], [value]), value)


def _over(items: ast.expr) -> Force:
    """The force of what runs once for each of *items*."""
    value = fold(items, {})
    return void("stands in a loop over nothing") if value is not NOTHING and value in ((), "") else IN_FORCE


def _breaks(loop: ast.While) -> bool:
    """Whether a ``break`` stands in *loop*; one of a loop inside it counts as well, to be on the safe side."""
    return any(isinstance(node, ast.Break) for statement in loop.body for node in ast.walk(statement))
