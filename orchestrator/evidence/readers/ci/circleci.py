"""Reads pipelines of CircleCI: its jobs, and how workflows wire them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....domain.located import Located
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep
from ...tree import SourceFile
from ._shared import Keys, line_of, of_documents, strings, text


def _jobs(document: Located, source: SourceFile) -> Iterator[CiJob]:
    wiring: dict[str, dict[str, Any]] = {}
    for flow in document.section("workflows").values():
        for entry in flow.get("jobs", []) if isinstance(flow, dict) and isinstance(flow.get("jobs"), list) else []:
            if isinstance(entry, dict):
                wiring.update({str(k): v for k, v in entry.items() if isinstance(v, dict)})
    for name in document.section("jobs"):
        wired = wiring.get(name, {})
        keys: Keys = ("jobs", name, "steps")
        steps = [_step(document, source, (*keys, n), s) for n, s in enumerate(document.items(*keys))]
        yield CiJob(
            id=name,
            line=document.at("jobs", name).line,
            needs=strings(wired.get("requires")),
            condition=text(wired.get("filters")),
            manual=wired.get("type") == "approval",
            steps=tuple(steps),
        )
    for name, wired in wiring.items():
        if name not in document.section("jobs"):
            uses = "" if wired.get("type") == "approval" else name
            steps = [CiStep(name=name, uses=uses, line=document.at("workflows").line)] if uses else []
            yield CiJob(
                id=name,
                line=document.at("workflows").line,
                needs=strings(wired.get("requires")),
                manual=wired.get("type") == "approval",
                steps=tuple(steps),
            )


def _step(document: Located, source: SourceFile, keys: Keys, step: Any) -> CiStep:
    if isinstance(step, dict) and "run" in step:
        body = step["run"]
        deep = isinstance(body, dict)
        command, where = (
            (text(body.get("command")), (*keys, "run", "command")) if deep else (text(body), (*keys, "run"))
        )
        name = text(body.get("name")) if deep else ""
        return CiStep(name=cut(name, 200), run=command, line=line_of(document, where, source))
    uses = next(iter(step), "") if isinstance(step, dict) else text(step)
    return CiStep(uses=str(uses), line=document.at(*keys).line)


def _triggers(document: Located) -> set[str]:
    found = {"push", "pull_request"}
    for keys, _ in document.walk():
        found |= {"schedule"} if keys[-1:] == ("schedule",) else {"tag"} if keys[-1:] == ("tags",) else set()
    return found


DIALECT = of_documents("circleci", _jobs, _triggers)
