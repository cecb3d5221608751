"""This is where it is judged whether whoever asks for an instance's health asks an address that exists (DEP-5.4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    check,
    examined,
    failed,
    unsure,
)

NAMED = Signal(
    id="exactly.health-words",
    anchors=(
        "/health",
        "/ready",
        "/live",
        "/ping",
        "/heartbeat",
        "/status",
        "/alive",
        "/_health",
        "'health",
        '"health',
        "'ready",
        '"ready',
        "'live",
        '"live',
        "'ping",
        '"ping',
        "actuator",
    ),
    pattern=r"['\"`/](?:[\w.-]{0,30}/){0,3}(?:_{0,2}(?:health|ready|readiness|live|ping|heartbeat|status|alive)\w{0,20}|actuator)['\"`/?)]",
    roles=("source", "config", "infra", "other"),
)
BUILT_IN = ("/actuator", "/q/health", "/-/", "/healthcheck/builtin", "/manage/", "/management/")
"""Addresses that a framework answers without a route of the application."""
_ADDRESS = re.compile(r"https?://[^/\s'\"]{1,100}(/[^\s'\"|;&]{0,200})")


class Probe(NamedTuple):
    """Somebody who asks for health: what is asked, of whom."""

    who: str
    service: str
    """The name to look for among the folders that are built into images; empty where it is not said."""
    address: str
    at: Source


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
    declared: dict[str, list[Route]] = {}
    wrong, right = [], []
    for probe in _probes(kubernetes, compose, dockerfiles, infrastructure):
        where = _folder(probe, folders)
        if where is None or probe.address in ("", "/") or probe.address.startswith(BUILT_IN):
            continue
        prefix = f"{where}/" if where else ""
        if prefix not in declared:
            declared[prefix] = [r for r in routes.routes if r.file.startswith(prefix)]
        ours = declared[prefix]
        last = _last(probe.address)
        match = next((r for r in ours if _last(r.path) == last), None)
        if match:
            right.append((probe, match))
        elif len(ours) >= 3 and not any(map(_answers_all, ours)) and not _elsewhere(code, prefix, probe):
            wrong.append((probe, ours))
    for probe, ours in wrong[:5]:
        yield failed(
            f"{probe.who} asks {probe.address} for health, which none of {len(ours)} routes of that service answers",
            probe.at,
            ours[0].source,
            examined(len(ours), "routes"),
            remedy=f"Declare {probe.address}, or ask an address that exists.",
            confidence="medium",
        )
    if right and not wrong:
        places = [place for probe, route in right[:3] for place in (probe.at, route.source)]
        yield unsure(
            f"{len(right)} address(es) asked for health are declared; that they answer 200 shows on a running service",
            *dict.fromkeys(places),
        )


def _probes(
    kubernetes: Kubernetes, compose: Compose, dockerfiles: Dockerfiles, infrastructure: Infrastructure
) -> Iterator[Probe]:
    for resource in kubernetes.workloads:
        for keys, container in resource.containers():
            image = str(container.get("image", "")).partition("@")[0].rpartition("/")[2].partition(":")[0]
            for kind in ("readinessProbe", "livenessProbe", "startupProbe"):
                address = resource.get(*keys, kind, "httpGet", "path")
                if isinstance(address, str) and "{" not in address:
                    who = f"the {kind} of {resource.kind} {resource.resource}"
                    yield Probe(who, image, address.partition("?")[0], resource.at(*keys, kind))
    for file in dockerfiles.files:
        for instruction in file.last_stage:
            match = _ADDRESS.search(instruction.value) if instruction.keyword == "HEALTHCHECK" else None
            if match:
                folder = file.path.rpartition("/")[0].rpartition("/")[2]
                yield Probe(f"the image of {file.path}", folder, match.group(1).partition("?")[0], file.at(instruction))
    for document in compose.files:
        for name in document.section("services"):
            test = document.get("services", name, "healthcheck", "test")
            match = _ADDRESS.search(" ".join(map(str, test)) if isinstance(test, list) else str(test or ""))
            if match and document.get("services", name, "build"):
                place = document.at("services", name, "healthcheck")
                yield Probe(f"compose service {name}", str(name), match.group(1).partition("?")[0], place)
    for block in infrastructure.of("aws_lb_target_group", "aws_alb_target_group"):
        for health in block.nested("health_check"):
            address = health.get("path")
            if isinstance(address, str) and address.startswith("/") and "$" not in address:
                yield Probe(f"target group {block.label}", "", address, block.at("health_check"))


def _folder(probe: Probe, folders: dict[str, set[str]]) -> str | None:
    """The folder that the asked service is built from: the one of its name, or the only one; None where unclear."""
    named = folders.get(_plain(probe.service), set()) if probe.service else set().union(*folders.values())
    return next(iter(named)) if len(named) == 1 else None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("service")


def _last(address: str) -> str:
    return address.strip("/ ^$\\?").rpartition("/")[2].lower()


def _answers_all(route: Route) -> bool:
    return (
        route.path.endswith(("*", "+", "...}")) or "<path:" in route.path or "(.*)" in route.path or "*" in route.path
    )


def _elsewhere(code: Code, prefix: str, probe: Probe) -> bool:
    """Whether some other line of that service names the address; also where there were too many to keep."""
    hits = code[NAMED]
    wanted = re.compile(rf"{re.escape(_last(probe.address))}(?![\w-])")
    ours = (s for s in hits.first if s.path.startswith(prefix) and s.path != probe.at.path and not _asks(s))
    return hits.total > len(hits.first) or any(wanted.search(s.text) for s in ours)


def _asks(place: Source) -> bool:
    """Whether a line is one of those that ask, and not one that answers."""
    return bool(_ADDRESS.search(place.text)) or (place.path.endswith((".yaml", ".yml")) and "path:" in place.text)
