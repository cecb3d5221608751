"""Judges how sessions are kept in cookies (2.1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    PASS,
    Code,
    Draft,
    Example,
    Places,
    Signal,
    Source,
    check,
    each,
    examined,
    passed,
    unsure,
)

from ._lines import CODE, broken, production
from ._spans import DAY, seconds

FLAG_OFF = Signal(
    id="security.cookie-flag-off",
    pattern=r"^\s{0,40}SESSION_COOKIE_(?:SECURE|HTTPONLY)[\"'\]]{0,2}\s*=\s*False|"
    r"SESSION_COOKIE_SAMESITE[\"'\]]{0,2}\s*=\s*(?:None|[\"']None)|"
    r"(?:session|cookie)\(?.{0,80}\b(?:httpOnly|secure)[\"']?\s*:\s*false|cookie\.(?:http-only|secure)\s*[=:]\s*false|"
    r"set(?:HttpOnly|Secure)\(\s*false|session\.cookie_(?:httponly|secure)\s*=\s*(?:0|off|false)",
    roles=CODE,
)
BARE_COOKIE = Signal(
    id="security.bare-session-cookie",
    pattern=r"res(?:ponse)?\.cookie\(\s*[\"'][\w-]{0,30}(?:token|sess|sid|auth|"
    r"jwt)[\w-]{0,30}[\"']\s*,\s*[\w.]{1,80}\s*\)|"
    r"\.set_cookie\(\s*[\"'][\w-]{0,30}(?:token|sess|sid|auth|jwt)[\w-]{0,30}[\"']\s*,\s*[\w.]{1,80}\s*\)|"
    r"document\.cookie\s*=\s*[`\"'][\w-]{0,30}(?:token|session|auth|jwt)|"
    r"(?<!test)(?:cookieService\.(?:put|set)|Cookies\.set)\(\s*[\"'](?:\w{0,20}_?token|session\w{0,10}|"
    r"jwt|auth\w{0,10})[\"']",
    languages=("javascript", "typescript", "python", "vue"),
)
EXPRESS_SESSION = Signal(
    id="security.express-session",
    pattern=r"require\(\s*[\"'](?:express|cookie)-session[\"']|from\s+[\"'](?:express|cookie)-session[\"']",
    languages=("javascript", "typescript"),
)
SECURE_ON = Signal(
    id="security.cookie-secure-js",
    pattern=r"\bsecure\s*[:=]\s*(?!false)\S",
    languages=("javascript", "typescript"),
)
DJANGO_SESSIONS = Signal(
    id="security.django-sessions",
    words=("django.contrib.sessions.middleware.SessionMiddleware",),
    languages=("python",),
)
COOKIE_SECURE = Signal(
    id="security.session-cookie-secure",
    pattern=r"SESSION_COOKIE_SECURE[\"'\]]{0,2}\s*=\s*\S",
    languages=("python",),
    kept=ALL,
)
RAILS_STORE = Signal(id="security.rails-session-expiry", pattern=r"expire_after:\s*\S", languages=("ruby",))
FORCE_SSL = Signal(id="security.rails-force-ssl", pattern=r"config\.force_ssl\s*=\s*true", languages=("ruby",))
PERMANENT = Signal(
    id="security.permanent-cookie",
    pattern=r"\bcookies(?:\.\w{1,20})*\.permanent\b.{0,60}(?:sess|token|user|auth|remember)",
    languages=("ruby",),
)
_DJANGO = 'MIDDLEWARE = [\n    "django.contrib.sessions.middleware.SessionMiddleware",\n]\n'
_EXPRESS = (
    "const session = require('express-session')\napp.use(session({\n  secret: keys.session,\n  cookie: {%s}\n}))\n"
)


@check(
    "SEC-2.1.3",
    shows=BOTH,
    reads=[FLAG_OFF, BARE_COOKIE, DJANGO_SESSIONS, COOKIE_SECURE, RAILS_STORE, FORCE_SSL, PERMANENT],
    clean=[
        Example("Django with secure cookies", {"site/settings.py": _DJANGO + "SESSION_COOKIE_SECURE = True\n"}),
        Example(
            "Django with settings in a folder of their own",
            {"site/settings/base.py": _DJANGO, "site/settings/live/main.py": "SESSION_COOKIE_SECURE = True\n"},
        ),
        Example(
            "Rails over TLS only",
            {
                "config/initializers/session_store.rb": "config.session_store :cookie_store, expire_after: 1.day\n",
                "config/environments/production.rb": "Rails.application.configure do\n  config.force_ssl = true\nend\n",
            },
        ),
    ],
    flagged=[
        Example("readable by scripts", {"server.js": "app.use(session({ cookie: { httpOnly: false } }))\n"}),
        Example("a token without any flag", {"login.js": "res.cookie('token', token)\n"}),
        Example("Django left at its default", {"site/settings.py": _DJANGO}),
    ],
    silent=[
        Example("decided when it starts", {"s/settings.py": _DJANGO + "SESSION_COOKIE_SECURE = env.bool('SECURE')\n"}),
        Example(
            "secure in one of two projects",
            {"site/settings.py": _DJANGO + "SESSION_COOKIE_SECURE = True\n", "back/settings.py": _DJANGO},
        ),
        Example("only for development", {"site/settings/dev.py": "SESSION_COOKIE_SECURE = False\n"}),
    ],
)
def session_cookies_are_protected(code: Code) -> Iterator[Draft]:
    """Session cookies carry their flags and sessions end."""
    off, bare = production(code[FLAG_OFF]), production(code[BARE_COOKIE])
    if off:
        yield broken("A session cookie goes without one of its flags", off)
    if bare:
        yield broken("A session token is set as a cookie without HttpOnly, Secure and SameSite", bare)
    django, secure = production(code[DJANGO_SESSIONS]), production(code[COOKIE_SECURE])
    if django and not code[COOKIE_SECURE]:
        message = "Django sends session cookies over plain HTTP too: SESSION_COOKIE_SECURE is set nowhere"
        yield broken(message, django, medium=True)
    if off or bare:
        return
    if forever := production(code[PERMANENT]):
        yield unsure("A cookie that logs people in is kept for good", forever)
        return
    on = secure.saying(lambda s: re.search(r"=\s*True\b", s.text))
    apart = django.under(lambda path: not any(_is_one_project(path, other) for other in on.files))
    if on and apart:
        message = "Session cookies are Secure by {}, which is not of the project of {}"
        yield unsure(message.format(on[0].path, apart[0].path), apart, on)
    elif django and on:
        yield passed("Session cookies are Secure; Django makes them HttpOnly and SameSite=Lax and ends them", on)
    elif django and secure:
        yield unsure("SESSION_COOKIE_SECURE depends on how the service is started", secure)
    store, forced = production(code[RAILS_STORE]), production(code[FORCE_SSL])
    if store and forced:
        count = examined(code.files("ruby"), "Ruby files")
        yield passed(
            "Rails marks session cookies HttpOnly and SameSite=Lax, TLS makes them Secure, and they expire",
            store,
            forced,
            count,
        )


def _is_one_project(settings: str, other: str) -> bool:
    """Whether two files of settings lie in one folder, or one of them in a folder beside the other."""
    one, two = (f"{path.rpartition('/')[0]}/" for path in (settings, other))
    return one.startswith(two) or two.startswith(one)


@check(
    "SEC-2.1.3",
    shows=FAIL,
    reads=[EXPRESS_SESSION, SECURE_ON],
    clean=[Example("Secure is set", {"server.js": _EXPRESS % " secure: true, sameSite: 'lax' "})],
    flagged=[Example("express-session's default", {"server.js": _EXPRESS % " maxAge: 3600000 "})],
)
def express_sessions_are_secure(code: Code) -> Iterator[Draft]:
    """express-session sends its cookie over plain HTTP unless ``cookie.secure`` is set where it is configured."""
    secured = code[SECURE_ON].places
    bare = production(code[EXPRESS_SESSION]).under(lambda path: path not in secured.files)
    if bare and secured.exact:
        yield broken(
            "The session cookie is not Secure: cookie.secure is not set beside express-session", bare, medium=True
        )


SITE = Signal(
    id="security.session-cookie-made",
    pattern=r"\.AddCookie\(|\bConfigureApplicationCookie\(|\bAddSession\(|\bsession_store\s+:|"
    r"@session(?:_options)?\s+\[|plug\s*\(?\s*Plug\.Session\b|"
    r"(?<![\w.])(?:express|cookie)?[sS]ession\(\s*(?:\{|$)|http\.Cookie\{|SessionMiddleware\s*,|"
    r"SessionMiddleware::(?:new|builder)|"
    r"SessionManagerLayer::new|\bcookie<\w{1,60}>\(|\bcookie_secure\s*:|Cookie::build\(|ironSession|"
    r"sessionOptions\s*[:=]|"
    r"fastifySession|secureSession|[\"']cookie[\"']\s*=>\s*env\([\"']SESSION_COOKIE",
    roles=CODE,
    kept=ALL,
)
"""Where a session's cookie is made or set up."""
FLAG = Signal(
    id="security.session-cookie-flags",
    pattern=r"\b(?:cookie_?)?(?:secure(?:policy)?|http_?-?only|same_?-?site|max_?-?age(?:InSeconds)?|expire_after|"
    r"expiretimespan|idletimeout|lifetime|"
    r"https_only|validity|ttl|expires(?:in)?|with_expiry)[\"']?\]?\s*(?:=>|[:=(])|same_?site\s*\(",
    roles=CODE,
    kept=ALL,
)
_NEAR = 16
_SECURE = re.compile(
    r"(?<![\w-])(?:cookie_?)?(?:secure|https_only|with_secure)[\"']?\s*(?:=>|[:=(])\s*(?:true\b|[\"']?auto\b|"
    r"env\(\s*[\"'][^\"']{1,60}[\"']\s*,\s*true\s*\)|"
    r"Rails\.env\.production\?|Mix\.env\(\)\s*==\s*:prod|process\.env\.NODE_ENV\s*===?\s*[\"']production|"
    r"!\s*\w*(?:dev|debug)\w*)|"
    r"SecurePolicy\s*=\s*CookieSecurePolicy\.Always",
    re.IGNORECASE,
)
_UNREAD = re.compile(r"http_?-?only[\"']?\]?\s*(?:=>|[:=(])\s*true\b", re.IGNORECASE)
_SAME = re.compile(
    r"same_?-?site[\"']?\]?\s*(?:=>|[:=(])\s*(?:env\([^)]{0,60},\s*)?[\"':.\w]{0,24}?[\"':.]?(?:lax|"
    r"strict)(?:mode)?\b|same_?site\s*\([^)]{0,30}(?:lax|strict)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:max_?-?age(?:InSeconds)?|expire_after|expiretimespan|idletimeout|lifetime|validity|ttl|expires(?:in)?|"
    r"with_expiry)[\"']?\]?\s*(?:=>|[:=(])\s*(.{1,80})",
    re.IGNORECASE,
)
_UNREAD_BY_DEFAULT = re.compile(
    r"AddCookie|ConfigureApplicationCookie|AddSession|session_store|@session|Plug\.Session|(?<![\w.])(?:express|"
    r"cookie)?session\(|SessionMiddleware|"
    r"SessionManagerLayer|ironSession|sessionOptions|fastifySession|secureSession",
    re.IGNORECASE,
)
_SAME_BY_DEFAULT = re.compile(
    r"AddCookie|ConfigureApplicationCookie|AddSession|SessionMiddleware\s*,|session_store", re.IGNORECASE
)
_MILLISECONDS = re.compile(r"\.(?:[cm]?[jt]s|[jt]sx)$")
_MOST = 31 * DAY
_ALL_FLAGS = " httpOnly: true, secure: true, sameSite: 'lax', maxAge: 60 * 60 * 1000 "
_COOKIES = """builder.Services.AddAuthentication().AddCookie(o =>
{
    o.Cookie.SecurePolicy = CookieSecurePolicy.Always;
    o.Cookie.SameSite = SameSiteMode.Lax;
    o.ExpireTimeSpan = TimeSpan.FromHours(1);
});
"""
_GO = """http.SetCookie(w, &http.Cookie{
\tName: "session",
\tHttpOnly: true,
\tSecure: true,
\tSameSite: http.SameSiteLaxMode,
\tMaxAge: %s,
})
"""


