"""The services: which folder of source makes what answers others, or works for them, and what runs it."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from ..domain.derived import Derived, recorded
from ..domain.fact import EVERYTHING, MAX_PROBLEMS, Aside, Fact, Problem, Source
from ..domain.model import Model
from ..domain.places import Places
from ..evidence.facts.code import Code
from ..evidence.facts.containers import Compose, Dockerfiles
from ..evidence.facts.files import Files
from ..evidence.facts.kubernetes import WORKLOADS, Kubernetes, Resource
from ..evidence.facts.manifests import Manifests
from ..evidence.facts.routes import Routes
from ..vocabulary import words
from . import images
from ._starts import READS, Start, starts
from .builds import Build, base, builds, serves, title_of
from .sources import Sources, above


class Service(Model):
    """One service, by where its source is."""

    kind: str
    """``program`` whose source starts it, ``function`` that a platform calls, ``image`` whose Dockerfile does."""
    address: str
    """What people call it: its package, or its folder."""
    folder: str
    """Where its source lies; empty for the whole tree."""
    at: Source
    because: str
    software: str = ""
    """The image of others that it is, with settings of one's own; empty where it runs source of the tree."""
    runs: tuple[str, ...] = ()
    """The workloads that run it."""


class Services(Derived):
    """
    Every service of the tree, one for each folder of source, and what may be one and is not understood.

    What is told here is what there is, not what is in force: who has more services has more to show.
    """

    name: ClassVar[str] = "services"
    of = (Files, Manifests, Code, Routes, Dockerfiles, Compose, Kubernetes)
    reads = READS

    parts: tuple[Service, ...] = ()
    apart: tuple[Service, ...] = ()
    """What starts a server and is none: a debugger's listener, an example beside a library, what a library offers."""
    open: tuple[Service, ...] = ()
    """Of which nobody can tell."""
    strangers: tuple[Problem, ...] = ()
    """Workloads of a cluster whose image nothing in the tree makes, as far as anybody can tell."""

    @classmethod
    def derive(
        cls,
        files: Files,
        manifests: Manifests,
        code: Code,
        routes: Routes,
        dockerfiles: Dockerfiles,
        compose: Compose,
        kubernetes: Kubernetes,
    ) -> Services:
        """All that source, Dockerfiles and compose files make, with the workloads of a cluster that run it."""
        sources = Sources(files, manifests)
        every = list(starts(code, routes, sources))
        built = builds(dockerfiles, compose, sources)
        found: dict[str, Service] = {}
        for start in _apart_from_commands([start for start in every if start.verdict == "service"]):
            found.setdefault(_home(start), _of_start(start))
        programs = bool(found)
        names: dict[str, set[str]] = {}
        for build in built:
            service = _of_build(build, found)
            whole = not build.folder and programs and "" not in found  # it is built of what starts below
            if service is not None and (service.software or not whole):
                found.setdefault(service.folder, service)
                names.setdefault(service.folder, set()).update(map(str.lower, build.names))
        runs, strangers = _run(kubernetes, found, names)
        parts = [s.model_copy(update={"runs": tuple(runs.get(f, ()))}) for f, s in sorted(found.items())]
        undecided = [_of_start(s) for s in every if s.verdict == "open" and _home(s) not in found]
        problems = [Problem(path=s.at.path, line=s.at.line, reason=s.because) for s in undecided]
        problems += [_unbuilt(b) for b in built if b.dockerfile is None and not sources.holds_programs(b.folder)]
        return cls(
            parts=tuple(parts),
            apart=tuple(_of_start(s) for s in every if s.verdict == "apart" and _home(s) not in found),
            open=tuple(undecided),
            strangers=tuple(strangers[:MAX_PROBLEMS]),
            problems=tuple(problems[:MAX_PROBLEMS]),
        )

    @property
    def not_understood(self) -> tuple[Problem, ...]:
        """What could be a service, or the source of one, and why nobody can tell."""
        return (*self.problems, *self.strangers)

    @property
    def own(self) -> list[Service]:
        """Those that run source of the tree."""
        return [service for service in self.parts if not service.software]

    def of_file(self, path: str) -> Service | None:
        """The service whose source the file at *path* is: the one with the nearest folder."""
        return next((self._by_folder[folder] for folder in above(path) if folder in self._by_folder), None)

    @cached_property
    def _by_folder(self) -> dict[str, Service]:
        return {service.folder: service for service in self.own}

    def beside(self, places: Places, routes: Routes) -> list[Service]:
        """
        Those that answer requests and in whose source none of *places* is.

        A place outside of all services, such as the settings of a proxy, is before each of them.
        """
        held = [self.of_file(path) for path in places.files]
        if not places or None in held:
            return []
        known = {service.folder for service in held if service is not None}
        if known.issuperset(service.folder for service in self.own):
            routes.leave_alone()
            return []
        routes.sought.add(EVERYTHING)
        answering = {s.folder for route in routes.routes if (s := self.of_file(route.file))}
        return [service for service in self.own if service.folder in answering - known]

    def lacking(self, signals: object = ()) -> tuple[Problem, ...]:
        """Its own problems, and those of what builds and packages; of source, who asks for source hears."""
        return (*self.problems, *(p for fact in self._told_from() for p in fact.problems))

    def doubted(self, signals: object = ()) -> tuple[Aside, ...]:
        """Nothing: what may be in force counts as a service."""
        return ()

    def _told_from(self) -> list[Fact]:
        return [fact for fact in recorded(self) if isinstance(fact, (Manifests, Dockerfiles, Compose))]


