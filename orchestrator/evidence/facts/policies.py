"""Policies of identities, buckets, keys and queues, as statements that are judged one by one."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...domain.fact import Source
from ...formats.hcl_expressions import Call, Elements, Entries, Expression, Literal, Name, Step, Text, Tree, parse
from .infrastructure import Block, Infrastructure

_MAX_TEXT = 100_000
_MAX_DEPTH = 30
_MOST_STATEMENTS = 200
_MAX_NAME = 2_000
_DOCUMENT = re.compile(r"(?:\$\{\s*)?data\.aws_iam_policy_document\.([\w-]+)(?:\[[^\]]*\])?\.(?:minified_)?json\s*\}?")
_HOLE = re.compile(r"\$\{([^{}]{0,500})\}")
_ANYBODY = frozenset({"aws:securetransport", "aws:requestedregion", "s3:tlsversion", "aws:currenttime"})
"""Keys of conditions that are no matter of who asks."""
_ALL_ADDRESSES = frozenset({"0.0.0.0/0", "::/0", "*"})
_LOCAL = re.compile(r"(?:\$\{\s*)?local\.([\w-]+)\s*\}?")
_IF = ("!If", "Fn::If")
_NOTHING = "AWS::NoValue"


class Condition(NamedTuple):
    """One condition of a statement: its key in lower case, its values, and how they are compared."""

    key: str
    values: tuple[str, ...]
    operator: str = ""
    """In lower case; empty where the condition is an expression that is not known."""

    @property
    def of_who(self) -> bool:
        """Whether it is about who asks, or from where."""
        return self.key not in _ANYBODY and not _ALL_ADDRESSES.intersection(self.values)

    @property
    def negated(self) -> bool:
        """Whether it holds for all but its values."""
        refused = self.operator.startswith("bool") and {value.lower() for value in self.values} == {"false"}
        return "not" in self.operator or refused

    @property
    def lenient(self) -> bool:
        """Whether it also holds for who has nothing under its key, or for whoever has anything."""
        return self.operator.endswith("ifexists") or self.operator.startswith(("forallvalues:", "null"))


@dataclass(frozen=True)
class Statement:
    """
    One statement: what it allows or denies, to whom, on what, and when.

    Args:
        allows: Allow, or Deny.
        principals: Whom it names, as (kind, name); ``("", "*")`` and ``("AWS", "*")`` are everyone.
        others: Whom it leaves out, where it is about all but those.
        actions: What may be done.
        but: The actions that it leaves out, where it is about all but those.
        resources: On what.
        spared: What it leaves out, where it is about all resources but those.
        conditions: When, all of them together.
    """

    allows: bool
    principals: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    actions: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    id: str = ""

    @property
    def everyone(self) -> bool:
        """Whether it is about any principal there is."""
        return bool(self.others) or any(name == "*" and kind in ("", "*", "AWS") for kind, name in self.principals)

    @property
    def limited(self) -> bool:
        """Whether one of its conditions asks for somebody, or a place, by name; all but somebody is everyone else."""
        return any(c.of_who and not c.negated and not c.lenient for c in self.conditions)

    @property
    def of_others(self) -> bool:
        """Whether its conditions hold for everyone but those whom it names; without any it holds for all."""
        return all(c.of_who and (c.negated or c.operator in ("", "null")) for c in self.conditions)

    @property
    def everywhere(self) -> bool:
        """Whether it is about every resource, or all but some, none of which has to carry a tag of its own."""
        every = "*" in self.resources or (self.spared and "*" not in self.spared)
        return bool(every) and not any("resourcetag" in c.key for c in self.conditions)

    def wide(self, narrow: Collection[str] = ()) -> str:
        """What it allows too much of on every resource; every action of *narrow* services is not too much."""
        if not self.allows or not self.everywhere:
            return ""
        if self.but and "*" not in self.but:
            return f"every action but {', '.join(self.but[:3])}"
        if not {"*", "*:*"}.isdisjoint(self.actions):
            return "every action"
        services = [a for a in self.actions if a.endswith(":*") and a.partition(":")[0].lower() not in narrow]
        return ", ".join(services[:4])

    def covers(self, other: Statement) -> bool:
        """Whether it is about every action and resource that *other* is about."""
        actions = bool(other.actions) and all(_within(action, self.actions, self.but) for action in other.actions)
        resources = all(_within(resource, self.resources, self.spared) for resource in other.resources)
        return actions and resources and not other.spared


@dataclass(frozen=True)
class AccessPolicy:
    """The statements of one policy, and whether all of it was understood."""

    at: Source
    statements: tuple[Statement, ...]
    understood: bool = True

    @property
    def open(self) -> Statement | None:
        """A statement that lets everyone in, and that no other takes back for those from outside."""
        open_ = (s for s in self.statements if s.allows and s.everyone and not s.limited)
        return next((s for s in open_ if not any(_takes_back(other, s) for other in self.statements)), None)


def access_policies(block: Block, infrastructure: Infrastructure, *keys: str) -> Iterator[AccessPolicy]:
    """
    The policies that *block* has under *keys*.

    Each is a mapping, JSON as text, ``jsonencode`` of an expression, or the name of a policy document; of anything else
    nothing is understood. What it says for an expression that is not known is that expression, as text.
    """
    for key in keys:
        value = block.get(key)
        if value is not None:
            yield access_policy(value, block.at(key), block, infrastructure)


def statements_of(body: Any) -> tuple[tuple[Statement, ...], bool]:
    """The statements of a policy as JSON has it, and whether all of them were understood."""
    written = body.get("Statement") if isinstance(body, dict) else None
    each = [one for choice in (written if isinstance(written, list) else [written]) for one in _chosen(choice, 0)]
    found = [_statement(one) for one in each[:_MOST_STATEMENTS]]
    kept = tuple(one for one in found if one is not None)
    return kept, len(kept) == len(each)


def access_policy(value: Any, at: Source, block: Block, infrastructure: Infrastructure) -> AccessPolicy:
    """The policy that *value*, which stands in *block*, is or names; see :func:`access_policies`."""
    value = _settled(value, block, infrastructure)
    text = value.strip() if isinstance(value, str) else ""
    named = _DOCUMENT.fullmatch(text)
    if named:
        documents = _documents(named[1], block, infrastructure)
        policies = [_of_document(document, infrastructure, frozenset()) for document in documents]
        statements = tuple(statement for policy in policies for statement in policy.statements)
        return AccessPolicy(at, statements, bool(policies) and all(policy.understood for policy in policies))
    statements, understood = statements_of(_body(value, block, infrastructure))
    return AccessPolicy(at, statements, understood)


def _settled(value: Any, block: Block, infrastructure: Infrastructure) -> Any:
    """What *value* stands for, where it is the name of a local of its folder, or of one after the other."""
    for _ in range(_MAX_DEPTH):
        named = _LOCAL.fullmatch(value.strip()) if isinstance(value, str) and len(value) < _MAX_NAME else None
        if named is None:
            return value
        folder = posixpath.dirname(block.path)
        beside = [b for b in infrastructure.of_kind("locals") if posixpath.dirname(b.path) == folder]
        value = next((b.get(named[1]) for b in beside if b.get(named[1]) is not None), None)
    return None


def _chosen(statement: Any, depth: int) -> Iterator[Any]:
    """
    A statement, or those between which a condition of a template chooses.

    Any of them can be in force; that a denial is cannot be relied on, so it is left out.
    """
    key = next((key for key in _IF if isinstance(statement, dict) and key in statement), "")
    ways = statement.get(key) if key else None
    if not isinstance(ways, list) or depth > _MAX_DEPTH:
        if not depth or str(statement.get("Effect") if isinstance(statement, dict) else "").lower() != "deny":
            yield statement
        return
    for way in ways[1:3]:
        if not (isinstance(way, dict) and _NOTHING in (way.get("!Ref"), way.get("Ref"))):
            yield from _chosen(way, depth + 1)


def _documents(label: str, block: Block, infrastructure: Infrastructure) -> list[Block]:
    """The documents called *label* beside *block*."""
    folder = posixpath.dirname(block.path)
    found = infrastructure.labelled("data", label)
    return [d for d in found if d.type == "aws_iam_policy_document" and posixpath.dirname(d.path) == folder]


def _of_document(block: Block, infrastructure: Infrastructure, seen: frozenset[str]) -> AccessPolicy:
    found: list[Statement] = []
    understood = True
    for key in ("source_policy_documents", "source_json", "override_policy_documents", "override_json"):
        value = block.get(key)
        for text in value if isinstance(value, list) else [value] if value is not None else []:
            named = _DOCUMENT.fullmatch(str(text).strip())
            if named and named[1] not in seen and len(seen) < _MAX_DEPTH:
                others = _documents(named[1], block, infrastructure)
                parts = [_of_document(other, infrastructure, seen | {block.label}) for other in others]
            else:
                parts = [access_policy(text, block.at(key), block, infrastructure)] if not named else []
            understood &= bool(parts) and all(part.understood for part in parts)
            found = _merged(found, [s for part in parts for s in part.statements], key.startswith("override"))
    own = [policy_statement(statement) for statement in block.nested("statement")[:_MOST_STATEMENTS]]
    found = _merged(own, found, True) if any(key.startswith("override") for key in block.body) else [*found, *own]
    return AccessPolicy(block.at(), tuple(found[:_MOST_STATEMENTS]), understood)


def _merged(first: list[Statement], later: list[Statement], replace: bool) -> list[Statement]:
    """All of them; where they *replace*, those of *first* are gone whose id a later one has."""
    ids = {statement.id for statement in later if statement.id} if replace else set()
    return [*(statement for statement in first if statement.id not in ids), *later]


def policy_statement(body: Mapping[str, Any]) -> Statement:
    """A ``statement`` block of a policy document."""
    conditions = [
        Condition(str(one.get("variable")).lower(), tuple(_texts(one.get("values"))), str(one.get("test")).lower())
        for one in _blocks(body, "condition")
    ]
    return Statement(
        allows=str(body.get("effect", "Allow")).lower() != "deny",
        principals=tuple(_of_blocks(body, "principals")),
        others=tuple(_of_blocks(body, "not_principals")),
        actions=tuple(_texts(body.get("actions"))),
        but=tuple(_texts(body.get("not_actions"))),
        resources=tuple(_texts(body.get("resources"))),
        spared=tuple(_texts(body.get("not_resources"))),
        conditions=tuple(conditions),
        id=str(body.get("sid") or ""),
    )


def _of_blocks(body: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    for one in _blocks(body, name):
        kind = str(one.get("type", ""))
        yield from ((kind, identifier) for identifier in _texts(one.get("identifiers")))


def _blocks(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = body.get(name)
    each = value if isinstance(value, list) else [value]
    return [one for one in each if isinstance(one, dict)]


def _statement(body: Any) -> Statement | None:
    """A statement as JSON has it; None where it is none."""
    if not isinstance(body, dict):
        return None
    given = {str(key).lower(): value for key, value in body.items()}
    return Statement(
        allows=str(given.get("effect", "")).lower() != "deny",
        principals=tuple(_names(given.get("principal"))),
        others=tuple(_names(given.get("notprincipal"))),
        actions=tuple(_texts(given.get("action"))),
        but=tuple(_texts(given.get("notaction"))),
        resources=tuple(_texts(given.get("resource"))),
        spared=tuple(_texts(given.get("notresource"))),
        conditions=tuple(_conditions(given.get("condition"))),
        id=str(given.get("sid") or ""),
    )


def _names(value: Any) -> Iterator[tuple[str, str]]:
    """Principals: a text, a list of texts, or mappings of kind to either."""
    if isinstance(value, dict) and not _is_function(value):
        for kind, names in value.items():
            yield from ((str(kind), name) for name in _texts(names))
    else:
        yield from (("", name) for name in _texts(value))


def _conditions(value: Any) -> Iterator[Condition]:
    if value is not None and not isinstance(value, dict):
        yield Condition(str(value)[:200].lower(), ())
    for operator, compared in value.items() if isinstance(value, dict) else ():
        if isinstance(compared, dict):
            for key, wanted in compared.items():
                texts = tuple(str(text).lower() if isinstance(wanted, bool) else text for text in _texts(wanted))
                yield Condition(str(key).lower(), texts, str(operator).lower())
        else:
            yield Condition(str(compared)[:200].lower(), ())


def _texts(value: Any) -> list[str]:
    """The texts in *value*; what a function gives stands as it is written."""
    if isinstance(value, list):
        return [text for one in value[:_MOST_STATEMENTS] for text in _texts(one)]
    return [] if value is None else [str(value)]


def _is_function(value: dict[Any, Any]) -> bool:
    return len(value) == 1 and str(next(iter(value))).startswith(("!", "Fn::", "Ref"))


def _takes_back(other: Statement, statement: Statement) -> bool:
    """Whether *other* denies to all from outside what *statement* allows to everyone."""
    return not other.allows and other.everyone and other.of_others and other.covers(statement)


def _within(name: str, patterns: Collection[str], but: Collection[str]) -> bool:
    """Whether *name* is all within *patterns*, or, where something is left out, all outside that."""
    if but:
        return not any(_matches(pattern, name) or _matches(name, pattern) for pattern in but)
    return any(_matches(pattern, name) for pattern in patterns)


def _matches(pattern: str, name: str) -> bool:
    """Whether *pattern*, with ``*`` for anything, covers all that *name* is about."""
    first, *parts = pattern.lower().split("*")
    name = name.lower()
    if not parts or not name.startswith(first) or len(name) > _MAX_NAME:
        return name == first and not parts
    at = len(first)
    for part in parts[:-1]:
        at = name.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(name) - at >= len(parts[-1]) and name.endswith(parts[-1])


def _body(value: Any, block: Block, infrastructure: Infrastructure) -> Any:
    """A policy as a mapping: as it is, from JSON, or from an expression that makes JSON; None where it is neither."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        return None
    if value.lstrip().startswith("{"):
        try:
            return json.loads(_HOLE.sub(_harmless, value))
        except (ValueError, RecursionError):
            return None
    tree = parse(Expression(value))
    if isinstance(tree, Call) and tree.name == "jsonencode" and len(tree.arguments) == 1:
        named = _as_value(tree.arguments[0], 0)
        inner = _settled(named, block, infrastructure)
        return _encoded(inner) if inner is not named else named
    return None


