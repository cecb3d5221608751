"""Settles what will be reviewed, by whom and by which rules, before anything is done."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from .. import config as configuration
from .. import profiling, rules
from ..catalogue.loader import catalogue, extended
from ..config import ConfigFile
from ..contract.agent import Agent
from ..domain.criterion import Catalogue
from ..domain.policy import Loosened, Policy
from ..domain.signal import Signal
from ..domain.target import Contacts
from ..errors import ConfigError, OrchestratorError, WorkflowError
from ..evidence import borders
from ..evidence.belonging import belongs
from ..evidence.keeping import Keep
from ..evidence.snapshot import Snapshot, open_snapshot
from ..evidence.tree import MAX_FILE_BYTES
from ..host import files
from ..identities import Known
from ..journal.event import digest
from ..logs import logger
from ..rules import Backing, Chosen, Heap, Weighed
from ..workflow import graph
from ..workflow.graph import Workflow
from ..workflow.model import NodeSpec
from ..workflow.shipped import DEFAULT
from . import roster
from . import words as wording

_log = logger("planning")
_YAML = (".yaml", ".yml")
ONLY_CONFIG = ("/*", f"!/{configuration.FILE_NAME}")
"""What leaves nothing of a tree but its configuration, which may say that the rest is not all of the release."""


@dataclass(frozen=True)
class Request:
    """
    What the user asked for.

    Args:
        path: What to review.
        revision: Of the repository; ``HEAD`` when empty.
        worktree: The files as they are instead of a commit.
        config: A configuration outside the tree; else ``readiness.yaml`` in it.
        workflow: Name of a workflow that ships, or the path of a file.
        policy: A policy that ships, or a file with rules outside the tree, which alone may loosen those that ship.
        organisation: Another one, over which *policy* is laid.
        words: Files with people's words, outside the tree.
        name: Of the release.
        version: Of the release.
        trust: Whether agents that the tree's own configuration names may be imported.
        fail_fast: Skip phases behind a closed gate instead of judging them anyway.
        model: Name of the model that takes a second look at what passes; nobody is asked where it is empty.
        targets: What evidence comes from outside the tree: ``[KIND=]WHERE`` each.
        allow_hosts: Hosts that may be contacted: ``HOST[:PORT][=NETWORK,…]`` each.
    """

    path: str = "."
    revision: str = ""
    worktree: bool = False
    config: str = ""
    workflow: str = ""
    policy: str = ""
    organisation: str = ""
    words: tuple[str, ...] = ()
    name: str = ""
    version: str = ""
    trust: bool = False
    fail_fast: bool = False
    model: str = ""
    targets: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything that is settled before the first agent starts."""

    snapshot: Snapshot
    config: ConfigFile
    config_data: bytes
    agents: Mapping[str, type[Agent]]
    catalogue: Catalogue
    workflow: Workflow
    workflow_data: bytes
    policy: Policy
    policy_data: bytes
    """The files with rules from outside; empty where there are none."""
    weighed: Weighed
    """People's words."""
    words_data: bytes
    """The files that they were handed in with."""
    changed: Mapping[str, tuple[str, ...]]
    """Person to the files that he changed in this release."""
    excluded: tuple[str, ...]
    """Wildcards by which the reviewed tree leaves parts of itself out."""
    trusted: tuple[str, ...]
    """Agents that the reviewed tree brought along."""
    contacts: Contacts
    """What may be contacted, and what the reviewed tree proposed in vain."""
    folder: str
    """Where the reviewed files lie."""
    notes: tuple[str, ...]
    """What a reader must know of what was settled."""

    @property
    def signals(self) -> tuple[Signal, ...]:
        """Every signal that the agents of the workflow and the profile read."""
        return signals(self.workflow, self.agents)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every single file that an agent of the workflow asks for."""
        return paths(self.workflow, self.agents)


def signals(workflow: Workflow, agents: Mapping[str, type[Agent]]) -> tuple[Signal, ...]:
    """Every signal that the *agents* of *workflow* and the profile read."""
    named = {node.agent for node in workflow.nodes.values()}
    named |= {phase.on_failure for phase in workflow.spec.phases if phase.on_failure}
    wanted = [s for name in sorted(named) for check in agents[name].checks for s in check.reads]
    wanted += [s for name in sorted(named) for s in agents[name].reads]
    return tuple({s.id: s for s in (*profiling.SIGNALS, *wanted)}.values())


def paths(workflow: Workflow, agents: Mapping[str, type[Agent]]) -> tuple[str, ...]:
    """Every single file that one of the *agents* of *workflow* asks for."""
    named = {node.agent for node in workflow.nodes.values()}
    return tuple(sorted({probe.path for name in named for probe in agents[name].probes()}))


def plan(request: Request, today: date) -> Plan:
    """
    Settle what will be reviewed, by whom and by which rules; touches nothing.

    Args:
        request: What the user asked for.
        today: The day from which people's words last.

    Raises:
        OrchestratorError: Something the user can fix.
    """
    snapshot, config, data = configured(request)
    agents = roster.load(config.config.agents, _agents_folder(request, config))
    criteria = extended(catalogue(), [c for agent in agents.values() for c in agent.declares])
    policies = [_policy(name, request, snapshot) for name in (request.organisation, request.policy) if name]
    outside, tree = _layers(config, policies)
    known = Known(rules.people(outside, tree))
    heaps, words_data = _heaps(request, snapshot, config, data, known)
    rules.check_criteria(heaps, criteria)
    weighed = rules.weigh(heaps, known, criteria, snapshot.release, today)
    chosen = _chosen(request, snapshot, config)
    ruled = rules.settle(chosen, outside, tree, agents, [area.id for area in criteria.areas])
    contacts = _contacts(request, outside, tree)
    local = [id_ for id_, agent in agents.items() if f"{agent.__module__}:{agent.__name__}" in config.config.agents]
    workflow = _joined(ruled.workflow, local)
    if request.fail_fast:
        workflow = _failing_fast(workflow)
    excluded = config.config.exclude if config.own else ()
    policy = ruled.policy if config.own else _narrowed(ruled.policy, snapshot, config)
    _log.info("planned", release=snapshot.release.name, commit=snapshot.release.commit, workflow=workflow.spec.name)
    return Plan(
        snapshot=snapshot,
        config=config,
        config_data=data,
        agents=agents,
        catalogue=criteria,
        workflow=workflow,
        workflow_data=ruled.data,
        policy=policy,
        policy_data=b"\0".join(policy.data for policy in policies),
        weighed=weighed,
        words_data=words_data,
        changed=wording.changed(snapshot.git, "", snapshot.release.commit, weighed.words, criteria, known),
        excluded=excluded,
        trusted=tuple(local) if config.own else (),
        contacts=contacts,
        folder=str(borders.home(Path(request.path))),
        notes=(*_left_out(snapshot, excluded), *ruled.notes, *_proposed(contacts)),
    )


def configured(request: Request) -> tuple[Snapshot, ConfigFile, bytes]:
    """The snapshot, and the configuration that may rename it or, from outside, narrow it; nothing of either is run."""
    if request.config:
        data: bytes | None = _named(request.config, request, ConfigError)
        config = configuration.parse(data, request.config)
    else:
        data = _tree_config(_open(request, ONLY_CONFIG))
        config = configuration.parse(data, configuration.FILE_NAME)
    said = config.config
    named = Request(
        **{
            **asdict(request),
            "name": request.name or said.release.name,
            "version": request.version or said.release.version,
        }
    )
    whole = _open(named, ())
    config.own = not request.config or _belongs(request, request.config, whole)
    return whole if config.own or not said.exclude else _open(named, said.exclude), config, data or b""


def _named(name: str, request: Request, error: type[OrchestratorError]) -> bytes:
    """What the file *name* of the user holds; where a link of the reviewed tree leads is not for its author to say."""
    if link := files.crossing(Path(name), borders.home(Path(request.path))):
        raise error(
            f"'{name}' is reached through a link in the reviewed tree", where=str(link), remedy="name the file itself"
        )
    try:
        return files.read(Path(name), configuration.MAX_BYTES)
    except OSError as problem:
        raise error(f"'{name}' cannot be read: {problem.strerror}") from None


def _belongs(request: Request, file: str, snapshot: Snapshot) -> bool:
    """Whether *file* is one that whoever commits to the reviewed repository has a say in."""
    return belongs(Path(file), Path(request.path), snapshot.git)


def _left_out(snapshot: Snapshot, excluded: Sequence[str]) -> Sequence[str]:
    """What the reviewed tree says is not part of the release, and what becomes of that."""
    if not excluded:
        return ()
    keep = Keep(excluded)
    count = sum(1 for file in snapshot.tree.entries if not keep(file.path))
    return (
        f"{configuration.FILE_NAME} leaves out {_share(count, len(snapshot.tree.entries), excluded)}: what fails there "
        "still counts, and nothing passes on them; a configuration from outside can leave them out: "
        "--config FILE",
    )


def _narrowed(policy: Policy, snapshot: Snapshot, config: ConfigFile) -> Policy:
    """*policy*, which says so where a configuration from outside leaves files out of the release."""
    total = snapshot.total
    left_out = total - len(snapshot.tree.entries)
    if not left_out:
        return policy
    row = Loosened(rule="exclude", shipped="none", here=_share(left_out, total, config.config.exclude), by=config.path)
    return policy.model_copy(update={"loosened": (*policy.loosened, row)})


def _share(count: int, total: int, patterns: Sequence[str]) -> str:
    return f"{count:,} of {total:,} files ({', '.join(patterns[:5])}{', …' if len(patterns) > 5 else ''})"


class _Ruling(NamedTuple):
    """A file with rules."""

    data: bytes
    layers: tuple[rules.Layer, ...]
    """What it says, after what it extends."""
    own: bool
    """Whether it is the reviewed tree's."""


