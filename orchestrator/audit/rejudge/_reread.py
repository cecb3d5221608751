"""Reads from the repository again what a record holds of it; nothing of it is run."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...conclusion import state as reading
from ...conclusion.state import RunState
from ...domain.base import Base
from ...domain.fact import Fact
from ...engine import facts as collecting
from ...engine.quoting import lines_of
from ...errors import RecordBroken, UsageError
from ...evidence.snapshot import Snapshot
from ...evidence.sources import FactSource, listed
from ...journal.clock import Clock
from ...journal.event import digest
from ...journal.key import KEY, redaction_key
from ...journal.record import Record
from ...journal.step import Door
from ...journal.writer import start
from ...planning import roster
from ...planning.basing import based
from ...planning.plan import Request, configured, paths, signals
from ...redaction import withholding
from ._recorded import Place, facts_of, quotes
from ._rules import workflow_of
from ._same import same_code

_STUB = re.compile(r"\[withheld [^\[\]\n]{0,200}\]|\[withheld [^\[\]\n]{0,200}…?\Z")


class Difference(NamedTuple):
    """The first place where two values part."""

    at: str
    recorded: str
    read: str


def reread(record: Record, repo: Path) -> list[tuple[str, str]]:
    """
    Read the facts and quotes of *record* again, from the commit that it names, in the repository at *repo*.

    Args:
        record: A run that :func:`replaying.verify` has found nothing wrong with.
        repo: A repository that has the commit; it is read as in a review.

    Returns:
        (what, what was found) for everything that was compared.

    Raises:
        RecordBroken: The first thing that is not so in the repository.
        UsageError: The run reviewed no commit, or was configured by a file that is not there as it was.
        UnknownRevision: The repository does not have the commit.
    """
    state = reading.read(record)
    manifest = state.manifest
    if manifest.release.source != "git" or not manifest.release.commit:
        raise UsageError("the run reviewed no commit, so there is nothing to read again", where=record.name)
    release, asked = manifest.release, manifest.request
    request = Request(path=str(repo), revision=release.commit, config=asked.config, name=release.name)
    snapshot, _, data = configured(request)
    snapshot = based(snapshot, "", None, release.base or Base())
    if snapshot.release.tree != release.tree:
        raise RecordBroken(
            f"commit {release.commit[:10]} has tree {snapshot.release.tree[:19]}, and {release.tree[:19]} is recorded",
            where="run.json: release.tree",
        )
    if digest(data) != manifest.digests.get("config"):
        if asked.config:
            raise UsageError(f"'{asked.config}' is not what the run was configured by", where=record.name)
        raise RecordBroken(
            "readiness.yaml of the commit is not the one of the record", where="run.json: digests.config"
        )
    runs = record.folder.parent
    keyed = (runs / KEY).is_file()
    with withholding(redaction_key(runs) if keyed else b"", os.environ) as kept:
        kept.name_contacts(data)
        facts = _facts(record, state, snapshot, keyed=keyed)
        lines = _quotes(state, snapshot)
    return [("commit", f"{release.commit[:10]} has the tree and the configuration that are recorded"), facts, lines]


def _facts(record: Record, state: RunState, snapshot: Snapshot, *, keyed: bool) -> tuple[str, str]:
    """Hold every recorded fact to what is read today, where today's readers are those of then."""
    agents = roster.load()
    workflow = workflow_of(state.manifest, agents)
    if workflow is None or not same_code(state.manifest, agents):
        return ("facts", f"not read again: {state.manifest.tool[:40]} had other readers, agents or patterns")
    recorded = facts_of(record, state)
    if recorded.not_comparable:
        raise RecordBroken(recorded.not_comparable[0].reason, where=record.name)
    if recorded.missing:
        raise RecordBroken(f"fact '{recorded.missing[0]}' is not in the record", where=record.name)
    sources = {source.fact: source for source in listed() if source.of != "outside"}
    today = asyncio.run(_read(snapshot, signals(workflow, agents), paths(workflow, agents), [*sources.values()]))
    other = []
    for kind, fact in today.items():
        was, now = (_plain(said, keyed=keyed) for said in (recorded.by_type[kind], fact))
        difference = next(_differences(was, now), None)
        if difference is None:
            continue
        if sources[kind].of == "clone":  # another one of the same commit has other branches and tags
            other.append(kind.name)
            continue
        raise RecordBroken(
            f"fact '{kind.name}' is not what the repository says: {difference.at} recorded {difference.recorded}, "
            f"read {difference.read}",
            where=_place(was, now, difference.at) or kind.name,
        )
    apart = f"; of this clone's own branches and tags, and not compared: {', '.join(other)}" if other else ""
    return ("facts", f"{len(today) - len(other)} read again from the commit are the same{apart}")