@check(
    "SEC-2.1.3",
    shows=PASS,
    reads=[SITE, FLAG, FLAG_OFF, PERMANENT],
    clean=[
        Example("Express", {"server.js": _EXPRESS % _ALL_FLAGS}),
        Example("ASP.NET", {"Program.cs": _COOKIES}),
        Example("Go", {"login.go": _GO % "3600"}),
        Example(
            "Rails",
            {
                "config/initializers/session_store.rb": "c.session_store :cookie_store,\n  key: '_a',\n"
                "  secure: true,\n"
                "  httponly: true,\n  same_site: :lax,\n  expire_after: 1.hour\n"
            },
        ),
        Example(
            "Symfony",
            {
                "config/packages/framework.yaml": "framework:\n  session:\n    cookie_secure: true\n"
                "    cookie_httponly: true\n"
                "    cookie_samesite: lax\n    cookie_lifetime: 7200\n"
            },
        ),
        Example(
            "Phoenix",
            {
                "lib/web/endpoint.ex": 'defmodule A do\n  @session_options [store: :cookie, key: "_a", secure: true, '
                'same_site: "Lax", max_age: 43_200]\nend\n'
            },
        ),
    ],
    flagged=[
        Example("no lifetime", {"login.go": (_GO % "3600").replace("\tMaxAge: 3600,\n", "")}),
        Example("ten years", {"login.go": _GO % "10 * 365 * 24 * 3600"}),
        Example(
            "one scheme of two is not Secure", {"Program.cs": _COOKIES, "Partners.cs": "s.AddCookie(o =>\n{\n});\n"}
        ),
        Example("not Secure", {"Program.cs": _COOKIES.replace("Always", "None")}),
        Example("nobody knows how long", {"server.js": _EXPRESS % _ALL_FLAGS.replace("60 * 60 * 1000", "ttl()")}),
        Example("for good", {"a.rb": "cookies.signed.permanent[:session_id] = { value: id }\n"}),
    ],
)
def each_session_cookie_has_its_flags(code: Code) -> Iterator[Draft]:
    """Each place that makes a session's cookie gives it HttpOnly, Secure, SameSite and an end."""
    sites = production(code[SITE]).saying(lambda s: not s.text.startswith(("import", "from ", "using ", "//", "#")))
    if not sites or not sites.exact or code[FLAG_OFF] or code[PERMANENT]:
        return
    lacking = [(site, what) for site in _apart(sites) if (what := _lacks(site, code))]
    if lacking and len(lacking) < len(_apart(sites)):
        site, what = lacking[0]
        yield unsure(f"A session cookie is not shown to {what}, beside others that are", site)
    elif not lacking:
        yield passed(
            each(_apart(sites)).say("{number:place} {gives} session cookies HttpOnly, Secure, SameSite and an end"),
            examined(len(_apart(sites)), "places that make session cookies"),
            confidence="medium",
        )


