"""Judges how passwords are chosen, guessed, stored and reset (2.1.1, 2.1.2, 2.1.7, 2.1.8)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import (
    BOTH,
    FAIL,
    Code,
    Draft,
    Example,
    Infrastructure,
    Signal,
    Typed,
    as_number,
    check,
    examined,
    failed,
    measured,
    passed,
)

from ._lines import CODE, broken, production

_POOLS = Typed("resources/user-pools")
WEAK_HASH = Signal(
    id="security.weak-password-hash",
    pattern=r"(?:UnsaltedMD5|MD5|SHA1|UnsaltedSHA1)PasswordHasher|\b(?:md5|sha1)(?:Hex|"
    r"sum)?\(\s*[\w.$\[\]\"']{0,40}(?i:passw)\w{0,20}|"
    r"createHash\(\s*[\"'](?:md5|sha1)[\"']\s*\).{0,60}(?i:passw)\w{0,20}|\b\w{0,20}(?i:passw)\w{0,20}\s*[:=]{1,2}\s*[\w.]{0,30}(?:md5|sha1)\(|"
    r"export const hash\b.{0,60}createHash\(\s*[\"']md5",
    roles=CODE,
)
NO_ALGORITHM = Signal(
    id="security.jwt-alg-none",
    pattern=r"\balgorithms?[\"']?\s*[:=]\s*\[?\s*[\"']none[\"']|SigningMethodNone|UnsafeAllowNoneSignatureType",
)
ANY_ALGORITHM = Signal(
    id="security.jwt-any-algorithm",
    pattern=r"\b(?:expressJwt|expressjwt|expressJWT|express_jwt)\(\s*\(?\s*\{(?![^}]{0,200}algorithms)[^}]{0,200}\bsecret\b[^}]{0,200}\}",
    languages=("javascript", "typescript"),
)
OTP_ADMIN = Signal(id="security.admin-otp", words=("otpadminsite", "adminsiteotprequired"), languages=("python",))


@check(
    "SEC-2.1.1",
    shows=BOTH,
    reads=[WEAK_HASH, NO_ALGORITHM, ANY_ALGORITHM, OTP_ADMIN],
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
    ],
    silent=[Example("fast hashes in tests' settings", {"site/settings/test.py": "H = ['MD5PasswordHasher']\n"})],
)
def authentication_is_strong(code: Code, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Passwords are not kept as quick hashes, tokens are signed, administrators need a second factor."""
    hashes, unsigned = production(code[WEAK_HASH]), production(code[NO_ALGORITHM])
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
    if hashes or unsigned or lax:
        return
    admin = production(code[OTP_ADMIN])
    pools = _POOLS.among(infrastructure)
    if admin:
        yield passed("The admin site lets nobody in without a second factor", admin, confidence="medium")
    elif pools and all(_POOLS.says(p, "second_factor").value for p in pools):
        count = examined(len(pools), "user pools")
        places = [_POOLS.place(pool, "second_factor") for pool in pools]
        yield passed("Every user pool insists on a second factor", *places, count)


NO_VALIDATORS = Signal(
    id="security.no-password-validators",
    pattern=r"AUTH_PASSWORD_VALIDATORS\s*=\s*[\[(]\s*[\])]",
    languages=("python",),
)
SHORT_MINIMUM = Signal(
    id="security.short-password",
    pattern=r"\b\w{0,30}(?i:passw).{0,120}(?i:min_?length)[\"']?\s*[(:=]\s*\{?\s*(?:value\s*[:=]\s*)?[\"']?[2-5]\b|"
    r"\b\w{0,30}(?i:passw).{0,120}isLength\(\s*\{?\s*(?:min\s*:\s*)?[1-5]\b|\b(?i:pass)\w{0,20}\s*=\s*/\^\.\{[0-5],|"
    r"@Size\(\s*min\s*=\s*[1-5]\b.{0,60}(?i:passw)\w{0,30}",
)


@check(
    "SEC-2.1.2",
    shows=FAIL,
    reads=[NO_VALIDATORS, SHORT_MINIMUM],
    clean=[Example("twelve characters", {"register.ts": "password: ['', Validators.minLength(12)]\n"})],
    flagged=[
        Example("validators switched off", {"site/settings.py": "AUTH_PASSWORD_VALIDATORS = []\n"}),
        Example(
            "five characters will do", {"register.ts": "password = new FormControl('', Validators.minLength(5))\n"}
        ),
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
    pattern=r"lockoutOnFailure\s*:\s*true|\"bruteForceProtected\"\s*:\s*true|AxesMiddleware|devise\b.{0,200}:lockable",
    roles=CODE,
)
LOCKOUT_COUNT = Signal(
    id="security.lockout-count",
    pattern=r"(?:AXES_FAILURE_LIMIT|config\.maximum_attempts|MaxFailedAccessAttempts)\s*=\s*[1-9]\d{0,2}(?!\d|\s*[*_.])|"
    r"\"failureFactor\"\s*:\s*[1-9]\d{0,2}(?!\d)",
    roles=CODE,
)


@check(
    "SEC-2.1.7",
    shows=BOTH,
    reads=[LOCKOUT_ON, LOCKOUT_OFF, LOCKOUT_COUNT],
    clean=[
        Example(
            "django-axes",
            {"site/settings.py": "MIDDLEWARE = ['axes.middleware.AxesMiddleware']\nAXES_FAILURE_LIMIT = 5\n"},
        )
    ],
    flagged=[
        Example(
            "switched off at login", {"Login.cs": "await s.PasswordSignInAsync(u, p, true, lockoutOnFailure: false);\n"}
        )
    ],
    silent=[Example("a lock without a count", {"user.rb": "devise :database_authenticatable, :lockable\n"})],
)
def accounts_lock(code: Code) -> Iterator[Draft]:
    """Failed logins lock the account after a stated number."""
    off, on, count = production(code[LOCKOUT_OFF]), production(code[LOCKOUT_ON]), production(code[LOCKOUT_COUNT])
    if off:
        yield broken("Failed logins never lock an account: lockout is switched off", off)
    elif on and count:
        yield passed("Accounts lock after a set number of failed logins", on[0], count[0])


GUESSABLE_TOKEN = Signal(
    id="security.guessable-token",
    pattern=r"\b\w{0,20}(?i:reset|verif|recover|activation)\w{0,30}(?i:token|code|key|"
    r"link)\w{0,10}\s*[:=].{0,80}(?:Math\.random|(?<!\.)random\.(?:randint|choice)|md5\(|uniqid\(|"
    r"new Random\()",
)
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


@check(
    "SEC-2.1.8",
    shows=BOTH,
    reads=[GUESSABLE_TOKEN, DJANGO_RESET, DEVISE_RESET],
    clean=[Example("Django's own reset", {"site/urls.py": "path('accounts/', include('django.contrib.auth.urls'))\n"})],
    flagged=[Example("a token from Math.random", {"reset.js": "const resetToken = Math.random().toString(36)\n"})],
    silent=[Example("a random token of its own", {"reset.js": "const resetToken = crypto.randomBytes(32)\n"})],
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
    elif own:
        yield passed("The framework issues reset tokens that expire and are void once used", own)