def _policy(name: str, request: Request, snapshot: Snapshot) -> _Ruling:
    """The rules that *name* stands for: a policy that ships, a file, or a file and the digest that it must have."""
    shipped = rules.policies()
    if name in shipped:
        return _Ruling(name.encode(), (shipped[name],), own=False)
    path, _, pinned = name.partition(_PIN)
    data = _named(path, request, ConfigError)
    if pinned and digest(data) != f"sha256:{pinned}":
        raise ConfigError(
            f"'{path}' has another digest than the one that is asked for", where=path, remedy=digest(data)
        )
    layer = rules.parse_policy(data, path)
    extends = getattr(layer.said, "extends", "")
    if extends and extends not in shipped:
        remedy = f"there are {', '.join(sorted(shipped))}"
        raise ConfigError(f"no policy '{extends}' ships", where=layer.at("extends"), remedy=remedy)
    layers = (shipped[extends], layer) if extends else (layer,)
    return _Ruling(data, layers, _belongs(request, path, snapshot))


_PIN = "@sha256:"


def _layers(config: ConfigFile, policies: Sequence[_Ruling]) -> tuple[list[rules.Layer], list[rules.Layer]]:
    """What is said from outside, the strongest last, and what the reviewed tree says itself."""
    layers = [(rules.Layer(config.config, config.path, config.parsed), config.own)]
    layers += [(layer, policy.own) for policy in policies for layer in policy.layers]
    return [layer for layer, inside in layers if not inside], [layer for layer, inside in layers if inside]