def _apart(sites: Places) -> list[Source]:
    """The places of *sites* but for those right after another one of their file, which are about the same cookie."""
    found: list[Source] = []
    for site in sorted(sites, key=lambda s: (s.path, s.line)):
        if not found or found[-1].path != site.path or site.line - found[-1].line > 3:
            found.append(site)
    return found


def _lacks(site: Source, code: Code) -> str:
    """What the cookie that is made at *site* is not shown to do; empty where it does all."""
    later = [s.line for s in code[SITE].within(site.path, site.line + 4, site.line + _NEAR)]
    end = min([site.line + _NEAR, *(line - 1 for line in later)])
    before = site.line - (4 if "cookie_secure" in site.text else 0)
    flags = code[FLAG].within(site.path, before, end)
    text = "\n".join(dict.fromkeys([site.text, *(flag.text for flag in flags)]))
    if not _SECURE.search(text):
        return "be Secure"
    if not _UNREAD.search(text) and not _UNREAD_BY_DEFAULT.search(site.text):
        return "be HttpOnly"
    if not _SAME.search(text) and not _SAME_BY_DEFAULT.search(site.text):
        return "be SameSite"
    unit = (
        0.001 if _MILLISECONDS.search(site.path) else 60.0 if "lifetime" in text and site.path.endswith(".php") else 1.0
    )
    spans = [seconds(found[1], unit) for found in _ENDS.finditer(text)]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans) or not any(0 < span <= _MOST for span in known) or any(span > _MOST for span in known):
        return "end"
    return ""
