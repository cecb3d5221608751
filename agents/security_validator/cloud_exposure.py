"""Judges which parts of the cloud stand open to everyone (2.3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orchestrator import (
    ALL,
    FAIL,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Signal,
    Source,
    as_flag,
    check,
    examined,
    failed,
    first_of,
)

from ._firewalls import listed, open_rules, world
from ._grants import open_to_everyone
from ._lines import production

FIREWALL_START = Signal(
    id="security.azure-firewall-start",
    pattern=r"startIpAddress[\"']?\s*:\s*[\"']0\.0\.0\.[01][\"']",
    roles=("infra", "config", "other"),
    kept=ALL,
)
FIREWALL_END = Signal(
    id="security.azure-firewall-end",
    pattern=r"endIpAddress[\"']?\s*:\s*[\"']255\.255\.255\.25[45][\"']",
    roles=("infra", "config", "other"),
    kept=ALL,
)
_GROUP = (
    'resource "aws_security_group" "%s" {\n  ingress {\n    from_port = %s\n    to_port = %s\n    protocol '
    '= "tcp"\n    cidr_blocks = ["%s"]\n  }\n}\n'
)
_BUCKET = 'resource "aws_s3_bucket" "data" {\n  bucket = "data"\n  acl = "%s"\n%s}\n'
_TEMPLATE = "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n      AccessControl: %s\n"
_SQL = (
    'resource "google_sql_database_instance" "db" {\n  settings {\n    ip_configuration {\n'
    '      authorized_networks {\n        value = "%s"\n      }\n    }\n  }\n}\n'
)
_RANGE = (
    "resource rule 'firewallRules' = {\n  properties: {\n    startIpAddress: '%s'\n    endIpAddress: '%s'\n  }\n}\n"
)
_SEARCH = (
    'resource "aws_opensearch_domain" "logs" {\n  domain_name = "logs"\n%s}\n'
    'resource "aws_opensearch_domain_policy" "all" {\n  access_policies = data.aws_iam_policy_document.all.json\n}\n'
    'data "aws_iam_policy_document" "all" {\n  statement {\n    actions = ["es:*"]\n    resources = ["*"]\n'
    '    principals {\n      type = "AWS"\n      identifiers = ["*"]\n    }\n  }\n}\n'
)
_QUEUE = 'resource "aws_sqs_queue_policy" "jobs" {\n  policy = jsonencode({\n    Statement = [%s]\n  })\n}\n'
_ALLOW = '{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = %s }'
_ORG = 'Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1" } } }'
_DENY = '{ Effect = "Deny", Action = "sqs:*", Resource = "*", Principal = "*", Condition = { %s } }'
_OPEN = (
    'resource "aws_s3_bucket" "data" {\n  bucket = "data"\n}\nresource "aws_s3_bucket_policy" "data" {\n'
    "  bucket = aws_s3_bucket.data.id\n  policy = <<EOT\n"
    '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",\n'
    '  "Resource": "${aws_s3_bucket.data.arn}/*"}]}\nEOT\n}\n'
)


@check(
    "SEC-2.3.2",
    shows=FAIL,
    reads=[FIREWALL_START, FIREWALL_END],
    clean=[
        Example("SSH from the office", {"net.tf": _GROUP % ("ssh", 22, 22, "192.0.2.0/24")}),
        Example("HTTPS from everywhere", {"net.tf": _GROUP % ("web", 443, 443, "0.0.0.0/0")}),
        Example(
            "before an endpoint inside the network",
            {
                "net.tf": _GROUP % ("in", 0, 65535, "0.0.0.0/0")
                + 'resource "aws_vpc_endpoint" "e" {\n  security_group_ids = [aws_security_group.in.id]\n}\n'
            },
        ),
        Example(
            "a control plane that answers inside alone",
            {
                "eks.tf": 'resource "aws_eks_cluster" "main" {\n  vpc_config {\n    endpoint_public_access = false\n'
                '    public_access_cidrs = ["0.0.0.0/0"]\n  }\n}\n'
            },
        ),
        Example(
            "a firewall rule that is switched off",
            {
                "fw.tf": 'resource "google_compute_firewall" "ssh" {\n  source_ranges = ["0.0.0.0/0"]\n'
                '  disabled = true\n  allow {\n    protocol = "tcp"\n    ports = ["22"]\n  }\n}\n'
            },
        ),
        Example("a private bucket", {"s3.tf": _BUCKET % ("private", "")}),
        Example("a bucket that is a website", {"s3.tf": _BUCKET % ("public-read", "  website {}\n")}),
        Example("a database for one address", {"db.tf": _SQL % "192.0.2.7/32"}),
        Example("a domain inside a network", {"es.tf": _SEARCH % "  vpc_options {}\n"}),
        Example(
            "everyone, of one organisation alone",
            {"q.tf": _QUEUE % (_ALLOW % '"*"').replace(" }", f", {_ORG}")},
        ),
        Example(
            "everyone, less those outside an organisation",
            {"q.tf": _QUEUE % (_ALLOW % '"*"' + ", " + _DENY % 'StringNotEquals = { "aws:PrincipalOrgID" = "o-1" }')},
        ),
        Example(
            "a bucket that takes no open policy",
            {
                "s3.tf": _OPEN + 'resource "aws_s3_bucket_public_access_block" "data" {\n'
                "  bucket = aws_s3_bucket.data.id\n  block_public_policy = true\n}\n"
            },
        ),
        Example("only the provider's own addresses", {"infra/db.bicep": _RANGE % ("0.0.0.0", "0.0.0.0")}),
    ],
    flagged=[
        Example("SSH from everywhere", {"net.tf": _GROUP % ("ssh", 22, 22, "0.0.0.0/0")}),
        Example("the database from everywhere", {"net.tf": _GROUP % ("db", 5432, 5432, "0.0.0.0/0")}),
        Example("a bucket that everyone reads", {"s3.tf": _BUCKET % ("public-read", "")}),
        Example("a public bucket in CloudFormation", {"stack.yaml": _TEMPLATE % "PublicRead"}),
        Example(
            "SSH from the internet in two halves", {"net.tf": _GROUP % ("ssh", 22, 22, '0.0.0.0/1", "128.0.0.0/1')}
        ),
        Example(
            "remote desktops from a word in lower case",
            {
                "nsg.tf": 'resource "azurerm_network_security_rule" "rdp" {\n  access = "allow"\n'
                '  direction = "inbound"\n  destination_port_range = "3389"\n'
                '  source_address_prefix = "internet"\n}\n'
            },
        ),
        Example(
            "SSH to machines with a tag",
            {
                "fw.tf": 'resource "google_compute_firewall" "ssh" {\n  source_ranges = ["0.0.0.0/0"]\n'
                '  target_tags = ["web"]\n  allow {\n    protocol = "tcp"\n    ports = ["22"]\n  }\n}\n'
            },
        ),
        Example(
            "an access list that names everyone",
            {
                "s3.tf": 'resource "aws_s3_bucket_acl" "data" {\n  access_control_policy {\n    grant {\n'
                '      grantee {\n        uri = "http://acs.amazonaws.com/groups/global/AllUsers"\n      }\n'
                "    }\n  }\n}\n"
            },
        ),
        Example("a public broker", {"mq.tf": 'resource "aws_mq_broker" "mq" {\n  publicly_accessible = true\n}\n'}),
        Example(
            "a control plane in CloudFormation",
            {
                "eks.yaml": "Resources:\n  Main:\n    Type: AWS::EKS::Cluster\n    Properties:\n"
                "      ResourcesVpcConfig: {PublicAccessCidrs: [0.0.0.0/0]}\n"
            },
        ),
        Example("a public database", {"db.tf": 'resource "aws_db_instance" "db" {\n  publicly_accessible = true\n}\n'}),
        Example("a database for every address", {"db.tf": _SQL % "0.0.0.0/0"}),
        Example("a policy that names everyone", {"es.tf": _SEARCH % ""}),
        Example(
            "everyone behind another principal",
            {"q.tf": _QUEUE % (_ALLOW % '{ AWS = ["arn:aws:iam::1:root", "*"] }')},
        ),
        Example(
            "a condition on another statement",
            {"q.tf": _QUEUE % (_ALLOW % '"*"' + ", " + (_ALLOW % '"*"').replace(" }", f", {_ORG}"))},
        ),
        Example(
            "a denial of plain HTTP alone",
            {"q.tf": _QUEUE % (_ALLOW % '"*"' + ", " + _DENY % 'Bool = { "aws:SecureTransport" = "false" }')},
        ),
        Example("a bucket's policy for everyone", {"s3.tf": _OPEN}),
        Example(
            "a function that everyone may call",
            {"fn.tf": 'resource "aws_lambda_permission" "all" {\n  principal = "*"\n}\n'},
        ),
        Example("a range of all addresses", {"infra/db.bicep": _RANGE % ("0.0.0.1", "255.255.255.254")}),
    ],
)
def cloud_is_closed(infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """Administration, databases, buckets and policies do not face the whole internet."""
    sites = _websites(infrastructure)
    found = [
        hit
        for block in infrastructure.resources
        for hit in (*_network(block), *_data(block, sites), *open_to_everyone(block, infrastructure, sites))
        if not _of_endpoints(block, infrastructure)
    ]
    found += _ranges(code)
    if found:
        count = len(infrastructure.resources)
        yield failed(
            first_of(found),
            examined(count, "cloud resources") if count else examined(len(found), "firewall ranges"),
            remedy="Open each of them only to the networks and accounts that need it.",
        )


def _of_endpoints(block: Block, infrastructure: Infrastructure) -> bool:
    """Whether a security group stands before nothing but endpoints inside a network, which the internet never sees."""
    if block.type != "aws_security_group":
        return False
    used = infrastructure.users(block)
    return bool(used) and all(re.search(r"vpc[-_]endpoint", kind) for kind in used)


def _network(block: Block) -> Iterator[tuple[str, Source]]:
    """Firewalls, control planes and allowed ranges that let everyone in."""
    rules = list(open_rules(block))
    if rules:
        every = [r for r in rules if r[0] == "every port"]
        what = "every port" if every else ", ".join(dict.fromkeys(words for words, _ in rules))
        yield f"{block.address} lets everyone on the internet reach {what}", (every or rules)[0][1]
    for number, settings in enumerate(block.nested("settings") if block.type == "google_sql_database_instance" else []):
        for ip in listed(settings.get("ip_configuration")):
            networks = listed(ip.get("authorized_networks")) if isinstance(ip, dict) else []
            if world(n.get("value") for n in networks if isinstance(n, dict)):
                place = block.at("settings", number, "ip_configuration", 0, "authorized_networks", 0)
                yield f"Database {block.address} is reachable from the internet", place
    if block.type == "alicloud_db_instance" and {"0.0.0.0/0", "0.0.0.0"} & set(map(str, block.items("security_ips"))):
        yield f"Database {block.address} is reachable from the internet", block.at("security_ips")
    if block.type == "google_container_cluster" and _allows_all(block.get("master_authorized_networks_config")):
        place = block.at("master_authorized_networks_config")
        yield f"The control plane of {block.address} answers the whole internet", place
    for network, public, ranges in _CONTROL_PLANES.get(block.type, ()):
        config = (block.nested(network) or [{}])[0]
        if as_flag(config.get(public)) is not False and world(listed(config.get(ranges))):
            place = block.at(network, 0, ranges) if isinstance(block.get(network), list) else block.at(network, ranges)
            yield f"The control plane of {block.address} answers the whole internet", place
    firewall = block.type.startswith("azurerm_") and block.type.endswith("firewall_rule")
    start, end = str(block.get("start_ip_address")), str(block.get("end_ip_address"))
    if firewall and start in ("0.0.0.0", "0.0.0.1") and end in ("255.255.255.254", "255.255.255.255"):
        yield f"{block.address} opens the database to every address", block.at("start_ip_address")


_CONTROL_PLANES = {
    "aws_eks_cluster": (("vpc_config", "endpoint_public_access", "public_access_cidrs"),),
    "AWS::EKS::Cluster": (("ResourcesVpcConfig", "EndpointPublicAccess", "PublicAccessCidrs"),),
}


def _allows_all(value: object) -> bool:
    return re.search(r"'(?:0\.0\.0\.0|::)/0'", str(value)) is not None


_PUBLIC_FLAG = {
    "aws_db_instance": "publicly_accessible",
    "aws_rds_cluster_instance": "publicly_accessible",
    "aws_neptune_cluster_instance": "publicly_accessible",
    "aws_redshift_cluster": "publicly_accessible",
    "aws_dms_replication_instance": "publicly_accessible",
    "aws_lightsail_database": "publicly_accessible",
    "aws_redshiftserverless_workgroup": "publicly_accessible",
    "AWS::RDS::DBCluster": "PubliclyAccessible",
    "AWS::RDS::DBInstance": "PubliclyAccessible",
    "AWS::RedshiftServerless::Workgroup": "PubliclyAccessible",
    "AWS::Redshift::Cluster": "PubliclyAccessible",
    "AWS::DMS::ReplicationInstance": "PubliclyAccessible",
}
_PUBLIC_BROKER = {"aws_mq_broker": "publicly_accessible", "AWS::AmazonMQ::Broker": "PubliclyAccessible"}
_EVERYBODY = re.compile(r"/groups/global/(AllUsers|AuthenticatedUsers)$")
_PUBLIC_BUCKET = {
    "aws_s3_bucket": ("acl", r"public-read"),
    "aws_s3_bucket_acl": ("acl", r"public-read"),
    "AWS::S3::Bucket": ("AccessControl", r"PublicRead"),
    "alicloud_oss_bucket": ("acl", r"public"),
    "oci_objectstorage_bucket": ("access_type", r"ObjectRead"),
    "azurerm_storage_container": ("container_access_type", r"(?:blob|container)$"),
}


def _data(block: Block, sites: set[str]) -> Iterator[tuple[str, Source]]:
    """Databases and buckets that everyone can reach."""
    kind = block.type
    if kind in _PUBLIC_FLAG and block.flag(_PUBLIC_FLAG[kind]):
        yield f"Database {block.address} is reachable from the internet", block.at(_PUBLIC_FLAG[kind])
    if kind in _PUBLIC_BROKER and block.flag(_PUBLIC_BROKER[kind]):
        yield f"Broker {block.address} is reachable from the internet", block.at(_PUBLIC_BROKER[kind])
    if kind in ("aws_s3_bucket", "aws_s3_bucket_acl") and block.label not in sites:
        for grant in _grants(block):
            if _EVERYBODY.search(str(grant.get("uri"))):
                yield f"The access list of {block.address} names everyone", block.at()
                break
    blocked = block.flag("PublicAccessBlockConfiguration", "IgnorePublicAcls")
    if kind in _PUBLIC_BUCKET and block.label not in sites and not blocked:
        key, public = _PUBLIC_BUCKET[kind]
        if re.match(public, str(block.get(key, default=""))):
            may = "write to" if "write" in str(block.get(key)).lower() else "read"
            yield f"Everyone can {may} {block.address}", block.at(key)
    everyone = re.search(r"allUsers|allAuthenticatedUsers", str(block.body)) if kind.startswith("google_") else None
    site = bool(everyone) and not sites.isdisjoint(_parts(str(block.get("bucket"))))
    if everyone and not site and kind.startswith(("google_storage_bucket_iam", "google_bigquery_dataset_iam")):
        yield f"{block.address} opens the bucket to everyone", block.at("members" if block.get("members") else "member")
    if everyone and kind in ("google_bigquery_dataset", "google_bigquery_dataset_access"):
        yield f"{block.address} is open to everyone with an account", block.at("access")


def _grants(block: Block) -> Iterator[dict[str, Any]]:
    """Whom the access list of a bucket names."""
    for grant in block.nested("grant"):
        yield grant
    for policy in block.nested("access_control_policy"):
        for grant in filter(_is_mapping, listed(policy.get("grant"))):
            yield from filter(_is_mapping, listed(grant.get("grantee")))


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict)


def _parts(text: str) -> Iterator[str]:
    """Every name in *text*, and every part of one that stands between dashes."""
    for name in re.findall(r"[\w-]+", text[:_MAX_NAME]):
        words = name.split("-")
        spans = [(first, last) for first in range(len(words)) for last in range(first + 1, len(words) + 1)]
        yield from ("-".join(words[first:last]) for first, last in spans)


_MAX_NAME = 200


def _websites(infrastructure: Infrastructure) -> set[str]:
    """The labels of buckets that serve a website, which everyone is meant to read."""
    sites = {b.label for b in infrastructure.resources if b.get("website") or b.get("WebsiteConfiguration")}
    for block in infrastructure.of("aws_s3_bucket_website_configuration"):
        named = re.search(r"aws_s3_bucket\.([\w-]+)", str(block.get("bucket")))
        sites |= {named[1]} if named else set()
    for block in infrastructure.of("aws_s3_bucket_acl"):
        named = re.search(r"aws_s3_bucket\.([\w-]+)", str(block.get("bucket")))
        sites |= {block.label} if named and named[1] in sites else set()
    return sites


def _ranges(code: Code) -> list[tuple[str, Source]]:
    """Firewall ranges of Azure templates that hold every address: a start and an end within a few lines."""
    ends = {(end.path, end.line) for end in production(code[FIREWALL_END])}
    return [
        (f"A firewall rule in {start.path} opens a database to every address", start)
        for start in production(code[FIREWALL_START])
        if any((start.path, start.line + n) in ends for n in range(-3, 4))
    ]
