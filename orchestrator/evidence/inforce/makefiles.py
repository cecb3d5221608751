"""Reads a Makefile as far as it says which commands make which target."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

MAX_BYTES = 200_000
MAX_LINES = 5_000
_RULE = re.compile(r"^([^\s:#=][^:#=]{0,500}?)\s*(::?)(?!=)([^=].*|)$")
_ASSIGNED = re.compile(r"^(?:export\s+|override\s+)*([\w.-]+)\s*(\?|\+|:{1,3}|!)?=\s*(.*)$")
_INCLUDE = re.compile(r"^-?s?include\s+(\S+)\s*$")
_IF = re.compile(r"^(ifeq|ifneq|ifdef|ifndef)\b\s*(.*)$")
_NAME = re.compile(r"(?<!\$)\$[({]([\w.-]+)[)}]")
_HEEDLESS = re.compile(r"(?:^|\s)(?:-?\w*i\w*|--ignore-errors)(?=\s|$)")
"""Flags under which make goes on after whatever fails."""
_MAX_EXPANSIONS = 8
_MAX_EXPANDED = 4_000


@dataclass
class Rule:
    """What a target waits for, and the lines that make it."""

    needs: list[str] = field(default_factory=list)
    recipe: list[tuple[int, str]] = field(default_factory=list)
    is_said_again: bool = False
    """It has a later rule, whose recipe takes the place of the one before as soon as it has one."""

    def take(self, line: int, command: str) -> None:
        """Add one line of the recipe."""
        if self.is_said_again:
            self.recipe, self.is_said_again = [], False
        self.recipe.append((line, command))


@dataclass
class Makefile:
    """The rules and the variables of a Makefile and of what it includes."""

    rules: dict[str, Rule] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=lambda: {"MAKE": "make"})
    first: str = ""
    """The target that is made where none is named."""

    def heeds(self, target: str) -> bool:
        """Whether make stops where a command of *target* fails."""
        ignored = self.rules.get(".IGNORE")
        if ignored is not None and (not ignored.needs or target in ignored.needs):
            return False
        return not any(_HEEDLESS.search(self.variables.get(name, "")) for name in ("MAKEFLAGS", "MFLAGS"))

    def expanded(self, text: str, given: Mapping[str, str] = {}) -> str:
        """*text* with the variables that are known in their places; ``$$`` is the shell's own sign."""
        for _ in range(_MAX_EXPANSIONS):
            found = _NAME.sub(lambda m: given.get(m[1], self.variables.get(m[1], m[0])), text)
            if found == text or len(found) > _MAX_EXPANDED:
                break
            text = found
        text = re.sub(r"(?<!\$)\$\(([A-Za-z_][\w.-]*)\)", r"${\1}", text)
        return _without_functions(text).replace("$$", "$")

    def rule(self, target: str) -> Rule | None:
        """How *target* is made, if need be by a rule for all of its shape."""
        if target in self.rules:
            return self.rules[target]
        for pattern, rule in self.rules.items():
            before, sign, after = pattern.partition("%")
            if sign and target.startswith(before) and target.endswith(after) and len(target) > len(before + after):
                stem = target[len(before) : len(target) - len(after)]
                return Rule([need.replace("%", stem) for need in rule.needs], rule.recipe)
        return None


def _without_functions(text: str) -> str:
    """*text* in which what make works out by itself is a value that nobody knows; what a shell is asked stays."""
    at = 0
    while found := re.compile(r"(?<!\$)\$\((\w[\w-]*)\s").search(text, at):
        if found[1] == "shell":
            text = text[: found.start() + 2] + text[found.end() :]
            at = found.start() + 2
            continue
        depth, end = 1, found.end()
        while end < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        text = text[: found.start()] + "${_}" + text[end:]
        at = found.start() + 4
    return text


