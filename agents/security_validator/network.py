"""Judges how the API is opened to others: origins, limits, shields, versions, webhooks (2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Block,
    Code,
    Documents,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Pipelines,
    Resource,
    Route,
    Routes,
    Signal,
    Typed,
    check,
    each,
    examined,
    passed,
    together,
    unsure,
    words,
)

from ._headers import FOR_ALL
from ._lines import broken, production

ANY_HEADER = Signal(
    id="security.cors-header-any",
    pattern=r"Access-Control-Allow-Origin[\"']?[\s,:)=]{1,5}(?:value\s*:\s*)?[\"']\*[\"']|"
    r"add_header\s+[\"']?Access-Control-Allow-Origin[\"']?\s+[\"']?\*|setAccessControlAllowOrigin\(\s*\"\*",
    roles=("source", "config", "infra"),
)
"""Of one response or of all: a public picture or a list that anybody may have goes with it as well."""
WITH_LOGIN = Signal(
    id="security.cors-credentials",
    pattern=r"Access-Control-Allow-Credentials[\"'\])]{0,3}[\s,:=(]{1,5}[\"']?true",
    kept=ALL,
)
COOKIE = Signal(
    id="security.cors-cookie",
    pattern=r"cookie|\bsession\b(?!\s?storage)",
    kept=ALL,
)
"""Who logs in by a cookie is known to the service on any page; a token has to be sent by the page itself."""
COMPARED = Signal(
    id="security.cors-compared",
    pattern=r"\.includes\(|\.indexOf\(|\bin\s+\w*(?:allow|origin|trusted)|\.has\(|\.contains\(|\.Contains\(|"
    r"allow_?list|white_?list|allowed\w*\[|\.test\(|\.match\(|endsWith|HasSuffix|slices\.",
    kept=ALL,
)
"""An origin that is held against a list before it is sent back."""
MIRRORED_ORIGIN = Signal(
    id="security.cors-mirrored",
    pattern=r"Access-Control-Allow-Origin[\"']?\]?[\s,:)=]{1,5}[\"'(]{0,2}(?:\$http_origin|(?:req|request|ctx|c|"
    r"r)\.(?:headers?|getHeader|get|Header)\W{1,4}.{0,12}\borigin\b|origin\b(?!s))|"
    r"Access-Control-Allow-Origin[\"']?\s*,\s*(?:r|req|request)\.Header\.Get\(\s*\"Origin\"",
    roles=("source", "config", "infra"),
)
"""The origin of whoever asks, sent back as if it were one of those that were named."""
ANY_ORIGIN = Signal(
    id="security.cors-any",
    pattern=r"CORS_(?:ORIGIN_ALLOW_ALL|ALLOW_ALL_ORIGINS)\s*=\s*True|allow_origins\s*=\s*\[\s*[\"']\*|"
    r"\.use\(\s*cors\(\s*\)|"
    r"\borigin\s*:\s*(?:[\"']\*[\"']|true\b).{0,80}cors|cors\(\s*\{\s*origin\s*:\s*(?:[\"']\*[\"']|true\b)|"
    r"@CrossOrigin\s*(?:\(\s*(?:origins\s*=\s*)?\{?\s*\"\*\".*)?$|"
    r"allowedOrigins(?:Patterns)?\(\s*\"\*\"|AllowAllOrigins\s*[:=]\s*true|"
    r"AllowedOrigins:\s*\[\]string\{\s*\"\*\"|AllowAnyOrigin\(|cors\.AllowAll\(|"
    r"allow_origin_regex\s*=\s*r?[\"']\^?(?:https\??://)?\.[*+]\$?[\"']|"
    r"CORS_ALLOWED_ORIGIN_REGEXES\s*=\s*\[\s*r?[\"']\^?(?:https\??://)?\.[*+]|"
    r"SetIsOriginAllowed\(\s*\(?\s*\w{1,20}\s*\)?\s*=>\s*true\b|"
    r"AllowOriginFunc\s*:\s*func\([^)]{0,40}\)\s*bool\s*\{\s*return true|"
    r"CorsLayer::(?:very_)?permissive\(|Cors::permissive\(|\.allow_any_origin\(|"
    r"allow_origin\(\s*(?:tower_http::cors::)?(?:AllowOrigin::(?:mirror_request|any)\(|Any\b)|"
    r"allowedOriginPatterns\s*=\s*\{?\s*\"\*\"|addAllowedOrigin(?:Pattern)?\(\s*\"\*\"|"
    r"setAllowedOrigin(?:Pattern)?s\(\s*(?:List|Arrays|listOf)\W?\w{0,8}\(\s*\"\*\"|"
    r"@CrossOrigin\(.{0,60}originPatterns\s*=\s*\{?\s*\"\*\"|AllowOrigins?[\"']?\s*:\s*\[?\s*[\"']\*[\"']|"
    r"\bCors:\s*\"'\*'\"|"
    r"\banyHost\(\)|[\"']allowed_origins[\"']\s*=>\s*\[\s*[\"']\*[\"']|"
    r"plug\s*\(?\s*CORSPlug\s*,\s*origin:\s*(?:\"\*\"|~r/\.\*/)|plug\s*\(?\s*CORSPlug\s*\)?\s*$|"
    r"enableCors\(\s*(?:\)|\{\s*origin:\s*(?:true|[\"']\*))|register\(\s*\w*cors\w*\s*,\s*\{\s*origin:\s*(?:true|"
    r"[\"']\*)|"
    r"^\s*CORS\(\s*\w{1,30}\s*\)|CORS\(.{0,80}origins[\"']?\s*[:=]\s*\[?[\"']\*",
    roles=("source", "config", "infra"),
)
NAMED_ORIGINS = Signal(
    id="security.cors-named",
    pattern=r"CORS_(?:ALLOWED_ORIGINS|ORIGIN_WHITELIST)\s*=\s*[\[(]\s*(?:[\"']https?://|$)|"
    r"allow_origins\s*=\s*\[\s*[\"']https?://|"
    r"allowedOrigins\(\s*\"https?://|cors\(\s*\{\s*origin\s*:\s*\[?\s*[\"']https?://|"
    r"AllowedOrigins:\s*\[\]string\{\s*\"https?://|setAllowedOrigins\(\s*(?:List\.of|Arrays\.asList|listOf|Set\.of|"
    r"setOf)\(\s*\"https?://|"
    r"addAllowedOrigin\(\s*\"https?://|WithOrigins\(\s*\"https?://|\.allow_origin\(\s*\"https?://|"
    r"AllowOrigin::exact\(|allowed_origin\(\s*\"https?://|"
    r"AllowOrigins?[\"']?\s*[:=]\s*\[?\s*[\"']?https?://|allow_origins?[\"']?\s*[:=]\s*\[?\s*[\"']?https?://|"
    r"[\"']allowed_origins[\"']\s*=>\s*\[\s*[\"']https?://|"
    r"CORSPlug\s*,\s*origin:\s*\[?\s*\"https?://|allowHost\(\s*\"[\w.-]{3,80}\"|"
    r"enableCors\(\s*\{\s*origin:\s*\[?\s*[\"']https?://|"
    r"@CrossOrigin\(\s*(?:origins\s*=\s*)?\{?\s*\"https?://",
    roles=("source", "config", "infra"),
)


@check(
    "SEC-2.3.4",
    shows=BOTH,
    reads=[ANY_ORIGIN, ANY_HEADER, NAMED_ORIGINS, MIRRORED_ORIGIN, FOR_ALL, WITH_LOGIN, COMPARED, COOKIE],
    clean=[
        Example(
            "one named origin", {"app.py": 'app.add_middleware(CORSMiddleware, allow_origins=["https://shop.test"])\n'}
        ),
        Example("Spring", {"src/main/java/Cors.java": 'c.setAllowedOrigins(List.of("https://shop.test"));\n'}),
        Example(
            "tower-http",
            {
                "src/main.rs": "fn main() {\n    let c = CorsLayer::new()\n"
                '        .allow_origin("https://shop.test".parse().unwrap());\n    run(c);\n}\n'
            },
        ),
        Example("ASP.NET", {"Program.cs": 'p.WithOrigins("https://shop.test").AllowAnyHeader();\n'}),
    ],
    flagged=[
        Example("every origin", {"server.js": "app.use(cors())\n"}),
        Example("every origin in Django", {"site/settings.py": "CORS_ALLOW_ALL_ORIGINS = True\n"}),
        Example("whatever matches anything", {"app.py": 'w.add_middleware(CORSMiddleware, allow_origin_regex=".*")\n'}),
        Example("every origin in ASP.NET", {"Program.cs": "p.SetIsOriginAllowed(_ => true).AllowCredentials();\n"}),
        Example("every origin in Rust", {"src/main.rs": "let app = Router::new().layer(CorsLayer::permissive());\n"}),
        Example("every origin in Laravel", {"config/cors.php": "<?php\nreturn [\n  'allowed_origins' => ['*'],\n];\n"}),
        Example(
            "every origin at the address of a function",
            {
                "template.yaml": "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
                "      FunctionUrlConfig:\n"
                "        AuthType: AWS_IAM\n        Cors: {AllowOrigins: ['*']}\n"
            },
        ),
        Example(
            "a header with a star, for all that is asked with a cookie",
            {
                "cors.go": "package web\n\nfunc All(next http.Handler) http.Handler {\n"
                "\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\n"
                '\t\tw.Header().Set("Access-Control-Allow-Origin", "*")\n\t\tnext.ServeHTTP(w, r)\n\t})\n}\n'
                '\nfunc Who(r *http.Request) string {\n\tc, _ := r.Cookie("sid")\n\treturn users[c.Value]\n}\n'
            },
        ),
        Example(
            "an origin sent back with the visitor's login",
            {
                "server.js": "app.get('/a', (req, res) => {\n"
                "  res.set('Access-Control-Allow-Origin', req.headers.origin)\n"
                "  res.set('Access-Control-Allow-Credentials', 'true')\n})\n"
            },
        ),
        Example("every host in Ktor", {"src/main/kotlin/Main.kt": "install(CORS) {\n    anyHost()\n}\n"}),
    ],
    silent=[
        Example(
            "a header of Next.js for who knows which paths",
            {"next.config.js": "const all = [{ key: 'Access-Control-Allow-Origin', value: '*' }]\n"},
        ),
        Example(
            "one route that mirrors the origin, beside a list",
            {
                "server.js": "app.use(cors({ origin: ['https://shop.test'] }))\n"
                "app.get('/a', (req, res) => {\n  res.set('Access-Control-Allow-Origin', req.headers.origin)\n})\n"
            },
        ),
        Example(
            "a header with a star, for an API whose callers send a token",
            {
                "internal/api/middleware.go": "package api\n\nfunc cors(next http.Handler) http.Handler {\n"
                "\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\n"
                '\t\tw.Header().Set("Access-Control-Allow-Origin", "*")\n'
                '\t\tw.Header().Set("Access-Control-Allow-Headers", "X-Auth-Token")\n'
                "\t\tnext.ServeHTTP(w, r)\n\t})\n}\n"
            },
        ),
        Example(
            "pictures and fonts of a server with sessions",
            {
                "src/routes.js": "router.use(['/images/*', '/fonts/*'], async (ctx, next) => {\n"
                "  await send(ctx, { setHeaders: (res) => {\n"
                "    res.setHeader('Access-Control-Allow-Origin', '*')\n  } })\n  await next()\n})\n",
                "src/login.js": "router.post('/login', (ctx) => ctx.cookies.set('sid', make(ctx)))\n",
            },
        ),
        Example("a header with a star", {"web.go": 'w.Header().Set("Access-Control-Allow-Origin", "*")\n'}),
        Example("every origin while developing", {"site/settings/dev.py": "CORS_ALLOW_ALL_ORIGINS = True\n"}),
        Example(
            "a proxy that may serve fonts and scripts",
            {"nginx.conf": "location /fonts/ {\n  add_header Access-Control-Allow-Origin *;\n}\n"},
        ),
    ],
)
def origins_are_named(code: Code) -> Iterator[Draft]:
    """Cross-origin calls are allowed from named origins only."""
    every, named, headers = (production(code[signal]) for signal in (ANY_ORIGIN, NAMED_ORIGINS, ANY_HEADER))
    mirrored = production(code[MIRRORED_ORIGIN])
    if every:
        yield broken("Any web page may call the service: CORS allows every origin", every)
    elif everyone := headers.under(
        lambda path: path in code[FOR_ALL].paths and (path in code[COOKIE].paths or path in code[WITH_LOGIN].paths)
    ):
        yield broken("Any web page may read what the service answers: each response allows every origin", everyone)
    elif echoed := mirrored.under(lambda path: path in code[WITH_LOGIN].paths and path not in code[COMPARED].paths):
        yield broken("Any web page may call the service with the visitor's login: the origin is sent back", echoed)
    elif headers:
        text = "{} {lets} every page read responses; whether they are for everybody anyhow cannot be told"
        yield unsure(each(headers.files).say(text), headers)
    elif mirrored:
        text = "{number:place} {sends} an origin back; whether it is compared with a list before cannot be told"
        yield unsure(each(mirrored).say(text))
    elif named:
        yield passed("Cross-origin calls are allowed from named origins", named)


LIMITER = Signal(
    id="security.rate-limiter",
    pattern=words("calls/rate-limiters").pattern,
    roles=("source", "config", "infra"),
)
NO_LIMIT = Signal(
    id="security.rate-limit-of-nothing",
    pattern=r"(?:^|[;{]\s{0,8})limit_req_dry_run\s+on|(?:^|[;{]\s{0,8})limit_req_zone\b.{1,200}\brate=\d{5,12}r/s",
    roles=("source", "config", "infra"),
    comments=True,
)
EXEMPT = Signal(
    id="security.rate-limit-exempt",
    pattern=r"limiter\.exempt|@exempt\b|\bSkipThrottle\(|DisableRateLimiting|\bthrottle_classes\s*=\s*\[\s*\]|"
    r"rateLimit\s*:\s*false|withoutMiddleware\(.{0,40}throttle|skip_before_action.{0,40}(?:limit|throttle)",
)
"""A route that is left out of the limits of all others."""
_GIVEN = re.compile(r"process\.env|os\.environ|getenv|\bENV\[|\benv\(|Deno\.env|System\.get_env")
_LIMITS = Typed("resources/request-limits")
_LIMITED = re.compile(r"rate_?(?:based|limit)", re.IGNORECASE)
_INGRESS = (
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations:\n    "
    "nginx.ingress.kubernetes.io/limit-rps: '20'\n"
)


@check(
    "SEC-2.3.8",
    shows=PASS,
    reads=[LIMITER, NO_LIMIT, EXEMPT],
    silent=[
        Example(
            "a route before the limiter",
            {
                "server.js": "const app = express()\napp.get('/search', find)\n"
                "app.use(rateLimit({ windowMs: 60000, max: 100 }))\n"
            },
        ),
        Example(
            "as many as a setting says", {"server.js": "app.use(rateLimit({ max: Number(process.env.RATE_LIMIT) }))\n"}
        ),
        Example(
            "a route that is left out",
            {
                "app.py": "limiter = Limiter(key_func=get_remote_address, default_limits=['120/minute'])\n"
                "app.add_middleware(SlowAPIMiddleware)\n\n\n@app.post('/trips')\n@limiter.exempt\ndef add(): ...\n"
            },
        ),
    ],
    clean=[
        Example("a limiter before all routes", {"server.js": "app.use(rateLimit({ windowMs: 60000, max: 100 }))\n"}),
        Example(
            "Rack::Attack for each address",
            {"config/initializers/rack_attack.rb": "Rack::Attack.throttle('all', limit: 30) { |r| r.ip }\n"},
        ),
        Example("a limit at the ingress", {"k8s/ingress.yaml": _INGRESS}),
    ],
    flagged=[Example("no limit", {"server.js": "app.use(express.json())\n"})],
)
def requests_are_limited(
    code: Code, kubernetes: Kubernetes, infrastructure: Infrastructure, routes: Routes
) -> Iterator[Draft]:
    """A limiter stands before the whole API: in the application, the proxy, the ingress or the firewall."""
    ingresses = [
        r for r in kubernetes.of("Ingress") if any("/limit-r" in key for key in r.section("metadata", "annotations"))
    ]
    plans = [b for b in _LIMITS.some(infrastructure, "plan") if _LIMITED.search(str(b.body))]
    walls = [b for b in _LIMITS.some(infrastructure, "wall") if _LIMITED.search(str(b.body))]
    all_limited = bool(ingresses) and len(ingresses) == len(kubernetes.of("Ingress"))
    declared = [r.at("metadata", "annotations") for r in ingresses if all_limited]
    declared += [b.at() for b in (*plans, *walls)]
    nothing = production(code[NO_LIMIT])
    limited = production(code[LIMITER]).under(lambda path: path not in nothing.files)
    places = together(limited, declared)
    if nothing and not places:
        yield unsure(f"A limit that stops nobody: {nothing[0].text}", nothing[0])
    elif not declared and (exempt := production(code[EXEMPT])):
        yield unsure("Requests are limited, and here are some that are left out", exempt, places)
    elif not declared and (before := routes.above(limited)):
        yield unsure(f"{before[0].path} is answered before requests are counted", before[0].source, places)
    elif not declared and limited and all(_GIVEN.search(place.text) for place in limited):
        yield unsure("How many requests are allowed is a setting without a value here", places)
    elif places:
        yield passed(f"Requests are limited in {places[0].path}", places, confidence="medium")


_SHIELDS = Typed("resources/shields")
_FRONTS = Typed("resources/fronts")


@check(
    "SEC-2.3.9",
    shows=PASS,
    clean=[
        Example(
            "proxied by Cloudflare",
            {"dns.tf": 'resource "cloudflare_record" "www" {\n  name = "www"\n  proxied = true\n}\n'},
        )
    ],
    flagged=[
        Example(
            "straight to the origin",
            {"dns.tf": 'resource "cloudflare_record" "www" {\n  name = "www"\n  proxied = false\n}\n'},
        ),
        Example(
            "a policy and a profile of Front Door that no domain is tied to",
            {
                "main.bicep": "resource edge 'Microsoft.Cdn/profiles@2025-06-01' = {\n  name: 'edge'\n}\n"
                "resource waf 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2024-02-01' = {\n"
                "  name: 'waf'\n  properties: { policySettings: { enabledState: 'Enabled' } }\n}\n"
            },
        ),
    ],
)
def public_addresses_are_shielded(infrastructure: Infrastructure, kubernetes: Kubernetes) -> Iterator[Draft]:
    """A CDN, firewall or shield stands before the public addresses."""
    shields = [shield for shield in _SHIELDS.among(infrastructure) if _is_put_before(shield, infrastructure)]
    records = infrastructure.of("cloudflare_record", "cloudflare_dns_record")
    proxied = [r for r in records if r.flag("proxied")]
    bare = _unshielded(infrastructure)
    armor = [r for r in kubernetes.of("BackendConfig", "GCPBackendPolicy") if "securityPolicy" in str(r.body)]
    armor += [r for r in kubernetes.of("Ingress") if _is_walled(r)]
    if proxied and len(proxied) < len([r for r in records if r.get("type") in (None, "A", "AAAA", "CNAME")]):
        yield unsure("Some records are not proxied by Cloudflare", *(r.at() for r in proxied))
    elif (shields or armor) and bare:
        names = each(bare, name=lambda block: block.address, at=lambda block: block.at())
        yield unsure(names.say("That a shield stands before {} cannot be seen"), *(b.at() for b in shields))
    elif shields or proxied or armor:
        places = [b.at() for b in (*shields, *proxied)] + [r.at() for r in armor]
        yield passed(f"A shield stands before public addresses, in {places[0].path}", *places, confidence="medium")


_BALANCERS = Typed("resources/balancers")
_PROTECTS = re.compile(r"waf|shield|cloudfront|security_policy|globalaccelerator")


def _unshielded(infrastructure: Infrastructure) -> list[Block]:
    """Public balancers that no shield names, and services that everybody reaches beside the balancer before them."""
    guards = " ".join(str(b.body) for b in infrastructure.some if _PROTECTS.search(b.type))[:_MOST_TEXT]
    open_ = [
        b
        for b in _BALANCERS.among(infrastructure)
        if b.tool == "terraform" and not b.flag("internal") and f"{b.address}." not in guards
    ]
    return open_ + [b for b in infrastructure.some if guards and b.get("ingress") == "INGRESS_TRAFFIC_ALL"]


_MOST_TEXT = 1_000_000


def _is_put_before(shield: Block, infrastructure: Infrastructure) -> bool:
    """Whether a policy is one of something; whatever else is a shield stands there by itself."""
    kind = _SHIELDS.kind(shield)
    if kind == "policy":
        named = re.compile(rf"{shield.type}\.{re.escape(shield.label)}\b")
        return any(named.search(str(block.body)) for block in infrastructure.some if block is not shield)
    return not kind or bool(_FRONTS.among(infrastructure, kind))


def _is_walled(ingress: Resource) -> bool:
    """Whether an ingress has a firewall or a shield of its cloud by its notes."""
    notes = ingress.section("metadata", "annotations")
    return any(
        (str(key).endswith("/wafv2-acl-arn") and value)
        or (str(key).endswith("/shield-advanced-protection") and str(value).lower() == "true")
        or (str(key).endswith("/waf-policy-for-path") and value)
        for key, value in notes.items()
    )


_BREAKING = re.compile(
    r"\boasdiff\b|\bbuf breaking\b|openapi-diff|optic diff|graphql-inspector|"
    r"bufbuild/buf-(?:breaking-)?action|spectral.*breaking"
)
_WITHOUT_VERSION = re.compile(
    r"^/?$|health|live|ready|ping|metrics|status|static|assets|login|logout|auth|callback|oauth|webhook|hooks?/|internal|"
    r"admin|docs|openapi|swagger|\.well-known|^/?\*",
    re.IGNORECASE,
)
"""Paths that are asked by machines, browsers or other houses, in whose clients no version is built."""
_VERSIONED = re.compile(r"(?:^|/)(?:api/)?v\d+(?:/|$|\.)")


@check(
    "SEC-2.3.10",
    shows=PASS,
    clean=[
        Example(
            "breaking changes stop the build",
            {
                ".github/workflows/ci.yml": "on: push\n"
                "jobs:\n  api:\n    steps:\n      - run: buf breaking --against .git\n"
            },
        ),
        Example(
            "versions in paths, and the rule written down",
            {
                "app.py": "@app.get('/v1/orders')\ndef orders(): ...\n",
                "docs/api.md": "# API versioning\n\n"
                + "Older clients keep working for a year after the next version is out. " * 4,
            },
        ),
    ],
    flagged=[Example("no version", {"app.py": "@app.get('/orders')\ndef orders(): ...\n"})],
)
def api_is_versioned(routes: Routes, documents: Documents, pipelines: Pipelines) -> Iterator[Draft]:
    """Breaking changes are caught in CI, or paths have versions and a rule says how long they live."""
    gates = [p.at(s) for p, j, s in pipelines.steps() if j.heeded and _BREAKING.search(s.enforced)]
    versioned = [r for r in routes.routes if _VERSIONED.search(r.path)]
    plain = [r for r in routes.routes if not _VERSIONED.search(r.path) and not _WITHOUT_VERSION.search(r.path)]
    rules = documents.about("versioning", "deprecation", "backward compat", "api compat")
    if versioned and plain and (gates or rules):
        names = each(plain, name=lambda route: route.path, at=lambda route: route.source)
        yield unsure(names.say("Some paths have a version, and {} {has} none"), versioned[0].source)
    elif gates:
        yield passed("CI refuses breaking changes of the API", *gates)
    elif versioned and rules:
        document, heading = rules[0]
        yield passed(
            "Paths have a version, and a rule is written down",
            versioned[0].source,
            document.at(heading),
            confidence="medium",
        )


SIGNATURE = Signal(
    id="security.webhook-signature",
    pattern=words("calls/webhook-signatures").pattern,
)


JUDGED = Signal(
    id="security.webhook-judged",
    pattern=r"\bif\b.{0,6}(?:not |!)\s?[\w.]{0,40}(?:verif|valid|signature|authentic|genuine)\w{0,30}\(",
)
"""Where it is asked whether what came is signed."""
REFUSED = Signal(
    id="security.webhook-refused",
    pattern=r"\breturn\b|\braise\b|\bthrow\b|\babort\b|\bhalt\b|40[013]|\bhead\b|\brender\b|sendStatus|reject|panic|exit",
)


def _outnumbers(hooks: list[Route], file: str, code: Code) -> bool:
    """Whether *file* declares several webhooks and checks fewer signatures, counting a check that several may call."""
    declared = {h.line for h in hooks if h.file == file}
    checks = code[SIGNATURE].within(file)
    return len(declared) > 1 and sum(min(declared) <= s.line for s in checks) == len(checks) < len(declared)


_ONE_OF_MANY = re.compile(r"hooks?/[<:{\[$][^/]*(?:pk|id)[>}\]]?(?:/|$)", re.IGNORECASE)


@check(
    "SEC-2.3.11",
    shows=PASS,
    reads=[SIGNATURE, JUDGED, REFUSED],
    clean=[
        Example(
            "Stripe's signature is checked",
            {
                "hooks.py": "@app.post('/webhooks/stripe')\ndef hook(request):\n    event = "
                "stripe.Webhook.construct_event(body, sig, key)\n"
            },
        )
    ],
    silent=[
        Example(
            "one of two is believed",
            {
                "hooks.py": "@app.post('/webhooks/stripe')\ndef hook(request):\n"
                "    event = stripe.Webhook.construct_event(body, sig, key)\n\n\n"
                "@app.post('/webhooks/carrier')\ndef other(request):\n    take(request.json())\n"
            },
        ),
        Example(
            "hooks by a shorter name",
            {"hooks.py": "@app.post('/v1/hooks/till')\ndef hook(request):\n    take(request.json())\n"},
        ),
        Example(
            "a wrong signature is only told",
            {
                "hooks.py": "def verified(request, body):\n"
                "    return hmac.compare_digest(wanted, request.headers['x-hook-signature'])\n\n\n"
                "@app.post('/webhooks/forge')\ndef forge(request):\n    if not verified(request, body):\n"
                "        print('bad signature')\n    start(body)\n"
            },
        ),
        Example(
            "a list of webhooks that are sent",
            {
                "app/urls.py": "urlpatterns = [\n    path('webhooks/', all_hooks),\n"
                "    path('webhooks/<int:pk>/', one_hook),\n]\n"
            },
        ),
    ],
    flagged=[
        Example(
            "taken at its word",
            {"hooks.py": "@app.post('/webhooks/stripe')\ndef hook(request):\n    event = request.json()\n"},
        )
    ],
)
def webhooks_are_verified(routes: Routes, code: Code) -> Iterator[Draft]:
    """Each file that declares a webhook route verifies a signature too."""
    hooks = [
        r
        for r in routes.routes
        if re.search(r"web-?_?hook|(?:^|/)hooks?/", r.path, re.IGNORECASE) and r.method in ("POST", "ANY")
    ]
    if any(_ONE_OF_MANY.search(h.path) for h in hooks):  # a list of webhooks is edited: those that it sends
        hooks = [h for h in hooks if not _ONE_OF_MANY.search(h.path) and not h.path.rstrip("/").endswith("webhooks")]
    verified = code[SIGNATURE].places.files
    bare = [h for h in hooks if h.file not in verified]
    fewer = [h for h in hooks if not bare and _outnumbers(hooks, h.file, code)]
    believed = code[JUDGED].places.saying(lambda s: not code[REFUSED].within(s.path, s.line, s.line + 2))
    believed = believed.under(lambda path: any(h.file == path for h in hooks))
    if fewer:
        yield unsure(f"{fewer[0].file} has more webhooks than checks of a signature", *(h.source for h in fewer))
    elif hooks and believed:
        yield unsure("A signature is checked, and that a wrong one is refused cannot be seen", believed)
    elif hooks and not bare:
        yield passed(
            "Webhook routes verify signatures", *(h.source for h in hooks), examined(len(hooks), "webhook routes")
        )
    elif bare:
        yield unsure(f"No signature check is visible beside {bare[0].path}", *(h.source for h in bare))
