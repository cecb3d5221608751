"""The trees that several checks show themselves on."""

from __future__ import annotations

from orchestrator import Example

KEPT = Example(
    "thirty days of encrypted backups",
    {
        "infra/db.tf": (
            'resource "aws_db_instance" "orders" {\n'
            '  engine                  = "postgres"\n'
            '  instance_class          = "db.m7g.large"\n'
            "  backup_retention_period = 30\n"
            "  storage_encrypted       = true\n"
            "}\n"
            "\n"
            'resource "aws_db_instance_automated_backups_replication" "orders" {\n'
            "  source_db_instance_arn = aws_db_instance.orders.arn\n"
            "  provider               = aws.ireland\n"
            "}\n"
        )
    },
)
BARE = Example(
    "backups turned off and nothing encrypted",
    {
        "infra/db.tf": (
            'resource "aws_db_instance" "orders" {\n'
            '  engine                  = "postgres"\n'
            '  instance_class          = "db.m7g.large"\n'
            "  backup_retention_period = 0\n"
            "  storage_encrypted       = false\n"
            "}\n"
        )
    },
)
TABLE = Example(
    "a DynamoDB table without recovery to a point in time",
    {
        "template.yaml": (
            "AWSTemplateFormatVersion: '2010-09-09'\n"
            "Resources:\n"
            "  Orders:\n"
            "    Type: AWS::DynamoDB::Table\n"
            "    Properties:\n"
            "      KeySchema: [{AttributeName: id, KeyType: HASH}]\n"
            "      BillingMode: PAY_PER_REQUEST\n"
        )
    },
)
PLANNED = Example(
    "a backup plan that selects by tag may cover it",
    {
        "infra/db.tf": BARE.files["infra/db.tf"].replace("  storage_encrypted       = false\n", ""),
        "infra/backup.tf": (
            'resource "aws_backup_plan" "daily" {\n  name = "daily"\n}\n'
            'resource "aws_backup_selection" "tagged" {\n  plan_id = aws_backup_plan.daily.id\n'
            '  selection_tag {\n    type  = "STRINGEQUALS"\n    key   = "backup"\n    value = "daily"\n  }\n}\n'
        ),
    },
)
VARIABLE = Example(
    "a retention that each environment sets",
    {
        "infra/db.tf": (
            'variable "days" {\n  default = 1\n}\n'
            'resource "aws_rds_cluster" "orders" {\n'
            '  engine                  = "aurora-postgresql"\n'
            "  backup_retention_period = var.days\n"
            "  storage_encrypted       = var.encrypted\n"
            "}\n"
        ),
        "infra/shop.tfvars": "days = 35\n",
    },
)
MODULE = Example(
    "one database keeps its backups, of another behind a module nothing is known",
    {
        "infra/db.tf": KEPT.files["infra/db.tf"],
        "infra/more.tf": 'module "billing" {\n  source = "terraform-aws-modules/rds/aws"\n  version = "6.10.0"\n}\n',
    },
)
UNLISTED = Example(
    "a resource beside it of which nobody has said what it is",
    {"infra/db.tf": KEPT.files["infra/db.tf"], "infra/new.tf": 'resource "aws_starlight_vault" "more" {\n}\n'},
)
WAREHOUSE = Example(
    "a warehouse that nobody backs up beside a database that is kept",
    {
        "infra/db.tf": KEPT.files["infra/db.tf"],
        "infra/dw.tf": 'resource "aws_redshift_cluster" "sales" {\n  encrypted = false\n'
        "  automated_snapshot_retention_period = 0\n}\n",
    },
)
CARTS = Example(
    "a database in memory beside it, of which no backup is made",
    {
        "infra/db.tf": KEPT.files["infra/db.tf"],
        "infra/carts.tf": 'resource "aws_memorydb_cluster" "carts" {\n  node_type = "db.r7g.large"\n}\n',
    },
)
GLOBAL = Example(
    "a table in two regions, of which one keeps its changes",
    {
        "infra/db.tf": KEPT.files["infra/db.tf"],
        "template.yaml": (
            "Resources:\n  Orders:\n    Type: AWS::DynamoDB::GlobalTable\n    Properties:\n"
            "      KeySchema: [{AttributeName: id, KeyType: HASH}]\n      Replicas:\n"
            "      - {Region: eu-west-1, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}\n"
            "      - {Region: eu-north-1}\n"
        ),
    },
)
NO_CLOUD = Example("no infrastructure code at all", {"app/main.py": "print('hello')\n"})

_CONF = (
    "[global]\nrepo1-type=s3\nrepo1-s3-region=eu-central-1\nrepo1-retention-full=40\nrepo1-retention-full-type=time\n"
    "repo1-cipher-type=aes-256-cbc\n{more}\n[main]\npg1-path=/var/lib/postgresql/data\n"
)
_RUN = (
    "services:\n  db:\n    image: registry.example/postgres-pgbackrest:17\n    volumes: ['data:/d']\n"
    "volumes: {data: {}}\n"
)
OWN = Example(
    "a database of one's own with two repositories in two regions",
    {
        "compose.yaml": _RUN,
        "db/pgbackrest.conf": _CONF.format(
            more="repo2-type=s3\nrepo2-s3-region=eu-west-1\nrepo2-cipher-type=aes-256-cbc\nrepo2-retention-full=40\n"
            "repo2-retention-full-type=time"
        ),
    },
)
OWN_CLEAR = Example(
    "a second repository in the clear, of which nobody knows where it lies",
    {"compose.yaml": _RUN, "db/pgbackrest.conf": _CONF.format(more="repo2-path=/mnt/plain\nrepo2-cipher-type=none")},
)
OPERATED = Example(
    "a cluster of CloudNativePG with its store and its schedule",
    {
        "k8s/db.yaml": "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec:\n  instances: 3\n"
        "  backup:\n    retentionPolicy: 45d\n    barmanObjectStore:\n      destinationPath: s3://db\n"
        "      data: {encryption: 'aws:kms'}\n      wal: {encryption: 'aws:kms'}\n---\n"
        "apiVersion: postgresql.cnpg.io/v1\nkind: ScheduledBackup\nmetadata: {name: nightly}\n"
        "spec: {schedule: '0 0 2 * * *', cluster: {name: db}}\n"
    },
)
