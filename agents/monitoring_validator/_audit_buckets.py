"""Lists the buckets that audit records are kept in, and says of each whether it is locked and when it deletes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from orchestrator import Block, Buckets, Infrastructure, Setting, Source, Typed, as_flag, as_number

SHORT = 30
"""Days; what is locked for less can be altered before anybody looks into it."""
_AUDIT = re.compile(r"audit|cloud-?trail", re.IGNORECASE)
LOCKS = Typed("resources/write-once")
_EXPIRIES = Typed("resources/expiries")


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
        if block is None or not part.production or not _is_bucket(block) or not _AUDIT.search(_called(block)):
            continue
        locked, held = _lock(block, infrastructure)
        gone = _deleted(block, infrastructure)
        kept = gone if gone is not None and (held.value is None or (gone.value or 0) <= held.value) else held
        found.append(AuditBucket(block, locked, kept))
    return found


def locked_elsewhere(buckets: Buckets, infrastructure: Infrastructure) -> list[tuple[Block, Setting, Setting]]:
    """The locks of audit buckets that are declared elsewhere, with what they promise."""
    blocks = [part.thing.block for part in buckets.parts]
    known = [b for b in blocks if b is not None and LOCKS.tells(b, "promise")]
    locks = LOCKS.among(infrastructure, "lock")
    tied = {id(lock) for block in known for lock in _about(block, locks, LOCKS)}
    found = []
    for lock in locks:
        if id(lock) not in tied and _AUDIT.search(f"{lock.label} {LOCKS.value(lock, 'of')}"):
            found += [(lock, *promised) for promised in _promises(lock)[:1]]
    return found


def _is_bucket(block: Block) -> bool:
    return LOCKS.kind(block) in ("bucket", "container")


def _called(block: Block) -> str:
    return f"{block.label} {LOCKS.value(block, 'title') or ''}"


def _lock(block: Block, infrastructure: Infrastructure) -> tuple[Setting, Setting]:
    if LOCKS.kind(block) == "container":
        return _immutable(block, infrastructure)
    if LOCKS.tells(block, "policy"):
        return _retained(block)
    owners = [block, *_about(block, LOCKS.among(infrastructure, "lock"), LOCKS)]
    promises = [promise for owner in owners for promise in _promises(owner)]
    if not promises:
        begun = as_flag(LOCKS.value(block, "made"))
        because = "it is made for locks, and no rule locks what is written" if begun else "nothing locks it"
        return Setting(None if begun else False, block.at(), because), Setting(None, block.at(), because)
    return min(promises, key=lambda answer: answer[0].value is not True)


def _promises(block: Block) -> list[tuple[Setting, Setting]]:
    """What *block* promises of whatever is written into a bucket, where nothing else is said of it."""
    at = block.at(*LOCKS.at(block, "promise")[:1])
    return [_promised(block, promise, at) for promise in LOCKS.parts(block, "promise")]


def _promised(block: Block, promise: dict[str, Any], at: Source) -> tuple[Setting, Setting]:
    mode, days, years = (LOCKS.within(block, promise, what) for what in ("mode", "days", "years"))
    numbers = [as_number(days) if days is not None else 0, as_number(years) if years is not None else 0]
    if mode not in ("COMPLIANCE", "GOVERNANCE") or None in numbers or not (days or years):
        unknown = Setting(None, at, "what its lock says is not told here")
        return unknown, unknown
    kept = (numbers[0] or 0) + 365 * (numbers[1] or 0)
    if mode == "GOVERNANCE":
        return Setting(False, at, "its lock can be lifted by whoever may"), Setting(kept, at, "it is locked")
    return Setting(kept >= SHORT, at, f"it is locked for {kept:g} days"), Setting(kept, at, "it is locked")


def _retained(block: Block) -> tuple[Setting, Setting]:
    """What the retention policy of a bucket promises."""
    if not LOCKS.parts(block, "policy"):
        return Setting(False, block.at(), "nothing locks it"), Setting(None, block.at(), "")
    at = LOCKS.place(block, "policy")
    seconds, locked = as_number(LOCKS.value(block, "seconds")), LOCKS.value(block, "locked") or False
    kept = Setting(seconds / 86_400 if seconds is not None else None, at, "its retention policy keeps it")
    if as_flag(locked) is None or (as_flag(locked) and kept.value is None):
        return Setting(None, at, "what its retention policy says is not told here"), kept
    held = bool(as_flag(locked)) and (kept.value or 0) >= SHORT
    return Setting(held, at, "its retention policy" + ("" if as_flag(locked) else " is not locked")), kept


def _immutable(block: Block, infrastructure: Infrastructure) -> tuple[Setting, Setting]:
    """What a policy beside a container promises."""
    policies = _about(block, LOCKS.among(infrastructure, "policy"), LOCKS)
    if not policies:
        accounts = [b for b in LOCKS.among(infrastructure, "account") if LOCKS.parts(b, "policy")]
        return Setting(None if accounts else False, block.at(), "nothing locks it"), Setting(None, block.at(), "")
    policy = policies[0]
    days, locked = as_number(LOCKS.value(policy, "days")), LOCKS.value(policy, "locked") or False
    kept, at = Setting(days, LOCKS.place(policy, "days"), "it is immutable"), LOCKS.place(policy, "locked")
    if as_flag(locked) is None or (as_flag(locked) and days is None):
        return Setting(None, at, "what its policy says is not told here"), kept
    held = bool(as_flag(locked)) and (days or 0) >= SHORT
    return Setting(held, at, "its policy is" + (" locked" if as_flag(locked) else " not locked")), kept


def _deleted(block: Block, infrastructure: Infrastructure) -> Setting | None:
    """After how many days a rule deletes what lies in a bucket; None where no rule is known to."""
    if LOCKS.kind(block) == "container":
        owners = [o for o in _EXPIRIES.among(infrastructure, "account") if o.scope == block.scope]
    elif _EXPIRIES.kind(block) == "bucket":
        owners = [block]
    else:
        owners = _about(block, _EXPIRIES.among(infrastructure, "beside"), _EXPIRIES)
    found = []
    for owner in owners:
        at = owner.at(*_EXPIRIES.at(owner, "rules")[:1])
        for rule in _EXPIRIES.parts(owner, "rules"):
            days = as_number(_EXPIRIES.within(owner, rule, "days"))
            if days is not None and (days or _EXPIRIES.tells(owner, "does")) and _deletes(owner, rule, block):
                found.append(Setting(days, at, "a rule deletes it"))
    return min(found, key=lambda setting: setting.value or 0) if found else None


def _deletes(owner: Block, rule: dict[str, Any], bucket: Block) -> bool:
    """Whether a rule of *owner* is in force, deletes, and is about what lies in *bucket*."""
    status, enabled, does, only = (
        _EXPIRIES.within(owner, rule, what) for what in ("status", "enabled", "does", "only")
    )
    name = str(LOCKS.value(bucket, "title") or "")
    wanted = [str(prefix) for prefix in (only if isinstance(only, list) else [only] if only else [])]
    return (
        (not _EXPIRIES.tells(owner, "status") or str(status) == "Enabled")
        and as_flag(enabled) is not False
        and (not _EXPIRIES.tells(owner, "does") or does == "Delete")
        and (not wanted or any(prefix.startswith(name) for prefix in wanted))
    )


def _about(block: Block, others: list[Block], typed: Typed) -> list[Block]:
    """Those of *others* that name *block*, by reference or by its own name; *typed* knows where they do."""
    wanted = re.compile(rf"\b{re.escape(block.type)}\.{re.escape(block.label)}\b")
    name = LOCKS.value(block, "title")
    said = [(other, typed.value(other, "of")) for other in others if other.scope == block.scope]
    return [other for other, of in said if of and (wanted.search(str(of)) or of == name)]
