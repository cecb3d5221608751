"""Weighs whether a value that something names a credential is one, or only a placeholder for one."""

from __future__ import annotations

import base64
import math
import re
from collections import Counter

from ..formats.tokens import Confidence
from ..host.late import late
from ._names import telling

SAMPLE = re.compile(
    rb"example|sample|changeme|change[_-]?(?:me|this|it)|placeholder|dummy|redacted|your[_-]?|my[_-]?(?:secret|password|token|key)|"
    rb"replace|insert|xxxx|\*\*\*|\.\.\.|0000000|1234567890|abcdefgh|deadbeef|eyJzdWIiOiIxMjM0NTY3ODkwI|fake|not[_-]?a?[_-]?(?:real|secret)|"
    rb"todo|fixme|lorem|foobar",
    re.IGNORECASE,
)
_TEMPLATE = late(
    rb"\$[{(]|(?<![A-Za-z0-9])\$[A-Za-z_]|\{\{|#\{|<[%A-Za-z_]|%[({sd]|\{[A-Za-z_]\w*\}|@[A-Z_]+@|__\w+__|\(\?[:=!P]|\[[^\]\s]{1,40}\][{+*]|\{\d"
)
_KEYWORD = (
    rb"(?i:str(?:ing)?|bytes|bool(?:ean)?|int|number|any|object|null|none|nil|true|false|undefined|"
    rb"required|optional|optional\[\w+\]|unknown|never|void|text|varchar|char|password|secret|token|key|passwd)[?!]?|"
    rb"/[\w./-]+"
)
KEYWORD = re.compile(_KEYWORD)
"""What stands where a credential would, and is a word of a language, the name of the thing itself or a path."""
EXPRESSION = re.compile(
    rb"[A-Za-z_]\w*(?:\.\w+)+|\w*_(?:password|secret|token|key|passwd)|\w*[a-z0-9](?:Password|Secret|Token|Key)|"
    + _KEYWORD
)
_PATHLIKE = late(
    rb"(?:https?|file|arn|vault|ssm|op|env|projects|kms|urn):|^[./~]|\.(?:pem|key|json|ya?ml|txt|html?|crt|env|js|ts|py|php|rb|go)$|"
    rb"^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$|process\.env|os\.environ|getenv|^secrets?\."
)
_OTHER_NAMES = late(
    rb"public|csrf|xsrf|max_?|page_?|continuation|cancel|syntax|design|placeholder|invalid|wrong|mock|fake|dummy|example|test|bogus|"
    rb"missing|forgot|reset|expected|label|hash|i18n|translat|next_?|no_|bad_?|lexer|parser|css|icon|type",
    re.IGNORECASE,
)
_OTHERS = late(
    rb"(?:csrf|xsrf)[\w-]{0,20}token|hashed|public[._-]?key[._-]?token|(?<![A-Za-z])(?:fake|dummy|mock|example|sample|test|bogus|expected|label|placeholder|icon|i18n)"
    rb"[._-]?(?:db|api|user|admin|root|auth|access|secret)?[._-]?(?:passw|pass_?phrase|pwd|secret|token|credential|\w{0,10}key)",
    re.IGNORECASE,
)
"""Names of what is none though they end as if it were: of a form, of a label, of a test."""
_WORDY = late(rb"[A-Za-z]+(?:[ ._:/@#+-]+[A-Za-z]+)*[.!?:]?\d?")
_UUID = late(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""What a number for something is, such as the kind of passkeys that a vendor makes, and nothing that anybody types."""
_NUMBERED = late(rb"\d{1,14}(?:_[a-z]+\d{0,3})+")
"""The name of a migration, as another one depends on it: ``("authtoken", "0004_alter_options")``."""
_RULES = late(
    rb"(?:bail|confirmed|filled|nullable|present|required|sometimes|string)(?:_[a-z_]{1,30})?"
    rb"(?::[^|]{0,80})?(?:\|[a-z_]{2,30}(?::[^|]{0,80})?)+"
)
"""
What a form's field has to be, as Laravel writes it: ``'password' => 'required|string|min:8'``; what follows the last
colon may be joined to it.
"""
_ACTION = late(rb"(?:[A-Za-z]\w{0,60}\\{1,2}){0,8}[A-Z]\w{0,60}Controller@[A-Za-z]\w{0,60}")
"""What answers a route: ``Route::post('change-password', 'Api\\PasswordController@change')``."""
_EXPRESSIONS = late(rb"[A-Za-z_$]\w{0,2},[A-Za-z_$][\w$.]{1,60}[=(].{0,160}", re.DOTALL)
"""Two expressions of a script that was made small: ``t.password=e,t.checkPasswordOnly=!0;``."""
_BRACKETED = late(rb"\[[A-Za-z][A-Za-z_-]{2,30}\]|<[A-Za-z][A-Za-z_-]{2,30}>|\*{1,3}[A-Za-z][A-Za-z_-]{2,30}\*{1,3}")
"""What is put in the place of one: ``user.setPassword("[PROTECTED]")``."""
_RATE = late(rb"\d{1,7}/\w{1,8}(?:/\w{1,8})?(?:,\d{1,7}/\w{1,8}(?:/\w{1,8})?){0,5}")
"""How often something may be tried: ``"change_password": "5/m/user"``."""
_SELECTOR = late(rb"\*\.[A-Za-z]\w{1,40}")
"""What is looked for at any place: ``redact: ['*.password', '*.email']``."""
_COUNTED = late(
    rb"(?i:(?:scram[_-])?sha|md|utf|oauth|base|es|hs|rs|ps|aes|v|ed|bcrypt|pbkdf|http|p)[_-]?\d{1,5}(?:(?:[-_./:]|with).{0,16})?"
)
"""The name of an algorithm or a version, with what it is used with."""


def weigh(called: bytes, value: bytes, *, beside: bool = False) -> Confidence | None:
    """
    How sure it is that *value* is a credential; None where it is not one.

    Args:
        called: The name that it is given to: ``db.password``, ``api-token-prod``.
        value: What is given.
        beside: Whether it is only the next in a list: ``("token", "value")``.
    """
    if _OTHERS.search(called) or (not _telling(called) and _OTHER_NAMES.search(called)):
        return None
    if beside and not _typed(called) and (entropy(value) < 3.8 or _NUMBERED.fullmatch(value)):
        return None
    return worth(called, value)


def _scrambled(value: bytes) -> bool:
    """Whether letters alone look drawn by chance: capitals stand beside capitals, and behind small letters."""
    return (
        len(value) >= 12 and value.isalpha() and len(_CAPITALS.findall(value)) >= 2 and len(_RISES.findall(value)) >= 3
    )


_CAPITALS = late(rb"[A-Z](?=[A-Z])")
_RISES = late(rb"[a-z](?=[A-Z])")


def _telling(called: bytes) -> bool:
    return telling(called.decode("utf-8", "replace"))


def _typed(called: bytes) -> bool:
    """Whether somebody types it, so that it is not long."""
    lowered = called.lower()
    return b"pass" in lowered or b"pwd" in lowered


def worth(name: bytes, value: bytes) -> Confidence | None:
    """How sure it is that *value* is a credential where *name* is what a credential is called."""
    if len(value) < 6 or len(value) > 200 or b" " in value or 2 * sum(b > 127 for b in value) > len(value):
        return None
    scrambled = _scrambled(value)
    if (
        (is_sample(value) if scrambled else placeholder(value) or value.decode("utf-8", "replace").isalpha())
        or _PATHLIKE.search(value)
        or _COUNTED.fullmatch(value)
        or _RATE.fullmatch(value)
        or _SELECTOR.fullmatch(value)
        or _RULES.fullmatch(value)
        or _ACTION.fullmatch(value)
        or _EXPRESSIONS.fullmatch(value)
        or _BRACKETED.fullmatch(value)
        or value.startswith((b"$2", b"sha256", b"pbkdf2_"))
    ):
        return None
    bits = entropy(value)
    mixed = scrambled or (bool(re.search(rb"\d", value)) and bool(re.search(rb"[A-Za-z]", value)))
    if _typed(name) and _UUID.fullmatch(value):
        return None
    if _typed(name):
        return ("medium" if bits > 2.7 else "low") if mixed or re.search(rb"[^\w]", value) else None
    if len(value) < 12 or not mixed or bits < 3.2:
        return None
    return "medium" if len(value) >= 16 else "low"


def placeholder(value: bytes) -> bool:
    """Whether a value stands in for one that is given elsewhere, or is a plain word or two, also as base64."""
    return _stands_in(value) or (len(value) >= 8 and _stands_in(_decoded(value)))


def _decoded(value: bytes) -> bytes:
    """What base64 stands for, also where its end was cut off; the value itself where that is not text."""
    try:
        text = base64.b64decode(value[: len(value) // 4 * 4], validate=True)
    except ValueError:
        return value
    return text if text.isascii() and text.decode("ascii").isprintable() else value


def _stands_in(value: bytes) -> bool:
    return is_sample(value) or _WORDY.fullmatch(value) is not None


def is_documented(value: bytes) -> bool:
    """Whether a value says of itself that it is none: a template, or a sample out of a documentation."""
    return SAMPLE.search(value) is not None or _TEMPLATE.search(value) is not None


def is_sample(value: bytes) -> bool:
    """Whether a value is a template, a documented sample or one that everybody uses: nobody keeps it secret."""
    lowered = value.lower()
    return (
        len(set(lowered)) <= 2
        or SAMPLE.search(value) is not None
        or _TEMPLATE.search(value) is not None
        or lowered.strip(b"_-!0123456789") in _DEVELOPMENT
    )


_DEVELOPMENT = frozenset(
    b"password passwd pass secret token test testing admin root guest user demo dev postgres mysql redis rabbit "
    b"rabbitmq mongo letmein none null foo bar baz hunter key value qwerty default pwd p@ssw0rd p@ssword api".split()
)


def entropy(value: bytes) -> float:
    """Bits per byte."""
    size = len(value) or 1
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


def varied(value: bytes) -> bool:
    """Whether *value* has as many different signs as what a machine draws; fillers such as ``aaaa`` have not."""
    return entropy(value) >= 2.8


def distinctive(value: bytes) -> bool:
    """
    Whether *value* is unlikely to stand anywhere but as itself: long, and unlike words, a date or a version.

    A random value changes between letters, digits and capitals at every other character; words with a number behind
    them do not.
    """
    if len(value) < 12 or entropy(value) < 3 or _PATHLIKE.search(value) or placeholder(value):
        return False
    bare = _JOINTS.sub(b"", value)
    return len(_CHANGES.findall(bare)) >= max(3, len(bare) // 8)


_JOINTS = late(rb"[-_. /:]+")
_CHANGES = late(rb"[a-z](?=[A-Z])|[A-Za-z](?=[^A-Za-z])|[^A-Za-z](?=[A-Za-z])|\d(?=[^A-Za-z\d])|[^A-Za-z\d](?=\d)")


def worth_keeping(value: bytes) -> bool:
    """Whether what a variable with a telling name holds can be a credential: no path, no switch, no plain word."""
    if len(value) < 8 or _PLACE.match(value) or _stands_in(value) or EXPRESSION.fullmatch(value):
        return len(value) >= 16 and _WORDY.fullmatch(value) is not None and _SAMPLE_OR_PLACE.search(value) is None
    return len(value) >= 12 or not value.isalpha()


_PLACE = late(rb"(?:~|\.{0,2})/[\w.@-]+(?:/[\w.@-]+)*/?$|[A-Za-z]:\\|[a-z][a-z0-9+.-]{1,30}://")
_SAMPLE_OR_PLACE = late(SAMPLE.pattern + rb"|" + _PLACE.pattern, re.IGNORECASE)
