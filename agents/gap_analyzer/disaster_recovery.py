"""Judges section 1.3 as far as backups are declared: they exist, last, and lie elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BACKUPS,
    BOTH,
    FAIL,
    PASS,
    PGBACKREST,
    Buckets,
    Code,
    DataStores,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Measure,
    Setting,
    check,
    each,
    failed,
    in_buckets,
    judge_parts,
    kept_databases,
    measured,
)

from ._examples import (
    BARE,
    CARTS,
    GLOBAL,
    KEPT,
    MODULE,
    NO_CLOUD,
    OPERATED,
    OWN,
    OWN_CLEAR,
    PLANNED,
    TABLE,
    UNLISTED,
    VARIABLE,
    WAREHOUSE,
)

_WANTED = 30


@check(
    "INF-1.3.1",
    shows=FAIL,
    clean=[KEPT],
    flagged=[BARE, TABLE, WAREHOUSE, CARTS, GLOBAL],
    silent=[PLANNED, VARIABLE, MODULE, NO_CLOUD],
)
def databases_without_backups(stores: DataStores) -> Iterator[Draft]:
    """
    Databases declared with their automated backups turned off.

    That backups really ran is nothing a repository can show, so this never passes.
    """
    yield from judge_parts(
        stores.databases, lambda s: s.keeping.backups, bool, "has no automated backups", "", what="data stores"
    )


_PHOTOS = Example(
    "beside the database, a bucket of photos, of whose backups nothing is told",
    {**KEPT.files, "photos.tf": 'resource "aws_s3_bucket" "photos" {\n  bucket = "photos"\n}\n'},
)
_LOGS = Example(
    "beside the database, a bucket of logs",
    {**KEPT.files, "logs.tf": 'resource "aws_s3_bucket" "access_logs" {\n  bucket = "access-logs"\n}\n'},
)


@check(
    "INF-1.3.2",
    shows=BOTH,
    clean=[KEPT, _LOGS, OWN, OPERATED],
    flagged=[
        BARE,
        Example("seven days", {"db.tf": 'resource "azurerm_mysql_flexible_server" "shop" {\n  sku_name = "x"\n}\n'}),
        Example(
            "snapshots of the cluster's volumes are dropped after a week",
            {
                "k8s/postgres.yaml": (
                    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  template:\n    spec:\n"
                    "      containers: [{name: db, image: 'postgres:17'}]\n"
                ),
                "k8s/velero.yaml": (
                    "apiVersion: velero.io/v1\nkind: Schedule\nmetadata: {name: nightly}\n"
                    "spec:\n  schedule: 0 2 * * *\n  template:\n    ttl: 168h0m0s\n"
                ),
            },
        ),
    ],
    silent=[PLANNED, VARIABLE, MODULE, NO_CLOUD, _PHOTOS],
    reads=[PGBACKREST, BACKUPS],
)
def retention(
    stores: DataStores, buckets: Buckets, kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code
) -> Iterator[Draft]:
    """For how many days managed databases and Velero keep backups; 30 are wanted."""
    kept = kept_databases(stores.databases, kubernetes, infrastructure, code)
    yield from judge_parts(
        kept,
        lambda s: s.keeping.retention,
        lambda days: days >= _WANTED,
        "keeps backups for less than 30 days",
        "Backups are kept for 30 days or longer",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets, infrastructure)],
        count=_kept,
    )
    short = sorted(
        (
            s
            for s in kubernetes.of("Schedule")
            if s.api_version.startswith("velero.io/") and _hours(s.get("spec", "template", "ttl")) < _WANTED * 24
        ),
        key=lambda s: _hours(s.get("spec", "template", "ttl")),
    )
    if short and not all(store.managed for store in stores.databases):
        first = short[0]
        ttl = first.get("spec", "template", "ttl")
        yield failed(
            each(short, at=lambda s: s.at("spec", "template", "ttl")).like(
                f"Velero schedule {first.resource} keeps backups for {ttl}, less than 30 days (720h)"
            ),
            measure=_kept(_hours(ttl) / 24),
        )


def _kept(days: float) -> Measure | None:
    return measured("backup retention", days, "days", at_least=_WANTED)


@check(
    "INF-1.3.4",
    shows=BOTH,
    clean=[KEPT, OWN],
    flagged=[
        Example(
            "geo-redundant backup turned off",
            {
                "db.tf": (
                    'resource "azurerm_postgresql_flexible_server" "shop" {\n'
                    "  geo_redundant_backup_enabled = false\n}\n"
                )
            },
        )
    ],
    silent=[OWN_CLEAR, MODULE, NO_CLOUD, _PHOTOS],
    reads=[PGBACKREST, BACKUPS],
)
def copies_elsewhere(
    stores: DataStores, buckets: Buckets, kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code
) -> Iterator[Draft]:
    """Backups copied to another region: replicated backups, copy actions, geo-redundant storage."""
    kept = kept_databases(stores.databases, kubernetes, infrastructure, code)
    yield from judge_parts(
        kept,
        lambda s: s.keeping.copied,
        bool,
        "keeps its backups in one region",
        "Backups are copied to another region",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets, infrastructure)],
    )


@check(
    "INF-1.3.5",
    shows=BOTH,
    clean=[KEPT, OPERATED],
    flagged=[BARE, TABLE, GLOBAL],
    silent=[PLANNED, VARIABLE, MODULE, NO_CLOUD, UNLISTED, WAREHOUSE, CARTS, _PHOTOS],
)
def point_in_time(stores: DataStores, buckets: Buckets, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Recovery to any moment: automated backups of RDS, PITR of DynamoDB and Cloud SQL, continuous backup elsewhere."""
    yield from judge_parts(
        stores.databases,
        lambda s: s.keeping.pitr,
        bool,
        "cannot be brought back to a point in time",
        "Recovery to a point in time is on",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets, infrastructure)],
    )


