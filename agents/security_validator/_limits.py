"""Knows what else limits logins: groups of routes, proxies; and what shows that nothing does."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from orchestrator import ALL, Code, Entries, Places, Route, Signal, Source

GROUP = Signal(
    id="security.limited-group",
    pattern=r"MapGroup\(\s*\"[^\"]{1,120}\"\s*\).{0,80}RequireRateLimiting\(|@RateLimiter\b.{0,40}@RequestMapping|"
    r"Route::prefix\(.{1,60}throttle",
    languages=("csharp", "java", "kotlin"),
    kept=ALL,
)
UNLIMITED = Signal(
    id="security.limit-taken-away",
    pattern=r"\bDisableRateLimiting\b|withoutMiddleware\(.{0,60}throttle|@limiter\.exempt\b|@SkipThrottle\b|"
    r"skip_before_action\s+:\w{0,20}(?:throttle|rate_limit)",
    kept=ALL,
)
"""What takes a limit off one route."""
ANY_LIMIT = Signal(
    id="security.any-limit",
    pattern=r"rate_?-?limit|throttl|limit_req|slow_?down|brute_?force|rack.?attack|RateLimit|bucket4j|resilience4j|"
    r"hammer|governor|axes\b|lockout|lockable|captcha|turnstile|request limit|\bgateway\b|\bedge\b",
    roles=("source", "config", "infra", "ci", "docs", "other"),
    comments=True,
)
"""A word about limits of any kind."""
NGINX_ZONE = Signal(
    id="security.nginx-limited",
    pattern=r"(?:^|[;{]\s{0,8})limit_req\s+zone=",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
NGINX_BLOCK = Signal(
    id="security.nginx-block",
    pattern=r"(?:^|[;{]\s{0,8})(?:location|server)\b",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
NGINX_PASSES = Signal(
    id="security.nginx-passes",
    pattern=r"(?:^|[;{]\s{0,8})(?:proxy_pass|fastcgi_pass|uwsgi_pass|grpc_pass)\s",
    roles=("source", "config", "infra", "other"),
    kept=ALL,
)
LOGIN_CLASS = Signal(
    id="security.login-controller",
    pattern=r"^(?:final\s|abstract\s)?\s?class\s+LoginController\b",
    languages=("php",),
    kept=ALL,
)
LOGIN_ROUTE = Signal(
    id="security.route-to-login-controller",
    pattern=r"\bAuth::routes\(|\bLoginController(?:::class|@)",
    languages=("php",),
    kept=ALL,
)
COUNTS_TRIES = Signal(
    id="security.login-counts-tries",
    pattern=r"^use\s(?:[\w\\]{1,80},\s?){0,5}AuthenticatesUsers\b|\bhasTooManyLoginAttempts\(",
    languages=("php",),
    kept=ALL,
)
"""A trait of Laravel's controllers, or what it asks before it looks at a password."""
OWN_LOGIN = Signal(
    id="security.login-of-ones-own",
    pattern=r"\bfunction\s+login\s?\(",
    languages=("php",),
    kept=ALL,
)
READS = (GROUP, UNLIMITED, ANY_LIMIT, NGINX_ZONE, NGINX_BLOCK, NGINX_PASSES)
READS += (LOGIN_CLASS, LOGIN_ROUTE, COUNTS_TRIES, OWN_LOGIN)
_PREFIX = re.compile(r"MapGroup\(\s*\"([^\"]{1,120})\"")
_LOCATION = re.compile(r"location\s+(=|\^~|~\*?)?\s*(\S{1,200})\s*\{?")
_CHOICE = re.compile(r"\^?(/[\w/-]{0,80})\(([\w|/-]{1,200})\)\$?")
_PLAIN = re.compile(r"\^?(/[\w/.-]{0,120})\$?")


def groups(code: Code) -> tuple[str, ...]:
    """The paths of groups of routes that are limited as a whole."""
    found = (_PREFIX.search(place.text) for place in code[GROUP].places)
    return tuple(match[1].rstrip("/") + "/" for match in found if match)


