"""Judges how passwords are chosen, guessed, stored and reset (2.1.1, 2.1.2, 2.1.7, 2.1.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Places,
    Signal,
    Source,
    Typed,
    as_number,
    check,
    each,
    examined,
    failed,
    measured,
    passed,
    together,
    unsure,
)

from ._lines import CODE, broken, production
from ._spans import DAY, seconds

_GROUPS = Typed("resources/user-groups")
_POOLS = Typed("resources/user-pools")
WEAK_HASH = Signal(
    id="security.weak-password-hash",
    pattern=r"(?:UnsaltedMD5|MD5|SHA1|UnsaltedSHA1)PasswordHasher|\b(?:md5|sha1)(?:Hex|"
    r"sum)?\(\s*[\w.$\[\]\"']{0,40}(?i:passw)\w{0,20}|"
    r"createHash\(\s*[\"'](?:md5|sha1)[\"']\s*\).{0,60}(?i:passw)\w{0,20}|"
    r"\b\w{0,20}(?i:passw)\w{0,20}\s*[:=]{1,2}\s*[\w.]{0,30}(?:md5|sha1)\(|"
    r"export const hash\b.{0,60}createHash\(\s*[\"']md5",
    roles=CODE,
)
BREACHED = Signal(id="security.breached-passwords", words=("api.pwnedpasswords.com",), roles=CODE)
"""Asks whether a password is among those that leaked; that takes the beginning of its SHA-1."""
NO_ALGORITHM = Signal(
    id="security.jwt-alg-none",
    pattern=r"\balgorithms?[\"']?\s*[:=]\s*\[?\s*[\"']none[\"']|SigningMethodNone|UnsafeAllowNoneSignatureType",
)
ANY_ALGORITHM = Signal(
    id="security.jwt-any-algorithm",
    pattern=r"\b(?:expressJwt|expressjwt|expressJWT|"
    r"express_jwt)\(\s*\(?\s*\{(?![^}]{0,200}algorithms)[^}]{0,200}\bsecret\b[^}]{0,200}\}",
    languages=("javascript", "typescript"),
)
OTP_ADMIN = Signal(id="security.admin-otp", words=("otpadminsite", "adminsiteotprequired"), languages=("python",))


PLAIN_ADMIN = Signal(
    id="security.plain-admin-site",
    pattern=r"\badmin\.site\.urls\b|(?<![\w.])(?:admin\.)?AdminSite\(|include\(\s*admin\.site\b",
    languages=("python",),
)
OTP_SWAPPED = Signal(
    id="security.admin-otp-for-all",
    pattern=r"admin\.site\.__class__\s*=|admin\.site\s*=\s*\w*OTP|default_site\s*=\s*[\"'].{0,80}OTP|"
    r"admin\.site\.login\s*=",
    languages=("python",),
)
"""What puts the second factor before the site that Django makes by itself."""
_ADMIN_TWICE = (
    "urlpatterns = [\n    path('admin/', OTPAdminSite(name='otp').urls),\n    path('office/', admin.site.urls),\n]\n"
)


@check(
    "SEC-2.1.1",
    shows=BOTH,
    reads=[WEAK_HASH, BREACHED, NO_ALGORITHM, ANY_ALGORITHM, OTP_ADMIN, PLAIN_ADMIN, OTP_SWAPPED],
    clean=[
        Example("Django's admin asks for a second factor", {"site/urls.py": "admin.site.__class__ = OTPAdminSite\n"}),
        Example(
            "a user pool that insists on MFA",
            {"auth.tf": 'resource "aws_cognito_user_pool" "staff" {\n  mfa_configuration = "ON"\n}\n'},
        ),
    ],
    flagged=[
        Example("MD5 of the password", {"users.js": "row.password = md5(req.body.password)\n"}),
        Example("unsigned tokens accepted", {"auth.py": "jwt.decode(token, key, algorithms=['none'])\n"}),
        Example("any algorithm accepted", {"auth.js": "app.use('/api', expressJwt({ secret: publicKey }))\n"}),
        Example("a second admin site that asks for a password alone", {"site/urls.py": _ADMIN_TWICE}),
        Example(
            "administrators in a pool that asks for a password alone",
            {
                "auth.tf": 'resource "aws_cognito_user_pool" "all" {\n  mfa_configuration = "OFF"\n}\n'
                'resource "aws_cognito_user_group" "admins" {\n  name = "admins"\n'
                "  user_pool_id = aws_cognito_user_pool.all.id\n}\n"
            },
        ),
    ],
    silent=[
        Example("fast hashes in tests' settings", {"site/settings/test.py": "H = ['MD5PasswordHasher']\n"}),
        Example(
            "the beginning of a SHA-1, for the list of leaked passwords",
            {
                "src/Leaked.php": "<?php\n$hash = sha1($password);\n"
                "$url = 'https://api.pwnedpasswords.com/range/' . substr($hash, 0, 5);\n"
            },
        ),
    ],
)
def authentication_is_strong(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Passwords are not kept as quick hashes, tokens are signed, administrators need a second factor."""
    every, unsigned = production(code[WEAK_HASH]), production(code[NO_ALGORITHM])
    asking = production(code[BREACHED]).files
    hashes = every.under(lambda path: path not in asking)
    if asked := every.under(lambda path: path in asking):
        what = "a password with SHA-1 to ask whether it has leaked; that it is kept so is not seen"
        yield unsure(f"{asked[0]} hashes {what}", asked)
    if hashes:
        yield broken(
            "Passwords are hashed with MD5 or SHA-1, which are guessed by the billion",
            hashes,
            remedy="Hash passwords with Argon2id, scrypt or bcrypt, and rehash at the next login.",
        )
    if unsigned:
        yield broken("Tokens without a signature are accepted", unsigned)
    if lax := production(code[ANY_ALGORITHM]):
        yield broken("Tokens are accepted under any algorithm: express-jwt is not told which", lax, medium=True)
    admin, beside = production(code[OTP_ADMIN]), production(code[PLAIN_ADMIN])
    if admin and beside and not code[OTP_SWAPPED]:
        yield broken("An admin site asks for a password alone, beside one that asks for a second factor", beside)
    pools = _POOLS.among(infrastructure)
    weak = [
        pool
        for pool in pools
        if _POOLS.says(pool, "second_factor").value is False and _is_of_staff(pool, infrastructure)
    ]
    if weak:
        yield failed(
            each(weak, name=lambda pool: pool.address, at=lambda pool: _POOLS.place(pool, "second_factor")).say(
                "Administrators log in by {}, which {does} not insist on a second factor"
            ),
            examined(len(pools), "user pools"),
        )
    if hashes or unsigned or lax or weak or (admin and beside and not code[OTP_SWAPPED]):
        return
    if admin:
        yield passed("The admin site lets nobody in without a second factor", admin, confidence="medium")
    elif pools and all(_POOLS.says(p, "second_factor").value for p in pools):
        count = examined(len(pools), "user pools")
        places = [_POOLS.place(pool, "second_factor") for pool in pools]
        yield passed("Every user pool insists on a second factor", *places, count)


