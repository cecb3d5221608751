"""Judges how files and answers get to the browser: CDN and cache headers (section 3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Block,
    Code,
    Compose,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Infrastructure,
    Kubernetes,
    Manifests,
    Markup,
    Pipelines,
    Signal,
    Source,
    Typed,
    check,
    each,
    failed,
    passed,
    source_of,
    together,
    unsure,
)

from ._web import ASIDE, for_browsers, hosting

ASSET_HOST = Signal(
    id="performance.asset-host",
    pattern=(
        r"(?<!mailer\.)(?:asset_host|assetPrefix|STATIC_URL|S3_CUSTOM_DOMAIN|CDN_URL|CDN_HOST|publicPath)\b.{0,40}"
        r"(?:https?://[\w.-]{1,80}|cloudfront|cdn)"
    ),
    roles=("source", "config", "infra"),
    kept=ALL,
)
_CLOUDFRONT = 'resource "aws_cloudfront_distribution" "site" {\n  enabled = true\n}\n'


NETWORKS = Typed("resources/content-networks")
ROUTES = Typed("resources/network-routes")


def networks(infrastructure: Infrastructure, kubernetes: Kubernetes) -> list[Source]:
    """Content delivery networks that infrastructure code declares and switches on."""
    declared = NETWORKS.among(infrastructure, "network", "service", "record")
    found = [said.at for b in declared if (said := NETWORKS.says(b, "on")).value is True]
    found += [b.at() for b in ROUTES.among(infrastructure) if ROUTES.says(b, "kept").value is True]
    found += [b.at() for b in infrastructure.modules if re.search(r"cloudfront|(?:^|[/_-])cdn", b.type, re.IGNORECASE)]
    found += [r.at("spec", "cdn") for r in kubernetes.of("BackendConfig") if r.get("spec", "cdn", "enabled") is True]
    return found


def _stores_alone(infrastructure: Infrastructure) -> bool:
    """Whether the networks, of which there are some, ask a store of files alone, and no server."""
    origins = [text for b in NETWORKS.among(infrastructure, "network") for text in _origins(b)]
    return bool(origins) and all(map(_ORIGIN.search, origins))


def _origins(network: Block) -> list[str]:
    """What *network* says of where it takes its files from."""
    origins = NETWORKS.parts(network, "origins")
    return [str(NETWORKS.within(network, origin, "domain")) for origin in origins] or [str(network.body)]


AT_THE_EDGE = Signal(
    id="performance.assets-at-the-edge",
    pattern=r"^['\"]?assets['\"]?\s?[:=]\s?\{.{0,80}\bdirectory\b|^\[(?:assets|site)\]",
    roles=("config", "infra", "source", "other"),
)
"""A worker of Cloudflare brings its files along, and they are sent from where the worker runs."""
_ROUTE = (
    "resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-09-01' = {{\n  name: 'all'\n  properties: {{\n"
    "    patternsToMatch: ['/*']\n{}  }}\n}}\n"
)


FROM_NGINX = Signal(
    id="performance.assets-from-nginx",
    pattern=r"(?:^|[;{]\s{0,8})location\s.{0,20}/?(?:assets|build|static|dist|packs?|_next|_nuxt|js|css|bundles?)/",
    roles=("config", "infra", "source", "other"),
)
"""The place of built scripts and styles in a server of one's own."""
BASE = Signal(
    id="performance.assets-elsewhere",
    pattern=r"\bbase:\s?['\"]https?://|\bassetPrefix:\s?['\"]https?://|\bpublicPath:\s?['\"]https?://",
    languages=("javascript", "typescript"),
)
"""The address before all that a build writes."""
_OF_NGINX = re.compile(r"(?:docker\.io/)?(?:library/)?(?:nginx|httpd|caddy)(?:[:@]|$)")
_PUBLIC = re.compile(r"^(?:0\.0\.0\.0:)?(?:80|443):")
_ORIGIN = re.compile(r"digitaloceanspaces|\.s3[.-]|bucket|media|upload", re.IGNORECASE)
_MEDIA = 'resource "digitalocean_cdn" "media" {\n  origin = digitalocean_spaces_bucket.media.bucket_domain_name\n}\n'


