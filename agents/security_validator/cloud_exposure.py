"""Judges which parts of the cloud stand open to everyone (2.3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from orchestrator import (
    ALL,
    FAIL,
    Block,
    Code,
    DataStores,
    Draft,
    Example,
    Infrastructure,
    Queues,
    Signal,
    Source,
    Typed,
    check,
    examined,
    failed,
    first_of,
)

from ._buckets import BUCKETS, websites
from ._firewalls import FIREWALLS, listed, open_rules, world
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
        Example(
            "everyone but one organisation",
            {"q.tf": _QUEUE % (_ALLOW % '"*"').replace(" }", f", {_ORG}").replace("StringEquals", "StringNotEquals")},
        ),
        Example("a bucket's policy for everyone", {"s3.tf": _OPEN}),
        Example(
            "a function that everyone may call",
            {"fn.tf": 'resource "aws_lambda_permission" "all" {\n  principal = "*"\n}\n'},
        ),
        Example("a range of all addresses", {"infra/db.bicep": _RANGE % ("0.0.0.1", "255.255.255.254")}),
    ],
)
def cloud_is_closed(infrastructure: Infrastructure, code: Code, stores: DataStores, queues: Queues) -> Iterator[Draft]:
    """Administration, databases, buckets and policies do not face the whole internet."""
    sites = websites(infrastructure)
    found = [
        hit
        for block in infrastructure.resources
        for hit in (
            *_network(block),
            *_data(block, infrastructure, sites),
            *open_to_everyone(block, infrastructure, sites),
        )
        if not _of_endpoints(block, infrastructure)
    ]
    seen = {(place.path, place.line) for _, place in found}
    found += [
        (f"{part.address} is reachable from the internet", answer.at)
        for part in (*stores.parts, *queues.parts)
        if (answer := part.says("public")).value and (answer.at.path, answer.at.line) not in seen
    ]
    found += [(said, at) for said, at in _ranges(code) if infrastructure.makes(at)]
    if found:
        count = len(infrastructure.resources)
        yield failed(
            first_of(found),
            examined(count, "cloud resources") if count else examined(len(found), "firewall ranges"),
            remedy="Open each of them only to the networks and accounts that need it.",
        )


def _of_endpoints(block: Block, infrastructure: Infrastructure) -> bool:
    """Whether a security group stands before nothing but endpoints inside a network, which the internet never sees."""
    if block not in FIREWALLS:
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
    kind = _REACHABLE.kind(block)
    if kind in _SAID and world(_networks(block)) and _REACHABLE.says(block, "public").value is not False:
        yield _SAID[kind].format(block.address), _REACHABLE.place(block, "networks")
    elif kind in _SAID and not _REACHABLE.tells(block, "networks") and _REACHABLE.says(block, "public").value:
        yield _SAID[kind].format(block.address), _REACHABLE.place(block, "public")
    first, last = _REACHABLE.value(block, "first"), _REACHABLE.value(block, "last")
    if first in ("0.0.0.0", "0.0.0.1") and last in ("255.255.255.254", "255.255.255.255"):
        yield f"{block.address} opens the database to every address", _REACHABLE.place(block, "first")


_REACHABLE = Typed("resources/reachable")
_SAID = {
    "database": "Database {} is reachable from the internet",
    "broker": "Broker {} is reachable from the internet",
    "control": "The control plane of {} answers the whole internet",
}


def _networks(block: Block) -> Iterator[str]:
    """The networks that *block* lets in; a list of addresses may have the one of everyone without its mask."""
    for network in listed(_REACHABLE.value(block, "networks")):
        if isinstance(network, dict):
            yield str(_REACHABLE.within(block, network, "network"))
        else:
            yield "0.0.0.0/0" if network == "0.0.0.0" else str(network)


_EVERYBODY = re.compile(r"/groups/global/(AllUsers|AuthenticatedUsers)$")
_ANYBODY = re.compile(r"allUsers|allAuthenticatedUsers")


def _data(block: Block, infrastructure: Infrastructure, sites: Set[str]) -> Iterator[tuple[str, Source]]:
    """Buckets and datasets that everyone can reach."""
    kind = BUCKETS.kind(block)
    if block.label not in sites and any(_EVERYBODY.search(uri) for uri in _grantees(block)):
        yield f"The access list of {block.address} names everyone", block.at()
    ignored = BUCKETS.says(block, "ignored").value
    if BUCKETS.says(block, "readable").value and block.label not in sites and not ignored:
        may = "write to" if BUCKETS.says(block, "writable").value else "read"
        yield f"Everyone can {may} {block.address}", BUCKETS.place(block, "readable")
    if kind not in ("members", "dataset"):
        return
    attached = [
        document
        for label in BUCKETS.named(BUCKETS.value(block, "policy"))
        for document in infrastructure.labelled("data", label)
        if document in BUCKETS
    ]
    if not any(_ANYBODY.search(str(one.body)) for one in (block, *attached)):
        return
    place = BUCKETS.place(block, "members")
    if kind == "dataset":
        yield f"{block.address} is open to everyone with an account", place
    elif sites.isdisjoint(_parts(str(BUCKETS.value(block, "bucket")))):
        yield f"{block.address} opens the bucket to everyone", place


def _grantees(block: Block) -> Iterator[str]:
    """Whom the access list of a bucket names."""
    for grant in BUCKETS.parts(block, "grants"):
        yield str(BUCKETS.within(block, grant, "grantee"))


def _parts(text: str) -> Iterator[str]:
    """Every name in *text*, and every part of one that stands between dashes."""
    for name in re.findall(r"[\w-]+", text[:_MAX_NAME]):
        words = name.split("-")
        spans = [(first, last) for first in range(len(words)) for last in range(first + 1, len(words) + 1)]
        yield from ("-".join(words[first:last]) for first, last in spans)


_MAX_NAME = 200


def _ranges(code: Code) -> list[tuple[str, Source]]:
    """Firewall ranges of Azure templates that hold every address: a start and an end within a few lines."""
    ends = {(end.path, end.line) for end in production(code[FIREWALL_END])}
    return [
        (f"A firewall rule in {start.path} opens a database to every address", start)
        for start in production(code[FIREWALL_START])
        if any((start.path, start.line + n) in ends for n in range(-3, 4))
    ]
