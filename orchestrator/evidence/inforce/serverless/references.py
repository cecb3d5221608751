"""Works the Serverless Framework's references out over the file that they stand in: ``${self:custom.days, 7}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...stages import is_elsewhere
from ..terraform.bodies import Room
from ..terraform.values import PRODUCTION, UNKNOWN, plain, same

_MAX_DEPTH = 20
_MAX_TEXT = 4_000
_MAX_STEPS = 40_000
_MAX_HOLES = 60
_HOLE = re.compile(r"\$\{([^${}]{1,500})\}")
_OURS = re.compile(
    r"(self|opt|env|sls|param|strToBool|file|cf|ssm|aws|s3|git|output|state|vault|doppler|terraform|secrets?|construct)"
    r"(?:\([^()]{0,300}\))?:|(file|strToBool)\("
)
_NUMBER = re.compile(r"-?\d{1,15}")
_STAGES = frozenset({"opt:stage", "sls:stage", "self:provider.stage"})
_GONE = object()
"""What is not there, so that what stands after the comma is taken."""
_HELD, _STAGE = "\x01", "\x02"
"""Stand in a text for what is somebody else's reference, and for the name of production."""


class References:
    """
    What references come to in one file; the stage that is deployed is production, whatever it is called.

    Args:
        body: The whole file.
        room: What putting them in place may add.
    """

    def __init__(self, body: Mapping[str, Any], room: Room) -> None:
        self._body = body
        self._room = room
        self._left = _MAX_STEPS

    @property
    def spent(self) -> bool:
        """Whether there was more to work out than anybody writes, so that not all was."""
        return self._left < 0

    def fill(self, value: Any, depth: int = 0) -> Any:
        """*value* with what references come to in their place; one that cannot be told stays as it is written."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return value if isinstance(value, str) else {} if isinstance(value, dict) else None
        if isinstance(value, dict):
            return {key: self.fill(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.fill(inner, depth + 1) for inner in value]
        if not isinstance(value, str) or "${" not in value:
            return value
        found = plain(self.value(value, depth + 1))
        return found if found is not UNKNOWN and self._room.fits(found) else value

    def value(self, written: Any, depth: int = 0) -> Any:
        """What *written* comes to, ``UNKNOWN`` or the name of production."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return UNKNOWN
        if not isinstance(written, str) or "${" not in written:
            return self.fill(written, depth + 1)
        return self._text(written, depth)

    def _text(self, text: str, depth: int) -> Any:
        held: list[str] = []
        if _HELD in text or _STAGE in text:
            return UNKNOWN
        for _ in range(_MAX_HOLES):
            hole = _HOLE.search(text)
            if hole is None or len(text) > _MAX_TEXT:
                break
            if not _OURS.match(hole[1].strip()):
                held.append(hole[0])
                said = f"{_HELD}{len(held) - 1}{_HELD}"
            else:
                found = self._first(hole[1], depth + 1)
                if hole.span() == (0, len(text)):
                    return found
                if found is PRODUCTION:
                    said = _STAGE
                elif isinstance(found, str | int):
                    said = str(found).lower() if isinstance(found, bool) else str(found)
                else:
                    return UNKNOWN
            text = f"{text[: hole.start()]}{said}{text[hole.end() :]}"
        if text == _STAGE:
            return PRODUCTION
        if _HOLE.search(text) or _STAGE in text or len(text) > _MAX_TEXT:
            return UNKNOWN
        for number, reference in enumerate(held):
            text = text.replace(f"{_HELD}{number}{_HELD}", reference)
        return text

    def _first(self, said: str, depth: int) -> Any:
        """The first of what is named between commas that is there."""
        stage = False
        for part in (part.strip() for part in said.split(",")):
            found = self._one(part, depth)
            stage |= part in _STAGES
            if stage and (not isinstance(found, str) or is_elsewhere(found)):
                if found is _GONE:
                    continue
                return PRODUCTION
            if found is not _GONE:
                return found
        return PRODUCTION if stage else UNKNOWN

    def _one(self, part: str, depth: int) -> Any:
        if len(part) > 1 and part[0] == part[-1] and part[0] in "'\"":
            return part[1:-1]
        if part in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[part]
        if _NUMBER.fullmatch(part):
            return int(part)
        if part.startswith("strToBool("):
            return {"true": True, "1": True, "false": False, "0": False}.get(part[10:-1].strip().lower(), UNKNOWN)
        source, _, address = part.partition(":")
        if source == "self":
            return self._own(address, depth)
        if source == "opt":
            return _GONE  # an option that nobody gives
        if part == "sls:stage":
            return self._own("provider.stage", depth)
        return self._parameter(address, depth) if source == "param" else UNKNOWN

    def _own(self, address: str, depth: int) -> Any:
        """What stands at *address* in the file itself."""
        value: Any = self._body
        steps = address.split(".") if address else []
        if len(steps) > _MAX_DEPTH:
            return UNKNOWN
        for step in steps:
            if isinstance(value, str) and "${" in value:
                value = self.value(value, depth + 1)
            value = self._step(value, step)
            if value is UNKNOWN or value is _GONE:
                return value
        return self.value(value, depth + 1)

    def _step(self, value: Any, step: str) -> Any:
        if isinstance(value, list):
            return value[int(step)] if step.isdecimal() and int(step[:6]) < len(value) else _GONE
        if not isinstance(value, dict):
            return UNKNOWN if plain(value) is UNKNOWN else _GONE
        if step == _STAGE:
            named = [key for key in value if isinstance(key, str) and same(PRODUCTION, key) is True]
            return value[named[0]] if len(named) == 1 else _GONE if not named else UNKNOWN
        return value.get(step, _GONE) if _HELD not in step and _STAGE not in step else UNKNOWN

    def _parameter(self, name: str, depth: int) -> Any:
        """A parameter as production has it, else as every stage has it."""
        for section in ("params", "stages"):
            stages = self._body.get(section)
            for stage in (_STAGE, "default"):
                found = self._step(stages, stage) if isinstance(stages, dict) else _GONE
                found = self._step(found, "params") if section == "stages" and isinstance(found, dict) else found
                found = self._step(found, name) if isinstance(found, dict) else _GONE
                if found is not _GONE:
                    return self.value(found, depth + 1)
        return UNKNOWN
