"""Reads Dockerfiles and compose files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...domain.fact import Aside, Fact, Source
from ...errors import FormatError
from ...redaction import cut, redact
from ..asides import Asides
from ..facts.containers import Compose, ComposeFile, Dockerfile, Dockerfiles, Instruction
from ..facts.files import Files
from ..inforce import compose, images
from ..inforce.force import Force, any_of
from ..reader import Reader
from ..tree import FileEntry, SourceFile

_ROLES = frozenset({"infra", "config", "source", "other", "ci"})
_DOCKERFILE = re.compile(r"(dockerfile|containerfile)([.-][\w.-]+)?$|[\w.-]+\.(dockerfile|containerfile)$")
_OTHER_ENDING = re.compile(
    r"\.(md|txt|sh|py|js|ts|json|ya?ml|dockerignore|erb|j2|jinja2?|tmpl|tpl|template|in|m4|bak|orig)$"
)
_COMPOSE = re.compile(r"(docker-)?compose([.-][\w.-]+)?\.ya?ml$|[\w-]+\.(docker-)?compose\.ya?ml$")
_KEYWORDS = frozenset(
    {"FROM", "RUN", "CMD", "LABEL", "MAINTAINER", "EXPOSE", "ENV", "ADD", "COPY", "ENTRYPOINT", "VOLUME", "USER"}
    | {"WORKDIR", "ARG", "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL"}
)
_DIRECTIVE = re.compile(r"#\s{0,20}(\w+)\s{0,20}=\s{0,20}(\S+)")
_HEREDOC = re.compile(r"(?<!<)<<(-?)([\"']?)([A-Za-z_]\w{0,60})\2")
_ASIDE = re.compile(r"(^|/)(\.devcontainer|\.ci|\.github|\.circleci)/|(^|/)\.gitpod[^/]*$")
_TESTING = re.compile(r"[.-](tests?|ci|e2e|cypress)[.-]")
_MAX_VALUE = 20_000
_MAX_HEREDOCS = 20


class DockerfilesReader(Reader):
    """Reads files named Dockerfile or Containerfile, with whatever stands before or after."""

    fact = Dockerfiles

    def __init__(self) -> None:
        self._files: list[Dockerfile] = []

    def wants(self, file: FileEntry) -> bool:
        name = file.name.lower()
        fits = bool(_DOCKERFILE.match(name)) and not _OTHER_ENDING.search(name)
        return fits and file.role in _ROLES and not _ASIDE.search(file.path)

    def read(self, source: SourceFile) -> None:
        self._files.append(Dockerfile(path=source.path, instructions=tuple(_instructions(source.text))))

    def finish(self, files: Files) -> Fact:
        asides = Asides()
        kept: list[Dockerfile] = []
        idle: list[Dockerfile] = []
        for file in sorted(self._files, key=lambda file: file.path):
            if not (force := images.of_dockerfile(file.path)):
                asides.add(_aside(Source(path=file.path, line=1), "the Dockerfile", force))
                idle.append(file)
                continue
            if not (force := images.of_instructions(file.instructions)):
                asides.add(_aside(Source(path=file.path, line=1), "the Dockerfile", force))
                continue
            without = list(images.idle_instructions(file.instructions))
            for one in without:
                asides.add(_aside(file.at(one.instruction), one.instruction.keyword, one.force))
            left_out = {id(one.instruction) for one in without}
            kept.append(
                file.model_copy(update={"instructions": tuple(i for i in file.instructions if id(i) not in left_out)})
            )
        return Dockerfiles(files=tuple(kept), idle=tuple(idle), aside=asides.kept)


class ComposeReader(Reader):
    """Reads compose files: YAML with services."""

    fact = Compose

    def __init__(self) -> None:
        self._files: list[ComposeFile] = []
        self._profiles: dict[str, frozenset[str]] = {}

    def wants(self, file: FileEntry) -> bool:
        name = file.name.lower()
        if name == ".env":
            return file.role in _ROLES
        fits = bool(_COMPOSE.match(name)) and not _TESTING.search(name)
        return fits and file.role in _ROLES and not _ASIDE.search(file.path)

    def read(self, source: SourceFile) -> None:
        if source.path.rpartition("/")[2] == ".env":
            self._profiles[source.path.rpartition("/")[0]] = compose.chosen_profiles(source.text)
            return
        for parsed in source.yaml()[:1]:
            if isinstance(parsed.body, dict) and isinstance(parsed.body.get("services"), dict):
                self._files.append(
                    ComposeFile(path=source.path, line=parsed.line, body=parsed.body, lines=parsed.lines)
                )

    def finish(self, files: Files) -> Fact:
        asides = Asides()
        kept: list[ComposeFile] = []
        idle: list[ComposeFile] = []
        services = {file.path: file.section("services") for file in self._files}
        for file in sorted(self._files, key=lambda file: file.path):
            if not (force := compose.of_file(file.path)):
                asides.add(_aside(file.at("services"), "the compose file", force))
                idle.append(file)
                continue
            chosen = self._profiles.get(file.path.rpartition("/")[0], frozenset())
            running, still = _sifted(file, services, chosen, asides)
            kept.append(file.model_copy(update={"body": {**file.body, "services": running}}))
            if still:
                idle.append(file.model_copy(update={"body": {"services": still}}))
        return Compose(files=tuple(kept), idle=tuple(idle), aside=asides.kept)


def _sifted(
    file: ComposeFile, files: Mapping[str, compose.Services], chosen: frozenset[str], asides: Asides
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The services of *file* that are in force, and those that are not or are not known to be."""
    running: dict[str, Any] = {}
    still: dict[str, Any] = {}
    for name, written in file.section("services").items():
        if not isinstance(written, dict):
            running[name] = written
            continue
        service = compose.whole_service(name, files[file.path], file.path, files)
        ways = [
            compose.laid_over(service, over)
            for path in compose.production_of(file.path, sorted(files))
            if isinstance(over := files[path].get(name), dict)
        ] or [service]
        place = file.at("services", name)
        if not (force := any_of(compose.of_service(way, chosen) for way in ways)):
            asides.add(_aside(place, f"service {name}", force))
            still[name] = service
        elif not (health := any_of(compose.of_health(way) for way in ways)):
            asides.add(_aside(file.at("services", name, "healthcheck"), f"the health check of service {name}", health))
            running[name] = {key: value for key, value in service.items() if key != "healthcheck"}
        else:
            running[name] = service
    return running, still


