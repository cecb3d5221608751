"""Tells steps that ask a running deployment whether it works."""

from __future__ import annotations

import re

from ...host.late import late
from ..facts.pipelines import CiCommand, CiStep
from .deploying import deploys, goes_back
from .opaque import does_something

_SMOKE_NAME = late(
    r"smoke|sanity[- ]?(test|check)|post[-_ ]?deploy\w*|health[-_ ]?check|verify (the )?(deploy\w*|"
    r"release|site|health)|"
    r"check (the )?(deployment|deployed|health)|synthetic|(test|probe) (the )?(deployed|live|production)",
    re.IGNORECASE,
)
_SMOKE_COMMAND = late(
    r"\bcurl\b.{0,300}(-\w*f\w*|--fail\S*)\b.{0,300}(health|ready|status|ping|alive|version|smoke|https?://)|"
    r"\b(newman run|helm test|synthetics-ci|checkly test|httpyac|hurl|k6 run .{0,100}smoke|wait-on)\b|"
    r"smoke[-_]?tests?\b|"
    r"\b(BASE_URL|CYPRESS_baseUrl|PLAYWRIGHT_BASE_URL|E2E_URL)=\S+"
)
_TALKS_TO_PEOPLE = late(
    r"slack|discord|telegram|webhook|teams|sentry|newrelic|datadog.{0,20}event|hooks\.", re.IGNORECASE
)


_FETCHES = late(r"\b(?:curl|wget)\b")
_FAILS = late(r"\bwget\b|\bcurl\b.{0,300}(?:\s-\w*f|--fail)|[|`]|\$\(")
_HERE = late(r"//(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)\b")
_WITHIN = late(r"\b(?:ssh|exec|port-forward|docker|kubectl|compose)\b")
_SETS_UP = late(r"^(?:sleep|echo|set|cd|export|printf|true|python3? -m http\.server|npx (?:serve|http-server))\b")


def _asks_nobody(command: CiCommand) -> bool:
    """Whether *command* asks nothing that could answer badly: any answer will do, or it asks the machine at hand."""
    text = command.text
    if _FETCHES.search(text) and not _WITHIN.search(text):
        return not _FAILS.search(text) or bool(_HERE.search(text))
    return _SETS_UP.match(text) is not None


def tries_out(step: CiStep) -> bool:
    """Whether *step* asks a running deployment whether it works."""
    if step.after_failure:
        return False
    acts = goes_back(step)
    if step.commands and all(map(_asks_nobody, step.commands)):
        return False
    named = _SMOKE_NAME.search(step.name) and not _TALKS_TO_PEOPLE.search(step.name) and not deploys(step)
    if named and (step.enforced.strip() or acts):
        return True
    return any(
        (command.heeded or acts)
        and _SMOKE_COMMAND.search(command.text)
        and not _TALKS_TO_PEOPLE.search(command.text)
        and command.calls != "absent"
        and (command.calls != "followed" or does_something(step.commands[number + 1 :]))
        for number, command in enumerate(step.commands)
    )
