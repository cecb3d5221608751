"""A dialect of CI, and how steps, texts and lines are taken from a parsed document of any of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ....domain.fact import Aside, Problem
from ....domain.located import Located
from ....errors import FormatError
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...inforce.force import Force, unknown, void
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import Notes, together

Keys = tuple[str | int, ...]
Told = dict[tuple[str, str], list[Pipeline | Aside]]
"""What is told of each file, by the system and the path."""

MAX_RUN = 20_000
MAX_TEXT = 200_000
MAX_STEPS = 2_000
MAX_JOBS = 500
MAX_PATHS = 100
_BLOCK = re.compile(r"[|>][-+0-9]{0,2}\s*(?:#.*)?$")


@dataclass(frozen=True)
class Dialect:
    """
    How pipelines of one CI system are read.

    What a job waits for stands in its ``needs``, also where a system takes it from the order in which jobs are written:
    without, jobs of a new dialect are taken to run side by side.
    """

    read: Callable[[SourceFile], Iterator[Pipeline | Aside]]
    """Every pipeline of one file, and what of it is not in force."""
    aside: Callable[[str], bool] = lambda _: False
    """Whether a file at this path counts only where another pipeline leads to it."""
    reached: Callable[[Sequence[Pipeline], Sequence[Pipeline]], Sequence[Pipeline]] = lambda _, aside: aside
    """Which of those that were laid aside the found ones lead to."""
    gathered: Callable[[Sequence[SourceFile], Told], Iterator[Pipeline | Aside | Problem]] | None = None
    """What is to be said once all files are there, of which one can take in others; it may change what was told."""
    group: str = ""
    """The dialect that is asked this of its files, too."""


def of_documents(
    system: str,
    jobs: Callable[[Located, SourceFile, Notes], Iterable[CiJob]],
    triggers: Callable[[Located], set[str]] = lambda _: {"push", "pull_request"},
) -> Dialect:
    """A dialect in YAML, each document of which is a pipeline if it has jobs."""

    def read(source: SourceFile) -> Iterator[Pipeline | Aside]:
        for document in documents(source):
            notes = Notes(source.path)
            found = list(jobs(document, source, notes))
            yield from notes.found
            if found or notes.found:
                yield from bounded(source.path, system, text(document.get("name")), triggers(document), found)

    return Dialect(read)


def documents(source: SourceFile) -> list[Located]:
    """Every YAML document of *source* that is a mapping."""
    return [
        Located(path=source.path, line=parsed.line, body=parsed.body, lines=parsed.lines)
        for parsed in source.yaml()
        if isinstance(parsed.body, dict)
    ]


def text(value: Any) -> str:
    """A scalar as text; a list of scalars one per line; nothing for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list):
        return "\n".join(text(item) for item in value if isinstance(item, str | int | float))
    return ""


def strings(value: Any) -> tuple[str, ...]:
    """A string, or a list of strings, as a tuple of strings."""
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def commands(value: Any, keys: Keys) -> Iterator[tuple[str, Keys]]:
    """Each command of a script, given as a string or as lists (GitLab nests them through references)."""
    stack: list[tuple[Any, Keys]] = [(value, keys)]
    while stack:
        item, where = stack.pop()
        if isinstance(item, str) and item.strip():
            yield item, where
        elif isinstance(item, list):
            stack.extend((part, (*where, n)) for n, part in reversed(list(enumerate(item[: MAX_STEPS + 1]))))


def line_of(document: Located, keys: Keys, source: SourceFile) -> int:
    """The line of the entry under *keys*; for a block scalar, the first line of its text."""
    line = document.at(*keys).line
    if 0 < line < len(source.lines) and _BLOCK.search(source.lines[line - 1][:500]):
        return line + 1
    return line


def script(document: Located, source: SourceFile, *places: Keys) -> list[CiStep]:
    """One step per command of the scripts that stand under *places*."""
    return [
        CiStep(run=command, line=line_of(document, where, source))
        for keys in places
        for command, where in islice(commands(document.get(*keys), keys), MAX_STEPS + 1)
    ]