def _apart_from_commands(starts: list[Start]) -> list[Start]:
    """Without what several commands of a Go module share: it starts nothing by itself."""
    commands = {home for start in starts if (home := _home(start)) != _folder(start)}
    modules = {folder for home in commands for folder in above(f"{home}/")}
    return [
        start
        for start in starts
        if not start.at.path.endswith(".go")
        or _home(start) in commands
        or start.at.path.rpartition("/")[0] == _folder(start)
        or _folder(start) not in modules
    ]


def _folder(start: Start) -> str:
    return start.package.folder if start.package is not None else ""


def _home(start: Start) -> str:
    """The folder of what starts there: a package, or a command of Go among several."""
    inside = above(start.at.path)
    commands = [folder for folder in inside if folder.rpartition("/")[0].rpartition("/")[2] == "cmd"]
    if start.at.path.endswith(".go") and commands:
        return commands[0]
    return _folder(start)


def _of_start(start: Start) -> Service:
    folder = _home(start)
    title = start.package.title if start.package is not None and folder == start.package.folder else ""
    address = title or folder.rpartition("/")[2] or start.at.path
    return Service(kind=start.kind, address=address, folder=folder, at=start.at, because=start.because)


def _of_build(build: Build, found: dict[str, Service]) -> Service | None:
    """The service that an image is; None where nothing in it stays up, or only what others made without settings."""
    if build.dockerfile is None:
        return found.get(build.folder) or (_without_file(build) if build.stays else None)
    upon = base(build.dockerfile)
    software = upon if _is_software(upon) else ""
    serving = serves(build.dockerfile)
    if not (software or serving or build.stays or build.folder in found):
        return None
    at = build.dockerfile.at(serving[0]) if serving else build.at
    folder = build.dockerfile.path.rpartition("/")[0] if software else build.folder
    address = build.service or folder.rpartition("/")[2] or build.dockerfile.path
    because = f"Compose service {build.service}" if build.stays else "a Dockerfile that starts a server"
    because = f"built upon {software}" if software else because
    return Service(kind="image", address=address, folder=folder, at=at, because=because, software=software)


def _without_file(build: Build) -> Service:
    """What is built by a Dockerfile that is not in the tree, or is not read."""
    because = f"Compose service {build.service}"
    return Service(kind="image", address=build.service, folder=build.folder, at=build.at, because=because)


_SOFTWARE = ("caches", "queues", "sql-databases", "other-databases")


def _is_software(image: str) -> bool:
    """Whether *image* is the database, cache or queue of others."""
    return any(title_of(image) in words(f"images/{purpose}") for purpose in _SOFTWARE)


def _unbuilt(build: Build) -> Problem:
    reason = f"service {build.service} is built in {build.folder or 'the tree'}, where nothing tells what it is"
    return Problem(path=build.at.path, line=build.at.line, reason=reason)


def _run(
    kubernetes: Kubernetes, found: dict[str, Service], names: dict[str, set[str]]
) -> tuple[dict[str, list[str]], list[Problem]]:
    """What each service runs as in a cluster, by its folder; and what runs there of which the source is not known."""
    runs: dict[str, dict[str, None]] = {}
    strangers: list[Problem] = []
    known = _by_name(found, names)
    own = [folder for folder, service in found.items() if not service.software]
    for resource in kubernetes.written(*WORKLOADS):
        for keys, container in resource.containers():
            image = str(container.get("image") or "")
            if not image or images.known(image) is not None or _is_infrastructure(image):
                continue
            home = known.get(title_of(image).lower(), own[0] if len(own) == 1 else None)
            if home is None:
                strangers.append(_strange(resource, image, resource.at(*keys, "image")))
            else:
                runs.setdefault(home, {})[f"{resource.kind} {resource.resource}"] = None
    return {folder: list(addresses) for folder, addresses in runs.items()}, strangers


def _by_name(found: dict[str, Service], names: dict[str, set[str]]) -> dict[str, str]:
    """What images are called that are made of a service, and its folder; the first of several has the name."""
    known: dict[str, str] = {}
    for folder, service in sorted(found.items()):
        title = service.address.rpartition("/")[2]
        for name in (folder.rpartition("/")[2].lower(), title.lower(), *sorted(names.get(folder, ()))):
            known.setdefault(name, folder)
    return known


def _strange(resource: Resource, image: str, at: Source) -> Problem:
    reason = f"{resource.kind} {resource.resource} runs {image[:120]}, and nothing tells which source that is made of"
    return Problem(path=at.path, line=at.line, reason=reason)


def _is_infrastructure(image: str) -> bool:
    return any(part in words("images/infrastructure") for part in image.split("/"))
