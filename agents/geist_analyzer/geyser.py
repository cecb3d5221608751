"""Lists forces that grow with the load: missing limits, single points, fan-out, unbounded reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from orchestrator import (
    Budgets,
    Code,
    Compose,
    DataStores,
    Exhibit,
    Hits,
    Infrastructure,
    Kubernetes,
    Manifests,
    Profile,
    Resource,
    Signal,
    Source,
    Typed,
    each,
    many,
)

from ._facts import Facts, fact

UNBOUNDED = Signal(
    id="geist.unbounded-read",
    pattern=r"=\s*[\w.]{1,60}\.objects\.all\(\)\s*$|for .{1,60} in [\w.]{1,60}\.objects\.all\(\)"
    r"|\bfindAll\(\s*(\{\s*\})?\s*\)"
    r"|\.find\(\s*(\{\s*\})?\s*\)\.toArray|\.all\.(each|map)\b"
    r"|SELECT \* FROM [\w.\"`]{1,60}[\"'`;]?\)?;?\s*$|\.query\.all\(\)",
)
NO_TIMEOUT = Signal(
    id="geist.no-timeout",
    pattern=r"\brequests\.(get|post)\((?!.{0,800}timeout).{1,800}\)\s*$|\bhttp\.(Get|Post)\(|http\.DefaultClient"
    r"|\burlopen\((?!.{0,800}timeout)[^,]{1,300}\)\s*$",
    languages=("python", "go"),
)
_QUEUES = Typed("resources/dead-letters")
SIGNALS = (UNBOUNDED, NO_TIMEOUT)

_LIMITERS = (
    "express-rate-limit", "rate-limiter-flexible", "@nestjs/throttler", "@fastify/rate-limit", "flask-limiter",
    "slowapi", "django-ratelimit", "rack-attack", "golang.org/x/time", "github.com/ulule/limiter*", "com.bucket4j:*",
    "tower_governor", "actix-governor", "io.github.resilience4j:*", "aspnetcoreratelimit", "hammer",
    "github.com/didip/tollbooth*",
)  # fmt: skip


class Force(NamedTuple):
    """What grows, what it does when it does, and where."""

    force: str
    effect: str
    where: str


def geyser(facts: Facts, profile: Profile, stores: DataStores | None = None) -> Exhibit:
    """Every force at scale that the tree shows, the data stores in it among them."""
    found = [
        *_limits(facts),
        *_single(facts, stores or DataStores()),
        *_fan_out(facts),
        *_reads(facts),
        *_edges(facts, profile),
    ]
    return Exhibit(
        title="Geyser: what grows with the load",
        note=f"{len(found)} forces that the tree shows; how strong they are, only a load test tells.",
        columns=("force", "under load", "where"),
        rows=tuple(found),
    )


def _limits(facts: Facts) -> Iterator[Force]:
    kubernetes = fact(facts, Kubernetes)
    bare, total = [], 0
    for workload in kubernetes.running_workloads:
        for keys, container in workload.containers():
            total += 1
            resources = container.get("resources")
            if not (isinstance(resources, dict) and resources.get("limits")) and not workload.open(*keys, "resources"):
                bare.append((str(container.get("name", "")), workload.at(*keys)))
    if bare:
        force = each(bare, name=lambda pair: pair[0]).say("{share:container} without limits: {}", of=total).text
        effect = "one of them can starve its neighbours of memory or CPU"
        yield Force(force, effect, _places([place for _, place in bare]))
    queues = _QUEUES.among(fact(facts, Infrastructure), "")
    lone = [b for b in queues if _QUEUES.value(b, "dead_letters") is None]
    endless = [b for b in lone if not any(word in b.label for word in ("dlq", "dead"))]
    if endless:
        effect = "a message that always fails is tried for ever"
        yield Force(many(len(endless), "queue without a dead-letter queue"), effect, _places([b.at() for b in endless]))


def _single(facts: Facts, stores: DataStores) -> Iterator[Force]:
    kubernetes = fact(facts, Kubernetes)
    scaled = {
        str(r.get("spec", "scaleTargetRef", "name"))
        for r in kubernetes.running("HorizontalPodAutoscaler", "ScaledObject")
    }
    servers = {(r.kind, r.resource, r.namespace): r for r in reversed(kubernetes.running_servers)}
    alone = [
        r
        for r in reversed(servers.values())
        if r.resource not in scaled
        and r.get("spec", "replicas", default=1) in (0, 1)
        and not r.open("spec", "replicas")
    ]
    if alone:
        effect = "each is a single point: it stops with its one instance, and load finds no second"
        named = each(alone, name=lambda r: r.title)
        force = named.say("{share:server} with one instance: {}", of=len(servers)).text
        yield Force(force, effect, _places([r.at("spec") for r in alone]))
    lone = [s for s in stores.parts if s.says("standby").value is False and s.thing.block is not None]
    if lone:
        named = each(lone, name=lambda s: s.thing.block.label if s.thing.block else "")
        force = named.say("{number:managed store} in one zone: {}").text
        yield Force(force, "everything above waits when that zone is lost", _places([s.at for s in lone]))


def _fan_out(facts: Facts) -> Iterator[Force]:
    """Who calls whom, as environment variables and Compose dependencies name it."""
    calls, where = _calls(facts)
    called: dict[str, set[str]] = {}
    for caller, targets in calls.items():
        for target in targets:
            called.setdefault(target, set()).add(caller)
    for caller, targets in sorted(calls.items(), key=lambda item: (-len(item[1]), item[0]))[:5]:
        if len(targets) >= 3:
            effect = "each call adds its delay and its failures to this one's own"
            force = f"{caller} calls {many(len(targets), 'other')}: {each(sorted(targets))}"
            yield Force(force, effect, str(where[caller]))
    for target, callers in sorted(called.items(), key=lambda item: (-len(item[1]), item[0]))[:5]:
        if len(callers) >= 3:
            effect = "its failure is theirs: they fail together, and retries pile up here"
            place = where.get(target) or where[sorted(callers)[0]]
            yield Force(f"{many(len(callers), 'other')} call {target}: {each(sorted(callers))}", effect, str(place))


def _calls(facts: Facts) -> tuple[dict[str, set[str]], dict[str, Source]]:
    kubernetes = fact(facts, Kubernetes)
    services = {r.resource for r in kubernetes.of("Service") if r.resource}
    calls: dict[str, set[str]] = {}
    where: dict[str, Source] = {}
    for workload in kubernetes.servers:
        for target in _targets(workload):
            if target in services and target != workload.resource:
                calls.setdefault(workload.resource, set()).add(target)
        where.setdefault(workload.resource, workload.at("metadata", "name"))
    for file in fact(facts, Compose).files:
        for name in file.section("services"):
            needs = file.get("services", name, "depends_on")
            for target in needs if isinstance(needs, list | dict) else ():
                calls.setdefault(str(name), set()).add(str(target))
            where.setdefault(str(name), file.at("services", name))
    return calls, where


def _targets(workload: Resource) -> Iterator[str]:
    for _, container in workload.containers():
        environment = container.get("env")
        for entry in environment if isinstance(environment, list) else ():
            value = entry.get("value") if isinstance(entry, dict) else None
            if isinstance(value, str) and len(value) < 200:
                address = value.partition("://")[2] or value
                yield re.split(r"[/:.]", address, maxsplit=1)[0]


def _reads(facts: Facts) -> Iterator[Force]:
    hits = fact(facts, Code).hits
    unbounded, hasty = hits.get(UNBOUNDED.id, Hits()), hits.get(NO_TIMEOUT.id, Hits())
    if unbounded:
        effect = "they read whole tables: slower and larger with every row"
        yield Force(
            f"{many(unbounded.places, 'read without a bound')} in {many(unbounded.files, 'file')}",
            effect,
            _places(unbounded.first),
        )
    if hasty:
        effect = "a slow answer from elsewhere holds a worker until none is left"
        force = f"{many(hasty.places, 'call without a timeout')} in {many(hasty.files, 'file')}"
        yield Force(force, effect, _places(hasty.first))


def _edges(facts: Facts, profile: Profile) -> Iterator[Force]:
    manifests = fact(facts, Manifests)
    if not profile.is_("http_api"):
        return
    place = next((str(s) for s in profile.facts["http_api"].sources), "")
    dependencies = sum(len(m.dependencies) for m in manifests.files)
    if not manifests.uses(*_LIMITERS):
        force = f"no package that limits requests among {dependencies:,} dependencies"
        yield Force(force, "a spike or a script takes what it can, unless something in front limits it", place)
    if not fact(facts, Budgets).of("timeout"):
        effect = "slow requests pile up for as long as the defaults allow"
        yield Force("no timeout of a server or pool is set in the tree", effect, place)


def _places(sources: list[Source] | tuple[Source, ...]) -> str:
    return each(sources).stacked()