@check(
    "PRF-3.2.4",
    shows=PASS,
    reads=[ASSET_HOST, AT_THE_EDGE, FROM_NGINX, BASE],
    clean=[
        Example(
            "a route of Front Door that keeps copies",
            {
                "infra/door.bicep": _ROUTE.format(
                    "    cacheConfiguration: { queryStringCachingBehavior: 'UseQueryString' }\n"
                )
            },
        ),
        Example(
            "a worker with its files",
            {"wrangler.jsonc": '{\n  "name": "site",\n  "assets": { "directory": "dist" }\n}\n'},
        ),
        Example("a distribution in Terraform", {"infra/cdn.tf": _CLOUDFRONT}),
        Example(
            "a host with a network of its own", {"netlify.toml": '[build]\npublish = "dist"\n', "index.html": "<p>x"}
        ),
    ],
    flagged=[
        Example(
            "a network for what people upload, and the scripts from nginx",
            {
                "infra/main.tf": _MEDIA,
                "deploy/nginx.conf": "server {\n  root /srv/shop/public;\n  location /build/ {\n"
                '    add_header Cache-Control "public, max-age=31536000";\n  }\n}\n',
            },
        ),
        Example("a route of Front Door that keeps nothing", {"infra/door.bicep": _ROUTE.format("")}),
        Example(
            "an asset host that may be anything",
            {"config/environments/production.rb": 'config.asset_host = "https://cdn.shop.example"\n'},
        ),
        Example("a distribution that is switched off", {"infra/cdn.tf": _CLOUDFRONT.replace("true", "false")}),
        Example(
            "only the documentation is on such a host, the service runs in a container",
            {"netlify.toml": '[build]\npublish = "dist"\n', "Dockerfile": "FROM node:22\nCMD npm start\n"},
        ),
        Example(
            "an asset host from the environment", {"config/production.rb": 'config.asset_host = ENV["CDN_HOST"]\n'}
        ),
    ],
)
def content_delivery(
    code: Code,
    files: Files,
    infrastructure: Infrastructure,
    kubernetes: Kubernetes,
    pipelines: Pipelines,
    dockerfiles: Dockerfiles,
    compose: Compose,
) -> Iterator[Draft]:
    """A CDN is declared, or comes with the host; what an address is called tells of none."""
    declared = networks(infrastructure, kubernetes)
    hosts = hosting(files, pipelines, dockerfiles, kubernetes)
    edge = code[AT_THE_EDGE].places.under(lambda path: path.rpartition("/")[2].startswith("wrangler."))
    written = code[ASSET_HOST].places.saying(lambda s: re.search(r"https?://", s.text))
    beside = code[FROM_NGINX].places
    alone = _by_oneself(compose)
    moved = code[BASE].places
    if declared and beside and not written and _stores_alone(infrastructure):
        text = "A content delivery network stands before a store of files; scripts and styles are with nginx, which "
        yield unsure(text + "is not shown to be behind it", declared[0], beside)
    elif (declared or hosts) and moved:
        yield unsure("Assets have an address of their own; which network that is stands nowhere", moved)
    elif (declared or hosts) and alone:
        text = "A content delivery network is there, and nginx on a machine of one's own sends files beside it"
        yield unsure(text, *alone)
    elif declared:
        yield passed(each(declared).say("{number:content delivery network} {is} declared"), confidence="medium")
    elif hosts:
        yield passed("The static host serves assets from its own CDN", *hosts, confidence="medium")
    elif edge:
        yield passed("A worker at the edge sends its own files", edge, confidence="medium")
    elif written:
        yield unsure("Asset addresses point to a host of their own; which network that is stands nowhere", written)
    elif code[ASSET_HOST]:
        yield unsure("An asset host can be set, and is not in this tree", code[ASSET_HOST].places)


def _by_oneself(compose: Compose) -> list[Source]:
    """The servers of files that a machine of one's own shows to the world."""
    return [
        file.at("services", name)
        for file in compose.files
        for name, service in file.section("services").items()
        if isinstance(service, dict)
        and _OF_NGINX.match(str(service.get("image")))
        and any(_PUBLIC.match(str(port)) for port in service.get("ports") or ())
    ]


