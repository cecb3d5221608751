"""Knows how programs, proxies and platforms send X-Frame-Options and X-Content-Type-Options, and how they lose them."""

from __future__ import annotations

import re
from typing import Final

from orchestrator import ALL, Code, Places, Signal, Source

from ._lines import CODE, production

_SENT: Final = ("source", "config", "infra", "other")
HEADERS_OFF = Signal(
    id="security.headers-off",
    pattern=r"X_FRAME_OPTIONS\s*=\s*[\"']ALLOW\w{0,20}|SECURE_CONTENT_TYPE_NOSNIFF\s*=\s*False|frameguard\s*:\s*false|"
    r"noSniff\s*:\s*false|x(?:Frame|ContentType)Options\s*:\s*false|frameOptions\(\)\s*\.\s*disable\(|"
    r"frameOptions\(\s*\w{1,20}\s*->\s*\w{1,20}\.disable|frameOptions\s*\{\s*(?:it\.)?disable|"
    r"\.headers\(\)\s*\.\s*disable\(|"
    r"\.headers\(\s*(?:\w{1,20}\s*->\s*\w{1,20}\.disable\(|(?:Abstract\w{1,20}|HeadersConfigurer)::disable)|"
    r"headers\s*\{\s*(?:it\.)?disable\(|"
    r"contentTypeOptions\(\s*\w{1,20}\s*->\s*\w{1,20}\.disable|\.defaultsDisabled\(|default_headers\.clear\b|"
    r"default_headers\s*=\s*(?:\{\s*\}|nil\b)|X-Frame-Options[\"']?[\s,:=]{1,5}[\"']?ALLOW(?:ALL|-FROM)\b",
    roles=(*CODE, "infra"),
)
FRAME = Signal(
    id="security.frame-options",
    pattern=r"X[-_]?Frame[-_]?Options[\"'\])]{0,3}[\s,:=>(]{1,6}(?:\w{1,20}::from_static\(|"
    r"value\s*[:=]\s*)?[\"']?(?:DENY|SAMEORIGIN)|XFrameOptionsMiddleware|"
    r"helmet\.frameguard\(|\.use\(\s*helmet\(|register\(\s*helmet|frame-ancestors(?!\s*[\"'`]?\s*\*)|"
    r"(?-i:\bTalisman\()|"
    r"SecureHeaders::|put_secure_browser_headers|frameOptions\(\s*\w{1,20}\s*->\s*\w{1,20}\.(?:deny|sameOrigin)\(|"
    r"frameOptions\(\)\s*\.\s*(?:deny|sameOrigin)\(|"
    r"frameOptions\s*\{\s*(?:it\.)?(?:deny\b|sameOrigin\b|mode)|frame_options\s*=\s*[\"']?(?:DENY|SAMEORIGIN)|"
    r"FrameOption:\s*(?:DENY|SAMEORIGIN)|"
    r"\bframeDeny[\"']?\s*[=:]\s*[\"']?true|customFrameOptionsValue|secureHeaders\(|\bclickjacking:|"
    r"frame_ancestors[\s:(]",
    roles=_SENT,
    kept=ALL,
)
SNIFF = Signal(
    id="security.nosniff",
    pattern=r"X[-_]?Content[-_]?Type[-_]?Options[\"'\])]{0,3}[\s,:=>(]{1,6}(?:\w{1,20}::from_static\(|"
    r"value\s*[:=]\s*)?[\"']?nosniff|security\.SecurityMiddleware|"
    r"helmet\.noSniff\(|\.use\(\s*helmet\(|register\(\s*helmet|(?-i:\bTalisman\()|SecureHeaders::|"
    r"put_secure_browser_headers|"
    r"\bcontentTypeNosniff[\"']?\s*[=:]\s*[\"']?true|content_type_options\s*\{|ContentTypeOptions:\s*\{\s*Override|"
    r"secureHeaders\(|"
    r"content_type:\s*\{\s*nosniff:\s*true|\bnosniff:\s*true",
    roles=_SENT,
    kept=ALL,
)
SPRING_CHAIN = Signal(
    id="security.spring-filter-chain",
    pattern=r"\bSecurity(?:Web)?FilterChain\s+\w{1,60}\(|"
    r"\bfun\s+\w{1,60}\(.{0,200}\)\s*:\s*Security(?:Web)?FilterChain\b|@EnableWeb(?:Flux)?Security\b",
    languages=("java", "kotlin"),
    kept=ALL,
)
"""Spring Security sends both headers, and HSTS, unless it is told not to."""
RAILS = Signal(
    id="security.rails-defaults",
    pattern=r"config\.load_defaults\s+[\"']?\d|Rails\.application\.(?:routes\.draw|configure)\b",
    languages=("ruby",),
)
RAILS_OWN = Signal(
    id="security.rails-own-headers",
    pattern=r"default_headers\s*=|default_headers\.(?:delete|except|clear)|headers\.delete\W{1,3}X-Frame",
    languages=("ruby",),
)
FOR_ALL = Signal(
    id="security.headers-for-all",
    pattern=r"middleware|after_request|\.use\(|\bnext\(|ServeHTTP|call_next|process_response|OnStarting|doFilter|"
    r"addHeaderWriter|put_secure_browser_headers|after_action|before_action|onSend|HandlerInterceptor|WebFilter|"
    r"\.headers\(|async headers|afterwares|default_headers|\binstall\(\s*DefaultHeaders|SetResponseHeaderLayer|"
    r"DefaultHeaders::new|"
    r"\.layer\(|onBeforeResponse|preHandler|app\.after\b|add_header\b|ResponseHeadersPolicy|response_headers_policy",
    kept=ALL,
)
"""What a file says that does something to every response; elsewhere a header is one answer's own."""
HELMET = Signal(
    id="security.helmet-import",
    pattern=r"require\(\s*[\"']@?(?:fastify/)?helmet|from\s+[\"']@?(?:fastify/)?helmet|"
    r"import\(\s*[\"']@?(?:fastify/)?helmet",
    languages=("javascript", "typescript"),
)
NGINX_LOCATION = Signal(
    id="security.nginx-location", pattern=r"(?:^|[;{]\s{0,8})(?:location|server)\s", roles=_SENT, kept=ALL
)
NGINX_HEADER = Signal(
    id="security.nginx-add-header",
    pattern=r"(?:^|[;{]\s{0,8})add_header\s+[\w-]+|(?:^|[;{]\s{0,8})include\s\S{0,60}headers?\b",
    roles=_SENT,
    kept=ALL,
)
READS = (
    *(HEADERS_OFF, FRAME, SNIFF, SPRING_CHAIN, HELMET, RAILS, RAILS_OWN, FOR_ALL),
    *(NGINX_LOCATION, NGINX_HEADER),
)


