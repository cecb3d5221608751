"""Reads the expressions of a program in JavaScript, Ruby, Java, Kotlin, Go, PHP or C# from its syntax tree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING

from ..inforce.code.syntax import Syntax, named, part
from .formatting import formatted
from .terms import (
    Call,
    Either,
    Given,
    Guard,
    Joined,
    Listed,
    Made,
    Name,
    Other,
    Part,
    Plain,
    Program,
    Scope,
    Term,
    Text,
)

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Query

_DEEP = 60
_CALLS = frozenset({
    "call_expression", "invocation_expression", "call", "function_call_expression", "scoped_call_expression",
    "member_call_expression", "nullsafe_member_call_expression", "method_invocation", "object_creation_expression",
    "new_expression",
})  # fmt: skip
_FUNCTIONS = frozenset({
    "function_declaration", "function_definition", "method_declaration", "method_definition", "method",
    "singleton_method", "arrow_function", "function_expression", "generator_function_declaration", "func_literal",
    "anonymous_function", "lambda_expression", "lambda_literal", "local_function_statement", "constructor_declaration",
    "lambda", "block", "do_block",
})  # fmt: skip
_DECLARED = frozenset({"function_declaration", "function_definition", "generator_function_declaration"})
_STRINGS = frozenset({
    "string", "template_string", "encapsed_string", "string_literal", "verbatim_string_literal", "raw_string_literal",
    "heredoc", "nowdoc", "interpolated_string_expression", "interpreted_string_literal", "multiline_string_literal",
    "heredoc_body", "subshell", "shell_command_expression", "bare_string",
})  # fmt: skip
_INSERTS = frozenset({"template_substitution", "interpolation"})
_BRACES = frozenset(
    {"interpolation_brace", "interpolation_start", "interpolation_quote", "heredoc_end", "heredoc_start"}
)
_PLAIN = frozenset({
    "number", "integer", "integer_literal", "float", "real_literal", "number_literal", "int_literal", "float_literal",
    "decimal_integer_literal", "true", "false", "null", "nil", "undefined", "boolean", "boolean_literal",
    "null_literal", "simple_symbol", "character_literal", "unary_expression", "update_expression", "regex",
})  # fmt: skip
_NAMES = frozenset({
    "identifier", "constant", "variable_name", "name", "instance_variable", "global_variable", "class_variable",
    "type_identifier", "field_identifier", "property_identifier", "this", "self", "qualified_name",
    "private_property_identifier",
})  # fmt: skip
_AROUND = frozenset({
    "parenthesized_expression", "await_expression", "non_null_expression", "as_expression", "satisfies_expression",
    "expression_list", "argument", "value_argument", "spread_element", "cast_expression", "parenthesized_statements",
    "return_statement", "variadic_unpacking", "postfix_unary_expression", "prefix_unary_expression",
    "splat_argument", "expression_statement",
})  # fmt: skip
_LISTS = frozenset({
    "array", "object", "hash", "array_creation_expression", "collection_expression", "initializer_expression",
    "composite_literal", "literal_value", "literal_element", "array_element_initializer", "keyed_element",
})  # fmt: skip
_CHOICES = frozenset({"ternary_expression", "conditional_expression", "conditional"})
_IFS = frozenset({
    "if_statement", "if", "unless", "if_modifier", "unless_modifier", "if_expression", "ternary_expression",
    "conditional_expression", "conditional", "when_entry", "while_statement", "elsif",
})  # fmt: skip
_GIVES = frozenset({
    "variable_declarator", "assignment_expression", "assignment", "short_var_declaration", "var_spec", "const_spec",
    "assignment_statement", "property_declaration", "public_field_definition", "const_element", "property_element",
    "augmented_assignment_expression", "operator_assignment",
})  # fmt: skip
_RUN = frozenset({"subshell", "shell_command_expression"})
_LOOKED_AT = sorted(_CALLS | _FUNCTIONS | _GIVES | _IFS | _RUN | {"binary", "binary_expression", "import_statement"})
_NUMBER = re.compile(
    r"^:?\s*\??(?:u?int\d{0,2}|integer|long|short|float\d{0,2}|double|number|bool(?:ean)?|decimal|uuid|guid)\b", re.I
)
_FROM_REQUEST = re.compile(
    r"@(?:RequestParam|PathVariable|RequestHeader|QueryParam|PathParam|CookieValue|Query|Param)\b|\[From(?:Query|Route|Header|Form)"
)
_FORMATS = frozenset({"Sprintf", "sprintf", "format", "Format", "formatted", "Errorf"})
_ADDS = frozenset({"append", "Append", "AppendLine", "AppendFormat", "WriteString", "push", "add", "Add", "concat"})
_KOTLIN = re.compile(r"\$([A-Za-z_]\w*)")
_ESCAPED = {"\\n": "\n", "\\t": " ", "\\'": "'", '\\"': '"', "\\`": "`"}


def program(syntax: Syntax, language: str, names: Collection[str], matters: Callable[[Call], bool]) -> Program:
    """
    The functions of a program, with their calls of what has one of *names*.

    Args:
        syntax: Its tree.
        language: What it is written in.
        names: What is called where a call may matter.
        matters: Whether one does; where none does nothing else is read.
    """
    return _Reading(syntax, language, names, matters).program


class _Reading:
    def __init__(self, syntax: Syntax, language: str, names: Collection[str], matters: Callable[[Call], bool]) -> None:
        self._syntax, self._language, self._names = syntax, language, names
        top = Scope()
        self.program = Program([top])
        placed: list[tuple[Node, Scope]] = []
        around: list[tuple[int, Scope]] = [(len(syntax.data) + 1, top)]
        for node in _outermost_first(syntax):
            while node.end_byte > around[-1][0]:
                around.pop()
            if (kind := node.type) in _FUNCTIONS and not (kind == "block" and language != "ruby"):
                around.append((node.end_byte, Scope(around[-1][1])))
                self.program.scopes.append(around[-1][1])
            placed.append((node, around[-1][1]))
        for node, scope in placed:
            self._look(node, scope)
        if any(matters(made.call) for scope in self.program.scopes for made in scope.calls):
            for node, scope in placed:
                self._note(node, scope)

    def _text(self, node: Node | None, most: int = 20_000) -> str:
        return self._syntax.text(node, most) if node is not None else ""

    def _function(self, node: Node, scope: Scope) -> None:
        name = part(node, "name")
        scope.name = self._text(name, 200)
        if name is not None and node.type in _DECLARED:
            self.program.defined.add(self._text(name))
        given = part(node, "parameters", "parameter")
        if given is None:
            given = next((n for n in node.named_children if n.type == "function_value_parameters"), None)
        inside = [given] if given is not None and given.type == "identifier" else given.named_children if given else []
        for parameter in inside:
            self._parameter(scope, parameter)

    def _parameter(self, scope: Scope, node: Node) -> None:
        before = node.prev_named_sibling
        about = self._text(before, 200) if before is not None and before.type == "parameter_modifiers" else ""
        text = f"{about} {self._text(node, 400)}"
        typed = part(node, "type")
        if typed is None:
            typed = next((n for n in node.named_children if n.type in ("user_type", "nullable_type")), None)
        kind = "number" if typed is not None and _NUMBER.match(self._text(typed)) else ""
        if (
            not kind
            and _FROM_REQUEST.search(text)
            and (typed is None or "String" in self._text(typed) or "string" in self._text(typed))
        ):
            kind = "input"
        place = part(node, "pattern", "name", "left")
        if place is None:
            place = node if node.type == "identifier" or node.type.endswith("pattern") else named(node, 0)
        for name in self._places(place) if place is not None else ():
            scope.parameters[name] = kind

    def _places(self, node: Node) -> list[str]:
        """The names that a pattern gives."""
        if node.type in _NAMES or node.type == "shorthand_property_identifier_pattern":
            return [self._name(node)]
        if node.type in (
            "object_pattern",
            "array_pattern",
            "expression_list",
            "left_assignment_list",
            "pair_pattern",
            "tuple_pattern",
        ):
            inside = [part(node, "value")] if node.type == "pair_pattern" else node.named_children
            return [name for child in inside if child is not None for name in self._places(child)]
        inner = part(node, "left", "name")
        return self._places(inner) if inner is not None else []

    def _name(self, node: Node) -> str:
        return self._text(node, 200).lstrip("$&")

    def _look(self, node: Node, scope: Scope) -> None:
        """Keep *node* if it is a call that may matter."""
        kind = node.type
        if kind in _RUN:
            self._keep(Call("`", None, (self.term(node),)), node, scope)
        elif kind in _CALLS:
            if self._called(node)[0] in self._names and isinstance(found := self.term(node), Call):
                self._keep(found, node, scope)
        elif kind == "binary_expression" and (tag := self._typed_tag(node)) is not None:
            self._keep(tag, node, scope)

    def _note(self, node: Node, scope: Scope) -> None:
        """Note what *node* says of names and conditions."""
        kind = node.type
        if kind in _FUNCTIONS and not (kind == "block" and self._language != "ruby"):
            self._function(node, scope)
        if kind in _GIVES or (kind == "binary" and self._operator(node) == "<<"):
            self._gives(node, scope)
        if kind in _IFS:
            condition = part(node, "condition")
            if condition is not None:
                body = self._text(node, 1_000)
                scope.guards.append(Guard(self._text(condition, 1_000), node.start_byte, node.end_byte, body))
        elif kind in _CALLS:
            self._adds(node, scope)
        elif kind == "import_statement":
            self._imports(node)

    def _imports(self, node: Node) -> None:
        source = self._text(part(node, "source")).strip("\"'")
        for word in re.findall(r"[\w$]+", self._text(node, 2_000).partition(" from ")[0]):
            self.program.imported[word] = source

    def _typed_tag(self, node: Node) -> Call | None:
        """A template whose tag names a type, ``sql<Row>`…```, which the grammar takes for a comparison."""
        left, right = part(node, "left"), part(node, "right")
        if right is None or right.type != "template_string" or left is None or self._operator(node) != ">":
            return None
        tag = self.term(part(left, "left"), 1)
        name = tag.name if isinstance(tag, Name) else tag.key if isinstance(tag, Part) else ""
        return Call(name, None, tagged=True) if name in self._names else None

    def _operator(self, node: Node) -> str:
        return self._text(part(node, "operator"), 10)

    def _gives(self, node: Node, scope: Scope) -> None:
        left, right = part(node, "left", "name", "key"), part(node, "right", "value")
        children = node.named_children
        if left is None and children:
            left = children[0]
        if right is None and len(children) > 1:
            right = children[-1]
        if left is None or right is None or left.id == right.id:
            return
        if left.type == "variable_declaration":
            left = named(left, 0) or left
        operator = self._operator(node)
        adds = operator in ("+=", ".=", "<<") or node.type in ("augmented_assignment_expression", "operator_assignment")
        if right.type == "call_expression" and "require" in self._text(right, 20):
            for name in self._places(left):
                self.program.imported[name] = self._text(right, 200).partition("(")[2].strip("\"')")
            return
        typed = part(node, "type")
        if (
            left.type == "expression_list"
            and right.type == "expression_list"
            and len(left.named_children) == len(right.named_children)
        ):
            for place, value in zip(left.named_children, right.named_children, strict=True):
                for name in self._places(place):
                    scope.gives(name, Given(node.start_byte, self.term(value), adds))
            return
        made = self.term(right)
        if typed is not None and _NUMBER.match(self._text(typed, 40)):
            made = Plain()
        if left.type == "object_pattern":
            for child in left.named_children:
                for name in self._places(child):
                    scope.gives(name, Given(node.start_byte, Part(made, self._key(child))))
            return
        for name in self._places(left):
            whole = left.type in _NAMES
            scope.gives(
                name, Given(node.start_byte, made if whole or left.type == "expression_list" else Part(made, ""), adds)
            )
        if left.type in ("member_expression", "member_access_expression", "selector_expression"):
            scope.gives(self._text(left, 200).replace("->", ".").lstrip("$"), Given(node.start_byte, made, adds))

    def _key(self, node: Node) -> str:
        return self._text(part(node, "key", "left") or node, 100)

    def _adds(self, node: Node, scope: Scope) -> None:
        name, root = self._called(node)
        if name not in _ADDS:
            return
        while root is not None and root.type in _CALLS and self._called(root)[0] in _ADDS:
            root = self._called(root)[1]
        if root is not None and root.type in _NAMES:
            for given in self._arguments(node)[:1]:
                scope.gives(self._name(root), Given(node.end_byte, self.term(given), adds=True))

    def _keep(self, call: Call, node: Node, scope: Scope) -> None:
        scope.calls.append(Made(call, node.start_point[0] + 1, node.start_byte, node.end_byte))

    def _called(self, node: Node) -> tuple[str, Node | None]:
        """The name of what is called, and what it is called on."""
        if node.type in ("object_creation_expression", "new_expression"):
            return self._text(part(node, "type", "constructor") or named(node, 0), 200).rpartition(".")[2].partition(
                "<"
            )[0], None
        function = part(node, "function")
        if function is None and node.type == "call_expression":
            function = named(node, 0)
        if function is None:
            name = part(node, "method", "name")
            return self._text(name, 200), part(node, "receiver", "object", "scope")
        if function.type == "navigation_expression":
            return self._text(named(function, -1), 200), named(function, 0)
        name = part(function, "property", "name", "field") if function.type not in _NAMES else None
        if name is None:
            return self._text(function, 200).partition("<")[0], None
        return self._text(name, 200).partition("<")[0], part(function, "object", "expression", "operand")

    def _arguments(self, node: Node) -> list[Node]:
        given = part(node, "arguments")
        if given is None:
            given = next(
                (n for n in node.named_children if n.type in ("value_arguments", "arguments", "argument_list")), None
            )
        return [n for n in given.named_children if "comment" not in n.type] if given is not None else []

    def term(self, node: Node | None, deep: int = 0) -> Term:
        """The expression *node*."""
        if node is None or deep > _DEEP:
            return Other()
        kind = node.type
        if kind in _STRINGS:
            return self._string(node, deep)
        if kind == "heredoc_beginning":
            return self._heredoc(node, deep)
        if kind in _PLAIN:
            return Plain()
        if kind in _NAMES:
            return Name(self._name(node))
        if kind in _CALLS:
            return self._call_term(node, deep)
        if kind in ("binary_expression", "binary", "concatenated_string", "chained_string"):
            return self._binary(node, deep)
        if kind in _CHOICES:
            options = [part(node, "consequence", "body"), part(node, "alternative")]
            return Either(tuple(self.term(n, deep + 1) for n in options if n is not None))
        if kind in _LISTS:
            inside = [n for n in node.named_children[:200] if not n.type.endswith("type")]
            keyed = kind in ("object", "hash") or any("pair" in n.type or n.type == "keyed_element" for n in inside)
            return Listed(tuple(self.term(self._value(n), deep + 1) for n in inside), keyed)
        if kind == "navigation_expression":
            return Part(self.term(named(node, 0), deep + 1), self._text(named(node, -1), 100))
        base = part(node, "object", "expression", "operand", "base", "scope", "value") if kind not in _AROUND else None
        if kind == "subscript_expression" and base is None:
            base = named(node, 0)
        if base is not None:
            return Part(self.term(base, deep + 1), self._part(node, base))
        if kind in _AROUND:
            return self.term(
                part(node, "value", "expression") or named(node, -1 if kind != "as_expression" else 0), deep + 1
            )
        return Other()

    def _value(self, node: Node) -> Node:
        return (
            part(node, "value")
            or (
                named(node, -1)
                if node.type in ("pair", "array_element_initializer", "keyed_element", "literal_element")
                else None
            )
            or node
        )

    def _part(self, node: Node, base: Node) -> str:
        key = part(node, "property", "name", "field", "index", "subscript")
        if key is None and len(node.named_children) > 1:
            key = node.named_children[-1]
        if key is None or key.id == base.id:
            return ""
        text = self._text(key, 100).strip("[]")
        constant = key.type not in ("identifier", "variable_name") or part(node, "index", "subscript") is None
        return text.strip("\"':") if constant else ""

    def _string(self, node: Node, deep: int) -> Term:
        parts: list[Term] = []
        inside = [n for n in node.named_children if n.type not in _BRACES]
        if len(inside) == 1 and inside[0].type in ("heredoc_body", "nowdoc_body"):
            inside = list(inside[0].named_children)
        if not inside:
            return Text(self._text(node).lstrip("@$rR").strip("\"'`"))
        content = ""
        for child in inside:
            if child.type.endswith(
                ("content", "fragment", "escape_sequence", "escaped_identifier", "nowdoc_string", "string_value")
            ):
                text = self._text(child)
                content += _ESCAPED.get(text, text)
                continue
            parts.append(Text(content))
            content = ""
            value = (
                next((n for n in child.named_children if n.type not in _BRACES), None)
                if child.type in _INSERTS
                else child
            )
            parts.append(self.term(value, deep + 1))
        parts.append(Text(content))
        if self._language == "kotlin":
            parts = [made for one in parts for made in _spelled(one)]
        return parts[0] if len(parts) == 1 else Joined(tuple(parts))

    def _heredoc(self, node: Node, deep: int) -> Term:
        """The text of Ruby's heredoc, which stands behind the statement that it is given to."""
        at: Node | None = node
        while at is not None:
            sibling = at.next_sibling
            while sibling is not None:
                if sibling.type == "heredoc_body":
                    return self._string(sibling, deep)
                sibling = sibling.next_sibling
            at = at.parent
        return Other()

    def _binary(self, node: Node, deep: int) -> Term:
        if node.type in ("concatenated_string", "chained_string"):
            return Joined(tuple(self.term(n, deep + 1) for n in node.named_children))
        parts: list[Term] = []
        at: Node | None = node
        while at is not None and at.type == node.type and len(parts) < 500:
            operator = self._operator(at)
            if operator in ("||", "??", "?:", "or"):
                return Either((self.term(part(at, "left"), deep + 1), self.term(part(at, "right"), deep + 1)))
            if operator == "%" and self._language == "ruby":
                right = self.term(part(at, "right"), deep + 1)
                values = right.parts if isinstance(right, Listed) else (right,)
                parts.append(formatted(self.term(part(at, "left"), deep + 1), values, "%"))
                return Joined(tuple(reversed(parts)))
            if (
                operator == ">"
                and (right_node := part(at, "right")) is not None
                and right_node.type == "template_string"
            ):
                return Call("tagged", None, (self.term(right_node, deep + 1),), tagged=True)
            if operator not in ("+", ".", "<<"):
                parts.append(Plain())
                return Joined(tuple(reversed(parts))) if len(parts) > 1 else Plain()
            parts.append(self.term(part(at, "right"), deep + 1))
            at = part(at, "left")
        parts.append(self.term(at, deep + 1))
        return Joined(tuple(reversed(parts)))

    def _call_term(self, node: Node, deep: int) -> Term:
        name, base_node = self._called(node)
        base = self.term(base_node, deep + 1) if base_node is not None else None
        arguments = part(node, "arguments")
        if arguments is not None and arguments.type == "template_string":
            return Call(name, base, (self.term(arguments, deep + 1),), tagged=True)
        given: list[Term] = []
        keys: dict[str, Term] = {}
        for argument in self._arguments(node):
            key = part(argument, "key", "name") if argument.type in ("pair", "argument") else None
            if key is None and argument.type == "value_argument" and len(argument.named_children) > 1:
                key = argument.named_children[0]
            if key is not None:
                keys[self._text(key, 100).strip("\"':")] = self.term(
                    self._value(argument) if argument.type == "pair" else named(argument, -1), deep + 1
                )
                continue
            given.append(self.term(argument, deep + 1))
            for pair in argument.named_children if argument.type == "object" else ():
                if (own := part(pair, "key")) is not None:
                    keys[self._text(own, 100).strip("\"'")] = self.term(part(pair, "value"), deep + 1)
        if name in _FORMATS:
            if name == "formatted" and base is not None:
                return formatted(base, tuple(given), "%")
            if given and self._language in ("go", "java", "kotlin", "php", "csharp", "ruby"):
                if name == "format" and self._language == "kotlin" and base is not None and said_is_text(base):
                    return formatted(base, tuple(given), "%")
                return formatted(given[0], tuple(given[1:]), "{" if self._language == "csharp" else "%")
        return Call(name, base, tuple(given), keys, made=node.type in ("object_creation_expression", "new_expression"))


