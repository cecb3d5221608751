"""Works a CloudFormation template out over its parameters' defaults: conditions, choices, and plain functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..stages import is_elsewhere
from .force import IN_FORCE, Force, unknown, void
from .sam import Gateways
from .terraform.bodies import Room
from .terraform.values import PRODUCTION, UNKNOWN, plain, same

_MAX_DEPTH = 40
_MAX_TEXT = 4_000
_STAGE = re.compile(r"(?:^|[a-z0-9_-])(?:Env|Environment|Stage)(?:Name|Type)?$|^(?:env|environment|stage)$")
_HOLE = re.compile(r"\$\{(!?)([^${}]{1,200})\}")
_PLAIN_TRANSFORMS = ("AWS::Serverless-", "AWS::LanguageExtensions", "AWS::SecretsManager-", "AWS::CodeDeploy")
"""Macros that add to what is written and change none of it."""
_SERVERLESS = "AWS::Serverless::"
_GONE = object()
"""What is not there: ``AWS::NoValue``."""


@dataclass
class Filled:
    """A body of plain values as far as they are known, and the lines of its entries."""

    body: dict[str, Any]
    lines: dict[str, int]


class Template:
    """One template; its parameters have their defaults, and one that names an environment names production."""

    def __init__(self, body: Mapping[str, Any], room: Room) -> None:
        self._parameters = _section(body, "Parameters")
        self._mappings = _section(body, "Mappings")
        self._conditions = _section(body, "Conditions")
        self._globals = _section(body, "Globals")
        self._told: dict[str, Any] = {}
        self._room = room
        self.force = _of_macros(body.get("Transform"))

    def made(self, resource: Mapping[str, Any]) -> Force:
        """Whether *resource* is made."""
        name = resource.get("Condition")
        if name is None or not self.force:
            return self.force
        told = self._condition(name, 0) if isinstance(name, str) else UNKNOWN
        if told is UNKNOWN:
            return unknown(f"has the condition {str(name)[:80]}, which cannot be told")
        return IN_FORCE if told else void(f"has the condition {str(name)[:80]}, which is false")

    def gateways(self, resources: Mapping[str, Any]) -> Gateways:
        """The gateways of SAM among *resources*."""
        kinds = ("AWS::Serverless::Api", "AWS::Serverless::HttpApi")
        written = {
            str(name): self.properties(resource["Type"], _section(resource, "Properties"))
            for name, resource in resources.items()
            if isinstance(resource, dict) and resource.get("Type") in kinds
        }
        return Gateways(written, self._globals)

    def properties(self, kind: str, own: Mapping[str, Any]) -> dict[str, Any]:
        """The properties of a resource of type *kind*: its *own*, over those that all of its type have."""
        shared = self._globals.get(kind.removeprefix(_SERVERLESS)) if kind.startswith(_SERVERLESS) else None
        return _merged(shared, own, 0) if isinstance(shared, dict) and self._room.fits(shared) else dict(own)

    def fill(self, body: Mapping[str, Any], lines: Mapping[str, int]) -> Filled:
        """*body* with what is known in the place of functions, and its lines moved along."""
        self._old = lines
        self._new: dict[str, int] = {}
        filled = self._entry(body, "", "")
        return Filled(filled if isinstance(filled, dict) else {}, self._new)

    def _entry(self, value: Any, old: str, new: str) -> Any:
        if old in self._old:
            self._new[new] = self._old[old]
        name, argument = _function(value)
        if name == "If":
            chosen = self._chosen(argument)
            if chosen is not None:
                key = next(iter(value))
                return self._entry(argument[chosen], f"{old}/{_escape(key)}/{chosen}", new)
        elif name:
            found = plain(self._value(value, 0))
            if found is _GONE or (found is not UNKNOWN and self._room.fits(found)):
                return found
        if isinstance(value, dict):
            entries = ((k, self._entry(v, f"{old}/{_escape(k)}", f"{new}/{_escape(k)}")) for k, v in value.items())
            return {key: inner for key, inner in entries if inner is not _GONE}
        if isinstance(value, list):
            return list(self._elements(value, old, new))
        return value

    def _elements(self, values: list[Any], old: str, new: str) -> Iterator[Any]:
        kept = 0
        for place, value in enumerate(values):
            found = self._entry(value, f"{old}/{place}", f"{new}/{kept}")
            if found is not _GONE:
                kept += 1
                yield found

    def _chosen(self, argument: Any) -> int | None:
        """Which of the two values of a choice counts; None where that cannot be told."""
        if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
            return None
        told = self._condition(argument[0], 0)
        return None if told is UNKNOWN else 1 if told else 2

    def _condition(self, name: str, depth: int) -> Any:
        """True, false, or not known."""
        if name not in self._told:
            self._told[name] = UNKNOWN  # what names itself is not known
            if name in self._conditions and depth < _MAX_DEPTH:
                self._told[name] = self._truth(self._conditions[name], depth + 1)
        return self._told[name]

    def _truth(self, value: Any, depth: int) -> Any:
        name, argument = _function(value)
        if name == "Condition" and isinstance(argument, str):
            return self._condition(argument, depth)
        parts = argument if isinstance(argument, list) else []
        if name == "Equals" and len(parts) == 2:
            left, right = (_text(self._value(part, depth)) for part in parts)
            return same(left, right)
        if name not in ("And", "Or", "Not") or not parts or depth > _MAX_DEPTH:
            return UNKNOWN
        answers = [self._truth(part, depth + 1) for part in parts]
        if name == "Not":
            return UNKNOWN if answers[0] is UNKNOWN else not answers[0]
        decides = name == "Or"
        if any(answer is decides for answer in answers):
            return decides
        return UNKNOWN if any(answer is UNKNOWN for answer in answers) else not decides

    def _value(self, value: Any, depth: int) -> Any:
        """What *value* comes to, ``UNKNOWN`` or the name of production."""
        name, argument = _function(value)
        if depth > _MAX_DEPTH:
            return UNKNOWN
        if name in _WORK:
            return _WORK[name](self, argument, depth + 1)
        if name:
            return UNKNOWN
        if isinstance(value, list):
            found = [plain(self._value(part, depth + 1)) for part in value]
            return UNKNOWN if any(part is UNKNOWN or part is _GONE for part in found) else found
        return UNKNOWN if isinstance(value, dict) else value

    def _ref(self, argument: Any, depth: int) -> Any:
        if argument == "AWS::NoValue":
            return _GONE
        parameter = self._parameters.get(argument) if isinstance(argument, str) else None
        if not isinstance(parameter, dict):
            return UNKNOWN
        default = parameter.get("Default", UNKNOWN)
        if _STAGE.search(argument) and (not isinstance(default, str) or is_elsewhere(default)):
            return PRODUCTION
        if str(parameter.get("Type", "")).startswith("AWS::SSM::"):
            return UNKNOWN
        if isinstance(default, str) and "List" in str(parameter.get("Type")):
            return [part.strip() for part in default.split(",")]
        return default

    def _if(self, argument: Any, depth: int) -> Any:
        chosen = self._chosen(argument)
        return UNKNOWN if chosen is None else self._value(argument[chosen], depth)

    def _sub(self, argument: Any, depth: int) -> Any:
        pattern, names = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(pattern, str) or not isinstance(names, dict):
            return UNKNOWN
        parts: list[str] = []
        at = 0
        for hole in _HOLE.finditer(pattern):
            name = hole[2].strip()
            said = f"${{{name}}}" if hole[1] else _text(plain(self._value(names.get(name, {"Ref": name}), depth)))
            if not isinstance(said, str):
                return UNKNOWN
            parts += [pattern[at : hole.start()], said]
            at = hole.end()
        return _short("".join([*parts, pattern[at:]]))

    def _join(self, argument: Any, depth: int) -> Any:
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            return UNKNOWN
        parts = plain(self._value(argument[1], depth))
        texts = [_text(part) for part in parts] if isinstance(parts, list) else [UNKNOWN]
        known = [text for text in texts if isinstance(text, str)]
        return _short(argument[0].join(known)) if len(known) == len(texts) else UNKNOWN

    def _split(self, argument: Any, depth: int) -> Any:
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            return UNKNOWN
        text = plain(self._value(argument[1], depth))
        return text.split(argument[0]) if isinstance(text, str) and argument[0] else UNKNOWN

    def _select(self, argument: Any, depth: int) -> Any:
        if not isinstance(argument, list) or len(argument) != 2:
            return UNKNOWN
        place, values = _text(plain(self._value(argument[0], depth))), plain(self._value(argument[1], depth))
        known = isinstance(place, str) and place.isdecimal() and isinstance(values, list) and len(place) < 6
        return values[int(place)] if known and int(place) < len(values) else UNKNOWN

    def _find(self, argument: Any, depth: int) -> Any:
        keys = [self._value(key, depth) for key in argument] if isinstance(argument, list) else []
        value: Any = self._mappings if len(keys) == 3 else UNKNOWN
        for key in keys:
            if not isinstance(value, dict):
                return UNKNOWN
            named = [name for name in value if same(PRODUCTION, name) is True] if key is PRODUCTION else [_text(key)]
            value = value.get(named[0], UNKNOWN) if len(named) == 1 and isinstance(named[0], str) else UNKNOWN
        return UNKNOWN if isinstance(value, dict) else value


_Work = Callable[[Template, Any, int], Any]
_WORK: dict[str, _Work] = {
    "Ref": Template._ref,
    "If": Template._if,
    "Sub": Template._sub,
    "Join": Template._join,
    "Split": Template._split,
    "Select": Template._select,
    "FindInMap": Template._find,
}


def _merged(shared: Mapping[str, Any], own: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """What both say: mappings are merged, lists are put together, and of all else what is *own* wins."""
    found = dict(shared)
    for key, value in own.items():
        before = shared.get(key)
        if isinstance(before, dict) and isinstance(value, dict) and depth < _MAX_DEPTH and not _function(value)[0]:
            found[key] = _merged(before, value, depth + 1)
        elif isinstance(before, list) and isinstance(value, list):
            found[key] = [*value, *before]  # so that its own elements keep the places of their lines
        else:
            found[key] = value
    return found


def _section(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _function(value: Any) -> tuple[str, Any]:
    """The function that *value* calls, in its long form or as a tag, and its argument; no name where it calls none."""
    if not isinstance(value, dict) or len(value) != 1:
        return "", None
    (key, argument) = next(iter(value.items()))
    if not isinstance(key, str):
        return "", None
    if key.startswith("Fn::"):
        return key[4:], argument
    return (key.removeprefix("!"), argument) if key.startswith("!") or key in ("Ref", "Condition") else ("", None)


def _of_macros(transform: Any) -> Force:
    """Whether what is written is what is made."""
    names = transform if isinstance(transform, list) else [transform] if transform is not None else []
    for name in names:
        if not isinstance(name, str) or not name.startswith(_PLAIN_TRANSFORMS):
            told = name if isinstance(name, str) else name.get("Name") if isinstance(name, dict) else ""
            return unknown(f"is changed by the macro {str(told)[:80]}")
    return IN_FORCE


def _text(value: Any) -> Any:
    """*value* as CloudFormation compares and joins it: true is ``true``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _short(text: str) -> Any:
    return text if len(text) <= _MAX_TEXT else UNKNOWN


def _escape(key: Any) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
