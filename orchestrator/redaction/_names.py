"""Tells by a name that its value is secret, and by a value that it is only a placeholder for one."""

from __future__ import annotations

import re
from functools import lru_cache

from ..host.late import late

_PARTS = late(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOUNS = frozenset((
    *("password", "passwords", "passwd", "passphrase", "passcode", "passkey", "pwd", "pass", "pw", "pswd", "psk"),
    *("secret", "token", "credential", "credentials", "creds", "apikey", "authkey", "accesskey", "secretkey"),
    *("privatekey", "accountkey", "sharedaccesskey", "requirepass", "masterauth", "storepass", "keypass"),
    *("pgpassword", "authtoken", "identitytoken", "registrytoken", "accesstoken", "clientsecret", "dbpassword"),
    *("rootpassword",),
))  # fmt: skip
_BEFORE_KEY = frozenset((
    *("api", "access", "private", "secret", "auth", "encryption", "encrypt", "signing", "account", "shared"),
    *("master", "crypto", "cipher", "hmac", "jwt", "session", "ssh", "license", "licence", "webhook", "service"),
    *("storage", "deploy", "aes", "application", "client", "security", "admin", "consumer", "subscription"),
    *("functions", "instrumentation"),
))  # fmt: skip
_TAILS = frozenset((
    *("value", "string", "b", "64", "base", "plain", "plaintext", "text", "prod", "production", "live"),
    *("staging", "stage", "dev", "development", "test", "default", "current", "previous", "old", "new", "admin"),
    *("root", "user", "db", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
))  # fmt: skip
_NOT_BEFORE = frozenset((
    *("public", "publishable", "next", "page", "continuation", "max", "min", "no", "cancel", "cancellation"),
    *("pagination", "forgot", "reset", "invalid", "wrong", "missing", "parser", "lexer", "css", "design", "syntax"),
    *("stop", "bos", "eos", "pad", "unk", "mask", "num", "total", "prompt", "completion", "show", "hide", "toggle"),
))  # fmt: skip


@lru_cache(maxsize=8_192)
def telling(name: str) -> bool:
    """Whether what *name* is given is kept secret, as people name things: ``DB_PASSWORD``, ``apiKey``, ``x.token``."""
    parts = [part.lower() for part in _PARTS.findall(name[-120:])]
    whose = next((at for at, part in enumerate(parts) if part in ("for", "of") and at), len(parts))
    del parts[whose:]
    key_base = parts[-2:] == ["key", "base"]
    while len(parts) > 1 and (parts[-1] in _TAILS or parts[-1].isdigit()) and parts[-1] not in _NOUNS:
        parts.pop()
    if not parts:
        return False
    if parts[-1] == "key":
        return len(parts) > 1 and (parts[-2] in _BEFORE_KEY or key_base)
    return parts[-1] in _NOUNS and not (len(parts) > 1 and parts[-2] in _NOT_BEFORE)


_REFERENCE = late(
    r"\s*(?:"
    r"\[withheld|sha\d{1,3}[:-][0-9a-f]|ENC\[|ref\+|secretref[:+]|secretKeyRef|valueFrom|inherit$|"
    r"\$\{[^}]*$|\$\{\{|\$\{[^}:]*\}$|\$\([^)]*\)?$|\$[A-Za-z_]\w*$|\$env:\w+$|%[A-Za-z_]\w*%$|#\{|\{\{|\{%|<%|<[^<>]{0,80}>?$|"
    r"@(?:Microsoft\.KeyVault|[A-Z_]+@)|!(?:Ref|GetAtt|Sub|ImportValue|secret|vault|env_var)\b|"
    r"(?:arn|vault|ssm|op|file|env|akv|gcpkms|awskms|projects|secretsmanager|keyvault|bws|doppler)(?:://|:aws|/)|"
    r"(?:var|local|data|module|each|self|path|terraform|random_\w+|aws_\w+|azurerm_\w+|google_\w+|tls_\w+|vault_\w+|"
    r"process\.env|os\.environ|config|settings|secrets|env|steps|inputs|params|vars|import\.meta|System|Deno|ENV)[.\[]|"
    r"\w[\w.:]{0,60}\([^)]*\)?[;,]?$|"
    r"(?:/|\./|\.\./|~/)[\w./-]+$|[A-Za-z]:\\|"
    r"[\W_]*$|\[[A-Za-z_]*$|%[sdvq]$|[x*•-]{3,}$|[.…]+$|\{[A-Za-z_][\w.!:\[\]]{0,60}\}?$|\*+$|__\w{1,60}__|[^$]{0,60}\$\{[a-z]\w*\.[\w.\[\]*-]{1,200}\}"
    r")"
)
_WORD_OF_LANGUAGE = late(
    r"\s*(?:(?:str(?:ing)?|bytes|byte\[\]|bool(?:ean)?|int(?:eger)?|number|float|any|object|null|none|nil|undefined|"
    r"true|false|yes|no|on|off|required|optional|unknown|never|void|text|varchar|char|prompt|ask|inherit|enabled|disabled|"
    r"password|passwd|secret|token|key|credentials?)[?!]?|(?:optional|list|secret)\[\w+\]|\d{1,3}|SecretStr|SecureString)\s*",
    re.IGNORECASE,
)


def refers(value: str) -> bool:
    """Whether *value* says where the secret comes from."""
    return not value.strip() or _REFERENCE.match(value) is not None


def stands_in(value: str) -> bool:
    """Whether *value* says where the secret comes from, or what type it has, and is not the secret itself."""
    return refers(value) or _WORD_OF_LANGUAGE.fullmatch(value) is not None