def _heaps(
    request: Request, snapshot: Snapshot, config: ConfigFile, data: bytes, known: Known
) -> tuple[list[Heap], bytes]:
    """The words of the configuration and of every file that was handed in, and what those files hold."""
    reviewed, git = Path(request.path), snapshot.git
    backing = None
    if config.own:
        backing = Backing()
        if git is not None and snapshot.release.source == "git":
            commit = snapshot.release.commit
            backing = Backing(signer=wording.signers(git, commit, configuration.FILE_NAME, data, known))
    folder = reviewed if config.own else Path(config.path).parent
    found = [Heap(config.config, config.path, config.parsed, wording.proof(folder, reviewed, git), backing)]
    read = [(name, _named(name, request, ConfigError)) for name in request.words]
    found += [wording.parse_words(held, name, reviewed, git) for name, held in read]
    return found, b"\0".join(held for _, held in read)


def _contacts(request: Request, outside: Sequence[rules.Layer], tree: Sequence[rules.Layer]) -> Contacts:
    """What may be contacted; no file is read where a link of the reviewed tree leads."""
    found = rules.contacts(outside, tree, request.targets, request.allow_hosts)
    home = borders.home(Path(request.path))
    for target in found.targets:
        if target.path and (link := files.crossing(home / target.path, home)):
            raise ConfigError(
                f"report '{target.path}' leads over a link of the reviewed tree",
                where=str(link),
                remedy="name the file that is meant",
            )
    return found


