"""Judges the cache server: whether it survives a lost node, and whether it pays (section 3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    NOTHING,
    Alerts,
    Block,
    Dashboards,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Typed,
    as_number,
    check,
    each,
    examined,
    failed,
    first_of,
    measured,
    passed,
    unsure,
)

HIT = re.compile(
    r"keyspace_hits|cache_?hits?(?:_ratio|_rate|_total)?\b|get_hits|hit_?ratio|hit_?rate|CacheHit|cache_gets|requests_cached",
    re.IGNORECASE,
)
_SERIES = re.compile(r"[a-zA-Z_:][\w:]{2,200}")
_EXPORTED = re.compile(
    r"(?:redis|memcached|(?:[a-z]+_)?elasticache|varnish|nginx|cloudflare|haproxy|traefik|envoy|squid|fastly|akamai|"
    r"azure|stackdriver|cloudfront|valkey|dragonfly|keydb)_|cache_gets|cache_(?:hits|misses)_total$|CacheHit|Cache_?Hits",
    re.IGNORECASE,
)
"""Series of exporters and libraries that are known; of any other somebody has to export it."""
WANTED = 0.8
TARGET = re.compile(r"[<>]=?\s{0,3}(?:0?\.(\d{1,4})|(\d{1,3})(?:\.\d+)?)\s{0,3}(?:\)|$|and|or)", re.IGNORECASE)
_RULE = """groups:
  - name: redis
    rules:
      - alert: CacheHitRateLow
        expr: >-
          rate(redis_keyspace_hits_total[15m]) /
          (rate(redis_keyspace_hits_total[15m]) + rate(redis_keyspace_misses_total[15m])) < {limit}
        for: 30m
