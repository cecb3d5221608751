"""Follows ``make`` and ``just`` to the recipes of their targets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..inforce import makefiles
from ..inforce.shell import Manner
from ..inforce.shell.folders import joined
from ._called import Called, Part, Texts, known

_MAX_TARGETS = 300


class Makes:
    """The Makefiles of a tree, each read once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._known: dict[str, makefiles.Makefile] = {}

    def of_make(self, words: list[str], folder: str) -> Called:
        """The recipes of the targets that *words* name, of the Makefile in *folder*."""
        targets: list[str] = []
        given: dict[str, str] = {}
        where, name = known(folder), ""
        rest = iter(words)
        for word in rest:
            if word in ("-C", "--directory"):
                where = joined(where, next(rest, "")) or ""
            elif word.startswith("-C") and len(word) > 2:
                where = joined(where, word[2:]) or ""
            elif word.startswith("--directory="):
                where = joined(where, word.partition("=")[2]) or ""
            elif word in ("-f", "--file"):
                name = next(rest, "")
            elif word in ("-j", "-l", "-o", "-W", "-I"):
                continue
            elif assigned := re.fullmatch(r"([\w.-]+)[:?+]?=(.*)", word, re.DOTALL):
                given[assigned[1]] = assigned[2]
            elif not word.startswith("-"):
                targets.append(word)
        names = [name] if name else ["GNUmakefile", "makefile", "Makefile"]
        path = next((p for n in names if (p := joined(where, n)) is not None and p in self._texts.of), None)
        if path is None:
            return Called("absent")
        if path not in self._known:
            base = path.rpartition("/")[0]
            self._known[path] = makefiles.load(
                self._texts.of[path], lambda n: self._texts.of.get(joined(base, n) or "")
            )
        makefile = self._known[path]
        targets = targets or [makefile.first]
        parts = list(_recipes(makefile, targets, path, where, given))
        if any(makefile.rule(target) is None for target in targets):
            return Called("unread" if "$" in "".join(targets) else "absent")
        return Called("followed", f"{path}:{' '.join(targets)}", tuple(parts))

    def of_just(self, words: list[str], folder: str) -> Called:
        """The recipe that *words* name, of the justfile in *folder*."""
        start = known(folder)
        path = next(
            (p for n in ("justfile", "Justfile", ".justfile") if (p := joined(start, n)) in self._texts.of), None
        )
        names = [w for w in words if not w.startswith("-") and "=" not in w]
        if path is None:
            return Called("absent")
        makefile = makefiles.load(_as_makefile(self._texts.of[path]))
        names = names[:1] or [makefile.first]
        if names[0] not in makefile.rules:
            return Called("absent")
        return Called("followed", f"{path}:{names[0]}", tuple(_recipes(makefile, names, path, start, {})))


def _recipes(
    makefile: makefiles.Makefile, targets: Sequence[str], path: str, where: str, given: dict[str, str]
) -> Iterator[Part]:
    done: set[str] = set()
    waiting = list(reversed(targets))
    opened: set[str] = set()
    for _ in range(_MAX_TARGETS):
        if not waiting:
            return
        target = waiting.pop()
        rule = makefile.rule(target)
        if rule is None or target in done:
            continue
        missing = [need for need in rule.needs if need in makefile.rules and need not in done]
        if missing and target not in opened:
            opened.add(target)
            waiting.append(target)
            waiting.extend(reversed(missing))
            continue
        done.add(target)
        for line, written in rule.recipe:
            command = makefile.expanded(written, given).replace("$@", target)
            sign = re.match(r"[@+\-\s]*", command)
            prefix = sign[0] if sign else ""
            manner = Manner(errexit=False, heeded="-" not in prefix and makefile.heeds(target))
            yield Part(command[len(prefix) :], path, line, manner, where)


def _as_makefile(text: str) -> str:
    """A justfile with its recipes as a Makefile has them: names without parameters, lines behind a tab."""
    lines = []
    for line in text.split("\n")[:5_000]:
        if line[:1] in (" ", "\t") and line.strip():
            lines.append("\t" + line.strip())
        elif rule := re.match(r"^@?([\w-]+)(?:\s[^:\n]*)?:(?!=)(.*)$", line):
            lines.append(f"{rule[1]}:{re.sub(r'[()]', ' ', rule[2])}")
        elif not line.startswith("["):
            lines.append(line)
    return "\n".join(lines)
