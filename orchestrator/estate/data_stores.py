"""The data stores: what keeps data that people put into it, and how well."""

from __future__ import annotations

from typing import ClassVar

from ..evidence.facts.infrastructure import Block, Infrastructure
from ._backup_plans import BackupPlans
from ._families import FAMILIES, of_module
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
    of = (Declared, Infrastructure)

    parts: tuple[DataStore, ...] = ()

    @classmethod
    def derive(cls, declared: Declared, infrastructure: Infrastructure) -> DataStores:
        """Those that are declared, with their providers' defaults and the backup plans that select them."""
        plans = BackupPlans(infrastructure)
        every = [_store(thing, plans) for thing in declared.belonging(cls.noun) if is_there(thing)]
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


def _store(thing: Thing, plans: BackupPlans) -> DataStore | None:
    block = thing.block
    keeping = _of_block(block, thing, plans) if block is not None else _nothing_said(thing)
    if keeping is None:
        return None
    managed = block is not None and block.type != "helm_release"
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
