"""Says of one step what it does for the software: whether it builds it, and which of its tests it runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..facts.pipelines import CiCommand, CiStep
from .building import asks_for_build, builds, builds_by_action
from .deploying import deploys_by_command
from .names import bare, installs
from .opaque import does_something, is_opaque, is_opaque_action
from .testing import asks_for_tests, kinds_of, languages, tests

_TEST_ACTION = re.compile(r"cypress-io/github-action|helm/chart-testing|VSTest@|DotNetCoreCLI@.*test", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """What one step does, as far as its commands tell."""

    builds: bool = False
    tests: frozenset[str] = frozenset()
    """Kinds of test that it runs and whose failure it heeds; empty where it runs none."""
    languages: frozenset[str] = frozenset()
    """Languages whose tests it runs; empty where any may be meant."""
    opaque: bool = False
    """It runs something that may build or test, and nothing of the tree says."""
    tests_first: bool = False
    """It deploys, too, and comes to that only after its tests have passed."""
    ignored: bool = False
    """It builds or tests, and what comes of that is not heeded."""
    line: int = 0
    """Where the first command stands that builds, or else tests; the step's own line where that is in a script."""


def work_of(step: CiStep, context: str = "") -> Work:
    """What *step* does; *context* is what its job is called. What fails and is not heeded is as good as not done."""
    if step.after_failure:
        return Work()
    told = [c for c in step.commands if c.calls or not installs(bare(c))]
    kept = [c for c in told if c.heeded]
    tested = [c for c in kept if tests(c)]
    named = [c for n, c in enumerate(kept) if asks_for_tests(c) and does_something(kept[n + 1 :])]
    kinds: set[str] = set()
    for command in (*tested, *(() if tested else named)):
        kinds |= kinds_of(bare(command), f"{step.name} {context}")
    by_action = step.heeded and _TEST_ACTION.search(step.uses)
    if by_action:
        kinds.add("e2e" if "cypress" in step.uses.lower() else "integration")
    built = [c for n, c in enumerate(kept) if builds(c) or (asks_for_build(c) and does_something(kept[n + 1 :]))]
    opaque = is_opaque_action(step.uses) or any(is_opaque(c) for c in told)
    first = next((c for c in (*built, *tested) if not c.path), None)
    spoken = frozenset(language for c in tested for language in languages(bare(c)))
    return Work(
        builds=(step.heeded and builds_by_action(step)) or bool(built),
        tests=frozenset(kinds),
        languages=spoken if tested else frozenset(),
        opaque=opaque and not kinds,
        tests_first=_tests_first(kept),
        ignored=any(tests(c) or builds(c) for c in told if not c.heeded),
        line=first.line if first else step.line,
    )


def _tests_first(commands: Sequence[CiCommand]) -> bool:
    """Whether the first of *commands* that tests comes before the first that deploys."""
    order = ["test" if tests(c) else "deploy" for c in commands if tests(c) or deploys_by_command(c)]
    return order[:1] == ["test"] and "deploy" in order
