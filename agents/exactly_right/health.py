"""Judges whether whoever asks for an instance's health asks an address that exists (DEP-5.4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator import (
    FAIL,
    Code,
    Compose,
    Dockerfiles,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Route,
    Routes,
    Signal,
    Source,
    Typed,
    check,
    each,
    examined,
    failed,
    many,
    unsure,
)

NAMED = Signal(
    id="exactly.health-words",
    pattern=r"(?:/_{0,2}(?:health|ready|readiness|live|ping|heartbeat|status|alive)\w{0,20}|"
    r"['\"](?:health|ready|readiness|live|ping)\w{0,20}|['\"`/]actuator)['\"`/?)]",
    roles=("source", "config", "infra", "other"),
)
BUILT_IN = ("/actuator", "/q/health", "/-/", "/healthcheck/builtin", "/manage/", "/management/")
"""Addresses that a framework answers without a route of the application."""
_TARGETS = Typed("resources/target-groups")
_ADDRESS = re.compile(r"https?://[^/\s'\"]{1,100}(/[^\s'\"|;&]{0,200})")


class Probe(NamedTuple):
    """Somebody who asks for health: what is asked, of whom."""

    who: str
    service: str
    """The name to look for among the folders that are built into images; empty where it is not said."""
    address: str
    at: Source


@dataclass
class Service:
    """What the code of one folder declares."""

    routes: list[Route] = field(default_factory=list)
    answers: dict[str, Route] = field(default_factory=dict)
    """The first route for each last part of an address."""
    open: bool = False
    """One of its routes answers whatever it is asked."""
    named: list[Source] = field(default_factory=list)
    """Lines that name an address of health."""

    def add(self, route: Route) -> None:
        self.routes.append(route)
        self.answers.setdefault(_last(route.path), route)
        self.open = self.open or _answers_all(route)


_APP = """const app = express();
app.get('/products', list);
app.get('/products/:id', show);
app.post('/orders', order);
{health}app.listen(8080);
"""
_DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.0
          readinessProbe:
            httpGet: {path: /healthz, port: 8080}
"""


def _tree(health: str, deployment: str = _DEPLOYMENT) -> dict[str, str]:
    return {
        "web/package.json": '{"name": "web", "dependencies": {"express": "^5.0.0"}}\n',
        "web/server.js": "import express from 'express';\n" + _APP.format(health=health),
        "web/Dockerfile": "FROM node:22\nCOPY . .\nCMD node server.js\n",
        "k8s/web.yaml": deployment,
    }


@check(
    "DEP-5.4.2",
    shows=FAIL,
    reads=[NAMED],
    clean=[
        Example("the address is a route", _tree("app.get('/healthz', (_, res) => res.send('ok'));\n")),
        Example("the router is mounted under a prefix", _tree("app.use('/', router);\nrouter.get('/healthz', ok);\n")),
    ],
    flagged=[
        Example("no route answers", _tree("")),
        Example("the route has another name", _tree("app.get('/health', ok);\n")),
        Example(
            "asked by the image itself",
            {
                **_tree(""),
                "k8s/web.yaml": "",
                "web/Dockerfile": "FROM node:22\nHEALTHCHECK CMD curl -f http://localhost:8080/healthz\n",
            },
        ),
    ],
    silent=[
        Example("a framework answers", _tree("", _DEPLOYMENT.replace("/healthz", "/actuator/health"))),
        Example("somebody else's image", _tree("", _DEPLOYMENT.replace("registry.example/web", "nginx"))),
        Example("something else names the address", _tree("terminus(server, { healthChecks: { '/healthz': ok } });\n")),
        Example("any address is answered", _tree("app.get('*', page);\n")),
    ],
)
def asked_where_it_answers(
    routes: Routes,
    kubernetes: Kubernetes,
    compose: Compose,
    dockerfiles: Dockerfiles,
    infrastructure: Infrastructure,
    code: Code,
) -> Iterator[Draft]:
    """Each address that a probe, a load balancer or an image asks for health is declared by that service."""
    folders: dict[str, set[str]] = {}
    for file in dockerfiles.files:
        folder = file.path.rpartition("/")[0]
        folders.setdefault(_plain(folder.rpartition("/")[2]), set()).add(folder)
    services = _services(set().union(*folders.values()), routes, code)
    alone = next(iter(services)) if len(services) == 1 else None
    wrong, right = [], []
    for probe in _probes(kubernetes, compose, dockerfiles, infrastructure):
        named = folders.get(_plain(probe.service), set()) if probe.service else set()
        where = alone if not probe.service else next(iter(named)) if len(named) == 1 else None
        if where is None or probe.address in ("", "/") or probe.address.startswith(BUILT_IN):
            continue
        service = services[where]
        match = service.answers.get(_last(probe.address))
        if match:
            right.append((probe, match))
        elif len(service.routes) >= 3 and not service.open and not _elsewhere(code, service, probe):
            wrong.append((probe, service.routes))
    if wrong:
        probe, ours = wrong[0]
        yield failed(
            each(wrong, at=lambda found: found[0].at).like(
                f"{probe.who} asks {probe.address} for health, which none of {many(len(ours), 'route')} of that "
                "service answers",
                "{asks} in vain",
            ),
            ours[0].source,
            examined(len(ours), "routes"),
            remedy=f"Declare {probe.address}, or ask an address that exists.",
            confidence="medium",
        )
    if right and not wrong:
        places = [place for probe, route in right[:3] for place in (probe.at, route.source)]
        yield unsure(
            each(right).say(
                "{number:address} asked for health {is} declared; that {it answers|they answer} 200 shows on a running "
                "service"
            ),
            *dict.fromkeys(places),
        )