"""
_OWN_RULE = "groups:\n  - name: cache\n    rules:\n      - alert: CacheCold\n        expr: '{expr}'\n        for: 30m\n"
_MICROMETER = 'sum(rate(cache_gets_total{result="hit"}[1h])) / sum(rate(cache_gets_total[1h])) < 0.8'
_EDGE = "cloudflare_zone_requests_cached / cloudflare_zone_requests_total < 0.8"


@check(
    "PRF-3.2.3",
    shows=NOTHING,
    clean=[
        Example("an alert at 80 %", {"prometheus/rules.yml": _RULE.format(limit="0.8")}),
        Example("of Micrometer", {"prometheus/rules.yml": _OWN_RULE.replace("{expr}", _MICROMETER)}),
        Example("of the network at the edge", {"prometheus/rules.yml": _OWN_RULE.replace("{expr}", _EDGE)}),
    ],
    silent=[
        Example(
            "nothing says who exports the series",
            {"prometheus/rules.yml": _OWN_RULE.format(expr="shop_cache_hit_rate < 0.8")},
        )
    ],
    flagged=[
        Example("an alert at 30 %", {"prometheus/rules.yml": _RULE.format(limit="0.3")}),
        Example("no alert on it", {"prometheus/rules.yml": _RULE.replace("keyspace_hits", "up").format(limit="0.8")}),
    ],
)
def hit_rate(alerts: Alerts, dashboards: Dashboards) -> Iterator[Draft]:
    """The share of hits is watched by an alert whose limit is 80 % or more."""
    rules = [rule for rule in alerts.rules if HIT.search(rule.plain)]
    good = [rule for rule in rules if _target(rule.plain) >= WANTED]
    own = [
        rule
        for rule in good
        if any(not _EXPORTED.match(name) for name in _SERIES.findall(rule.plain) if HIT.search(name))
    ]
    if own and len(own) == len(good):
        text = f"Alert {own[0].title} watches a hit rate that nothing known exports, so that it may never go off"
        yield unsure(text, *(r.source for r in own))
    elif good:
        good = [rule for rule in good if rule not in own]
        target = measured("hit rate asked for", round(_target(good[0].plain) * 100, 2), "%", at_least=WANTED * 100)
        text = f"Alert {good[0].title} watches the hit rate at 80 % or more"
        yield unsure(f"{text}; what it is can be seen at the cache alone", *(r.source for r in good), measure=target)
    if good:
        return
    panels = [board for board in dashboards.files if any(HIT.search(e) for e in board.expressions)]
    places = [*(r.source for r in rules), *(b.source for b in panels)]
    if places:
        yield unsure("The hit rate is charted or alerted on, without a target of 80 %", *places)


def _target(expression: str) -> float:
    """The limit of a comparison as a share; 0 where there is none."""
    shares = [float(f"0.{m.group(1)}") if m.group(1) else int(m.group(2)) / 100 for m in TARGET.finditer(expression)]
    return max((share for share in shares if share <= 1), default=0.0)


def _group(*lines: str) -> dict[str, str]:
    body = "".join(f"  {line}\n" for line in lines)
    return {"infra/cache.tf": f'resource "aws_elasticache_replication_group" "cache" {{\n{body}}}\n'}


def _google(line: str) -> dict[str, str]:
    return {"infra/cache.tf": f'resource "google_redis_instance" "cache" {{\n  {line}\n}}\n'}


def _pod(replicas: int, image: str) -> dict[str, str]:
    return {
        "k8s/cache.yaml": (
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: cache}\nspec:\n"
            f"  replicas: {replicas}\n  template:\n    spec:\n      containers: [{{name: c, image: '{image}'}}]\n"
        )
    }


@check(
    "PRF-3.2.6",
    shows=BOTH,
    clean=[
        Example("a group that fails over", _group("automatic_failover_enabled = true", "num_cache_clusters = 2")),
        Example("a high-availability instance", _google('tier = "STANDARD_HA"')),
    ],
    flagged=[
        Example("failover is off", _group("num_cache_clusters = 2")),
        Example("one node", _group("automatic_failover_enabled = true", "num_cache_clusters = 1")),
        Example("a basic instance", _google("memory_size_gb = 1")),
        Example("one pod", _pod(1, "redis:7-alpine")),
    ],
    silent=[
        Example("three pods, of which nobody knows who leads", _pod(3, "redis:7")),
        Example("an exporter is not a cache", _pod(1, "oliver006/redis_exporter")),
    ],
)
def cache_cluster(infrastructure: Infrastructure, kubernetes: Kubernetes) -> Iterator[Draft]:
    """The cache server has a replica that takes over by itself."""
    verdicts = [*_clouds(infrastructure), *_pods(kubernetes)]
    bad = [draft for draft in verdicts if draft.status == "fail"]
    open_ends = [draft for draft in verdicts if draft.status == "unknown"]
    if bad:
        yield failed(
            first_of((draft.message, draft.at) for draft in bad if draft.at), examined(len(verdicts), "cache tiers")
        )
    yield from open_ends[:1]
    if verdicts and not bad and not open_ends:
        yield passed(
            each(verdicts, at=lambda draft: (draft.at,) if draft.at else ()).say(
                "{number:cache tier} {fails} over by {itself|themselves}"
            ),
            examined(len(verdicts), "cache tiers"),
        )


_CACHES = Typed("resources/cache-groups")


def _clouds(infrastructure: Infrastructure) -> Iterator[Draft]:
    for block in _CACHES.among(infrastructure, "group"):
        failover = _CACHES.says(block, "failover").value
        sizes = [_CACHES.value(block, what) for what in ("nodes", "members", "replicas")]
        size = next((size for size in sizes if size is not None), None)
        least = 1 if _CACHES.value(block, "replicas") is not None else 2
        name, place, count = block.address, block.at(), as_number(size)
        if failover is False:
            yield failed(f"{name} does not fail over by itself", place)
        elif count is not None and count < least:
            yield failed(f"{name} has no replica", place)
        elif failover is not True or (size is not None and count is None):
            yield unsure(f"{name} takes its size or failover from a variable", place)
        else:
            yield passed(f"{name} fails over", place)
    for block in _CACHES.among(infrastructure, "single"):
        if not _CACHES.says(block, "member").value and _CACHES.says(block, "engine").value:
            yield failed(f"{block.address} is a single node", block.at())
    for block in _CACHES.among(infrastructure, "tier"):
        yield _tier(block)


def _tier(block: Block) -> Draft:
    tier, copied = _CACHES.value(block, "copied"), _CACHES.says(block, "copied").value
    message = f"{block.address} has {'the least tier' if tier is None else f'tier {tier}'}"
    if copied is False:
        return failed(f"{message}, which has no replica", block.at())
    return passed(message, block.at()) if copied else unsure(message, block.at())


_SERVER = re.compile(
    r"(?:^|/)(?:redis|valkey|memcached|keydb|dragonfly)(?:-stack-server|-server)?(?:[:@]|$)", re.IGNORECASE
)


def _pods(kubernetes: Kubernetes) -> Iterator[Draft]:
    for resource in kubernetes.of("RedisFailover", "RedisCluster", "RedisReplication", "RedisSentinel"):
        yield passed(f"{resource.kind} {resource.resource} is replicated", resource.at())
    for resource in kubernetes.servers:
        images = [str(c.get("image", "")) for _, c in resource.containers()]
        if not any(_SERVER.search(image) for image in images):
            continue
        replicas = resource.get("spec", "replicas", default=1)
        if any("sentinel" in image for image in images):
            yield passed(f"{resource.kind} {resource.resource} runs with Sentinel", resource.at())
        elif replicas == 1:
            yield failed(f"{resource.kind} {resource.resource} runs the cache as a single pod", resource.at())
        else:
            yield unsure(
                f"{resource.kind} {resource.resource} has several pods; who takes over is not to be seen",
                resource.at(),
            )
