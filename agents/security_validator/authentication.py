"""Judges who gets in and what they may do (2.1.4, 2.1.5, 2.1.9, 2.1.10, 2.1.11)."""

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
    Files,
    Infrastructure,
    Kubernetes,
    Places,
    Secrets,
    Signal,
    Source,
    check,
    each,
    examined,
    passed,
    together,
    unsure,
    words,
)

from ._credentials import STRONG, deployed, doubted, exposed, live, ruled, weak
from ._lines import CODE, broken, production
from ._manifests import EVERYBODYS, FALLBACK_KEY, PLAIN_PASSWORD, in_place, plain

OPEN_TO_ALL = Signal(
    id="security.open-to-all",
    pattern=r"anyRequest\(\)\s*\.\s*permitAll\(\)|(?:requestMatchers|"
    r"antMatchers)\(\s*\"/?\*\*\"\s*\)\s*\.\s*permitAll\(\)",
    languages=("java", "kotlin"),
)


@check(
    "SEC-2.1.4",
    shows=FAIL,
    reads=[OPEN_TO_ALL],
    clean=[
        Example(
            "denied by default",
            {"src/main/java/Web.java": "http.authorizeHttpRequests(a -> a.anyRequest().authenticated());\n"},
        )
    ],
    flagged=[
        Example(
            "everything is open",
            {"src/main/java/Web.java": "http.authorizeHttpRequests(a -> a.anyRequest().permitAll());\n"},
        )
    ],
)
def operations_are_authorised(code: Code) -> Iterator[Draft]:
    """No rule lets every caller do everything."""
    found = production(code[OPEN_TO_ALL])
    if found:
        yield broken("Every request is permitted without authorisation", found)


_SIGNING_WORDS = r"[A-Za-z][\w !@#%^&*.-]{2,80}"
SIGNING_KEY = Signal(
    id="security.signing-key-literal",
    pattern=rf"cookieParser\(\s*[\"']{_SIGNING_WORDS}[\"']\s*\)|"
    rf"createHmac\(\s*[\"']sha\d+[\"']\s*,\s*[\"']{_SIGNING_WORDS}[\"']|"
    rf"jwt\.(?:sign|verify|encode)\([^\"'`]{{1,80}},\s*[\"']{_SIGNING_WORDS}[\"']|"
    rf"\.secret_key\s*=\s*[\"']{_SIGNING_WORDS}[\"']|"
    rf"^\s*SECRET_KEY\s*=\s*[\"']{_SIGNING_WORDS}[\"']|\b(?i:cookie|session|"
    rf"jwt)_?(?i:secret|signing)?_?(?i:secret|key)[\"']?\s*[:=]\s*[\"']{_SIGNING_WORDS}[\"']|"
    rf"session\(\s*\{{[^}}]{{0,80}}secret:\s*[\"']{_SIGNING_WORDS}[\"']|"
    rf"config\[[\"']SECRET_KEY[\"']\]\s*=\s*[\"']{_SIGNING_WORDS}[\"']",
    kept=ALL,
)
DEFAULT_PASSWORD = Signal(
    id="security.default-password",
    pattern=r"\b(?i:default|initial|"
    r"seed)_?(?i:password)\b[\"']?\s*(?::\s*\w+\s*)?[:=]\s*[\"'](?=[^\"']{0,40}[\d@!#])[^\"'\s${}<>%]{6,40}[\"']",
)
_NAME_ONLY = re.compile(
    r"[\"'](?:[A-Z][A-Z0-9_]{2,}|[\w.]{1,40}(?:\.|/)[\w./]{1,60})[\"']\s*[,;)\]}]{0,3}\s*$|"
    r"\b(?i:cookie|session|jwt)_?(?i:key)[\"']?\s*[:=]\s*[\"'][a-z]{1,20}(?:[_:.-][a-z]{1,20}){0,3}[\"']"
)
"""What says where the key or what is signed with it is kept: a variable, a path, ``SessionKey = "auth_session"``."""
_PLAIN_VARIABLE = f"""apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: db}}
spec:
  template:
    spec:
      containers:
        - name: db
          env:
            - name: POSTGRES_PASS{"WORD"}
              value: kestrel
"""


