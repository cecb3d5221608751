"""Tells what asks a running deployment whether it works: steps, and single commands behind the one that deploys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...host.late import late
from ..facts.pipelines import CiCommand, CiStep
from .deploying import deploys, deploys_by_command, goes_back, goes_back_by_command
from .names import bare
from .opaque import does_something
from .testing import kinds_of, tests

_ABROAD = r"\brauch[-_ ]?tests?\b|\b(?:pruebas?|testes?|tests?) de (?:humo|fumo|fumaça|fumée)\b"
"""What smoke tests are called where people do not speak English."""
_SMOKE_NAME = late(
    rf"smoke|{_ABROAD}|sanity[- ]?(test|check)|post[-_ ]?deploy\w*|health[-_ ]?check|verify (the )?(deploy\w*|"
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
_FETCHES = re.compile(r"\b(?:curl|wget)\b")
_FAILS = re.compile(r"\bwget\b|\bcurl\b.{0,300}(?:\s-\w*f|--fail)|[|`]|\$\(")
_HERE = re.compile(r"//(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)\b")
_WITHIN = re.compile(r"\b(?:ssh|exec|port-forward|docker|kubectl|compose)\b")
_SETS_UP = re.compile(r"^(?:sleep|echo|set|cd|export|printf|true|python3? -m http\.server|npx (?:serve|http-server))\b")
_ADDRESS = r"(?:base|url|uri|host|addr\w*|endpoint|site|target|domain|origin)"
_OF_A_VARIABLE = re.compile(rf"\$\{{?\w{{0,30}}{_ADDRESS}\w{{0,30}}\}}?", re.IGNORECASE)
_AIMED = re.compile(
    rf"(?:^|[\s-])(?:-[PD]|--)?\w{{0,30}}[-_]?{_ADDRESS}[-_]?\w{{0,12}}[= ][\"']?(?:https?://|\$|<<)", re.IGNORECASE
)
"""Told which address to ask: ``--base-url https://…``, ``-Pbase=$BASE``, ``E2E_BASE=…``."""
_POSTS = re.compile(r"\s(?:-d|--data\S*|--json|-F|--form|-X ?POST|--request POST|--post-\w+)\b")
_SMOKE_WORDS = re.compile(r"smoke|journey|e2e|end[-_]?to[-_]?end|acceptance|synthetic|post[-_]?deploy", re.IGNORECASE)
_JOURNEY = re.compile(r"journey|e2e|end[-_]?to[-_]?end|acceptance|playwright|cypress|test:system", re.IGNORECASE)
_RUNS_WHAT_IS_NAMED = re.compile(
    r"^(?:\./)?(?:bundle exec |poetry run |uv run |npx |pnpm exec )?(?:ruby|python3?|node|tsx|deno|bun|php|"
    r"gradlew?|mvnw?|sbt|make|just|task|npm|pnpm|yarn|mix|rake|composer|dotnet|cargo|invoke|nox|tox)\b"
)


def _callers(commands: Sequence[CiCommand], number: int) -> Iterator[CiCommand]:
    """The commands that call the script in which the one of that *number* stands, the nearest first."""
    path = commands[number].path
    for command in reversed(commands[:number]):
        if command.calls == "followed" and command.path != path:
            path = command.path
            yield command


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
    return any(_tries(step, number, acts) for number in range(len(step.commands)))


def tried_out_within(step: CiStep) -> CiCommand | None:
    """The first command of *step* that tries out what an earlier one of it has put into service."""
    if step.after_failure:
        return None
    last = max((n for n, command in enumerate(step.commands) if deploys_by_command(command)), default=None)
    if last is None:
        return None
    return next((step.commands[n] for n in range(last + 1, len(step.commands)) if _tries(step, n, False)), None)


def walks(step: CiStep) -> Iterator[CiCommand]:
    """The commands of *step* that walk through what users do, and whose failure is heeded."""
    for command in step.commands:
        part = bare(command)
        named = _JOURNEY.search(part) is not None
        run = tests(command) or (named and _RUNS_WHAT_IS_NAMED.match(part) is not None)
        reached = command.heeded and command.instead is None and not step.after_failure
        if named and run and reached and not _HERE.search(command.text):
            yield command


def walked_within(step: CiStep) -> CiCommand | None:
    """The first command of *step* that does so behind the last one that deploys."""
    told = list(step.commands)
    last = max((n for n, command in enumerate(told) if deploys_by_command(command)), default=None)
    found = list(walks(step)) if last is not None else []
    return next((one for one in found if any(one is command for command in told[(last or 0) + 1 :])), None)


def undone_within(step: CiStep) -> CiCommand | None:
    """The first command of *step* that goes back where one that tries out what runs has failed."""
    trying = [n for n in range(len(step.commands)) if _tries(step, n, True)]
    tried = {(c.path, c.line) for n in trying for c in (step.commands[n], *_callers(step.commands, n))}
    for command in step.commands:
        failing = command.instead
        if failing is None or not goes_back_by_command(command):
            continue
        if any(path == failing.path and failing.first <= line <= failing.last for path, line in tried):
            return command
    return None


def _tries(step: CiStep, number: int, acts: bool) -> bool:
    """Whether the command of that *number* asks a running deployment; *acts* where the step goes back if not."""
    command = step.commands[number]
    text = command.text
    if not (command.heeded or acts) or command.instead is not None or command.calls == "absent":
        return False
    if _TALKS_TO_PEOPLE.search(text):
        return False
    if command.calls == "followed":
        return bool(_SMOKE_COMMAND.search(text)) and does_something(step.commands[number + 1 :])
    if _FETCHES.search(text) and (_asks_nobody(command) or _POSTS.search(text)):
        return bool(_SMOKE_COMMAND.search(text)) and not _asks_nobody(command)
    if _SMOKE_COMMAND.search(text):
        return True
    if _FETCHES.search(text):
        return bool(_OF_A_VARIABLE.search(text) or re.search(r"https?://", text)) and not _HERE.search(text)
    part = bare(command)
    named = _SMOKE_WORDS.search(part) is not None
    tested = tests(command) or (named and _RUNS_WHAT_IS_NAMED.match(part) is not None)
    aimed = _AIMED.search(text) is not None or (bool(step.addresses) and (named or "e2e" in kinds_of(part, "")))
    return tested and aimed and not _HERE.search(text)


def _asks_nobody(command: CiCommand) -> bool:
    """Whether *command* asks nothing that could answer badly: any answer will do, or it asks the machine at hand."""
    text = command.text
    if command.looked_at:
        return bool(_HERE.search(text))
    if _FETCHES.search(text) and not _WITHIN.search(text):
        return not _FAILS.search(text) or bool(_HERE.search(text))
    return _SETS_UP.match(text) is not None