def load(text: str, other: Callable[[str], str | None] = lambda _: None, into: Makefile | None = None) -> Makefile:
    """
    The rules of a Makefile.

    Args:
        text: What stands in it.
        other: The text of an included file by its path; None where it is not there.
        into: What the including file says already.
    """
    makefile = into or Makefile()
    waiting = [_lines(text[:MAX_BYTES])]
    current: list[Rule] = []
    skipping: list[bool | None] = []
    included = 0
    while waiting:
        line = next(waiting[-1], None)
        if line is None:
            waiting.pop()
            current = []
            continue
        number, written = line
        bare = written.strip()
        if _conditional(bare, makefile, skipping) or True in skipping:
            continue
        if written.startswith("\t"):
            for rule in current:
                rule.take(number, bare)
            continue
        if not bare or bare.startswith("#"):
            continue
        bare = re.sub(r"(?<!\\)\s#.*$", "", bare)
        if assigned := _ASSIGNED.match(bare):
            _assign(makefile, *assigned.groups())
        elif (include := _INCLUDE.match(bare)) and included < 20:
            included += 1
            inner = other(makefile.expanded(include[1]))
            if inner is not None:
                waiting.append(_lines(inner[:MAX_BYTES]))
        elif head := _RULE.match(makefile.expanded(bare)):
            anew = head[2] == ":" and None not in skipping  # of two branches of which either may count, both are read
            current = _rules(makefile, head[1].split()[:50], head[3], number, anew=anew)
        else:
            current = []
    return makefile


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, those that go on in the next joined."""
    lines = text.split("\n")[:MAX_LINES]
    at = 0
    while at < len(lines):
        first, joined = at, lines[at]
        while joined.endswith("\\") and at + 1 < len(lines) and len(joined) < 20_000:
            at += 1
            joined = joined[:-1].rstrip() + " " + lines[at].strip()
        at += 1
        yield first + 1, joined


def _rules(makefile: Makefile, targets: list[str], rest: str, number: int, *, anew: bool) -> list[Rule]:
    if len(targets) > 0 and re.match(r"\s*[\w.-]+\s*[:?+]?=", rest):
        return []  # a variable of one target
    needs, _, inline = rest.partition(";")
    found = []
    for target in targets:
        rule = makefile.rules.setdefault(target, Rule())
        rule.needs.extend(word for word in needs.replace("|", " ").split()[:50] if word not in rule.needs)
        rule.is_said_again = anew and bool(rule.recipe)
        if inline.strip():
            rule.take(number, inline.strip())
        if not makefile.first and not target.startswith(".") and "%" not in target:
            makefile.first = target
        found.append(rule)
    return found


def _assign(makefile: Makefile, name: str, how: str | None, value: str) -> None:
    known = makefile.variables
    if how == "?":
        known.setdefault(name, value)
    elif how == "+" and name in known:
        known[name] = f"{known[name]} {value}"[:_MAX_EXPANDED]
    elif how == "!":
        known.pop(name, None)
    elif f"$({name})" not in value and f"${{{name}}}" not in value:
        known[name] = value[:_MAX_EXPANDED]


def _conditional(line: str, makefile: Makefile, skipping: list[bool | None]) -> bool:
    """Follow ``ifeq`` and its like; what cannot be told is read in both of its branches."""
    if found := _IF.match(line):
        skipping.append(_skips(found[1], found[2], makefile))
        return True
    if line.startswith("else") and skipping and re.match(r"else\b", line):
        inner = _IF.match(line[4:].strip())
        before = skipping[-1]
        skipping[-1] = before if before is None else not before
        if inner and not skipping[-1]:
            skipping[-1] = _skips(inner[1], inner[2], makefile)
        return True
    if line == "endif" or line.startswith("endif "):
        if skipping:
            skipping.pop()
        return True
    return False


def _skips(word: str, rest: str, makefile: Makefile) -> bool | None:
    """Whether a branch is left out; None where it may be read and may be not."""
    if word in ("ifdef", "ifndef"):
        return word == "ifndef" if makefile.variables.get(rest.strip()) else None
    two = re.match(
        r"\(([^,]*),\s*([^)]*)\)$|[\"']([^\"']*)[\"']\s+[\"']([^\"']*)[\"']$", makefile.expanded(rest.strip())
    )
    if two is None:
        return None
    left, right = (two[1], two[2]) if two[1] is not None else (two[3], two[4])
    if "$" in left + right:
        return None
    return (left.strip() == right.strip()) != (word == "ifeq")
