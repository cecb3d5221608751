"""Tells which images are built of the tree: from which folder, upon which image, and what they start."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..domain.fact import Source
from ..evidence import classify
from ..evidence.facts.containers import Compose, ComposeFile, Dockerfile, Dockerfiles, Instruction
from .sources import Sources

_SERVES = re.compile(
    r"gunicorn|uvicorn|uwsgi|hypercorn|daphne|waitress|\bpuma\b|unicorn|passenger|rails s|\bnginx\b|httpd|apache2"
    r"|php-fpm|caddy|manage\.py|runserver|\bnode\b|(npm|yarn|pnpm).{1,10}start|java\b.{0,80}-jar|JarLauncher|dotnet\b"
    r"|celery|sidekiq|\bserver?\b|\bserve\b|worker|daemon|flask run",
    re.IGNORECASE,
)
_STAGE = re.compile(r"^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?\s*$", re.IGNORECASE)
_REMOTE = re.compile(r"^(?:https?:|git@|git:|ssh:|github\.com/)")


class Build(NamedTuple):
    """One image that is built."""

    folder: str
    """Where the source of it lies; empty for the whole tree."""
    at: Source
    names: tuple[str, ...]
    """What the image may be called."""
    dockerfile: Dockerfile | None
    """None where it is not in the tree."""
    service: str = ""
    """The service of a compose file that it is built for."""
    stays: bool = False
    """Whether that is reached from outside, or started again when it ends."""


def builds(dockerfiles: Dockerfiles, compose: Compose, sources: Sources) -> list[Build]:
    """Every image that a Dockerfile or a service of a compose file builds, each Dockerfile once."""
    by_path = {d.path: d for d in dockerfiles.written}
    found = [build for file in compose.written for build in _of_compose(file, by_path, sources)]
    known = {build.dockerfile.path for build in found if build.dockerfile is not None}
    found += [_alone(d, sources) for path, d in sorted(by_path.items()) if path not in known]
    return found


def base(dockerfile: Dockerfile) -> str:
    """The image that the last stage is built upon, through the stages of the file; empty where it is computed."""
    stages: dict[str, str] = {}
    image = ""
    for instruction in dockerfile.of("FROM"):
        told = _STAGE.match(instruction.value[:500])
        image = stages.get(told[1].lower(), told[1]) if told else ""
        if told and told[2]:
            stages[told[2].lower()] = image
    return "" if "$" in image else image


def serves(dockerfile: Dockerfile) -> list[Instruction]:
    """The instruction that shows a server: a port that it opens, or a start command of a known server."""
    last = dockerfile.last_stage
    starts = [i for i in last if i.keyword in ("CMD", "ENTRYPOINT")]
    exposed = [i for i in last if i.keyword == "EXPOSE"]
    serving = [i for i in starts if _SERVES.search(i.value[:500])]
    return exposed or serving  # the port says more than the command


def title_of(image: str) -> str:
    """The last part of an image's name, without tag and digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


class _Context(NamedTuple):
    folder: str
    dockerfile: str


def built_by(file: ComposeFile, service: dict[str, object], dockerfiles: Dockerfiles) -> Dockerfile | None:
    """The Dockerfile that a service of a compose file is built by; None where it is not in the tree."""
    context = _context(file, service)
    found = (d for d in dockerfiles.written if context is not None and d.path == context.dockerfile)
    return next(found, None)


def _context(file: ComposeFile, service: object) -> _Context | None:
    """Where a service of a compose file is built; None where it is not, or somewhere else."""
    build = service.get("build") if isinstance(service, dict) else None
    context = build.get("context", ".") if isinstance(build, dict) else build
    if not isinstance(context, str) or _REMOTE.match(context):
        return None
    told = build.get("dockerfile") if isinstance(build, dict) else None
    folder = _joined(posixpath.dirname(file.path), context)
    return _Context(folder, _joined(folder, told if isinstance(told, str) else "Dockerfile"))


def _of_compose(file: ComposeFile, dockerfiles: dict[str, Dockerfile], sources: Sources) -> Iterator[Build]:
    for name, service in file.section("services").items():
        context = _context(file, service)
        if context is None or _is_shown(context.folder):
            continue
        folder, dockerfile = context.folder, dockerfiles.get(context.dockerfile)
        own = posixpath.dirname(dockerfile.path) if dockerfile is not None else ""
        nearer = own if own.startswith(f"{folder}/" if folder else "") and sources.holds_programs(own) else folder
        image = title_of(str(service.get("image") or ""))
        names = tuple(filter(None, (str(name), image)))
        stays = bool(service.get("ports") or service.get("restart"))
        yield Build(nearer, file.at("services", name), names, dockerfile, str(name), stays)


def _alone(dockerfile: Dockerfile, sources: Sources) -> Build:
    """The image of a Dockerfile that no compose file names: it lies beside its source, or says what it copies."""
    folder, _, name = dockerfile.path.rpartition("/")
    kind = name.lower().removesuffix(".dockerfile").removeprefix("dockerfile.").removeprefix("dockerfile")
    names = tuple(filter(None, (folder.rpartition("/")[2], kind)))
    if not sources.holds_programs(folder):
        folder = next((f for f in _copied(dockerfile) if sources.holds_programs(f)), "")
    return Build(folder, Source(path=dockerfile.path, line=1), names, dockerfile)


def _copied(dockerfile: Dockerfile) -> Iterator[str]:
    for instruction in dockerfile.of("COPY", "ADD"):
        for word in instruction.value[:1_000].split()[:-1]:
            if not word.startswith("-"):
                yield posixpath.normpath(word).strip("/").removeprefix("./")


def _joined(folder: str, path: str) -> str:
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found == "." else found


def _is_shown(folder: str) -> bool:
    return classify.role(f"{folder}/Dockerfile") == "example"
