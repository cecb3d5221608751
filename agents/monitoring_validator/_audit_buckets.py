"""Lists the buckets that audit records are kept in, and says of each whether it is locked and when it deletes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orchestrator import Block, Buckets, Infrastructure, Setting, Source, as_flag, as_number

SHORT = 30
"""Days; what is locked for less can be altered before anybody looks into it."""
_AUDIT = re.compile(r"audit|cloud-?trail", re.IGNORECASE)
_NAME = {"google_storage_bucket": "name", "azurerm_storage_container": "name", "AWS::S3::Bucket": "BucketName"}
_OWN = ("aws_s3_bucket", "AWS::S3::Bucket", "google_storage_bucket", "azurerm_storage_container")


@dataclass(frozen=True)
class AuditBucket:
    """One bucket for audit records."""

    block: Block
    locked: Setting
    """Whether nobody can change or delete what lies in it for as long as is promised."""
    kept: Setting
    """Days for which nothing in it can be deleted; fewer where a rule deletes earlier."""

    @property
    def address(self) -> str:
        return self.block.address


def audit_buckets(buckets: Buckets, infrastructure: Infrastructure) -> list[AuditBucket]:
    """Every bucket in production that is called after audit records; what is told of it stands in the tree."""
    found = []
    for part in buckets.parts:
        block = part.thing.block
        if block is None or not part.production or block.type not in _OWN or not _AUDIT.search(_called(block)):
            continue
        locked, held = _lock(block, infrastructure)
        gone = _deleted(block, infrastructure)
        kept = gone if gone is not None and (held.value is None or (gone.value or 0) <= held.value) else held
        found.append(AuditBucket(block, locked, kept))
    return found


def locked_elsewhere(buckets: Buckets, infrastructure: Infrastructure) -> list[tuple[Block, Setting, Setting]]:
    """The locks of audit buckets that are declared elsewhere, with what they promise."""
    known = [
        p.thing.block for p in buckets.parts if p.thing.block is not None and p.thing.block.type == "aws_s3_bucket"
    ]
    locks = infrastructure.of("aws_s3_bucket_object_lock_configuration")
    tied = {id(lock) for block in known for lock in _about(block, locks)}
    found = []
    for lock in locks:
        if id(lock) not in tied and _AUDIT.search(f"{lock.label} {lock.get('bucket')}"):
            promises = [p for rule in lock.nested("rule") for p in _nested(rule, "default_retention")]
            found += [(lock, *_promised(promise, lock.at("rule"))) for promise in promises[:1]]
    return found


def _called(block: Block) -> str:
    return f"{block.label} {block.get(_NAME.get(block.type, 'bucket'), default='')}"


def _lock(block: Block, infrastructure: Infrastructure) -> tuple[Setting, Setting]:
    if block.type == "google_storage_bucket":
        return _google(block)
    if block.type == "azurerm_storage_container":
        return _azure(block, infrastructure)
    rules = list(_rules(block, infrastructure))
    if not rules:
        begun = as_flag(block.get("object_lock_enabled")) or as_flag(block.get("ObjectLockEnabled"))
        because = "it is made for locks, and no rule locks what is written" if begun else "nothing locks it"
        return Setting(None if begun else False, block.at(), because), Setting(None, block.at(), because)
    return min((_promised(rule, at) for rule, at in rules), key=lambda answer: answer[0].value is not True)


def _rules(block: Block, infrastructure: Infrastructure) -> Iterator[tuple[dict[str, Any], Source]]:
    """The default retention that locks what is written into a bucket of S3."""
    if block.type == "AWS::S3::Bucket":
        rule = block.get("ObjectLockConfiguration", "Rule", "DefaultRetention")
        if isinstance(rule, dict):
            yield {key.lower(): value for key, value in rule.items()}, block.at("ObjectLockConfiguration")
        return
    owners = [block, *_about(block, infrastructure.of("aws_s3_bucket_object_lock_configuration"))]
    for owner in owners:
        for inside in ((), ("object_lock_configuration",)):
            for held in owner.nested(*inside) if inside else [owner.body]:
                for rule in _nested(held, "rule"):
                    for promise in _nested(rule, "default_retention"):
                        yield promise, owner.at(*inside or ("rule",))


def _promised(rule: dict[str, Any], at: Source) -> tuple[Setting, Setting]:
    mode, days, years = rule.get("mode"), rule.get("days"), rule.get("years")
    numbers = [as_number(days) if days is not None else 0, as_number(years) if years is not None else 0]
    if mode not in ("COMPLIANCE", "GOVERNANCE") or None in numbers or not (days or years):
        unknown = Setting(None, at, "what its lock says is not told here")
        return unknown, unknown
    kept = (numbers[0] or 0) + 365 * (numbers[1] or 0)
    if mode == "GOVERNANCE":
        return Setting(False, at, "its lock can be lifted by whoever may"), Setting(kept, at, "it is locked")
    return Setting(kept >= SHORT, at, f"it is locked for {kept:g} days"), Setting(kept, at, "it is locked")


def _google(block: Block) -> tuple[Setting, Setting]:
    policy = next(iter(block.nested("retention_policy")), None)
    if policy is None:
        return Setting(False, block.at(), "nothing locks it"), Setting(None, block.at(), "")
    at = block.at("retention_policy")
    seconds, locked = as_number(policy.get("retention_period")), policy.get("is_locked", False)
    kept = Setting(seconds / 86_400 if seconds is not None else None, at, "its retention policy keeps it")
    if as_flag(locked) is None or (as_flag(locked) and kept.value is None):
        return Setting(None, at, "what its retention policy says is not told here"), kept
    held = bool(as_flag(locked)) and (kept.value or 0) >= SHORT
    return Setting(held, at, "its retention policy" + ("" if as_flag(locked) else " is not locked")), kept


def _azure(block: Block, infrastructure: Infrastructure) -> tuple[Setting, Setting]:
    policies = _about(block, infrastructure.of("azurerm_storage_container_immutability_policy"))
    if not policies:
        accounts = [b for b in infrastructure.of("azurerm_storage_account") if b.nested("immutability_policy")]
        return Setting(None if accounts else False, block.at(), "nothing locks it"), Setting(None, block.at(), "")
    policy = policies[0]
    days, locked = policy.number("immutability_period_in_days"), policy.get("locked", default=False)
    kept = Setting(days, policy.at("immutability_period_in_days"), "it is immutable")
    if as_flag(locked) is None or (as_flag(locked) and days is None):
        return Setting(None, policy.at("locked"), "what its policy says is not told here"), kept
    held = bool(as_flag(locked)) and (days or 0) >= SHORT
    return Setting(held, policy.at("locked"), "its policy is" + (" locked" if as_flag(locked) else " not locked")), kept


def _deleted(block: Block, infrastructure: Infrastructure) -> Setting | None:
    """After how many days a rule deletes what lies in a bucket; None where no rule is known to."""
    found: list[Setting] = []
    if block.type == "AWS::S3::Bucket":
        for rule in block.nested("LifecycleConfiguration", "Rules"):
            days = as_number(rule.get("ExpirationInDays"))
            if days is not None and str(rule.get("Status")) == "Enabled":
                found.append(Setting(days, block.at("LifecycleConfiguration"), "a rule deletes it"))
    elif block.type == "aws_s3_bucket":
        for owner in _about(block, infrastructure.of("aws_s3_bucket_lifecycle_configuration")):
            for rule in owner.nested("rule"):
                for expiry in _nested(rule, "expiration"):
                    days = as_number(expiry.get("days"))
                    if days and str(rule.get("status")) == "Enabled":
                        found.append(Setting(days, owner.at("rule"), "a rule deletes it"))
    elif block.type == "google_storage_bucket":
        for rule in block.nested("lifecycle_rule"):
            kinds = [str(action.get("type")) for action in _nested(rule, "action")]
            ages = [as_number(condition.get("age")) for condition in _nested(rule, "condition")]
            if "Delete" in kinds and ages and ages[0] is not None:
                found.append(Setting(ages[0], block.at("lifecycle_rule"), "a rule deletes it"))
    else:
        found += _deleted_by_azure(block, infrastructure)
    return min(found, key=lambda setting: setting.value or 0) if found else None


def _deleted_by_azure(block: Block, infrastructure: Infrastructure) -> Iterator[Setting]:
    name = str(block.get("name", default=""))
    for owner in infrastructure.of("azurerm_storage_management_policy"):
        for rule in owner.nested("rule") if owner.scope == block.scope else ():
            wanted = [str(p) for f in _nested(rule, "filters") for p in f.get("prefix_match") or ()]
            if as_flag(rule.get("enabled")) is False or (wanted and not any(p.startswith(name) for p in wanted)):
                continue
            for actions in _nested(rule, "actions"):
                for base in _nested(actions, "base_blob"):
                    days = [as_number(v) for k, v in base.items() if k.startswith("delete_after_days_since")]
                    yield from (Setting(d, owner.at("rule"), "a rule deletes it") for d in days if d)


def _about(block: Block, others: list[Block]) -> list[Block]:
    """Those of *others* that name *block*, by reference or by its own name."""
    wanted = re.compile(rf"\b{re.escape(block.type)}\.{re.escape(block.label)}\b")
    name = block.get(_NAME.get(block.type, "bucket"))
    found = []
    for other in others:
        said = [other.get(key) for key in ("bucket", "storage_container_resource_manager_id")]
        if other.scope == block.scope and any(s and (wanted.search(str(s)) or (s == name)) for s in said):
            found.append(other)
    return found


def _nested(body: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = body.get(key)
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
