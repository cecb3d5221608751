"""Judges section 6.1: what the code says about backups of the databases it declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BACKUPS,
    BOTH,
    FAIL,
    PASS,
    PGBACKREST,
    Buckets,
    Code,
    Dashboards,
    DataStores,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Setting,
    Signal,
    check,
    in_buckets,
    judge_parts,
    kept_databases,
    measured,
    passed,
    unsure,
)

from ._backup_examples import (
    BARE,
    CARTS,
    GLOBAL,
    KEPT,
    MODULE,
    NO_DATABASE,
    OPERATED,
    OWN,
    OWN_CLEAR,
    PLANNED,
    TABLE,
    UNLISTED,
    VARIABLE,
    WAREHOUSE,
)

MEASURED = Signal(
    id="data.backups-measured",
    pattern=r"backup\w{0,60}",
    roles=("source", "infra", "config", "ci", "other"),
    kept=ALL,
)
UNMEASURED = Signal(
    id="data.operator-without-metrics",
    pattern=r"\benablePodMonitor\s*:\s*[\"']?false\b",
    roles=("infra", "config"),
)
_PHOTOS = Example(
    "beside the database, a bucket of photos, of whose backups nothing is told",
    {**KEPT.files, "photos.tf": 'resource "aws_s3_bucket" "photos" {\n  bucket = "photos"\n}\n'},
)
_UNCOPIED = Example(
    "nothing copies the backups, beside a bucket of which it cannot be told",
    {**BARE.files, "photos.tf": _PHOTOS.files["photos.tf"]},
)
_LONGER = Example(
    "what the provider keeps for a week, beside dumps that may stay for longer",
    {
        "infra/db.tf": 'resource "digitalocean_database_cluster" "main" {\n  engine = "mysql"\n}\n',
        "config/backup.php": "<?php\nreturn ['cleanup' => ['keep_daily_backups_for_days' => 60]];\n",
    },
)
_OF_OTHERS = Example(
    "a page that shows others how to dump and encrypt",
    {
        "docker-compose.yml": "services:\n  web:\n    image: shop\n  db:\n    image: postgres:17\n",
        "templates/docs/bash.html-fragment": "<pre>pg_dump shop | gpg -e -r ops@shop.example | aws s3 cp - s3://x</pre>\n",
    },
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
    clean=[KEPT, OWN, OPERATED],
    flagged=[
        BARE,
        WAREHOUSE,
        OWN_CLEAR,
        Example("one of one's own beside that of a provider", {**KEPT.files, **OWN_CLEAR.files}),
    ],
    silent=[VARIABLE, MODULE, NO_DATABASE, UNLISTED, CARTS, _PHOTOS, _OF_OTHERS],
    reads=[PGBACKREST, BACKUPS],
)
def encryption(
    stores: DataStores, buckets: Buckets, kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code
) -> Iterator[Draft]:
    """Encryption of managed databases; the provider's backups are encrypted exactly when the database is."""
    kept = kept_databases(stores.databases, kubernetes, infrastructure, code)
    yield from judge_parts(
        kept,
        lambda s: s.keeping.backups_encrypted,
        bool,
        "is backed up unencrypted",
        "Backups are encrypted with their database",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets, infrastructure)],
    )


_DUMPED = Example(
    "beside the database, a machine whose own is dumped as a whole",
    {
        **KEPT.files,
        "warehouse.tf": 'resource "aws_instance" "warehouse" {\n  instance_type = "r7g.large"\n  user_data = <<-EOT\n'
        "    echo '0 1 * * * postgres pg_dumpall | gzip > /backup/all.gz' > /etc/cron.d/dump\n  EOT\n}\n",
    },
)
_MACHINE = re.compile(r"instance$|virtual_machine|_server$|droplet|EC2::Instance|compute_instance")
_WHOLE_DUMP = re.compile(r"\b(?:pg_dump(?:all)?|mysqldump|mariadb-dump|mongodump)\b(?!.{0,80}(?:\s-h\b|--host|_URL))")


@check("DAT-6.1.5", shows=PASS, clean=[KEPT, _PHOTOS], flagged=[BARE, TABLE, _DUMPED], silent=[NO_DATABASE])
def incremental(stores: DataStores, infrastructure: Infrastructure) -> Iterator[Draft]:
    """Provider backups of managed databases, which store what changed since the one before."""
    for block in infrastructure.some:
        if _MACHINE.search(block.type) and _WHOLE_DUMP.search(str(block.body)):
            yield unsure(f"{block.address} dumps a database as a whole each time", block.at())
            return
    yield from judge_parts(
        stores.databases,
        lambda s: s.keeping.backups if s.managed else Setting(None, s.at, "nobody says that they are incremental"),
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
        OWN,
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
    silent=[OWN_CLEAR, MODULE, NO_DATABASE, _PHOTOS, _UNCOPIED],
    reads=[PGBACKREST, BACKUPS],
)
def another_region(
    stores: DataStores, buckets: Buckets, kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code
) -> Iterator[Draft]:
    """Copies in another region: replicated backups, copy actions of backup plans, geo-redundant storage."""
    kept = kept_databases(stores.databases, kubernetes, infrastructure, code)
    yield from judge_parts(
        kept,
        lambda s: s.keeping.copied,
        bool,
        "has all its backups in one region",
        "Copies of backups lie in another region",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets, infrastructure)],
    )


_WANTED = 30


