"""The data stores: what keeps data that people put into it, and how well."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

from ..evidence.facts.infrastructure import Block, Infrastructure
from ..evidence.facts.kubernetes import Kubernetes
from ._backup_plans import BackupPlans
from ._families import FAMILIES, of_module
from ._operators import Operators
from .declared import Declared, Thing
from .dumps import elsewhere, encrypted, versioned
from .inventory import Inventory, Part, is_there, made
from .nouns import Buckets
from .settings import Keeping, Setting, said
from .typed import Typed

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


def in_buckets(buckets: Buckets, infrastructure: Infrastructure | None = None) -> list[DataStore]:
    """The buckets that hold what cannot be made again, as stores that tell of themselves what *infrastructure* says."""
    found = []
    for bucket in buckets.lasting:
        keeping = _of_bucket(bucket, infrastructure)
        kept = DataStore(
            kind="bucket", address=bucket.address, at=bucket.at, thing=bucket.thing, keeping=keeping, managed=True
        )
        found.append(kept)
    return found


def _of_bucket(bucket: Part, infrastructure: Infrastructure | None) -> Keeping:
    nothing = _nothing_said(bucket.thing)
    block = bucket.thing.block
    if infrastructure is None or block is None or block.type not in ("aws_s3_bucket", "google_storage_bucket"):
        return nothing
    far = elsewhere(block, infrastructure)
    return replace(
        nothing,
        pitr=versioned(block, infrastructure),
        copied=far if far.value else nothing.copied,
        sealed=encrypted(block, infrastructure),
    )


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
    elif _COPIES.says(block, "copy").value is True:
        own = None
    else:
        own = Keeping(**{setting: said(block, thing.says.get(setting)) for setting in _SETTINGS})
    if own is not None and block.type == "Microsoft.Sql/servers/databases":
        own = _with_policy(block, own, plans.policies)
    return plans.added(block, own) if own is not None else None


def _with_policy(block: Block, own: Keeping, policies: list[Block]) -> Keeping:
    """A database of Azure SQL with the retention that a policy of its own says: seven days without one."""
    for policy in policies:
        named = f"{policy.get('parent')} {policy.get('name')}"
        if policy.scope == block.scope and re.search(rf"\b{re.escape(block.label)}\b", named):
            days, at = policy.number("properties", "retentionDays"), policy.at("properties")
            return replace(own, retention=Setting(days, at, "its policy of short-term retention says so"))
    return own


_COPIES = Typed("resources/replicas")
_SETTINGS = ("backups", "retention", "pitr", "encrypted", "copied")


def _nothing_said(thing: Thing) -> Keeping:
    nothing = Setting(None, thing.at, "")
    return Keeping(nothing, nothing, nothing, nothing, nothing)
