"""The data stores: what keeps data that people put into it, and how well."""

from __future__ import annotations

import re
from typing import ClassVar

from ..evidence.facts.infrastructure import Block, Infrastructure
from ..evidence.facts.kubernetes import Kubernetes
from ._backup_plans import BackupPlans
from ._families import FAMILIES, of_module
from ._operators import Operators
from .declared import Declared, Thing
from .inventory import Inventory, Part, is_there, made
from .nouns import Buckets
from .settings import Keeping, Setting, said

CACHES = frozenset({"cache"})
"""Keep what could be made again."""
BESIDE = frozenset({"search", "vector", "files", "volume"})
"""May keep copies of what is elsewhere; nobody fails for them, and nothing is said of all data without them."""


class DataStore(Part):
    """What keeps data: a database, a warehouse, an index, a file system, a cache."""

    keeping: Keeping
    managed: bool
    """Whether a provider runs it."""


class DataStores(Inventory):
    """Every data store that the tree declares; replicas and lock tables are left out."""

    name: ClassVar[str] = "data_stores"
    noun: ClassVar[str] = "data-stores"
    of = (Declared, Infrastructure, Kubernetes)

    parts: tuple[DataStore, ...] = ()

    @classmethod
    def derive(cls, declared: Declared, infrastructure: Infrastructure, kubernetes: Kubernetes) -> DataStores:
        """Those that are declared, with their providers' defaults and the backup plans that select them."""
        plans = BackupPlans(infrastructure)
        operators = Operators(kubernetes)
        every = [_store(thing, plans, operators) for thing in declared.belonging(cls.noun) if is_there(thing)]
        return cls(parts=tuple(store for store in every if store), problems=declared.doubtful(cls.noun))

    @property
    def databases(self) -> list[DataStore]:
        """Those that people's data depends on."""
        return [store for store in self.lasting if store.kind not in BESIDE]

    @property
    def beside(self) -> list[DataStore]:
        """Those without which nothing is said of all data, and for which nobody fails."""
        return [store for store in self.lasting if store.kind in BESIDE]

    @property
    def lasting(self) -> list[DataStore]:
        """All of which what is lost may be lost for good."""
        return [store for store in self.parts if store.production and store.kind not in CACHES]


def in_buckets(buckets: Buckets) -> list[DataStore]:
    """The buckets that hold what cannot be made again, as stores of whose backups nothing is told."""
    return [
        DataStore(
            kind="bucket", address=b.address, at=b.at, thing=b.thing, keeping=_nothing_said(b.thing), managed=True
        )
        for b in buckets.lasting
    ]


def in_dumps(kubernetes: Kubernetes) -> list[DataStore]:
    """The jobs of a cluster that dump a database, as stores whose backups they make: encrypted or in the clear."""
    found = []
    for job in kubernetes.of("CronJob"):
        for keys, container in job.containers():
            said = " ".join(str(word) for key in ("command", "args") for word in _listed(container.get(key)))[:5_000]
            if not _DUMPS.search(said):
                continue
            at = job.at(*keys)
            sealed = True if _SEALS.search(said) else None if _STORED.search(said) else False
            because = "what it dumps is encrypted" if sealed else "it dumps in the clear"
            nothing = Setting(None, at, "")
            keeping = Keeping(nothing, nothing, nothing, nothing, nothing, Setting(sealed, at, because))
            thing = Thing(kinds={}, address=f"CronJob {job.resource}", at=at, resource=job)
            found.append(
                DataStore(kind="dump", address=thing.address, at=at, thing=thing, keeping=keeping, managed=False)
            )
    return found


_DUMPS = re.compile(r"\b(?:pg_dump(?:all)?|mysqldump|mariadb-dump|mongodump|pg_basebackup)\b")
_SEALS = re.compile(
    r"\bage\b.{0,40}\s-r|\bgpg2?\b.{0,80}(?:-e\b|--encrypt|-c\b|--symmetric)|openssl\s+(?:enc|smime|cms)|\brestic\b|\bborg\b"
    r"|\bkopia\b|\bsops\b|--sse\b"
)
_STORED = re.compile(r"s3://|gs://|\baws s3|\bgsutil|\bgcloud storage|\baz storage|\bmc\b|\brclone\b|\.sh\b")
"""What it writes to may encrypt by itself."""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _store(thing: Thing, plans: BackupPlans, operators: Operators) -> DataStore | None:
    block = thing.block
    own = operators.keeping(thing.resource) if thing.resource is not None else None
    keeping = _of_block(block, thing, plans) if block is not None else own or _nothing_said(thing)
    if keeping is None:
        return None
    managed = block is not None and block.type != "helm_release" and "workloads" not in thing.kinds
    return made(DataStore, DataStores.noun, thing, keeping=keeping, managed=managed)


def _of_block(block: Block, thing: Thing, plans: BackupPlans) -> Keeping | None:
    """How *block* keeps its data; None where it keeps none of its own."""
    if block.block == "module":
        own: Keeping | None = of_module(block)
    elif block.type in FAMILIES:
        own = FAMILIES[block.type](block)
    else:
        own = Keeping(**{setting: said(block, thing.says.get(setting)) for setting in _SETTINGS})
    return plans.added(block, own) if own is not None else None


_SETTINGS = ("backups", "retention", "pitr", "encrypted", "copied")


def _nothing_said(thing: Thing) -> Keeping:
    nothing = Setting(None, thing.at, "")
    return Keeping(nothing, nothing, nothing, nothing, nothing)
