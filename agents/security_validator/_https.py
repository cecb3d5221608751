"""Finds where plain HTTP is sent on to HTTPS, and where a proxy still answers in the clear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import ALL, Block, Code, Infrastructure, Kubernetes, Resource, Signal, Source, Typed

from ._lines import at_work

LISTENS = Signal(
    id="security.nginx-listen",
    pattern=r"(?:^|[;{]\s{0,8})listen\s+[\w.:\[\]*]{1,60}(?:\s[\w= ]{0,80})?;",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
SERVERS = Signal(
    id="security.nginx-server",
    pattern=r"^server\s*\{?\s*$|^server\s*\{",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
ANSWERED = Signal(
    id="security.nginx-answer",
    pattern=r"^(?:return\s+(?:30[1278]\s+https://|4\d\d\b)|rewrite\s+\S{1,80}\s+https://|deny\s+all|stub_status|"
    r"ssl_reject_handshake\s+on)",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
SERVED = Signal(
    id="security.nginx-served",
    pattern=r"(?:^|[;{]\s{0,8})(?:proxy_pass|root|fastcgi_pass|uwsgi_pass|grpc_pass|try_files|alias)\s",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
NGINX = (LISTENS, SERVERS, ANSWERED, SERVED)
_INNER = re.compile(r"listen\s+(?:127\.|localhost|unix:|\[::1\])")
_PLAIN_PORT = re.compile(r"listen\s+(?:[\w.*]{1,40}:|\[::\]:)?\d{1,5}\b")


COMPOSE_PORT = Signal(
    id="security.compose-port",
    pattern=r"ports:\s*\[?.{0,60}[\"']?(?:0\.0\.0\.0:)?(?:80|443):\d{2,5}|^-\s*[\"']?(?:0\.0\.0\.0:)?(?:80|"
    r"443):\d{2,5}\b|^published:\s*[\"']?(?:80|443)\b",
    roles=("infra", "config"),
    kept=ALL,
)
ANY_TLS = Signal(
    id="security.any-tls",
    pattern=r"https|\btls\b|\bssl\b|letsencrypt|certbot|acme|cloudflare|caddy|traefik|certificate|\bgateway\b|"
    r"load.?balancer|\bcdn\b|tunnel|reverse proxy|ingress",
    roles=("source", "config", "infra", "ci", "docs", "other"),
    comments=True,
)


def published_in_the_clear(code: Code) -> list[Source]:
    """Where a composition publishes port 80 and none port 443, and no word in the tree is about TLS."""
    ports = code[COMPOSE_PORT].places.under(lambda path: "compose" in path.rpartition("/")[2] and not at_work(path))
    plain = ports.saying(lambda place: re.search(r"(?<![\d:])80:\d|published:\W{0,3}80\b", place.text) is not None)
    secure = ports.saying(lambda place: re.search(r"(?<!\d)443:\d|published:\W{0,3}443\b", place.text) is not None)
    return list(plain) if plain and not secure and not code[ANY_TLS] else []


def in_the_clear(code: Code) -> list[Source]:
    """
    The ``listen`` lines of servers of nginx that serve in the clear what another server of their file has TLS for.

    Where none of a file has TLS, that ends before nginx.
    """
    found: list[Source] = []
    for path in sorted(set(code[LISTENS].paths)):
        starts = sorted(place.line for place in code[SERVERS].within(path))
        listens = code[LISTENS].within(path)
        if not any(re.search(r"\b(?:ssl|quic)\b", place.text) for place in listens):
            continue
        for number, start in enumerate(starts):
            end = starts[number + 1] - 1 if number + 1 < len(starts) else 1_000_000
            mine = code[LISTENS].within(path, start, end)
            plain = [p for p in mine if not re.search(r"\b(?:ssl|quic)\b", p.text) and not _INNER.match(p.text)]
            serves = code[SERVED].within(path, start, end)
            if plain and serves and not code[ANSWERED].within(path, start, end) and _PLAIN_PORT.match(plain[0].text):
                found.append(plain[0])
    return found


REDIRECTED = Signal(
    id="security.redirected",
    pattern=r"\bforce_https\s*=\s*true\b|\bforce_ssl:\s*(?:\[|true)|plug\s*\(?\s*Plug\.SSL\b|"
    r"\binstall\(\s*HttpsRedirect\b|\brequiresSecure\(\)|redirectToHttps\(|"
    r"\bforced_ssl\s*:|requires_channel:\s*https|redirections?\.entry_?[pP]oint\.scheme[\"']?\s*[=:]\s*[\"']?https|"
    r"redirect_?[sS]cheme\.scheme[\"']?\s*[=:]\s*[\"']?https|"
    r"RewriteRule\s.{0,80}https://%\{|res\.redirect\(\s*(?:30[128]\s*,\s*)?[`\"']https://|"
    r"http\.Redirect\(.{0,80}\"https://|"
    r"RedirectMiddleware|HTTPSRedirectMiddleware|RedirectToHTTPSMiddleware|Redirect::permanent\(.{0,60}https|"
    r"SslRedirect|sslify|express-sslify|enforces-ssl|"
    r"https_redirect\s*=\s*true|always_use_https|\bAddRedirectToHttps|redirect_to_https\s*[=:]\s*true|"
    r"redirect_http_to_https\s*=\s*true|\bssl:\s*true\b.{0,20}$",
    roles=("source", "config", "infra", "other"),
)
"""A framework, a proxy or a platform that sends plain HTTP on to HTTPS."""
_DECLARING = ("package.json", "Gemfile", "composer.json", "requirements.txt", "mix.exs", ".lock")
"""Files that say what is installed, and not that anything is done with it."""
_KAMAL = re.compile(r"^ssl:\s*true")


def redirected(code: Code) -> list[Source]:
    """Where a framework, a proxy or a platform is told to; Kamal's proxy in its own file alone."""
    return [
        place
        for place in code[REDIRECTED].places
        if not place.path.endswith(_DECLARING)
        and (not _KAMAL.match(place.text) or re.search(r"(?:^|/)deploy(?:\.\w+)?\.ya?ml$", place.path))
    ]


