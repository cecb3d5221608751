"""Turns a Helm template into plain YAML: its chart's values filled in, the rest marked open."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .gotemplate import UNKNOWN, Known, evaluate

OPEN = "__helm__"
"""Stands wherever a template decides something that the chart's own values do not."""

_KEY = re.compile(r"( +)([A-Za-z][\w.-]*):(?: |$)")
_MAX_ACTIONS = 200
_MAX_TEXT = 500


@dataclass
class Rendered:
    """YAML text, and for each of its lines (from 0) the line of the template (from 1) that it came from."""

    text: str
    lines: list[int]
    doubted: frozenset[int] = frozenset()
    """The lines of the template that are there under a condition that cannot be told."""


@dataclass
class _Frame:
    kind: str
    active: bool
    dot: Any
    taken: bool = False
    indent: int = -1
    """Of the first line that was left out; -1 before there was one, -2 where it was not a key inside a mapping."""
    doubt: bool = False
    """It is active, and whether it should be cannot be told."""
    whole: bool | None = None
    """Of one in doubt: it holds whole objects; None before its first line."""


@dataclass
class _Renderer:
    scope: Mapping[str, Any]
    mark: bool
    budget: int
    """How many more values may be written out; grows with the template, so that no small file makes a large one."""
    out: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    doubted: set[int] = field(default_factory=set)


