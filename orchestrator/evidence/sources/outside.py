"""Asks a source outside the tree in a process of its own, and makes of whatever happens a fact that says so."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from ...domain.fact import Fact, Problem
from ...domain.produced import Produced
from ...domain.target import Contacts, Kind, Target
from ...errors import FormatError
from ...formats.json import json_value
from ...logs import logger
from ...redaction import redact, redacted
from ..apart import command
from .question import Question, Seen
from .source import FactSource, Subject

_log = logger("evidence")
_PATH = "/usr/local/bin:/usr/bin:/bin"

Fetch = Callable[[Question], Seen]


class _Unanswered(Exception):
    """Why there is no answer."""


def outside(
    fact: type[Fact], fetch: Fetch, *, kind: Kind, seconds: float = 60.0, most: int = 4_000_000, version: str = ""
) -> FactSource:
    """
    A source that looks at targets of one kind.

    *fetch* runs in a process of its own, without the run's environment, and is killed when its time is over. What it
    says is redacted before anybody hears of it. A source that has no target, crashes, is killed, is refused or has
    examined nothing gives a fact without content whose problem says why, so that nothing passes on it.

    Args:
        fact: What it answers.
        fetch: Looks; a function of a module, found by its name.
        kind: Of the targets that it looks at.
        seconds: How long it may take.
        most: Bytes that an answer may have.
        version: Of the source; that of gonogo for one that ships.
    """

    def targets(contacts: Contacts) -> tuple[Target, ...]:
        return tuple(target for target in contacts.targets if target.kind == kind)

    def asks(subject: Subject) -> dict[str, Any]:
        asked = [target.model_dump(mode="json", exclude_defaults=True) for target in targets(subject.contacts)]
        return {"commit": subject.release.commit, "targets": asked}

    async def collect(subject: Subject) -> Fact:
        wanted = targets(subject.contacts)
        if not wanted:
            return unmade(fact, _nothing(kind, subject.contacts))
        question = Question(
            release=subject.release,
            targets=wanted,
            contacts=subject.contacts,
            environment=_named(wanted, subject),
            folder=subject.folder,
            most=most,
            seconds=seconds,
        )
        asked = {"fetch": f"{fetch.__module__}:{fetch.__qualname__}", "version": version}
        said: dict[str, Any] = {}
        try:
            said = _read(await _asked(question, asked))
            return _made(fact, said, question)
        except _Unanswered as error:
            reason = redact(str(error))
        _log.info("a source gave no evidence", fact=fact.name, reason=reason)
        return unmade(fact, f"the source '{fact.name}' {reason}", _produced(said, question))

    looks_at = f"targets of kind `{kind}`, for {seconds:g} s and {most:,} bytes at most"
    return FactSource(fact, asks, collect, looks_at=looks_at)


def unmade(fact: type[Fact], reason: str, produced: Produced | None = None) -> Fact:
    """The fact without content; nothing passes on it, and *reason* is why."""
    return fact(problems=(Problem(path="", reason=reason),), produced=produced)


def _nothing(kind: Kind, contacts: Contacts) -> str:
    proposed = next((row for row in contacts.withheld if row.kind == kind), None)
    if proposed is not None:
        return f"target '{proposed.target}' was not contacted: {proposed.why}"
    return f"no target of kind '{kind}' was named"


def _named(targets: tuple[Target, ...], subject: Subject) -> dict[str, str]:
    """The values that *targets* may be sent: no source has those of another."""
    names = {name for target in targets for name in target.variables}
    return {name: value for name, value in subject.environment.items() if name in names}


async def _asked(question: Question, asked: dict[str, Any]) -> bytes:
    """What the process answers that looks; it is killed when its time is over, or nobody waits any longer."""
    line = json.dumps({**asked, "question": question.model_dump(mode="json")}).encode() + b"\n"
    try:
        process = await asyncio.create_subprocess_exec(
            *command("evidence.sources.child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env={"PATH": _PATH, "LANG": "C.UTF-8"},
            limit=1 << 20,
        )
    except OSError as error:
        raise _Unanswered(f"cannot be started: {error.strerror}") from None
    assert process.stdin is not None  # PIPE was asked for
    assert process.stdout is not None  # likewise
    answer = bytearray()
    try:
        async with asyncio.timeout(question.seconds):
            process.stdin.write(line)
            with contextlib.suppress(ConnectionError):
                await process.stdin.drain()
            while piece := await process.stdout.read(1 << 16):
                answer += piece
                if len(answer) > question.most:
                    raise _Unanswered(f"says more than {question.most:,} bytes")
    except TimeoutError:
        raise _Unanswered(f"did not answer within {question.seconds:g} s and was ended") from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.stdin.close()
        await process.wait()
    return bytes(answer)


def _read(answer: bytes) -> dict[str, Any]:
    """What was *answered*, redacted."""
    if not answer:
        raise _Unanswered("ended without an answer")
    try:
        said = redacted(json_value(answer))
    except (FormatError, RecursionError):
        raise _Unanswered("gave an answer that cannot be read") from None
    if not isinstance(said, dict):
        raise _Unanswered("gave an answer that cannot be read")
    return said


def _made(kind: type[Fact], said: dict[str, Any], question: Question) -> Fact:
    """The fact of what was *said*."""
    if "problem" in said:
        raise _Unanswered(str(said["problem"])[:400])
    produced = _produced(said, question)
    try:
        fact = kind.model_validate(said.get("fact"))
    except ValidationError:
        raise _Unanswered("gave an answer of another shape than its fact") from None
    if produced is None:
        raise _Unanswered("does not say what it has seen")
    if not produced.examined:
        raise _Unanswered(f"examined nothing: 0 {produced.what}")
    if produced.commit and produced.commit != question.release.commit:
        about = question.release.commit[:10] or "a folder without commits"
        raise _Unanswered(f"speaks of commit {produced.commit[:10]}, and {about} is under review")
    return fact.model_copy(update={"produced": produced})


def _produced(said: dict[str, Any], question: Question) -> Produced | None:
    """Who has looked at what, as far as that was *said*."""
    told = said.get("produced")
    try:
        return Produced.model_validate(
            {
                **(told if isinstance(told, dict) else {"by": {"name": "unknown"}}),
                "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "targets": [target.name for target in question.targets],
            }
        )
    except ValidationError:
        return None