_STAFF = re.compile(r"admin|staff|back_?-?office|office|operator|support|employee|internal", re.IGNORECASE)


def _is_of_staff(pool: Block, infrastructure: Infrastructure) -> bool:
    """Whether administrators are among those whom *pool* lets in: by its own name, or by a group in it."""
    if _STAFF.search(f"{pool.label} {pool.get('name') or pool.get('UserPoolName') or ''}"):
        return True
    return any(
        _STAFF.search(f"{group.label} {_GROUPS.value(group, 'title') or ''}")
        and re.search(rf"\b{re.escape(pool.label)}\b", str(_GROUPS.value(group, "of")))
        for group in _GROUPS.among(infrastructure)
    )


REALM = Signal(
    id="security.keycloak-registers",
    pattern=r"^\"registrationAllowed\"\s*:\s*true\b",
    roles=(*CODE, "infra", "other"),
)
REALM_POLICY = Signal(
    id="security.keycloak-policy",
    pattern=r"\"passwordPolicy\"\s*:\s*\"[^\"]",
    roles=(*CODE, "infra", "other"),
    kept=ALL,
)
NO_VALIDATORS = Signal(
    id="security.no-password-validators",
    pattern=r"AUTH_PASSWORD_VALIDATORS\s*=\s*[\[(]\s*[\])]",
    languages=("python",),
)
SHORT_MINIMUM = Signal(
    id="security.short-password",
    pattern=r"\b\w{0,30}(?i:passw).{0,120}(?i:min_?length)[\"']?\s*[(:=]\s*\{?\s*(?:value\s*[:=]\s*)?[\"']?[2-5]\b|"
    r"\b\w{0,30}(?i:passw).{0,120}isLength\(\s*\{?\s*(?:min\s*:\s*)?[1-5]\b|\b(?i:pass)\w{0,20}\s*=\s*/\^\.\{[0-5],|"
    r"@Size\(\s*min\s*=\s*[1-5]\b.{0,60}(?i:passw)\w{0,30}|[\"']password[\"']\s*=>\s*\[?[\"'].{0,120}\bmin:[1-5]\b|"
    r"\bRequiredLength\s*=\s*[1-5]\b|\bpassword_length\s*=\s*[1-5]\.\.|"
    r"\bvalidates\s+:password\b.{0,80}\bminimum:\s*[1-5]\b|"
    r"validate_length\(\s*:password\s*,.{0,30}\bmin:\s*[1-5]\b|\bpassword:\s*z\.string\(\)\.min\(\s*[2-5]\b|"
    r"[\"']?passwordPolicy[\"']?\s*:\s*[\"'].{0,80}\blength\([1-5]\)|"
    r"\blen\((?:\w{1,20}\.)?[pP]assword\)\s*<\s*[1-5]\b|\bPassword::min\(\s*[1-5]\b",
)


