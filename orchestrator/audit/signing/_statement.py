"""What is signed of a finished run, and how a signed statement differs from its record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from ...conclusion import state as reading
from ...conclusion.conclude import conclude
from ...conclusion.rendering import REPORT, VERDICT
from ...conclusion.state import RunState
from ...errors import RecordBroken
from ...host import files
from ...journal.claim import MAX_DERIVED
from ...journal.record import Record
from ...report.json import plain

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/verification_summary/v1"
VERIFIER = "pkg:generic/gonogo"


def statement(record: Record, state: RunState | None = None) -> dict[str, Any]:
    """
    What is signed: a function of *record* and the two files derived from it, with the record's own time.

    Args:
        record: A run that has come to its verdict.
        state: Its events, where they have been read.

    Raises:
        RecordBroken: The record is damaged or unfinished.
    """
    state = state or reading.read(record)
    result = conclude(record, state)
    release = result.release
    reviewed = {"gitCommit": release.commit} if release.source == "git" else {"gonogoTree": _hex(release.tree)}
    ready = result.verdict == "PRODUCTION READY"
    tool, _, version = result.run.tool.partition(" ")
    return {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": release.name, "digest": reviewed},
            *({"name": name, "digest": {"sha256": _sha256(record.folder / name)}} for name in (VERDICT, REPORT)),
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "verifier": {"id": VERIFIER, "version": {tool: version}},
            "timeVerified": result.run.finished,
            "resourceUri": f"pkg:generic/{quote(release.name, safe='')}@{quote(release.version, safe='')}",
            "policy": {"uri": "run.json#pinned.policy", "digest": {"sha256": _hex(result.run.digests["policy"])}},
            "inputAttestations": [{"uri": "journal.jsonl#head", "digest": {"sha256": _hex(state.head)}}],
            "verificationResult": "PASSED" if ready else "FAILED",
            "verifiedLevels": ["GONOGO_PRODUCTION_READY" if ready else "FAILED"],
            "gonogo": {
                "run": result.run.id,
                "verdict": result.verdict,
                "exit_code": result.exit_code,
                "score": result.score.percent,
                "band": result.score.band,
                **({"basis": plain(result.basis)} if result.basis is not None else {}),
                "head": state.head,
                "events": state.count,
                "digests": dict(result.run.digests),
            },
        },
    }


class Difference(NamedTuple):
    """One place where what was signed is not what the record derives to."""

    at: str
    signed: str
    derived: str

    def __str__(self) -> str:
        return f"{self.at} was {self.signed}, is {self.derived}"


def differences(signed: Any, derived: Any, at: str = "") -> Iterator[Difference]:
    """The differences between the two; as deep as *derived*, whatever was signed."""
    if isinstance(signed, dict) and isinstance(derived, dict):
        for key in sorted({*signed, *derived}):
            yield from differences(signed.get(key), derived.get(key), f"{at}.{key}" if at else key)
    elif isinstance(signed, list) and isinstance(derived, list) and len(signed) == len(derived):
        for number, (a, b) in enumerate(zip(signed, derived, strict=True)):
            name = b.get("name", number) if isinstance(b, dict) else number
            yield from differences(a, b, f"{at}[{name}]")
    elif signed != derived:
        yield Difference(at or "the statement", *(json.dumps(value)[:120] for value in (signed, derived)))


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(files.read(path, MAX_DERIVED, inside=path.parent)).hexdigest()
    except OSError as error:
        raise RecordBroken(f"{path.name} cannot be read: {error.strerror}", where=str(path)) from None


def _hex(digest: str) -> str:
    return digest.rpartition(":")[2]
