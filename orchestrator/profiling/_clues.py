"""Gathers the places that speak for a profile fact, and makes an answer of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from ..domain.derived import Derived, asked
from ..domain.fact import Fact, Source
from ..domain.profile import ProfileFact
from ..domain.signal import Signal
from ..estate.builds import title_of
from ..estate.services import Services
from ..evidence.classify import QUIET
from ..evidence.facts.code import Code, Hits
from ..evidence.facts.containers import Compose, Dockerfiles
from ..evidence.facts.files import Files
from ..evidence.facts.infrastructure import Block, Infrastructure
from ..evidence.facts.kubernetes import WORKLOADS, Kubernetes
from ..evidence.facts.manifests import Manifest, Manifests
from ..evidence.kind_signals import KNOWN_LANGUAGES
from ..vocabulary import words

_ELSEWHERE = QUIET - {"docs"}
_NO_PROGRAMS = frozenset({"html", "css", "sql", "shell", "powershell", "graphql", "protobuf"})
FactType = TypeVar("FactType", bound=Fact)
DerivedType = TypeVar("DerivedType", bound=Derived)


@dataclass(frozen=True)
class Clue:
    """One place that speaks for an answer, and what stands there in a few words."""

    text: str
    source: Source


@dataclass(frozen=True)
class Setting:
    """
    What a tree is, as far as the rest depends on it.

    Args:
        published: A package that others run or import, and nothing that is hosted.
        still: Static pages or declared infrastructure: no code of it runs.
        reachable: There may be something that people can use over a network.
    """

    published: bool
    still: bool
    reachable: bool


class Clues:
    """
    What the facts of a tree say about its kind.

    Args:
        facts: Facts by type; one that was not extracted counts as empty.
    """

    def __init__(self, facts: Mapping[type[Fact], Fact]) -> None:
        self._facts = facts
        self.files = self.fact(Files)
        self.code = self.fact(Code)
        self.manifests = self.fact(Manifests)
        self.problems = len(self.manifests.problems) + len(self.code.problems)

    def fact(self, kind: type[FactType]) -> FactType:
        found = self._facts.get(kind)
        return found if isinstance(found, kind) else kind()

    @cached_property
    def services(self) -> Services:
        """What of the tree makes services, as the estate tells it."""
        return self.told(Services)

    def told(self, kind: type[DerivedType]) -> DerivedType:
        """A fact that the estate tells from those of the tree; what was not extracted counts as empty."""
        facts: dict[type[Fact], Fact] = {}
        waiting: list[type[Fact]] = [kind]
        while waiting:
            one = waiting.pop()
            if issubclass(one, Derived):
                waiting += one.of
            else:
                facts[one] = self.fact(one)
        return asked(kind, facts)

    @cached_property
    def total(self) -> int:
        return len(self.files.entries)

    @cached_property
    def sources(self) -> int:
        return self.files.count("source")

    @cached_property
    def dependencies(self) -> int:
        return sum(len(m.dependencies) for m in self.manifests.files if m.role == "source")

    @cached_property
    def programs(self) -> int:
        """How many source files are programs: not pages, styles, queries or shell scripts."""
        return sum(n for language, n in self.files.languages("source").items() if language not in _NO_PROGRAMS)

    @cached_property
    def examples(self) -> int:
        """How many programs count as examples; where there are no others, they may be the product."""
        return sum(n for language, n in self.files.languages("example").items() if language not in _NO_PROGRAMS)

    @cached_property
    def foreign(self) -> int:
        """How many images run whose source is elsewhere: named here, built nowhere in the tree."""
        named = {image.partition("@")[0].rpartition(":")[0] or image for image, _ in self.all_images}
        others = {image for image in named if not is_infrastructure(image)}
        return max(0, len(others) - len(self.fact(Dockerfiles).written))

    @property
    def elsewhere(self) -> bool:
        """Whether most of what runs was written outside the tree."""
        return self.foreign * 3 > self.programs

    @cached_property
    def readable(self) -> bool:
        """Whether absence tells anything: there is source, and most of it in languages whose words are known."""
        languages = self.files.languages("source")
        known = sum(n for language, n in languages.items() if language in KNOWN_LANGUAGES)
        taken_for_examples = self.examples and not self.programs
        unseen = taken_for_examples or self.elsewhere
        return bool(self.sources) and known * 2 >= sum(languages.values()) and not unseen

    @property
    def unreadable(self) -> str:
        """Why absence tells nothing."""
        if self.problems:
            return "part of the tree could not be read"
        if not self.sources:
            return f"no source among {self.total:,} files"
        if self.elsewhere:
            return f"{self.foreign} images run whose source is not in the tree"
        return "most of the code is in languages that are not known, or counts as examples"

    def packages(self, purpose: str) -> list[Clue]:
        """Declared production dependencies that the vocabulary lists for *purpose*, one clue per package."""
        found: dict[str, Clue] = {}
        for manifest in self._declaring:
            known = words(f"packages/{purpose}", ecosystem=manifest.ecosystem)
            for dependency in manifest.dependencies:
                name = dependency.package.lower()
                if not dependency.development and name not in found and name in known:
                    found[name] = Clue(f"package {dependency.package}", manifest.at(dependency))
        return list(found.values())

    @cached_property
    def _declaring(self) -> list[Manifest]:
        """Manifests that people write; a compiled list names what others depend on, too."""
        own = [m for m in self.manifests.files if m.role == "source"]
        written = {(m.ecosystem, m.path.rpartition("/")[0]) for m in own if m.lock != m.path}
        return [m for m in own if m.lock != m.path or (m.ecosystem, m.path.rpartition("/")[0]) not in written]

    def lines(self, signal: Signal, what: str) -> list[Clue]:
        """
        The first lines where *signal* was found, each of them *what*.

        Where nothing of it is surely in force, those count that may be: what applies is not told by what is proved.
        """
        hits = self.code.hits.get(signal.id, Hits())
        if not hits.total:
            return [Clue(what, Source(path=a.path, line=a.line)) for a in hits.aside if not a.void][:5]
        return [Clue(f"{what} ({_short(s.text)})" if s.text else what, s) for s in hits.first[:5]]

    def words(self, signal: Signal, what: str) -> list[Clue]:
        """The same of words that only leave something open, which they also do where they are not in force."""
        hits = self.code.hits.get(signal.id, Hits())
        idle = [a for a in hits.aside if "comment" not in a.reason]
        return self.lines(signal, what) or [Clue(what, Source(path=a.path, line=a.line)) for a in idle]

    def named(self, *names: str, what: str = "") -> list[Clue]:
        """Files with one of these names that are neither tests nor examples."""
        return [Clue(what or f.name, Source(path=f.path)) for f in self.files.named(*names) if f.role not in _ELSEWHERE]

    def matching(self, pattern: str, what: str, limit: int = 5) -> list[Clue]:
        """Files whose path matches *pattern* (any case) and that are neither tests nor examples."""
        compiled = re.compile(pattern, re.IGNORECASE)
        found = []
        for f in self.files.entries:
            if f.role not in _ELSEWHERE and compiled.search(f.path):
                found.append(Clue(what, Source(path=f.path)))
                if len(found) >= limit:
                    break
        return found

    def images(self, purpose: str) -> list[Clue]:
        """Containers whose image the vocabulary lists for *purpose*, and images that are built upon such a one."""
        known = words(f"images/{purpose}")
        found = [Clue(f"image {image}", source) for image, source in self.all_images if title_of(image) in known]
        built = [s for s in self.services.parts if s.software and title_of(s.software) in known]
        return found + [Clue(f"an image built upon {s.software}", s.at) for s in built]

    @cached_property
    def all_images(self) -> list[tuple[str, Source]]:
        """Every image that a Compose file or a workload names, with its place."""
        found: list[tuple[str, Source]] = []
        for file in self.fact(Compose).written:
            for name in file.section("services"):
                image = file.get("services", name, "image")
                if isinstance(image, str):
                    found.append((image, file.at("services", name, "image")))
        for workload in self.fact(Kubernetes).written(*WORKLOADS):
            for keys, container in workload.containers():
                if isinstance(container.get("image"), str):
                    found.append((container["image"], workload.at(*keys, "image")))
        return found

    def resources(self, purpose: str) -> list[Clue]:
        """Declared cloud resources whose type the vocabulary lists for *purpose*."""
        known = words(f"resources/{purpose}")
        found: list[Block] = [b for b in self.fact(Infrastructure).blocks if b.block == "resource" and b.type in known]
        return [Clue(f"{b.type} {b.label}".strip(), b.at()) for b in found]

    def dockerfiles(self) -> list[Clue]:
        return [Clue("a Dockerfile", Source(path=d.path, line=1)) for d in self.fact(Dockerfiles).written]


def is_infrastructure(image: str) -> bool:
    """Whether it is the image of a database, a proxy and the like, which others build and a service merely uses."""
    return any(part in words("images/infrastructure") for part in image.split("/"))


def yes(clues: Sequence[Clue]) -> ProfileFact:
    """It is so, because of *clues* (at least one)."""
    texts = list(dict.fromkeys(c.text for c in clues))
    more = f" and {len(texts) - 2} more" if len(texts) > 2 else ""
    return ProfileFact(answer="yes", because=", ".join(texts[:2]) + more, sources=tuple(c.source for c in clues[:5]))


def no(because: str, sources: Iterable[Source] = ()) -> ProfileFact:
    """It is not so; *because* counts what was looked at."""
    return ProfileFact(answer="no", because=because, sources=tuple(sources))


def unknown(because: str, clues: Sequence[Clue] = ()) -> ProfileFact:
    """It cannot be told, and why."""
    return ProfileFact(answer="unknown", because=because, sources=tuple(c.source for c in clues[:5]))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
