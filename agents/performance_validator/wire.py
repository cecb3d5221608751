"""Judges how bytes travel: compressed, and over HTTP/2 or later (section 3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Block,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Infrastructure,
    Kubernetes,
    Manifests,
    Markup,
    Pipelines,
    Routes,
    Signal,
    Source,
    Typed,
    as_flag,
    check,
    each,
    failed,
    passed,
    together,
    unsure,
    words,
)

from ._web import for_browsers, hosting
from .delivery import NETWORKS, ROUTES

COMPRESSES = Signal(
    id="performance.compression",
    pattern=words("calls/compression").pattern,
    roles=("source", "config", "infra", "other"),
)  # fmt: skip
_SETTING = re.compile(r"^compress(?:ion)?:", re.IGNORECASE)
"""A bare setting: the same word is an option of minifiers, queues and backups."""
_ITS_FILE = re.compile(r"(?:^|/)(?:next\.config\.[cm]?[jt]s|(?:application|bootstrap)[\w-]{0,40}\.ya?ml)$")
"""Where that setting is the one of a web server: Next.js and Spring Boot."""
HTML_ONLY = Signal(
    id="performance.gzip-without-types",
    pattern=r"(?:^|[;{]\s{0,8})gzip\s+on\s?;",
    roles=("config", "infra", "other"),
)
OFF = Signal(
    id="performance.compression-off",
    pattern=r"(?:^|[;{]\s{0,8})gzip\s+off\s?;|server\.compression\.enabled\s?[=:]\s?false|use-gzip['\"]?:\s?['\"]?false",
    roles=("config", "infra", "other"),
)

CADDY_SERVES = Signal(
    id="performance.caddy-serves",
    words=("file_server", "reverse_proxy", "php_fastcgi", "respond", "redir", "handle", "encode", "import", "proxy"),
    roles=("infra",),
)


def _distribution(*lines: str, http: str = "") -> dict[str, str]:
    body = "".join(f"    {line}\n" for line in lines)
    origin = (
        '  origin {\n    domain_name = "shop-assets.s3.eu-central-1.amazonaws.com"\n    origin_id = "assets"\n  }\n'
    )
    return {
        "infra/cdn.tf": 'resource "aws_cloudfront_distribution" "site" {\n  enabled = true\n'
        f'{http}{origin}  default_cache_behavior {{\n    target_origin_id = "assets"\n{body}  }}\n}}\n'
    }


THRUSTER = Signal(
    id="performance.thruster",
    pattern=r"^(?:CMD|ENTRYPOINT)\b.{0,60}\bthrust\b",
    roles=("infra", "source", "other", "config"),
)
"""A proxy in front of Rails that compresses what it sends."""


def _zone(name: str, value: str) -> dict[str, str]:
    return {
        "infra/zone.tf": 'resource "cloudflare_zone_setting" "main" {\n  zone_id    = var.zone\n'
        f'  setting_id = "{name}"\n  value      = "{value}"\n}}\n'
    }


@check(
    "PRF-3.4.3",
    shows=BOTH,
    reads=[COMPRESSES, HTML_ONLY, OFF, THRUSTER],
    clean=[
        Example("a zone of Cloudflare", _zone("brotli", "on")),
        Example(
            "Thruster in front of Rails",
            {"Dockerfile": 'FROM ruby:3.4\nCMD ["./bin/thrust", "./bin/rails", "server"]\n'},
        ),
        Example(
            "Front Door",
            {
                "infra/door.bicep": "resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-09-01' = {\n"
                "  name: 'all'\n  properties: {\n    cacheConfiguration: {\n"
                "      compressionSettings: { isCompressionEnabled: true }\n    }\n  }\n}\n"
            },
        ),
        Example(
            "nginx", {"nginx/nginx.conf": "http {\n  gzip on;\n  gzip_types text/css application/javascript;\n}\n"}
        ),
        Example(
            "nginx, all on one line",
            {"deploy/nginx.conf": "http {\n  gzip on; gzip_comp_level 5; gzip_types text/css application/json;\n}\n"},
        ),
        Example("Express", {"src/app.js": "app.use(compression());\n"}),
        Example("CloudFront", _distribution("compress = true")),
    ],
    flagged=[
        Example("nginx compresses HTML alone", {"nginx/nginx.conf": "http {\n  gzip on;\n}\n"}),
        Example("switched off", {"nginx/nginx.conf": "http {\n  gzip off;\n}\n"}),
        Example("CloudFront in front of a bucket, which cannot compress", _distribution()),
    ],
    silent=[
        Example(
            "CloudFront in front of a bucket of pictures",
            {"infra/cdn.tf": _distribution()["infra/cdn.tf"].replace("shop-assets", "shop-photos")},
        ),
        Example("CloudFront in front of a bucket, by a variable", _distribution("compress = var.small")),
        Example(
            "a route before the middleware",
            {"src/app.js": "const app = express()\napp.get('/export', all)\napp.use(compression())\n"},
        ),
        Example("a zone that is told not to", _zone("brotli", "off")),
        Example(
            "a minifier that squeezes names, and nobody who compresses",
            {
                "webpack.mix.js": "mix.options({\n  terser: {\n    terserOptions: {\n      compress: true,\n"
                "    },\n  },\n});\n"
            },
        ),
        Example(
            "a queue that keeps its messages compressed",
            {"config/queue.yml": "queue:\n  compression: {codec: zstd, enabled: true}\n"},
        ),
        Example("someone else may do it", {"nginx/nginx.conf": "http {\n  listen 80;\n}\n"}),
    ],
)
def compression(
    code: Code,
    infrastructure: Infrastructure,
    files: Files,
    pipelines: Pipelines,
    dockerfiles: Dockerfiles,
    kubernetes: Kubernetes,
    manifests: Manifests,
    markup: Markup,
    routes: Routes,
) -> Iterator[Draft]:
    """The proxy, the application or the CDN compresses scripts, styles and JSON."""
    behaviours = [b for block in NETWORKS.among(infrastructure, "network") for b in _behaviours(block)]
    told = [block for block in NETWORKS.among(infrastructure, "network") if _OPEN.search(str(block.body))]
    buckets = [place for place, compressed, bucket in behaviours if bucket and compressed is not True]
    on = [place for place, compressed, _ in behaviours if compressed is True]
    on += [*_of_azure(infrastructure), *_zone_settings(infrastructure, "brotli")]
    on += code[THRUSTER].first[:1]
    hits = for_browsers(code[COMPRESSES], dockerfiles, manifests, markup)
    off, html_only = (for_browsers(code[s], dockerfiles, manifests, markup) for s in (OFF, HTML_ONLY))
    hits = hits.saying(lambda hit: not ("gzip_types" in hit.text and hit.path in off.files))
    hits = hits.saying(lambda hit: not _SETTING.search(hit.text) or bool(_ITS_FILE.search(hit.path)))
    hosts = hosting(files, pipelines, dockerfiles, kubernetes)
    if buckets and told:
        yield unsure("Whether CloudFront compresses is a variable without a value here", *(b.at() for b in told))
    elif buckets:
        yield failed(
            each(buckets).say("{number:CloudFront behaviour in front of a bucket} {sends} files uncompressed"),
            remedy="Set compress = true on the cache behaviour.",
        )
    elif not on and (before := routes.above(hits)):
        yield unsure(f"{before[0].path} is answered before the middleware that compresses", before[0].source, hits)
    elif hits or on:
        yield passed("Text is compressed on its way", hits, *on, confidence="medium")
    elif hosts:
        yield passed("The static host compresses text", *hosts, confidence="medium")
    elif off:
        yield failed("Compression is switched off, and nothing else in this repository compresses", off[0], off)
    elif html_only:
        yield failed(
            "Gzip is on without gzip_types, so nginx compresses HTML alone",
            html_only[0],
            html_only,
            remedy="Add gzip_types for CSS, JavaScript, JSON and SVG.",
            confidence="medium",
        )


_OPEN = re.compile(r"'compress': '(?:var|local|data)\.")


def _speaks(tls: Source, code: Code) -> bool:
    """Whether the site of nginx that ends TLS at *tls* speaks HTTP/2, by itself or as all of its file do."""
    starts = [place.line for place in code[SERVER].within(tls.path)]
    first = max((line for line in starts if line <= tls.line), default=1)
    end = min((line for line in starts if line > tls.line), default=MAX_LINES)
    spoken = [place.line for place in code[HTTP2].within(tls.path)]
    return any(first <= line < end or line < min(starts, default=MAX_LINES) for line in spoken)


MAX_LINES = 1_000_000


def _of_azure(infrastructure: Infrastructure) -> Iterator[Source]:
    """The routes of Front Door that compress."""
    for block in ROUTES.among(infrastructure):
        if as_flag(ROUTES.value(block, "compressed")) is True:
            yield ROUTES.place(block, "compressed")


def _zone_settings(infrastructure: Infrastructure, *names: str) -> Iterator[Source]:
    """The settings of a zone of Cloudflare that are switched on."""
    for block in infrastructure.of("cloudflare_zone_setting", "cloudflare_zone_settings_override"):
        if block.get("setting_id") in names and block.get("value") == "on":
            yield block.at("value")
        settings = block.nested("settings")
        if any(one.get(name) == "on" for one in settings for name in names):
            yield block.at()


def _behaviours(block: Block) -> Iterator[tuple[Source, object, bool]]:
    """Each cache behaviour: its place, what it says of compression, and whether its origin is a bucket."""
    origins = {str(NETWORKS.within(block, o, "origin")): o for o in NETWORKS.parts(block, "origins")}
    for name in ("behaviour", "others"):
        for number, behaviour in enumerate(NETWORKS.parts(block, name)):
            origin = origins.get(str(NETWORKS.within(block, behaviour, "to")), {})
            domain = str(NETWORKS.within(block, origin, "domain") or "")
            bucket = NETWORKS.within(block, origin, "bucket") is not None or bool(_A_BUCKET.search(domain))
            bucket = bucket and not _OF_MEDIA.search(f"{domain} {NETWORKS.within(block, origin, 'origin')}")
            place = block.at(*NETWORKS.at(block, name), number)
            yield place, as_flag(NETWORKS.within(block, behaviour, "compress")), bucket


_OF_MEDIA = re.compile(r"photo|image|picture|media|audio|video|record|upload|scan|thumb|avatar|document", re.IGNORECASE)
"""Buckets of what is packed already."""
_A_BUCKET = re.compile(rf"s3[.-]|{words('estate/buckets').of('').pattern}")
_BALANCERS = Typed("resources/balancers")


TLS = Signal(
    id="performance.tls-listener",
    pattern=r"(?:^|[;{]\s{0,8})listen\s.{0,60}\bssl\b",
    roles=("config", "infra", "other"),
)
HTTP2 = Signal(
    id="performance.http2",
    pattern=(
        r"(?:^|[;{]\s{0,8})listen\s.{0,60}\b(?:http2|quic)\b|(?:^|[;{]\s{0,8})http[23]\s+on\s?;|server\.http2\.enabled\s?[=:]\s?true|"
        r"^Protocols\s.{0,20}\bh2\b|"
        r"use-http2['\"]?:\s?['\"]?true"
    ),
    roles=("source", "config", "infra", "other"),
)
H1_ONLY = Signal(id="performance.http1-only", pattern=r"^protocols\s+h1\s*$", roles=("config", "infra", "other"))
SERVER = Signal(
    id="performance.server-block",
    pattern=r"(?:^|[;}]\s{0,8})server\s*\{",
    roles=("config", "infra", "other"),
    kept=ALL,
)
"""Where one site of nginx begins."""
_NGINX = "server {{\n  listen 443 ssl{http2};\n  location / {{ try_files $uri /index.html; }}\n}}\n"


@check(
    "PRF-3.4.8",
    shows=BOTH,
    reads=[TLS, HTTP2, CADDY_SERVES, H1_ONLY, SERVER],
    clean=[
        Example("nginx", {"nginx/shop.conf": _NGINX.format(http2=" http2")}),
        Example(
            "nginx, all on one line",
            {"nginx/shop.conf": "server { listen 443 ssl; http2 on; server_name shop.example; }\n"},
        ),
        Example("CloudFront speaks it by default", _distribution("compress = true")),
        Example("a zone of Cloudflare", _zone("http3", "on")),
        Example("Caddy speaks it by itself", {"Caddyfile": "shop.example {\n  file_server\n}\n"}),
    ],
    flagged=[
        Example("nginx ends TLS without it", {"nginx/shop.conf": _NGINX.format(http2="")}),
        Example("CloudFront is told not to", _distribution(http='  http_version = "http1.1"\n')),
    ],
    silent=[
        Example("CloudFront is told by a variable", _distribution(http="  http_version = var.version\n")),
        Example(
            "one of two sites of nginx",
            {"nginx/shop.conf": _NGINX.format(http2=" http2") + _NGINX.format(http2="")},
        ),
        Example(
            "Caddy is told not to",
            {"Caddyfile": "{\n  servers {\n    protocols h1\n  }\n}\n\nshop.example {\n  file_server\n}\n"},
        ),
        Example("a snippet that no site of Caddy imports", {"Caddyfile": "(shop) {\n  file_server\n}\n"}),
        Example("TLS ends elsewhere", {"nginx/shop.conf": "server {\n  listen 8080;\n}\n"}),
        Example("nginx behind a CDN", {"nginx/shop.conf": _NGINX.format(http2=""), **_distribution("compress = true")}),
    ],
)
def protocol(
    code: Code,
    infrastructure: Infrastructure,
    files: Files,
    pipelines: Pipelines,
    dockerfiles: Dockerfiles,
    kubernetes: Kubernetes,
    manifests: Manifests,
    markup: Markup,
) -> Iterator[Draft]:
    """Whatever ends TLS offers HTTP/2 or HTTP/3."""
    fronts = [b for b in NETWORKS.among(infrastructure, "network") if NETWORKS.at(b, "http2")]
    spoken_by = [NETWORKS.says(b, "http2") for b in fronts]
    spoken_by += [_BALANCERS.says(b, "http2") for b in _BALANCERS.among(infrastructure)]
    old = [said.at for said in spoken_by if said.value is False]
    serving = code[CADDY_SERVES].places.files
    caddy = [Source(path=f.path) for f in files.named("Caddyfile") if f.role == "infra" and f.path in serving]
    hosts = hosting(files, pipelines, dockerfiles, kubernetes)
    spoken, tls = (for_browsers(code[s], dockerfiles, manifests, markup) for s in (HTTP2, TLS))
    plain = tls.under(lambda path: path not in code[HTTP2].places.files)
    mixed = [place for place in tls if place.path in code[HTTP2].places.files and not _speaks(place, code)]
    told_not = code[H1_ONLY].places
    unknown = [said for said in spoken_by if said.value is None]
    zones = list(_zone_settings(infrastructure, "http2", "http3"))
    good = together(spoken, [b.at() for b in fronts], caddy, hosts, zones)
    if old:
        yield failed(each(old).say("HTTP/2 is switched off in {number:place}"))
    elif told_not:
        yield unsure("Caddy is told to speak HTTP/1.1 alone", told_not)
    elif unknown and not (spoken or caddy or hosts or zones):
        yield unsure(f"Which HTTP is spoken cannot be told: {unknown[0].because}", unknown[0].at)
    elif good and (beside := together(mixed, plain)):
        yield unsure("One front speaks HTTP/2, and nginx beside it does not", beside, good)
    elif good:
        yield passed("The front speaks HTTP/2 or later", good, confidence="medium")
    elif plain:
        yield failed(
            f"{plain[0].path} ends TLS without HTTP/2",
            plain[0],
            plain,
            remedy="Add `http2 on;` beside the listener.",
            confidence="medium",
        )