_PARAMETER = """resource "aws_ssm_parameter" "pay" {
  name  = "/till/payment_api_key"
  type  = "SecureString"
  value = %s
}
"""


@check(
    "SEC-2.1.5",
    shows=BOTH,
    reads=[SIGNING_KEY, DEFAULT_PASSWORD, PLAIN_PASSWORD, EVERYBODYS, FALLBACK_KEY],
    clean=[
        Example("read from the environment", {"app.py": "import os\nKEY = os.environ['KEY']\n"}),
        Example("a parameter that is drawn elsewhere", {"pay.tf": _PARAMETER % "random_password.pay.result"}),
        Example("the name of a session", {"auth.go": 'const SessionKey = "auth_session"\n'}),
        Example("a sample in a test", {"tests/test_a.py": f"pass{'word'} = '{STRONG}'\n", "app.py": "print(1)\n"}),
    ],
    flagged=[
        Example("a password in code", {"db.py": f"pass{'word'} = '{STRONG}'\n"}),
        Example("a word signs all cookies", {"server.js": "app.use(cookieParser('mycat'))\n"}),
        Example("a word signs all tokens", {"Keys.cs": 'const string JWT_SECRET_KEY = "kestrelsFlyHighAtNoon";\n'}),
        Example("a key of sessions", {"auth.go": 'const SessionKey = "kestrelsFlyHigh8Noon"\n'}),
        Example("a word for each new account", {"Keys.cs": 'const string DEFAULT_PASSWORD = "kestrel@noon1";\n'}),
        Example("a word in the environment of a container", {"k8s/db.yaml": _PLAIN_VARIABLE}),
        Example("a parameter with its value", {"pay.tf": _PARAMETER % f'"{STRONG}"'}),
        Example("the default of a variable", {"v.tf": f'variable "password" {{\n  default = "{STRONG}"\n}}\n'}),
    ],
    silent=[
        Example("a weak word that may be one", {"users.yml": f"pass{'word'}: 'abc-1111'\n"}),
        Example("a plain word in the environment", {".env": "DB_PASSWORD=kestrel\n"}),
        Example(
            "a key to fall back on", {"config.py": "KEY = os.environ.get('SECRET_KEY') or 'nobody-will-think-of-it'\n"}
        ),
    ],
)
def no_credential_in_place(
    secrets: Secrets, code: Code, infrastructure: Infrastructure, kubernetes: Kubernetes, files: Files
) -> Iterator[Draft]:
    """Code and configuration hold no credential, no signing key and no default password."""
    found = live(secrets.found)
    signing = production(code[SIGNING_KEY]).saying(lambda s: not _NAME_ONLY.search(s.text)).bare()
    defaults = _default_passwords(infrastructure)
    if found:
        yield exposed(secrets, "in place", "SEC-2.1.5", secrets.files, "files searched")
    if signing:
        yield broken("Sessions or tokens are signed with a key that stands in the code", signing)
    if defaults:
        yield broken("A variable has a password as its default", Places(defaults))
    if objects := in_place(kubernetes, {c.source for c in found}):
        yield deployed(objects, "in place")
    if given := production(code[DEFAULT_PASSWORD]).bare():
        yield broken("Accounts are created with a password that stands in the code", given, medium=True)
    if found or signing or defaults or objects or given:
        return
    counts = (examined(secrets.files, "files"), examined(secrets.rules, "shapes of credentials"), *ruled(secrets))
    unread = [f for f in files.entries if f.size > 5_000_000 and f.role in CODE]
    doubtful = together(weak(secrets), plain(code))
    if doubtful:
        yield unsure(f"{doubtful[0]} may hold a weak password", doubtful, *counts)
    elif unread:
        yield unsure(f"{unread[0].path} is too large to be searched", *counts)
    elif why := doubted(secrets):
        yield unsure(why, *counts)
    elif secrets.files:
        yield passed("No file holds a credential", *counts)


