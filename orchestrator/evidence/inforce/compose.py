"""Tells what of a compose file runs in production: the file, its services, their health checks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Set
from typing import Any

from ..stages import is_elsewhere, is_file_elsewhere, is_file_of_production, stage_of
from .force import IN_FORCE, Force, all_of, unknown, void
from .idling import does_nothing, nothing_in
from .probes import of_healthcheck
from .quantities import whole

_OVERRIDE = re.compile(r"(^|/)(docker-)?compose\.override\.ya?ml$")
_AT_WORK = frozenset(
    {"debug", "tools", "manual"} | {"donotstart", "never", "disabled", "off", "demo", "seed", "profiling"}
)
_EVERYWHERE = frozenset({"prod", "production", "live", "default", "all", "full", "*"})
_MAX_EXTENDS = 10
Services = Mapping[str, Any]


def of_file(path: str) -> Force:
    """Whether the compose file at *path* is for production, by its name; one that says nothing may be."""
    if _OVERRIDE.search(path):
        return void("is laid over another one on the machines of those who work on it")
    return void("is not for production, by its name") if is_file_elsewhere(path) else IN_FORCE


def chosen_profiles(text: str) -> frozenset[str]:
    """The profiles that the file of variables beside a compose file (``.env``) chooses."""
    chosen = [line.partition("=")[2] for line in text.splitlines() if line.startswith("COMPOSE_PROFILES=")]
    return frozenset(name.strip() for name in chosen[-1].strip("\"' \t").split(",")) if chosen else frozenset()


def of_service(service: Mapping[str, Any], chosen: Set[str] = frozenset()) -> Force:
    """
    Whether *service* is started, and does anything.

    Args:
        service: Its settings, with all that it extends.
        chosen: The profiles that are switched on where the file is used.
    """
    deploy = service.get("deploy")
    counts = [service.get("scale"), deploy.get("replicas") if isinstance(deploy, dict) else None]
    said = [void("runs no replica") for count in counts if whole(count) == 0]
    command = service.get("entrypoint") or service.get("command")
    idle = does_nothing(command) if isinstance(command, list) else isinstance(command, str) and nothing_in(command)
    if idle:
        said.append(void("is told to run nothing but a command without work"))
    return all_of([*said, _of_profiles(service.get("profiles"), chosen)])


def _of_profiles(profiles: object, chosen: Set[str]) -> Force:
    names = [str(profile) for profile in profiles] if isinstance(profiles, list) else []
    if not names or any(n in chosen or n.lower() in _EVERYWHERE or stage_of(n) == "production" for n in names):
        return IN_FORCE
    if all(name.lower() in _AT_WORK or is_elsewhere(name) for name in names):
        return void(f"is only in profile {names[0]}")
    return unknown(f"is only in profile {names[0]}")


def of_health(service: Mapping[str, Any]) -> Force:
    """Whether the health check of *service*, if it has one, finds anything out."""
    check = service.get("healthcheck")
    return of_healthcheck(check) if isinstance(check, dict) else IN_FORCE


def whole_service(name: str, services: Services, path: str, files: Mapping[str, Services]) -> dict[str, Any]:
    """
    The service called *name* with all that it extends.

    Args:
        name: One of *services*.
        services: Those of the file it stands in.
        path: That file.
        files: The services of every compose file, by path.
    """
    layers: list[Mapping[str, Any]] = []
    for _ in range(_MAX_EXTENDS):
        service = services.get(name)
        if not isinstance(service, dict):
            break
        layers.append(service)
        extended = service.get("extends")
        if isinstance(extended, str):
            extended = {"service": extended}
        if not isinstance(extended, dict) or not isinstance(extended.get("service"), str):
            break
        if isinstance(extended.get("file"), str):
            path = posixpath.normpath(posixpath.join(path.rpartition("/")[0], extended["file"]))
            services = files.get(path, {})
        name = extended["service"]
    found: dict[str, Any] = {}
    for layer in reversed(layers):
        found = laid_over(found, layer)
    found.pop("extends", None)
    return found


def laid_over(service: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """*service* with the settings of another file on it: mappings are merged, all else is replaced."""
    found = dict(service)
    for key, value in over.items():
        former = found.get(key)
        found[key] = {**former, **value} if isinstance(former, dict) and isinstance(value, dict) else value
    return found


def production_of(path: str, paths: Iterable[str]) -> list[str]:
    """Those of the compose files *paths* that production lays over the one at *path*."""
    folder = path.rpartition("/")[0]
    return [
        other
        for other in paths
        if other.rpartition("/")[0] == folder and is_file_of_production(other) and other != path
    ]
