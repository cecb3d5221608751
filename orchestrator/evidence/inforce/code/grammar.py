"""What is to be known of a language's syntax tree so that one way of reading does for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...parsing import loaded

if TYPE_CHECKING:
    from tree_sitter import Language

Types = frozenset[str]


@dataclass(frozen=True)
class Grammar:
    """
    The types of nodes that matter, as the grammar of a language calls them.

    Args:
        module: The package that has the grammar, of those called ``tree_sitter_…``.
        entry: The function in it that gives the language.
        comments: Comments, and what lies behind the end of a program.
        strings: Literals that hold text, the whole of them.
        inserts: Code within such text.
        blocks: Nodes whose children run one after the other.
        leaves: Statements that leave their block.
        handlers: What runs all the same in a block that was left.
        functions: What runs only when it is called.
        declared: Those of them, and classes, that have a name by which they are called.
        holders: Assignments; one of a function gives it the name by which it is called.
        closed: Words before a declaration that keep its name within the file; none where all names are, and ``*``
            where that is so of every name.
        ifs: Branches and loops with a condition: what follows it depends on it.
        unless: Those of them that ask for the opposite.
        elses: What runs when the condition does not hold.
        shorts: Expressions that go on to their right side only if the left one allows it.
        calls: Calls.
        sets: Assignments.
        values: What gives a name, a key or an argument its value.
        falsy: What counts as false besides ``false``.
        last_is_value: Whether the last expression of a block is what it returns.
    """

    module: str
    entry: str = "language"
    comments: Types = frozenset({"comment"})
    strings: Types = frozenset({"string"})
    inserts: Types = frozenset({"interpolation"})
    blocks: Types = frozenset({"block"})
    leaves: Types = frozenset()
    handlers: Types = frozenset()
    functions: Types = frozenset()
    declared: Types = frozenset()
    holders: Types = frozenset()
    closed: Types = frozenset()
    ifs: Types = frozenset()
    unless: Types = frozenset()
    elses: Types = frozenset({"else_clause"})
    shorts: Types = frozenset({"binary_expression"})
    calls: Types = frozenset({"call_expression"})
    sets: Types = frozenset({"assignment_expression"})
    values: Types = frozenset()
    falsy: Types = frozenset()
    last_is_value: bool = False

    @property
    def language(self) -> Language:
        """The grammar itself, loaded when it is first asked for."""
        return loaded(self.module, self.entry)
