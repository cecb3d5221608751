"""Judges section 7.3: what is paid for and does no work."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    FAIL,
    PASS,
    Block,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Typed,
    as_flag,
    as_number,
    check,
    each,
    examined,
    failed,
    is_elsewhere,
    is_file_elsewhere,
    measured,
    passed,
    unsure,
    words,
)

from ._buckets import hoards, lifecycles, stores
from ._examples import NO_CLOUD

_ADDRESS = 'resource "aws_eip" "web" {\n  domain = "vpc"\n}\n'
_ORPHANS = Typed("resources/detachable")
_MENTION = re.compile(rf"\b({'|'.join(_ORPHANS.words)})\.([A-Za-z_][\w-]*)")


@check(
    "CST-7.3.2",
    shows=FAIL,
    clean=[
        Example(
            "an address that a gateway uses",
            {"net.tf": _ADDRESS + 'resource "aws_nat_gateway" "n" {\n  allocation_id = aws_eip.web.id\n}\n'},
        )
    ],
    flagged=[Example("an address that nothing uses", {"net.tf": _ADDRESS})],
    silent=[
        NO_CLOUD,
        Example("an address handed on", {"net.tf": _ADDRESS + 'output "ip" {\n  value = aws_eip.web.public_ip\n}\n'}),
    ],
)
def orphans(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Addresses and disks that are declared and attached to nothing: no other block of their folder mentions them."""
    mentioned: set[tuple[str, str, str]] = set()
    for block in infrastructure.every:
        if block.tool == "terraform" and block.block not in ("moved", "import", "removed"):
            folder = posixpath.dirname(block.path)
            for _, value in block.walk():
                if isinstance(value, str) and "." in value:
                    mentioned.update((folder, kind, label) for kind, label in _MENTION.findall(value))
    kept = _ORPHANS.among(infrastructure)
    idle = [
        block
        for block in kept
        if (posixpath.dirname(block.path), block.type, block.label) not in mentioned
        and not any(_ORPHANS.says(block, what).value for what in ("machine", "card"))
    ]
    if idle:
        count = examined(len(kept), "addresses and disks")
        yield failed(
            each(idle, name=lambda b: b.address, at=lambda b: b.at()).say("{} {is} attached to nothing"),
            count,
            measure=measured("addresses and disks attached to nothing", len(idle), at_most=0),
        )


_STAGING = 'resource "aws_autoscaling_group" "staging" {\n  min_size = 0\n  max_size = 4\n}\n'


@check(
    "CST-7.3.3",
    shows=PASS,
    clean=[
        Example(
            "staging goes to zero in the evening",
            {
                "staging.tf": _STAGING
                + 'resource "aws_autoscaling_schedule" "staging_evening" {\n  scheduled_action_name = "evening"\n'
                '  desired_capacity = 0\n  min_size = 0\n  recurrence = "0 19 * * 1-5"\n'
                "  autoscaling_group_name = aws_autoscaling_group.staging.name\n}\n"
            },
        ),
        Example(
            "the namespace sleeps at night",
            {"k8s/sleep.yaml": "apiVersion: kube-green.com/v1alpha1\nkind: SleepInfo\n"
                               "metadata: {name: night, namespace: staging}\n"
                               "spec: {weekdays: 1-5, sleepAt: '20:00', wakeUpAt: '08:00'}\n"},
        ),
    ],
    flagged=[Example("staging without a schedule", {"staging.tf": _STAGING})],
    silent=[NO_CLOUD],
)  # fmt: skip
def off_hours(infrastructure: Infrastructure, kubernetes: Kubernetes) -> Iterator[Draft]:
    """Schedules that turn a development or test environment off."""
    for block in _OFF.among(infrastructure):
        off = (
            as_number(_OFF.value(block, "size")) == 0
            or _OFF.says(block, "given").value
            or _STOPS.search(str(_OFF.value(block, "target") or ""))
        )
        names = [block.label, *(str(_OFF.value(block, what) or "") for what in ("title", "of"))]
        trial = is_file_elsewhere(block.path) or any(map(is_elsewhere, names))
        if _OFF.kind(block) == "always" or (off and trial):
            yield passed(f"{block.address} turns machines off on a schedule", block.at(), confidence="medium")
    for sleep in kubernetes.of("SleepInfo"):
        yield passed(f"SleepInfo {sleep.resource} scales its namespace to zero", sleep.at(), confidence="medium")


