"""Judges what is missing wherever people sign in with a password of this service (2.1.1, 2.1.2, 2.1.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from orchestrator import (
    FAIL,
    Code,
    Draft,
    Example,
    Hits,
    Route,
    Routes,
    Services,
    Signal,
    check,
    each,
    examined,
    failed,
    unsure,
)

from ._apart import apart

_ANYWHERE: Final = ("source", "config", "infra", "ci", "docs", "other")
PASSWORD_CHECKED = Signal(
    id="security.password-checked",
    pattern=r"\bcheck_password(?:_hash)?\(|\bbcrypt\.compare|CompareHashAndPassword\(|\bpassword_verify\(|"
    r"\bAuth::attempt\(|\bauthenticate_by\(|"
    r"\bhas_secure_password\b|:database_authenticatable\b|PasswordSignInAsync\(|CheckPasswordAsync\(|"
    r"\bargon2\.verify\(|\bHash::check\(|"
    r"[pP]asswordEncoder\.matches\(|Bcrypt\.verify_pass\(|\bverify_password\(|\.formLogin\(|\bhasher\.verify\(|"
    r"verify_encoded\(",
)
SECOND_FACTOR = Signal(
    id="security.any-second-factor",
    pattern=r"two_?-?factor|\b2fa\b|\bmfa|\bt?otp\b|otp_|django_otp|webauthn|passkey|fido|authenticator|"
    r"second_?-?factor|multi_?-?factor|TwoFactor",
    roles=_ANYWHERE,
    comments=True,
)
OTHERS = Signal(
    id="security.any-identity-provider",
    pattern=r"oauth|oidc|openid|saml|cognito|auth0|\bokta|keycloak|\bentra\b|azure_?ad|\bsso\b|single_?-?sign|"
    r"\biap\b|cf-access|cloudflareaccess|ldap|omniauth|"
    r"active directory|\bvpn\b|identity provider|tailscale|zero trust",
    roles=_ANYWHERE,
    comments=True,
)
COUNTED = Signal(
    id="security.any-count-of-failures",
    pattern=r"attempt|lock(?:ed|out|able|_)|fail(?:ed|ure)s?_?-?(?:count|login|s\b)|rate_?-?limit|throttl|limit_req|"
    r"axes\b|brute|captcha|rack.?attack|slow_?down|backoff",
    roles=_ANYWHERE,
    comments=True,
)
RULED = Signal(
    id="security.any-password-rule",
    pattern=r"passw.{0,160}(?:length|\bmin|max|strong|strength|zxcvbn|pwned|valid|rule|polic|regex|complex|\blen\(|"
    r"Size|Pattern|\{8|\{1[0-9])|"
    r"(?:length|zxcvbn|pwned|valid|schema|strength|polic|PASSWORD_VALIDATORS).{0,160}passw|:validatable|"
    r"IdentityOptions|AddIdentity|AddDefaultIdentity",
    roles=_ANYWHERE,
    comments=True,
)
HASHED = Signal(
    id="security.password-hashed-from-request",
    pattern=r"(?:\bbcrypt\.hash(?:Sync|pw)?\(|\bargon2\.hash\(|generate_password_hash\(|Hash::make\(|"
    r"password_hash\(|GenerateFromPassword\()\s*(?:\[\]byte\()?\s*"
    r"(?:req(?:uest)?\.|body\.|data\[|\$request|r\.FormValue|ctx\.|params|input|form)",
)
_ADMIN = re.compile(
    r"(?:^|/)(?:admins?|back-?_?office|back-?room|staff|superusers?|management|console)(?:/|$)", re.IGNORECASE
)
_SIGN_IN = re.compile(r"(?:^|/)(?:log-?_?in|sign-?_?in|sessions?|authenticate|token)(?:/|$)", re.IGNORECASE)
_SIGN_UP = re.compile(
    r"(?:^|/)(?:register|registrations?|sign-?_?up|accounts?|users|members|password)(?:/|$)", re.IGNORECASE
)
_FLASK = (
    "@app.post('/login')\ndef login():\n    if not check_password_hash(row.hash, request.form['password']):\n"
    "        abort(401)\n%s\n\n"
    "@app.delete('/admin/people/<int:n>')\n@login_required\ndef drop(n): ...\n"
)


_TWO = {
    "shop/requirements.txt": "flask==3\n",
    "shop/app.py": "app = Flask(__name__)\n" + _FLASK % "    row.failed_attempts += 1\n    totp_verify(otp)",
    "desk/requirements.txt": "flask==3\n",
    "desk/app.py": "app = Flask(__name__)\n" + _FLASK % "",
}


def _signs_in(code: Code) -> bool:
    """Whether people sign in here by a password, and by nothing of others."""
    return bool(code[PASSWORD_CHECKED]) and not code[OTHERS]


@check(
    "SEC-2.1.1",
    shows=FAIL,
    reads=[PASSWORD_CHECKED, OTHERS, SECOND_FACTOR],
    clean=[
        Example("a second factor", {"app.py": _FLASK % "    pyotp.TOTP(row.key).verify(request.form['otp'])"}),
        Example("somebody else asks", {"app.py": _FLASK % "", "nginx.conf": "auth_request /oauth2/auth;\n"}),
    ],
    silent=[Example("administrators of one application of two", _TWO)],
    flagged=[Example("administrators by a password alone", {"app.py": _FLASK % ""})],
)
def administrators_have_a_second_factor(routes: Routes, code: Code, services: Services) -> Iterator[Draft]:
    """Where administrators sign in by a password of this service, there is a second factor somewhere."""
    doors = [r for r in routes.routes if _ADMIN.search(r.path)]
    if others := _behind_passwords(doors, code[SECOND_FACTOR], code, services):
        text = "{} {is} for administrators; what is about a second factor is of another application"
        yield unsure(each(others, name=_called, at=lambda r: r.source).say(text))
    elif doors and _signs_in(code) and not code[SECOND_FACTOR] and not routes.problems:
        yield failed(
            each(doors, name=_called, at=lambda r: r.source).say(
                "{} {is} for administrators, who sign in by a password alone: nothing here is about a second factor"
            ),
            examined(len(routes.routes), "routes"),
            confidence="medium",
        )


@check(
    "SEC-2.1.7",
    shows=FAIL,
    reads=[PASSWORD_CHECKED, OTHERS, COUNTED],
    silent=[Example("failures are counted by one application of two", _TWO)],
    clean=[Example("failures are counted", {"app.py": _FLASK % "    row.failed_attempts += 1"})],
    flagged=[Example("nobody counts", {"app.py": _FLASK % ""})],
)
def failures_are_counted(routes: Routes, code: Code, services: Services) -> Iterator[Draft]:
    """Where people sign in by a password of this service, failures are counted somewhere."""
    doors = [r for r in routes.routes if _SIGN_IN.search(r.path) and r.method in ("POST", "ANY", "PUT")]
    if others := _behind_passwords(doors, code[COUNTED], code, services):
        text = "{} {takes} passwords; what counts failures is of another application"
        yield unsure(each(others, name=_called, at=lambda r: r.source).say(text))
    elif doors and _signs_in(code) and not code[COUNTED] and not routes.problems:
        yield failed(
            each(doors, name=_called, at=lambda r: r.source).say(
                "{} {takes} passwords without end: nothing in the tree counts failures or locks an account"
            ),
            examined(len(routes.routes), "routes"),
            confidence="medium",
        )


@check(
    "SEC-2.1.2",
    shows=FAIL,
    reads=[HASHED, OTHERS, RULED],
    clean=[
        Example(
            "a length is asked for",
            {
                "server.js": "app.post('/register', f)\nif (req.body.password.length < 12) throw e\n"
                "bcrypt.hash(req.body.password, 12)\n"
            },
        )
    ],
    flagged=[
        Example(
            "any password will do",
            {"server.js": "app.post('/register', f)\nconst h = bcrypt.hash(req.body.password, 12)\n"},
        )
    ],
)
def some_rule_for_passwords(routes: Routes, code: Code) -> Iterator[Draft]:
    """Where passwords are taken out of requests and kept, some rule is about them."""
    doors = [r for r in routes.routes if _SIGN_UP.search(r.path) and r.method in ("POST", "ANY", "PUT", "PATCH")]
    if doors and code[HASHED] and not code[OTHERS] and not code[RULED] and not routes.problems:
        yield failed(
            each(doors, name=_called, at=lambda r: r.source).say(
                "{} {takes} any password: no rule in the tree is about them"
            ),
            examined(len(routes.routes), "routes"),
            confidence="medium",
        )


def _called(route: Route) -> str:
    return f"{route.method} {route.path}"


def _behind_passwords(doors: Sequence[Route], answered: Hits, code: Code, services: Services) -> Sequence[Route]:
    """Those of *doors* of an application that checks passwords itself, and has nothing of what is *answered*."""
    checking = {home.folder for path in code[PASSWORD_CHECKED].places.files if (home := services.of_file(path))}
    return [
        door
        for door in apart(doors, answered.places.files, services)
        if (home := services.of_file(door.file)) is not None and home.folder in checking
    ]