def _outermost_first(syntax: Syntax) -> list[Node]:
    """The nodes of a program that are looked at, each before those within it."""
    from tree_sitter import QueryCursor

    found = QueryCursor(_query(syntax.grammar.language)).captures(syntax.root).get("node", [])
    placed = [(node.start_byte, -node.end_byte, number) for number, node in enumerate(found)]
    alike = {place for place, many in Counter([place[:2] for place in placed]).items() if many > 1}
    deep = [_deep_within_its_like(node) if place[:2] in alike else 0 for node, place in zip(found, placed, strict=True)]
    return [found[place[2]] for place in sorted(placed, key=lambda place: (*place[:2], deep[place[2]]))]


def _deep_within_its_like(node: Node) -> int:
    """How many nodes around *node* hold nothing else."""
    above, count = node.parent, 0
    while above is not None and above.start_byte == node.start_byte and above.end_byte == node.end_byte:
        above, count = above.parent, count + 1
    return count


@cache
def _query(language: Language) -> Query:
    """Finds what is looked at, of what the grammar has of it."""
    from tree_sitter import Query

    kinds = [kind for kind in _LOOKED_AT if language.id_for_node_kind(kind, True) is not None]
    return Query(language, "[" + " ".join(f"({kind})" for kind in kinds) + "] @node")


def said_is_text(term: Term) -> bool:
    """Whether *term* is text as it is written, or made of some."""
    return isinstance(term, Text | Joined)


def _spelled(term: Term) -> list[Term]:
    """Kotlin's text with what ``$name`` puts in."""
    if not isinstance(term, Text):
        return [term]
    pieces = _KOTLIN.split(term.text)
    return [Name(piece) if number % 2 else Text(piece) for number, piece in enumerate(pieces)]
