"""Finds where results are kept in a cache and loaded anew when they are missing, and for how long each is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from orchestrator import ALL, Code, Places, Signal, Source


class _Way(NamedTuple):
    """How one library is asked for what it keeps, and how long that lives."""

    name: str
    asked: str
    lives: str
    everywhere: bool = False
    """Its lifetime is a setting of the whole application, which may stand in any file."""
    built: bool = False
    """It is built in one place and asked in others of the same file."""


_N = r"[1-9][\d_]{0,12}"
_WAYS = (
    _Way("spring", r"@Cacheable\b", r"expireAfter(?:Write|Access)[=(]|time-to-live\W|\bentryTtl\(", everywhere=True),
    _Way("cache-manager", r"\b\w{0,20}[cC]ache\w{0,20}\.wrap\(", rf"\bttl\b['\"]?\s?[:=]\s?{_N}", everywhere=True),
    _Way(
        "dotnet",
        r"\bGetOrCreate(?:Async)?\(|\bGetOrSet(?:Async)?(?:<[^<>]{1,80}>)?\(",
        r"\bExpiration\s?=\s?TimeSpan\.From|\bAbsoluteExpirationRelativeToNow\b|\bSet(?:Absolute|Sliding)Expiration\(|"
        r"\bSetDuration\(|\bDuration\s?=\s?TimeSpan\.From",
        everywhere=True,
    ),
    _Way("cachex", r"\bCachex\.fetch!?\(", r"\bexpiration\b.{0,60}(?:timer|default|\d)", everywhere=True),
    _Way("nebulex", r"@decorate cacheable\(", r"\bttl:\s?\S"),
    _Way(
        "symfony",
        r"\b\w{0,20}[cC]ache->get\(",
        rf"->expiresAfter\(\s?{_N}|\bdefault_lifetime\W{{1,3}}{_N}",
        everywhere=True,
    ),
    _Way(
        "laravel",
        r"\bCache::(?:remember|flexible)\(|\bcache\(\)->remember\(",
        rf"remember\([^,]{{1,120}},\s?(?:{_N}|now\(\)->add|\$)|flexible\(",
    ),
    _Way(
        "caffeine",
        r"\b(?:Caffeine|CacheBuilder)\.newBuilder\(\)",
        r"\bexpireAfter(?:Write|Access)\(|\brefreshAfterWrite\(",
        built=True,
    ),
    _Way(
        "moka",
        r"\bCache::builder\(\)|\bmoka::(?:future|sync)::Cache::(?:builder|new)",
        r"\btime_to_(?:live|idle)\(",
        built=True,
    ),
    _Way("cached", r"#\[cached\(|#\[once\(", r"\btime\s?=\s?\d|\bttl\s?="),
    _Way(
        "rails",
        r"\bRails\.cache\.fetch\b|<% cache\b|\bcache_if\b",
        r"\bexpires_in\b|\bcache_store\b|\bmax_age\b",
        everywhere=True,
    ),
    _Way(
        "python",
        r"\bcache\.(?:get_or_set|set|memoize|cached)\(|@cache_page\(|@cached\(|@cache\(\w{0,20}|@ttl_cache\(|@region\.cache",
        rf"(?:timeout|ttl|expire|expiration_time)\s?=\s?{_N}|cache_page\(\s?{_N}|,\s?{_N}\s?\)|memoize\(\s?{_N}|TTLCache\(|"
        r"\bttl_cache\(",
    ),
    _Way(
        "next",
        r"\bunstable_cache\(|\bnext:\s?\{.{0,40}\brevalidate\b|^export const revalidate\b|^['\"]use cache['\"]",
        rf"\brevalidate\s?[:=]\s?{_N}|\bcacheLife\(",
    ),
    _Way(
        "go",
        r"\bSetWithTTL\(|\b\w{0,20}[cC]ache\.Set\(|\brdb\.Set\(ctx\b|\bredis\w{0,12}\.Set\(ctx\b",
        r"time\.(?:Second|Minute|Hour)|\bttl\b|SetWithTTL\(",
    ),
    _Way("node", r"\bnew (?:NodeCache|LRUCache|QuickLRU)\(", rf"\b(?:stdTTL|ttl|maxAge)\W{{1,3}}{_N}", built=True),
    _Way("redis", r"\.set[eE]x\(|\.set\(.{1,160}['\"]EX['\"]", r"set[eE]x\(|['\"]EX['\"]"),
)
ASKED = Signal(
    id="performance.read-through",
    pattern="|".join(way.asked for way in _WAYS),
    kept=ALL,
)
LIVES = Signal(
    id="performance.cache-lifetime",
    pattern="|".join(way.lives for way in _WAYS if way.everywhere or way.built),
    roles=("source", "config"),
    kept=ALL,
)
SET_UP = Signal(
    id="performance.cache-set-up",
    pattern=(
        r"\bCacheModule\.register|\bcreateCache\(|\bcaching\(|\bAdd(?:Hybrid|Fusion)Cache\(|\b\w{0,20}CacheEntryOptions\b|"
        r"\{Cachex,|\bCachex\.start|\bRedisCacheConfiguration\b|^\s{0,20}(?:cache|caffeine):|\bcache_store\b"
    ),
    roles=("source", "config"),
)
"""Sets a cache up; what stands below it within a few lines belongs to it."""
QUERIED = Signal(
    id="performance.query-or-call",
    pattern=(
        r"\bselect\b.{1,300}\bfrom\b|\.find(?:Many|All|One|First|Unique|By\w{1,60}|_by|_each)?\(|\.objects\.|\.query\w{0,30}[.(]|"
        r"\.selectAll\(|\bRepo\.(?:all|one|get|aggregate)|\b\w{1,30}\.all\(from\b|\.(?:ToList|ToArray|FirstOrDefault|"
        r"SingleOrDefault)(?:Async)?\(|\bquery_(?:as|scalar)\b|\.where\(|\.Where\(|\.aggregate\(|\.execute\(|"
        r"\$this->\w{2,40}->(?!get\()\w{2,40}\(|\bfetch\(|\brequests\.get\(|\bhttpx\.|\bhttp\.Get\(|\baxios\.|\.Query(?:Row|Context)?\(|"
        r"\bDB::|::query\(\)|\bawait \w{1,30}\(['\"]/|\brender\(|\.sql\(|\.each do\b"
    ),
    kept=ALL,
)
"""Asks a database or another service."""
_OTHER = re.compile(
    r"health|ready|readiness|liveness|limit|throttl|bucket|\bflags?\b|features?/|token|session|nonce|csrf|\block|breaker|"
    r"jwk|jwt|otp|idempot|captcha|attempt|failures",
    re.IGNORECASE,
)
"""Of what else values are kept."""
_IN_BROWSERS = re.compile(r"(?:^|/)(?:public|static|assets|www|wwwroot|dist|vendor)/.{0,300}\.[cm]?[jt]sx?$")
"""Scripts that are sent to browsers, whose memory spares no server anything for the next visitor."""
_BELOW = 10
"""So many lines below where it asks the cache, a function asks for what it has not."""
_ABOVE = 6


@dataclass(frozen=True)
class KeptRead:
    """A place that asks a cache for what was asked before, and where it says for how long that is kept."""

    at: Source
    lives: Source | None
    queried: bool
    """What it keeps comes from a database or another service."""


def kept_reads(code: Code) -> list[KeptRead]:
    """Every place that keeps results, apart from limits, tokens, flags and the like."""
    lifetimes: dict[str, list[Source]] = {}
    for one in code[LIVES].first:
        lifetimes.setdefault(one.path, []).append(one)
    common = {way.name: _common(way, code) for way in _WAYS if way.everywhere}
    found = []
    for hit in code[ASKED].first:
        way = next((way for way in _WAYS if re.search(way.asked, hit.text, re.IGNORECASE)), None)
        if way is None or _IN_BROWSERS.search(hit.path):
            continue
        if _is_other(hit):
            continue
        lives = hit if re.search(way.lives, hit.text, re.IGNORECASE) else None
        if lives is None:
            near = [
                one for one in lifetimes.get(hit.path, ()) if way.built or 0 <= one.line - hit.line + 2 <= _BELOW + 2
            ]
            lives = next((one for one in near if re.search(way.lives, one.text, re.IGNORECASE)), common.get(way.name))
        first, last = (1, 1 << 31) if way.built else (hit.line - _ABOVE, hit.line + _BELOW)
        asked = code[QUERIED].within(hit.path, max(first, 1), last)
        found.append(KeptRead(hit, lives, any(one.line != hit.line or _INLINE.search(one.text) for one in asked)))
    return found


def of_values(places: Places) -> Places:
    """Those of *places* at which values are kept, and not counts of requests, tokens, locks and the like."""
    return places.saying(lambda hit: not _is_other(hit))


def _is_other(hit: Source) -> bool:
    return bool(_OTHER.search(hit.text) or _OTHER.search(hit.path.rpartition("/")[2]))


def enough(kept: Sequence[KeptRead], code: Code) -> bool:
    """Whether *kept* reads are so many that they say something of all that is asked of databases and services."""
    return len(kept) * _OF_QUERIES >= code[QUERIED].total


_OF_QUERIES = 30
"""One read that is kept says nothing of a program that asks in more places than these."""


def _common(way: _Way, code: Code) -> Source | None:
    """The lifetime that is set for all that the caches of *way* keep, where such a cache is set up."""
    for one in code[LIVES].first:
        if re.search(way.lives, one.text, re.IGNORECASE) is None:
            continue
        if _OF_A_CACHE.search(one.text) or code[SET_UP].within(one.path, max(one.line - _ABOVE, 1), one.line):
            return one
    return None


_OF_A_CACHE = re.compile(
    r"cache(?!_control|-control)|caffeine|keyv|expireAfter|time-to-live|entryTtl|default_lifetime|expiration\(",
    re.IGNORECASE,
)
_INLINE = re.compile(r"\b(?:db|Repo|repository|objects|findMany|query\w*|sql)\b\s?[.(]", re.IGNORECASE)