LONG_LIVED = Signal(
    id="performance.static-cache-headers",
    pattern=(
        r"(?:^|[;{]\s{0,8})expires\s+(?:\+?[1-9]\d{0,8}[smhdwMy]?|max|modified)|add_header\s+cache-control.{1,40}(?:max-age=[1-9]|"
        r"immutable|public)|"
        r"Header\s+(?:always\s+)?(?:set|append|merge)\s+Cache-Control.{1,40}(?:max-age=[1-9]|immutable)|"
        r"ExpiresByType|"
        r"whitenoise\.(?:middleware|storage)|ManifestStaticFilesStorage|ConditionalGetMiddleware|ETagHeaderFilter|"
        r"(?:express\.static|serveStatic)\(.{1,120}maxAge:\s?(?!0)|public_file_server\.headers|"
        r"setCachePeriod\(\s?[1-9]|"
        r"SEND_FILE_MAX_AGE_DEFAULT\W{1,6}[1-9]|--cache-control.{1,20}max-age=[1-9]|"
        r"cachecontrol\.max-age[=:]\s?[1-9]|cache_control_for_(?:vsn|etag)_?\w{0,20}:\s?['\"].{0,40}max-age=[1-9]|"
        r"\bMapStaticAssets\(|^expires:\s?['\"]?[1-9]\d{0,8}[smhdwMy]?['\"]?$|"
        r"header\s.{0,60}Cache-Control.{1,20}max-age=[1-9]|Static\w{0,20}.{0,120}Cache-Control"
    ),
    roles=("source", "config", "infra", "other", "ci"),
)  # fmt: skip
PER_ANSWER = Signal(
    id="performance.answer-cache-headers",
    pattern=(
        r"cache-control.{1,40}max-age=[1-9]|CacheControl\.maxAge\(|@cache_control\(|fresh_when|\bstale\?\(|"
        r"^\s{0,40}expires_in\s+[\d:@]|\[ResponseCache|@(?:condition|etag)\("
    ),
)
EVERYWHERE = Signal(
    id="performance.headers-everywhere",
    pattern=r"['\"]?\bsource['\"]?:\s?['\"](?:/\(\.\*\)|/:path\*|/\*\*?|\*\*)['\"]",
    roles=("source", "config", "infra"),
)
"""Headers of all that is answered, pages and data included."""
IMMUTABLE = Signal(
    id="performance.immutable-header",
    pattern=r"['\"]?\bvalue['\"]?:\s?['\"`][^'\"`]{0,60}\bimmutable\b[^'\"`]{0,40}['\"`]",
    roles=("source", "config", "infra"),
)
SOME = Signal(
    id="performance.headers-of-some",
    pattern=r"['\"]?\bsource['\"]?:\s?['\"`]",
    roles=("source", "config", "infra"),
    kept=ALL,
)
SWITCHED_OFF = Signal(
    id="performance.cache-headers-off",
    pattern=(
        r"\.disable\(['\"]etag['\"]\)|\.set\(['\"]etag['\"],\s?false\)|(?:static|serveStatic)\(.{1,120}etag: false|"
        r"^etag off"
    ),
    roles=("source", "infra", "config"),
)