def by_controller(doors: Sequence[Route], code: Code) -> list[Route]:
    """Those of *doors* at which a login controller of Laravel counts the tries by itself, as its trait does."""
    controllers = set(code[LOGIN_CLASS].paths)
    counting = {path for path in controllers if any(map(_asks, code[COUNTS_TRIES].within(path)))}
    counting |= {p for p in set(code[COUNTS_TRIES].paths) & controllers if not code[OWN_LOGIN].within(p)}
    if not controllers or counting != controllers:
        return []
    return [d for d in doors if _SIGN_IN.search(d.path) and code[LOGIN_ROUTE].within(d.file, d.line, d.line)]


def _asks(place: Source) -> bool:
    return "hasTooMany" in place.text


_SIGN_IN = re.compile(r"(?:^|/)(?:log|sign)-?in$", re.IGNORECASE)


def taken_away(doors: Sequence[Route], routes: Sequence[Route], code: Code) -> list[Route]:
    """Those of *doors* off which a limit is taken, by a line of their own call or before the next route."""
    found = []
    declared: dict[str, list[int]] = {}
    for route in routes:
        declared.setdefault(route.file, []).append(route.line)
    lines = {file: sorted(own) for file, own in declared.items()}
    for door in doors:
        own = lines.get(door.file, [])
        later = bisect_right(own, door.line)
        end = min([door.line + _FAR, *(line - 1 for line in own[later : later + 1])])
        if code[UNLIMITED].within(door.file, door.line - 1, end):
            found.append(door)
    return found


_FAR = 8


class ByProxy(NamedTuple):
    """What a proxy does about the paths of all doors."""

    limits: Places
    """Where it limits them."""
    open: tuple[Source, ...]
    """Where a server of it passes them on without."""


def by_proxy(doors: Sequence[Route], code: Code) -> ByProxy:
    """The limits of nginx on the paths of all *doors*, and the servers that pass requests on without them."""
    covering, without = 0, []
    for path in sorted(set(code[NGINX_PASSES].paths)):
        blocks = sorted(code[NGINX_BLOCK].within(path), key=lambda place: place.line)
        servers = [place.line for place in blocks if place.text.startswith("server")]
        for number, start in enumerate(servers):
            end = servers[number + 1] - 1 if number + 1 < len(servers) else 1_000_000
            passed_on = code[NGINX_PASSES].within(path, start, end)
            if not passed_on:
                continue
            inside = [place for place in blocks if start < place.line <= end]
            whole = _limited(code, path, start, inside[0].line - 1 if inside else end)
            covered: list[tuple[str, bool]] = []
            for at, place in enumerate(inside):
                until = inside[at + 1].line - 1 if at + 1 < len(inside) else end
                if _limited(code, path, place.line, until):
                    covered += _paths(place.text)
            if whole or all(any(_covers(one, door.path) for one in covered) for door in doors):
                covering += 1
            else:
                without.append(passed_on[0])
    return ByProxy(code[NGINX_ZONE].places if covering else Places(), tuple(without))


def _limited(code: Code, path: str, first: int, last: int) -> bool:
    return bool(code[NGINX_ZONE].within(path, first, last))


def _paths(text: str) -> list[tuple[str, bool]]:
    """The paths that a location is for, and whether what lies below them is as well; none where that is not plain."""
    found = _LOCATION.match(text)
    if not found:
        return []
    sign, said = found[1] or "", found[2]
    if choice := _CHOICE.fullmatch(said):
        return [(choice[1] + part, not said.endswith("$")) for part in choice[2].split("|")]
    if plain := _PLAIN.fullmatch(said):
        return [(plain[1], sign in ("", "^~") or (sign.startswith("~") and not said.endswith("$")))]
    return []


def _covers(one: tuple[str, bool], path: str) -> bool:
    said, below = one
    return path.rstrip("/") == said.rstrip("/") or (below and path.startswith(said))


def nothing_limits(code: Code, entries: Entries) -> bool:
    """Whether no word in the tree is about limits, and nothing stands before what answers that could have one."""
    fronts = [
        p for p in entries.parts if p.kind not in _NO_FRONT and not (p.address.startswith("Service ") and not p.kind)
    ]
    return bool(entries.parts) and not fronts and not code[ANY_LIMIT] and not entries.problems


_NO_FRONT = ("web-app", "function", "firewall")
"""What takes requests in and can limit none."""