def _encoded(value: Any) -> Any:
    """The mapping that a local is: as it is, or from the expression that makes it."""
    return _as_value(parse(Expression(value)), 0) if isinstance(value, str) and len(value) <= _MAX_TEXT else value


def _harmless(hole: re.Match[str]) -> str:
    """An expression inside a text of JSON, without what would end that text."""
    return "${" + re.sub(r"[\"\\\n\r\t]", "'", hole[1]) + "}"


def _as_value(tree: Tree, depth: int) -> Any:
    """A literal as it stands; anything else as a text that nobody takes for a name."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, Elements):
        return [_as_value(part, depth + 1) for part in tree.parts]
    if isinstance(tree, Entries):
        return {str(_as_value(key, depth + 1)): _as_value(value, depth + 1) for key, value in tree.pairs}
    if isinstance(tree, Text):
        return "".join(str(_as_value(part, depth + 1)) for part in tree.parts)
    return f"${{{_said(tree, depth)}}}"


def _said(tree: Tree, depth: int) -> str:
    """A reference as it was written; of other expressions only that they are some."""
    if isinstance(tree, Name):
        return tree.text
    if isinstance(tree, Step) and isinstance(tree.key, Literal) and depth < _MAX_DEPTH:
        return f"{_said(tree.of, depth + 1)}.{tree.key.value}"
    return "…"