def _proposed(contacts: Contacts) -> Sequence[str]:
    """What the reviewed tree proposed to contact, and nobody allowed."""
    said = [
        f"target '{row.target}' ({row.kind} {row.where}) is proposed by the reviewed tree and was "
        f"not contacted: {row.why}"
        for row in contacts.withheld[:_NAMED]
    ]
    more = len(contacts.withheld) - _NAMED
    return [*said, f"{more} more targets likewise"] if more > 0 else said


_NAMED = 10


def _chosen(request: Request, snapshot: Snapshot, config: ConfigFile) -> Chosen:
    """The workflow that the command asks for, else the configuration, else the one that a release is reviewed by."""
    if name := request.workflow:
        file = name.endswith(_YAML)
        return Chosen(
            name, _named(name, request, WorkflowError) if file else None, file and _belongs(request, name, snapshot)
        )
    if name := config.config.workflow:
        at = config.at("workflow")
        if not name.endswith(_YAML):
            return Chosen(name, None, config.own, at)
        return Chosen(
            name, _of_tree(snapshot, name, at) if config.own else _named(name, request, WorkflowError), config.own, at
        )
    return Chosen(DEFAULT)


def _of_tree(snapshot: Snapshot, name: str, at: str) -> bytes:
    """A workflow that the reviewed tree names: one of its own files, as they were committed."""
    path = posixpath.normpath(name)
    found = next((f for f in snapshot.tree.entries if f.path == path and f.kind == "file"), None)
    for _, data in snapshot.tree.read([found]) if found is not None and found.size <= MAX_FILE_BYTES else ():
        return data
    raise WorkflowError(
        f"'{name}' is not a file of the reviewed tree", where=at, remedy="name it by its path from the tree's root"
    )


def _open(request: Request, exclude: Sequence[str]) -> Snapshot:
    return open_snapshot(
        Path(request.path),
        revision=request.revision,
        worktree=request.worktree,
        name=request.name,
        version=request.version,
        exclude=exclude,
    )


def _tree_config(snapshot: Snapshot) -> bytes | None:
    found = next((f for f in snapshot.tree.entries if f.path == configuration.FILE_NAME), None)
    if found is None:
        return None
    if found.kind == "file" and found.size <= MAX_FILE_BYTES:
        for _, data in snapshot.tree.read([found]):
            return data
    what = f"a {found.kind}" if found.kind in ("symlink", "submodule") else "too large, or cannot be read"
    raise ConfigError(
        f"{configuration.FILE_NAME} is {what}",
        where=found.path,
        remedy="commit it as a file, or name one outside the tree: --config FILE",
    )


def _agents_folder(request: Request, config: ConfigFile) -> Path | None:
    if not config.config.agents:
        return None
    if request.config and (not config.own or request.trust):
        return Path(request.config).resolve().parent
    if not request.trust:
        raise ConfigError(
            f"readiness.yaml names agents of the reviewed tree: {', '.join(config.config.agents)}",
            where=config.path,
            remedy="nothing from a reviewed tree is run unless you say so: --trust",
        )
    return Path(request.path).resolve()


def _joined(workflow: Workflow, local: Sequence[str]) -> Workflow:
    """*workflow* with the configuration's own agents in its first phase, where it does not name them itself."""
    named = {node.agent for node in workflow.nodes.values()}
    own = [id_ for id_ in local if id_ not in named]
    if not own:
        return workflow
    first = workflow.spec.phases[0]
    nodes = (*first.nodes, *(NodeSpec(agent=id_) for id_ in own))
    phases = (first.model_copy(update={"nodes": nodes}), *workflow.spec.phases[1:])
    return graph.build(workflow.spec.model_copy(update={"phases": phases}))


def _failing_fast(workflow: Workflow) -> Workflow:
    phases = tuple(
        p.model_copy(update={"gate": p.gate.model_copy(update={"when_closed": "skip"})}) if p.gate else p
        for p in workflow.spec.phases
    )
    return graph.build(workflow.spec.model_copy(update={"phases": phases}))
