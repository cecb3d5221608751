"""Reads what a run is judged by, as its manifest pinned it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ..domain.criterion import Catalogue
from ..domain.person import Attestation, RefusedWord, Waiver, Word
from ..domain.policy import Demand, Policy
from ..errors import RecordBroken, ReplayDivergence
from ..journal import foreign
from ..journal.known import first, known
from ..journal.manifest import Checks, Planned, PlannedNode, PlannedPhase, RunManifest, Statements
from ..journal.record import Record
from .derivations import RULES, Rules
from .state import RunState

M = TypeVar("M", bound=BaseModel)

PINNED: dict[type[BaseModel], str] = {
    Catalogue: "catalogue",
    Checks: "checks",
    Planned: "plan",
    Policy: "policy",
    Statements: "statements",
}
"""What describes a pinned blob, to the blob's name."""


@dataclass(frozen=True)
class Terms:
    """What a run is judged by, as its manifest pinned it."""

    rules: Rules
    """By which its result is derived."""
    catalogue: Catalogue
    policy: Policy
    waivers: tuple[Waiver, ...]
    attestations: tuple[Attestation, ...]
    words: tuple[Word, ...]
    """Both, from derivation 5 on."""
    refused: tuple[RefusedWord, ...]
    changed: Mapping[str, tuple[str, ...]]
    """Person to the files that he changed in this release."""
    excluded: tuple[str, ...]
    """Wildcards by which the reviewed tree leaves parts of itself out."""
    trusted: tuple[str, ...]
    """Agents that the reviewed tree brought along."""
    nodes: tuple[PlannedNode, ...]
    phases: tuple[PlannedPhase, ...]

    def demand(self, phase: str) -> Demand:
        """Which rule of the policy requires the end of the nodes of *phase*."""
        return next((planned.demands for planned in self.phases if planned.id == phase), None) or "agents"


def terms(record: Record, state: RunState) -> Terms:
    """
    The terms that *record* pinned when it began.

    Raises:
        RecordBroken: What it pinned is missing, changed or nothing of the kind.
        ReplayDivergence: Its result is derived by rules that this version does not have.
    """
    if state.manifest.derivation not in RULES:
        ours = ", ".join(map(str, sorted(RULES)))
        raise ReplayDivergence(
            f"the run's result is derived by rules {state.manifest.derivation}; this gonogo has rules {ours}",
            where=f"{record.name}/run.json: derivation",
            remedy=f"replay it with the gonogo that recorded it ({state.manifest.tool[:40]}), or with a later one",
        )
    manifest = state.manifest
    statements = pinned(record, manifest, Statements)
    plan = pinned(record, manifest, Planned)
    return Terms(
        rules=RULES[manifest.derivation],
        catalogue=pinned(record, manifest, Catalogue),
        policy=pinned(record, manifest, Policy),
        waivers=statements.waivers,
        attestations=statements.attestations,
        words=statements.words,
        refused=statements.refused,
        changed=statements.changed,
        excluded=statements.excluded,
        trusted=statements.trusted,
        nodes=plan.nodes,
        phases=tuple(map(_demanding, plan.phases)),
    )


_DEMANDS_BY_ID: dict[str, Demand] = {"release": "release_steps", "production": "production_validation"}


def _demanding(phase: PlannedPhase) -> PlannedPhase:
    """*phase* with what it demands; before workflows said it, its id did."""
    return phase if phase.demands else phase.model_copy(update={"demands": _DEMANDS_BY_ID.get(phase.id, "agents")})


def pinned(record: Record, manifest: RunManifest, model: type[M]) -> M:
    """
    The blob that *record* pinned and that *model* describes; of what is unknown to this version nothing.

    Raises:
        RecordBroken: It is missing, changed or nothing of the kind.
    """
    name = PINNED[model]
    try:
        said = known(model, foreign.parsed(record.blob(getattr(manifest.pinned, name))))
    except ValidationError as error:
        raise RecordBroken(f"what the run pinned as its {name} is not one: {first(error)}", where=record.name) from None
    except (ValueError, RecursionError):
        raise RecordBroken(f"what the run pinned as its {name} cannot be read", where=record.name) from None
    record.leave_out(f"'{key}' in the pinned {name}" for key in said.left_out)
    return said.value
