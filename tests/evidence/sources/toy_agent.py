"""A toy agent, whose checks rest on what the toy sources say."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import FAIL, PASS, Agent, Draft, check, examined, exchanged, failed, passed, reported
from tests.evidence.sources.toy_health import ToyHealth
from tests.evidence.sources.toy_report import ToyWarnings


@check("DEP-5.2.1", shows=PASS, clean=[], flagged=[])
def health(health: ToyHealth) -> Iterator[Draft]:
    """Passes where the service answers."""
    if health.status == 200:
        made = health.produced
        assert made is not None  # a fact from outside says where it is from
        yield passed("the service answers", exchanged("GET", made.targets[0], health.status, at=made.at))


@check("DEP-5.2.2", shows=PASS | FAIL, clean=[], flagged=[])
def warnings(warnings: ToyWarnings) -> Iterator[Draft]:
    """Passes where nobody is warned."""
    if warnings.said:
        made = warnings.produced
        assert made is not None  # likewise
        by = {"version": made.by.version, "commit": made.commit, "at": made.made}
        entries = (reported("toy", made.by.name, said, **by) for said in warnings.said)
        yield failed(f"{len(warnings.said)} warnings", *entries)
    else:
        yield passed("no warnings", examined(1, "reports"))


class Toys(Agent):
    """Says what the toys say."""

    id = "toys"
    criteria = ("DEP-5.2.1", "DEP-5.2.2")
    checks = (health, warnings)
