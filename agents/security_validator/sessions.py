"""Judges how sessions are kept in cookies (2.1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import ALL, BOTH, FAIL, Code, Draft, Example, Signal, check, examined, passed, unsure

from ._lines import CODE, broken, production

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
_DJANGO = 'MIDDLEWARE = [\n    "django.contrib.sessions.middleware.SessionMiddleware",\n]\n'
_EXPRESS = (
    "const session = require('express-session')\napp.use(session({\n  secret: keys.session,\n  cookie: {%s}\n}))\n"
)


@check(
    "SEC-2.1.3",
    shows=BOTH,
    reads=[FLAG_OFF, BARE_COOKIE, DJANGO_SESSIONS, COOKIE_SECURE, RAILS_STORE, FORCE_SSL],
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