def _default_passwords(infrastructure: Infrastructure) -> list[Source]:
    named = re.compile(r"passw|secret|token|api_?key", re.IGNORECASE)
    return [
        b.at("default")
        for b in infrastructure.of_kind("variable")
        if named.search(b.label)
        and not re.search(r"name|arn|path|id$|length|type|version", b.label)
        and re.fullmatch(r"(?=.*\d)[^\s$/]{8,200}", str(b.get("default") or ""))
    ]


OAUTH_LIBRARY = Signal(
    id="security.oauth-library",
    pattern=words("calls/login-libraries").pattern,
    roles=CODE,
)
IMPLICIT_FLOW = Signal(
    id="security.oauth-implicit",
    pattern=r"response_?type[\"']?\s*[=:]\s*[\"']?(?:id_token|token)\b(?! ?\w)|"
    r"response_?type[\"']?\s*[=:]\s*[\"'](?:id_token token|token id_token)\b",
)
UNCHECKED_ANSWER = Signal(
    id="security.oauth-unchecked",
    pattern=r"provider_ignores_state:\s*true|require_state:\s*false|Require(?:Nonce|State(?:Validation)?)\s*=\s*false|"
    r"[\"']?(?:STATE_CHECK|use_?nonce|use_?state|checkState|validate_?state|disablePkce)[\"']?\s*[=:]\s*(?:false\b|"
    r"0\b)|"
    r"checks\s*:\s*\[\s*(?:[\"']none[\"']\s*)?\]|Validate(?:Issuer|Audience|Lifetime|IssuerSigningKey)\s*=\s*false|"
    r"insecure_disable_signature_validation|"
    r"verify_(?:aud|iss)[\"']?\s*[:=]\s*False|validate_aud\s*=\s*false|skip_?state_?check[\"']?\s*[=:]\s*true|"
    r"SkipExpiryCheck\s*:\s*true|"
    r"(?-i:InsecureSkip\w{0,12}(?:Signature|Issuer|Nonce|Expiry|ClientID)\w{0,12}Check|InsecureIssuerURLContext)|"
    r"->stateless\(\)|skip_jwt_verification:\s*true",
    roles=CODE,
    kept=ALL,
)
"""What tells a library of logins to leave out the checks that it is for."""
EXCHANGED_BY_HAND = Signal(
    id="security.oauth-by-hand",
    pattern=r"grant_?type[\"']?\s*(?:=>|[=:,]|\.)\s*[\"']?authorization_code\b|"
    r"(?:RequestParam|FromQuery|\breq(?:uest)?\.(?:query|params|args|GET)|params\[:?|getParameter|QueryParam|"
    r"\.Query\(\)\.Get|FormValue)\W{0,12}"
    r"(?:name\s*=\s*)?[\"']?\b(?:access_token|id_token)\b|"
    r"(?:location|window\.location)\.hash.{0,80}(?:access|id)_token",
    kept=ALL,
)
"""A code that the program exchanges by itself, or a token that it takes out of the address."""
UNVERIFIED = Signal(
    id="security.token-read-unverified",
    pattern=r"split\(\s*[\"']\.[\"']\s*\)\s*(?:\[1\]|\.at\(1\)|\.\w{1,10}\(1\))|\bjwt_?[dD]ecode\(|"
    r"verify_signature[\"']?\s*[:=]\s*False|\batob\(|"
    r"ParseUnverified\(|JwtSecurityTokenHandler\(\)\.ReadJwtToken|JWT\.decode\([^)]{0,80},\s*nil\s*,\s*false|"
    r"decodeJwt\(|dangerous_?insecure_decode",
    kept=ALL,
)
"""What a token says, read without a look at who signed it."""
_TAKEN = re.compile(r"access_token|id_token")
OWN_KEY = Signal(
    id="security.token-of-ones-own",
    pattern=r"\bSymmetricSecurityKey\(|\bHS(?:256|384|512)\b|\bHmacSha(?:256|384|512)|SigningMethodHS|"
    r"secretOrPrivateKey|\bhmacShaKeyFor\(|withSecretKey\(",
    kept=ALL,
)
"""A key that the service shares with nobody: who signs with it is itself, and no other party logs anybody in."""
OF_OTHERS = Signal(
    id="security.token-of-others",
    pattern=r"\bAuthority\s*=|MetadataAddress|AddOpenIdConnect|AddMicrosoftIdentity|\bjwks_?(?:uri|client)|issuer-uri|"
    r"\bwell-known/|AddOAuth\(|AddGoogle\(",
    kept=ALL,
)
_OF_TOKENS = re.compile(r"Validate(?:Issuer|Audience|Lifetime|IssuerSigningKey)|verify_(?:aud|iss)|validate_aud")
_COMMAND = re.compile(r"(?:^|/)(?:cmd|cli|commands?|bin)/", re.IGNORECASE)
"""Programs that people run at their own machine: who signed the token, the service asks."""


