"""Tells which buckets collect data that ages, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from orchestrator import Block, Infrastructure, as_flag

Lifecycle = Literal["none", "some", "tiered", "unknown"]

_STATE = re.compile(r"state|tfstate|terraform|website|\bsite\b|www|static|assets|cdn", re.IGNORECASE)
_AGES = re.compile(r"log|backup|archive|dump|export|audit|history|snapshot", re.IGNORECASE)
_BUCKETS = ("aws_s3_bucket", "google_storage_bucket", "AWS::S3::Bucket")
_CLASSES = ("GLACIER", "STANDARD_IA", "ONEZONE_IA", "DEEP_ARCHIVE", "INTELLIGENT_TIERING", "SetStorageClass")


def stores(infrastructure: Infrastructure) -> list[Block]:
    """The buckets that keep data: neither Terraform's state nor the files of a website."""
    return [b for b in infrastructure.of(*_BUCKETS) if not _STATE.search(_name(b))]


def hoards(bucket: Block) -> bool:
    """Whether what lies in *bucket* ages, told from its name."""
    return bool(_AGES.search(_name(bucket)))


def lifecycles(buckets: Sequence[Block], infrastructure: Infrastructure) -> list[Lifecycle]:
    """
    What rules each of *buckets* has.

    Returns:
        ``tiered`` where a rule moves objects to a cheaper class, ``some`` where there are others, ``unknown`` where
        rules are declared for a bucket that cannot be told.
    """
    separate: dict[str, dict[Lifecycle, None]] = {}
    computed = False
    for block in infrastructure.of(*_SEPARATE):
        named = str(block.get("bucket", default=""))
        match = _REFERENCE.search(named)
        computed = computed or not match
        separate.setdefault(match[1] if match else named, {})[_separate(block)] = None
    return [_lifecycle(bucket, separate, computed) for bucket in buckets]


def _separate(block: Block) -> Lifecycle:
    """What a block of its own makes of the bucket that it names."""
    moves = block.type.endswith("intelligent_tiering_configuration") or _moves(block.get("rule"), block.get("tiering"))
    return "tiered" if moves else "some"


def _moves(*rules: Any) -> bool:
    texts = [str(rule) for given in rules for rule in (given if isinstance(given, list) else [given]) if _works(rule)]
    return any(name in text for text in texts for name in _CLASSES)


def _works(rule: Any) -> bool:
    """Whether a rule is on, and moves anything within ten years."""
    if not isinstance(rule, dict):
        return True
    off = "disabled" in (str(rule.get("status")).lower(), str(rule.get("Status")).lower())
    waits = [int(days) for days in _DAYS.findall(str(rule)[:5_000])]
    return not off and as_flag(rule.get("enabled")) is not False and not (waits and min(waits) > _LONGEST)


_DAYS = re.compile(r"'(?:days|age|TransitionInDays)': '?(\d{1,9})")
_LONGEST = 3_650


def _lifecycle(bucket: Block, separate: Mapping[str, Collection[Lifecycle]], computed: bool) -> Lifecycle:
    rules: list[Any] = [
        bucket.get(key)
        for key in ("lifecycle_rule", "LifecycleConfiguration", "IntelligentTieringConfigurations", "autoclass")
        if bucket.get(key)
    ]
    tiered = bool(bucket.get("autoclass")) or bool(bucket.get("IntelligentTieringConfigurations"))
    others = {*separate.get(bucket.label, ()), *separate.get(str(bucket.get("bucket")), ())}
    if tiered or "tiered" in others or _moves(*rules):
        return "tiered"
    if bucket.type == "aws_s3_bucket" and computed:
        return "unknown"
    return "some" if rules or others else "none"


_REFERENCE = re.compile(r"aws_s3_bucket\.([A-Za-z_][\w-]*)")
_SEPARATE = ("aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_intelligent_tiering_configuration")


def _name(bucket: Block) -> str:
    return f"{bucket.label} {bucket.get('bucket', default='')} {bucket.get('name', default='')}"
