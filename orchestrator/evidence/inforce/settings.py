"""Tells from a name what a condition asks for: a setting, the environment, the name of one."""

from __future__ import annotations

import re

from ...host.late import late
from ..stages import named
from .chance import Chance

_HOLDER = late(
    r"(?:^|\.)(?:process\.env|import\.meta\.env|environ|env|ENV|getenv|Getenv|LookupEnv|lookup_env|env\.var|get_env|config|conf|"
    r"configuration|cfg|settings?|flags?|features?|feature_?flags?|toggles?)"
    r"(?=$|[.\[(])",
    re.IGNORECASE,
)
"""What holds settings: the names that stand before what is read of them."""
_DOTTED = late(r"[A-Za-z_][\w.]{1,80}[(\[]?")
_SWITCH = late(
    r"(?i:(?:^|[._])(?:is_?)?(?:enabled?|disabled?|toggle|feature|flag)(?=_|$))|(?:^|_|\.)ENABLE|"
    r"(?<=[a-z])(?:Enabled|Disabled|Flag|Toggle)$|^(?:enable|disable)(?=[A-Z])",
)
"""How flags are called."""
_CHOICE = late(
    r"(?:^|[._])(?:log(?:ger|ging)?_?(?:format|formatter|level|driver|output|type|mode)|"
    r"(?:cache|queue|session|storage|mail(?:er)?|auth|db|database|metrics|tracing|trace|secrets?|backup|broker)_?"
    r"(?:driver|backend|provider|adapter|engine|store|mode|kind|type|exporter))$",
    re.IGNORECASE,
)
"""What a program chooses between the ways by that it can work."""
_SOMEBODYS = late(r"(?:^|[._])(?:user|account|member|customer|tenant|owner|person|profile)s?\.\w+$", re.IGNORECASE)
"""What belongs to a person and is as it is for that one."""
_ENVIRONMENT = late(
    r"(?:^|[._\"'(\[])(?:(?:node|app|rails|rack|flask|django|mix|go|gin|deploy(?:ment)?|build|runtime|"
    r"aspnetcore|dotnet|symfony|kernel|wp|sentry)_?)?(?:env(?:ironment)?|stage|mode|profiles?)(?:_?(?:name|type))?[\"')\]]*$",
    re.IGNORECASE,
)
"""What holds the name of the environment that the program runs in."""
_DEVELOPMENT = late(r"local_?dev(?:el(?:op(?:ment)?)?)?|debug|unit_?test", re.IGNORECASE)
_OTHER = late(r"canary|beta", re.IGNORECASE)
"""Environments beside those whose stage the vocabulary knows."""
_ASKS_DEVELOPMENT = late(
    r"(?:^|[._:])_*(?:is_?|in_?|running_?in_?)?(?:dev(?:el(?:opment)?)?|debug)(?:_?(?:mode|env(?:ironment)?|server|build))?_*\??$"
    r"|(?:^|[._:])(?:is_?)(?:unit_?)?test(?:ing)?\??$|^debug_assertions$|^kDebugMode$|(?<=env\.)test\?$",
    re.IGNORECASE,
)
_ASKS_PRODUCTION = late(
    r"(?:^|[._:])_*(?:is_?|in_?)?(?:prod(?:uction)?|live)(?:_?(?:mode|env(?:ironment)?|build))?_*\??$|^kReleaseMode$",
    re.IGNORECASE,
)


def holds_environment(name: str) -> bool:
    """Whether *name* (``process.env.NODE_ENV``, ``env``, ``app.Environment``) holds the name of an environment."""
    return _ENVIRONMENT.search(name) is not None


def holds_settings(name: str) -> bool:
    """Whether *name* (``settings.LIMITS``, ``os.environ``) is read of what holds settings, whatever it is called."""
    return _HOLDER.search(name) is not None


def chooses(name: str) -> bool:
    """Whether *name* (``logFormat``, ``opts.CacheDriver``) holds which of its ways a program works in."""
    return _CHOICE.search(name) is not None


def mentioned_in(text: str) -> bool:
    """Whether *text*, a condition, reads anything of what holds settings."""
    return any(_HOLDER.search(word) for word in _DOTTED.findall(text))


def environment(text: str) -> Chance:
    """The chance that the environment of production is called *text*; not all that is called so is an environment."""
    stage = named(text)
    if stage == "development" or _DEVELOPMENT.fullmatch(text):
        return Chance.DEVELOPMENT
    if stage == "production" or text.lower() == "release":
        return Chance.PRODUCTION
    return Chance.SETTING if stage == "rehearsal" or _OTHER.fullmatch(text) else Chance.RUNTIME


def asked_by(name: str) -> Chance:
    """
    The chance that what is called *name* is true in production.

    Args:
        name: A dotted name, or the name of what is called: ``config.metrics``, ``isProduction``, ``Rails.env.test?``.
    """
    if _ASKS_DEVELOPMENT.search(name):
        return Chance.DEVELOPMENT
    if _ASKS_PRODUCTION.search(name):
        return Chance.PRODUCTION
    if _HOLDER.search(name) or (_SWITCH.search(name) and not _SOMEBODYS.search(name)):
        return Chance.SETTING
    return Chance.RUNTIME
