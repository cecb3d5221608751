"""Puts a record together that nobody wrote: its chain and digests hold, its words are anybody's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from orchestrator.conclusion import state as reading
from orchestrator.conclusion.judgement import judge
from orchestrator.conclusion.terms import terms
from orchestrator.journal.event import GENESIS, digest
from orchestrator.journal.kinds import Packed
from orchestrator.journal.record import BLOBS, JOURNAL, MANIFEST, Record
from tests.forging import finish

from .mutating import changed, grown, line

Form = dict[str, Any]
"""
A record as one value: ``manifest``, ``pinned`` (name to content) and ``events`` (at, kind, node, data), with everything
that lies in a blob in its place.
"""
HERE = "#manifest"
"""Stands for the digest of run.json as it is written."""


def form(record: Record) -> Form:
    """*record* as one value."""
    manifest = json.loads(record.manifest_bytes())
    pinned = {name: json.loads(record.blob(blob)) for name, blob in manifest.pop("pinned").items()}
    return {
        "manifest": manifest,
        "pinned": pinned,
        "events": [[e.at, e.kind, e.node, _inline(record, e.kind, e.data)] for e in record.events()],
    }


def write(form: Form, folder: Path) -> Path:
    """The record that *form* says, in *folder*; nothing stays of what lay there."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / BLOBS).mkdir(parents=True)
    manifest = form.get("manifest")
    pinned = form.get("pinned")
    if isinstance(manifest, dict) and isinstance(pinned, dict) and "pinned" not in manifest:
        manifest = manifest | {"pinned": {name: _blob(folder, value) for name, value in pinned.items()}}
    data = grown(line(manifest))
    (folder / MANIFEST).write_bytes(data)
    _journal(folder, form.get("events"), digest(data))
    return folder


def settled(form: Form, folder: Path) -> Form:
    """*form* with the verdict that it comes to, so that it is genuine; it lies in *folder* with what is derived."""
    record = Record(write(form, folder))
    state = reading.read(record)
    reached = judge(state, terms(record, state)).reached()
    events = [[*e[:3], e[3] | reached] if e[1] == "VerdictReached" else e for e in form["events"]]
    finish(write(form | {"events": events}, folder))
    *_, last = Record(folder).events()
    return form | {"events": [*events[:-1], [last.at, last.kind, last.node, last.data]]}


def small(form: Form, agents: Sequence[str]) -> Form:
    """*form* with a few nodes and criteria of few words, so that it is judged in milliseconds."""
    form = json.loads(json.dumps(form))
    for area in form["pinned"]["catalogue"]["areas"]:
        del area["sections"][1:]
        for section in area["sections"]:
            section["criteria"] = [_shorter(criterion) for criterion in section["criteria"][:2]]
    form["pinned"]["plan"]["nodes"] = [n for n in form["pinned"]["plan"]["nodes"] if n["agent"] in agents]
    form["events"] = [_short(event) for event in form["events"] if _kept(event, agents)]
    return form


def parsed(data: bytes) -> Form | None:
    """The form that *data* is, if it is one."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and {"manifest", "pinned", "events"} >= value.keys() else None


def mutate(data: bytes, random: Random, parts: Sequence[str]) -> bytes:
    """Another form, changed in one of *parts*; other bytes where *data* is none."""
    said = parsed(data)
    if said is None:
        return data
    part = random.choice([p for p in parts if p in said] or list(parts))
    return line(said | {part: changed(said.get(part), random)})


def _inline(record: Record, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    if kind == "RunStarted":
        return data | {"manifest": HERE}
    if "blob" in data:
        packed = {key: data.pop(key) for key in ("blob", "bytes")}
        data["blob"] = {"#": record.value(Packed.model_validate(packed))}
    if "blob" in data.get("said", {}):
        data = data | {"said": {"blob": {"#": record.value(Packed.model_validate(data["said"]))}}}
    return data


def _journal(folder: Path, events: Any, manifest: str) -> None:
    lines, prev = [], GENESIS
    for seq, event in enumerate(events if isinstance(events, list) else [events]):
        names = ("at", "kind", "node", "data")
        said = dict(zip(names, event, strict=False)) if isinstance(event, list) else {"data": event}
        written = grown(line(_filled(folder, said, manifest) | {"prev": prev, "seq": seq}))
        lines.append(written + b"\n")
        prev = digest(written)
    (folder / JOURNAL).write_bytes(b"".join(lines))


def _filled(folder: Path, value: Any, manifest: str) -> Any:
    """*value* with blobs laid down and named by their digest."""
    if value == HERE:
        return manifest
    if isinstance(value, list):
        return [_filled(folder, item, manifest) for item in value]
    if isinstance(value, dict):
        blob = value.get("blob")
        if isinstance(blob, dict) and "#" in blob:
            name = _blob(folder, blob["#"])
            value = {"bytes": (folder / BLOBS / name[7:]).stat().st_size} | value | {"blob": name}
        return {name: _filled(folder, item, manifest) for name, item in value.items()}
    return value


def _blob(folder: Path, value: Any) -> str:
    data = grown(line(value))
    name = digest(data)
    (folder / BLOBS / name[7:]).write_bytes(data)
    return name


def _kept(event: list[Any], agents: Sequence[str]) -> bool:
    return "/" not in event[2] or event[2].rpartition("/")[2] in agents


def _shorter(criterion: dict[str, Any]) -> dict[str, Any]:
    return criterion | {name: str(criterion.get(name, ""))[:20] for name in ("statement", "why", "needs", "remedy")}


def _short(event: list[Any]) -> list[Any]:
    """*event* without most of what a fact lists."""
    data = event[3]
    value = data["blob"]["#"] if isinstance(data.get("blob"), dict) else data.get("value")
    if event[1] == "StepDone" and isinstance(value, dict):
        for name, entries in value.items():
            if isinstance(entries, list):
                value[name] = entries[:3]
            elif isinstance(entries, dict):
                value[name] = dict(list(entries.items())[:3])
    said = data.get("said", {})
    said = said["blob"]["#"] if isinstance(said.get("blob"), dict) else said.get("value", {})
    for name in ("findings", "exhibits"):
        if name in said:
            said[name] = said[name][:3]
    return event
