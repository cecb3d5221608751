"""Writes data with its keys in another order, and YAML as JSON where it is read as either."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import yaml

from tools.shells import documents, dump, kind

from ._way import Disguise, Texts, by_file, mentioned, moved

_YAML = (".yaml", ".yml")
_AS_JSON = frozenset({"kubernetes", "workflow", "gitlab", "rules", "alertmanager", "compose"})
_NAMED = frozenset({"kustomization.yaml", "kustomization.yml", "Chart.yaml", "values.yaml"})


def _bodies(path: str, text: str) -> list[Any]:
    """
    The documents of a YAML file that can be written anew without losing anything.

    A comment would be lost; so would a tag, a template, and whatever is said by the form of a word.
    """
    if "#" in text or "{{" in text or kind(path, text) in ("helm", "other"):
        return []
    try:
        return [_started(body) for body in documents(text) if body is not None]
    except (yaml.YAMLError, ValueError, RecursionError):
        return []


def _started(body: Any) -> Any:
    """*body*, in which the key that starts a workflow is no truth value."""
    return {"on" if key is True else key: value for key, value in body.items()} if isinstance(body, dict) else body


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(part) for key, part in reversed(value.items())}
    return [_reversed(part) for part in value] if isinstance(value, list) else value


def _other_order(path: str, text: str) -> str | None:
    if path.endswith(".json"):
        body = _json(text)
        return None if body is None else json.dumps(_reversed(body), indent=2, ensure_ascii=False) + "\n"
    bodies = _bodies(path, text) if path.endswith(_YAML) else []
    return _written(lambda: dump(*map(_reversed, bodies))) if bodies else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _written(write: Callable[[], str]) -> str | None:
    try:
        return write()
    except (yaml.YAMLError, TypeError, ValueError):
        return None


def _flowing(path: str, text: str) -> str | None:
    """JSON is YAML: the same file, in the form of the other."""
    if not path.endswith(_YAML) or kind(path, text) not in _AS_JSON:
        return None
    bodies = _bodies(path, text)
    return _written(partial(_as_json, bodies)) if bodies else None


def _as_json(bodies: list[Any]) -> str:
    return "---\n".join(json.dumps(body, indent=2) + "\n" for body in bodies)


def _to_json(texts: Texts) -> dict[str, str | None]:
    """Manifests that nobody names, each in a file of JSON."""
    places, bodies = {}, {}
    for path, text in texts.items():
        file = PurePosixPath(path)
        if file.suffix not in _YAML or file.name in _NAMED or kind(path, text) != "kubernetes":
            continue
        found = _bodies(path, text)
        if len(found) == 1 and not mentioned(texts, file.name, path):
            places[path] = str(file.with_suffix(".json"))
            bodies[places[path]] = _written(partial(_as_json, found))
    if not places or None in bodies.values():
        return {}
    return {path: text and bodies[path] for path, text in moved(texts, places).items()}


def _to_yaml(texts: Texts) -> dict[str, str | None]:
    """Templates of CloudFormation that are JSON, as YAML."""
    places, bodies = {}, {}
    for path, text in texts.items():
        body = _json(text) if path.endswith(".json") else None
        if isinstance(body, dict) and isinstance(body.get("Resources"), dict) and not mentioned(texts, path):
            places[path] = str(PurePosixPath(path).with_suffix(".yaml"))
            bodies[places[path]] = dump(body)
    return {path: text and bodies[path] for path, text in moved(texts, places).items()}


WAYS = (
    by_file("keys in another order", _other_order),
    by_file("YAML written as JSON", _flowing),
    Disguise("manifests in .json", _to_json),
    Disguise("templates in .yaml", _to_yaml),
)