_OFF = Typed("resources/off-hours")
_STOPS = re.compile(r"stopInstances|stopDBInstance|stopDBCluster", re.IGNORECASE)


_CDN = (
    'provider "aws" {\n  region = "eu-west-1"\n}\n'
    'resource "aws_cloudfront_distribution" "site" {\n  enabled = true\n  origin {\n    origin_id = "s3"\n'
    "    domain_name = aws_s3_bucket.site.bucket_regional_domain_name\n  }\n"
    '  default_cache_behavior {\n    target_origin_id = "s3"\n    compress = true\n  }\n}\n'
)
_EDGE = 'provider "aws" {\n  alias  = "edge"\n  region = "us-east-1"\n}\n'
_BEYOND = 'resource "aws_%s" "main" {\n  provider = aws.edge\n}\n'


@check(
    "CST-7.3.4",
    shows=PASS,
    clean=[
        Example("a CDN before a single region", {"cdn.tf": _CDN}),
        Example("certificates of the CDN", {"cdn.tf": _CDN + _EDGE + _BEYOND % "acm_certificate"}),
    ],
    flagged=[
        Example(
            "two regions",
            {"cdn.tf": _CDN + 'provider "aws" {\n  alias  = "far"\n  region = "ap-southeast-2"\n}\n'},
        ),
        Example("a database where certificates are made", {"cdn.tf": _CDN + _EDGE + _BEYOND % "db_instance"}),
    ],
    silent=[NO_CLOUD],
)
def cheap_transfer(infrastructure: Infrastructure) -> Iterator[Draft]:
    """A CDN in front of resources that all lie in one region; a second provider for certificates does not count."""
    regions = {str(b.get("region")) for b in infrastructure.of_kind("provider") if b.get("region")}
    homes = regions - {"us-east-1"} or regions
    declared = _NETWORKS.among(infrastructure, "network", "profile")
    cdns = [b for b in declared if _NETWORKS.says(b, "on").value is True]
    beyond = [b for b in infrastructure.resources if _is_beyond(b, infrastructure, homes)] if cdns else []
    if beyond:
        yield unsure(f"{beyond[0].address} lies in another region than the rest", beyond[0].at())
    elif cdns and len(homes) == 1 and not any("." in home for home in homes):
        home = next(iter(homes))
        yield passed(f"{cdns[0].address} serves content from the edge and everything else lies in {home}", cdns[0].at())


def _is_beyond(block: Block, infrastructure: Infrastructure, homes: set[str]) -> bool:
    """Whether *block* is made by a provider of another region, and is none of what a CDN must have there."""
    name, _, alias = str(block.get("provider") or "").partition(".")
    if not alias or _OF_THE_EDGE.search(block.type):
        return False
    regions = {str(p.get("region")) for p in infrastructure.of_kind("provider") if p.get("alias") == alias}
    return bool(name) and not regions <= homes


_OF_THE_EDGE = re.compile(
    r"_(?:acm|waf|wafv2|cloudfront|lambda|route53|iam|shield|cloudwatch|sns|budgets|ce|cur|bcmdataexports|ecrpublic)_|"
    r"_(?:logs?|alarm|metric)"
)
_NETWORKS = Typed("resources/content-networks")
_A_BUCKET = re.compile(rf"(?:{words('estate/buckets').of('').pattern})\.")

_LOGS = 'resource "aws_s3_bucket" "logs" {\n  bucket = "acme-access-logs"\n}\n'


_AGEING = (
    'resource "aws_s3_bucket_lifecycle_configuration" "logs" {\n  bucket = aws_s3_bucket.logs.id\n'
    '  rule {\n    id = "age"\n    status = "Enabled"\n    transition {\n      days = 30\n'
    '      storage_class = "STANDARD_IA"\n    }\n  }\n}\n'
)


