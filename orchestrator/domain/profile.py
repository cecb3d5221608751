"""What kind of software is under review, and how anyone knows."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from .fact import Fact, Source
from .model import AddedLater, Model

Answer = Literal["yes", "no", "unknown"]

PROFILE_FACTS: dict[str, str] = {
    "service": "a long-running process is deployed: a server or a worker",
    "http_api": "it serves HTTP or RPC",
    "frontend": "it has a browser user interface",
    "mobile": "it is or contains a mobile app",
    "library": "it is a library that others import",
    "cli": "it is a command-line tool",
    "static_site": "it is a site of static pages",
    "database": "it owns a database of any sort",
    "sql_database": "it owns a relational database",
    "migrations": "its schema changes by migrations",
    "cache": "it uses a cache server",
    "background_jobs": "it runs queues, workers or schedules",
    "containers": "it builds container images",
    "kubernetes": "it runs on Kubernetes",
    "cloud": "infrastructure code manages cloud resources",
    "microservices": "several services of its own call each other",
    "external_calls": "it calls other people's APIs",
    "authentication": "users log in",
    "passwords": "it stores passwords itself",
    "sessions": "it keeps sessions in cookies",
    "oauth": "it signs people in through OAuth or OpenID Connect",
    "webhooks": "it receives webhooks",
    "personal_data": "it holds data about people",
    "regulated_data": "it holds card or health data",
    "deployed": "anything of it runs or is hosted somewhere",
    "has_dependencies": "it depends on packages of others",
    "stateful": "it keeps what cannot be made again: a database, files, volumes, uploads",
    "caching": "it keeps copies that go stale: in a cache server, in the process or in front of it",
    "public": "it can be reached from the internet",
    "federation": "people sign in through another party, in whatever way",
    "card_data": "it holds card data",
    "health_data": "it holds health data",
    "secrets": "it, or the pipeline that publishes it, works with secrets",
    "traced": "it makes traces of what it does",
}
"""Every name that a condition in the catalogue or ``profile:`` in readiness.yaml may use, and what it means."""
ADDED_LATER = frozenset(
    {"stateful", "caching", "public", "federation", "card_data", "health_data", "secrets", "traced"}
)
"""Those that older records say nothing about; their catalogues ask for none of them."""


class ProfileFact(Model):
    """One answer about the software, with where it was seen or what was looked at in vain."""

    answer: Answer
    because: str
    """One clause: ``manage.py and 12 Django apps`` or ``no Dockerfile among 214 files``."""
    sources: tuple[Source, ...] = ()
    declared: bool = False
    detected: Annotated[Literal["", "yes", "no", "unknown"], AddedLater()] = ""
    """What the tree itself says where somebody has declared something else."""
    denied: Annotated[bool, AddedLater()] = False
    """Whether the reviewed tree says no against what was detected; nobody heeds that."""


class Profile(Fact):
    """What kind of software this is; decides which criteria apply."""

    name: ClassVar[str] = "profile"

    kind: str = "unknown"
    """service, frontend, library, cli, static-site, infrastructure, mobile or unknown."""
    languages: dict[str, int] = {}
    """Language to number of its source files, most first."""
    scale: str = ""
    """small (under 100 source files), medium (under 2,000) or large."""
    facts: dict[str, ProfileFact] = {}

    def answer(self, fact: str) -> Answer:
        known = self.facts.get(fact)
        return known.answer if known else "unknown"

    def is_(self, fact: str) -> bool:
        """Whether the answer is a plain yes."""
        return self.answer(fact) == "yes"