def render(text: str, scope: Mapping[str, Any], *, mark: bool = True) -> Rendered:
    """
    Fill in *text* as far as *scope* (``Values``, ``Chart``, ``Release``) tells, line by line and in linear time.

    A block whose condition is false by the values is left out, with its keys marked open; so is one inside an object
    whose condition cannot be told. Whole objects under such a condition are kept, and their lines are doubted; of
    ``if`` and ``else`` the first that may hold is kept.

    Args:
        text: The template.
        scope: What expressions may ask for.
        mark: Put ``__helm__`` where a whole mapping entry is unknown; without it such lines vanish.
    """
    work = _Renderer(scope, mark, budget=500 + len(text) // 10)
    number, lines = 0, _uncommented(text).split("\n")
    while number < len(lines):
        line, first = lines[number], number
        while line.count("{{") > line.count("}}") and number + 1 < len(lines) and number - first < 60:
            number += 1
            line += " " + lines[number].strip()
        number += 1
        if not line.lstrip().startswith(("{%", "{#")):
            _line(work, line, first + 1)
    return Rendered("\n".join(work.out), work.lines, frozenset(work.doubted))


def _uncommented(text: str) -> str:
    """*text* without its comments, which may hold other actions and many lines; its own lines stay where they are."""
    parts: list[str] = []
    position = 0
    while (start := text.find("{{", position)) >= 0:
        inner = start + 2 + (text[start + 2 : start + 4] == "- ") * 2
        end = text.find("*/", inner) if text.startswith("/*", inner) else -1
        if end < 0:
            if text.startswith("/*", inner):
                break
            parts.append(text[position : start + 2])
            position = start + 2
            continue
        close = text.find("}}", end)
        if close < 0 or text[end + 2 : close].strip(" -"):
            break
        parts += [text[position:start], "\n" * text.count("\n", start, close)]
        position = close + 2
    return "".join((*parts, text[position:]))


def _line(work: _Renderer, line: str, number: int) -> None:
    if "{{" not in line:
        if _active(work):
            _emit(work, line, number)
        else:
            _left_out(work, line, number)
        return
    if line.count("{{") > _MAX_ACTIONS:
        return
    kept: list[str] = []
    block: list[str] = []
    printed = False
    position, outside = 0, len(work.frames)
    while True:
        start = line.find("{{", position)
        end = line.find("}}", start) if start >= 0 else -1
        literal = line[position : start if end >= 0 else len(line)]
        if _active(work):
            doubted = bool(literal.strip()) and position and any(frame.doubt for frame in work.frames[outside:])
            kept.append(OPEN if doubted and "".join(kept).strip() else literal)
            printed = printed or bool(literal.strip())
        elif literal.strip():
            _left_out(work, literal if not position else "", number)
        if end < 0:
            break
        position = end + 2
        action = line[start + 2 : end].removeprefix("-").removesuffix("-").strip()
        if _control(work, action) or not _active(work):
            continue
        printed = True
        text, more = _expression(work, action, "".join(kept))
        kept.append(text)
        block.extend(more)
    if printed:
        whole = "".join(kept)
        if whole.strip() or not block:
            _emit(work, whole.rstrip() if block else whole, number)
        for extra in block:
            _emit(work, extra, number)


def _emit(work: _Renderer, line: str, number: int) -> None:
    doubtful = next((frame for frame in work.frames if frame.doubt), None)
    if doubtful is not None:
        if doubtful.whole is None and line.strip(" -"):
            doubtful.whole = not line.startswith((" ", "-"))
        if doubtful.whole:
            work.doubted.add(number)
        else:
            _marked(work, doubtful, line, number)
            return
    _put(work, line, number)


def _put(work: _Renderer, line: str, number: int) -> None:
    work.out.append(line)
    work.lines.append(number)


def _left_out(work: _Renderer, line: str, number: int) -> None:
    """Mark the outermost keys of a block that the values leave out: they are open, not absent."""
    frame = next((f for f in work.frames if not f.active), None)
    if frame is None or frame.kind == "define" or frame.taken:
        return
    _marked(work, frame, line, number)


def _marked(work: _Renderer, frame: _Frame, line: str, number: int) -> None:
    """Mark *line* open, if it is one of the outermost keys in *frame*."""
    if not work.mark or not line.strip(" -"):
        return
    found = _KEY.match(line)
    if frame.indent == -1:
        frame.indent = len(found.group(1)) if found else -2
    if found and frame.indent == len(found.group(1)):
        _put(work, f"{found.group(1)}{found.group(2)}: {OPEN}", number)


def _active(work: _Renderer) -> bool:
    return not work.frames or work.frames[-1].active


def _control(work: _Renderer, action: str) -> bool:
    """Follow if, with, range, else, end and assignments; False where *action* prints something."""
    if action.startswith("/*") or not action:
        return True
    word, _, rest = action.partition(" ")
    if word == "end":
        if work.frames:
            work.frames.pop()
    elif word == "else":
        _otherwise(work, rest.strip())
    elif word in ("if", "with", "range", "define", "block"):
        if len(work.frames) < 200:
            work.frames.append(_open(work, word, rest))
    elif re.match(r"\$\w+ *:?= ", action):
        name, _, value = action.partition("=")
        if _active(work) and len(work.variables) < 200:
            work.variables[name.rstrip(" :")] = _evaluate(work, value)
    else:
        return False
    return True


def _open(work: _Renderer, word: str, rest: str) -> _Frame:
    dot = work.frames[-1].dot if work.frames else None
    if not _active(work):
        return _Frame(word, False, dot, taken=True)
    if word == "define":
        return _Frame(word, False, dot)
    value = _evaluate(work, rest.partition(":=")[2] or rest)
    doubt = value is UNKNOWN
    if word == "if":
        return _Frame(word, doubt or bool(value), dot, taken=bool(value), doubt=doubt)
    if word == "range":
        listed = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
        item = listed[0] if listed else UNKNOWN
        return _Frame(word, doubt or bool(value), item, taken=bool(value), doubt=doubt)
    return _Frame(word, doubt or bool(value), value, taken=bool(value), doubt=doubt)


def _otherwise(work: _Renderer, rest: str) -> None:
    if not work.frames:
        return
    frame = work.frames[-1]
    outer = all(f.active for f in work.frames[:-1])
    if frame.doubt and outer:
        word, _, condition = rest.partition(" ")
        frame.active, frame.indent = word != "if" or bool(_evaluate(work, condition)), -1
        return
    if frame.active or frame.taken or not outer:
        frame.active, frame.taken = False, True
        return
    word, _, condition = rest.partition(" ")
    value = _evaluate(work, condition) if word == "if" else True
    frame.active = value is UNKNOWN or bool(value)
    frame.taken, frame.doubt = frame.active, value is UNKNOWN


def _expression(work: _Renderer, action: str, before: str) -> tuple[str, list[str]]:
    """What *action* prints after *before*: text on the line, or a block of lines below it."""
    value = _evaluate(work, action)
    indent = re.search(r"\bn?indent +(\d{1,2})\b", action)
    if indent or (not before.strip() and ("toYaml" in action or "include" in action or "template" in action)):
        column = int(indent.group(1)) if indent else len(before)
        if not isinstance(value, (dict, list)) or not value or not _affordable(work, value):
            return "", [" " * column + f"{OPEN}: true"] if work.mark else []
        return "", _dump(value, column)
    if value is UNKNOWN or value is None or (isinstance(value, (dict, list)) and not _affordable(work, value)):
        return OPEN, []
    if isinstance(value, (dict, list)):
        return json.dumps(value, default=str), []
    text = str(value).lower() if isinstance(value, bool) else str(value)[:_MAX_TEXT]
    quoted = re.search(r"\bs?quote\b", action) and not before.endswith(('"', "'"))
    return json.dumps(text) if quoted else text.replace("\n", " "), []


def _affordable(work: _Renderer, value: Any) -> bool:
    """Whether *value* may be written out; takes its size off the budget."""
    waiting, size = [value] if work.budget else [], 0
    while waiting and size <= work.budget:
        item = waiting.pop()
        size += 1 + (len(item) // 100 if isinstance(item, str) else 0)
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    work.budget = max(work.budget - size, 0)
    return not waiting and work.budget > 0


def _dump(value: Any, column: int) -> list[str]:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(value, Dumper=dumper, sort_keys=False, width=10_000)
    return [" " * column + line for line in text.rstrip("\n").split("\n")]


def _evaluate(work: _Renderer, expression: str) -> Any:
    dot = work.frames[-1].dot if work.frames else None
    return evaluate(expression, Known(work.scope, dot, work.variables))
