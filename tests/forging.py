"""A forged record for tests: one that holds together and never happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from orchestrator.conclusion import state as reading
from orchestrator.conclusion.conclude import conclude
from orchestrator.conclusion.judgement import judge
from orchestrator.conclusion.rendering import closing, derived
from orchestrator.conclusion.terms import terms
from orchestrator.journal.event import GENESIS, canonical, digest, write
from orchestrator.journal.kinds import Packed
from orchestrator.journal.record import Record

Edit = Callable[[Record, str, dict[str, Any]], dict[str, Any]]


def forge(folder: Path, what: str = "finding") -> Path:
    """
    Change *what* in the run in *folder* (`EDITS`, `PINNED`), and write the rest anew: chain, manifest, result.

    It is what somebody can do who writes the folder and has the source of this project.
    """
    record = Record(folder)
    PINNED.get(what, lambda _: None)(record)
    edit = EDITS.get(what, lambda _record, _kind, data: data)
    events = [
        (e.at, e.kind, e.node, edit(record, e.kind, dict(e.data)))
        for e in record.events()
        if e.kind != "ResultRendered"
    ]
    for _, kind, _, data in events:
        if kind == "RunStarted":
            data["manifest"] = digest(record.manifest_bytes())
    chain(folder, events)
    state = reading.read(record)
    judgement = judge(state, terms(record, state))
    for _, kind, _, data in events:
        if kind == "VerdictReached":
            data |= judgement.reached()
    chain(folder, events)
    return finish(folder)


def finish(folder: Path) -> Path:
    """Lay down what the run in *folder* comes to and write its last event anew, as the run itself does."""
    events = [(e.at, e.kind, e.node, e.data) for e in Record(folder).events() if e.kind != "ResultRendered"]
    chain(folder, events)
    state = reading.read(Record(folder))
    files = derived(conclude(Record(folder), state))
    for name, data in files.items():
        (folder / name).write_bytes(data)
    if state.manifest.ends_rendered:
        chain(folder, [*events, (events[-1][0], "ResultRendered", "", closing(files))])
    return folder


def judged_anew(folder: Path) -> Path:
    """Let the run in *folder* come to what its own rules make of it, and finish it."""
    events = [(e.at, e.kind, e.node, dict(e.data)) for e in Record(folder).events() if e.kind != "ResultRendered"]
    chain(folder, events)
    state = reading.read(Record(folder))
    events[-1][3].update(judge(state, terms(Record(folder), state)).reached())
    chain(folder, events)
    return finish(folder)


def cut(folder: Path) -> Path:
    """Take the end of the journal away, from the verdict on, and what was derived from it."""
    journal = folder / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-2]))
    (folder / "verdict.json").unlink()
    (folder / "report.html").unlink()
    return folder


def lengthen(folder: Path, count: int) -> Path:
    """Put *count* answers of steps before the verdict of the run in *folder*, one in fifty with a blob of its own."""
    events = [(e.at, e.kind, e.node, e.data) for e in Record(folder).events() if e.kind != "ResultRendered"]
    steps = []
    for number in range(count):
        key = f"run#1:more:{number:016x}"
        if number % 50:
            data: dict[str, Any] = {"key": key, "value": [f"{number} " + "x" * 200]}
        else:
            blob = canonical([f"{number} " + "x" * 5000])
            (folder / "blobs" / digest(blob)[7:]).write_bytes(blob)
            data = {"key": key, "blob": digest(blob), "bytes": len(blob)}
        steps.append((events[-1][0], "StepDone", "run", data))
    chain(folder, [*events[:-1], *steps, events[-1]])
    return finish(folder)


def _milder(record: Record, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """No agent has found a failure."""
    if "said" not in data:
        return data
    said = record.value(Packed.model_validate(data["said"]))
    kept = [finding for finding in said.get("findings", ()) if finding["status"] != "fail"]
    return data | {"said": {"value": said | {"findings": kept}}}


def _open(record: Record, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """No gate was closed."""
    return data | {"open": True, "reason": ""} if kind == "PhaseStarted" else data


def _unseen(record: Record, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """No Dockerfile was there."""
    return data | {"value": {}} if data.get("key", "").startswith("run#1:fact:dockerfiles:") else data


def _smaller(record: Record, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """It is not a service and runs nowhere, so that less applies."""
    if kind != "ProfileDetermined":
        return data
    said = record.value(Packed.model_validate(data))
    answers = {name: answer | {"answer": "no"} for name, answer in said["facts"].items()}
    return {"value": said | {"facts": answers}}


def pin(record: Record, name: str, change: Callable[[Any], Any]) -> None:
    """Pin what *change* makes of the blob *name* instead of it."""
    manifest = json.loads(record.manifest_bytes())
    data = canonical(change(json.loads(record.blob(manifest["pinned"][name]))))
    (record.folder / "blobs" / digest(data)[7:]).write_bytes(data)
    manifest["pinned"][name] = digest(data)
    (record.folder / "run.json").write_bytes(canonical(manifest) + b"\n")


def _lenient(policy: dict[str, Any]) -> dict[str, Any]:
    """The policy asks for nothing."""
    return {name: -1 if name.startswith("max_") else value for name, value in policy.items()}


def _mild(catalogue: dict[str, Any]) -> dict[str, Any]:
    """No criterion is critical."""
    for area in catalogue["areas"]:
        for section in area["sections"]:
            for criterion in section["criteria"]:
                criterion["severity"] = "low"
    return catalogue


def _accepted(statements: dict[str, Any]) -> dict[str, Any]:
    """A risk is accepted that nobody has."""
    said = {"kind": "waiver", "criterion": "DEP-5.2.1", "person": "dana", "proof": "key", "said": "next month"}
    return statements | {"words": [said | {"on": "2026-01-31", "until": "2999-01-31", "where": "words.yaml:1"}]}


def _optional(plan: dict[str, Any]) -> dict[str, Any]:
    """No agent must come to an end."""
    return plan | {"nodes": [node | {"required": False} for node in plan["nodes"]]}


def _released(record: Record, **other: str) -> None:
    """Another release was reviewed."""
    manifest = json.loads(record.manifest_bytes())
    manifest["release"] |= other
    (record.folder / "run.json").write_bytes(canonical(manifest) + b"\n")


EDITS: Mapping[str, Edit] = {"finding": _milder, "gate": _open, "fact": _unseen, "profile": _smaller}
"""What can be changed in events, to how each then reads."""
PINNED: Mapping[str, Callable[[Record], None]] = {
    "policy": lambda record: pin(record, "policy", _lenient),
    "severities": lambda record: pin(record, "catalogue", _mild),
    "waiver": lambda record: pin(record, "statements", _accepted),
    "plan": lambda record: pin(record, "plan", _optional),
    "tree": lambda record: _released(record, tree="0" * 40),
    "commit": lambda record: _released(record, commit="0" * 40),
}
"""What can be changed in the manifest and what it pins."""


def chain(folder: Path, events: Iterable[tuple[str, str, str, dict[str, Any]]]) -> None:
    """Write a journal of *events* (at, kind, node, data) that holds together."""
    lines, prev = [], GENESIS
    for seq, (at, kind, node, data) in enumerate(events):
        at, kind, node = (word.encode("ascii", "replace").decode() for word in (at, kind, node))
        line = write(seq, at, kind, node, canonical(data), prev)
        lines.append(line + b"\n")
        prev = digest(line)
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
