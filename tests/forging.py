"""This is where tests get a forged record from: one that holds together and never happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orchestrator.engine import conclude as concluding
from orchestrator.engine import history as reading
from orchestrator.journal.event import GENESIS, canonical, digest, write
from orchestrator.journal.record import Record
from orchestrator.result import lay_down


def forge(folder: Path) -> Path:
    """
    Take every failure out of the run in *folder* and write the rest anew: chain, verdict, report.

    It is what somebody can do who writes the folder and has the source of this project.
    """
    record = Record(folder)
    events = [(e.at, e.kind, e.node, _milder(record, e.data)) for e in record.events()]
    _chain(folder, events)
    history = reading.read(record)
    judgement = concluding.judge(history, concluding.terms(record, history))
    found = [a.model_dump(mode="json", exclude_defaults=True) for a in judgement.assessments]
    for _, kind, _, data in events:
        if kind == "VerdictReached":
            data |= {"verdict": judgement.verdict.decision, "assessments": digest(canonical(found))}
    _chain(folder, events)
    return lay_down(folder, sync=False)


def cut(folder: Path) -> Path:
    """Take the end of the journal away, from the verdict on, and what was derived from it."""
    journal = folder / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    (folder / "verdict.json").unlink()
    (folder / "report.html").unlink()
    return folder


def _milder(record: Record, data: dict[str, Any]) -> dict[str, Any]:
    if "said" not in data:
        return dict(data)
    said = record.value(data["said"])
    kept = [finding for finding in said.get("findings", ()) if finding["status"] != "fail"]
    return data | {"said": {"value": said | {"findings": kept}}}


def _chain(folder: Path, events: list[tuple[str, str, str, dict[str, Any]]]) -> None:
    lines, prev = [], GENESIS
    for seq, (at, kind, node, data) in enumerate(events):
        line = write(seq, at, kind, node, canonical(data), prev)
        lines.append(line + b"\n")
        prev = digest(line)
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