@check(
    "SEC-2.1.9",
    shows=BOTH,
    reads=[OAUTH_LIBRARY, IMPLICIT_FLOW, UNCHECKED_ANSWER, EXCHANGED_BY_HAND, UNVERIFIED, OWN_KEY, OF_OTHERS],
    clean=[Example("Authlib", {"auth.py": "from authlib.integrations.flask_client import OAuth\n"})],
    flagged=[
        Example(
            "a token out of the address",
            {
                "src/main/java/Guard.java": "http.oauth2Login(withDefaults());\n",
                "src/main/java/Social.java": 'String in(@RequestParam("access_token") String t) { return t; }\n',
            },
        ),
        Example(
            "the state is ignored",
            {
                "config/initializers/omniauth.rb": "use OmniAuth::Builder do\n"
                "  provider :oidc, provider_ignores_state: true\nend\n"
            },
        ),
        Example(
            "an identity server whose issuer nobody compares",
            {
                "Program.cs": "auth.AddJwtBearer(o => {\n  o.Authority = idp;\n"
                "  o.TokenValidationParameters = new() { ValidateIssuer = false };\n});\n"
            },
        ),
        Example(
            "no nonce is asked for",
            {"Program.cs": 'auth.AddOpenIdConnect("a", o => {\n  o.ProtocolValidator.RequireNonce = false;\n});\n'},
        ),
    ],
    silent=[
        Example(
            "a second provider by hand",
            {
                "auth.py": "from authlib.integrations.flask_client import OAuth\n",
                "second.py": "r = post(url, data={'code': code, 'grant_type': 'authorization_code'})\n",
            },
        ),
        Example(
            "tokens that the service signs itself, with a key of its own",
            {
                "Program.cs": "auth.AddJwtBearer(o => {\n  o.TokenValidationParameters = new() {\n"
                "    IssuerSigningKey = new SymmetricSecurityKey(key),\n    ValidateIssuer = false,\n  };\n});\n"
            },
        ),
        Example(
            "a command that takes a token back from the browser, and shows whose it is",
            {
                "cmd/shop/commands/login.go": "package commands\n\nfunc login(r *http.Request) {\n"
                '\ttoken := r.FormValue("id_token")\n\tjwt.NewParser().ParseUnverified(token, &claims)\n}\n'
            },
        ),
        Example(
            "a token in the address, taken by hand",
            {"login.ts": "location.href = `${idp}?client_id=1&response_type=token`\n"},
        ),
    ],
)
def third_party_login_uses_a_library(code: Code) -> Iterator[Draft]:
    """Logins through others go through a library, not through tokens read out of the address."""
    implicit, library = production(code[IMPLICIT_FLOW]), production(code[OAUTH_LIBRARY])
    unchecked, hand = production(code[UNCHECKED_ANSWER]), production(code[EXCHANGED_BY_HAND])
    own = {path for path in code[OWN_KEY].paths if path not in code[OF_OTHERS].paths}
    unchecked = unchecked.saying(lambda s: not (_OF_TOKENS.search(s.text) and s.path in own))
    library = library.under(lambda path: path not in own)
    served = hand.under(lambda path: not _COMMAND.search(path))
    if unchecked:
        yield broken("A login through others leaves out the check of state, nonce or signature", unchecked)
    elif taken := served.saying(lambda s: _TAKEN.search(s.text) is not None or s.path in code[UNVERIFIED].places.files):
        yield broken("A login through others takes a token whose signature nobody checks", taken, medium=True)
    elif hand:
        text = "{number:place} {takes} a code or a token of another party by hand; what is checked cannot be told"
        yield unsure(each(hand).say(text))
    elif implicit:
        text = "{number:place} {asks} for the implicit flow; whether somebody logs in by it cannot be told"
        yield unsure(each(implicit).say(text))
    elif library:
        yield passed("Login through others uses a maintained library", library, confidence="medium")


