"""Tells which buckets collect data that ages, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from orchestrator import Block, Infrastructure, Typed, as_flag

Lifecycle = Literal["none", "some", "tiered", "unknown"]

_STATE = re.compile(r"state|tfstate|terraform|website|\bsite\b|www|static|assets|cdn", re.IGNORECASE)
_AGES = re.compile(r"log|backup|archive|dump|export|audit|history|snapshot", re.IGNORECASE)
_BUCKETS = Typed("resources/aging-buckets")
_RULES = Typed("resources/bucket-rules")
_CLASSES = ("GLACIER", "STANDARD_IA", "ONEZONE_IA", "DEEP_ARCHIVE", "INTELLIGENT_TIERING", "SetStorageClass")


def stores(infrastructure: Infrastructure) -> list[Block]:
    """The buckets that keep data: neither Terraform's state nor the files of a website."""
    return [b for b in _BUCKETS.among(infrastructure) if not _STATE.search(_name(b))]


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
    separate: dict[tuple[str, str], dict[Lifecycle, None]] = {}
    computed = False
    for block in _RULES.among(infrastructure):
        named = str(_RULES.value(block, "of") or "")
        match = _REFERENCE.search(named)
        computed = computed or not match
        separate.setdefault((block.scope, match[1] if match else named), {})[_separate(block)] = None
    return [_lifecycle(bucket, separate, computed) for bucket in buckets]


def _separate(block: Block) -> Lifecycle:
    """What a block of its own makes of the bucket that it names."""
    moves = _RULES.kind(block) == "tiers" or _moves(_RULES.value(block, "rules"))
    return "tiered" if moves else "some"


def _moves(rules: Any) -> bool:
    texts = [str(rule) for rule in (rules if isinstance(rules, list) else [rules]) if _works(rule)]
    return any(name in text for text in texts for name in _CLASSES)


def _works(rule: Any) -> bool:
    """Whether a rule is on, for all that a bucket keeps, and moves anything within ten years."""
    if not isinstance(rule, dict):
        return True
    on = all(rule.get(key) in (None, "Enabled", "enabled") for key in ("status", "Status"))
    text = str(rule)[:5_000]
    waits = [int(days) for days in _DAYS.findall(text)]
    return (
        on
        and as_flag(rule.get("enabled")) is not False
        and not (waits and min(waits) > _LONGEST)
        and _PART.search(text) is None
    )


_PART = re.compile(
    r"'(?:prefix|Prefix|matches_prefix|matches_suffix|MatchesPrefix|tags?|TagFilters?|object_size_less_than)': "
    r"(?!''|None|\[\]|\{\}|'/')"
)
"""What makes a rule one for some of the files of a bucket."""


_DAYS = re.compile(r"'(?:days|age|TransitionInDays)': '?(\d{1,9})")
_LONGEST = 3_650


def _lifecycle(bucket: Block, separate: Mapping[tuple[str, str], Collection[Lifecycle]], computed: bool) -> Lifecycle:
    rules = _BUCKETS.value(bucket, "rules")
    tiered = _BUCKETS.says(bucket, "tiered").value is True
    names = (bucket.label, str(_BUCKETS.value(bucket, "title")))
    others = {rule for name in names for rule in separate.get((bucket.scope, name), ())}
    if tiered or "tiered" in others or _moves(rules):
        return "tiered"
    if _BUCKETS.kind(bucket) == "apart" and computed:
        return "unknown"
    return "some" if rules or others else "none"


_REFERENCE = re.compile(rf"\b(?:{'|'.join(map(re.escape, _BUCKETS.words))})\.([A-Za-z_][\w-]*)")


def _name(bucket: Block) -> str:
    return f"{bucket.label} {_BUCKETS.value(bucket, 'title') or ''}"
