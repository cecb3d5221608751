"""This is where it is read what a run is judged by, as its manifest pinned it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ..domain.criterion import Catalogue
from ..domain.person import Attestation, Waiver
from ..domain.policy import Policy
from ..errors import RecordBroken, ReplayDivergence
from ..journal import foreign
from ..journal.known import first, known
from ..journal.manifest import Checks, Manifest, Planned, PlannedNode, PlannedPhase, Statements
from ..journal.record import Record
from .history import History

M = TypeVar("M", bound=BaseModel)

DERIVATION = 3
"""
The rules by which a record becomes ``verdict.json`` and the reports: merge, score, gate, this module, rendering.

``run.json`` names the rules of its run, and replay must come to the same bytes years later. Whoever changes what they
make of a record that is there (a template, a word, an order, a weight) keeps that for the numbers before, takes the
next one and tells them apart where they differ; tests/recorded holds the bytes of each. What only new records can say
needs no new number, as long as old ones come to the same bytes.

1 wrote ``sha256:`` twice before the digests of evidence in the HTML report. Rules and templates of 1 and 2 are sealed
in `orchestrator/sealed`. From 3 on a verdict says what it rests on, and the record ends in the digests of what was
rendered: HTML is rendered again only by the renderer that the manifest names, so that templates may change without a
new number; ``verdict.json`` is derived.
"""
DERIVATIONS = frozenset({1, 2, DERIVATION})
"""Those that this version has."""

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

    catalogue: Catalogue
    policy: Policy
    waivers: tuple[Waiver, ...]
    attestations: tuple[Attestation, ...]
    excluded: tuple[str, ...]
    """Wildcards by which the reviewed tree leaves parts of itself out."""
    trusted: tuple[str, ...]
    """Agents that the reviewed tree brought along."""
    nodes: tuple[PlannedNode, ...]
    phases: tuple[PlannedPhase, ...]


def terms(record: Record, history: History) -> Terms:
    """
    The terms that *record* pinned when it began.

    Raises:
        RecordBroken: What it pinned is missing, changed or nothing of the kind.
        ReplayDivergence: Its result is derived by rules that this version does not have.
    """
    if history.manifest.derivation not in DERIVATIONS:
        ours = ", ".join(map(str, sorted(DERIVATIONS)))
        raise ReplayDivergence(
            f"the run's result is derived by rules {history.manifest.derivation}; this gonogo has rules {ours}",
            where=f"{record.name}/run.json: derivation",
            remedy=f"replay it with the gonogo that recorded it ({history.manifest.tool[:40]}), or with a later one",
        )
    manifest = history.manifest
    statements = pinned(record, manifest, Statements)
    plan = pinned(record, manifest, Planned)
    return Terms(
        catalogue=pinned(record, manifest, Catalogue),
        policy=pinned(record, manifest, Policy),
        waivers=statements.waivers,
        attestations=statements.attestations,
        excluded=statements.excluded,
        trusted=statements.trusted,
        nodes=plan.nodes,
        phases=plan.phases,
    )


def pinned(record: Record, manifest: Manifest, model: type[M]) -> M:
    """
    The blob that *record* pinned and that *model* describes; of what is unknown to this version nothing.

    Raises:
        RecordBroken: It is missing, changed or nothing of the kind.
    """
    name = PINNED[model]
    try:
        said = known(model, foreign.parsed(record.blob(getattr(manifest.pinned, name))))
    except ValidationError as error:
        raise RecordBroken(f"what the run pinned as its {name} is none: {first(error)}", where=record.name) from None
    except (ValueError, RecursionError):
        raise RecordBroken(f"what the run pinned as its {name} cannot be read", where=record.name) from None
    record.leave_out(f"'{key}' in the pinned {name}" for key in said.left_out)
    return said.value