@check(
    "CST-7.3.5",
    shows=BOTH,
    clean=[
        Example("logs move to cheaper storage", {"s3.tf": _LOGS + _AGEING}),
    ],
    flagged=[
        Example("logs stay for ever", {"s3.tf": _LOGS}),
        Example("those of another folder move", {"a/s3.tf": _LOGS + _AGEING, "b/s3.tf": _LOGS}),
    ],
    silent=[
        NO_CLOUD,
        Example("exports move, and what must be kept stays",
                {"s3.tf": _LOGS + _AGEING + 'resource "aws_s3_bucket" "audit" {\n  bucket = "acme-audit"\n}\n'}),
        Example("one folder of the bucket moves",
                {"s3.tf": _LOGS + _AGEING.replace('id = "age"\n', 'id = "age"\n    prefix = "import-2024/"\n')}),
        Example("whether a rule is on stands elsewhere",
                {"s3.tf": _LOGS + _AGEING.replace('"Enabled"', "var.status") + 'variable "status" {}\n'}),
        Example("logs are deleted", {"b.tf": 'resource "google_storage_bucket" "logs" {\n  lifecycle_rule {\n'
                                             '    action {\n      type = "Delete"\n    }\n'
                                             "    condition {\n      age = 30\n    }\n  }\n}\n"}),
        Example("a bucket of a website", {"b.tf": 'resource "aws_s3_bucket" "site" {\n  bucket = "acme-site"\n}\n'}),
    ],
)  # fmt: skip
def storage_tiers(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Lifecycle rules of buckets; logs, backups and exports without any rule stay at the highest price for ever."""
    buckets = stores(infrastructure)
    rules = list(zip(buckets, lifecycles(buckets, infrastructure), strict=True))
    bare = [bucket for bucket, rule in rules if rule == "none" and hoards(bucket)]
    count = examined(len(buckets), "buckets")
    tiered = {bucket.scope for bucket, rule in rules if rule == "tiered"}
    if bare and all(bucket.scope in tiered for bucket in bare):  # what must be kept as it is may well stay where it is
        yield unsure(
            each(bare, name=lambda b: b.address, at=lambda b: b.at()).say(
                "{} {has} no lifecycle rule, and others move old data to a cheaper class"
            )
        )
    elif bare:
        yield failed(
            each(bare, name=lambda b: b.address, at=lambda b: b.at()).say("{} {has} no lifecycle rule"),
            count,
            measure=measured("buckets of logs, backups or exports without a lifecycle rule", len(bare), at_most=0),
        )
    elif rules and all(rule == "tiered" for _, rule in rules):
        yield passed("Every bucket moves old data to a cheaper class", *(b.at() for b, _ in rules), count)


@check(
    "CST-7.3.6",
    shows=FAIL,
    clean=[Example("the CDN compresses", {"cdn.tf": _CDN})],
    flagged=[Example("the CDN serves files as they are", {"cdn.tf": _CDN.replace("    compress = true\n", "")})],
    silent=[NO_CLOUD],
)
def uncompressed_cdn(infrastructure: Infrastructure) -> Iterator[Draft]:
    """A network in front of buckets alone without compression; a bucket does not compress by itself."""
    for block in _NETWORKS.among(infrastructure, "network"):
        behaviours = _NETWORKS.parts(block, "behaviour")
        compressed = as_flag(_NETWORKS.within(block, behaviours[0], "compress")) if behaviours else None
        unsaid = bool(behaviours) and _NETWORKS.within(block, behaviours[0], "compress") is None
        if _only_buckets(block) and (unsaid or compressed is False):
            yield failed(f"{block.address} serves files uncompressed", _NETWORKS.place(block, "behaviour"))


def _only_buckets(block: Block) -> bool:
    domains = [str(_NETWORKS.within(block, o, "domain")) for o in _NETWORKS.parts(block, "origins")]
    return bool(domains) and all(map(_A_BUCKET.search, domains))
