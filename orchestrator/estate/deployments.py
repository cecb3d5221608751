"""The deployments: which step brings which services into which environment."""

from __future__ import annotations

import re
from typing import ClassVar

from ..domain.derived import Derived
from ..domain.fact import MAX_PROBLEMS, Problem, Source
from ..domain.model import Model
from ..evidence.facts.pipelines import Pipelines
from ..evidence.stages import Stage
from ..evidence.works import deploying
from .services import Service, Services

_EVERYTHING = re.compile(
    r"\bkubectl (?:\S+ ){0,4}apply\b|\bkustomize\b|\bhelmfile\b|\b(?:terraform|tofu) (?:\S+ ){0,3}apply\b|\bskaffold\b"
    r"|\bhelm (?:upgrade|install)\b.{0,200}\s(?:\./|\.\./|charts?\b|helm/|deploy/)"
    r"|\$\{\{ {0,3}matrix\.(?:app|component|image|module|name|package|project|service|target)s?\b"
    r"|\b(?:cdk|sam|serverless|stack) deploy\b|\bpulumi up\b|\bargocd app sync\b"
)
"""Commands that bring whatever is declared, by the folder of it, and those of a matrix of services."""
_WORD = re.compile(r"[\w.-]+")
_LONGEST = 50_000
"""How much of a step is looked at."""


class Deployment(Model):
    """One step that puts something into service."""

    address: str
    """The job, as people call it."""
    at: Source
    environment: str
    """What the job says, as it is written; empty where it says nothing."""
    stage: Stage | None
    services: tuple[str, ...] = ()
    """The folders of the services that it brings; empty where that cannot be told."""


class Deployments(Derived):
    """Every step of a pipeline that puts something into service, and those of which nobody can tell what."""

    name: ClassVar[str] = "deployments"
    of = (Pipelines, Services)

    parts: tuple[Deployment, ...] = ()

    @classmethod
    def derive(cls, pipelines: Pipelines, services: Services) -> Deployments:
        """What pipelines deploy, in their order."""
        own, names = services.own, _names(services.own)
        parts = tuple(_deployment(one, own, names) for one in deploying.deployments(pipelines))
        lost = [part for part in parts if not part.services and own]
        return cls(parts=parts, problems=tuple(_unknown(part) for part in lost[:MAX_PROBLEMS]))

    @property
    def not_understood(self) -> tuple[Problem, ...]:
        """What deploys something, and nobody can tell which service."""
        return self.problems

    def bringing(self, service: Service, *, to_production: bool = False) -> list[Deployment]:
        """Those that bring *service*; to production alone, or to wherever nothing says that it is another stage."""
        return [
            part
            for part in self.parts
            if service.folder in part.services and not (to_production and part.stage in ("rehearsal", "development"))
        ]


def _deployment(one: deploying.Deployment, own: list[Service], by_name: dict[str, set[str]]) -> Deployment:
    text = "\n".join((one.job.id, one.step.name, one.step.uses, *(command.text for command in one.step.commands)))
    return Deployment(
        address=f"job {one.job.id}",
        at=one.at,
        environment=one.job.environment,
        stage=one.stage,
        services=tuple(_brought(text[:_LONGEST], own, by_name)),
    )


def _brought(text: str, own: list[Service], by_name: dict[str, set[str]]) -> list[str]:
    """The folders of the services that the words of a step name; all where there is one, or where it brings all."""
    said = {word.strip("-.").removeprefix("deploy-").lower() for word in _WORD.findall(text)}
    if named := set().union(*(by_name[word] for word in said if word in by_name)):
        return sorted(named)
    return [service.folder for service in own] if len(own) == 1 or _EVERYTHING.search(text) else []


def _names(own: list[Service]) -> dict[str, set[str]]:
    """What services are called, each with the folders of those that are called so."""
    found: dict[str, set[str]] = {}
    for service in own:
        runs = (address.partition(" ")[2] for address in service.runs)
        for name in (service.address.rpartition("/")[2], service.folder.rpartition("/")[2], *runs):
            if len(name) > 1:
                found.setdefault(name.lower(), set()).add(service.folder)
    return found


def _unknown(part: Deployment) -> Problem:
    return Problem(
        path=part.at.path, line=part.at.line, reason=f"nobody can tell which service {part.address} brings into service"
    )
