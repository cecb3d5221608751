"""Judges whether pages can be made to run scripts or to send requests (2.3.6, 2.3.7)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from orchestrator import (
    ALL,
    BOTH,
    Code,
    Draft,
    Example,
    Places,
    Route,
    Routes,
    Services,
    Signal,
    Source,
    check,
    each,
    examined,
    many,
    passed,
    together,
    unsure,
)

from ._apart import apart
from ._lines import CODE, broken, production
from .injection import INPUT
from .sessions import DJANGO_SESSIONS, EXPRESS_SESSION

ESCAPING_OFF = Signal(
    id="security.escaping-off",
    pattern=r"autoescape\s*[:=]\s*(?:false|False)\b|\{%\s*autoescape\s+(?:off|false)|autoescape_disable|"
    r"escapeMarkup\s*:\s*false",
    roles=CODE,
)
RAW_MARKUP = Signal(
    id="security.raw-markup-input",
    pattern=rf"(?:mark_safe|Markup)\(.{{0,80}}{INPUT}|innerHTML\s*[+]?=.{{0,80}}(?:location\.(?:hash|search|"
    rf"href)|document\.URL|{INPUT})|document\.write(?:ln)?\(.{{0,80}}location\b|"
    rf"bypassSecurityTrust\w{{1,20}}\(\s*(?:\w{{0,20}}\.)?\w{{0,20}}(?:query|param|search|comment|"
    rf"feedback|description|content|message|email|input)\w{{0,20}}|(?:\braw[ (]|\bhtml_safe\b).{{0,40}}\bparams\[|"
    rf"params\[.{{0,40}}html_safe|res\.send\(\s*(?:`[^`]{{0,100}}\$\{{|[\"']<.{{0,100}}\+\s*){INPUT}",
)
RAW_SINK = Signal(
    id="security.raw-markup",
    pattern=r"dangerouslySetInnerHTML|v-html=|\|\s*safe\b|mark_safe\(|\.innerHTML\s*[+]?=\s*(?![\"'`]{2})|"
    r"bypassSecurityTrust|\.html_safe|\{!!\s.{0,200}!!\}|@Html\.Raw\(|<%==\s{0,3}\S|<%=\s{0,3}raw[ (]|\|\s*raw\b|"
    r"<%-(?!\s{0,3}(?:include|body|contentFor|partial)\b)\s{0,3}\w|"
    r"\{@html\b|th:utext=|"
    r"\[innerHTML\]=|template\.HTML\(|(?<![\w.])Markup\(|\{\{\{\s{0,3}\w|@\(new HtmlString\(|insertAdjacentHTML\(|"
    r"PreEscaped\(|unsafe \{ raw\(|\bunsafe\s*\{\s*\+",
    roles=("source", "other"),
)
POLICY = Signal(
    id="security.csp",
    pattern=r"Content-Security-Policy(?!-Report-Only)[\"']?\s{0,3}[,:= ]\s{0,3}.{0,20}(?:default|script)-src|"
    r"contentSecurityPolicy\s*[:(]|CONTENT_SECURITY_POLICY\s*=|"
    r"CSP_(?:DEFAULT|SCRIPT)_SRC\s*=|config\.content_security_policy\s+do",
    roles=("source", "config", "infra"),
    kept=ALL,
)
_FIELD = re.compile(r"^[\"']?contentSecurityPolicy[\"']?\s*:\s*[|>]?-?\s*$")
"""A field of that name in a schema or a chart, without a policy beside it; in code its policy follows."""
UNSAFE_INLINE = Signal(
    id="security.csp-unsafe",
    words=("unsafe-inline", "unsafe-eval", "unsafe_inline", "unsafe_eval"),
    roles=("source", "config", "infra"),
)


@check(
    "SEC-2.3.6",
    shows=BOTH,
    reads=[ESCAPING_OFF, RAW_MARKUP, RAW_SINK, POLICY, UNSAFE_INLINE],
    clean=[
        Example(
            "a strict policy and no raw markup",
            {"settings.py": "CSP_DEFAULT_SRC = (\"'self'\",)\n", "t/a.html": "<p>{{ name }}</p>\n"},
        )
    ],
    flagged=[
        Example("escaping switched off", {"server.js": "swig.setDefaults({ autoescape: false })\n"}),
        Example(
            "what was searched for becomes markup",
            {"s.ts": "this.v = this.sanitizer.bypassSecurityTrustHtml(queryParam)\n"},
        ),
    ],
    silent=[
        Example(
            "raw markup that may be clean",
            {"settings.py": "CSP_DEFAULT_SRC = (\"'self'\",)\n", "t/a.html": "<p>{{ body|safe }}</p>\n"},
        ),
        Example(
            "raw markup of Rails",
            {
                "config/initializers/csp.rb": "Rails.application.config.content_security_policy do |p|\nend\n",
                "app/views/a.html.erb": "<p><%= raw @a.about %></p>\n",
            },
        ),
        Example(
            "raw markup of EJS",
            {
                "server.js": "app.use(helmet({ contentSecurityPolicy: { directives: {} } }))\n",
                "views/book.ejs": "<p><%- entry.body %></p>\n",
            },
        ),
        Example(
            "raw markup of Twig",
            {"settings.py": "CSP_DEFAULT_SRC = (\"'self'\",)\n", "templates/a.html.twig": "<p>{{ about|raw }}</p>\n"},
        ),
    ],
)
def output_is_encoded(code: Code) -> Iterator[Draft]:
    """Templates escape, input is not turned into markup, and a Content-Security-Policy is sent."""
    off, raw, sinks = production(code[ESCAPING_OFF]), production(code[RAW_MARKUP]), production(code[RAW_SINK])
    if off:
        yield broken("Templates do not escape what they show: autoescape is off", off, medium=True)
    if raw:
        yield broken("What users send is shown as markup", raw, medium=True)
    policy = production(code[POLICY]).saying(lambda s: not _FIELD.search(s.text))
    unsafe = production(code[UNSAFE_INLINE])
    if off or raw or not policy:
        return
    if sinks:
        yield unsure(each(sinks).say("{number:place} {shows} raw markup; whether it was sanitised cannot be told"))
    elif all(re.search(r"environ|getenv|\benv\b|config\(", s.text) for s in policy):
        yield unsure("Whether a Content-Security-Policy is sent depends on how the service is started", policy)
    elif unsafe:
        yield unsure("The Content-Security-Policy allows unsafe-inline or unsafe-eval", unsafe)
    else:
        yield passed(
            "A Content-Security-Policy is sent and no template shows raw markup",
            policy,
            examined(code.files(), "source files"),
        )


CSRF_OFF = Signal(
    id="security.csrf-off",
    pattern=r"\.remove\(\s*[\"']django\.middleware\.csrf|csrf\(\)\s*\.\s*disable\(|"
    r"csrf\(\s*(?:\w{1,20}\s*->\s*\w{1,20}\.disable\(|"
    r"AbstractHttpConfigurer::disable|CsrfConfigurer::disable)|csrf\s*\{\s*(?:it\.)?disable\(|"
    r"WTF_CSRF_ENABLED[\"'\]]{0,2}\s*=\s*False",
)
CSRF_SKIPPED = Signal(
    id="security.csrf-skipped",
    pattern=r"skip_(?:before_action|forgery_protection).{0,20}verify_authenticity_token|"
    r"^skip_forgery_protection|protect_from_forgery\s+with:\s*:null_session",
    languages=("ruby",),
    kept=ALL,
)
"""For the controllers that inherit it: of webhooks and programs, which have no session to ride on, if it is not all."""
CSRF_EXEMPT = Signal(
    id="security.csrf-exempt",
    pattern=r"@csrf_exempt|=\s*csrf_exempt\(|csrf\.exempt",
    languages=("python",),
)
CSRF_IGNORED = Signal(
    id="security.csrf-ignored",
    pattern=r"\[IgnoreAntiforgeryToken|IgnoreAntiforgeryTokenAttribute\(|\.DisableAntiforgery\(|"
    r"csrf[^;\n]{0,80}ignoringRequestMatchers\(|"
    r"ignoringAntMatchers\(|validateCsrfTokens\(\s*except\s*:|\$except\s*=\s*\[\s*[\"']|"
    r"csrf\s*:\s*\{[^}]{0,80}ignore(?:Paths|Methods)|"
    r"csrf_protection:\s*false|csrf_protection[\"']?\s*=>\s*false",
)
"""Some of what changes something is left out of the protection."""
CSRF_ON_DEMAND = Signal(
    id="security.csrf-on-demand",
    pattern=r"WTF_CSRF_CHECK_DEFAULT[\"'\]]{0,2}\s*=\s*False",
)
CSRF_ON = Signal(
    id="security.csrf-on",
    pattern=r"middleware\.csrf\.CsrfViewMiddleware|CSRFProtect\(|require\(\s*[\"'](?:csurf|csrf-csrf|lusca|"
    r"tiny-csrf)|from\s+[\"'](?:csurf|csrf-csrf|lusca)|^\s*protect_from_forgery(?!\s+with:\s*:null)|"
    r"ValidateAntiForgeryToken|csrf-sync|csrf\(\s*Customizer\.withDefaults|\.formLogin\(|"
    r"\bplug\s*\(?\s*:protect_from_forgery|(?<!\w)@csrf\b|\bcsrf_protection:\s*(?:true\b|~|\{\s*enabled:\s*true)|"
    r"\benable_csrf:\s*true|IsCsrfTokenValid\(|isCsrfTokenValid\(|nosurf\.New\(|csrf\.Protect\(|"
    r"NewCrossOriginProtection\(|csrfProtection\b(?!\.)|CsrfLayer::|UseAntiforgery\(",
    roles=CODE,
)
CSRF_APPLIED = Signal(
    id="security.csrf-applied",
    pattern=r"\.use\(.{0,120}(?:csrf|csurf|lusca)|addHook\(.{0,80}csrf",
    languages=("javascript", "typescript"),
)
"""Where a library of Node is put before all that follows."""
STATELESS = Signal(
    id="security.stateless",
    pattern=r"SessionCreationPolicy\.STATELESS",
    languages=("java", "kotlin"),
)
SAME_SITE = Signal(
    id="security.same-site",
    pattern=r"same_?site[\"']?\s*[:=]\s*[\"']?(?:lax|strict|true)",
    roles=CODE,
)
BY_SESSION = Signal(
    id="security.handles-session",
    pattern=r"\brequest\.user\b|login_required|\brequest\.session\b|\bsession(?:\.fetch\(|\[)|\bcurrent_(?:user|"
    r"member|account|admin)\b|before_action\s+:(?:require|authenticate)|"
    r"\[Authorize\b|\bUser\.Identity\b|Current\.(?:user|session)|\bauth\(\)->user",
    kept=ALL,
)
"""A handler that knows its caller by the session, which a forged request brings along."""
SESSION_READ = Signal(
    id="security.session-read",
    pattern=r"\bsession(?:\.fetch\(|\[)|Current\.session",
    languages=("ruby",),
    kept=ALL,
)
BY_TOKEN = Signal(
    id="security.known-by-token",
    pattern=r"bearer|api_?-?key|api_?token|authenticate_with_http|authenticate_or_request_with_http|access_?token|"
    r"signature|hmac|webhook",
    kept=ALL,
)
"""A handler that knows its caller by something that no browser sends along."""
FUNCTION = Signal(
    id="security.python-function",
    pattern=r"^(?:async\s+)?def\s+\w",
    languages=("python",),
    kept=ALL,
)
SAME_NONE = Signal(
    id="security.same-site-none", pattern=r"(?:same_?[sS]ite|SameSite)[\"']?\s*[:=]\s*[\"']?[nN]one\b", roles=CODE
)


def _of_another_middleware(place: Source) -> bool:
    """Whether it is what some other middleware of Laravel leaves out: each has a list of that name."""
    return "$except" in place.text and "csrf" not in place.path.rpartition("/")[2].lower()


_OF_PROGRAMS = re.compile(
    r"hook|callback|notif|stripe|paypal|ipn|/api|^api|actuator|h2-console|csp|metrics|health|graphql|token|oauth",
    re.IGNORECASE,
)
_PATHS = re.compile(r"[\"'](/?[\w*/{}.-]{1,120})[\"']")
COOKIE_LOGIN = Signal(
    id="security.login-by-cookie",
    pattern=r"\breq(?:uest)?\.cookies(?:\.|\[[\"'])(?:\w{0,20}token|session\w{0,10}|jwt|auth\w{0,10})\b",
    languages=("javascript", "typescript"),
)
ACTIONS = Signal(
    id="security.csharp-actions",
    pattern=r"\[Http(?:Post|Put|Delete|Patch)\b",
    languages=("csharp",),
)
EACH_ACTION = Signal(
    id="security.csharp-csrf-action",
    pattern=r"\[(?:Auto)?ValidateAntiForgeryToken|AutoValidateAntiforgeryTokenAttribute",
    languages=("csharp",),
)
_ACTION = "[HttpPost]\n%spublic IActionResult %s() => Ok();\n\n"
_SPRING = "http.csrf(csrf -> csrf.disable());\n"


_ROUTER = """const express = require('express')
const router = express.Router()
%srouter.post('/%s', (req, res) => res.end())
module.exports = router
"""


@check(
    "SEC-2.3.7",
    shows=BOTH,
    reads=[
        *(CSRF_OFF, CSRF_EXEMPT, CSRF_ON, CSRF_ON_DEMAND, STATELESS, SAME_SITE, DJANGO_SESSIONS, EXPRESS_SESSION),
        *(COOKIE_LOGIN, ACTIONS, EACH_ACTION, CSRF_SKIPPED, CSRF_IGNORED, BY_SESSION, SAME_NONE),
        *(SESSION_READ, BY_TOKEN, FUNCTION, CSRF_APPLIED),
    ],
    clean=[
        Example(
            "a library of Node before all routes",
            {"app.js": "const csurf = require('csurf')\napp.use(csurf({ cookie: true }))\napp.post('/buy', buy)\n"},
        ),
        Example(
            "a token for each route",
            {"app.ts": "app.post('/buy', { onRequest: app.csrfProtection }, async (req, res) => buy(req))\n"},
        ),
        Example(
            "Django's middleware",
            {"site/settings.py": "MIDDLEWARE = [\n    'django.middleware.csrf.CsrfViewMiddleware',\n]\n"},
        ),
        Example("a token for each action", {"Shop.cs": _ACTION % ("[ValidateAntiForgeryToken]\n", "Buy")}),
    ],
    flagged=[
        Example(
            "a controller of people that skips it",
            {
                "app/controllers/refunds_controller.rb": "class RefundsController < ApplicationController\n"
                "  skip_forgery_protection\n  def create\n    Refund.create!(by: session.fetch(:member_id))\n"
                "  end\nend\n"
            },
        ),
        Example(
            "a view of people that is exempt",
            {
                "site/settings.py": "MIDDLEWARE = [\n    'django.middleware.csrf.CsrfViewMiddleware',\n]\n",
                "people/views.py": "@csrf_exempt\n@login_required\ndef leave(request):\n    request.user.delete()\n",
            },
        ),
        Example("all of Laravel", {"bootstrap/app.php": "<?php\n$m->validateCsrfTokens(except: ['*']);\n"}),
        Example(
            "Express sessions that go along from everywhere",
            {
                "server.js": "const session = require('express-session')\n"
                "app.use(session({ cookie: { sameSite: 'none' } }))\n"
            },
        ),
        Example("switched off in Spring", {"src/main/java/Web.java": _SPRING}),
        Example(
            "sessions without the middleware",
            {"site/settings.py": "MIDDLEWARE = [\n    'django.contrib.sessions.middleware.SessionMiddleware',\n]\n"},
        ),
    ],
    silent=[
        Example(
            "a library of Node before one of two routers",
            {
                "admin.js": _ROUTER % ("router.use(require('csurf')({ cookie: true }))\n", "close"),
                "shop.js": _ROUTER % ("", "buy"),
                "app.js": "const express = require('express')\nconst app = express()\n"
                "app.use('/admin', require('./admin'))\napp.use('/shop', require('./shop'))\napp.listen(80)\n",
            },
        ),
        Example("Express sessions without tokens", {"server.js": "const session = require('express-session')\n"}),
        Example(
            "what Laravel does not trim",
            {
                "app/Http/Middleware/TrimStrings.php": "<?php\nclass TrimStrings extends Middleware\n{\n"
                "    protected $except = ['password', 'password_confirmation'];\n}\n"
            },
        ),
        Example("a cookie that logs in", {"profile.js": "const user = users.get(req.cookies.token)\n"}),
        Example(
            "a controller of webhooks",
            {
                "app/controllers/hooks_controller.rb": "class HooksController < ApplicationController\n"
                "  skip_before_action :verify_authenticity_token\nend\n",
                "app/controllers/application_controller.rb": "class ApplicationController < ActionController::Base\n"
                "  protect_from_forgery with: :exception\nend\n",
            },
        ),
        Example(
            "a settings file in a string",
            {"make.py": 'SAMPLE = """\nWTF_CSRF_ENABLED = False\n"""\nprint(SAMPLE)\n'},
        ),
        Example(
            "an action that ignores the token",
            {
                "Program.cs": "o.Filters.Add(new AutoValidateAntiforgeryTokenAttribute());\n",
                "Shop.cs": "[IgnoreAntiforgeryToken]\n" + _ACTION % ("", "Cancel"),
            },
        ),
        Example(
            "one action of two has no token",
            {"Shop.cs": _ACTION % ("[ValidateAntiForgeryToken]\n", "Buy") + _ACTION % ("", "Cancel")},
        ),
        Example(
            "no session to forge",
            {"src/main/java/Web.java": _SPRING + "s.sessionCreationPolicy(SessionCreationPolicy.STATELESS);\n"},
        ),
    ],
)
def requests_cannot_be_forged(code: Code, routes: Routes, services: Services) -> Iterator[Draft]:
    """CSRF protection is on where sessions are kept in cookies."""
    off = production(code[CSRF_OFF]).under(lambda path: not re.search(r"api|webhook", path, re.IGNORECASE))
    on = production(code[CSRF_ON])
    skipped = production(code[CSRF_SKIPPED])
    if off and not code[STATELESS]:
        yield broken("CSRF protection is switched off", off)
        return
    ridden = code[BY_SESSION].places.files
    riding = together(
        skipped.under(
            lambda path: path in ridden and path in code[SESSION_READ].paths and path not in code[BY_TOKEN].paths
        ),
        production(code[CSRF_EXEMPT]).saying(lambda s: _rides(s, code)),
        production(code[CSRF_IGNORED]).saying(lambda s: _leaves_open(s, ridden)),
    ).saying(lambda s: not _OF_PROGRAMS.search(s.path) and not _of_another_middleware(s))
    if riding:
        yield broken("CSRF protection is left out where callers are known by their session", riding, medium=True)
        return
    if skipped:
        text = "{number:controller} {does} without CSRF tokens; whether it is called with a session cannot be told"
        yield unsure(each(skipped).say(text))
        return
    if ignored := production(code[CSRF_IGNORED]):
        text = "{number:place} {leaves} requests out of the protection against CSRF; which cannot be told"
        yield unsure(each(ignored).say(text))
        return
    asked = production(code[EACH_ACTION])
    asked = Places() if any("auto" in s.text.lower() for s in asked) else asked
    asking, changing = code[EACH_ACTION].total, code[ACTIONS].total
    django, express = production(code[DJANGO_SESSIONS]), production(code[EXPRESS_SESSION])
    cookies = production(code[COOKIE_LOGIN])
    if django and not code[CSRF_ON]:
        yield broken("Django's CSRF middleware is missing beside its sessions", django)
    elif express and not code[CSRF_ON] and (anywhere := production(code[SAME_NONE])):
        yield broken(
            "Session cookies go along from everywhere (SameSite=None), and nothing asks for a CSRF token", anywhere
        )
    elif express and not code[CSRF_ON] and not code[SAME_SITE]:
        yield unsure("Sessions are kept in cookies, and nothing names CSRF tokens or SameSite", express)
    elif cookies and not code[CSRF_ON] and not code[SAME_SITE]:
        yield unsure("Callers are known by a cookie, and nothing names CSRF tokens or SameSite", cookies)
    elif on and (loose := apart([*django, *express, *cookies], [*on.files, *code[SAME_SITE].places.files], services)):
        yield unsure("CSRF protection is on; another application keeps its sessions in cookies without it", *loose)
    elif asked and changing > asking:
        yield unsure(f"{many(changing, 'action')} change something, of which {asking} ask for a CSRF token", asked)
    elif on and code[CSRF_ON_DEMAND]:
        yield unsure("CSRF is checked only where the application asks for it", production(code[CSRF_ON_DEMAND]))
    elif on and (open_ := _without_token(on, code, routes)):
        names = each(open_, name=lambda r: f"{r.method} {r.path}", at=lambda r: r.source)
        yield unsure(names.say("A library against CSRF is there, and {} {is} not seen to go through it"), on)
    elif on and not code[CSRF_EXEMPT]:
        yield passed("CSRF protection is on", on)
    elif on:
        yield unsure("Some views are exempt from CSRF protection", production(code[CSRF_EXEMPT]))


_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def _without_token(on: Places, code: Code, routes: Routes) -> list[Route]:
    """The routes of Node that change something, where its library is put before single ones and not before these."""
    if not any(_OF_NODE.search(place.path) for place in on):
        return []
    applied = code[CSRF_APPLIED].first
    changing = (
        r for r in routes.routes
        if r.method in _CHANGES and _OF_NODE.search(r.file)
        and not (_OF_PROGRAMS.search(r.path) or _STARTS.search(r.path))
    )  # fmt: skip
    return [
        r
        for r in changing
        if not (code[CSRF_ON].within(r.file, r.line, r.line + 1) or any(_covers(place, r) for place in applied))
    ]


def _covers(applied: Source, route: Route) -> bool:
    """Whether *route* goes through what is *applied*: to a whole application, or above it to a router of its file."""
    whole = _APPLICATION.match(applied.text)
    if whole is None:
        return applied.path == route.file and applied.line < route.line
    return not whole[1] or _ROOT.fullmatch(whole[1]) is not None or route.path.startswith(whole[1])


_APPLICATION = re.compile(
    r"(?:app|application|server|fastify|api|web)\.(?:use|addHook|register)\((?:\s?['\"](/[^'\"]*)['\"])?"
)
_ROOT = re.compile(r"/(?:api)?(?:/?v\d+)?/?\*?")


_STARTS = re.compile(
    r"(?:log|sign)-?(?:in|up|on)\b|(?:^|/)(?:sessions?|sesi[oó]n)/?$|(?:^|/)(?:forgot|reset|register)(?:[-_]?password)?/?$",
    re.IGNORECASE,
)
"""Routes that are called before there is a session to ride on."""
_OF_NODE = re.compile(r"\.[cm]?[jt]sx?$")


def _rides(place: Source, code: Code) -> bool:
    """Whether the view that is exempt at *place* knows its caller by the session, and by no token."""
    later = [at.line for at in code[FUNCTION].within(place.path, place.line, place.line + 80)]
    end = later[1] - 1 if len(later) > 1 else place.line + 30
    known, token = (bool(code[s].within(place.path, place.line - 3, end)) for s in (BY_SESSION, BY_TOKEN))
    return known and not token


def _leaves_open(place: Source, ridden: Container[str]) -> bool:
    """Whether what is left out of the protection at *place* is for people: by the paths it names, or by its file."""
    paths = _PATHS.findall(place.text) if re.search(r"ignoring|except", place.text, re.IGNORECASE) else []
    if paths:
        return any(not _OF_PROGRAMS.search(path) for path in paths)
    return place.path in ridden
