"""True records for fuzz targets: a tiny release, reviewed in a folder of the target's own."""

from __future__ import annotations

import asyncio
from pathlib import Path

from orchestrator.commands.review import review
from orchestrator.journal.record import Record
from orchestrator.planning.plan import Request
from tests.repositories import SHOP, repository
from tests.words import SMALL_TEAM, attested, waived, words

from .forged import Form, form, settled, small

AGENTS = ("security-validator", "deployment-orchestrator", "exactly-right", "root-cause-finder")
STATEMENTS = words(
    waivers=[waived("INF-1.1.1"), waived("INF-1.1.2", reason="until the end of last month", expires="2020-01-31")],
    attestations=[attested("OBS-4.3.4")],
)


def reviewed(folder: Path) -> Record:
    """The record of a review of a small shop, all of it below *folder*."""
    shop = repository(folder / "shop", SHOP, {"NEWS": "more\n"})
    for name, text in (("words.yaml", STATEMENTS), ("team.yaml", SMALL_TEAM)):
        (folder / name).write_text(text)
    request = Request(path=str(shop), words=(str(folder / "words.yaml"),), policy=str(folder / "team.yaml"))
    return Record(asyncio.run(review(request, folder / "runs", sync=False)).folder)


def tiny(folder: Path) -> Form:
    """A genuine record that is judged in milliseconds; it lies in *folder*."""
    return settled(small(form(reviewed(folder.parent)), AGENTS), folder)


def forms(folder: Path) -> list[Form]:
    """What the fuzzer begins with: a genuine record, unfinished ones, and one where a model was to be asked."""
    whole = tiny(folder)
    asked = whole | {"manifest": whole["manifest"] | {"request": whole["manifest"]["request"] | {"model": "claude-x"}}}
    return [
        whole,
        *(whole | {"events": whole["events"][:-gone]} for gone in (1, 2)),
        whole | {"events": whole["events"][:3]},
        asked,
    ]
