"""Judges whether logins can be tried by the thousand (2.1.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Code,
    Draft,
    Entries,
    Example,
    Places,
    Route,
    Routes,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    measured,
    passed,
    unsure,
)

from ._limits import READS, by_controller, by_proxy, groups, nothing_limits, taken_away

LIMITED_LINE = Signal(
    id="security.limited-login",
    pattern=r"^(?!import\b|from\b|.{0,80}\brequire\(|.{0,80}\b_\.throttle).*(?:limiter|rate[_-]?limit|throttle|"
    r"slowdown|bruteforce)",
    roles=("source",),
    kept=ALL,
)
EVERY_ADDRESS = Signal(
    id="security.limit-for-each-address",
    pattern=r"throttle\(.{1,120}\)\s*(?:\{|do)\s*\|(\w{1,20})\|\s*\1\.ip\b(?!\s*if)",
    languages=("ruby",),
)
LOGIN_PATH = Signal(
    id="security.limit-of-login-path",
    pattern=r"\.path\W.{0,40}[\"']/?(?:users/)?(?:log-?in|sign[-_]?in|session)",
    languages=("ruby",),
)
DEFINED = Signal(
    id="security.defined-function",
    pattern=r"^(?:async\s+)?def\s+\w|^(?:@\w+\s+)?(?:public|private|protected|internal)\s[^=;]{1,200}\(|"
    r"^(?:export\s+)?(?:async\s+)?function\s",
    languages=("python", "java", "kotlin", "csharp", "typescript", "javascript", "php"),
    kept=ALL,
)
"""Where what decorators stand before begins, and so ends what they are for."""
_FROM_ELSEWHERE = re.compile(
    r"(?:max|limit|permitLimit|tokenLimit|points|requests|rate)[\"']?\s*[:=]\s*(?:Number|parseInt|int|"
    r"Integer\.parseInt|\+)?\(?\s*"
    r"(?:process\.env|os\.environ|ENV\[|ENV\.fetch\([^,)]{1,60}\)|env\([^,)]{1,60}\)|(?:builder\.)?Configuration\[|"
    r"System\.getenv|config\.get)"
    r"(?!.{0,80}(?:\|\||\?\?|,\s*\d))",
    re.IGNORECASE,
)
"""A number of tries that nobody knows: what the environment gives, and nothing where it gives none."""
_DOOR = re.compile(
    r"log-?in|sign-?in|sign-?up|register|reset|forgot|password|2fa|mfa|otp|authenticate|(two|second|"
    r"multi)[-_]?factor|webauthn"
    r"|passkey|magic[-_]?link|recovery[-_]?code|backup[-_]?code|(^|/)token(/|$)|refresh[-_]?token|"
    r"token[-_/](refresh|obtain|renew|verify)"
    r"|(^|/)(auth|jwt|oauth2?|sessions?|account)/(\w{1,20}/)?(token|refresh|renew|verify|challenge)(/|$)|(^|"
    r"/)refresh(/|$)",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"log-?in|sign-?in|session|authenticate", re.IGNORECASE)
_BY_OTHERS = re.compile(r"saml|sso|oauth|oidc|openid|remote|callback|google|github|logout", re.IGNORECASE)
"""Logins at which somebody else asks for the password."""
_MOUNTED = re.compile(r"\.use\(\s*\[?\s*[\"'`](/[^\"'`]{1,200})[\"'`]")
_EVERYWHERE = re.compile(r"\.use\(\s*\w{0,40}(?:limit|throttle|slowdown)", re.IGNORECASE)
_ARGUMENT = re.compile(
    r"^(?:\w{1,40}\.){0,3}\w{0,40}(?:limit|throttle|slowdown|bruteforce)\w{0,40}\s*(?:\(|,|$)", re.IGNORECASE
)
_LIMITED = "app.post('/login', loginLimiter, login)\napp.post('/register', loginLimiter, register)\n"
_MOUNT = "app.use('/reset-password', rateLimit({ max: 9 }))\n"
_OVER_LINES = "app.post('/login',\n  rateLimit({ max: 9 }),\n  login)\n"


_ATTACKED = {
    "config/routes.rb": "Rails.application.routes.draw do\n  post '/login' => 'login#login'\nend\n",
    "config/initializers/rack_attack.rb": (
        'Rack::Attack.throttle("all", limit: 30, period: 60) { |r| r.ip }\n'
        'Rack::Attack.throttle("login", limit: 4, period: 60) do |request|\n'
        '  request.ip if request.path.start_with?("/login")\nend\n'
    ),
}


_LARAVEL = {
    "routes/web.php": "<?php\nRoute::redirect('.well-known/change-password', 'settings/password');\n"
    "Route::post('/login', [LoginController::class, 'login']);\n",
    "app/Http/Controllers/Auth/LoginController.php": "<?php\nuse Illuminate\\Foundation\\Auth\\AuthenticatesUsers;\n\n"
    "class LoginController extends Controller\n{\n    use AuthenticatesUsers;\n}\n",
}


@check(
    "SEC-2.1.6",
    shows=BOTH,
    reads=[LIMITED_LINE, EVERY_ADDRESS, LOGIN_PATH, DEFINED, *READS],
    clean=[
        Example("a limiter on each", {"server.js": _LIMITED}),
        Example(
            "one in the call, one mounted on the path",
            {"server.js": _MOUNT + _OVER_LINES + "app.post('/reset-password', go)\n"},
        ),
        Example(
            "token, refresh and second factor as well",
            {
                "server.js": _LIMITED
                + "".join(
                    f"app.post('{path}', loginLimiter, go)\n" for path in ("/oauth/token", "/auth/refresh", "/mfa")
                )
            },
        ),
        Example("Rack::Attack limits each address, and login more closely", _ATTACKED),
        Example("Laravel's trait counts the tries of a login, and a redirect asks for no password", _LARAVEL),
    ],
    flagged=[
        Example(
            "a limit that is taken off",
            {
                "Program.cs": 'var a = app.MapGroup("/a").RequireRateLimiting("few");\na.MapPost("/login", In);\n'
                'app.MapPost("/b/login", In)\n    .DisableRateLimiting();\n'
            },
        ),
        Example(
            "nothing that limits, and nothing before it",
            {
                "server.js": "app.post('/login', login)\n",
                "k8s/run.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
                "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
                "    spec: {containers: [{name: web, image: 'shop/web:1', ports: [{containerPort: 80}]}]}\n",
                "k8s/web.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
                "spec: {selector: {app: web}, ports: [{port: 80}]}\n",
            },
        ),
        Example("the reset is left out", {"server.js": _LIMITED + "app.post('/reset-password', reset)\n"}),
        Example("the refresh is left out", {"server.js": _LIMITED + "app.post('/api/auth/refresh', renew)\n"}),
        Example("the second factor is left out", {"server.js": _LIMITED + "app.post('/mfa/verify', verify)\n"}),
        Example("a code by mail is left out", {"server.js": _LIMITED + "app.post('/magic-link', send)\n"}),
        Example(
            "a decorator of the route before",
            {
                "auth.py": "@router.post('/login')\n@limiter.limit('5/minute')\ndef login(body):\n    return go(body)\n"
                "@router.post('/token')\ndef token(body):\n    return go(body)\n"
            },
        ),
        Example("the login is left out", {"server.js": _LIMITED + "app.post('/admin/login', login)\n"}),
    ],
    silent=[
        Example(
            "a login controller of Laravel with a login of its own",
            {
                **_LARAVEL,
                "app/Http/Controllers/Auth/LoginController.php": _LARAVEL[
                    "app/Http/Controllers/Auth/LoginController.php"
                ].replace("}\n", "    public function login() { return $this->go(); }\n}\n"),
            },
        ),
        Example("Rack::Attack beside a service in JavaScript", {**_ATTACKED, "server.js": "app.post('/login', go)\n"}),
        Example("the token is left out", {"server.js": _LIMITED + "app.post('/oauth/token', issue)\n"}),
        Example(
            "a number that only the environment knows",
            {
                "server.js": "app.use('/auth', rateLimit({ limit: Number(process.env.TRIES) }))\n"
                "app.post('/auth/login', login)\n"
            },
        ),
        Example("a limiter may stand before it", {"server.js": "app.post('/login', login)\n"}),
    ],
)
def logins_are_rate_limited(routes: Routes, code: Code, entries: Entries) -> Iterator[Draft]:
    """A limiter stands in the call (or decorator) of each route that authenticates, or on its path."""
    doors = [r for r in routes.routes if r.method in ("POST", "ANY", "PUT") and _DOOR.search(r.path)]
    if not doors:
        return
    hits = code[LIMITED_LINE].places
    limited = _lines(hits, code)
    mounted = (*(found[1] for hit in hits if (found := _MOUNTED.search(hit.text))), *groups(code))
    freed = taken_away(doors, routes.routes, code)
    loose = {(d.file, d.line) for d in freed}
    counted = by_controller(doors, code)
    open_doors = [
        d
        for d in doors
        if (d.file, d.line) in loose
        or ((d.file, d.line) not in limited and not d.path.startswith(mounted) and d not in counted)
    ]
    void = [a for a in code[LIMITED_LINE].aside if a.reason.startswith("comes to nothing")]
    count = examined(len(doors), "authentication routes")
    open_count = measured("authentication routes without a limiter", len(open_doors), at_most=0)
    logins = [d for d in open_doors if _LOGIN.search(d.path) and not _BY_OTHERS.search(d.path)]
    others = [d for d in open_doors if not _BY_OTHERS.search(d.path)]
    sure = code[LIMITED_LINE].total == hits.total and not any(_EVERYWHERE.search(hit.text) for hit in hits)
    closer = code[LOGIN_PATH].places
    everywhere = code[EVERY_ADDRESS].places.under(lambda path: path in code[LOGIN_PATH].paths)
    strange = [d for d in doors if not d.file.endswith(".rb")] if everywhere else []
    proxied = by_proxy(doors, code)
    if freed:
        yield failed(
            each(freed, name=_door, at=lambda d: d.source).say("{} {has} the limit taken off"),
            count,
            measure=open_count,
        )
    elif proxied.limits and proxied.open and not hits:
        text = "A server of the proxy passes sign-ins on without the limit that another one has"
        yield failed(text, proxied.open[0], *proxied.limits, count)
    elif proxied.limits and not proxied.open:
        text = "The proxy limits each of {number:authentication route} in each of its servers"
        yield passed(each(doors).say(text), proxied.limits, count, confidence="medium")
    elif everywhere and closer and strange:
        text = "{} {is} not behind what limits each address of the Ruby application"
        yield unsure(each(strange, name=_door, at=lambda d: d.source).say(text))
    elif everywhere and closer:
        text = "Each address is limited, and login more closely"
        yield passed(text, everywhere[0], closer[0], count, confidence="medium")
    elif void and not hits:
        place = Source(path=void[0].path, line=void[0].line)
        yield failed(f"The only limiter of logins {void[0].reason}", place, *(d.source for d in doors), count)
    elif not open_doors and void:
        yield unsure(f"A limiter of logins {void[0].reason}", Source(path=void[0].path, line=void[0].line))
    elif not open_doors and (unknown := [hit for hit in hits if _FROM_ELSEWHERE.search(hit.text)]):
        yield unsure("How many tries a limiter of logins leaves comes from elsewhere", unknown[0])
    elif not open_doors:
        yield passed(
            each(doors, name=_door).say("{all:authentication route} {has} a limiter: {}"),
            *(d.source for d in doors),
            count,
            measure=open_count,
        )
    elif others and sure and len(open_doors) < len(doors):
        have = len(doors) - len(open_doors)
        yield failed(
            each(others, name=_door, at=lambda d: d.source).say(
                "{} {has} no rate limiter, and {have} of {doors:such route} have one", have=have, doors=len(doors)
            ),
            count,
            confidence="medium",
            measure=open_count,
        )
    elif logins and hits and (unused := _unused(hits)):
        yield failed(
            f"The limiter {unused} is made and stands before nothing", hits[0], *(d.source for d in logins), count
        )
    elif logins and nothing_limits(code, entries):
        yield failed(
            each(logins, name=_door, at=lambda d: d.source).say(
                "{} {has} no rate limiter: nothing in the tree limits anything"
            ),
            count,
            confidence="medium",
            measure=open_count,
        )
    else:
        text = "No limiter is visible on {share:authentication route}: {}"
        yield unsure(each(open_doors, name=_door, at=lambda d: d.source).say(text, of=len(doors)))


_MADE = re.compile(r"^(?:export\s+)?(?:const|let|var)\s+(\w{2,40})\s*=\s*(?:new\s+)?\w*[lL]imit\w*\(")


def _unused(hits: Places) -> str:
    """The name of the only limiter, where nothing but the line that makes it is about limits."""
    made = [_MADE.match(hit.text) for hit in hits]
    names = {found[1] for found in made if found}
    return names.pop() if hits.exact and all(made) and len(names) == 1 else ""


def _door(route: Route) -> str:
    return f"{route.method} {route.path}"


def _lines(hits: tuple[Source, ...], code: Code) -> set[tuple[str, int]]:
    """The lines whose route is limited: by the line itself, by a decorator of the same, by an argument below it."""
    found = {(hit.path, hit.line) for hit in hits}
    for hit in hits:
        if hit.text.startswith(("@", "[")):
            near = [hit.line + n for n in range(-3, 4)]
            between = [place.line for place in code[DEFINED].within(hit.path, near[0], near[-1])]
            apart = {n for n in near for at in between if min(n, hit.line) < at < max(n, hit.line)}
            found |= {(hit.path, n) for n in near if n not in apart}
        elif _ARGUMENT.search(hit.text):
            found |= {(hit.path, hit.line - n) for n in (1, 2)}
    return found
