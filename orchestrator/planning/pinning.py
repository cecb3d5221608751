"""Writes a run's manifest: what ran, by digest, and what the run is judged by, in full."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from .. import __version__, rules
from ..conclusion.derivations import DERIVATION
from ..engine import installed
from ..journal.event import canonical, digest
from ..journal.versions import FORMAT
from ..llm import prompts as prompting
from ..redaction import redact, redacted
from ..workflow.graph import Workflow
from . import roster
from .plan import Plan, Request
from .versions import versions


def pinned_blobs(settled: Plan) -> dict[str, bytes]:
    """What the run is judged by, as blobs: enough to derive its result without this version of anything."""
    statements = {
        "waivers": [],
        "attestations": [],
        "words": [word.model_dump(mode="json") for word in settled.weighed.words],
        "refused": [word.model_dump(mode="json") for word in settled.weighed.refused],
        "changed": {person: list(paths) for person, paths in settled.changed.items()},
        "excluded": list(settled.excluded),
        "trusted": list(settled.trusted),
    }
    return {
        "catalogue": canonical(redacted(settled.catalogue.model_dump(mode="json"))),
        "policy": canonical(redacted(settled.policy.model_dump(mode="json"))),
        "statements": canonical(redacted(statements)),
        "plan": canonical(redacted(planned(settled.workflow))),
        "checks": canonical(versions(settled.agents.values())),
    }


def planned(workflow: Workflow) -> dict[str, Any]:
    """Nodes and phases of *workflow*, as :class:`journal.manifest.Planned` reads them."""
    nodes = [
        {"node": n.id, "agent": n.agent, "phase": n.phase, "needs": list(n.needs), "required": n.spec.required}
        for n in workflow.nodes.values()
    ]
    phases = [
        {"id": p.id, "title": p.title or p.id, "gate": p.gate is not None, "demands": p.demands}
        for p in workflow.spec.phases
    ]
    return {"nodes": nodes, "phases": phases}


def digests(settled: Plan) -> dict[str, str]:
    """Digests of what ran and is not stored."""
    agents = [(name, digest(data)) for name, data in roster.sources(settled.agents.values())]
    prompts = [(name, digest(text.encode())) for name, text in prompting.shipped().items()]
    return {
        "agents": digest(canonical(agents)),
        "config": digest(settled.config_data),
        "rules": digest(settled.policy_data),
        "gonogo": installed.house(),
        "prompts": digest(canonical(prompts)),
        "renderer": installed.renderer(),
        "workflow": digest(settled.workflow_data),
        **({"words": digest(settled.words_data)} if settled.words_data else {}),
        **_of_sources(settled),
    }


def _of_sources(settled: Plan) -> dict[str, str]:
    """Digests of what may be contacted and of sources that packages bring along, where there are any."""
    said = settled.contacts.model_dump(mode="json", exclude_defaults=True)
    brought = installed.sources()
    return ({"contacts": digest(canonical(said))} if said else {}) | (
        {"sources": digest(canonical(brought))} if brought else {}
    )


def manifest(settled: Plan, request: Request, pinned: Mapping[str, bytes], now: datetime) -> dict[str, Any]:
    """``run.json`` of a run that begins *now* with *settled*, as :class:`journal.manifest.RunManifest` reads it."""
    release = settled.snapshot.release
    asked = asdict(request) | {"path": str(Path(request.path).resolve())}
    for name in ("config", "policy", "organisation"):
        if asked[name] and asked[name] not in rules.policies():
            asked[name] = str(Path(asked[name]).resolve())
    asked["words"] = [str(Path(name).resolve()) for name in request.words]
    asked["targets"] = rules.absolute(request.targets)
    asked["allow_hosts"] = list(request.allow_hosts)
    if release.commit and not request.worktree:
        asked["revision"] = release.commit
    described: dict[str, Any] = {
        "format": FORMAT,
        "run": f"{now:%Y%m%dT%H%M%SZ}-{_word(release.name)}-{_word(release.version)}-{secrets.token_hex(2)}",
        "tool": f"gonogo {__version__}",
        "tools": installed.tools(),
        "derivation": DERIVATION,
        "mode": "review",
        "workflow": settled.workflow.spec.name,
        "config": settled.config.path,
        "request": asked,
        "release": release.model_dump(mode="json"),
        "notes": [*settled.snapshot.notes, *settled.notes, *_asking(request)],
        "pinned": {name: digest(data) for name, data in pinned.items()},
        "digests": digests(settled),
        "contacts": settled.contacts.model_dump(mode="json", exclude_defaults=True),
    }
    return {name: redacted(value) for name, value in described.items()}


def _asking(request: Request) -> list[str]:
    if not request.model:
        return []
    return [f"a second look by {request.model} was asked for: it can withdraw a pass, and cannot give one"]


def _word(text: str) -> str:
    """*text* as part of a folder's name."""
    return re.sub(r"[^A-Za-z0-9._+]+", "-", redact(text)).strip("-.")[:40] or "release"