@check("INF-1.3.7", shows=PASS, clean=[KEPT, _PHOTOS], flagged=[BARE, TABLE], silent=[NO_CLOUD])
def incremental_backups(stores: DataStores) -> Iterator[Draft]:
    """Automated backups of managed databases, which are snapshots and logs rather than full copies."""
    yield from judge_parts(
        stores.databases,
        lambda s: s.keeping.backups if s.managed else Setting(None, s.at, "nobody says that they are incremental"),
        bool,
        "",
        "Backups are incremental snapshots by the provider",
        what="data stores",
        beside=stores.beside,
    )


@check(
    "INF-1.3.8",
    shows=BOTH,
    clean=[KEPT, OWN, OPERATED],
    flagged=[BARE, WAREHOUSE, OWN_CLEAR],
    silent=[
        VARIABLE,
        MODULE,
        NO_CLOUD,
        UNLISTED,
        CARTS,
        _PHOTOS,
        Example(
            "a dump of tables without their rows",
            {
                "compose.yaml": "services: {db: {image: 'postgres:17'}}\n",
                "scripts/migrations.sh": 'pg_dump -s "$DATABASE_URL" > /tmp/one.sql\n',
            },
        ),
    ],
    reads=[PGBACKREST, BACKUPS],
)
def encrypted_backups(
    stores: DataStores, buckets: Buckets, kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code
) -> Iterator[Draft]:
    """Encryption at rest of managed databases, whose backups are encrypted exactly when they are."""
    kept = kept_databases(stores.databases, kubernetes, infrastructure, code)
    yield from judge_parts(
        kept,
        lambda s: s.keeping.backups_encrypted,
        bool,
        "is not encrypted at rest, and neither are its backups",
        "Databases and with them their backups are encrypted at rest",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets, infrastructure)],
    )


def _hours(ttl: object) -> float:
    """The hours of a Go duration such as ``168h0m0s``; Velero's default where nothing is said or understood."""
    match = re.match(r"(\d{1,6})h", str(ttl))
    return float(match[1]) if match else 720.0