BIOMETRICS = Signal(
    id="security.biometrics",
    pattern=words("calls/biometrics").pattern,
)


OFFERED_IF = Signal(
    id="security.biometrics-offered-if",
    pattern=r"\{\s*!?\w{0,30}(?:biometric|face_?id|touch_?id|fingerprint|passkey)\w{0,30}\s*(?:&&|\?)|"
    r"\bif\s*\(\s*!?[\w.]{0,40}(?:biometric|face_?id|touch_?id|fingerprint)\w{0,20}(?:enabled|flag|switch)?\s*\)|"
    r"(?:biometric|face_?id|touch_?id)\w{0,20}\s*=\s*false\b",
)
"""Where the way in is offered only if something says so."""
APP = Signal(
    id="security.app-of-a-phone", pattern=r"com\.android\.application\b", roles=("source", "config", "infra", "other")
)


@check(
    "SEC-2.1.10",
    shows=PASS,
    reads=[BIOMETRICS, OFFERED_IF, APP],
    clean=[Example("Face ID", {"App/Login.swift": "let context = LAContext()\n"})],
    silent=[
        Example(
            "behind a switch that is off",
            {
                "App.js": "import * as LocalAuthentication from 'expo-local-authentication'\n"
                "const BIOMETRICS = false\nexport const Login = () => BIOMETRICS && <Button onPress={unlock} />\n"
            },
        ),
        Example(
            "one of two apps",
            {
                "app/build.gradle": 'apply plugin: "com.android.application"\n',
                "app/src/main/java/Login.java": "class Login { void f() { new BiometricPrompt(this, e, c); } }\n",
                "driver/build.gradle": 'apply plugin: "com.android.application"\n',
            },
        ),
    ],
    flagged=[Example("a password only", {"App/Login.swift": "let field = UITextField()\n"})],
)
def app_offers_biometrics(code: Code) -> Iterator[Draft]:
    """The app asks the device to recognise its owner."""
    found = production(code[BIOMETRICS])
    apps = {path.rpartition("/")[0] for path in code[APP].places.files}
    without = [app for app in sorted(apps) if app and not any(path.startswith(f"{app}/") for path in found.files)]
    if found and (switch := production(code[OFFERED_IF])):
        yield unsure("Biometric login is offered only where something says so", switch, found)
    elif found and len(apps) > 1 and without:
        yield unsure(f"One app offers biometric login; that {without[0]} does cannot be seen", found)
    elif found:
        yield passed("The app offers biometric login", found)


SINGLE_SIGN_ON = Signal(
    id="security.sso",
    pattern=words("calls/enterprise-logins").pattern,
)


SWITCHED_OFF = Signal(
    id="security.sso-off",
    pattern=r"(?<![a-z])(?:sso|saml|single_?sign_?on|enterprise_?login)\w{0,20}[\"'\]]{0,2}\s*[:=]\s*[\"']?(?:false|0|off)\b",
    roles=("source", "config", "infra"),
)


@check(
    "SEC-2.1.11",
    shows=PASS,
    reads=[SINGLE_SIGN_ON, SWITCHED_OFF],
    silent=[
        Example("switched off", {"sso.py": "from onelogin.saml2.auth import OneLogin_Saml2_Auth\n\nSSO = False\n"})
    ],
    clean=[Example("SAML", {"sso.py": "from onelogin.saml2.auth import OneLogin_Saml2_Auth\n"})],
    flagged=[Example("passwords only", {"login.py": "def login(password): ...\n"})],
)
def enterprises_can_sign_on(code: Code) -> Iterator[Draft]:
    """A SAML or enterprise connection is part of the code."""
    found = production(code[SINGLE_SIGN_ON])
    if found and (off := production(code[SWITCHED_OFF])):
        yield unsure("Enterprise single sign-on is built in, and switched off by a word", off, found)
    elif found:
        yield passed("Enterprise single sign-on is built in", found)
