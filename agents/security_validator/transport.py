"""Judges whether traffic is encrypted on its way (2.3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from orchestrator import (
    ALL,
    BOTH,
    Block,
    Code,
    DataStores,
    Draft,
    Entries,
    Example,
    Infrastructure,
    Kubernetes,
    Part,
    Resource,
    Routes,
    Services,
    Signal,
    Source,
    Typed,
    check,
    each,
    failed,
    first_of,
    passed,
    together,
    unsure,
    words,
)

from ._https import ANY_TLS, COMPOSE_PORT, NGINX, REDIRECTED, in_the_clear, published_in_the_clear, redirected, sent_on
from ._lines import CODE, broken, off_unless_set, production
from .sessions import FORCE_SSL

TLS_OFF = Signal(
    id="security.tls-off",
    pattern=r"SECURE_SSL_REDIRECT\s*=\s*False|\bAddHsts\(.{0,120}MaxAge\s*=\s*TimeSpan\.(?:Zero|"
    r"From\w{1,12}\(\s*0\b)|config\.force_ssl\s*=\s*false|\bhsts\s*:\s*false",
    roles=CODE,
)
TLS_ON = Signal(
    id="security.tls-redirect",
    pattern=r"SECURE_SSL_REDIRECT\s*=.*\bTrue\b|return\s+301\s+https://|Redirect permanent / https|"
    r"UseHttpsRedirection\(",
    roles=("source", "config", "infra"),
)
HSTS_ON = Signal(
    id="security.hsts",
    pattern=r"SECURE_HSTS_SECONDS\s*=\s*(?!0\b|None|int\(\s*[\"']\d{1,4}[\"'])\S|"
    r"Strict[-_]Transport[-_]Security[\"'\])]{0,3}[\s,:=>(]{1,6}[\"']?.{0,30}max-age=[1-9]|UseHsts\(|"
    r"\binstall\(\s*HSTS\b|"
    r"\bhsts_max_age\s*:\s*[1-9]\d{4}|\bstsSeconds[\"']?\s*[=:]\s*[\"']?[1-9]\d{4}|\bforce_ssl:\s*(?:true\b|"
    r"\[(?!.{0,80}hsts:\s*false))|"
    r"plug\s*\(?\s*Plug\.SSL\b(?!.{0,80}hsts:\s*false)|(?:\.use|register)\(\s*helmet\(\s*\)|"
    r"\bhsts\s*:\s*\{\s*max_?[aA]ge\s*:\s*[1-9]|"
    r"(?:httpS|s)trictTransportSecurity\s*(?:\(|:\s*\{\s*max)|maxAgeInSeconds\s*\(\s*[1-9]|helmet\.hsts\(\s*(?:\)|"
    r"\{\s*maxAge:\s*[1-9])|"
    r"access_control_max_age_sec\s*=\s*[\"']?[1-9]\d{4}|AccessControlMaxAgeSec:\s*[1-9]\d{4}|\bTalisman\(",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
_LISTENER = (
    'resource "aws_lb_listener" "web" {\n  port = 80\n  protocol = "HTTP"\n  default_action {\n    type = '
    '"%s"\n  }\n}\n'
)
_GATEWAY = 'resource "azurerm_application_gateway" "web" {\n  http_listener {\n    protocol = "Http"\n  }\n}\n'
_DISTRIBUTION = (
    'resource "aws_cloudfront_distribution" "web" {\n'
    '  viewer_certificate {\n    minimum_protocol_version = "%s"\n  }\n}\n'
)
_NODE = '{"name": "%s", "private": true, "dependencies": {"express": "5"}}'
_EXPRESS = "const app = express()\n%s\napp.get('/items', list)\napp.listen(3000)\n"
_ASP = "var app = builder.Build();\napp.UseHttpsRedirection();\n"
_ROUTE = (
    "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: web}\nspec:\n  to: {kind: Service, name: web}\n%s"
)
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  type: LoadBalancer\n  ports: [{port: %s}]\n"


@check(
    "SEC-2.3.1",
    shows=BOTH,
    reads=[TLS_OFF, TLS_ON, HSTS_ON, FORCE_SSL, REDIRECTED, *NGINX, COMPOSE_PORT, ANY_TLS],
    clean=[
        Example(
            "Django redirects and sends HSTS",
            {"s/settings.py": "SECURE_SSL_REDIRECT = True\nSECURE_HSTS_SECONDS = 31536000\n"},
        ),
        Example("Rails over TLS only", {"config/environments/production.rb": "config.force_ssl = true\n"}),
        Example(
            "a balancer that redirects before an application that sends HSTS",
            {
                "lb.tf": (_LISTENER % "redirect").replace(
                    "  }\n}", '    redirect {\n      protocol = "HTTPS"\n    }\n  }\n}'
                ),
                "server.js": _EXPRESS % "app.use(helmet())",
            },
        ),
        Example(
            "a route of a gateway before Ktor",
            {
                "k8s/edge.yaml": "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                "metadata: {name: plain}\nspec:\n"
                "  rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]\n",
                "src/main/kotlin/Main.kt": "fun main() {\n    install(HSTS) { maxAgeInSeconds = 31536000 }\n}\n",
            },
        ),
        Example(
            "Phoenix on a platform",
            {
                "fly.toml": "[http_service]\n  force_https = true\n",
                "config/prod.exs": "config :a, A, force_ssl: [hsts: true]\n",
            },
        ),
        Example("ASP.NET Core", {"src/Web/Program.cs": _ASP + "app.UseHsts();\n"}),
        Example(
            "a proxy before two servers",
            {
                "proxy/nginx.conf": "server {\n  return 301 https://$host$request_uri;\n"
                "  add_header Strict-Transport-Security max-age=31536000;\n}\n",
                "apps/web/package.json": _NODE % "web",
                "apps/web/server.js": _EXPRESS % "",
                "apps/api/package.json": _NODE % "api",
                "apps/api/server.js": _EXPRESS % "",
            },
        ),
    ],
    flagged=[
        Example(
            "a second server of nginx in the clear",
            {
                "nginx.conf": "server {\n  listen 80;\n  return 301 https://$host$request_uri;\n}\nserver {\n"
                "  listen 443 ssl;\n"
                '  add_header Strict-Transport-Security "max-age=31536000";\n  location / { proxy_pass http://a; }\n}\n'
                "server {\n  listen 8081;\n  location / {\n    proxy_pass http://a;\n  }\n}\n"
            },
        ),
        Example(
            "a composition that publishes port 80 alone",
            {"compose.yaml": "services:\n  web:\n    image: shop/web:1\n    ports: ['80:8080']\n"},
        ),
        Example("redirect switched off", {"site/settings.py": "SECURE_SSL_REDIRECT = False\n"}),
        Example("a listener that forwards plain HTTP", {"lb.tf": _LISTENER % "forward"}),
        Example(
            "a redirect that stays on plain HTTP",
            {"lb.tf": (_LISTENER % "redirect").replace("  }\n}", '    redirect {\n      port = "8080"\n    }\n  }\n}')},
        ),
        Example("users who sign in over plain HTTP", {"lb.tf": _LISTENER % "authenticate-oidc"}),
        Example(
            "TLS by the default of 2016",
            {"lb.tf": 'resource "aws_lb_listener" "web" {\n  port = 443\n  protocol = "HTTPS"\n}\n'},
        ),
        Example(
            "a distribution that answers plain HTTP, in CloudFormation",
            {
                "cdn.yaml": "Resources:\n  Web:\n    Type: AWS::CloudFront::Distribution\n    Properties:\n"
                "      DistributionConfig:\n        DefaultCacheBehavior: {ViewerProtocolPolicy: allow-all}\n"
            },
        ),
        Example("a load balancer on port 80 only", {"k8s/web.yaml": _SERVICE % 80}),
        Example("a route of OpenShift without TLS", {"k8s/web.yaml": _ROUTE % ""}),
        Example(
            "a route of OpenShift that answers plain HTTP, too",
            {"k8s/web.yaml": _ROUTE % "  tls: {termination: edge, insecureEdgeTerminationPolicy: Allow}\n"},
        ),
        Example("a gateway that listens on plain HTTP only", {"gw.tf": _GATEWAY}),
        Example("TLS 1.0 will do", {"cdn.tf": _DISTRIBUTION % "TLSv1"}),
    ],
    silent=[
        Example(
            "a sample of settings redirects",
            {
                ".env.sample": "# Redirect plain HTTP in production\nSECURE_SSL_REDIRECT=True\nFORCE_HTTPS=true\n",
                "server.js": _EXPRESS % "app.use(helmet())",
            },
        ),
        Example(
            "a library of redirects that is installed, and nothing more",
            {
                "package.json": '{"name": "s", "dependencies": {\n"koa-sslify": "5.0.1"\n}}\n',
                "server.js": _EXPRESS % "app.use(helmet())",
            },
        ),
        Example("TLS 1.2 at least", {"cdn.tf": _DISTRIBUTION % "TLSv1.2_2021"}),
        Example(
            "one program of two sends HSTS",
            {"src/Web/Program.cs": _ASP + "app.UseHsts();\n", "src/Api/Program.cs": _ASP},
        ),
        Example(
            "one server of two sends HSTS",
            {
                "apps/web/package.json": _NODE % "web",
                "apps/web/server.js": _EXPRESS % "app.use(secure)",
                "apps/web/secure.js": "res.set('Strict-Transport-Security', 'max-age=31536000')\n",
                "apps/web/nginx.conf": "server {\n  return 301 https://$host$request_uri;\n}\n",
                "apps/api/package.json": _NODE % "api",
                "apps/api/server.js": _EXPRESS % "",
            },
        ),
        Example(
            "a listener that redirects to HTTPS",
            {
                "lb.tf": (_LISTENER % "redirect").replace(
                    "  }\n}", '    redirect {\n      protocol = "HTTPS"\n    }\n  }\n}'
                )
            },
        ),
        Example(
            "a listener inside a network, in CloudFormation",
            {
                "lb.yaml": "Resources:\n  Inner:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n"
                "    Properties: {Scheme: internal}\n  Web:\n    Type: AWS::ElasticLoadBalancingV2::Listener\n"
                "    Properties: {LoadBalancerArn: !Ref Inner, Protocol: HTTP, DefaultActions: [{Type: forward}]}\n"
            },
        ),
        Example("a listener that refuses", {"lb.tf": _LISTENER % "fixed-response"}),
        Example("a listener that redirects", {"lb.tf": _LISTENER % "redirect"}),
        Example("TLS at the load balancer", {"k8s/web.yaml": _SERVICE % 443}),
        Example(
            "a route of OpenShift that redirects",
            {"k8s/web.yaml": _ROUTE % "  tls: {termination: edge, insecureEdgeTerminationPolicy: Redirect}\n"},
        ),
        Example(
            "a route of OpenShift for HTTPS alone", {"k8s/web.yaml": _ROUTE % "  tls: {termination: passthrough}\n"}
        ),
        Example(
            "settings that are off until somebody sets them",
            {
                "s/settings.py": "SECURE_SSL_REDIRECT = getattr(conf, 'REDIRECT', False)\n"
                "SECURE_HSTS_SECONDS = getattr(conf, 'HSTS_SECONDS', 0)\n",
                "nginx.conf": "server {\n  return 301 https://$host$request_uri;\n}\n",
            },
        ),
    ],
)
def traffic_is_encrypted(
    code: Code,
    infrastructure: Infrastructure,
    kubernetes: Kubernetes,
    entries: Entries,
    stores: DataStores,
    services: Services,
    routes: Routes,
) -> Iterator[Draft]:
    """Nothing answers users over plain HTTP except with a redirect, and HSTS is sent."""
    off = production(code[TLS_OFF])
    if off:
        yield broken("The redirect to HTTPS or HSTS is switched off", off)
    plain = [hit for b in infrastructure.resources if (hit := _plain_http(b, infrastructure))]
    plain += [hit for r in kubernetes.of("Ingress", "Service", "Route") if (hit := _plain_service(r))]
    plain += _more(plain, entries.parts, "secure", "serves plain HTTP")
    plain += [("nginx serves in the clear what it has TLS for", place) for place in in_the_clear(code)]
    plain += [("A composition serves plain HTTP alone", place) for place in published_in_the_clear(code)]
    if void := [a for a in code[HSTS_ON].aside if a.void and a.reason.startswith("comes to nothing")]:
        plain += (
            [("HSTS is sent for no time", Source(path=void[0].path, line=void[0].line))] if not code[HSTS_ON] else []
        )
    if plain:
        yield failed(first_of(plain))
    weak = [hit for b in infrastructure.resources if (hit := _weak_tls(b))]
    weak += _more(weak, [*entries.parts, *stores.parts], "tls", "accepts TLS before 1.2")
    weak += _more(weak, stores.parts, "carried", "takes connections that are not encrypted")
    if weak:
        remedy = "Set TLS 1.2 as the least version, and let databases refuse connections without it."
        yield failed(first_of(weak), remedy=remedy)
    if off or plain or weak:
        return
    header, forced = production(code[HSTS_ON]), production(code[FORCE_SSL])
    redirect = together(production(code[TLS_ON]), redirected(code), sent_on(infrastructure, kubernetes))
    header, redirect = (places.under(lambda path: not _SAMPLE.search(path)) for places in (header, redirect))
    if forced:
        yield passed("Rails redirects to HTTPS and sends HSTS (config.force_ssl)", forced)
    elif bare := [
        s for s in production(code[TLS_ON]) if "UseHttpsRedirection" in s.text and s.path not in code[HSTS_ON].paths
    ]:
        if header:
            yield unsure(
                f"{bare[0].path} redirects to HTTPS without HSTS, which {header[0].path} sends", bare[0], header[0]
            )
    elif redirect and header and any(all(map(off_unless_set, places)) for places in (header, redirect)):
        idle = next(s for s in (*header, *redirect) if off_unless_set(s))
        yield unsure(f"It depends on how the service is set up: {idle.text[:100]}", idle)
    elif redirect and header:
        redirect, header = (places.saying(lambda s: not off_unless_set(s)) for places in (redirect, header))
        sure = "environ" not in redirect[0].text and "environ" not in header[0].text
        if others := services.beside(header, routes) or services.beside(redirect, routes):
            named = each(others, name=lambda service: service.address, at=lambda service: service.at)
            yield unsure(named.say("{path} sends HSTS; {} {is} not shown to", path=header[0].path), header[0])
        else:
            yield passed(
                "Plain HTTP is redirected and HSTS is sent",
                redirect[0],
                header[0],
                confidence="high" if sure else "medium",
            )


_SAMPLE = re.compile(r"(?:^|[/._-])(?:sample|example)s?(?:[._-][^/]{0,40})?$|\.dist$", re.IGNORECASE)
"""What somebody copies and fills in; with what a release runs stands elsewhere."""


def _more(
    found: Sequence[tuple[str, Source]], parts: Sequence[Part], setting: str, said: str
) -> list[tuple[str, Source]]:
    """The parts of the estate of which *setting* is known not to hold, less those that are *found* already."""
    files = {(place.path, place.line) for _, place in found}
    answers = [(part, part.says(setting)) for part in parts]
    return [
        (f"{part.address} {said} ({answer.because})", answer.at)
        for part, answer in answers
        if answer.value is False and (answer.at.path, answer.at.line) not in files
    ]


def _plain_http(block: Block, infrastructure: Infrastructure) -> tuple[str, Source] | None:
    """A part of the cloud that serves plain HTTP to the world."""
    kind, name = _CARRIERS.kind(block), block.address
    if kind == "listener":
        plainly = any(_answers_plainly(block, action) for action in _CARRIERS.parts(block, "actions"))
        if _CARRIERS.value(block, "protocol") == "HTTP" and plainly and not _internal(block, infrastructure):
            return f"Listener {name} serves plain HTTP", _CARRIERS.place(block, "protocol")
    if kind in _ONLY and not _CARRIERS.says(block, "internal").value:
        listeners = _CARRIERS.parts(block, "listeners")
        if {str(_CARRIERS.within(block, one, "protocol") or "").lower() for one in listeners} == {"http"}:
            return f"{_ONLY[kind]} {name} serves plain HTTP only", _CARRIERS.place(block, "listeners")
    for part in (*_CARRIERS.parts(block, "behaviour"), *_CARRIERS.parts(block, "behaviours")):
        if _CARRIERS.within(block, part, "viewers") == "allow-all":
            said = f"{_CARRIERS.spelt(block, 'viewers')} is allow-all"
            return f"{name} serves plain HTTP ({said})", _CARRIERS.place(block, "behaviour")
    if _CARRIERS.says(block, "https").value is False:
        why = f" ({_CARRIERS.spelt(block, 'https')} is not true)" if kind == "site" else ""
        return f"{name} serves plain HTTP{why}", _CARRIERS.place(block, "https")
    return None


_CARRIERS = Typed("resources/carriers")
_ONLY = {"gateway": "Gateway", "balancer-with-listeners": "Load balancer"}
"""What has several listeners, of which one may be there to redirect: all have to be plain."""


def _internal(listener: Block, infrastructure: Infrastructure) -> bool:
    """Whether *listener* is one of a balancer that only answers inside a network."""
    named = set(re.findall(r"[\w-]+", str(_CARRIERS.value(listener, "balancer"))[:_MOST]))
    balancers = _CARRIERS.among(infrastructure, "balancer")
    return any(_CARRIERS.says(b, "internal").value and b.label in named for b in balancers)


_MOST = 2_000


def _answers_plainly(listener: Block, action: dict[str, Any]) -> bool:
    """Whether a listener of plain HTTP does with *action* what should be done over TLS alone; refusals may be plain."""
    kind = str(_CARRIERS.within(listener, action, "act") or "")
    if kind != "redirect":
        return kind not in ("fixed-response", "")
    if not _CARRIERS.parts(listener, "target", action):
        return False
    return (_CARRIERS.within(listener, action, "target_protocol") or _SAME) in ("HTTP", _SAME)


_SAME = "#{protocol}"
_OLD_TLS = words("policies/old-tls")


def _weak_tls(block: Block) -> tuple[str, Source] | None:
    """A part of the cloud that takes TLS before 1.2, or a database whose clients need not encrypt at all."""
    least = _CARRIERS.value(block, "tls")
    name = _CARRIERS.spelt(block, "tls")
    if str(least or "") in _OLD_TLS:
        return f"{block.address} accepts TLS before 1.2 ({name} = {least})", _CARRIERS.place(block, "tls")
    speaks = _CARRIERS.value(block, "protocol")
    if _CARRIERS.kind(block) == "listener" and speaks in ("HTTPS", "TLS") and least is None:
        why = f"no {name}: the default is of 2016"
        return f"{block.address} accepts TLS before 1.2 ({why})", _CARRIERS.place(block, "protocol")
    if _CARRIERS.says(block, "encrypted").value is False:
        place = _CARRIERS.place(block, "encrypted")
        off = f"{_CARRIERS.spelt(block, 'encrypted')} = false"
        return f"Clients of {block.address} need not encrypt their connection ({off})", place
    return None


def _plain_service(resource: Resource) -> tuple[str, Source] | None:
    notes = resource.section("metadata", "annotations")
    if resource.kind == "Ingress":
        for key, value in notes.items():
            if key.endswith("/ssl-redirect") and str(value).lower() == "false" and not resource.items("spec", "tls"):
                return f"Ingress {resource.resource} does not redirect to HTTPS", resource.at(
                    "metadata", "annotations", key
                )
        return None
    if resource.kind == "Route":
        tls = resource.section("spec", "tls")
        if not resource.api_version.startswith(("route.openshift.io/", "v1")) or resource.open("spec", "tls"):
            return None
        if not tls:
            return f"Route {resource.resource} serves plain HTTP", resource.at("spec")
        if tls.get("insecureEdgeTerminationPolicy") == "Allow":
            place = resource.at("spec", "tls", "insecureEdgeTerminationPolicy")
            return f"Route {resource.resource} serves plain HTTP beside HTTPS", place
        return None
    inner = any(re.search(r"internal|cert|ssl|tls", f"{key}={value}", re.IGNORECASE) for key, value in notes.items())
    ports = {p.get("port") for p in resource.items("spec", "ports") if isinstance(p, dict)}
    if resource.get("spec", "type") == "LoadBalancer" and ports == {80} and not inner:
        return f"Service {resource.resource} offers plain HTTP to the world on port 80", resource.at("spec", "type")
    return None
