"""Tells which strings of a program only tell of what they contain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ....host.late import late
from ..._phrases import is_about_code, searched_for
from ..force import IN_FORCE, Force, void
from .names import Names
from .syntax import Step, Syntax, named, part

if TYPE_CHECKING:
    from tree_sitter import Node

TOLD = void("stands in a string that only tells")
CODE = void("stands in a string that holds code as text")
_ABOUT = late(
    r"(?:^|_|(?<=[a-z]))(?:messages?|remed(?:y|ies)|description|help|help_?text|hint|tool_?tip|title|usage|examples?|docs?|"
    r"documentation|epilog|summary|placeholder|readme|snippets?|notes?|comments?|moduledoc|shortdoc|label)$",
    re.IGNORECASE,
)
"""Names of variables, keys and arguments that hold sentences for people."""
_TELLS = late(
    r"(?:^|[.>:])(?:print(?:ln|f)?|puts|echo|log|debug|info|warn(?:ing)?|error|fatal|trace|write_?line|say|"
    r"Print(?:ln|f)?|Sprintf|Errorf|New|Error|Exception|\w+Error|\w+Exception|fail|alert|notice|print_r|describe|it|test)[!?]?$",
    re.IGNORECASE,
)
"""What is called with texts for people to read."""
_RUNS = late(
    r"(?:eval|exec|execute|system|spawn|query|raw|command|run|sh|shell|script|render|compile|template|evaluate|"
    r"instance_eval|class_eval|sql|gql|graphql|html|css|popen|check_output|Function)\w{0,12}$",
    re.IGNORECASE,
)
"""What makes something of the text that it is called with."""
_STATEMENT = late(
    r"^\s*(?:(?:import|export|const|let|var|val|def|func|fn|fun|function|class|package|using|require|include|return|public|private)"
    r"\s+[\w\"'({]|from\s+[\w.\"']+\s+import|@\w+[\s(]|(?:if|for|while)\s?\(|[\w.$>:@-]+(?:,\s?[\w.$]{1,40}){0,6}(?:\(.*\)|\s(?:=|:=|\+=)\s\S.*)[\s;{}]*$|"
    r"(?![A-Z_]+\()[\w$]+(?:(?:\.|->|::)\w+)*\((?:[^)]*$|[^)]*\)+[\s;.{]))"
)
"""A line of a program, whatever it is written in."""
_OTHER_TONGUE = late(
    r"\s*(?:select|insert|update|delete|create|alter|drop|grant|revoke|truncate|with|begin|set|copy|merge|vacuum|analyze|"
    r"query|mutation|fragment|subscription|explain|lock|comment|do|call|exec)\b|\s*[<{\[#%]",
    re.IGNORECASE,
)
"""How SQL, GraphQL, markup and data begin, which are strings in most programs that use them."""
_NAMES_TEXT = {
    "variable_declarator": "name",
    "assignment": "left",
    "assignment_expression": "left",
    "binary_operator": "left",
    "const_item": "name",
    "static_item": "name",
    "let_declaration": "pattern",
    "property_declaration": "",
}
"""What gives a text to a name, by its type, and the field of the name; the first part where there is none."""
_OF_ONE_FILE = frozenset(
    {
        "binary_operator",
        "const_item",
        "field_declaration",
        "let_declaration",
        "local_declaration_statement",
        "property_declaration",
        "static_item",
    }
)
"""What gives a name that no other file can say, where it is not open."""
_MODIFIED = frozenset({"field_declaration", "property_declaration", "const_item", "static_item"})
"""What others can read unless it is said that they cannot, or the other way round in Rust."""
_SHELL_TELLS = frozenset({"echo", "printf", ":", "read", "usage", "log", "die", "info", "warn", "error"})
_SHELL_READS = frozenset({"cat", ":", "echo", "read"})


class Strings:
    """
    The strings of one file.

    Args:
        syntax: The file.
        names: Its names.
    """

    def __init__(self, syntax: Syntax, names: Names) -> None:
        self._syntax = syntax
        self._names = names
        self._known: dict[int, Force] = {}

    def of(self, way: list[Step], place: int, end: int) -> Force:
        """What is to be said of a match that begins at *place*, to which *way* leads, because it stands in a string."""
        grammar = self._syntax.grammar
        at = innermost(way, grammar.strings, grammar.inserts)
        if at is None:
            return IN_FORCE
        node = way[at].node
        if node.id not in self._known:
            self._known[node.id] = self._of(way, at)
        if not self._known[node.id]:
            return self._known[node.id]
        return self._of_code(way, at, place, end)

    def _of(self, way: list[Step], at: int) -> Force:
        """What is to be said of all that stands in the string at step *at*."""
        grammar, node = self._syntax.grammar, way[at].node
        above = way[at - 1].node if at else node
        if grammar.module == "tree_sitter_bash":
            return self._of_shell(way, at)
        if above.type == "expression_statement" and above.named_child_count == 1:
            return TOLD if len(self._inside(node)) > 20 else IN_FORCE  # "use strict" and its like are short
        if above.type in grammar.blocks and above.type not in ("program", "source_file"):
            last = named(above, -1)
            if node.type != "heredoc_body" and not (grammar.last_is_value and last is not None and last.id == node.id):
                return TOLD
        for step, under in zip(
            reversed(way[max(0, at - 3) : at]), reversed(way[max(1, at - 2) : at + 1]), strict=False
        ):
            if step.type in grammar.calls and not self._is_about_macro(step.node):
                break
            if (step.type in grammar.values or self._is_about_macro(step.node)) and self._is_about(
                step.node, under.node
            ):
                return TOLD
        if not (force := self._of_unread(way, at)):
            return force
        text = self._inside(node)
        if is_about_code(text) and not _OTHER_TONGUE.match(text):
            return TOLD
        if above.type in ("array", "array_literal", "argument_list") and above.type != "argument_list":
            texts = [self._inside(child) for child in above.named_children[:40] if child.type in grammar.strings]
            if searched_for(texts):
                return TOLD
        return IN_FORCE

    def _of_unread(self, way: list[Step], at: int) -> Force:
        """What is to be said of a text of several lines that is given to a name, because of who reads that."""
        node = way[at].node
        if node.start_point[0] == node.end_point[0]:
            return IN_FORCE
        holder = way[at - 1].node
        if node.type == "heredoc_body":
            before = node.prev_named_sibling
            right = part(before, "right") if before is not None else None
            if before is None or right is None or right.type != "heredoc_beginning":
                return IN_FORCE
            holder = before
        name = self._name_of_text(holder)
        if name is None:
            return IN_FORCE
        spelled = self._syntax.text(name, 80)
        if self._is_open(way, holder) or any(
            not name.start_byte <= place < name.end_byte and not self._ends_text(place)
            for place in self._names.places(spelled) or (-1,)
        ):
            return IN_FORCE
        elsewhere = "" if spelled.startswith("$") or any(step.type in _OF_ONE_FILE for step in way) else spelled
        return void(f"is part of the text {spelled}, which nothing reads", elsewhere)

    def _name_of_text(self, holder: Node) -> Node | None:
        """The name that *holder* gives a text to, if that is all it does."""
        if holder.type not in _NAMES_TEXT:
            return None
        operator = holder.child_by_field_name("operator")
        if operator is not None and self._syntax.text(operator, 3) != "=":
            return None
        field = _NAMES_TEXT[holder.type]
        name = (
            part(holder, field) if field else next((c for c in holder.named_children if "modifier" not in c.type), None)
        )
        if name is not None and name.type == "variable_declaration":
            name = named(name, 0)
        return name if name is not None and name.type in ("identifier", "constant", "variable_name") else None

    def _is_open(self, way: list[Step], holder: Node) -> bool:
        """Whether others than those who say the name can read it."""
        if holder.parent is None or any(step.type == "export_statement" for step in way):
            return True
        kept = next((step.node for step in reversed(way) if step.type in _MODIFIED), None)
        if kept is None:
            return False
        modifiers = " ".join(self._syntax.text(c, 80) for c in kept.named_children if "modifier" in c.type)
        if self._syntax.grammar.module == "tree_sitter_rust":
            return bool(modifiers)
        within = any(step.type in self._syntax.grammar.functions for step in way)
        return "private" not in modifiers.split() and not within

    def _ends_text(self, place: int) -> bool:
        """Whether a word at *place* only says where a text begins or ends."""
        return place >= 0 and self._syntax.way(place)[-1].node.type in ("heredoc_beginning", "heredoc_end")

    def _is_about(self, node: Node, value: Node) -> bool:
        """Whether *node* gives *value* to a name of something that people read."""
        name = part(node, "name", "key", "left", "pattern", "property", "target") or named(node, 0)
        if name is None or name.id == value.id:
            return False
        return _ABOUT.search(self._syntax.text(name, 80).strip("\"' :@$")) is not None

    def _is_about_macro(self, node: Node) -> bool:
        """Whether *node* is a call by which Elixir documents."""
        target = node.child_by_field_name("target") if node.type == "call" else None
        return target is not None and self._syntax.text(target) in ("moduledoc", "doc", "shortdoc", "typedoc")

    def _of_code(self, way: list[Step], at: int, place: int, end: int) -> Force:
        """What is to be said of a match that names code and stands in a string."""
        node = way[at].node
        data = self._syntax.data
        if end > node.end_byte or node.end_byte - node.start_byte < 8:
            return IN_FORCE
        text = self._inside(node)
        if _OTHER_TONGUE.match(text):
            return IN_FORCE
        line = data[max(node.start_byte, data.rfind(b"\n", 0, place) + 1) : min(node.end_byte, _line_end(data, end))]
        if not _STATEMENT.search(line.decode("utf-8", "replace").strip("\"'`")):
            return IN_FORCE
        call = self._called_with(way, at)
        if call is None or _TELLS.search(call):
            return CODE
        return CODE if b"\n" in data[node.start_byte : node.end_byte] and not _RUNS.search(call) else IN_FORCE

    def _called_with(self, way: list[Step], at: int) -> str | None:
        """The name of what is called with the string at step *at*, directly or in a list; None where nothing is."""
        grammar = self._syntax.grammar
        for step in reversed(way[max(0, at - 4) : at]):
            node = step.node
            if node.type in grammar.calls or node.type.endswith(("annotation", "attribute", "decorator")):
                return re.split(r"[(\s{`]", self._syntax.text(node, 120), maxsplit=1)[0]
            if node.type in grammar.values | grammar.sets | grammar.functions or "return" in node.type:
                return None
        return None

    def _of_shell(self, way: list[Step], at: int) -> Force:
        """What is to be said of a string or a text that is handed to a command of a shell."""
        node = way[at].node
        above = way[at - 1].node
        if node.type == "heredoc_body":
            redirected = next((step.node for step in reversed(way[:at]) if step.type == "redirected_statement"), None)
            body = part(redirected, "body") if redirected is not None else None
            if redirected is None or body is None:
                return IN_FORCE
            name = self._syntax.text(body, 40).split()[0]
            goes_on = any(
                child.type in ("file_redirect", "pipeline")
                for child in [*redirected.named_children, *above.named_children]
            )
            piped = any(step.type == "pipeline" for step in way[:at])
            return TOLD if name == ":" or (name in _SHELL_READS and not goes_on and not piped) else IN_FORCE
        if above.type == "variable_assignment" or above.type != "command":
            variable = part(above, "name")
            told = variable is not None and _ABOUT.search(self._syntax.text(variable, 80))
            return TOLD if told else IN_FORCE
        name = self._syntax.text(above, 40).split()[0]
        around = {step.type for step in way[max(0, at - 3) : at]}
        return (
            TOLD
            if name in _SHELL_TELLS and around.isdisjoint({"pipeline", "redirected_statement", "command_substitution"})
            else IN_FORCE
        )

    def _inside(self, node: Node) -> str:
        return self._syntax.text(node, 20_100).strip("rRuUbBfF@$").strip("\"'`").strip()


def innermost(way: list[Step], strings: frozenset[str], inserts: frozenset[str]) -> int | None:
    """The step at which the string begins that a way ends in, if it does."""
    found = None
    for at, step in enumerate(way):
        if step.type in inserts:
            found = None
        elif found is None and step.node.is_named and step.type in strings:
            found = at
    return found


def _line_end(data: bytes, place: int) -> int:
    end = data.find(b"\n", place)
    return end if end >= 0 else len(data)