def _probes(
    kubernetes: Kubernetes, compose: Compose, dockerfiles: Dockerfiles, infrastructure: Infrastructure
) -> Iterator[Probe]:
    for resource in kubernetes.running_workloads:
        for keys, container in resource.containers():
            image = str(container.get("image", "")).partition("@")[0].rpartition("/")[2].partition(":")[0]
            for kind in ("readinessProbe", "livenessProbe", "startupProbe"):
                address = resource.get(*keys, kind, "httpGet", "path")
                if isinstance(address, str) and "{" not in address:
                    who = f"The {kind} of {resource.title}"
                    yield Probe(who, image, address.partition("?")[0], resource.at(*keys, kind))
    for file in dockerfiles.files:
        for instruction in file.last_stage:
            match = _ADDRESS.search(instruction.value) if instruction.keyword == "HEALTHCHECK" else None
            if match:
                folder = file.path.rpartition("/")[0].rpartition("/")[2]
                yield Probe(f"The image of {file.path}", folder, match.group(1).partition("?")[0], file.at(instruction))
    for document in compose.files:
        for name in document.section("services"):
            test = document.get("services", name, "healthcheck", "test")
            match = _ADDRESS.search(" ".join(map(str, test)) if isinstance(test, list) else str(test or ""))
            if match and document.get("services", name, "build"):
                place = document.at("services", name, "healthcheck")
                yield Probe(f"compose service {name}", str(name), match.group(1).partition("?")[0], place)
    for block in _TARGETS.among(infrastructure):
        address = _TARGETS.value(block, "path")
        if isinstance(address, str) and address.startswith("/") and "$" not in address:
            yield Probe(f"target group {block.label}", "", address, _TARGETS.place(block, "asked"))


def _services(folders: set[str], routes: Routes, code: Code) -> dict[str, Service]:
    """What the code below each of *folders* declares."""
    services = {folder: Service() for folder in folders}
    for route in routes.routes:
        for folder in _above(route.file):
            if folder in services:
                services[folder].add(route)
    for place in code[NAMED].first:
        for folder in _above(place.path):
            if folder in services:
                services[folder].named.append(place)
    return services


def _above(path: str) -> Iterator[str]:
    """Every folder that *path* lies in; the last one is the whole tree."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("service")


def _last(address: str) -> str:
    return address.strip("/ ^$\\?").rpartition("/")[2].lower()


def _answers_all(route: Route) -> bool:
    return (
        route.path.endswith(("*", "+", "...}")) or "<path:" in route.path or "(.*)" in route.path or "*" in route.path
    )


def _elsewhere(code: Code, ours: Service, probe: Probe) -> bool:
    """Whether some other line of that service names the address; also where there were too many to keep."""
    hits = code[NAMED]
    wanted = re.compile(rf"{re.escape(_last(probe.address))}(?![\w-])")
    lines = (s for s in ours.named if s.path != probe.at.path and not _asks(s))
    return hits.total > len(hits.first) or any(wanted.search(s.text) for s in lines)


def _asks(place: Source) -> bool:
    """Whether a line is one of those that ask, and not one that answers."""
    return bool(_ADDRESS.search(place.text)) or (place.path.endswith((".yaml", ".yml")) and "path:" in place.text)