@check(
    "DAT-6.1.7",
    shows=BOTH,
    clean=[KEPT, OWN, OPERATED],
    flagged=[BARE, TABLE, WAREHOUSE],
    silent=[PLANNED, VARIABLE, MODULE, NO_DATABASE, UNLISTED, _PHOTOS, _LONGER],
    reads=[PGBACKREST, BACKUPS],
)
def thirty_days(
    stores: DataStores, buckets: Buckets, kubernetes: Kubernetes, infrastructure: Infrastructure, code: Code
) -> Iterator[Draft]:
    """Retention that the provider enforces, in days; the default of the provider counts where none is set."""
    kept = kept_databases(stores.databases, kubernetes, infrastructure, code)
    yield from judge_parts(
        kept,
        lambda s: s.keeping.retention,
        lambda days: days >= _WANTED,
        "does not keep backups for 30 days",
        "The provider keeps backups for at least 30 days",
        what="data stores",
        beside=[*stores.beside, *in_buckets(buckets, infrastructure)],
        count=lambda days: measured("backup retention", days, "days", at_least=_WANTED),
    )


_BOARD = {
    "grafana/backups.json": (
        '{"title": "Backups", "schemaVersion": 39, "panels": [{"title": "Age", "type": "stat",'
        ' "targets": [{"expr": "time() - pg_backup_last_success_timestamp_seconds"}]}]}'
    )
}
_PUSHES = {
    "backup.sh": "#!/bin/sh\npg_dump shop > /tmp/d\n"
    'echo "pg_backup_last_success_timestamp_seconds $(date +%s)\npg_backup_size_bytes $(stat -c %s /tmp/d)" | curl -T - http://push/\n'
}
_OPERATOR = {
    "grafana/backups.json": _BOARD["grafana/backups.json"].replace("pg_", "cnpg_collector_"),
    "k8s/db.yaml": "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec:\n  instances: 3\n",
}
_VAULT = {
    "infra/backup.tf": 'resource "aws_backup_vault" "main" {\n  name = "shop"\n}\n'
    'resource "aws_cloudwatch_dashboard" "b" {\n  dashboard_name = "b"\n  dashboard_body = jsonencode({ widgets = [{ '
    'type = "metric", properties = { metrics = [["AWS/Backup", "NumberOfBackupJobsFailed", "BackupVaultName", "shop"], '
    '["AWS/RDS", "TotalBackupStorageBilled"], ["Shop/Backup", "NewestRecoveryPointAge"]] } }] })\n}\n'
}


@check(
    "DAT-6.1.8",
    shows=PASS,
    clean=[
        Example("a dashboard with age and size of backups", {**_BOARD, **_PUSHES}),
        Example("what the operator measures", _OPERATOR),
        Example("the cloud's own measures of a vault", _VAULT),
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
        ),
        Example("nothing measures what it shows", _BOARD),
        Example(
            "the operator is told to measure nothing",
            {**_OPERATOR, "k8s/db.yaml": _OPERATOR["k8s/db.yaml"] + "  monitoring: {enablePodMonitor: false}\n"},
        ),
        Example(
            "it shows another vault", {"infra/backup.tf": _VAULT["infra/backup.tf"].replace('", "shop"', '", "old"')}
        ),
    ],
    silent=[NO_DATABASE],
    reads=[MEASURED, UNMEASURED],
)
def dashboard(dashboards: Dashboards, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """A dashboard that queries a metric of backups, which something measures."""
    measured_by = code[MEASURED].places
    every = " ".join(e for board in dashboards.made(infrastructure) for e in board.expressions if _METRIC.search(e))
    vaults = {str(block.get("name")) for block in infrastructure.some if block.type.endswith("_backup_vault")}
    for board in dashboards.made(infrastructure):
        asked = [expression for expression in board.expressions if _METRIC.search(expression)]
        if not asked:
            continue
        own = {name for one in asked for name in _NAME.findall(one) if not _BY_A_TOOL.match(name)}
        lost = sorted(n for n in own if not any(n in hit.text for hit in measured_by if hit.path != board.path))
        gone = [one for one in asked if (named := _OF_VAULT.search(one)) and vaults and named[1] not in vaults]
        if not _AGE.search(every):
            yield unsure(f"Dashboard '{board.title}' shows backups, and not how old the newest is", board.source)
        elif lost and len(lost) == len(own):
            yield unsure(
                f"Dashboard '{board.title}' shows {lost[0]}, which nothing here is seen to measure", board.source
            )
        elif code[UNMEASURED] and any("cnpg_" in one for one in asked):
            place = code[UNMEASURED].first[0]
            yield unsure(f"Dashboard '{board.title}' shows what {place.path} has nobody measure", place, board.source)
        elif gone:
            yield unsure(f"Dashboard '{board.title}' shows a vault that is not here: {gone[0][:100]}", board.source)
        else:
            yield passed(f"Dashboard '{board.title}' shows the state of backups", board.source)


_METRIC = re.compile(r"backup|velero_|pgbackrest|barman|walg_", re.IGNORECASE)
_AGE = re.compile(r"time\(\)|timestamp|age(?![a-z])|since_last|last_success|newest|latest|mtime", re.IGNORECASE)
_NAME = re.compile(r"\b[a-z][a-z0-9]{0,20}_[a-z0-9_]{0,30}backup[a-z0-9_]{0,60}\b|\bbackup_[a-z0-9_]{1,60}\b")
_BY_A_TOOL = re.compile(
    r"cnpg_|velero_|pgbackrest_|barman_|walg_|k8up_|(?:aws|azure)_|stackdriver_|mongodb_|percona_|pxc_|restic_|stash_|"
    r"kubestash_|longhorn_|etcd_|cassandra_|medusa_|scylla_|cockroach_|ccp_|gitlab_|veeam_|influxdb_|backup_(?:age|up)$"
)
"""Metrics that a tool, an operator or a cloud has by itself."""
_OF_VAULT = re.compile(r"BackupVaultName\W{1,6}([\w-]{2,50})")
