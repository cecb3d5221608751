"""The dumps that a tree makes of databases: where they go, whether they are encrypted, how long they stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..domain.fact import Source
from ..evidence.facts.infrastructure import Block, Infrastructure, as_flag, as_number
from ..evidence.facts.kubernetes import Kubernetes
from .settings import Setting

DUMPS = re.compile(r"\b(?:pg_dump(?:all)?|mysqldump|mariadb-dump|mongodump|pg_basebackup|mariabackup)\b")
_SEALS = re.compile(
    r"\bage\b.{0,60}\s(?:-r|-R|--recipient)|\bgpg2?\b.{0,80}(?:\s-e\b|--encrypt|\s-c\b|--symmetric)|openssl\s+(?:enc|smime|cms)|"
    r"\brestic\b(?!.{0,60}--insecure-no-password)|\bborg\b(?!.{0,80}--encryption[= ]none)|\bkopia\b|--sse\b"
)
_MAY_SEAL = re.compile(r"s3://|gs://|\baws s3|\bgsutil|\bgcloud storage|\baz storage|\bmc\b|\brclone\b|\.sh\b")
_CLEAR = re.compile(r"\bftps?://|\bscp\b|\brsync\b|\bcurl\b.{0,60}\s-T\b|\bnc\b")
_BUCKET = re.compile(r"\b(?:s3|gs)://([a-z0-9][a-z0-9.-]{1,62})(?![\w{$])")
_KEPT = re.compile(
    r"--keep-daily[= ](\d{1,4})|--keep-within[= ](\d{1,4})d|--min-age[= ](\d{1,4})d|-mtime\s+\+(\d{1,4})|"
    r"--older-than[= ](\d{1,4})d"
)


@dataclass(frozen=True)
class Dump:
    """One way in which dumps are made."""

    address: str
    at: Source
    sealed: Setting
    kept: Setting
    copied: Setting


def dumps(
    kubernetes: Kubernetes, infrastructure: Infrastructure, lines: Mapping[str, Sequence[tuple[Source, str]]]
) -> list[Dump]:
    """
    Every way in which dumps are made.

    Args:
        kubernetes: The jobs of clusters.
        infrastructure: The buckets that dumps go to.
        lines: The lines of scripts and tables of jobs that speak of backups, by file.
    """
    found: list[Dump] = []
    jobs: set[str] = set()
    for job in kubernetes.of("CronJob"):
        for keys, container in job.containers():
            said = " ".join(str(word) for key in ("command", "args") for word in _listed(container.get(key)))[:5_000]
            if DUMPS.search(said):
                jobs.add(job.path)
                found.append(_dump(f"CronJob {job.resource}", job.at(*keys), said, infrastructure))
    for path, told in sorted(lines.items()):
        made = [(place, text) for place, text in told if DUMPS.search(text)]
        if path in jobs:
            continue
        listed = [(place, text) for place, text in made if _JOB.match(text)]
        found += [_dump(f"{path}:{place.line}", place, text, infrastructure) for place, text in listed]
        if made and not listed:
            found.append(_dump(path, made[0][0], "\n".join(text for _, text in told), infrastructure))
    return found


_JOB = re.compile(r"\s*(?:@\w+|(?:[\d*/,-]+\s+){4}[\w*/,-]+)\s")
"""A line of a table of jobs, which is a way of its own."""


def _dump(address: str, at: Source, said: str, infrastructure: Infrastructure) -> Dump:
    bucket = next((b for name in _BUCKET.findall(said) if (b := _called(name, infrastructure)) is not None), None)
    sealed = Setting(True, at, "what it dumps is encrypted")
    if not _SEALS.search(said):
        plain = _CLEAR.search(said) is not None or not _MAY_SEAL.search(said)
        sealed = Setting(False if plain else None, at, "it dumps in the clear")
        if bucket is not None and not plain:
            sealed = encrypted(bucket, infrastructure)
    days = [float(number) for match in _KEPT.findall(said) for number in match if number]
    kept = Setting(max(days) if days else None, at, "it deletes what is older")
    if not days and bucket is not None:
        kept = _deleted(bucket, infrastructure)
    copied = Setting(None, at, "where they lie is not told")
    if bucket is not None:
        copied = elsewhere(bucket, infrastructure)
    return Dump(address, at, sealed, kept, copied)


def _called(name: str, infrastructure: Infrastructure) -> Block | None:
    for block in infrastructure.of("aws_s3_bucket", "google_storage_bucket"):
        if block.get("bucket" if block.type == "aws_s3_bucket" else "name") == name:
            return block
    return None


def _about(block: Block, others: Iterable[Block]) -> list[Block]:
    wanted = re.compile(rf"\baws_s3_bucket\.{re.escape(block.label)}\b")
    name = block.get("bucket")
    return [
        o for o in others if o.scope == block.scope and (wanted.search(str(o.get("bucket"))) or o.get("bucket") == name)
    ]


def encrypted(block: Block, infrastructure: Infrastructure) -> Setting:
    """Whether a bucket is said to encrypt what it keeps."""
    if block.type == "google_storage_bucket":
        return Setting(True, block.at(), "Cloud Storage encrypts what it keeps")
    own = _about(block, infrastructure.of("aws_s3_bucket_server_side_encryption_configuration"))
    if own:
        return Setting(True, own[0].at(), f"{own[0].address} encrypts what the bucket keeps")
    return Setting(None, block.at(), "nothing is said of its encryption")


def versioned(block: Block, infrastructure: Infrastructure) -> Setting:
    """Whether a bucket keeps what is written over."""
    if block.type == "google_storage_bucket":
        on = any(as_flag(one.get("enabled")) for one in block.nested("versioning"))
        return Setting(True if on else None, block.at("versioning"), "it keeps versions")
    for owner in _about(block, infrastructure.of("aws_s3_bucket_versioning")):
        if owner.get("versioning_configuration", 0, "status") == "Enabled" or (
            owner.get("versioning_configuration", "status") == "Enabled"
        ):
            return Setting(True, owner.at(), f"{owner.address} keeps its versions")
    return Setting(None, block.at(), "")


def _deleted(block: Block, infrastructure: Infrastructure) -> Setting:
    """After how many days a rule deletes: the first of all rules that are on decides."""
    found: list[Setting] = []
    if block.type == "google_storage_bucket":
        for rule in block.nested("lifecycle_rule"):
            ages = [as_number(condition.get("age")) for condition in _dicts(rule.get("condition"))]
            if any(action.get("type") == "Delete" for action in _dicts(rule.get("action"))) and ages:
                found.append(Setting(ages[0], block.at("lifecycle_rule"), "a rule deletes what is older"))
    for owner in _about(block, infrastructure.of("aws_s3_bucket_lifecycle_configuration")):
        for rule in owner.nested("rule"):
            for expiry in _dicts(rule.get("expiration")):
                if str(rule.get("status")) == "Enabled":
                    found.append(
                        Setting(as_number(expiry.get("days")), owner.at("rule"), "a rule deletes what is older")
                    )
    open_ = [setting for setting in found if setting.value is None]
    if open_ or not found:
        return open_[0] if open_ else Setting(None, block.at(), "nothing says how long they stay")
    return min(found, key=lambda setting: setting.value or 0)


def elsewhere(block: Block, infrastructure: Infrastructure) -> Setting:
    """Whether what lies in a bucket lies in another region as well."""
    if block.type == "google_storage_bucket":
        place = str(block.get("location", default=""))
        wide = place.upper() in _WIDE or bool(block.nested("custom_placement_config"))
        single = re.fullmatch(r"[a-zA-Z]+-[a-zA-Z]+\d+", place) is not None
        return Setting(True if wide else False if single else None, block.at("location"), f"it lies in {place}")
    regions = {
        str(p.get("alias", default="")): str(p.get("region")) for p in infrastructure.blocks if p.block == "provider"
    }
    ways = _about(block, infrastructure.of("aws_s3_bucket_replication_configuration"))
    if not ways:
        return Setting(False, block.at(), "nothing copies it to another region", absent=True)
    for way in ways:
        for rule in way.nested("rule"):
            for target in _dicts(rule.get("destination")):
                named = re.search(r"aws_s3_bucket\.([\w-]+)", str(target.get("bucket")))
                other = next((b for b in infrastructure.of("aws_s3_bucket") if named and b.label == named[1]), None)
                alias = str(other.get("provider", default="")).partition(".")[2] if other is not None else ""
                far = str(other.get("region") or regions.get(alias, "")) if other is not None else ""
                if str(rule.get("status")) != "Enabled":
                    return Setting(False, way.at("rule"), "its replication is not enabled")
                if far and regions.get("") and far != regions[""]:
                    return Setting(True, way.at("rule"), f"it is replicated to {far}")
    return Setting(None, ways[0].at(), "where it is replicated to is not told")


_WIDE = frozenset({"EU", "US", "ASIA", "EUR4", "NAM4", "ASIA1", "EUR5", "EUR7", "EUR8"})


def _dicts(value: object) -> list[dict[str, object]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value is not None else []
