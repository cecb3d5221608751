"""Counts what is not understood of given trees, by form, and what it costs: ``python -m tools.forms FOLDER …``."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator import profiling
from orchestrator.catalogue import condition
from orchestrator.catalogue.loader import catalogue
from orchestrator.contract.agent import Agent
from orchestrator.contract.checks import Check
from orchestrator.domain.derived import asked
from orchestrator.domain.fact import Aside, Fact, Problem
from orchestrator.domain.finding import Status
from orchestrator.domain.signal import Signal
from orchestrator.evidence.extract import extract
from orchestrator.evidence.snapshot import open_snapshot
from orchestrator.evidence.sources import listed, unmade
from orchestrator.planning.roster import built_in

SHOWN = 20
_PARTS = (
    (re.compile(r"\bhas (count|for_each) = .*", re.DOTALL), r"has \1 = …, which cannot be told"),
    (re.compile(r"\bhas (?!count|for_each)\S+ = .*", re.DOTALL), "has NAME = …, which cannot be told"),
    (re.compile(r"\bnobody has said what (\w+) .* is$", re.DOTALL), r"nobody has said what \1 … is"),
    (re.compile(r"\bnobody has said what \S+, kind: \S+ is$"), "nobody has said what kind: … is"),
    (re.compile(r"\bhas blocks \S+ for\b"), "has blocks NAME for"),
    (re.compile(r"(['\"`]).{0,400}?\1"), "'…'"),
    (re.compile(r"\$\{[^{}]*\}?|\$\w+|\{\{.*?\}\}"), "$…"),
    (re.compile(r"(?<![\w.])(?:\.{0,2}/)?[\w.@*-]+(?:/[\w.@*${}-]+)+"), "PATH"),
    (re.compile(r"\b\w+(?:[._\[\]-]+\w+){2,}\b|\b(?!for_each\b)\w*_\w*(?:\.\w+)*\b"), "NAME"),
    (re.compile(r"\b(?:var|local|module|data)\.\w+"), "NAME"),
    (re.compile(r"\b\w+\.(?:ya?ml|json|sh|tf|py|js|ts|go|rb|sql|md|toml)\b"), "PATH"),
    (re.compile(r"\d[\d,.]*"), "N"),
)


@dataclass(frozen=True)
class Loss:
    """
    A criterion of a tree that would be decided, or could be, had all of it been understood.

    Args:
        status: How it would be decided by what was understood; None where nothing was, so that nobody speaks of it.
        forms: The forms that took it.
    """

    tree: str
    criterion: str
    status: Status | None
    forms: frozenset[str]


def form(doubt: Problem | Aside) -> str:
    """The reason of *doubt* without its names, numbers and paths."""
    said = doubt.reason
    if isinstance(doubt, Aside) and doubt.what:
        said = said.replace(doubt.what, "NAME")
    for pattern, word in _PARTS:
        said = pattern.sub(word, said)
    return re.sub(r"\s+", " ", said).strip()[:160]


def losses(tree: str, facts: Mapping[type[Fact], Fact], agents: Iterable[type[Agent]]) -> Iterator[Loss]:
    """Each criterion that applies to *tree* and is not decided for what was not understood."""
    profile = profiling.profile(facts)
    for agent in agents:
        told: dict[str, set[Status]] = defaultdict(set)
        plain: dict[str, set[Status]] = defaultdict(set)
        doubts: dict[str, set[str]] = defaultdict(set)
        for check in agent.checks:
            said = _Said.by(check, facts)
            for criterion in check.criteria:
                of_it, undoubted = said.told(criterion), said.plain(criterion)
                told[criterion] |= of_it
                plain[criterion] |= undoubted
                if of_it != undoubted or not of_it:
                    doubts[criterion] |= said.doubts if of_it else said.unseen
        for criterion, forms in doubts.items():
            before, after = _status(plain[criterion]), _status(told[criterion])
            lost = after is None or after is Status.UNKNOWN is not before
            if forms and lost and not condition.not_applicable(catalogue()[criterion].applies, profile):
                yield Loss(tree, criterion, before, frozenset(forms))


@dataclass(frozen=True)
class _Said:
    """What a check says of facts, what it would say had nobody doubted, and the forms of what it was in doubt for."""

    drafts: tuple[tuple[str, Status], ...] = ()
    undoubted: tuple[tuple[str, Status], ...] = ()
    doubts: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    """Those of things that were left out of what it looked at."""

    @classmethod
    def by(cls, check: Check, facts: Mapping[type[Fact], Fact]) -> _Said:
        """What *check* says of *facts*; nothing where one of them could not be made at all."""
        arguments = {name: asked(kind, facts) for name, kind in check.parameters.items()}
        asked_for = arguments.values()
        if any(not problem.path for fact in asked_for for problem in fact.problems):
            return cls()
        drafts = tuple((draft.criterion, draft.status) for draft in check.run(facts))
        doubts: list[Problem | Aside] = [p for fact in asked_for for p in fact.lacking(check.reads)]
        doubts += [aside for fact in asked_for for aside in fact.doubted(check.reads)]
        unseen = [a for fact in asked_for for a in fact.passed_over(check.reads) if not a.void]
        undoubted = tuple((draft.criterion or check.criteria[0], draft.status) for draft in check.function(**arguments))
        return cls(drafts, undoubted, frozenset(map(form, doubts)), frozenset(map(form, unseen)))

    def told(self, criterion: str) -> set[Status]:
        """What it says of *criterion*."""
        return {status for about, status in self.drafts if about == criterion}

    def plain(self, criterion: str) -> set[Status]:
        """What it would say of *criterion*."""
        return {status for about, status in self.undoubted if about == criterion}


def _status(said: set[Status]) -> Status | None:
    """What becomes of a criterion of which *said* is said: one failure decides, a doubt takes a pass back."""
    return next((status for status in (Status.FAIL, Status.UNKNOWN, Status.PASS) if status in said), None)


def things(facts: Mapping[type[Fact], Fact]) -> list[Problem | Aside]:
    """All that is not understood in *facts*, and in what is told from them."""
    derived = {kind for agent in built_in() for check in agent.checks for kind in check.facts if not kind.recorded}
    every = [*facts.values(), *(asked(kind, facts) for kind in sorted(derived, key=lambda kind: kind.__qualname__))]
    found: dict[Problem | Aside, None] = {}
    for fact in every:
        found.update((problem, None) for problem in fact.problems if problem.path)
        found.update((aside, None) for aside in fact.aside if not aside.void)
    return list(found)


def facts_of(folder: Path, signals: Iterable[Signal]) -> dict[type[Fact], Fact]:
    """Every fact of *folder*; nothing outside it is asked."""
    facts = extract(open_snapshot(folder, worktree=(folder / ".git").exists()).tree, signals)
    return {**{source.fact: unmade(source.fact, "not asked") for source in listed()}, **facts}


def told(found: Sequence[Loss], seen: Counter[str]) -> str:
    """The table: the forms that most criteria hang on, of those *seen*."""
    alone, some, unseen = Counter[str](), Counter[str](), Counter[str]()
    for loss in found:
        (some if loss.status else unseen).update(loss.forms)
        alone.update(loss.forms if loss.status and len(loss.forms) == 1 else ())
    lost = sum(loss.status is not None for loss in found)
    lines = [
        f"{seen.total():,} things of {len(seen):,} forms are not understood; {lost:,} decided criteria are lost by "
        f"that, and {len(found) - lost:,} that nobody speaks of had such a thing for evidence",
        "",
        f"{'alone':>6}{'lost':>6}{'unseen':>8}{'things':>8}  form",
    ]
    for name in sorted({*some, *unseen}, key=lambda n: (-alone[n], -some[n], -unseen[n], n))[:SHOWN]:
        lines.append(f"{alone[name]:>6}{some[name]:>6}{unseen[name]:>8}{seen[name]:>8}  {name}")
    return "\n".join(lines)


def main(folders: list[str]) -> int:
    """Look at each of *folders*, and print the forms that cost most; 2 where one of them is no folder."""
    if not folders or (missing := [folder for folder in folders if not Path(folder).is_dir()]):
        wrong = f"no folder {missing[0]}; " if folders else ""
        print(f"{wrong}usage: python -m tools.forms FOLDER …", file=sys.stderr)
        return 2
    agents = built_in()
    asked_for = [s for agent in agents for s in (*agent.reads, *(s for check in agent.checks for s in check.reads))]
    found: list[Loss] = []
    seen: Counter[str] = Counter()
    for folder in map(Path, folders):
        facts = facts_of(folder, dict.fromkeys((*profiling.SIGNALS, *asked_for)))
        seen.update(form(thing) for thing in things(facts))
        found += losses(folder.name, facts, agents)
    print(told(found, seen))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
