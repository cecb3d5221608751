"""Keys that no one provider issues, tokens that anybody signs, and headers that carry them."""

from __future__ import annotations

from ._shape import loose, token

_ANY_TOKEN = r"(?i:bearer|basic|token)[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,2000})"

SHAPES = (
    loose(
        "private-key",
        "LS0tLS1CRUdJTi",
        r"LS0tLS1CRUdJTi(?:BQUklWQVRFIEtFW|BSU0EgUFJJVkFURSBLRV|BFQyBQUklWQVRFIEtFW|BPUEVOU1NIIFBSSVZBVEUgS0VZ|"
        r"BEU0EgUFJJVkFURSBLRV|BFTkNSWVBURUQgUFJJVkFURSBLRV|BQR1AgUFJJVkFURSBLRVkgQkxPQ0)[A-Za-z0-9+/]{60,12000}={0,2}",
        "https://www.rfc-editor.org/rfc/rfc7468",
    ),
    loose(
        "private-key",
        "b3BlbnNzaC1rZXktdjE",
        r"b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/]{40,12000}={0,2}",
        "https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key",
    ),
    loose(
        "private-key",
        "private-lines:",
        r"Private-Lines:[ \t]{1,4}\d{1,3}\r?\n((?:[A-Za-z0-9+/=]{40,100}+\r?\n){1,99}(?:[A-Za-z0-9+/=]{1,64}+\r?\n)?)",
        "https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html",
    ),
    loose(
        "private-key",
        "SSH2␣ENCRYPTED␣PRIVATE",
        r"SSH2 ENCRYPTED PRIVATE KEY ----\r?\n(?:[A-Z][\w-]{1,30}+: [^\r\n]{0,200}+\r?\n){0,4}"
        r"([A-Za-z0-9+/=\r\n]{60,12000})",
        "https://www.rfc-editor.org/rfc/rfc4716",
    ),
    loose(
        "wireguard-key",
        "privatekey presharedkey",
        r"(?:PrivateKey|PresharedKey|privateKey)[\"']?[ \t]{0,4}[=:][ \t]{0,4}[\"']?"
        r"([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)",
        "https://man7.org/linux/man-pages/man8/wg.8.html",
    ),
    token("age-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{58}", "betterleaks.age-secret-key"),
    token(
        "age-key", "AGE-SECRET-KEY-PQ-1", r"AGE-SECRET-KEY-PQ-1[A-Z0-9]{58,120}", "https://github.com/FiloSottile/age"
    ),
    token(
        "json-web-token",
        "eyJ",
        r"eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20,1000}",
        "betterleaks.jwt",
        confidence="medium",
    ),
    token(
        "json-web-token",
        "ZXlKaGJHY2lPaU ZXlKMGVYQWlPaU ZXlKcmFXUWlPaU",
        r"ZXlK(?:aGJHY2lPaU|MGVYQWlPaU|cmFXUWlPaU)[A-Za-z0-9+/]{60,6000}={0,2}",
        "betterleaks.jwt-base64",
        confidence="medium",
    ),
    loose(
        "json-web-key",
        '"d"',
        r"\"d\"[ \t]{0,4}:[ \t]{0,4}\"([\w-]{43,700})\"",
        "https://www.rfc-editor.org/rfc/rfc7517",
        confidence="medium",
    ),
    loose(
        "authorization-header",
        "authorization",
        r"(?i:authorization)[\"']?\]?[ \t]{0,4}[:=,][ \t]{0,4}[\"'`]?" + _ANY_TOKEN,
        "https://www.rfc-editor.org/rfc/rfc6750",
        confidence="medium",
    ),
    loose(
        "session-cookie",
        "cookie",
        r"(?i:cookie)[\"']?[ \t]{0,4}[:=,][ \t]{0,4}[\"'`]?[\w.-]{1,60}+=([\w%.+/-]{16,500}+)",
        "https://www.rfc-editor.org/rfc/rfc6265",
        confidence="medium",
    ),
)
