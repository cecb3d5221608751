"""The type of ``run.json``, and of the blobs that it pins."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from ..domain.model import AddedLater, Model
from ..domain.person import Attestation, RefusedWord, Waiver, Word
from ..domain.policy import Demand
from ..domain.release import Release
from ..domain.target import Contacts
from .kinds import Digest

RENDERED = 3
"""The first derivation by which a finished record ends in what was rendered, and names the renderer."""


class Asked(Model):
    """What the user asked for; paths are absolute."""

    path: str
    """What to review."""
    revision: str = ""
    """The commit; empty for a plain directory or a worktree."""
    worktree: bool = False
    """Whether the files as they were, instead of a commit."""
    config: str = ""
    """A configuration outside the tree."""
    workflow: str = ""
    """Name or path of a workflow."""
    name: str = ""
    """Of the release."""
    version: str = ""
    """Of the release."""
    trust: bool = False
    """Whether agents that the tree's own configuration names could be imported."""
    fail_fast: bool = False
    """Whether phases behind a closed gate were to be skipped."""
    policy: str = ""
    """A file with rules from outside the tree, or a policy that ships."""
    organisation: str = ""
    """Another one, over which that is laid."""
    words: tuple[str, ...] = ()
    """Files with people's words."""
    model: str = ""
    """Who was to take a second look; empty for nobody."""
    targets: tuple[str, ...] = ()
    """What evidence was to come from outside the tree."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts that could be contacted."""


class PinnedBlobs(Model, extra="allow"):
    """Digests of the blobs that the run is judged by; all that replay needs beside the journal."""

    __pydantic_extra__: dict[str, Digest]
    catalogue: Digest
    """Every criterion."""
    checks: Digest = ""
    """Every check and its version; absent in records from before it was pinned."""
    plan: Digest
    """Nodes and phases."""
    policy: Digest
    """The rules of the gate."""
    statements: Digest
    """Waivers and attestations."""

    def named(self) -> dict[str, str]:
        """Name to digest of those that are there, by name."""
        return dict(sorted(self.model_dump(exclude_defaults=True).items()))


class RunManifest(Model):
    """What ran, on what, and by which rules: `run.json`, written before anything else and never changed."""

    format: Literal["readiness/run/1", "gonogo/run/1"]
    """The record's format; the second is the first under its earlier name."""
    run: str
    """The run's id, and the name of its folder."""
    tool: str
    """gonogo and its version."""
    tools: dict[str, str] = {}
    """Name to version of what ran beside it: Python, git, libraries."""
    derivation: Annotated[int, Field(ge=1)] = 1
    """Number of the rules by which `verdict.json` and the reports are derived."""
    mode: str
    """What was done with the release: `review`."""
    workflow: str
    """The workflow's name."""
    config: str
    """Path of the configuration that was read, empty where there was none."""
    request: Asked
    """What the user asked for."""
    release: Release
    """What is under review."""
    notes: tuple[str, ...]
    """What a reader must know of the run itself."""
    pinned: PinnedBlobs
    """Blobs that the run is judged by."""
    digests: dict[str, Digest]
    """Digests of what ran and is not stored: agents, config, gonogo itself, prompts, renderer, workflow."""
    contacts: Contacts = Contacts()
    """What could be contacted, by whose word, and what the reviewed tree proposed in vain."""

    @property
    def ends_rendered(self) -> bool:
        """Whether a finished record of this kind ends in ``ResultRendered``."""
        return self.derivation >= RENDERED


class Statements(Model):
    """The pinned blob `statements`: what people accepted and stated."""

    waivers: tuple[Waiver, ...]
    """Risks that a person accepts."""
    attestations: tuple[Attestation, ...]
    """Facts that only a person can state."""
    words: tuple[Word, ...] = ()
    """Both, from derivation 5 on: each what one person says."""
    refused: tuple[RefusedWord, ...] = ()
    """Words that count for nothing."""
    changed: dict[str, tuple[str, ...]] = {}
    """Person to the files that he changed in this release; nobody vouches for what he wrote himself."""
    excluded: tuple[str, ...] = ()
    """Wildcards by which the reviewed tree leaves parts of itself out: failures there count, passes do not."""
    trusted: tuple[str, ...] = ()
    """Agents that the reviewed tree brought along."""


class PlannedNode(Model):
    """One node of the workflow as it was planned."""

    node: str
    """Its id, `phase/agent`."""
    agent: str
    """Whose turn it is."""
    phase: str
    """Where it belongs."""
    needs: tuple[str, ...]
    """Nodes that it waits for."""
    required: bool
    """Whether the gate wants it to complete."""


class PlannedPhase(Model):
    """One phase of the workflow as it was planned."""

    id: str
    """Its id."""
    title: str
    """For people."""
    gate: bool
    """Whether there is a gate before it."""
    demands: Annotated[Demand | None, AddedLater()] = None
    """Which rule of the policy requires its end; runs before this was recorded tell it by the phase's id."""


class Planned(Model):
    """The pinned blob `plan`."""

    nodes: tuple[PlannedNode, ...]
    """In the order of the workflow."""
    phases: tuple[PlannedPhase, ...]
    """In the order of the workflow."""


class Checks(RootModel[dict[str, str]]):
    """The pinned blob `checks`: id of every check to its version."""
