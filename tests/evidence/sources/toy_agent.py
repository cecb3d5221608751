"""A toy agent, whose checks rest on what the toy sources say."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import FAIL, PASS, Agent, Draft, check, examined, failed, passed
from tests.evidence.sources.toy_health import ToyHealth
from tests.evidence.sources.toy_report import ToyWarnings


@check("DEP-5.2.1", shows=PASS, clean=[], flagged=[])
def health(health: ToyHealth) -> Iterator[Draft]:
    """Passes where the service answers."""
    if health.status == 200:
        yield passed("the service answers", examined(1, "answers"))


@check("DEP-5.2.2", shows=PASS | FAIL, clean=[], flagged=[])
def warnings(warnings: ToyWarnings) -> Iterator[Draft]:
    """Passes where nobody is warned."""
    if warnings.said:
        yield failed(f"{len(warnings.said)} warnings", None, examined(len(warnings.said), "warnings"))
    else:
        yield passed("no warnings", examined(1, "reports"))


class Toys(Agent):
    """Says what the toys say."""

    id = "toys"
    criteria = ("DEP-5.2.1", "DEP-5.2.2")
    checks = (health, warnings)