@check(
    "SEC-2.1.2",
    shows=FAIL,
    reads=[NO_VALIDATORS, SHORT_MINIMUM, REALM, REALM_POLICY],
    clean=[Example("twelve characters", {"register.ts": "password: ['', Validators.minLength(12)]\n"})],
    flagged=[
        Example("validators switched off", {"site/settings.py": "AUTH_PASSWORD_VALIDATORS = []\n"}),
        Example(
            "five characters will do", {"register.ts": "password = new FormControl('', Validators.minLength(5))\n"}
        ),
        Example(
            "four in Laravel",
            {"app/A.php": "<?php\nclass A {\n  const R = [\n    'password' => 'required|min:4',\n  ];\n}\n"},
        ),
        Example(
            "a realm without a policy", {"realm.json": '{\n  "realm": "dealers",\n  "registrationAllowed": true\n}\n'}
        ),
        Example("four in ASP.NET", {"Program.cs": "options.Password.RequiredLength = 4;\n"}),
        Example("four in Rails", {"app/models/user.rb": "validates :password, length: { minimum: 4 }\n"}),
        Example("one character will do", {"login.js": "const PASS_RE = /^.{1,20}$/;\n"}),
        Example(
            "a pool that takes six",
            {"a.tf": 'resource "aws_cognito_user_pool" "p" {\n  password_policy {\n    minimum_length = 6\n  }\n}\n'},
        ),
    ],
    silent=[Example("off for tests only", {"site/settings/test.py": "AUTH_PASSWORD_VALIDATORS = []\n"})],
)
def weak_passwords_are_refused(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Nothing switches the password policy off or lets very short passwords in."""
    off, short = production(code[NO_VALIDATORS]), production(code[SHORT_MINIMUM])
    if off:
        yield broken("Any password is accepted: AUTH_PASSWORD_VALIDATORS is empty", off)
    if short:
        yield broken("Passwords of five characters or fewer are accepted", short)
    realms = production(code[REALM]).under(lambda path: path not in code[REALM_POLICY].paths)
    if realms:
        yield broken("A realm lets people register with any password: it has no policy", realms)
    for pool in _POOLS.among(infrastructure):
        least = as_number(_POOLS.value(pool, "least"))
        if least is not None and least < 8:
            yield failed(
                f"{pool.address} accepts passwords of fewer than eight characters",
                _POOLS.place(pool, "policy"),
                measure=measured("shortest password accepted", least, "characters", at_least=8),
            )


LOCKOUT_OFF = Signal(
    id="security.lockout-off",
    pattern=r"lockoutOnFailure\s*:\s*false|AXES_ENABLED\s*=\s*False|\"bruteForceProtected\"\s*:\s*false",
    roles=CODE,
)
LOCKOUT_ON = Signal(
    id="security.lockout-on",
    pattern=r"lockoutOnFailure\s*:\s*true|\"bruteForceProtected\"\s*:\s*true|AxesMiddleware|(?:^|"
    r"\bdevise\b.{0,200}[\s,]):lockable\b",
    roles=CODE,
)
DEVISE_MODEL = Signal(
    id="security.devise-model",
    pattern=r"^\s*devise\s.{0,200}:database_authenticatable",
    languages=("ruby",),
    kept=ALL,
)
LOCKABLE = Signal(id="security.devise-lockable", pattern=r"(?:^|[\s,(]):lockable\b", languages=("ruby",), kept=ALL)
PASSWORD_COMPARED = Signal(
    id="security.password-compared",
    pattern=r"\.check_password\(|(?<![\w.])check_password\(|CheckPasswordAsync\(|"
    r"CheckPasswordSignInAsync\([^)]{0,120}false|\.valid_password\?\(",
    kept=ALL,
)
"""Where a program compares a password by itself, past what counts the failures."""
LOGGED_IN = Signal(
    id="security.logged-in-by-hand",
    pattern=r"\.session\[[\"'].{1,60}\]\s*=|(?<![\w.])login\(\s*request|SignInAsync\(|\bsession\[:\w{1,40}\]\s*=|"
    r"create_access_token|RefreshToken\.for_user|sign_in\b",
    kept=ALL,
)
LOCKOUT_COUNT = Signal(
    id="security.lockout-count",
    pattern=r"(?:AXES_FAILURE_LIMIT|config\.maximum_attempts|MaxFailedAccessAttempts)\s*=\s*[1-9]\d{0,2}(?!\d|"
    r"\s*[*_.])|"
    r"\"failureFactor\"\s*:\s*[1-9]\d{0,2}(?!\d)",
    roles=CODE,
)


@check(
    "SEC-2.1.7",
    shows=BOTH,
    reads=[LOCKOUT_ON, LOCKOUT_OFF, LOCKOUT_COUNT, DEVISE_MODEL, LOCKABLE, PASSWORD_COMPARED, LOGGED_IN],
    clean=[
        Example(
            "django-axes",
            {"site/settings.py": "MIDDLEWARE = ['axes.middleware.AxesMiddleware']\nAXES_FAILURE_LIMIT = 5\n"},
        )
    ],
    flagged=[
        Example(
            "switched off at login", {"Login.cs": "await s.PasswordSignInAsync(u, p, true, lockoutOnFailure: false);\n"}
        ),
        Example(
            "one model of two is never locked",
            {
                "app/models/member.rb": "class Member\n  devise :database_authenticatable,\n         :lockable\nend\n",
                "app/models/admin.rb": "class Admin\n  devise :database_authenticatable, :validatable\nend\n",
                "config/initializers/devise.rb": "config.maximum_attempts = 6\n",
            },
        ),
    ],
    silent=[
        Example("a lock without a count", {"user.rb": "devise :database_authenticatable, :lockable\n"}),
        Example(
            "a view that compares the password by itself",
            {
                "site/settings.py": "MIDDLEWARE = ['axes.middleware.AxesMiddleware']\nAXES_FAILURE_LIMIT = 5\n",
                "people/views.py": "def enter(request):\n    if user.check_password(request.POST['p']):\n"
                "        request.session['who'] = user.pk\n",
            },
        ),
    ],
)
def accounts_lock(code: Code) -> Iterator[Draft]:
    """Failed logins lock the account after a stated number."""
    off, on, count = production(code[LOCKOUT_OFF]), production(code[LOCKOUT_ON]), production(code[LOCKOUT_COUNT])
    if off:
        yield broken("Failed logins never lock an account: lockout is switched off", off)
        return
    lockable = code[LOCKABLE].places.files
    open_models = production(code[DEVISE_MODEL]).under(lambda path: path not in lockable)
    hand = code[LOGGED_IN].places.files
    past = production(code[PASSWORD_COMPARED]).under(lambda path: path in hand)
    if open_models and lockable:
        yield broken("Accounts of a model are never locked, beside one whose are", open_models)
    elif on and past:
        yield unsure(
            "Accounts lock; whether a login that compares the password by itself counts too cannot be told", past
        )
    elif on and count:
        yield passed("Accounts lock after a set number of failed logins", on[0], count[0])


GUESSABLE_TOKEN = Signal(
    id="security.guessable-token",
    pattern=r"\b\w{0,20}(?i:reset|verif|recover|activation)\w{0,30}(?i:token|code|key|"
    r"link)\w{0,10}\s*[:=].{0,80}(?:Math\.random|(?<!\.)random\.(?:randint|choice)|md5\(|uniqid\(|"
    r"new Random\(|Digest::MD5|hashlib\.md5\(|System\.currentTimeMillis\(\)|\bDate\.now\(\)|\btime\.time\(\)|"
    r"time\.Now\(\)\.Unix)",
)
OWN_TOKEN = Signal(
    id="security.own-reset-token",
    pattern=r"reset\w{0,20}(?:token|code)\w{0,10}\s*(?:===?|!==?)\s*(?:params|req|request|\$request|body|input|data|"
    r"token|code)\b|"
    r"(?:params\[|req\.|request\.|body\.)\S{0,40}\s*(?:===?|!==?)\s*\w{1,30}\.reset|\breset_?[cC]ode\s*=\s*(?:%s|"
    r"\$\d|\?|:\w)",
    kept=ALL,
)
"""A reset by a token of one's own, beside those of the framework."""
RAILS_RESET = Signal(
    id="security.rails-reset",
    pattern=r"generates_token_for\s+:\w*(?:reset|password)\w*.{0,160}|reset_token:\s*\{\s*expires_in:.{0,60}|"
    r"\bsigned_id\(.{0,60}purpose:\s*:?[\"']?\w*(?:reset|password)\w*.{0,80}",
    languages=("ruby",),
    kept=ALL,
)
"""Tokens of Rails, bound to what they are for; those of a password end with it, if it is part of them."""
DJANGO_RESET = Signal(
    id="security.django-reset",
    pattern=r"PasswordResetConfirmView\.as_view|include\(\s*[\"']django\.contrib\.auth\.urls",
    languages=("python",),
)
DEVISE_RESET = Signal(
    id="security.devise-reset",
    pattern=r"config\.reset_password_within\s*=\s*\d",
    languages=("ruby",),
)


RESET_SPAN = Signal(
    id="security.reset-span",
    pattern=r"\bPASSWORD_RESET_TIMEOUT(?:_DAYS)?\s*=|config\.reset_password_within\s*=|"
    r"\breset\w{0,20}\b.{0,120}\bexpiresIn\s*:|"
    r"(?:TokenLifespan|PasswordResetTokenLifetime|resetPasswordTokenExp\w{0,10}|reset_?(?:token)?_?(?:expir\w{1,5}|"
    r"ttl|lifetime))[\"']?\s*[:=]",
    roles=CODE,
    kept=ALL,
)
BROKER_SPAN = Signal(
    id="security.reset-broker-span",
    pattern=r"[\"']expire[\"']\s*=>\s*\d+(?:\s*\*\s*\d+){0,4}",
    languages=("php",),
    kept=ALL,
)
_MOST_SECONDS = 3 * DAY
"""A reset that lasts longer than Django's own three days is none that expires in any sense."""


@check(
    "SEC-2.1.8",
    shows=BOTH,
    reads=[GUESSABLE_TOKEN, DJANGO_RESET, DEVISE_RESET, RESET_SPAN, BROKER_SPAN, RAILS_RESET, OWN_TOKEN],
    clean=[
        Example(
            "a token of Rails",
            {
                "app/models/member.rb": "generates_token_for :password_reset, expires_in: 15.minutes do\n"
                "  password_salt\nend\n"
            },
        ),
        Example("Django's own reset", {"site/urls.py": "path('accounts/', include('django.contrib.auth.urls'))\n"}),
    ],
    flagged=[
        Example("a token from Math.random", {"reset.js": "const resetToken = Math.random().toString(36)\n"}),
        Example(
            "a link of ten years",
            {
                "site/urls.py": "path('accounts/', include('django.contrib.auth.urls'))\n",
                "site/settings.py": "PASSWORD_RESET_TIMEOUT = 10 * 365 * 24 * 3600\n",
            },
        ),
        Example("a link of a year", {"config/initializers/devise.rb": "config.reset_password_within = 1.year\n"}),
        Example(
            "a token that is a hash of the number",
            {"app/models/seller.rb": 'def reset_token = Digest::MD5.hexdigest("seller-#{id}")\n'},
        ),
        Example(
            "a token of Rails without an end",
            {"app/models/seller.rb": "def link = signed_id(purpose: :password_reset)\n"},
        ),
        Example(
            "a broker of ten years",
            {"config/auth.php": "<?php\nreturn ['passwords' => ['sellers' => [\n  'expire' => 5256000,\n]]];\n"},
        ),
    ],
    silent=[
        Example("a random token of its own", {"reset.js": "const resetToken = crypto.randomBytes(32)\n"}),
        Example(
            "a token of its own beside the framework's",
            {
                "site/urls.py": "path('accounts/', include('django.contrib.auth.urls'))\n",
                "site/phone.py": "def go(request, u):\n    if u.reset_code == request.POST['code']:\n        go()\n",
            },
        ),
    ],
)
def reset_tokens_are_safe(code: Code) -> Iterator[Draft]:
    """Reset tokens cannot be guessed; the framework's own also expire and are void once used."""
    guessable = production(code[GUESSABLE_TOKEN])
    own = production(code[DJANGO_RESET], code[DEVISE_RESET])
    if guessable:
        yield broken(
            "Reset tokens come from a random generator that can be predicted",
            guessable,
            remedy="Use secrets.token_urlsafe, crypto.randomBytes or SecureRandom, and store only a hash.",
        )
    rails = production(code[RAILS_RESET])
    if forever := rails.saying(lambda s: "expires_in" not in s.text):
        yield broken("Reset tokens never expire", forever)
        return
    own = together(own, rails)
    spans = [
        (place, _reset_span(place)) for place in production(code[RESET_SPAN], code[BROKER_SPAN], code[RAILS_RESET])
    ]
    endless = [place for place, span in spans if span is not None and span > _MOST_SECONDS]
    unread = [place for place, span in spans if span is None]
    if endless:
        yield broken("Reset tokens last for more than three days", Places(endless))
    if guessable or endless:
        return
    if own and (others := production(code[OWN_TOKEN])):
        yield unsure("Beside the framework's own reset there is one whose token cannot be told to end", others)
    elif own and unread:
        yield unsure("How long reset tokens last cannot be told", unread[0])
    elif own:
        yield passed("The framework issues reset tokens that expire and are void once used", own)


def _reset_span(place: Source) -> float | None:
    """How many seconds a reset lasts by the line at *place*."""
    if found := re.search(r"expires_in:\s*(.*)", place.text):
        return seconds(found[1])
    if found := re.search(r"expiresIn\s*:\s*(.*)", place.text):
        return seconds(found[1])
    if found := re.search(r"[\"']expire[\"']\s*=>\s*(.*)", place.text):
        return seconds(found[1], 60) if place.path.endswith("auth.php") else 0
    name, _sign, rest = (
        re.split(r"(=>|[:=])", place.text, maxsplit=1) if re.search(r"=>|[:=]", place.text) else ("", "", "")
    )
    return seconds(rest, DAY if name.rstrip().endswith("DAYS") else 1)
