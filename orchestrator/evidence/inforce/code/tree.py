"""The judge of a file whose language has a grammar."""

from __future__ import annotations

import re
from functools import cached_property

from ..chance import Chance
from ..force import IN_FORCE, Force, all_of, unknown
from .conditions import Conditions
from .directives import Directives
from .embedded import Program
from .flow import Flow
from .grammar import Grammar
from .grammars import GRAMMARS
from .lines import COMMENTED
from .names import Names
from .overrides import Overrides
from .strings import TOLD, Strings, innermost
from .stubs import Stubs
from .syntax import Step, Syntax, Unread
from .uses import Uses

_MARKS = re.compile(rb"//|/\*|#|--|<!--|\"|'|`|\*/")
_WITH_DIRECTIVES = frozenset({"tree_sitter_c_sharp", "tree_sitter_swift"})
_NOT_BLANK = re.compile(rb"[^\r\n]")


class TreeJudge:
    """
    What is in force of a program, by its syntax tree.

    Args:
        program: The program, and where it lies in its file.
        whole: The file.
        tests: Whether it is asked of tests, which run where programs are developed.
        beside: Another judge of the same file, whose syntax is read once for both.
    """

    def __init__(self, program: Program, whole: bytes, tests: bool = False, beside: TreeJudge | None = None) -> None:
        self._program = program
        self._whole = whole
        self._tests = tests
        self._beside = beside if beside is not None and beside.reads(program) else None
        self._grammar = GRAMMARS[program.language]
        self._ways: dict[int, list[Step]] = {}
        self._steps: dict[int, Force] = {}
        self._least: dict[int, Force] = {}
        """The least of all that leads to a node, found out while nobody else is asked after."""
        self._asked: set[int] = set()

    @property
    def syntax(self) -> Syntax:
        """The syntax of the program; raises :class:`Unread` where it has none."""
        if isinstance(self._syntax, Unread):
            raise self._syntax
        return self._syntax

    @property
    def grammar(self) -> Grammar:
        """What its language calls the parts of its syntax."""
        return self._grammar

    def reads(self, program: Program) -> bool:
        """Whether it is *program* that this judges."""
        return self._program.language == program.language and self._program.data == program.data

    def running(self, start: int, end: int) -> bytes:
        """The bytes from *start* to *end* with their comments blanked."""
        line = self._whole[start:end]
        if not _MARKS.search(line):
            return line
        blanked = bytearray(line)
        for first, last in self._comments(start, end):
            first, last = max(first, start) - start, min(last, end) - start
            blanked[first:last] = _NOT_BLANK.sub(b" ", line[first:last])
        return bytes(blanked)

    def judge(self, start: int, end: int) -> Force:
        """What is to be said of what a pattern matched from *start* to *end*."""
        if any(first <= start < last for first, last in self._program.comments):
            return COMMENTED
        if isinstance(self._syntax, Unread):
            return unknown(f"cannot be told to run, since {self._syntax}")
        if self._whole[start : start + 1] != self._program.data[start : start + 1]:
            return IN_FORCE  # the markup around a program
        try:
            return self._judged(self._syntax, start, end)
        except Unread as error:
            return unknown(f"cannot be told to run, since {error}")

    def reaches(self, place: int) -> Force:
        """
        Whether control comes to what begins at *place*, or to what declares it, whoever calls that then.

        A file that cannot be read is taken at its word.
        """
        if isinstance(self._syntax, Unread) or self._whole[place : place + 1] != self._program.data[place : place + 1]:
            return IN_FORCE
        try:
            way = self._way(self._syntax, place)
        except Unread:
            return IN_FORCE
        if any(step.type in self._grammar.comments for step in way):
            return COMMENTED
        if innermost(way, self._grammar.strings, self._grammar.inserts) is not None:
            return TOLD
        return self._place(way, place)

    def _judged(self, syntax: Syntax, start: int, end: int) -> Force:
        way = self._way(syntax, start)
        if any(step.type in self._grammar.comments for step in way):
            return COMMENTED
        least = all_of(
            [self._strings.of(way, start, end), self._place(way), self._overrides.of(way), self._stubs.of(start, end)]
        )
        if any(step.type == "ERROR" for step in way[1:]) and least:
            return unknown("cannot be told to run, since the syntax around it is not understood")
        return least

    def _place(self, way: list[Step], declared: int | None = None) -> Force:
        """What is to be said of a place because of how the program comes there; what is *declared* there is called."""
        least, first = IN_FORCE, 1
        if not self._asked:
            for at in range(len(way) - 1, 0, -1):
                if way[at].node.id in self._least and way[at].node.start_byte != declared:
                    least, first = self._least[way[at].node.id], at + 1
                    break
            if least.is_void and not least.unless:
                return least
        for at in range(first, len(way)):
            node = way[at].node
            if node.id not in self._steps:
                self._steps[node.id] = self._flow.between(way[at - 1], way[at])
            force = self._steps[node.id]
            calls = node.start_byte != declared
            if force and calls:
                force = self._uses.of(way, at)
            least = all_of([least, force])
            if calls and not self._asked:
                self._least[node.id] = least
            if least.is_void and not least.unless:
                return least
        if self._grammar.module not in _WITH_DIRECTIVES:
            return least
        chance = self._directives.at(way[-1].node.start_byte)
        return least if self._tests and chance is Chance.DEVELOPMENT else all_of([least, chance.force])

    def _called_at(self, place: int) -> Force:
        """What is to be said of a call that stands at *place*; one that is being asked after is open."""
        if place in self._asked or isinstance(self._syntax, Unread):
            return IN_FORCE
        self._asked.add(place)
        try:
            return self._place(self._way(self._syntax, place))
        finally:
            self._asked.discard(place)

    def _way(self, syntax: Syntax, place: int) -> list[Step]:
        if place not in self._ways:
            self._ways[place] = syntax.way(place)
        return self._ways[place]

    def _comments(self, start: int, end: int) -> list[tuple[int, int]]:
        """The comments that have a part between *start* and *end*."""
        found = [span for span in self._program.comments if span[0] < end and start < span[1]]
        if isinstance(self._syntax, Unread):
            return found
        waiting = [self._syntax.root]
        for node in waiting:
            if node.type in self._grammar.comments:
                found.append((node.start_byte, node.end_byte))
                continue
            cursor = node.walk()
            more = cursor.goto_first_child_for_byte(start) is not None
            while more and cursor.node is not None and cursor.node.start_byte < end:
                if cursor.node.is_named:
                    waiting.append(cursor.node)
                more = cursor.goto_next_sibling()
        return found

    @cached_property
    def _syntax(self) -> Syntax | Unread:
        if self._beside is not None:
            return self._beside._syntax
        try:
            return Syntax(self._program.data, self._grammar)
        except Unread as error:
            return error

    @cached_property
    def _read(self) -> Syntax:
        assert isinstance(self._syntax, Syntax)
        return self._syntax

    @cached_property
    def _names(self) -> Names:
        return Names(self._read, self._whole)

    @cached_property
    def _flow(self) -> Flow:
        return Flow(self._read, Conditions(self._read, self._names.constant), self._tests)

    @cached_property
    def _directives(self) -> Directives:
        return Directives(self._read.data)

    @cached_property
    def _strings(self) -> Strings:
        return Strings(self._read, self._names)

    @cached_property
    def _overrides(self) -> Overrides:
        return Overrides(self._read)

    @cached_property
    def _stubs(self) -> Stubs:
        return Stubs(self._read)

    @cached_property
    def _uses(self) -> Uses:
        return Uses(self._read, self._names, self._called_at, self._whole)
