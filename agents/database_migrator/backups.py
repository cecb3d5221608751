"""Judges section 6.1: what the code says about backups of the databases it declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    FAIL,
    PASS,
    Buckets,
    Dashboards,
    DataStores,
    Draft,
    Example,
    check,
    in_buckets,
    judge_parts,
    measured,
    passed,
)

from ._backup_examples import (
    BARE,
    CARTS,
    GLOBAL,
    KEPT,
    MODULE,
    NO_DATABASE,
    PLANNED,
    TABLE,
    UNLISTED,
    VARIABLE,
    WAREHOUSE,
)

_PHOTOS = Example(
    "beside the database, a bucket of photos, of whose backups nothing is told",
    {**KEPT.files, "photos.tf": 'resource "aws_s3_bucket" "photos" {\n  bucket = "photos"\n}\n'},
)


@check(
    "DAT-6.1.1",
    shows=FAIL,
    clean=[KEPT],
    flagged=[BARE, TABLE, WAREHOUSE, CARTS, GLOBAL],
    silent=[PLANNED, VARIABLE, MODULE, NO_DATABASE],
)
def no_daily_backup(stores: DataStores) -> Iterator[Draft]:
    """Databases that are declared without automated backups; whether backups ran is for others to show."""
    yield from judge_parts(
        stores.databases, lambda s: s.keeping.backups, bool, "is not backed up automatically", "", what="data stores"
    )


@check(
    "DAT-6.1.4",
    shows=BOTH,
    clean=[KEPT],
    flagged=[BARE, WAREHOUSE],
    silent=[VARIABLE, MODULE, NO_DATABASE, UNLISTED, CARTS, _PHOTOS],
)
def encryption(stores: DataStores, buckets: Buckets) -> Iterator[Draft]:
    """Encryption of managed databases; the provider's backups are encrypted exactly when the database is."""
    yield from judge_parts(
        stores.databases,
        lambda s: s.keeping.backups_encrypted,
        bool,
        "is backed up unencrypted",
        "Backups are encrypted with their database",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets)],
    )


@check("DAT-6.1.5", shows=PASS, clean=[KEPT, _PHOTOS], flagged=[BARE, TABLE], silent=[NO_DATABASE])
def incremental(stores: DataStores) -> Iterator[Draft]:
    """Provider backups of managed databases, which store what changed since the one before."""
    yield from judge_parts(
        stores.databases,
        lambda s: s.keeping.backups,
        bool,
        "",
        "Provider snapshots hold what changed since the one before",
        what="data stores",
        beside=stores.beside,
    )


@check(
    "DAT-6.1.6",
    shows=BOTH,
    clean=[
        KEPT,
        Example(
            "a plan for everything copies to a vault in another region",
            {
                "db.tf": BARE.files["infra/db.tf"],
                "backup.tf": (
                    'resource "aws_backup_vault" "far" {\n  provider = aws.frankfurt\n  name     = "far"\n}\n'
                    'resource "aws_backup_plan" "all" {\n  name = "all"\n  rule {\n    rule_name = "daily"\n'
                    '    schedule  = "cron(0 3 * * ? *)"\n    copy_action {\n'
                    "      destination_vault_arn = aws_backup_vault.far.arn\n    }\n  }\n}\n"
                    'resource "aws_backup_selection" "all" {\n  plan_id   = aws_backup_plan.all.id\n'
                    '  resources = ["*"]\n}\n'
                ),
            },
        ),
    ],
    flagged=[
        Example(
            "storage of backups in a single place",
            {
                "main.tf": (
                    'resource "azurerm_cosmosdb_account" "orders" {\n  backup {\n    type = "Periodic"\n'
                    '    storage_redundancy = "Local"\n  }\n}\n'
                )
            },
        )
    ],
    silent=[VARIABLE, MODULE, NO_DATABASE, _PHOTOS],
)
def another_region(stores: DataStores, buckets: Buckets) -> Iterator[Draft]:
    """Copies in another region: replicated backups, copy actions of backup plans, geo-redundant storage."""
    yield from judge_parts(
        stores.databases,
        lambda s: s.keeping.copied,
        bool,
        "has all its backups in one region",
        "Copies of backups lie in another region",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets)],
    )


_WANTED = 30


@check(
    "DAT-6.1.7",
    shows=BOTH,
    clean=[KEPT],
    flagged=[BARE, TABLE, WAREHOUSE],
    silent=[PLANNED, VARIABLE, MODULE, NO_DATABASE, UNLISTED, _PHOTOS],
)
def thirty_days(stores: DataStores, buckets: Buckets) -> Iterator[Draft]:
    """Retention that the provider enforces, in days; the default of the provider counts where none is set."""
    yield from judge_parts(
        stores.databases,
        lambda s: s.keeping.retention,
        lambda days: days >= _WANTED,
        "does not keep backups for 30 days",
        "The provider keeps backups for at least 30 days",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets)],
        count=lambda days: measured("backup retention", days, "days", at_least=_WANTED),
    )


@check(
    "DAT-6.1.8",
    shows=PASS,
    clean=[
        Example(
            "a dashboard with age and size of backups",
            {
                "grafana/backups.json": (
                    '{"title": "Backups", "schemaVersion": 39, "panels": [{"title": "Age", "type": "stat",'
                    ' "targets": [{"expr": "time() - pg_backup_last_success_timestamp_seconds"}]}]}'
                )
            },
        )
    ],
    flagged=[
        Example(
            "a dashboard of requests",
            {
                "grafana/web.json": (
                    '{"title": "Web", "schemaVersion": 39, "panels": [{"title": "Requests", "type": "timeseries",'
                    ' "targets": [{"expr": "rate(http_requests_total[5m])"}]}]}'
                )
            },
        )
    ],
    silent=[NO_DATABASE],
)
def dashboard(dashboards: Dashboards) -> Iterator[Draft]:
    """A dashboard that queries a metric of backups."""
    for board in dashboards.files:
        if any(_METRIC.search(expression) for expression in board.expressions):
            yield passed(f"Dashboard '{board.title}' shows the state of backups", board.source)


_METRIC = re.compile(r"backup|velero_|pgbackrest|barman|walg_", re.IGNORECASE)
