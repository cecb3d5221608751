"""Tells which statements of an SQL text are undone by a later one of the same text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ...formats.sql import Statement
from ...host.late import late

_MOST_WORDS = 60
_MOST_BEFORE = 200
"""So many statements about one thing are looked back at."""
_NAME = r'[\w."`$-]+(?: \. [\w."`$-]+)*'
_KINDS = "table|trigger|index|function|procedure|policy|materialized view|view|role|user|event|schema|database|type"
_CREATED = late(
    rf"create (?:or replace |unique |global |local |temporary |temp |unlogged |constraint ){{0,4}}({_KINDS}) "
    rf"(?:concurrently )?(?:if not exists )?({_NAME})"
)
_DROPPED = late(rf"drop ({_KINDS}) (?:concurrently )?(?:if exists )?({_NAME}(?: , {_NAME})*)")
_ALTERED = late(rf"alter table (?:if exists )?(?:only )?({_NAME}) (.*)")
_ON = late(rf" on (?:table )?(?:only )?({_NAME})")
_GRANTED = late(rf"(grant|revoke) (?:grant option for )?(.+?) on (?:table )?({_NAME}) (?:to|from) ({_NAME})")
_PARAMETERS = late(r"(set|reset) \( (.+?) \)")
_SWITCHED = late(r"(enable|disable|force|no force) (?:always |replica )?(trigger \S+|rule \S+|row level security)")
_ENDS = {"enable": "disable", "disable": "enable", "force": "no force", "no force": "force"}
_ON_A_TABLE = frozenset({"index", "trigger", "policy"})


@dataclass(frozen=True)
class _Said:
    """
    What a statement does, as far as another can undo it.

    Args:
        verb: ``create``, ``drop``, ``set``, ``reset``, a word that switches something, ``grant`` or ``revoke``.
        kind: Of what is made or dropped.
        names: Of that.
        table: The table that it is about, and that takes it along when it is dropped.
        parts: What is set, switched, granted or revoked.
        whom: Whoever it is granted to or revoked from.
    """

    verb: str
    kind: str = ""
    names: frozenset[str] = frozenset()
    table: str = ""
    parts: frozenset[str] = frozenset()
    whom: str = ""

    @property
    def about(self) -> set[str]:
        return {*self.names, self.table} - {""}


def undone(statements: Sequence[Statement]) -> dict[int, str]:
    """The places of the statements of which nothing is left at the end, each with the reason."""
    found: dict[int, str] = {}
    before: dict[str, list[tuple[int, _Said]]] = defaultdict(list)
    for number, statement in enumerate(statements):
        later = _said(" ".join(token.text[:200].lower() for token in statement.tokens[:_MOST_WORDS]))
        if later is None:
            continue
        for name in sorted(later.about):
            for place, earlier in before[name][-_MOST_BEFORE:]:
                if place not in found and (reason := _takes_back(later, earlier)):
                    found[place] = reason
            before[name].append((number, later))
    return found


def _said(text: str) -> _Said | None:
    """The statement *text*; None where it does nothing that is taken back."""
    if created := _CREATED.match(text):
        kind = created[1]
        return _Said("create", kind, frozenset({_plain(created[2])}), _on(text) if kind in _ON_A_TABLE else "")
    if dropped := _DROPPED.match(text):
        return _Said("drop", dropped[1], frozenset(map(_plain, dropped[2].split(" , "))), _on(text))
    if given := _GRANTED.match(text):
        return _Said(given[1], table=_plain(given[3]), parts=_listed(given[2]), whom=_plain(given[4]))
    if altered := _ALTERED.match(text):
        table = _plain(altered[1])
        if parameters := _PARAMETERS.match(altered[2]):
            parts = {part.partition("=")[0].strip() for part in _listed(parameters[2])}
            return _Said(parameters[1], table=table, parts=frozenset(parts))
        if switched := _SWITCHED.match(altered[2]):
            return _Said(switched[1], table=table, parts=frozenset({switched[2]}))
        return _Said("alter", table=table)
    return None


def _takes_back(later: _Said, earlier: _Said) -> str:
    """Why nothing of *earlier* is left after *later*; nothing where some of it is."""
    if later.verb == "drop":
        made = earlier.verb == "create" and earlier.kind == later.kind and earlier.names & later.names
        same = made and (not later.table or not earlier.table or later.table == earlier.table)
        along = later.kind == "table" and earlier.table in later.names
        return "is dropped again further down" if same or along else ""
    if later.table != earlier.table:
        return ""
    if later.verb == "disable" and earlier.verb == "create" and earlier.kind == "trigger":
        off = {f"trigger {name}" for name in (*earlier.names, "all", "user")} & later.parts
        return "is disabled further down" if off else ""
    back = (
        (later.verb == "reset" and earlier.verb == "set" and earlier.parts <= later.parts)
        or (_ENDS.get(later.verb) == earlier.verb and later.parts == earlier.parts)
        or ({later.verb, earlier.verb} == {"grant", "revoke"} and _is_reversed(later, earlier))
    )
    return "is taken back further down" if back else ""


def _is_reversed(later: _Said, earlier: _Said) -> bool:
    """Whether a grant gives back some of what was revoked, or a revocation takes all that was granted."""
    if later.whom != earlier.whom:
        return False
    if any(part.startswith("all") for part in later.parts):
        return True
    return bool(later.parts & earlier.parts) if later.verb == "grant" else earlier.parts <= later.parts


def _listed(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(","))


def _on(statement: str) -> str:
    found = _ON.search(statement)
    return _plain(found[1]) if found else ""


def _plain(name: str) -> str:
    """A name without its quotes and the schema that everybody has."""
    return name.replace(" ", "").replace('"', "").replace("`", "").removeprefix("public.")
