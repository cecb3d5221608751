"""Judges whether pages and answers are computed once for many visitors (section 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import (
    PASS,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Infrastructure,
    Manifests,
    Markup,
    Signal,
    Typed,
    check,
    each,
    passed,
    together,
    unsure,
    words,
)

from ._web import for_browsers, in_production

GENERATORS = words("packages/page-generators")
PAGE_CACHE = Signal(
    id="performance.page-cache",
    pattern=(
        r"^(?:proxy|fastcgi)_cache\s+(?!off)\w|UpdateCacheMiddleware|^caches_page|output: ['\"]export|"
        r"^sub vcl_backend_response"
    ),
    roles=("source", "config", "infra", "other"),
)  # fmt: skip


EACH_TIME = Signal(
    id="performance.page-each-time",
    pattern=r"\bprerender\s*=\s*false\b|\bdynamic\s*=\s*['\"]force-dynamic|\boutput:\s*['\"]server['\"]|"
    r"^(?:proxy|fastcgi)_cache\s+off\b|^(?:proxy|fastcgi)_cache_bypass\s+1",
    roles=("source", "config", "infra", "other"),
)
"""A page that is made anew for everybody beside others that are kept."""


@check(
    "PRF-3.2.7",
    shows=PASS,
    reads=[PAGE_CACHE, EACH_TIME],
    silent=[
        Example(
            "a page beside that is made for each visitor",
            {
                "package.json": '{"name": "site", "dependencies": {"astro": "^5.0.0"}}\n',
                "src/pages/prices.ts": "export const prerender = false\n",
            },
        ),
        Example(
            "a place that goes past the cache",
            {"nginx/nginx.conf": "location / {\n  proxy_cache pages;\n}\nlocation /visit {\n  proxy_cache off;\n}\n"},
        ),
    ],
    clean=[
        Example("a site generator", {"package.json": '{"name": "site", "dependencies": {"astro": "^5.0.0"}}\n'}),
        Example("a cache in the proxy", {"nginx/nginx.conf": "location / {\n  proxy_cache pages;\n}\n"}),
    ],
    flagged=[
        Example(
            "pages are rendered for each visitor",
            {"package.json": '{"name": "shop", "dependencies": {"react": "^19"}}\n'},
        ),
        Example(
            "only the documentation is generated",
            {"docs/package.json": '{"name": "d", "dependencies": {"astro": "^5"}}\n'},
        ),
    ],
)
def whole_pages(code: Code, manifests: Manifests, dockerfiles: Dockerfiles, markup: Markup) -> Iterator[Draft]:
    """Static pages are built ahead of time, or kept whole by a proxy or middleware."""
    generated = [m.at(d) for m, d in manifests.uses(GENERATORS) if in_production(m)]
    places = together(for_browsers(code[PAGE_CACHE], dockerfiles, manifests, markup), generated)
    if places and (anew := for_browsers(code[EACH_TIME], dockerfiles, manifests, markup)):
        yield unsure("Pages are generated or kept whole, and here is one that is not", anew, places)
    elif places:
        yield passed("Static pages are generated or kept whole", places, confidence="medium")


_GATEWAYS = Typed("resources/gateway-caches")
ANSWER_CACHE = Signal(
    id="performance.answer-cache",
    pattern=words("calls/answer-caches").pattern,
    roles=("source", "infra", "config", "other"),
)  # fmt: skip


PAST = Signal(
    id="performance.past-the-cache",
    pattern=r"^(?:proxy|fastcgi)_cache\s+off\b|^(?:proxy|fastcgi)_cache_bypass\s+1",
    roles=("config", "infra", "other"),
)


@check(
    "PRF-3.2.8",
    shows=PASS,
    reads=[ANSWER_CACHE, PAST],
    silent=[
        Example(
            "a place of the proxy that goes past its cache",
            {
                "nginx.conf": "location /v1/a {\n  proxy_cache api;\n  proxy_pass http://api;\n}\n"
                "location /v1/b {\n  proxy_cache off;\n  proxy_pass http://api;\n}\n"
            },
        )
    ],
    clean=[
        Example(
            "three endpoints are cached",
            {"api/views.py": "".join(f"@cache_page(60)\ndef list_{n}(request): ...\n\n\n" for n in "abc")},
        ),
        Example(
            "the gateway caches",
            {"infra/api.tf": 'resource "aws_api_gateway_stage" "v1" {\n  cache_cluster_enabled = true\n}\n'},
        ),
    ],
    flagged=[
        Example("one endpoint is cached", {"api/views.py": "@cache_page(60)\ndef top(request): ...\n"}),
        Example(
            "the gateway does not",
            {"infra/api.tf": 'resource "aws_api_gateway_stage" "v1" {\n  stage_name = "v1"\n}\n'},
        ),
    ],
)
def answers(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Answers to frequent reads come from a cache in the gateway, in the proxy, or around several endpoints."""
    gateways = [
        _GATEWAYS.place(b, "caches") for b in _GATEWAYS.among(infrastructure) if _GATEWAYS.says(b, "caches").value
    ]
    hits = code[ANSWER_CACHE]
    if gateways:
        yield passed("The API gateway answers from its cache", *gateways)
    elif hits and code[PAST]:
        yield unsure("Answers are cached, and some places of the proxy go past it", code[PAST].places, hits.places)
    elif hits.total >= 3 or any(s.text.startswith("proxy_cache") for s in hits.first):
        yield passed(each(hits.places).say("Answers are cached in {number:place}"), confidence="medium")
    elif hits:
        yield unsure(
            each(hits.places).say("{number:endpoint} {answers} from a cache; how often {it} {is} asked is open")
        )
