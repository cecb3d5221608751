"""Knows which tests can tell an edit: those that called its function, or one that uses the name that it changes."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ._edits import Edit

AT_MOST_SECONDS = 10.0
"""What the tests of one edit may take together when nothing is broken; the nearest and quickest are asked first."""
AT_MOST_FILES = 8
AT_MOST = 200


@dataclass(frozen=True)
class Teller:
    """One test that may tell, as it ran on a copy that nobody broke."""

    id: str
    seconds: float


@dataclass
class Recording:
    """Which functions each good test called."""

    tests: dict[str, Teller] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    """Every test that ran, bad ones too."""
    by_function: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def read(cls, folder: Path, without: tuple[str, ...] = ()) -> Recording:
        """What the processes of recorded runs wrote; of a test that ran again the last word counts."""
        recording = cls()
        called: dict[str, set[str]] = defaultdict(set)
        for file in sorted(folder.glob("*.jsonl"), key=lambda file: file.stat().st_mtime):
            for line in file.read_text().splitlines():
                entry = json.loads(line)
                if without and entry["test"].startswith(without):
                    continue
                called[entry["test"]] |= set(entry["called"])
                if "good" in entry:
                    recording.known.add(entry["test"])
                    recording.tests.pop(entry["test"], None)
                    if entry["good"]:
                        recording.tests[entry["test"]] = Teller(entry["test"], entry["seconds"])
        for test in recording.tests:
            for function in called[test]:
                recording.by_function[function].add(test)
        return recording


class Selection:
    """Finds the tests for an edit."""

    def __init__(self, root: Path, recording: Recording) -> None:
        self._recording = recording
        self._uses = Uses(root)

    def of(self, edit: Edit) -> list[Teller]:
        """The tests to ask about *edit*, nearest and quickest first, as many as there is time for."""
        found: set[str] = set()
        for function in self._functions(edit):
            found |= self._recording.by_function.get(function, set())
        if not found:
            found = {
                t for f, tests in self._recording.by_function.items() if f.startswith(f"{edit.path}:") for t in tests
            }
        found |= set(_named_after(edit.path, self._recording.tests))
        tests = sorted(
            (self._recording.tests[t] for t in found), key=lambda t: (-_nearness(edit.path, t.id), t.seconds, t.id)
        )
        chosen: list[Teller] = []
        files: set[str] = set()
        seconds = 0.0
        for test in tests[:AT_MOST]:
            file = test.id.partition("::")[0]
            if seconds + test.seconds <= AT_MOST_SECONDS and (file in files or len(files) < AT_MOST_FILES):
                chosen.append(test)
                files.add(file)
                seconds += test.seconds
        return chosen

    def _functions(self, edit: Edit) -> Iterator[str]:
        yield f"{edit.path}:{edit.scope}"
        prefix = f"{edit.path}:{edit.scope}."
        yield from (function for function in self._recording.by_function if edit.scope and function.startswith(prefix))
        yield from self._uses.of(edit.path, edit.scope)


def _parts(path: str) -> set[str]:
    parts = {part.removesuffix(".py").removeprefix("test_").strip("_") for part in PurePosixPath(path).parts}
    return parts - {"orchestrator", "agents", "tests", "facts"}


def _nearness(path: str, test: str) -> int:
    """How much of *path* a test has in its own; most of all one that is given the very file."""
    return 9 if test.endswith(f"[{path}]") else len(_parts(path) & _parts(test.partition("::")[0]))


def _named_after(path: str, tests: Iterable[str]) -> Iterator[str]:
    """Tests whose file has the name of the module or of its room: what ran before the first test was not seen."""
    stem = PurePosixPath(path).stem.strip("_")
    room = PurePosixPath(path).parent.name
    for test in tests:
        names = _parts(test.partition("::")[0])
        if test.endswith(f"[{path}]") or stem in names or (stem == "init" and room in names):
            yield test


class Uses:
    """Which functions use a name of a module, in the module itself or imported, also by way of other names."""

    def __init__(self, root: Path) -> None:
        self._by_name: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._imports: dict[str, set[str]] = defaultdict(set)
        for room in ("orchestrator", "agents"):
            for file in sorted((root / room).rglob("*.py")):
                self._read(file.relative_to(root).as_posix(), ast.parse(file.read_text()))

    def _read(self, path: str, tree: ast.Module) -> None:
        for statement in ast.walk(tree):
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    self._imports[alias.name].add(path)
        for owner, node in _owned(tree):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
                    self._by_name[inner.id].add((path, owner))
                elif isinstance(inner, ast.Attribute):
                    self._by_name[f".{inner.attr}"].add((path, owner))

    def of(self, path: str, name: str) -> set[str]:
        """``path:function`` of all that use *name* of the module at *path*."""
        found: set[str] = set()
        todo, seen = [(path, name)], set()
        while todo:
            where, what = todo.pop()
            if (where, what) in seen or not what:
                continue
            seen.add((where, what))
            short = what.rpartition(".")[2]
            for user, owner in self._by_name[short] | self._by_name[f".{short}"]:
                if user == where or user in self._imports[short] or (user, owner) in self._by_name[f".{short}"]:
                    found.add(f"{user}:{owner}")
                    if owner.isupper() or owner[:1].isupper() or owner.lstrip("_").isupper():
                        todo.append((user, owner))
        return found


def _owned(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """The functions, methods and named values of a module."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement.name, statement
        elif isinstance(statement, ast.ClassDef):
            for inner in statement.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{statement.name}.{inner.name}", inner
                else:
                    yield statement.name, inner
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            yield ast.unparse(target), statement