def _aside(place: Source, what: str, force: Force) -> Aside:
    return Aside(path=place.path, line=place.line, what=what, reason=force.reason, void=force.is_void)


def _instructions(text: str) -> list[Instruction]:
    """
    Every instruction of a Dockerfile on one line each, in linear time.

    Knows the escape directive, comments and empty lines inside a continued instruction, and heredocs, whose lines are
    joined with semicolons.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    escape = _escape_of(lines)
    last = {line.lstrip("\t"): number for number, line in enumerate(lines) if line and line[-1] != " "}
    found: list[Instruction] = []
    stage, number = -1, 0
    while number < len(lines):
        first = number
        stripped = lines[number].strip()
        number += 1
        if not stripped or stripped.startswith("#"):
            continue
        parts, going_on = _part(stripped, escape)
        pieces = [parts]
        while going_on and number < len(lines):
            stripped = lines[number].strip()
            number += 1
            if stripped and not stripped.startswith("#"):
                parts, going_on = _part(stripped, escape)
                pieces.append(parts)
        keyword, value = _split(" ".join(pieces), first + 1)
        if keyword in ("RUN", "COPY", "ADD"):
            body, number = _heredocs(value, lines, number, last)
            value = f"{value} {body}" if body else value
        stage += keyword == "FROM"
        value = _value(value, "\n".join(lines[first:number]), escape)
        found.append(Instruction(keyword=keyword, value=value[:_MAX_VALUE], line=first + 1, stage=max(stage, 0)))
    if stage < 0:
        raise FormatError("a Dockerfile without FROM")
    return found


def _escape_of(lines: list[str]) -> str:
    for line in lines:
        directive = _DIRECTIVE.match(line.strip())
        if not directive:
            break
        if directive.group(1).lower() == "escape" and directive.group(2) in ("`", "\\"):
            return directive.group(2)
    return "\\"


def _part(line: str, escape: str) -> tuple[str, bool]:
    return (line[:-1].rstrip(), True) if line.endswith(escape) else (line, False)


def _split(text: str, line: int) -> tuple[str, str]:
    words = text.split(None, 1)
    keyword = words[0].upper() if words else ""
    if keyword not in _KEYWORDS:
        raise FormatError(f"'{cut(''.join(words[:1]), 40)}' is not a Dockerfile instruction", line)
    return keyword, words[1] if len(words) > 1 else ""


def _value(value: str, written: str, escape: str) -> str:
    """*value*, or what is left of it once what was *written* is redacted: what lines are joined by hides a token."""
    said = redact(written)
    if said == written:
        return value
    kept = (_part(line.strip(), escape)[0] for line in said.split("\n") if not line.lstrip().startswith("#"))
    return " ".join(kept).partition(" ")[2]


def _heredocs(value: str, lines: list[str], number: int, last: dict[str, int]) -> tuple[str, int]:
    """The lines of the heredocs that *value* opens, and where to go on; ``<<`` that nothing closes opens none."""
    body: list[str] = []
    for dash, _, word in _HEREDOC.findall(value[:_MAX_VALUE])[:_MAX_HEREDOCS]:
        if last.get(word, -1) < number:
            continue
        while number < len(lines):
            text = lines[number]
            number += 1
            if (text.lstrip("\t") if dash else text) == word:
                break
            if text.strip():
                body.append(text.strip())
    return "; ".join(body), number
