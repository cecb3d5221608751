"""Searches the past of small repositories for a credential."""

from __future__ import annotations

from pathlib import Path

from orchestrator.evidence.facts.secrets import Credential, SecretHistory
from orchestrator.evidence.past import search
from orchestrator.evidence.past.request import asked_of
from orchestrator.evidence.snapshot import open_snapshot
from tests.repositories import git

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
LINE = f'TOKEN = "{TOKEN}"\n'
CLEAN = {"conf.py": "TOKEN = None\n"}


def searched(folder: Path, **how: object) -> SecretHistory:
    """What the search of the repository in *folder* comes to."""
    request = asked_of(open_snapshot(folder, **how))  # type: ignore[arg-type]  # as open_snapshot has them
    assert request is not None
    return search.search(request)


def only(found: SecretHistory) -> Credential:
    """The one credential that was found."""
    (credential,) = found.found
    assert TOKEN not in found.model_dump_json()
    return credential


def moved(repo: Path, old: str, new: str) -> None:
    (repo / new).parent.mkdir(parents=True, exist_ok=True)
    git(repo, "mv", old, new)
    git(repo, "commit", "--quiet", "-m", "move")