_REDIRECTING = Typed("resources/redirecting")


def sent_on(infrastructure: Infrastructure, kubernetes: Kubernetes) -> list[Source]:
    """Where balancers, networks and gateways send plain HTTP on to HTTPS, or have no plain HTTP at all."""
    found = [at for block in infrastructure.some for at in _of_cloud(block)]
    for resource in kubernetes.of("HTTPRoute", "Ingress", "Middleware", "FrontendConfig", "Gateway", "VirtualService"):
        found += _of_cluster(resource)
    return found


def _of_cloud(block: Block) -> Iterator[Source]:
    kind = _REDIRECTING.kind(block)
    if kind == "listener":
        text = str(_REDIRECTING.value(block, "answer"))
        if re.search(r"redirect", text) and re.search(r"'protocol': 'HTTPS'|'Protocol': 'HTTPS'", text):
            yield block.at()
    elif kind == "network":
        policies = re.findall(r"'(?:viewer_protocol_policy|ViewerProtocolPolicy)': '([\w-]+)'", str(block.body))
        if policies and set(policies) <= {"redirect-to-https", "https-only"}:
            yield block.at()
    elif kind == "map":
        redirects = _REDIRECTING.parts(block, "redirect")
        if any(_REDIRECTING.within(block, part, "secure") is True for part in redirects):
            yield block.at(*_REDIRECTING.at(block, "redirect"))
    elif kind in ("switch", "balancer"):
        if _REDIRECTING.says(block, "secure").value:
            yield block.at(*(_REDIRECTING.at(block, "secure") if kind == "balancer" else ()))
    elif kind in ("app", "template"):
        ingresses = _REDIRECTING.parts(block, "ingress")
        if any(str(_REDIRECTING.within(block, part, "insecure") or False).lower() == "false" for part in ingresses):
            yield block.at(*(_REDIRECTING.at(block, "ingress") if kind == "app" else ()))
    elif kind == "setting":
        if _REDIRECTING.value(block, "title") == "always_use_https" and _REDIRECTING.value(block, "value") == "on":
            yield block.at()
    elif kind == "zone":
        settings = _REDIRECTING.parts(block, "settings")
        if any(_REDIRECTING.within(block, part, "secure") == "on" for part in settings):
            yield block.at()
    elif kind == "never":
        yield block.at()


def _of_cluster(resource: Resource) -> Iterator[Source]:
    notes = {str(key): str(value).lower() for key, value in resource.section("metadata", "annotations").items()}
    if resource.kind == "Ingress":
        if (
            any(
                key.endswith(("/ssl-redirect", "/force-ssl-redirect")) and value in ("true", "443")
                for key, value in notes.items()
            )
            or notes.get("kubernetes.io/ingress.allow-http") == "false"
        ):
            yield resource.at("metadata", "annotations")
        elif (
            "nginx" in f"{resource.get('spec', 'ingressClassName')} {notes.get('kubernetes.io/ingress.class')}"
            and resource.items("spec", "tls")
        ):
            yield resource.at("spec", "tls")
    elif resource.kind == "HTTPRoute":
        for rule in resource.items("spec", "rules"):
            for one in rule.get("filters") or () if isinstance(rule, dict) else ():
                redirect = one.get("requestRedirect") if isinstance(one, dict) else None
                if isinstance(redirect, dict) and redirect.get("scheme") == "https":
                    yield resource.at("spec", "rules")
    elif resource.kind == "Middleware":
        if resource.get("spec", "redirectScheme", "scheme") == "https":
            yield resource.at("spec")
    elif resource.kind == "FrontendConfig":
        if resource.get("spec", "redirectToHttps", "enabled") is True:
            yield resource.at("spec")
    elif resource.kind == "Gateway":
        for server in resource.items("spec", "servers"):
            tls = server.get("tls") if isinstance(server, dict) else None
            if isinstance(tls, dict) and tls.get("httpsRedirect") is True:
                yield resource.at("spec", "servers")