async def _read(
    snapshot: Snapshot, looked_for: Any, files: Any, sources: Sequence[FactSource]
) -> dict[type[Fact], Fact]:
    """The facts of *snapshot* as a run records them, through a door of their own."""
    with tempfile.TemporaryDirectory(prefix="gonogo-") as private:
        journal = start(Path(private) / "runs" / "again", {}, Clock(), sync=False)
        try:
            return await collecting.collect(Door(journal), snapshot, looked_for, files, sources=sources)
        finally:
            journal.close()


def _quotes(state: RunState, snapshot: Snapshot) -> tuple[str, str]:
    """Hold every line that a finding quotes to the line of the commit."""
    said: dict[Place, set[str]] = {}
    for _, result in state.ended.values():
        for finding in result.findings:
            for place, excerpt in quotes(finding):
                if excerpt:
                    said.setdefault(place, set()).add(excerpt)
    wanted = sorted(said)
    there = {file.path for file in snapshot.tree.entries}
    past = 0
    for place, line in zip(wanted, lines_of(snapshot, wanted), strict=True):
        if place[0] not in there and _STUB.search(place[0]) is None:
            past += 1
            continue
        for excerpt in sorted(said[place]):
            if line is None or not _alike(excerpt, line):
                found = f"'{line[:80]}'" if line is not None else "no such line"
                raise RecordBroken(
                    f"a quoted line is not in the commit: recorded '{excerpt[:80]}', read {found}",
                    where=f"{place[0]}:{place[1]}",
                )
    more = f"; {past:,} of files that the commit does not have were not" if past else ""
    return ("quotes", f"{len(wanted) - past:,} lines read again from the commit are the same{more}")


def _plain(fact: Fact, *, keyed: bool) -> Any:
    """What *fact* says, without the digests of credentials where nobody has the key that made them."""
    said = fact.model_dump(mode="json")
    if not keyed:
        for credential in said.get("found", ()):
            if isinstance(credential, dict):
                credential.pop("digest", None)
    return said


def _differences(recorded: Any, read: Any, at: str = "") -> Iterator[Difference]:
    """The places where the two differ, apart from what was withheld."""
    if isinstance(recorded, dict) and isinstance(read, dict):
        for key in sorted({*recorded, *read}):
            yield from _differences(recorded.get(key), read.get(key), f"{at}.{key}" if at else key)
    elif isinstance(recorded, list) and isinstance(read, list):
        for number, (one, other) in enumerate(zip(recorded, read, strict=False)):
            yield from _differences(one, other, f"{at}[{number}]")
        if len(recorded) != len(read):
            yield Difference(at, f"{len(recorded):,} entries", f"{len(read):,}")
    elif recorded != read and not (isinstance(recorded, str) and isinstance(read, str) and _alike(recorded, read)):
        yield Difference(at or "all of it", str(recorded)[:80], str(read)[:80])


def _alike(recorded: str, read: str) -> bool:
    """Whether the two are the same but for what one withholds: another environment or key withholds otherwise."""
    if recorded == read:
        return True
    return any(
        _STUB.search(one) is not None
        and re.fullmatch(".*".join(map(re.escape, _STUB.split(one))), _STUB.sub("", other), re.DOTALL) is not None
        for one, other in ((recorded, read), (read, recorded))
    )


def _place(recorded: Any, read: Any, at: str) -> str:
    """The path and line of the innermost part on the way to *at* that has one."""
    found = ""
    for value in (recorded, read):
        for step in re.findall(r"[^.\[\]]+", at):
            if isinstance(value, dict):
                found = _named(value) or found
                value = value.get(step)
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            if isinstance(value, dict):
                found = _named(value) or found
        if found:
            return found
    return found


def _named(value: Mapping[str, Any]) -> str:
    source = value.get("source")
    said = source if isinstance(source, dict) else value
    path, line = said.get("path"), said.get("line")
    if not isinstance(path, str) or not path:
        return ""
    return f"{path}:{line}" if isinstance(line, int) and line else path