def lost(code: Code, sent: Places) -> Source | None:
    """The first ``location`` of nginx that adds a header of its own, by which it loses those that its server adds."""
    for path in sorted({place.path for place in sent if place.text.startswith("add_header")}):
        starts = list(code[NGINX_LOCATION].within(path))
        for number, start in enumerate(starts):
            if not start.text.startswith("location"):
                continue
            end = starts[number + 1].line - 1 if number + 1 < len(starts) else 1_000_000
            own = code[NGINX_HEADER].within(path, start.line, end)
            kept = any(place.path == path and start.line <= place.line <= end for place in sent)
            if own and not kept and not any(place.text.startswith("include") for place in own):
                return own[0]
    return None


def spring(code: Code) -> Places:
    """Where Spring Security's filters are set up, that send the headers by themselves."""
    return production(code[SPRING_CHAIN])


def of_one(found: Places, code: Code) -> Source | None:
    """Where a header is set for one answer, as far as its file tells, if it is set nowhere for all of them."""
    everywhere = code[FOR_ALL].places.files
    shared = [s for s in found if not _PROGRAM.search(s.path) or s.path in everywhere or not _SETS.search(s.text)]
    return None if shared else found[0]


_PROGRAM = re.compile(r"\.(?:py|rb|php|go|rs|java|kt|scala|cs|exs?|[cm]?[jt]sx?)$")
_SETS = re.compile(
    r"X[-_]?(?:Frame|Content[-_]?Type)[-_]?Options[\"'\])]{0,3}\s*(?:,|:=?|=)|frame-ancestors", re.IGNORECASE
)