OF_PAGES = Signal(
    id="performance.headers-of-pages",
    pattern=r"index\.html|\.html\b|/api\b|/auth|/admin|/account|\bsw\.js|service-?worker|location\s+(?:=\s+)?/\s*\{|for\s*=\s*\"/\*?\"",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
"""What is asked for anew each time, and for good reasons."""
NEVER_KEPT = Signal(
    id="performance.files-never-kept",
    pattern=r"cache-control.{1,12}no-store",
    roles=("source", "config", "infra", "other"),
)
_OF_FILES = re.compile(r"(?:nginx\S*|default)\.conf$|\.conf$|netlify\.toml$|vercel\.json$|(?:^|/)_headers$|Caddyfile$")
"""Settings of what serves files."""


_NEXT_HEADERS = """module.exports = {
  async headers() {
    return [
      {
        source: '%s',
        headers: [
          { key: 'Cache-Control', value: 'public, max-age=31536000, immutable' },
        ],
      },
    ]
  },
}
"""
_VERCEL = """{
  "headers": [
    {
      "source": "%s",
      "headers": [
        { "key": "Cache-Control", "value": "public, max-age=31536000, immutable" }
      ]
    }
  ]
}
"""
_HEADERS_OF_ONE = 30
"""Lines that the headers of one pattern take at most."""


@check(
    "PRF-3.2.5",
    shows=BOTH,
    reads=[LONG_LIVED, PER_ANSWER, SWITCHED_OFF, EVERYWHERE, IMMUTABLE, SOME, NEVER_KEPT, OF_PAGES],
    clean=[
        Example(
            "nginx",
            {"nginx/nginx.conf": "location /assets/ {\n  expires 1y;\n  add_header Cache-Control immutable;\n}\n"},
        ),
        Example(
            "WhiteNoise", {"shop/settings.py": "MIDDLEWARE = [\n    'whitenoise.middleware.WhiteNoiseMiddleware',\n]\n"}
        ),
        Example(
            "Phoenix",
            {
                "lib/shop_web/endpoint.ex": 'defmodule ShopWeb.Endpoint do\n  plug Plug.Static, at: "/", from: :shop, '
                'cache_control_for_vsn_requests: "public, max-age=31536000, immutable"\nend\n'
            },
        ),
        Example("ASP.NET", {"Program.cs": "var app = builder.Build();\napp.MapStaticAssets();\n"}),
        Example("Express", {"src/app.js": "app.use(express.static('dist', { maxAge: '1y', immutable: true }))\n"}),
    ],
    flagged=[
        Example("pages are kept for a year, too", {"next.config.js": _NEXT_HEADERS % "/(.*)"}),
        Example("Vercel is told so", {"vercel.json": _VERCEL % "/(.*)"}),
        Example("ETags are switched off, and nothing stands in for them", {"src/app.js": "app.disable('etag')\n"}),
    ],
    silent=[
        Example(
            "fonts that nobody may keep",
            {
                "nginx/nginx.conf": "location /assets/ {\n  expires 1y;\n}\nlocation /fonts/ {\n"
                '  add_header Cache-Control "no-store";\n}\n'
            },
        ),
        Example("only files with names of their own", {"next.config.js": _NEXT_HEADERS % "/_next/static/(.*)"}),
        Example("one answer sets its own header", {"src/app.js": "res.set('Cache-Control', 'public, max-age=60')\n"}),
        Example(
            "only in development",
            {"config/environments/development.rb": "config.public_file_server.headers = { 'cache-control' => 'x' }\n"},
        ),
        Example("only the documentation", {"docs-site/nginx.conf": "location /assets/ {\n  expires 1y;\n}\n"}),
        Example(
            "ETags are switched off, and one answer sets a header",
            {"src/app.js": "app.disable('etag')\nres.set('Cache-Control', 'public, max-age=60')\n"},
        ),
        Example(
            "nothing may be kept", {"nginx/nginx.conf": "location /api/ {\n  add_header Cache-Control no-store;\n}\n"}
        ),
    ],
)
def browser_caching(
    code: Code,
    files: Files,
    pipelines: Pipelines,
    dockerfiles: Dockerfiles,
    kubernetes: Kubernetes,
    manifests: Manifests,
    markup: Markup,
) -> Iterator[Draft]:
    """Whatever serves static files sends headers that browsers can cache by."""
    answers, off = code[PER_ANSWER], for_browsers(code[SWITCHED_OFF], dockerfiles, manifests, markup)
    long_lived = for_browsers(code[LONG_LIVED], dockerfiles, manifests, markup)
    headers = [source_of(f) for f in files.named("_headers") if not f.is_set_aside and not ASIDE.search(f.path)]
    hosts = hosting(files, pipelines, dockerfiles, kubernetes)
    never = code[NEVER_KEPT].places.under(_OF_FILES.search)
    never = never.saying(lambda s: not code[OF_PAGES].within(s.path, max(s.line - 3, 1), s.line))
    frozen = [hit for place in code[EVERYWHERE].first for hit in _below(place, code)]
    if frozen:
        yield failed(
            "Every answer, pages and data included, may be kept for a year and is never asked for again",
            frozen[0],
            remedy="Send immutable for files with a fingerprint in their name alone.",
            confidence="medium",
        )
    elif (long_lived or hosts or headers) and (lost := together(never, off)):
        yield unsure("Some files are sent so that browsers can keep them, and here are some that are not", lost)
    elif long_lived:
        yield passed("Static files are sent with caching headers", long_lived, confidence="medium")
    elif hosts or headers:
        yield passed("The static host sends ETag and Cache-Control", *headers, *hosts, confidence="medium")
    elif off and not answers:
        yield failed(
            "ETags are switched off, and no Cache-Control header is set anywhere",
            off[0],
            off,
            remedy="Leave ETags on, and send Cache-Control for static files.",
            confidence="medium",
        )
    elif answers:
        yield unsure(
            each(answers.places).say(
                "{number:answer} {sets} caching headers of {its} own; whether static files carry them is open"
            )
        )


def _below(place: Source, code: Code) -> Iterator[Source]:
    """The headers below a pattern for everything, before the next pattern, that let nobody ask again."""
    others = (hit.line for hit in code[SOME].within(place.path, place.line + 1))
    end = min(next(others, place.line + _HEADERS_OF_ONE), place.line + _HEADERS_OF_ONE)
    yield from (hit for hit in code[IMMUTABLE].within(place.path, place.line, end))
