"""Tells whether a service is one of several that call each other, in this tree or in others."""

from __future__ import annotations

import re

from ..domain.fact import Source
from ..domain.profile import ProfileFact
from ..estate.builds import serves
from ..evidence import kind_signals as signals
from ..evidence.facts.containers import Compose, Dockerfiles
from ..evidence.facts.kubernetes import SERVERS, Kubernetes
from ._clues import Clue, Clues, is_infrastructure, no, unknown, yes


def microservices(clues: Clues, is_service: ProfileFact) -> ProfileFact:
    """Whether several services of its own call each other."""
    if is_service.answer == "no":
        return no(f"no service: {is_service.because}")
    own = _own(clues)
    dials = clues.lines(signals.DIALS, "a call to a service of its own")
    if len(own) >= 3 and (dials or len(own) >= 4):
        return yes([Clue(f"{len(own)} services of its own", next(iter(own.values()))), *dials])
    if is_service.answer == "yes" and (called := _called(clues)):
        return yes(called)
    if len(own) >= 2 or (dials and own):
        places = [Clue(name, source) for name, source in own.items()] + dials
        return unknown(f"{len(own)} deployables, and it cannot be told whether they call each other", places)
    if is_service.answer == "unknown":
        return unknown("it cannot be told whether it is a service")
    if not own and not clues.sources:
        return unknown(f"{clues.unreadable}; what runs on the infrastructure is built elsewhere")
    if open_ := _may_be_called(clues):
        return unknown("it calls what may be a service of its own, kept in another repository", open_)
    if traced := _traced(clues):
        return unknown("its requests are traced through what they cross, and nothing tells whose that is", traced)
    return no(f"{len(own) or 'one'} deployable among {clues.total:,} files", list(own.values())[:1])


def traced(clues: Clues) -> ProfileFact:
    """Whether it makes traces of what it does: then they are to be worth something, however many services there are."""
    found = clues.packages("tracers") + clues.lines(signals.TRACES, "traces")
    return yes(found) if found else no(f"no tracer among {clues.total:,} files")


_OF_THE_CLUSTER = re.compile(r"([a-z0-9][a-z0-9-]*)(?:\.[a-z0-9-]+)?\.svc\b", re.IGNORECASE)
_HOST = re.compile(r"https?://([a-z][a-z0-9-]*)(?![a-z0-9.-])", re.IGNORECASE)
_TOOLS = re.compile(
    r"^(localhost|host|kubernetes|metadata|example|test|loki|tempo|zipkin|alloy|vault|consul|keycloak|dex|sentry|smtp|mail"
    r"|registry|browserless|chrome|gotenberg|ollama|clickhouse|influx\w*|vector|fluent\w*|datadog|statsd|vmagent|victoria)"
    r"|collector|exporter|gateway|ingress|agent$",
    re.IGNORECASE,
)


def _called(clues: Clues) -> list[Clue]:
    """Where settings, or code, name a service that is reached inside of a cluster or a network of containers."""
    hosts = [(host[1], c.source) for c in clues.lines(signals.SIBLING, "") for host in _OF_THE_CLUSTER.finditer(c.text)]
    for workload in clues.fact(Kubernetes).written(*SERVERS, "CronJob", "DaemonSet"):
        for keys, container in workload.containers():
            for number, variable in enumerate(container.get("env") or ()):
                value = variable.get("value") if isinstance(variable, dict) else None
                hosts += [(h, workload.at(*keys, "env", number)) for h in _hosts(str(value or ""))]
    for file in clues.fact(Compose).written:
        services = file.section("services")
        for name, body in services.items():
            said = body.get("environment") if isinstance(body, dict) else None
            values = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
            found = [host for value in values for host in _hosts(str(value)) if host not in services]
            hosts += [(host, file.at("services", name, "environment")) for host in found]
    return [Clue(f"a call to {host}", source) for host, source in hosts if not _is_a_tool(host)][:5]


def _hosts(value: str) -> list[str]:
    found = [match[1] for match in _OF_THE_CLUSTER.finditer(value[:2_000])]
    return found or [match[1] for match in _HOST.finditer(value[:2_000])]


def _is_a_tool(host: str) -> bool:
    return is_infrastructure(host.lower()) or _TOOLS.search(host) is not None


def _may_be_called(clues: Clues) -> list[Clue]:
    """Where code asks the environment for the address of something that answers, and nothing tells what that is."""
    return clues.lines(signals.ADDRESS, "an address from the environment")


def _traced(clues: Clues) -> list[Clue]:
    """Where it takes traces: whoever does has more than one process that a request goes through."""
    return clues.packages("tracers") + clues.lines(signals.TRACED, "traces are taken")


def _own(clues: Clues) -> dict[str, Source]:
    """Folders or images that hold a service of the tree's own, by name."""
    services = {service.folder: service.at for service in clues.services.own}
    bought = {service.folder for service in clues.services.parts if service.software}
    folders = {
        folder: Source(path=d.path, line=1)
        for d in clues.fact(Dockerfiles).written
        if serves(d) and (folder := d.path.rpartition("/")[0]) not in bought
    }
    built: dict[str, Source] = {}
    for file in clues.fact(Compose).written:
        for name, body in file.section("services").items():
            build = body.get("build") if isinstance(body, dict) else None
            context = build.get("context", ".") if isinstance(build, dict) else build
            dockerfile = build.get("dockerfile", "") if isinstance(build, dict) else ""
            if isinstance(context, str) and context.removeprefix("./").rstrip("/") not in bought:
                built.setdefault(f"{context}:{dockerfile}", file.at("services", name))
    images = {
        (image.partition("@")[0].rpartition(":")[0] or image).rpartition("/")[2]: source
        for image, source in reversed(clues.all_images)
        if not is_infrastructure(image) and any(image == i for i, _ in clues.all_images)
    }
    deployed = images if len(clues.fact(Kubernetes).written(*SERVERS)) >= 2 else {}
    return max((folders, services, built, deployed), key=len)
