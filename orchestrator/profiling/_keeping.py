"""Tells whether anything is kept that would be lost, and whether copies are kept that go stale."""

from __future__ import annotations

import re

from ..domain.profile import ProfileFact
from ..estate.data_stores import CACHES, DataStores
from ..estate.images import known as known_image
from ..estate.nouns import Buckets
from ..evidence import kind_signals as signals
from ..evidence.facts.containers import Compose, Dockerfiles
from ..evidence.facts.kubernetes import Kubernetes
from ._clues import Clue, Clues, Setting, is_infrastructure, no, unknown, yes
from ._parts import found_or_not


def stateful(clues: Clues, has_database: ProfileFact, interface: ProfileFact, setting: Setting) -> ProfileFact:
    """Whether it keeps what cannot be made again: in a database, or as files, objects and volumes."""
    if has_database.answer == "yes":
        return has_database
    stores = [part for part in clues.told(DataStores).parts if part.kind not in CACHES]
    found = [Clue(part.address, part.at) for part in stores]
    buckets = clues.told(Buckets)
    apart = [part for part in buckets.parts if part not in buckets.lasting]
    open_ = [Clue(part.address, part.at) for part in buckets.lasting]
    if not setting.published:
        found += _volumes(clues)
        stored = clues.lines(signals.STORED, "a file is kept")
        found += stored
        if stored and open_:
            found += open_
    if found:
        return yes(found)
    open_ += [] if setting.published else _places(clues)
    if open_:
        return unknown(f"{open_[0].text}, and it cannot be told what is kept there", open_)
    if has_database.answer == "unknown":
        return has_database
    if setting.still and apart and interface.answer == "no":
        return no(f"{len(apart)} buckets for what can be made again, and no other store", [apart[0].at])
    return found_or_not(clues, [], signals.WEAK_STATE, "store of what cannot be made again", setting)


def _volumes(clues: Clues) -> list[Clue]:
    """Volumes that outlive what runs, but for those of caches."""
    kubernetes = clues.fact(Kubernetes)
    found = [Clue(f"volume claim {r.resource}", r.at("kind")) for r in kubernetes.written("PersistentVolumeClaim")]
    for workload in kubernetes.written("StatefulSet"):
        images = [str(container.get("image", "")) for _, container in workload.containers()]
        if workload.items("spec", "volumeClaimTemplates") and not all(map(_is_a_cache, images)):
            found.append(Clue(f"volumes of StatefulSet {workload.resource}", workload.at("spec")))
    for file in clues.fact(Compose).written:
        kept = file.section("volumes")
        for name, body in file.section("services").items():
            volumes = body.get("volumes") if isinstance(body, dict) else None
            mounted = [v for v in (volumes if isinstance(volumes, list) else ()) if _volume(v) in kept]
            mounted = [v for v in mounted if not _OF_TOOLS.search(_volume(v))]
            if mounted and not is_infrastructure(str(body.get("image", ""))):
                found.append(Clue(f"volume {_volume(mounted[0])} of {name}", file.at("services", name, "volumes")))
    return found


_OF_TOOLS = re.compile(
    r"cache|node_?modules|vendor|venv|cargo|gradle|\.?m2(?![a-z])|go-?mod|pip(?![a-z])|bundle|gems|(?<![a-z])build|tmp|sock|certs?(?![a-z])",
    re.IGNORECASE,
)
"""What volumes are called that hold what is fetched or built again."""


def _volume(mounted: object) -> str:
    named = mounted.get("source", "") if isinstance(mounted, dict) else str(mounted).partition(":")[0]
    return str(named)


def _is_a_cache(image: str) -> bool:
    found = known_image(image) if image else None
    return found is not None and found.kinds.get("data-stores", "") in CACHES


def _places(clues: Clues) -> list[Clue]:
    """Where an image says that something is to be kept, and not what."""
    return [
        Clue("a VOLUME of an image", dockerfile.at(instruction))
        for dockerfile in clues.fact(Dockerfiles).written
        for instruction in dockerfile.last_stage
        if instruction.keyword == "VOLUME"
    ]


def caching(clues: Clues, has_server: ProfileFact, setting: Setting) -> ProfileFact:
    """Whether it keeps copies that go stale: in a cache server, in its own memory, or of whole answers before it."""
    if has_server.answer == "yes":
        return has_server
    found = clues.resources("content-networks")
    if not setting.published:
        found += clues.lines(signals.IN_PROCESS, "a cache in the process")
        answers = clues.lines(signals.ANSWERS_KEPT, "answers that are kept")
        found += [clue for clue in answers if not _ASKED_AGAIN.search(clue.text)]
        found += clues.lines(signals.PROXY_CACHE, "a cache of the proxy")
    if not found and has_server.answer == "unknown":
        return has_server
    return found_or_not(clues, found, signals.WEAK_COPIES, "cache", setting)


_ASKED_AGAIN = re.compile(r"fresh_when|stale\?")
"""Asks whether a copy is still good each time, so that none goes stale."""
