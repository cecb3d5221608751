"""Works out which jobs end before another starts, as sets of their numbers in one integer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from orchestrator import CiJob, Pipeline

_SEQUENTIAL = frozenset({"jenkins", "bitbucket", "drone", "travis", "cloudbuild", "other"})
_GITLAB = (".pre", "build", "test", "deploy", ".post")


def members(numbers: int) -> Iterator[int]:
    """The numbers in a set, from the lowest."""
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest


class Order:
    """Which jobs come before and after which, from what each of them waits for itself."""

    def __init__(self, needs: Sequence[int]) -> None:
        self._needs = needs
        self._before: dict[int, int] = {}
        self._after = [0] * len(needs)
        waiting: dict[int, int] = {}
        for number, needed in enumerate(needs):
            waiting[needed] = waiting.get(needed, 0) | 1 << number
        for needed, numbers in waiting.items():
            for number in members(needed):
                self._after[number] |= numbers

    def before(self, number: int) -> int:
        """The jobs that have ended before this one starts."""
        if not self._before:
            for needed in self._needs:  # in this order each finds nearly all of it known
                self._before.setdefault(needed, self._reached(needed))
        return self._before[self._needs[number]]

    def after(self, number: int) -> int:
        """The jobs that wait for this one themselves."""
        return self._after[number]

    def _reached(self, needed: int) -> int:
        found = new = needed
        while new:
            latest = new.bit_length() - 1
            known = self._before.get(self._needs[latest])
            further = self._needs[latest] if known is None else known
            new = (new ^ 1 << latest) | (further & ~found)
            new &= -1 if known is None else ~known
            found |= further
        return found


def waits(pipeline: Pipeline, numbers: Mapping[str, int]) -> Iterator[tuple[CiJob, int]]:
    """Each job of *pipeline* with the jobs that it waits for; *numbers* are the jobs of each id."""
    stages = _stages(pipeline, numbers) if pipeline.system == "gitlab" else {}
    earlier = 0
    of_stage: dict[str, int] = {}
    last: dict[str, int] = {}
    for job in pipeline.jobs:
        stage = job.stage if pipeline.system in ("bitbucket", "azure") else ""
        if job.at_once:
            yield job, 0
        elif job.needs:
            yield job, union(numbers.get(name, 0) for name in job.needs)
        elif pipeline.system in _SEQUENTIAL:
            yield job, last.get(stage, 0)
        elif pipeline.system == "azure":
            yield job, earlier & ~of_stage.get(stage, 0)
        else:
            yield job, stages.get(job.stage or "test", 0)
        last[stage] = numbers[job.id]
        of_stage[stage] = of_stage.get(stage, 0) | numbers[job.id]
        earlier |= numbers[job.id] if job.stage else 0


def union(sets: Iterable[int]) -> int:
    """Everything that is in one of *sets*."""
    found = 0
    for numbers in sets:
        found |= numbers
    return found


def _stages(pipeline: Pipeline, numbers: Mapping[str, int]) -> dict[str, int]:
    """The jobs before each stage of a pipeline of GitLab."""
    found: dict[str, int] = {}
    for job in pipeline.jobs:
        stage = job.stage or "test"
        found[stage] = found.get(stage, 0) | numbers[job.id]
    order = _GITLAB if found.keys() <= set(_GITLAB) else tuple(found)
    before: dict[str, int] = {}
    earlier = 0
    for stage in order:
        before[stage] = earlier
        earlier |= found.get(stage, 0)
    return before
