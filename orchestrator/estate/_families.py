"""The databases of which it takes more than one attribute to tell how they are kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..evidence.facts.infrastructure import Block, as_flag, as_number
from ._forms import always, days_of, deep, dicts, inside, switch
from .settings import Keeping, Setting, unknown


def _aws_instance(block: Block) -> Keeping | None:
    if any(block.get(k) for k in ("replicate_source_db", "SourceDBInstanceIdentifier", "DBClusterIdentifier")):
        return None
    if str(block.get("engine", default=block.get("Engine", default=""))).startswith("aurora"):
        return None
    restored = bool(block.get("snapshot_identifier") or block.get("restore_to_point_in_time"))
    return _aws(block, None if restored else 1 if block.tool == "cloudformation" else 0)


def _aws_cluster(block: Block) -> Keeping | None:
    if block.get("replication_source_identifier") or block.get("ReplicationSourceIdentifier"):
        return None
    return _aws(block, 1)


def _aws(block: Block, default: int | None) -> Keeping:
    formation = block.tool == "cloudformation"
    retention = days_of(block, "BackupRetentionPeriod" if formation else "backup_retention_period", default)
    on = replace(retention, value=None if retention.value is None else retention.value > 0)
    inherited = any(
        block.get(k)
        for k in ("snapshot_identifier", "restore_to_point_in_time", "SnapshotIdentifier", "DBSnapshotIdentifier",
                  "global_cluster_identifier", "GlobalClusterIdentifier")
    )  # fmt: skip
    serverless = block.get("engine_mode") == "serverless"
    encrypted = switch(
        block,
        "StorageEncrypted" if formation else "storage_encrypted",
        True if serverless else None if inherited else False,
    )
    return Keeping(on, retention, on, encrypted, unknown(block))


def _dynamodb(block: Block) -> Keeping | None:
    key = block.get("hash_key") or next(
        (k.get("AttributeName") for k in block.nested("KeySchema") if k.get("KeyType") == "HASH"), ""
    )
    if key == "LockID" or block.get("restore_source_name"):
        return None
    name = "PointInTimeRecoverySpecification" if block.tool == "cloudformation" else "point_in_time_recovery"
    inner = "PointInTimeRecoveryEnabled" if block.tool == "cloudformation" else "enabled"
    pitr = inside(block, (name,), inner, False)
    days = 35.0 if pitr.value else 0.0 if pitr.value is False else None
    own = as_number((block.nested(name) or [{}])[0].get("recovery_period_in_days"))
    retention = replace(pitr, value=own if own is not None and pitr.value else days)
    return Keeping(pitr, retention, pitr, always(block, "DynamoDB encrypts every table"), unknown(block))


def _global_table(block: Block) -> Keeping:
    """A table with a replica in each region: the worst of them counts."""
    kept = [
        as_flag(wanted.get("PointInTimeRecoveryEnabled", False))
        for replica in block.nested("Replicas")
        for wanted in dicts(replica.get("PointInTimeRecoverySpecification")) or [{}]
    ]
    value = None if not kept else False if False in kept else True if all(kept) else None
    pitr = Setting(value, block.at("Replicas"), f"PointInTimeRecoveryEnabled = {str(value).lower()} in its replicas")
    days = Setting(None if value is None else 35.0 if value else 0.0, pitr.at, pitr.because)
    return Keeping(pitr, days, pitr, always(block, "DynamoDB encrypts every table"), unknown(block))


def _cloud_sql(block: Block) -> Keeping | None:
    if block.get("master_instance_name") or block.get("clone"):
        return None
    path = ("settings", "backup_configuration")
    on = inside(block, path, "enabled", False)
    engine = str(block.get("database_version", default=""))
    pitr = inside(
        block, path, "binary_log_enabled" if engine.startswith("MYSQL") else "point_in_time_recovery_enabled", False
    )
    if on.value is not True:
        pitr = on
    inner = deep(block, path)
    kept = (dicts(inner.get("backup_retention_settings")) or [{}])[0].get("retained_backups", 7)
    retention = replace(on, value=as_number(kept) if on.value else 0.0 if on.value is False else None)
    if on.value:
        says = (
            f"retained_backups = {kept}"
            if "backup_retention_settings" in inner
            else "seven backups are kept by default"
        )
        retention = replace(retention, because=says)
    copied = unknown(block)
    if on.value and inner.get("location") in ("us", "eu", "asia"):
        copied = Setting(True, on.at, f"backups lie in the multi-region '{inner['location']}'")
    elif on.value and _REGION.fullmatch(str(inner.get("location"))) and _REGION.fullmatch(str(block.get("region"))):
        far = inner.get("location") != block.get("region")
        copied = Setting(far, on.at, f"backups lie in {inner['location']}" + ("" if far else ", its own region"))
    return Keeping(on, retention, pitr, always(block, "Cloud SQL encrypts every instance"), copied)


_REGION = re.compile(r"[a-z]+-[a-z]+\d+")


def _azure_server(block: Block) -> Keeping | None:
    if "replica" in str(block.get("create_mode", default="")).lower():
        return None
    retention = days_of(block, "backup_retention_days", 7)
    copied = switch(block, "geo_redundant_backup_enabled", None)
    on = always(block, "Azure backs up every server")
    return Keeping(on, retention, on, always(block, "Azure encrypts every server"), copied)


def _azure_sql(block: Block) -> Keeping | None:
    if block.get("create_mode") in ("Secondary", "OnlineSecondary"):
        return None
    policy = (block.nested("short_term_retention_policy") or [{}])[0]
    days = policy.get("retention_days", 7)
    says = f"retention_days = {days}" if policy else "no short_term_retention_policy: Azure keeps 7 days"
    retention = Setting(as_number(days), block.at("short_term_retention_policy"), says)
    if block.get("long_term_retention_policy"):
        retention = replace(retention, value=None)
    kind = block.get("storage_account_type", default="")
    copied = Setting({"Geo": True, "GeoZone": True, "Local": False, "Zone": False}.get(str(kind)),
                     block.at("storage_account_type"), f"storage_account_type = {kind}")  # fmt: skip
    on = always(block, "Azure backs up every database")
    encrypted = switch(block, "transparent_data_encryption_enabled", True)
    return Keeping(on, retention, on, encrypted, copied)


def _cosmos(block: Block) -> Keeping | None:
    backup = (block.nested("backup") or [{}])[0]
    kind = backup.get("type", "Periodic")
    known = kind in ("Periodic", "Continuous")
    pitr = Setting(kind == "Continuous" if known else None, block.at("backup"), f"backup type {kind}")
    hours = as_number(backup.get("retention_in_hours", 8))
    days = {"Continuous7Days": 7.0}.get(str(backup.get("tier")), 30.0) if kind == "Continuous" else None
    if kind == "Periodic" and hours is not None:
        days = hours / 24
    retention = Setting(days, block.at("backup"), f"{kind.lower()} backup is kept for {days:g} days" if days else "")
    copied = Setting({"Geo": True, "Local": False, "Zone": False}.get(str(backup.get("storage_redundancy"))),
                     block.at("backup"), f"storage_redundancy = {backup.get('storage_redundancy')}")  # fmt: skip
    on = always(block, "Azure backs up every account")
    return Keeping(on, retention, pitr, always(block, "Azure encrypts every account"), copied)


def of_module(block: Block) -> Keeping:
    """A database behind somebody else's module: only what is said outright is known of it."""
    retention = days_of(block, "backup_retention_period", None)
    on = replace(retention, value=None if retention.value is None else retention.value > 0)
    pitr = switch(block, "point_in_time_recovery_enabled", None)
    if pitr.value is not None:
        on = pitr
        retention = replace(pitr, value=35.0 if pitr.value else 0.0)
    return Keeping(on, retention, on, switch(block, "storage_encrypted", None), unknown(block))


FAMILIES: dict[str, Callable[[Block], Keeping | None]] = {
    "aws_db_instance": _aws_instance, "AWS::RDS::DBInstance": _aws_instance,
    "aws_rds_cluster": _aws_cluster, "AWS::RDS::DBCluster": _aws_cluster,
    "aws_docdb_cluster": _aws_cluster, "AWS::DocDB::DBCluster": _aws_cluster,
    "aws_neptune_cluster": _aws_cluster, "AWS::Neptune::DBCluster": _aws_cluster,
    "aws_dynamodb_table": _dynamodb, "AWS::DynamoDB::Table": _dynamodb,
    "AWS::DynamoDB::GlobalTable": _global_table,
    "google_sql_database_instance": _cloud_sql,
    "azurerm_postgresql_server": _azure_server, "azurerm_postgresql_flexible_server": _azure_server,
    "azurerm_mysql_server": _azure_server, "azurerm_mysql_flexible_server": _azure_server,
    "azurerm_mariadb_server": _azure_server, "azurerm_mssql_database": _azure_sql,
    "azurerm_cosmosdb_account": _cosmos,
}  # fmt: skip
