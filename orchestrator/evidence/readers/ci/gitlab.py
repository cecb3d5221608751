"""Reads pipelines of GitLab CI, with what their jobs extend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from ....domain.located import Located
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...tree import SourceFile
from ._shared import MAX_JOBS, Dialect, Keys, bounded, documents, script, strings, text

_RESERVED = frozenset({"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "spec"})
_RUNS = ("script", "trigger", "extends", "run")


def _pipeline(source: SourceFile) -> Iterator[Pipeline]:
    """The pipeline of one file; a file without jobs and includes is none."""
    for document in documents(source):
        names = [key for key, body in document.body.items() if _is_job(key, body)][: MAX_JOBS + 1]
        jobs: Iterable[CiJob] = (_job(document, source, name) for name in names)
        included = _includes(document)
        if included:
            jobs = chain((CiJob(id="include", line=document.at("include").line, steps=tuple(included)),), jobs)
        if names or included:
            yield from bounded(source.path, "gitlab", "", _triggers(document, names), jobs)


def _is_job(key: str, body: Any) -> bool:
    return key not in _RESERVED and not key.startswith(".") and isinstance(body, dict) and any(k in body for k in _RUNS)


def _lineage(document: Located, name: str) -> list[str]:
    """The job and what it extends, nearest first; cycles and depth are cut."""
    line, at = [name], 0
    while at < len(line) and len(line) < 12:
        for parent in strings(document.get(line[at], "extends"))[:12]:
            if parent not in line and isinstance(document.body.get(parent), dict):
                line.append(parent)
        at += 1
    return line


def _find(document: Located, lineage: list[str], key: str) -> tuple[Any, Keys]:
    """The nearest value of *key* along the lineage, and where it stands."""
    for name in lineage:
        if key in document.section(name):
            return document.get(name, key), (name, key)
    return None, ()


def _job(document: Located, source: SourceFile, name: str) -> CiJob:
    lineage = _lineage(document, name)
    places = []
    for key in ("before_script", "script", "after_script"):
        _, where = _find(document, lineage, key)
        if not where and key == "before_script":
            where = ("default", key) if document.get("default", key) else (key,)
        if where and document.get(*where) is not None:
            places.append(where)
    needs, _ = _find(document, lineage, "needs")
    environment, _ = _find(document, lineage, "environment")
    rules, _ = _find(document, lineage, "rules")
    conditions = [text(r.get("if")) for r in rules if isinstance(r, dict)] if isinstance(rules, list) else []
    manual = _find(document, lineage, "when")[0] == "manual" or any(
        isinstance(r, dict) and r.get("when") == "manual" for r in (rules if isinstance(rules, list) else [])
    )
    return CiJob(
        id=name,
        line=document.at(name).line,
        needs=tuple(text(n.get("job")) if isinstance(n, dict) else text(n) for n in _listed(needs)),
        environment=text(environment.get("name") if isinstance(environment, dict) else environment),
        condition=cut(" || ".join(c for c in conditions if c), 500),
        stage=text(_find(document, lineage, "stage")[0]),
        manual=manual,
        steps=tuple(script(document, source, *places)),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _includes(document: Located) -> list[CiStep]:
    value = document.get("include")
    entries = value if isinstance(value, list) else [value]
    steps = []
    for number, entry in enumerate(entries):
        keys: Keys = ("include", number) if isinstance(value, list) else ("include",)
        if isinstance(entry, dict):
            uses = next(
                (text(entry[k]) for k in ("template", "component", "local", "remote", "file") if k in entry), ""
            )
        else:
            uses = text(entry)
        if uses:
            steps.append(CiStep(name="include", uses=uses, line=document.at(*keys).line))
    return steps


def _triggers(document: Located, names: list[str]) -> set[str]:
    """Without rules a pipeline runs for every pushed branch, and so for every merge request."""
    rules = document.items("workflow", "rules")
    if rules:
        return _from_rules(rules)
    found: set[str] = set()
    for name in names:
        lineage = _lineage(document, name)
        only, _ = _find(document, lineage, "only")
        rules, where = _find(document, lineage, "rules")
        if where and isinstance(rules, list):
            found |= _from_rules(rules)
        elif only is not None:
            found |= _from_only(only)
        else:
            found |= {"push", "pull_request"}
    return found or {"push", "pull_request"}


def _from_rules(rules: list[Any]) -> set[str]:
    found = set()
    for rule in rules:
        if not isinstance(rule, dict) or rule.get("when") == "never":
            continue
        condition = text(rule.get("if"))
        words = {
            "merge_request": "pull_request",
            "CI_COMMIT_TAG": "tag",
            "schedule": "schedule",
            "CI_COMMIT_BRANCH": "push",
            "CI_COMMIT_REF_NAME": "push",
            '"push"': "push",
            '"web"': "manual",
        }
        named = {trigger for word, trigger in words.items() if word in condition}
        found |= named or {"push", "pull_request"}
    return found


def _from_only(only: Any) -> set[str]:
    refs = strings(only.get("refs") if isinstance(only, dict) else only)
    words = {"merge_requests": "pull_request", "tags": "tag", "schedules": "schedule", "web": "manual"}
    return {words.get(ref, "push") for ref in refs} or {"push"}


def _included(path: str) -> bool:
    return path.lower() not in (".gitlab-ci.yml", ".gitlab-ci.yaml")


def _reached(found: Sequence[Pipeline], aside: Sequence[Pipeline]) -> Sequence[Pipeline]:
    """All of them where the tree has a pipeline of GitLab: an include can name them in many ways."""
    return aside if any(pipeline.system == "gitlab" for pipeline in found) else ()


DIALECT = Dialect(_pipeline, aside=_included, reached=_reached)
