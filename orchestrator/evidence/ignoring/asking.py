"""Reads the inline words of one file by which it asks tools to look away, with the lines that they reach."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

import ahocorasick_rs

from ...vocabulary import Ignore, ignores
from ..facts.ignores import Ignored
from .comments import Comment, comments, dialect

_WORDS = sorted({row.word for row in ignores()})
ANCHORS = tuple(word.encode() for word in _WORDS if not any(other in word for other in _WORDS if other != word))
"""Of these each file has one that asks for anything; in lower case."""
_AUTOMATON = ahocorasick_rs.BytesAhoCorasick(list(ANCHORS), implementation=ahocorasick_rs.Implementation.DFA)
_WORKFLOW = re.compile(r"(^|/)(\.github/(workflows|actions)/.*|action)\.ya?ml$")
_NEXT = re.compile(r"[ \t]#+|[ \t]//+")
"""Where a comment goes on as another one."""
MAX_ASKED = 2_000
"""Of one file."""


def may_ask(lower: bytes) -> bool:
    """Whether a file may ask for anything, by what it says in *lower* case."""
    return bool(_AUTOMATON.find_matches_as_indexes(lower))


def asked_in(path: str, text: str) -> Iterator[Ignored]:
    """Every request of the file *path* that is well formed, in the order of its lines."""
    written_in = dialect(path)
    dialects = {written_in, *(("workflow",) if _WORKFLOW.search(path) else ())}
    rows = [row for row in ignores() if not row.written_in or dialects & set(_told(row.written_in))]
    found = 0
    lines: list[str] = []
    statements: dict[int, tuple[int, int]] | None = None
    for comment in comments(text, written_in):
        for row, rules in _requests(comment.text, rows):
            about = row.about(rules)
            if not about:
                continue
            lines = lines or text.split("\n")
            if row.reach == "statement" and statements is None:
                statements = _statements(text)
            first, last = _reach(row, comment, lines, written_in, statements or {})
            yield Ignored(
                path=path,
                line=comment.line,
                first=first,
                last=last,
                tool=row.tool,
                said=comment.text[:MAX_SAID],
                about=tuple(sorted(about)),
            )
            found += 1
            if found >= MAX_ASKED:
                return


MAX_SAID = 120
"""Characters of a request that are kept."""


def _told(written_in: Sequence[str]) -> Iterator[str]:
    """The dialects of comments that a row names."""
    for name in written_in:
        yield from ("script",) if name == "javascript" else (name,)


def _requests(text: str, rows: Sequence[Ignore]) -> Iterator[tuple[Ignore, tuple[str, ...]]]:
    """Each request that a comment with *text* makes, with the rules that it names."""
    starts = [0, *(found.end() for found in _NEXT.finditer(text))]
    for start in starts[:MAX_STARTS]:
        part = text[start:].lstrip(" \t")
        for row in rows:
            if (found := row.begins.match(part)) is not None:
                said = found.groupdict().get("rules") or ""
                yield row, tuple(rule for rule in re.split(r"[,\s]+", said) if rule)


MAX_STARTS = 8
"""Comments in one comment that are looked at."""


def _reach(
    row: Ignore, comment: Comment, lines: Sequence[str], written_in: str, statements: Mapping[int, tuple[int, int]]
) -> tuple[int, int]:
    """First and last line that *row* reaches from *comment*; (0, 0) where it reaches none."""
    here = (comment.line, comment.line)
    match row.reach:
        case "line":
            return (0, 0) if comment.alone else here
        case "statement":
            return (0, 0) if comment.alone else statements.get(comment.line, here)
        case "next":
            return _after(comment.line, lines, written_in) if comment.alone or row.kind == "infrastructure" else (0, 0)
        case "line or next":
            return _after(comment.line, lines, written_in) if comment.alone else here
        case "block":
            at = _after(comment.line, lines, written_in) if comment.alone else here
            return _block(at[0], lines, written_in) if at[0] else at
        case "resource":
            return _around(comment.line, lines, written_in)
    return (0, 0)


def _after(line: int, lines: Sequence[str], written_in: str) -> tuple[int, int]:
    """The first line after *line* that is more than a comment, with what it is continued by in a Dockerfile."""
    signs = ("#",) if written_in not in ("script", "go", "c", "php") else ("//", "/*", "*")
    for number in range(line + 1, min(len(lines), line + MAX_BETWEEN) + 1):
        text = lines[number - 1].strip()
        if not text or text.startswith(signs):
            continue
        last = number
        while written_in == "dockerfile" and last < len(lines) and lines[last - 1].rstrip().endswith("\\"):
            last += 1
        return number, last
    return 0, 0


MAX_BETWEEN = 20
"""Comments and blank lines between a request and what it is about."""
_OPENS = re.compile(r"\s*[A-Za-z_][\w-]*(?:\s+\"[^\"\n]*\")*\s*\{")


def _block(line: int, lines: Sequence[str], written_in: str) -> tuple[int, int]:
    """The whole of the block of HCL that begins at *line*; the line alone where none does."""
    if written_in != "hcl" or not _OPENS.match(lines[line - 1]):
        return line, line
    return line, _closed(line, lines) or line


def _closed(line: int, lines: Sequence[str]) -> int:
    """The line that closes what *line* opens, by how far it is indented; 0 where none of the next does."""
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    for number in range(line + 1, min(len(lines), line + MAX_BLOCK) + 1):
        text = lines[number - 1]
        if text.strip().startswith("}") and len(text) - len(text.lstrip()) <= indent:
            return number
    return 0


MAX_BLOCK = 2_000
"""Lines of a block, or of a resource, that are looked through for its ends."""


def _around(line: int, lines: Sequence[str], written_in: str) -> tuple[int, int]:
    """The outermost block of HCL, or the resource of a template in YAML, that *line* lies in."""
    if written_in == "hcl":
        for number in range(line - 1, max(line - MAX_BLOCK, 0), -1):
            text = lines[number - 1]
            if text[:1] == "}":
                return 0, 0
            if text[:1].isalpha() and _OPENS.match(text):
                last = _closed(number, lines)
                return (number, last) if number < line <= last else (0, 0)
        return 0, 0
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    first = line
    for number in range(line - 1, max(line - MAX_BLOCK, 0), -1):
        text = lines[number - 1]
        if text.strip() and not text.lstrip().startswith("#"):
            here = len(text) - len(text.lstrip())
            if here < indent:
                first = number
                indent = here
                break
    if first == line or not re.fullmatch(r"[ ]{2,}[A-Za-z][A-Za-z0-9]*:[ ]*", lines[first - 1].rstrip("\r")):
        return 0, 0
    last = first
    for number in range(first + 1, min(len(lines), first + MAX_BLOCK) + 1):
        text = lines[number - 1]
        if text.strip():
            if len(text) - len(text.lstrip()) <= indent:
                break
            last = number
    return first, last


def _statements(text: str) -> dict[int, tuple[int, int]]:
    """
    First and last line of the smallest statement that each line belongs to; none where the text does not parse.

    Of a statement with a body that is its head.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno or node.lineno
            found.append((node.lineno, max(last, node.lineno)))
    found.sort(key=lambda bounds: bounds[0] - bounds[1])
    return {line: bounds for bounds in found for line in range(bounds[0], bounds[1] + 1)}
