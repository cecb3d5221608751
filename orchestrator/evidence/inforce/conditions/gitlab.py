"""When jobs of GitLab run: the sources of a pipeline, and what ``rules``, ``only`` and ``except`` say of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ....vocabulary import meaning_of, meanings
from ..chance import Chance
from ..force import IN_FORCE, Force, unknown, void
from . import filters
from .values import RUN, SETTING, THERE, Value, chance_of, of_row, sure

SOURCES = meanings("gitlab", "event")
"""What starts pipelines, in GitLab's words and in those of the fact."""
_USUAL = ("push", "merge_request_event", "tag")
"""Sources of the pipelines that a job without rules is part of; GitLab runs one for each pushed branch."""
_REFS = {ref: tuple(sources.split()) for ref, sources in meanings("gitlab", "ref").items()}


@dataclass(frozen=True, slots=True)
class Start:
    """Whether a job runs, from which sources, and how."""

    force: Force
    sources: tuple[str, ...] = ()
    manual: bool = False
    after_failure: bool = False
    heeded: bool = True
    spoken: frozenset[str] = frozenset()
    """The sources that its rules name."""

    @property
    def triggers(self) -> tuple[str, ...]:
        """What starts it; what could start any pipeline by hand or from outside only where nothing else does."""
        usual = {"push", "merge_request_event"} & set(self.sources)
        kept = [s for s in self.sources if s in usual or not usual or s in self.spoken]
        return tuple(SOURCES[source] for source in kept)


def of_workflow(rules: Sequence[Any], variables: Mapping[str, str]) -> Start:
    """From which sources a pipeline runs at all."""
    if not rules:
        return Start(IN_FORCE, tuple(SOURCES))
    return of_rules(rules, tuple(SOURCES), variables)


def of_rules(
    rules: Sequence[Any], sources: Sequence[str], variables: Mapping[str, str], usual: str = "on_success"
) -> Start:
    """What a list of ``rules`` comes to for a pipeline of each of *sources*."""
    runs: list[str] = []
    ways: set[str] = set()
    swallowed: set[bool] = set()
    doubt = ""
    for source in sources:
        here: set[str] = set()
        for rule in rules:
            if not isinstance(rule, dict):
                continue
            chance = _of_rule(rule, source, variables)
            if chance is Chance.NEVER:
                continue
            when = str(rule.get("when", usual))
            if chance is Chance.SETTING:
                doubt = doubt or str(rule.get("if", ""))
                continue
            here.add(when)
            swallowed.add(rule.get("allow_failure") is True)
            if chance is Chance.ALWAYS:
                break
        if here - {"never"}:
            runs.append(source)
            ways |= here - {"never"}
    if runs:
        return Start(IN_FORCE, tuple(runs), ways == {"manual"}, ways == {"on_failure"}, swallowed != {True})
    if doubt:
        return Start(unknown(f"depends on `{doubt[:80]}`, of which no file tells what it comes to"))
    return Start(void("has rules that never let it run"))


def _of_rule(rule: Mapping[str, Any], source: str, variables: Mapping[str, str]) -> Chance:
    chance = Chance.ALWAYS
    if "if" in rule:
        chance = chance_of(str(rule["if"]), lambda parts: _lookup(parts[0], source, variables), {})
    for key in ("changes", "exists"):
        if key in rule:
            chance = min(chance, Chance.NEVER if rule[key] == [] else Chance.RUNTIME)
    return chance


def _lookup(name: str, source: str, variables: Mapping[str, str]) -> Value:
    of_branch = source in ("push", "schedule", "web", "trigger")
    known = {
        "CI_PIPELINE_SOURCE": sure("push" if source == "tag" else source),
        "CI_COMMIT_BRANCH": THERE if of_branch else sure(None),
        "CI_COMMIT_TAG": THERE if source == "tag" else sure(None),
        "CI_MERGE_REQUEST_IID": THERE if source == "merge_request_event" else sure(None),
        "CI": sure("true"),
        "GITLAB_CI": sure("true"),
    }
    if name in known:
        return known[name]
    if name.startswith("CI_MERGE_REQUEST"):
        return RUN if source == "merge_request_event" else sure(None)
    if means := meaning_of("gitlab", name):
        return of_row(means)
    if name in variables:
        return sure(variables[name]) if "$" not in variables[name] else RUN
    return SETTING


def of_job(job: Mapping[str, Any], workflow: Start, variables: Mapping[str, str]) -> Start:
    """Whether, and from which sources, a job runs; *job* is what it and what it extends say of that."""
    when = str(job.get("when", "on_success"))
    rules = job.get("rules")
    if isinstance(rules, list):
        return _told(of_rules(rules, workflow.sources, variables, when), job)
    sources = tuple(s for s in workflow.sources if s in _USUAL or (s in ("schedule", "web", "trigger")))
    force: Force = IN_FORCE
    if "only" in job:
        sources, force = _listed(job["only"], sources)
    if "except" in job and force:
        left_out, _ = _listed(job["except"], sources, named=False)
        sources = tuple(s for s in sources if s not in left_out)
        force = IN_FORCE if sources else void("leaves out all that could start it")
    if when == "never":
        force = void("is told never to run")
    if not force:
        return Start(force)
    if "only" not in job and "except" not in job:
        sources = tuple(s for s in sources if s in (_USUAL if set(_USUAL) & set(sources) else sources))
    return _told(Start(IN_FORCE, sources, when == "manual", when == "on_failure"), job)


def _told(start: Start, job: Mapping[str, Any]) -> Start:
    words = str([job.get("rules"), job.get("only")])[:5_000]
    spoken = frozenset(
        source for source in SOURCES if re.search(rf"\b(?:CI_COMMIT_)?{source}s?\b", words, re.IGNORECASE)
    )
    return replace(start, heeded=start.heeded and job.get("allow_failure") is not True, spoken=spoken)


def _listed(value: Any, sources: Sequence[str], named: bool = True) -> tuple[tuple[str, ...], Force]:
    """The sources that a list of ``only`` or ``except`` names."""
    refs = value.get("refs") if isinstance(value, dict) else value
    if isinstance(value, dict) and "refs" not in value:
        if "variables" in value:
            return ((), unknown("depends on variables")) if named else ((), IN_FORCE)
        return (tuple(sources), IN_FORCE) if named else ((), IN_FORCE)
    words = (
        [refs] if isinstance(refs, str) else [w for w in refs if isinstance(w, str)] if isinstance(refs, list) else []
    )
    found = [source for word in words for source in _REFS.get(word.partition("@")[0], ())]
    names = [word for word in words if word.partition("@")[0] not in _REFS]
    force = filters.of_branches(names) if names else IN_FORCE
    if named and names and force:
        found.extend(("push", "schedule", "web", "trigger"))
        if any(re.search(r"^/.*(?:v|\\d|release|tag)", name) for name in names):
            found.append("tag")
    if not named and any(name in ("/.*/", "/./", "/.+/") for name in names):
        found.extend(("push", "schedule", "web", "trigger"))
    kept = tuple(source for source in sources if source in found)
    if named and not kept:
        return (), force if not force else void("is started by nothing that it names")
    return kept, IN_FORCE