def run_by_one(steps: list[CiStep], manner: Manner, notes: Notes, env: Any = None) -> list[CiStep]:
    """*steps*, whose commands one shell runs after each other; those without commands stay where they are."""
    told = iter(together([step for step in steps if step.run], manner, notes, variables(env)))
    return [next(told) if step.run else step for step in steps]


def variables(*layers: Any) -> dict[str, str]:
    """The variables that mappings of a pipeline set, the last one's word being final."""
    return {
        str(name): text(value)
        for layer in layers
        if isinstance(layer, dict)
        for name, value in layer.items()
        if isinstance(value, str | int | float | bool)
    }


def needed(jobs: Sequence[CiJob], notes: Notes, gone: dict[str, Force]) -> list[CiJob]:
    """
    Those of *jobs* that wait for none that never runs, unless they run whatever becomes of it.

    Args:
        jobs: All that are in force by themselves.
        notes: Take up the others.
        gone: The jobs that are not in force, by id; the others are added.
    """
    left = list(jobs)
    while True:
        idle = {job.id: gone[name] for job in left if not _anyway(job) for name in job.needs if name in gone}
        if not idle:
            return left
        for job in left:
            if job.id in idle:
                name = next(n for n in job.needs if n in gone)
                why = f"waits for job {name}, which {gone[name].reason}"
                gone[job.id] = void(why) if gone[name].is_void else unknown(why)
                notes.add(f"job {job.id}", gone[job.id], job.line, [{"run": s.run, "uses": s.uses} for s in job.steps])
        left = [job for job in left if job.id not in idle]


def _anyway(job: CiJob) -> bool:
    return bool(re.search(r"always\(|cancelled\(|failure\(|failed\(|succeededOrFailed\(", job.condition, re.IGNORECASE))


def bounded(
    path: str,
    system: str,
    title: str,
    triggers: Iterable[str],
    jobs: Iterable[CiJob],
    paths: Iterable[str] = (),
    follows: Iterable[str] = (),
) -> Iterator[Pipeline]:
    """One pipeline that stays small whatever its aliases expand to; then says so where not all of it was kept."""
    kept: list[CiJob] = []
    room, steps_left = MAX_TEXT, MAX_STEPS
    left_out = ""
    for job in jobs:
        if len(kept) >= MAX_JOBS:
            left_out = f"more than {MAX_JOBS:,} jobs"
            break
        steps: list[CiStep] = []
        for step in job.steps:
            if len(step.run) > MAX_RUN:
                left_out = left_out or f"a command of more than {MAX_RUN:,} characters"
                step = step.model_copy(update={"run": cut(step.run, MAX_RUN)})  # the step as it is kept
            room -= len(step.run) + len(step.uses)
            if room < 0 or len(steps) >= steps_left:
                left_out = (
                    f"more than {MAX_TEXT:,} characters of commands" if room < 0 else f"more than {MAX_STEPS:,} steps"
                )
                room = -1
                break
            steps.append(step)
        steps_left -= len(steps)
        if not job.heeded:
            steps = [_unheeded(step) for step in steps]
        kept.append(job if steps == list(job.steps) else job.model_copy(update={"steps": tuple(steps)}))
        if room < 0:
            break
    ordered = tuple(t for t in _ORDER if t in set(triggers))
    limits = tuple(islice((cut(p, 200) for p in paths), MAX_PATHS + 1))
    left_out = left_out or (f"more than {MAX_PATHS:,} paths" if len(limits) > MAX_PATHS else "")
    yield Pipeline(
        path=path,
        system=system,
        title=cut(title, 200),
        triggers=ordered,
        jobs=tuple(kept),
        paths=limits[:MAX_PATHS],
        follows=tuple(islice((cut(f, 200) for f in follows), MAX_PATHS)),
    )
    if left_out:
        raise FormatError(f"{left_out}; only the first part of it is kept", kept[-1].line if kept else 1)


def _unheeded(step: CiStep) -> CiStep:
    """*step* in a job whose failure stops nothing."""
    told = tuple(command.model_copy(update={"heeded": False}) for command in step.commands)
    return step.model_copy(update={"heeded": False, "commands_told": told})


_ORDER = ("push", "pull_request", "schedule", "tag", "manual", "release", "call", "closed", "other")
