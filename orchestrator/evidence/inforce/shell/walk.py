"""The walk itself: guards, ends, functions, and the settings of the shell as they change on the way."""

from __future__ import annotations

import fnmatch
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..chance import Chance
from ..force import IN_FORCE, Force, unknown, void
from . import conditions
from .syntax import MAX_DEPTH, MAX_NODES, Text
from .words import RUN, Value, resolve, shown

if TYPE_CHECKING:
    from tree_sitter import Node

_SUCCEED = frozenset(
    {"true", ":", "echo", "printf", "export", "set", "shift", "local", "declare", "readonly", "trap", "wait"}
)
_WORDS_ONLY = frozenset({"echo", "printf", "true", ":", "false"})
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ash", "ksh"})
_TOLD_WHAT_TO_RUN = frozenset({"eval", "ssh", "concurrently", "start-server-and-test"})
_RUNS_NEXT = re.compile(r"-[a-z]*c|--(?:run|command|cmd|shell-command)")
_OPENS = frozenset({"program", "compound_statement", "do_group", "elif_clause", "else_clause"})
_MARKS = frozenset(
    {
        ";",
        ";;",
        "&",
        "\n",
        "{",
        "}",
        "(",
        ")",
        "do",
        "done",
        "then",
        "else",
        "fi",
        "in",
        "esac",
        "comment",
        "if",
        "elif",
    }
)
_MAX_TEXT = 1_000
_MAX_CALLS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One simple command as the walk came by it."""

    text: str
    line: int
    force: Force
    heeded: bool
    words: tuple[str | None, ...]
    folder: str | None


@dataclass(frozen=True, slots=True)
class _Way:
    """How a place is reached: the chance of it, and why it is not more."""

    chance: Chance = Chance.ALWAYS
    reason: str = ""

    def through(self, chance: Chance, reason: str) -> _Way:
        return _Way(chance, reason) if chance < self.chance else self

    @property
    def force(self) -> Force:
        if self.chance is Chance.NEVER:
            return void(self.reason)
        return unknown(self.reason) if self.chance <= Chance.SETTING else IN_FORCE


@dataclass(slots=True)
class _Place:
    """Whose failure is heeded where the walk stands, and whether ``-e`` counts there."""

    heeded: bool
    live: bool = True


@dataclass
class Walk:
    """One run through a script; see :func:`..commands.read`."""

    text: Text
    errexit: bool
    pipefail: bool
    variables: dict[str, Value]
    folder: str | None = ""
    found: list[Found] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._functions: dict[str, Node] = {}
        self._called: set[str] = set()
        self._calls: list[str] = []
        self._after = _Way()
        self._nodes = 0
        self._depth = 0
        self._base = 0
        self._dispatches = False
        self._trapped: list[str] = []
        self._unreadable: set[int] = set()

    def through(self, root: Node, heeded: bool = True) -> None:
        """Walk from *root* to its end, then past the functions that nobody has called."""
        self._sequence(root.children, _Way(), _Place(heeded))
        self._after = _Way()
        for name in self._trapped:
            if name in self._functions:
                self._call(name, [], _Way(), _Place(False, False))
        for name, node in list(self._functions.items()):
            if name not in self._called:
                why = f"stands in the function {name}, which nothing calls"
                chance = Chance.SETTING if self._dispatches else Chance.NEVER
                self._after = _Way()
                self._sequence(node.children[-1:], _Way(chance, why), _Place(heeded))
        beside = unknown("stands beside what could not be read as shell")
        self.found = [
            replace(found, force=beside) if found.line in self._unreadable and found.force else found
            for found in self.found
        ]

    def _sequence(self, nodes: Sequence[Node], way: _Way, place: _Place) -> Chance:
        """Statements one after the other; the last one's end is the end of all."""
        statements = [n for n in nodes if n.type not in _MARKS]
        marks = {a.id: b.type for a, b in itertools.pairwise(nodes)}
        chance = Chance.ALWAYS
        for number, node in enumerate(statements):
            following = statements[number + 1] if number + 1 < len(statements) else None
            heeded = (place.live and self.errexit and place.heeded) or (following is None and place.heeded)
            if following is not None:
                heeded = self._heeded_later(node, following, heeded, place)
            if marks.get(node.id) == "&":
                heeded = False
            chance = self._visit(node, way, _Place(heeded, place.live))
        return chance

    def _heeded_later(self, node: Node, following: Node, heeded: bool, place: _Place) -> bool:
        """Whether the failure of *node* is heeded, seen what stands behind it."""
        after = self.text.of(following).strip()
        if place.heeded and re.fullmatch(r"(?:exit|return)(?: \"?\$\?\"?)?", after):
            return True
        if place.heeded and (kept := re.match(r"(?:local |export )?(\w+)=\"?\$(?:\?|\{PIPESTATUS)", after)):
            rest = self.text.of(following.parent) if following.parent else ""
            return re.search(rf"(?:exit|return|if|\[|test|\(\().{{0,60}}\b{kept[1]}\b", rest[:20_000]) is not None
        same_line = following.start_point[0] == node.end_point[0]
        if same_line and re.fullmatch(r"true|:|exit 0|/bin/true", after):
            return False  # with -e it would be heeded; that it is written shows that it is meant not to be
        return heeded

    def _visit(self, node: Node, way: _Way, place: _Place) -> Chance:
        """Walk through *node*; the chance that it succeeds."""
        self._nodes += 1
        self._depth += 1
        try:
            if self._nodes > MAX_NODES or self._depth > MAX_DEPTH:
                if not self.unread or self.unread[-1][1] != "is nested too deeply":
                    self.unread.append((self._line(node), "is nested too deeply"))
                return Chance.RUNTIME
            way = way.through(self._after.chance, self._after.reason)
            return self._by_kind(node, way, place)
        finally:
            self._depth -= 1

    def _by_kind(self, node: Node, way: _Way, place: _Place) -> Chance:
        kind = node.type
        if kind == "ERROR" or node.is_missing:
            self._mistake(node)
            return Chance.RUNTIME
        if kind == "command":
            return self._command(node, way, place)
        if kind == "list":
            return self._list(node, way, place)
        if kind == "pipeline":
            return self._pipeline(node, way, place)
        if kind == "negated_command":
            inner = [c for c in node.children if c.type != "!"]
            return self._visit(inner[-1], way, _Place(False, False)).opposite if inner else Chance.RUNTIME
        if kind == "redirected_statement":
            return self._redirected(node, way, place)
        if kind == "subshell":
            return self._subshell(node, way, place)
        if kind in _OPENS:
            return self._sequence(node.children, way, place)
        if kind == "function_definition":
            name = next((self.text.of(c) for c in node.children if c.type == "word"), "")
            self._functions[name] = node
            return Chance.ALWAYS
        if kind == "if_statement":
            return self._if(node, way, place)
        if kind in ("while_statement", "for_statement", "c_style_for_statement", "select_statement"):
            return self._loop(node, way, place)
        if kind == "case_statement":
            return self._case(node, way, place)
        if kind in ("variable_assignment", "declaration_command", "variable_assignments"):
            return self._assignment(node, way, place)
        if kind == "test_command":
            self._inner(node, way)
            return conditions.of_node(node, self.text, self.variables)
        self._inner(node, way)
        return Chance.RUNTIME

    def _command(self, node: Node, way: _Way, place: _Place) -> Chance:
        for child in node.children:
            if child.type == "variable_assignment" or child.named_child_count:
                self._inner(child, way)
        parts = [
            c for c in node.children if c.type not in ("variable_assignment", "file_redirect", "herestring_redirect")
        ]
        if any(c.type == "ERROR" or c.is_missing for c in node.children):
            self._mistake(node)
        values = [resolve(c, self.text, self.variables) for c in parts if c.type not in ("<<<", ">")]
        if not values:
            return Chance.RUNTIME
        program = (values[0].text or "").rpartition("/")[2]
        if values[0].text is None and self.text.filled(parts[0]).strip("\"'") in ("$@", "$1", "${1}", "$*"):
            self._dispatches = True
        if program in self._functions:
            return self._call(program, values, way, place)
        end = self._builtin(program, values, node, way, place)
        if end is not None:
            return end
        self._told(program, parts, values, way, place)
        self._note(node, parts, values, way, place)
        return Chance.RUNTIME

    def _builtin(self, program: str, values: list[Value], node: Node, way: _Way, place: _Place) -> Chance | None:
        """The end of what the shell does itself; None for any other program."""
        rest = [v.text or "" for v in values[1:]]
        if program in ("exit", "exec", "return"):
            if program == "exec" and (not rest or rest[0].startswith("-")):
                return Chance.ALWAYS
            if program == "exec":
                self._note(node, list(node.children)[1:], values[1:], way, place)
            fails = bool(rest) and rest[0].isdigit() and int(rest[0][:5]) % 256 != 0
            if not fails or way.chance is Chance.ALWAYS:  # one that fails is seen: it keeps nobody in the dark
                self._end(" ".join([program, *rest])[:40], way)
            return (
                Chance.NEVER if fails else Chance.ALWAYS if program != "exec" and rest[:1] == ["0"] else Chance.RUNTIME
            )
        if program in ("test", "["):
            words = values[1:-1] if program == "[" else values[1:]
            return conditions.of_words(words)
        if program == "set":
            self._set(rest, way)
        elif program == "cd" or program == "pushd":
            self._enter(values[1] if len(values) > 1 else RUN, way)
            return Chance.RUNTIME
        elif program in ("read", "mapfile", "readarray", "getopts", "local", "declare", "typeset"):
            self.variables.update({word: RUN for word in rest if re.fullmatch(r"[A-Za-z_]\w*", word)})
        elif program == "trap" and rest and way.chance is not Chance.NEVER:
            self._trapped.append(rest[0])
        if program in _WORDS_ONLY:
            if program != "true" and program != "false":
                what = "only prints its words" if program in ("echo", "printf") else "is passed over: `:` does nothing"
                self.found.append(Found(self._written(node), self._line(node), void(what), False, (), self.folder))
            return Chance.NEVER if program == "false" else Chance.ALWAYS
        return Chance.ALWAYS if program in _SUCCEED else None

    def _end(self, said: str, way: _Way) -> None:
        """From here on, what follows is reached only if *way* did not lead here."""
        if way.chance > Chance.NEVER:
            self._after = self._after.through(way.chance.opposite, f"comes after `{said}`")

    def _set(self, words: list[str], way: _Way) -> None:
        if way.chance is Chance.NEVER:
            return
        previous = ""
        for word in words:
            if re.fullmatch(r"[-+][a-zA-Z]+", word):
                on = word[0] == "-"
                if "e" in word[1:]:
                    self.errexit = on
            if word in ("pipefail", "errexit") and previous[-1:] == "o":
                if word == "pipefail":
                    self.pipefail = previous[0] == "-"
                else:
                    self.errexit = previous[0] == "-"
            previous = word

    def _enter(self, folder: Value, way: _Way) -> None:
        if way.chance is Chance.NEVER:
            return
        if self.folder is None or folder.text is None or folder.text == "-":
            self.folder = None
        else:
            self.folder = joined(self.folder, folder.text)

    def _call(self, name: str, values: list[Value], way: _Way, place: _Place) -> Chance:
        self._called.add(name)
        if name in self._calls or len(self._calls) >= _MAX_CALLS:
            return Chance.RUNTIME
        before, arguments = self._after, {k: v for k, v in self.variables.items() if k.isdigit()}
        for key in arguments:
            del self.variables[key]
        self.variables.update({str(n): value for n, value in enumerate(values[1:10], 1)})
        self._calls.append(name)
        chance = self._sequence(self._functions[name].children[-1:], way, place)
        self._calls.pop()
        for key in [k for k in self.variables if k.isdigit()]:
            del self.variables[key]
        self.variables.update(arguments)
        if self._after.reason.startswith("comes after `return"):
            self._after = before
        return chance

    def _list(self, node: Node, way: _Way, place: _Place) -> Chance:
        sides = [c for c in node.children if c.type not in ("&&", "||", "comment")]
        if len(sides) != 2:
            return self._sequence(node.children, way, place)
        left, right = sides
        if any(c.type == "&&" for c in node.children):
            # -e passes over all but the last of a list; if that does more than talk, its absence is noticed
            heeded = place.heeded and (self._is_last(node) or not self._talks(right))
            first = self._visit(left, way, _Place(heeded, False))
            second = self._visit(right, way.through(first, f"comes after `{self._short(left)} &&`"), place)
            return min(first, second)
        heeded = place.heeded and self._fails(right)
        first = self._visit(left, way, _Place(heeded, False))
        why = f"comes after `{self._short(left)} ||`"
        second = self._visit(right, way.through(first.opposite, why), place)
        return max(first, second)

    def _is_last(self, node: Node) -> bool:
        """Whether nothing follows *node* in the script, so that its end is the script's."""
        while node.parent is not None:
            parent = node.parent
            later = [c for c in parent.children if c.start_byte >= node.end_byte and c.type not in _MARKS]
            if later and parent.type not in ("if_statement", "case_statement", "redirected_statement"):
                return False
            node = parent
        return True

    def _talks(self, node: Node) -> bool:
        """Whether *node* is a command that only prints words."""
        said = self.text.of(node).split(None, 1)
        return node.type == "command" and bool(said) and said[0] in _WORDS_ONLY

    def _fails(self, node: Node) -> bool:
        """Whether *node*, which stands in for a failure, surely fails itself."""
        said = self.text.of(node).strip()
        if re.fullmatch(r"(?:exit|return)(?: (?!0\b)\S+)?|false", said):
            return True
        if node.type == "list" and any(c.type == "&&" for c in node.children):
            return self._fails(node.children[-1])
        if node.type in ("compound_statement", "subshell", "else_clause", "elif_clause", "program"):
            return any(self._fails(child) for child in node.children if child.type not in _MARKS)
        if assigned := re.fullmatch(r"(?:export |local )?(\w+)=[\"']?(?:1|true|yes|\$\?|failed?)[\"']?", said):
            rest = self.text.of(self._root(node))[node.end_byte :][:20_000]
            return re.search(rf"(?:exit|return|if|\[|test|\(\().{{0,60}}\b{assigned[1]}\b", rest) is not None
        if node.type == "command":
            name = said.split()[0] if said.split() else ""
            if name in self._functions and name not in self._calls:
                return self._fails(self._functions[name].children[-1])
        return False

    @staticmethod
    def _root(node: Node) -> Node:
        while node.parent is not None:
            node = node.parent
        return node

    def _pipeline(self, node: Node, way: _Way, place: _Place) -> Chance:
        stages = [c for c in node.children if c.type not in ("|", "|&", "comment")]
        looked_at = self.pipefail or "PIPESTATUS" in self.text.of(self._root(node))
        chance = Chance.RUNTIME
        for number, stage in enumerate(stages):
            before = self._after
            last = number == len(stages) - 1
            chance = self._visit(stage, way, _Place(place.heeded and (last or looked_at), place.live and last))
            self._after = before
        return chance

    def _redirected(self, node: Node, way: _Way, place: _Place) -> Chance:
        chance = Chance.RUNTIME
        body = node.children[0]
        chance = self._visit(body, way, place)
        for child in node.children[1:]:
            if child.type == "heredoc_redirect":
                self._heredoc(body, child, way, place)
            elif child.type not in ("file_redirect", "herestring_redirect"):
                self._visit(child, way, place)
            else:
                self._inner(child, way)
        return chance

    def _heredoc(self, command: Node, node: Node, way: _Way, place: _Place) -> None:
        """What a shell is told in a heredoc is a script; to any other program it is text."""
        for child in node.children:
            if child.type in ("pipeline", "list", "command", "redirected_statement"):
                self._visit(child, way, place)
            elif child.type == "heredoc_body":
                self._inner(child, way)
        words = self.text.of(command).split()
        program = words[0].rpartition("/")[2] if words else ""
        if (program in _SHELLS and all(w.startswith("-") for w in words[1:])) or program == "ssh":
            body = next((c for c in node.children if c.type == "heredoc_body"), None)
            if body is not None:
                self._script(self.text.of(body), self._line(body), way, place)

    def _script(self, script: str, line: int, way: _Way, place: _Place) -> None:
        """Walk through a script within the script."""
        text = Text(script)
        if not text.fits or self._depth > MAX_DEPTH // 2:
            self.unread.append((line, "is a script in a script that is too long"))
            return
        inner = Walk(text, False, False, dict(self.variables), self.folder)
        inner._depth = self._depth + 5
        inner.through(text.parse(), place.heeded)
        for found in inner.found:
            force = found.force if found.force.state <= way.force.state else way.force
            self.found.append(
                Found(found.text, line + found.line, force, found.heeded and place.heeded, found.words, found.folder)
            )
        self.unread.extend((line + at, why) for at, why in inner.unread)

    def _told(self, program: str, parts: list[Node], values: list[Value], way: _Way, place: _Place) -> None:
        """What a program is told to run: the script behind ``-c``, the commands of ``concurrently``."""
        for before, part, value in zip([None, *values], parts, values, strict=False):
            if value.text is None and part.type != "string":
                continue
            script = value.text if value.text is not None else self.text.of(part)[1:-1]
            flag = before is not None and before.text is not None and _RUNS_NEXT.fullmatch(before.text)
            several = re.search(r"\s", script) is not None
            if part is not parts[0] and (
                (flag and (several or program in _SHELLS)) or (several and program in _TOLD_WHAT_TO_RUN)
            ):
                self._script(script, self._line(part), way, place)

    def _subshell(self, node: Node, way: _Way, place: _Place) -> Chance:
        kept = (self._after, self.errexit, self.pipefail, self.folder, dict(self.variables))
        chance = self._sequence(node.children, way, place)
        self._after, self.errexit, self.pipefail, self.folder, self.variables = kept
        return chance

    def _if(self, node: Node, way: _Way, place: _Place) -> Chance:
        condition: list[Node] = []
        branch: list[Node] = []
        further: list[Node] = []
        into = condition
        for child in node.children[1:]:
            if child.type == "then":
                into = branch
            elif child.type in ("elif_clause", "else_clause"):
                further.append(child)
            elif child.type != "fi":
                into.append(child)
        inverted = any(c.type == "negated_command" for c in condition)
        failing = any(map(self._fails, branch)) if inverted else any(map(self._fails, further))
        chance = self._condition(condition, way, place.heeded and failing)
        why = f"stands under `if {self._short(condition[0]) if condition else ''}`"
        self._sequence(branch, way.through(chance, why), place)
        otherwise = way.through(chance.opposite, why.replace("under", "in the other branch of", 1))
        for clause in further:
            if clause.type == "elif_clause":
                split = next((n for n, c in enumerate(clause.children) if c.type == "then"), len(clause.children))
                heads = [c for c in clause.children[1:split] if c.type not in _MARKS]
                chance = self._condition(heads, otherwise, False)
                why = f"stands under `elif {self._short(heads[0]) if heads else ''}`"
                self._sequence(clause.children[split + 1 :], otherwise.through(chance, why), place)
                otherwise = otherwise.through(chance.opposite, why)
            else:
                self._sequence(clause.children[1:], otherwise, place)
        return Chance.RUNTIME

    def _condition(self, nodes: list[Node], way: _Way, heeded: bool) -> Chance:
        """The chance of what stands between ``if`` and ``then``."""
        chance = Chance.ALWAYS
        for node in (n for n in nodes if n.type not in _MARKS):
            if node.type == "negated_command" and heeded:
                inner = [c for c in node.children if c.type != "!"]
                chance = self._visit(inner[-1], way, _Place(True, False)).opposite
            else:
                chance = self._visit(node, way, _Place(heeded, False))
        return chance

    def _loop(self, node: Node, way: _Way, place: _Place) -> Chance:
        body = next((c for c in node.children if c.type in ("do_group", "compound_statement")), None)
        chance = Chance.RUNTIME
        if node.type == "while_statement":
            head = [c for c in node.children[1:] if c is not body and c.type not in _MARKS]
            chance = self._condition([c for c in head if c.id != (body.id if body else 0)], way, False)
            if node.children[0].type == "until":
                chance = chance.opposite
        elif node.type == "for_statement":
            if any(c.type == "in" for c in node.children) and not self._over(node):
                chance = Chance.NEVER
            name = next((self.text.of(c) for c in node.children if c.type == "variable_name"), "")
            self.variables[name] = RUN
        if body is not None:
            why = f"stands in a loop that is never entered: `{self._short(node)}`"
            self._sequence(body.children, way.through(Chance.NEVER, why) if chance is Chance.NEVER else way, place)
        return Chance.RUNTIME

    @staticmethod
    def _over(node: Node) -> list[Node]:
        after = next((n for n, c in enumerate(node.children) if c.type == "in"), 0)
        return [c for c in node.children[after + 1 :] if c.type not in (*_MARKS, "do_group")]

    def _case(self, node: Node, way: _Way, place: _Place) -> Chance:
        value = resolve(node.children[1], self.text, self.variables)
        taken = False
        for item in (c for c in node.children if c.type == "case_item"):
            close = next((n for n, c in enumerate(item.children) if c.type == ")"), 0)
            patterns = [self.text.of(c).strip("\"'") for c in item.children[:close] if c.type not in ("|", "(")]
            why = f"stands under `case {self.text.of(node.children[1])[:40]}` for {' or '.join(patterns)[:40]}"
            if value.text is None:
                inner = way.through(value.chance, why) if value.chance <= Chance.SETTING else way
            else:
                fits = not taken and any(fnmatch.fnmatchcase(value.text, pattern) for pattern in patterns)
                taken = taken or fits
                inner = way if fits else way.through(Chance.NEVER, why)
            before = self._after
            self._sequence(item.children[close + 1 :], inner, place)
            if inner.chance < Chance.RUNTIME or value.text is None:
                self._after = before
        return Chance.RUNTIME

    def _assignment(self, node: Node, way: _Way, place: _Place) -> Chance:
        for assigned in [node, *node.children]:
            if assigned.type != "variable_assignment" or way.chance is Chance.NEVER:
                continue
            name = self.text.of(assigned.children[0])
            value = assigned.children[-1] if len(assigned.children) > 2 else None
            inside = way.chance < Chance.ALWAYS or bool(self._calls)
            known = RUN if value is None else resolve(value, self.text, self.variables)
            if value is not None and value.type in ("command_substitution", "arithmetic_expansion", "array"):
                known = RUN
            self.variables[name] = RUN if inside and known.text is not None else known
        self._inner(node, way, place.heeded)
        found = any(c.type == "command_substitution" for a in [node, *node.children] for c in a.children)
        return Chance.RUNTIME if found else Chance.ALWAYS

    def _inner(self, node: Node, way: _Way, heeded: bool = False) -> None:
        """The commands whose output becomes part of a word."""
        waiting = [node]
        while waiting:
            child = waiting.pop()
            self._nodes += 1
            if self._nodes > MAX_NODES:
                return
            if child.type in ("command_substitution", "process_substitution"):
                kept = (self._after, self.folder)
                self._sequence(child.children, way, _Place(heeded, False))
                self._after, self.folder = kept
            else:
                waiting.extend(reversed(child.named_children))

    def _note(self, node: Node, parts: list[Node], values: list[Value], way: _Way, place: _Place) -> None:
        words = tuple(value.text for value in values)
        if not any(words) and not self._written(node, parts, values).strip("\"' "):
            return
        self.found.append(
            Found(self._written(node, parts, values), self._line(node), way.force, place.heeded, words, self.folder)
        )

    def _written(self, node: Node, parts: Sequence[Node] = (), values: Sequence[Value] = ()) -> str:
        """A command as it is written, on one line, with harmless variables filled in."""
        said: list[str] = []
        known = dict(zip((p.id for p in parts), values, strict=False))
        for child in node.children:
            if child.type in ("file_redirect", "herestring_redirect"):
                continue
            value = known.get(child.id)
            written = self.text.of(child)
            if value is not None and "$" in written and self._may_be_shown(child, value):
                written = value.text or ""
            said.append(written)
        return re.sub(r"\s*\\?\n\s*", " ", " ".join(said))[:_MAX_TEXT]

    def _may_be_shown(self, node: Node, value: Value) -> bool:
        names: list[str] = []
        waiting = [node]
        while waiting:
            child = waiting.pop()
            if child.type == "variable_name":
                names.append(self.text.of(child))
            waiting.extend(child.children)
        return all(shown(name, value) for name in names)

    def _mistake(self, node: Node) -> None:
        """Remember that *node* is no shell; what stands on its lines cannot be told."""
        self.unread.append((self._line(node), "could not be read as shell"))
        self._unreadable.update(range(self._line(node), min(node.end_point[0], self._line(node) + 200) + 1))

    def _short(self, node: Node) -> str:
        return re.sub(r"\s+", " ", self.text.of(node))[:40]

    def _line(self, node: Node) -> int:
        return self._base + node.start_point[0]


def joined(folder: str, step: str) -> str | None:
    """*step* seen from *folder*, within the tree; None where it leads out of it."""
    for start in ("$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "$CI_PROJECT_DIR", "${CI_PROJECT_DIR}"):
        if step.startswith(start):
            folder, step = "", step.removeprefix(start).lstrip("/")
    if step.startswith(("/", "~")):
        return None
    parts = folder.split("/") if folder else []
    for part in step.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
