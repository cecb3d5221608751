"""Grows a small tree: files copied, or what stands in them repeated, under the same or own names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

Tree = Mapping[str, str]

FIXED = re.compile(
    r"(^|/)(package\.json|\.gitlab-ci\.ya?ml|(docker-)?compose\.ya?ml|Dockerfile|requirements\.txt|Gemfile|go\.mod|README\.md|"
    r"Chart\.yaml|values\.yaml|kustomization\.yaml|application\.(ya?ml|properties)|schema\.(sql|prisma)|[^/.]+|\.[^/]+)$"
)
"""Files that are known by their whole name: a copy lies in a folder of its own."""
_TOP = re.compile(r"^(\.github/workflows/|\.circleci/|\.buildkite/|db/migrate/|migrations/|alembic/versions/)")
_NAMED = re.compile(
    r'^(?:resource|data) "[^"\n]+" "([\w-]+)"|^(?:module|variable|output) "([\w-]+)"|^\s*(?:- )?name: *"?([\w-]+)|'
    r"\b(?:TABLE|INDEX|table|class|def|func|function|model) (?:IF NOT EXISTS )?[\"`]?(\w+)|"
    r"[\"'](/\w+)[\"']|^  ([A-Za-z]\w+):$|\b(?:alert|uid|title)\"?: *\"?([\w-]+)",
    re.MULTILINE,
)
"""What gives a part of a file its name."""
_KEPT = frozenset({"production", "Service", "class", "public", "main", "Deployment", "name", "default", "self"})


def grown(files: Tree, times: int, form: str) -> dict[str, str]:
    """
    *files* with everything in them *times* times.

    Args:
        files: Path to text.
        times: How often; 1 gives the tree as it is.
        form: ``files`` copies every file; ``parts`` repeats what stands in each: documents, blocks, statements, lines,
            entries of lists and maps. ``-own`` behind it gives each copy names of its own, so that copies do not meet.
    """
    kind, _, own = form.partition("-")
    make = _copied if kind == "files" else _repeated
    return make(files, times, bool(own))


FORMS = ("files", "files-own", "parts", "parts-own")


def _copied(files: Tree, times: int, own: bool) -> dict[str, str]:
    names = sorted({name for text in files.values() for name in _names(text)}) if own else []
    return {
        _beside(path, number): _renamed(text, names, number) for number in range(times) for path, text in files.items()
    }


def _beside(path: str, number: int) -> str:
    """The path at which a copy is still what the original was."""
    if not number:
        return path
    if FIXED.search(path) and not _TOP.search(path):
        return f"part{number}/{path}"
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.partition(".")
    digits = re.match(r"(\d+)(.*)", stem)
    stem = f"{int(digits[1]) + number:0{len(digits[1])}}{digits[2]}" if digits else f"{stem}x{number}"
    return f"{folder}{slash}{stem}{dot}{ending}"


def _repeated(files: Tree, times: int, own: bool) -> dict[str, str]:
    return {path: _longer(path, text, times, own) if text.strip() else text for path, text in files.items()}


def _longer(path: str, text: str, times: int, own: bool) -> str:
    if path.endswith(".json"):
        return _entries(text, times, own, json.loads, lambda body: json.dumps(body, indent=1))
    names = _names(text) if own else []
    if path.endswith((".yaml", ".yml")):
        if "kind:" not in text and "{{" not in text:
            return _entries(text, times, own, _load, lambda body: yaml.safe_dump(body, sort_keys=False))
        return "\n---\n".join(_renamed(text, names, number) for number in range(times))
    return "\n".join(_renamed(text, names, number) for number in range(times))


def _entries(text: str, times: int, own: bool, load: Any, dump: Any) -> str:
    """A document whose outermost list of entries, or map of things, holds each of them *times* times."""
    try:
        body = load(text)
    except (ValueError, yaml.YAMLError):
        return text
    return str(dump(_multiplied(body, times, own)))


def _load(text: str) -> Any:
    """A YAML document; the key that starts a workflow is not a truth value."""
    body = yaml.safe_load(text)
    return {"on" if key is True else key: value for key, value in body.items()} if isinstance(body, dict) else body


def _multiplied(value: Any, times: int, own: bool, top: bool = True) -> Any:
    if isinstance(value, list) and value:
        return [_numbered(item, n, own) for n in range(times) for item in value]
    if not isinstance(value, dict):
        return value
    things = len(value) > 0 and not top and all(isinstance(v, type(next(iter(value.values())))) for v in value.values())
    if things and isinstance(next(iter(value.values())), dict | str):
        return {(f"{key}{n}" if n else key): _numbered(v, n, own) for n in range(times) for key, v in value.items()}
    return {key: _multiplied(v, times, own, False) for key, v in value.items()}


def _numbered(value: Any, number: int, own: bool) -> Any:
    """A copy of an entry; its names are its own where they are asked to be."""
    if isinstance(value, dict):
        return {
            k: f"{v}{number}"
            if own and number and k in ("name", "id", "title", "alert", "uid", "receiver") and isinstance(v, str)
            else _numbered(v, number, own)
            for k, v in value.items()
        }
    return [_numbered(v, number, own) for v in value] if isinstance(value, list) else value


def _names(text: str) -> list[str]:
    found = (next(group for group in match.groups() if group) for match in _NAMED.finditer(text))
    return sorted({name for name in found if name not in _KEPT}, key=lambda name: (-len(name), name))


def _renamed(text: str, names: list[str], number: int) -> str:
    if not number or not names:
        return text
    every = "|".join(re.escape(name) for name in names)
    return re.sub(rf"(?<![\w-])({every})(?![\w-])", lambda match: f"{match[1]}{number}", text)
