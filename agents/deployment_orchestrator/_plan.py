"""Rehearses a rollout on paper: the strategy that fits, its steps, the undo of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orchestrator import Exhibit, Kubernetes, Migrations, Workloads, each, many

from ._workloads import Estate, Workload

_MAX_ROWS = 60
_CANARY = (10, 25, 50, 100)
_MANAGED = frozenset({"service", "web-app"})
"""Kinds of workloads whose provider brings a new revision out by itself."""


@dataclass(frozen=True)
class Step:
    """One step of a rollout: what is done, how much traffic the new version gets after it, and how to undo it."""

    what: str
    share: str
    undo: str


def plan(kubernetes: Kubernetes, running: Workloads, migrations: Migrations) -> Exhibit | None:
    """The rehearsed rollout, or None where nothing that is rolled out was found."""
    estate = Estate(kubernetes)
    canaries = {str(c.get("spec", "targetRef", "name")) for c in kubernetes.of("Canary")}
    steps: list[Step] = _schema(migrations)
    notes: list[str] = []
    for workload in estate.serving:
        strategy = strategy_of(workload, estate, canaries)
        notes.append(strategy)
        steps.extend(_steps(workload, strategy, estate))
    for service in (w for w in running.elsewhere if w.kind in _MANAGED and w.thing.block is not None):
        steps.extend(_managed(service.address))
        notes.append("rolling")
    if not notes:
        return None
    counted = [
        f"{many(notes.count(s), 'workload')} {s}" for s in ("blue-green", "canary", "rolling", "recreate") if s in notes
    ]
    return Exhibit(
        title="Rehearsed rollout",
        note=f"{each(counted)}. Nothing was deployed. If a step fails, what is done so far is undone, last first.",
        columns=("Step", "What", "New version gets", "Undo", "Undo order"),
        rows=tuple(_rows(steps)),
    )


def strategy_of(workload: Workload, estate: Estate, canaries: set[str]) -> str:
    """
    The strategy that fits *workload*: the one it declares, and otherwise what its replicas allow.

    Traffic can be shared by replicas from four on; below that a canary would be a large share at once.
    """
    for copy in workload.copies:
        declared = copy.section("spec", "strategy")
        if copy.kind == "Rollout" and declared.get("blueGreen"):
            return "blue-green"
        if copy.kind == "Rollout" and declared.get("canary"):
            return "canary"
        if declared.get("type") == "Recreate":
            return "recreate"
    if workload.name in canaries:
        return "canary"
    count = estate.replicas(workload)
    return "canary" if count is not None and count >= 4 and workload.copies[0].kind == "Deployment" else "rolling"


def _rows(steps: list[Step]) -> Iterable[tuple[str, ...]]:
    for position, step in enumerate(steps[:_MAX_ROWS], 1):
        yield str(position), step.what, step.share, step.undo, str(len(steps) - position + 1)
    if len(steps) > _MAX_ROWS:
        yield "…", many(len(steps) - _MAX_ROWS, "more step"), "", "", ""


def _schema(migrations: Migrations) -> list[Step]:
    if not migrations.files:
        return []
    stuck = [m for m in migrations.files[-5:] if m.reversible is False]
    undo = "restore from the backup taken before: not every new migration can be undone" if stuck else "migrate down"
    return [Step(f"apply pending migrations ({each(migrations.frameworks)})", "0 %", undo)]


def _steps(workload: Workload, strategy: str, estate: Estate) -> list[Step]:
    name = workload.title
    if strategy == "blue-green":
        return [
            Step(f"{name}: start the new version beside the old", "0 %", "remove the new version"),
            Step(f"{name}: check the new version at its preview address", "0 %", "nothing to undo"),
            Step(f"{name}: switch all traffic", "100 %", "switch all traffic back"),
            Step(f"{name}: remove the old version", "100 %", "start the old version again at its former size"),
        ]
    if strategy == "recreate":
        return [
            Step(f"{name}: stop the old version", "0 %, and nobody is served", "start the old version"),
            Step(f"{name}: start the new version", "100 %", "stop the new version"),
        ]
    if strategy == "canary":
        shares = _weights(workload) or _CANARY
        before = (0, *shares)
        return [
            Step(f"{name}: shift traffic, then watch errors and latency", f"{share} %", f"shift back to {earlier} %")
            for earlier, share in zip(before, shares, strict=False)
        ]
    count = estate.replicas(workload)
    how = f"{count} replicas one by one" if count and count > 1 else "replicas one by one"
    return [Step(f"{name}: replace {how}", "0 to 100 %", f"kubectl rollout undo {_kind(workload)}/{workload.name}")]


def _kind(workload: Workload) -> str:
    return workload.copies[0].kind.lower()


def _weights(workload: Workload) -> tuple[int, ...]:
    steps = workload.copies[0].items("spec", "strategy", "canary", "steps")[:20]
    found = [s["setWeight"] for s in steps if isinstance(s, dict) and isinstance(s.get("setWeight"), int)]
    return (*found, *(() if found[-1] == 100 else (100,))) if found else ()


def _managed(address: str) -> list[Step]:
    return [Step(f"{address}: deploy the new revision", "0 to 100 %", "deploy the former revision again")]
