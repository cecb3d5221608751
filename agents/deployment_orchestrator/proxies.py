"""Judges proxies set up by hand, and files of small platforms, by whether backends are asked for their health."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Code,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Signal,
    Source,
    Workloads,
    check,
    each,
    examined,
    failed,
    is_file_elsewhere,
    passed,
    unsure,
)

from ._clouds import Clouds
from ._workloads import Estate, knative

_SERVER = Signal(
    id="deployment.proxied-server",
    pattern=r"^\s{0,20}server\s+[\w.$\[\]-]+(?:\s+[\w.$\[\]-]+)?(?::[\w$]+)?(?:\s.*)?;?$",
    roles=("config", "infra", "other", "source"),
    kept=ALL,
)
_DEFAULTS = Signal(
    id="deployment.proxied-defaults",
    pattern=r"^\s{0,20}default-server\b.*\bcheck\b|^\s{0,20}(?:health_check\b|check\s+interval=)",
    roles=("config", "infra", "other", "source"),
    kept=ALL,
)
_HAPROXY = re.compile(r"haproxy[\w.-]*\.(?:cfg|conf|tmpl|j2)$|(^|/)haproxy/[\w.-]+\.cfg$", re.IGNORECASE)
_NGINX = re.compile(
    r"(^|/)nginx[\w./-]*\.(?:conf|tmpl|j2)$|(^|/)(?:conf\.d|sites-available|"
    r"sites-enabled)/",
    re.IGNORECASE,
)
_WITH_PORT = re.compile(r"^\s*server\s+([\w.-]+)\s+[\w.$\[\]-]+(?::[\w$]+)?(\s.*)?$")
_OF_UPSTREAM = re.compile(r"^\s*server\s+(?:unix:|[\w.$-]+(?::[\w$]+)?)(?:\s+[\w=.$]+)*\s*;")
_HA = "backend shop\n    option httpchk GET /ready\n    server a web-a:8080 check\n    server b web-b:8080 check\n"
_UPSTREAM = "upstream shop {\n    server web-a:8080 max_fails=2;\n    server web-b:8080%s;\n}\n"


@check(
    "INF-1.2.3",
    shows=BOTH,
    reads=[_SERVER, _DEFAULTS],
    clean=[
        Example("HAProxy asks each server", {"haproxy/haproxy.cfg": _HA}),
        Example(
            "By default", {"haproxy.cfg": "backend shop\n    default-server check inter 2s\n    server a web-a:8080\n"}
        ),
        Example("A template of it", {"roles/door/templates/haproxy.cfg.j2": _HA}),
    ],
    flagged=[
        Example(
            "A second backend that nobody asks", {"haproxy.cfg": _HA + "backend search\n    server c web-c:8080\n"}
        ),
        Example("HAProxy asks nobody", {"haproxy.cfg": _HA.replace(" check\n", "\n")}),
        Example("Failures of nginx are not counted", {"nginx/shop.conf": _UPSTREAM % " max_fails=0"}),
    ],
    silent=[
        Example("Nginx counts what fails", {"nginx/shop.conf": _UPSTREAM % ""}),
        Example("A server of nginx that is no backend", {"nginx/shop.conf": "server {\n    listen 443;\n}\n"}),
        Example("In a folder for tests", {"staging/haproxy.cfg": _HA.replace(" check\n", "\n")}),
    ],
)
def proxies_by_hand(code: Code) -> Iterator[Draft]:
    """Each server behind HAProxy is checked, and nginx counts failures of each of its backends."""
    places = [place for place in code[_SERVER].places if not is_file_elsewhere(place.path)]
    defaults = code[_DEFAULTS].places.files
    behind = [p for p in places if _HAPROXY.search(p.path) and _WITH_PORT.match(p.text)]
    bare = [p for p in behind if p.path not in defaults and not re.search(r"\bcheck\b", p.text)]
    upstream = [p for p in places if _NGINX.search(p.path) and _OF_UPSTREAM.match(p.text)]
    ignored = [p for p in upstream if re.search(r"\bmax_fails=0\b", p.text)]
    passive = [p for p in upstream if p.path not in defaults]
    if bare:
        yield failed(
            each(bare).say("HAProxy hands on to {number:server} that it does not check"),
            examined(len(behind), "servers"),
        )
    elif ignored:
        yield failed(
            each(ignored).say("Nginx does not count failures of {number:backend}: max_fails=0"),
            examined(len(upstream), "backends"),
        )
    elif passive:
        yield unsure("Nginx learns from failed requests alone which backends are healthy", *passive)
    elif behind or upstream:
        yield passed("Each server behind the proxy is checked", *behind, *upstream, examined(len(behind), "servers"))


_PART = Signal(
    id="deployment.fly-part",
    pattern=r"^\s{0,12}\[\[?(?:http_service|services|checks)\b[\w.\"'-]{0,60}\]\]?\s*$",
    roles=("config", "infra", "other", "source"),
    kept=ALL,
)
_KAMAL = Signal(
    id="deployment.kamal-health",
    pattern=r"^\s{0,8}healthcheck\s{0,3}:|^(?:proxy|servers|service)\s{0,3}:",
    roles=("config", "infra", "other", "source"),
    kept=ALL,
)
_ASKED_PATH = Signal(
    id="deployment.checked-path",
    pattern=r"\bpath\s{0,3}[:=]\s{0,3}[\"']?/|^\s{0,8}healthCheckPath\s{0,3}:\s{0,3}/",
    roles=("config", "infra", "other", "source"),
    kept=ALL,
)
_RENDERED = Signal(
    id="deployment.render-service",
    pattern=r"^\s{0,4}-?\s{0,3}type\s{0,3}:\s{0,3}(?:web|pserv)\s*$",
    roles=("config", "infra", "other", "source"),
    kept=ALL,
)
_ALIVE = re.compile(r"[:=]\s*[\"']?/(?:api/)?(?:live|livez|alive|liveness|ping)\b", re.IGNORECASE)
_FLY = '[http_service]\n  internal_port = 4000\n  [[http_service.checks]]\n    path = "/up"\n'
_DEPLOY = (
    "service: shop\nimage: shop/web\nservers:\n  web: [10.0.1.1]\nproxy:\n  app_port: 80\n  healthcheck:\n "
    "   path: /ready\n"
)
_WEB = "services:\n  - type: web\n    name: shop\n    healthCheckPath: /ready\n"


@check(
    "INF-1.1.8",
    shows=BOTH,
    reads=[_PART, _KAMAL, _ASKED_PATH, _RENDERED],
    clean=[
        Example("A check of Fly", {"fly.toml": _FLY}),
        Example("Kamal asks before it hands over", {"config/deploy.yml": _DEPLOY}),
    ],
    flagged=[
        Example(
            "A second service of Fly that nobody asks", {"fly.toml": _FLY + "[[services]]\n  internal_port = 5000\n"}
        ),
        Example("A second service of Render without a path", {"render.yaml": _WEB + "  - type: web\n    name: desk\n"}),
    ],
    silent=[
        Example("Kamal's own path", {"config/deploy.yml": _DEPLOY.partition("  healthcheck")[0]}),
        Example("A check that says only that it is alive", {"fly.toml": _FLY.replace("/up", "/live")}),
        Example("A deployment beside it", {"fly.toml": _FLY, "main.tf": 'resource "aws_ecs_service" "w" {\n}\n'}),
    ],
)
def platforms(
    code: Code, kubernetes: Kubernetes, infrastructure: Infrastructure, workloads: Workloads
) -> Iterator[Draft]:
    """Each service in the file of Fly, Render or Kamal is asked for its health at a path."""
    places: list[Source] = []
    unasked: list[Source] = []
    weak: list[Source] = []
    paths = code[_ASKED_PATH]
    fly = [
        p for p in code[_PART].places if p.path.rpartition("/")[2].startswith("fly") and not is_file_elsewhere(p.path)
    ]
    for number, part in enumerate(fly):
        if not re.match(r"\s*\[\[?(?:http_service|services)\]\]?\s*$", part.text):
            continue
        following = fly[number + 1 :]
        own = []
        for other in following:
            if other.path != part.path or re.match(r"\s*\[\[?(?:http_service|services)\]\]?\s*$", other.text):
                break
            own.append(other)
        asked = [o for o in own if "check" in o.text]
        whole = any("[checks" in o.text for o in fly if o.path == part.path)
        (places if asked or whole else unasked).append(part)
        until = next((o.line for o in following if o not in own and o.path == part.path), 10**9)
        weak += [p for p in paths.within(part.path) if part.line < p.line < until and asked and _ALIVE.search(p.text)]
    for path in dict.fromkeys(p.path for p in code[_KAMAL].places if p.path.endswith("config/deploy.yml")):
        lines = [p for p in code[_KAMAL].places if p.path == path]
        told = [p for p in lines if "healthcheck" in p.text]
        if {"service", "servers"} <= {p.text.strip().partition(":")[0] for p in lines} and told:
            near = [p for p in paths.within(path) if told[0].line <= p.line <= told[0].line + 4]
            places += near[:1]
            weak += [p for p in near[:1] if _ALIVE.search(p.text)]
    rendered = [p for p in code[_RENDERED].places if p.path.rpartition("/")[2] == "render.yaml"]
    for number, part in enumerate(rendered):
        until = rendered[number + 1].line if number + 1 < len(rendered) else 10**9
        asked = [p for p in paths.within(part.path) if part.line < p.line < until and "healthCheckPath" in p.text]
        (places if asked else unasked).append(part)
        weak += [p for p in asked if _ALIVE.search(p.text)]
    clouds = Clouds(infrastructure)
    others = [w for w in workloads.elsewhere if w.thing.service is None]
    if unasked:
        yield failed(
            each(unasked).say("{number:service} {is} asked for {its} health by nothing"),
            examined(len(places) + len(unasked), "services"),
        )
    elif weak:
        yield unsure("The path that is asked says only that the process lives", *weak)
    elif places and not others and not clouds.serving and not Estate(kubernetes).serving and not knative(kubernetes):
        yield passed("Each service is asked for its health before it gets requests", *places)
