"""Ways of YAML and JSON of any kind: text that is a value, keys that nobody reads."""

from __future__ import annotations

import json

from .._kinds import documents, dump
from .._way import Way, indented, rewritten

YAML = "workflow gitlab kubernetes rules alertmanager compose yaml"


def _keyed(key: str, text: str) -> str | None:
    bodies = documents(text)
    return dump({key: bodies[0]}) if len(bodies) == 1 and isinstance(bodies[0], dict) else None


def _json_keyed(text: str) -> str:
    return json.dumps({"//": json.loads(text)}, indent=1)


WAYS: tuple[Way, ...] = (
    rewritten("in a string", YAML, lambda text: f"text: |\n{indented(text, '  ')}"),
    rewritten("under a key that nobody reads", YAML, lambda text: _keyed("x-disabled", text)),
    rewritten("in a string", "json dashboard package.json", lambda text: json.dumps({"text": text})),
    rewritten("under a key that nobody reads", "json dashboard package.json", _json_keyed),
)
