"""Makes one configuration of the files that a pipeline of GitLab includes, each entry of which knows its file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Any

from ....domain.located import Located, pointer
from ...inforce.conditions import gitlab as conditions
from ...inforce.force import IN_FORCE, Force, unknown
from ...tree import SourceFile
from ._shared import MAX_STEPS, Keys, documents, text, variables

MAX_FILES = 200
_MAX_DEEP = 5
_MAX_REFERENCES = 10
_MOST_OPEN = 4
"""Variables and stars in a path; one with more is no path that anybody follows."""
_VARIABLE = re.compile(r"\$\{?\w+\}?|\$\[\[.*?\]\]")
_ELSEWHERE = ("remote", "project", "component")


@dataclass(frozen=True)
class Include:
    """One entry of ``include:``."""

    path: str
    """A pattern where it is one of this tree; else empty."""
    elsewhere: str
    """Whose it is where it is none of this tree."""
    line: int
    force: Force = IN_FORCE


@dataclass
class Merged:
    """All that a pipeline is made of: later files have the last word."""

    document: Located
    sources: dict[str, SourceFile] = field(default_factory=dict)
    origins: dict[tuple[str | int, ...], str] = field(default_factory=dict)
    missing: list[tuple[str, Include]] = field(default_factory=list)
    """What is included and not there, with the file that names it."""

    def path(self, keys: Keys) -> str:
        """The file in which the entry under *keys* stands."""
        return self.origins.get(tuple(keys[:2])) or self.origins.get(tuple(keys[:1])) or self.document.path

    def source(self, keys: Keys) -> SourceFile:
        """The same as it was read."""
        return self.sources[self.path(keys)]

    def expanded(self, value: Any, depth: int = 0) -> Any:
        """*value*, where ``!reference`` is replaced by what it names; one that names nothing stays."""
        if isinstance(value, list) and depth < _MAX_REFERENCES:
            found: list[Any] = []
            for item in value[:1_000]:
                named = _reference(item)
                there = self.document.get(*named) if named else None
                if there is None:
                    found.append(item)
                else:
                    inner = self.expanded(there, depth + 1)
                    found.extend(inner if isinstance(inner, list) else [inner])
            return found[:2_000]
        named = _reference(value)
        there = self.document.get(*named) if named and depth < _MAX_REFERENCES else None
        return value if there is None else self.expanded(there, depth + 1)

    def commands(self, keys: Keys) -> Iterator[tuple[str, Keys]]:
        """Each command of the script under *keys*, and where it stands."""
        stack: list[tuple[Any, Keys, int]] = [(self.document.get(*keys), keys, 0)]
        left = 4 * MAX_STEPS
        while stack and left > 0:
            left -= 1
            item, where, depth = stack.pop()
            named = _reference(item)
            if named and depth < _MAX_REFERENCES and self.document.get(*named) is not None:
                stack.append((self.document.get(*named), named, depth + 1))
            elif isinstance(item, str) and item.strip():
                yield item, where
            elif isinstance(item, list):
                stack.extend((part, (*where, n), depth) for n, part in reversed(list(enumerate(item[: MAX_STEPS + 1]))))

    def unresolved(self, value: Any, depth: int = 0) -> bool:
        """Whether *value* names by ``!reference`` what no file here has."""
        if isinstance(value, list):
            return depth < _MAX_REFERENCES and any(self.unresolved(item, depth + 1) for item in value[:1_000])
        named = _reference(value)
        return bool(named) and self.document.get(*named) is None


def _reference(value: Any) -> tuple[str, ...]:
    named = value.get("!reference") if isinstance(value, dict) else None
    return tuple(text(part) for part in named[:4]) if isinstance(named, list) else ()


def merged(root: str, files: Mapping[str, SourceFile]) -> Merged:
    """What the file at *root* comes to with all that it includes."""
    found = Merged(Located(path=root))
    body: dict[str, Any] = {}
    lines: dict[str, int] = {}
    _take(root, files, found, body, lines, set())
    found.document = Located(path=root, body=body, lines=lines)
    return found


def _take(
    path: str,
    files: Mapping[str, SourceFile],
    found: Merged,
    body: dict[str, Any],
    lines: dict[str, int],
    seen: set[str],
) -> None:
    seen.add(path)
    source = files[path]
    found.sources[path] = source
    for document in documents(source):
        for include in includes(document):
            if not include.force:
                found.missing.append((path, include))
                continue
            inner = [file for file in sorted(files) if _fits(include.path, file)] if include.path else []
            if not inner:
                found.missing.append((path, include))
            for one in inner:
                if one not in seen and len(found.sources) < MAX_FILES:
                    _take(one, files, found, body, lines, seen)
        _lay(document, found, body, lines)


def _lay(document: Located, found: Merged, body: dict[str, Any], lines: dict[str, int]) -> None:
    """Lay *document* over what is there."""
    if "spec" in document.body and len(document.body) == 1:
        return
    for key, value in document.body.items():
        if key == "include":
            earlier = body.get(key, [])
            body[key] = [*earlier, *(value if isinstance(value, list) else [value])]
            continue
        before = body.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            for inner in value:
                found.origins[(key, inner)] = document.path
            body[key] = _over(before, value)
            if any(word in value for word in ("script", "trigger", "extends")):
                found.origins[(key,)] = document.path
        else:
            body[key] = value
            for inner in value if isinstance(value, dict) else ():
                found.origins[(key, inner)] = document.path
            found.origins[(key,)] = document.path
    for place, line in document.lines.items():
        lines[place] = line


def _over(before: dict[str, Any], after: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """*before* with what *after* says; mappings are merged, all else is replaced."""
    made = dict(before)
    for key, value in after.items():
        earlier = made.get(key)
        both = isinstance(value, dict) and isinstance(earlier, dict) and depth < _MAX_DEEP
        made[key] = _over(earlier, value, depth + 1) if both else value  # type: ignore[arg-type]  # both are mappings
    return made


def includes(document: Located, keys: Keys = ("include",)) -> Iterator[Include]:
    """What *document* includes under *keys*."""
    value = document.get(*keys)
    for number, entry in enumerate(value if isinstance(value, list) else [value]):
        where: Keys = (*keys, number) if isinstance(value, list) else keys
        line = document.lines.get(pointer(where)) or document.at(*where).line
        if isinstance(entry, str) and entry:
            remote = entry.startswith(("http://", "https://"))
            yield Include("" if remote else entry, entry if remote else "", line)
        elif isinstance(entry, dict):
            rules = entry.get("rules")
            told = (
                conditions.of_workflow(rules, variables(document.get("variables"))) if isinstance(rules, list) else None
            )
            force = IN_FORCE if told is None else told.force
            if any(key in entry for key in _ELSEWHERE):
                whose = text(next(entry[key] for key in _ELSEWHERE if key in entry))
                yield Include("", f"{whose}:{text(entry.get('file'))}".rstrip(":"), line, force)
            elif "local" in entry:
                yield Include(text(entry["local"]), "", line, force)
            elif "artifact" in entry:
                yield Include("", f"what job {text(entry.get('job'))} makes", line, unknown("is made when it runs"))


def _fits(pattern: str, path: str) -> bool:
    """Whether an include of *pattern* names *path*."""
    wanted = pattern.removeprefix("/").removeprefix("./")
    if "$" not in wanted and "*" not in wanted:
        return wanted == path
    if wanted.count("$") + wanted.count("*") > _MOST_OPEN:
        return False
    spelled = re.escape(_VARIABLE.sub("\0", wanted)).replace(re.escape("\0"), ".*") if "$" in wanted else ""
    return re.fullmatch(spelled.replace(r"\*", ".*") if spelled else translate(wanted), path) is not None
