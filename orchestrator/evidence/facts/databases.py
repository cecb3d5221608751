"""How declared cloud databases are backed up, whichever provider they belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ._backup_plans import BackupPlans
from ._database_families import FAMILIES, of_module
from ._database_settings import ManagedDatabase as ManagedDatabase
from ._database_settings import Setting as Setting
from .infrastructure import Block, Infrastructure
from .kubernetes import Kubernetes, Resource


def managed_databases(infrastructure: Infrastructure) -> list[ManagedDatabase]:
    """
    Every database in *infrastructure* that holds data of its own; replicas and lock tables are left out.

    A database behind a registry's module is among them, so that nothing is said of all of them without it.
    """
    plans = BackupPlans(infrastructure)
    replicated = {
        str(block.get("source_db_instance_arn")): block
        for block in infrastructure.of("aws_db_instance_automated_backups_replication")
    }
    found = []
    for block in (*infrastructure.resources, *infrastructure.modules):
        describe = of_module if block.block == "module" else FAMILIES.get(block.type)
        database = describe(block) if describe else None
        if database:
            found.append(_with_plans(database, plans, replicated))
    return found


def self_run_databases(kubernetes: Kubernetes) -> list[Resource]:
    """Workloads and operator resources that run a database inside the cluster."""
    found = []
    for resource in kubernetes.of(*_SERVERS, *_OPERATED):
        operated = resource.kind in _OPERATED and not resource.api_version.startswith(("apps/", "v1"))
        images = [str(c.get("image", "")) for _, c in resource.containers()] if not operated else []
        if operated or (resource.kind in _SERVERS and any(_IMAGE.search(image) for image in images)):
            found.append(resource)
    return found


_SERVERS = frozenset({"Deployment", "StatefulSet"})
_OPERATED = frozenset(
    [
        "PostgresCluster",
        "postgresql",
        "PerconaPGCluster",
        "PerconaXtraDBCluster",
        "PerconaServerMongoDB",
        "InnoDBCluster",
        "MongoDBCommunity",
        "MariaDB",
        "CassandraDatacenter",
    ]
)
_IMAGE = re.compile(r"(^|/)(postgres|postgresql|timescaledb|postgis|mysql|mariadb|percona|mongo|mongodb|cassandra|"
                    r"cockroach|couchdb|neo4j|clickhouse-server|mssql-server)(:|@|$)")  # fmt: skip


def _with_plans(database: ManagedDatabase, plans: BackupPlans, replicated: Mapping[str, Block]) -> ManagedDatabase:
    block = database.block
    plan = plans.of(block)
    if plan:
        says = f"backup plan {plan.label} selects it"
        kept = max(plan.days, float(database.retention.value or 0)) if plan.days is not None else None
        return replace(
            database,
            backups=Setting(True, plan.at, says),
            retention=Setting(kept, plan.at, says) if kept is not None else _doubtful(database.retention),
            pitr=Setting(True, plan.at, says) if plan.continuous else _doubtful(database.pitr),
            copied=Setting(True, plan.at, says) if plan.copied else database.copied,
        )
    if plans.undecided:
        return replace(
            database,
            backups=_doubtful(database.backups),
            retention=_doubtful(database.retention),
            pitr=_doubtful(database.pitr),
        )
    other = replicated.get(f"{block.type}.{block.label}.arn")
    if other is None:
        return database
    return replace(database, copied=Setting(True, other.at(), f"{other.address} copies its backups to another region"))


def _doubtful(setting: Setting) -> Setting:
    """The setting, unknown where it is not good: something else in the tree may make up for it."""
    return setting if setting.value is True or (setting.value or 0) >= 30 else replace(setting, value=None)
