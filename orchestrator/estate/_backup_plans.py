"""What an AWS Backup plan does, and with which resources."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ..domain.fact import Source
from ..evidence.facts.infrastructure import Block, Infrastructure, as_flag, as_number
from .settings import Keeping, Setting


@dataclass(frozen=True)
class Plan:
    """What a backup plan promises for everything that it selects."""

    label: str
    at: Source
    days: float | None
    """For how long the longest kept of its backups stays; None where it cannot be told."""
    continuous: bool
    copied: bool | None
    """Copies go to a vault that stands under another provider, which is how another region is written."""


class BackupPlans:
    """The backup plans of a tree; ``undecided`` is true where one of them selects by something that is not in code."""

    def __init__(self, infrastructure: Infrastructure) -> None:
        self._replicated = {
            _Named(block.scope, str(block.get("source_db_instance_arn"))): block
            for block in infrastructure.of("aws_db_instance_automated_backups_replication")
        }
        self._regions = {
            str(block.get("alias", default="")): str(block.get("region"))
            for block in infrastructure.blocks
            if block.block == "provider"
            and isinstance(block.get("region"), str)
            and "." not in str(block.get("region"))
        }
        """The regions of providers by their alias, where they are written out; the others' under the empty name."""
        self.policies = infrastructure.of("Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies")
        """What databases of Azure SQL are told of their backups apart from themselves."""
        self._by_address: dict[_Named, Plan] = {}
        self._everything: Plan | None = None
        plans = {_Named(p.scope, p.label): p for p in infrastructure.of("aws_backup_plan")}
        vaults = {_Named(v.scope, v.label): v for v in infrastructure.of("aws_backup_vault")}
        selections = infrastructure.of("aws_backup_selection")
        for selection in selections:
            named = _PLAN.search(str(selection.get("plan_id", default="")))
            block = plans.get(_Named(selection.scope, named[1])) if named else None
            if block is None:
                continue
            plan = _plan(block, vaults, self._regions)
            for wanted in selection.items("resources"):
                if wanted == "*":
                    self._everything = plan
                else:
                    addresses = _ADDRESS.findall(str(wanted))
                    self._by_address.update((_Named(selection.scope, address), plan) for address in addresses)
        self.undecided = bool(selections or infrastructure.of("AWS::Backup::BackupSelection")) or any(
            "backup" in module.type.lower() for module in infrastructure.modules
        )

    def added(self, block: Block, own: Keeping) -> Keeping:
        """How the database *block* is kept: by itself as *own* says, and by what selects or copies it."""
        plan = self.of(block)
        if plan is not None:
            says = f"backup plan {plan.label} selects it"
            kept = max(plan.days, float(own.retention.value or 0)) if plan.days is not None else None
            return replace(
                own,
                backups=Setting(True, plan.at, says),
                retention=Setting(kept, plan.at, says) if kept is not None else _doubtful(own.retention),
                pitr=Setting(True, plan.at, says) if plan.continuous else _doubtful(own.pitr),
                copied=_copied(block, own, plan, says),
            )
        if self.undecided:
            return replace(
                own, backups=_doubtful(own.backups), retention=_doubtful(own.retention), pitr=_doubtful(own.pitr)
            )
        other = self._replicated.get(_Named(block.scope, f"{block.type}.{block.label}.arn"))
        if other is None:
            return replace(own, copied=_nowhere(block, own))
        kept = other.number("retention_period")
        if kept is not None and kept < _SHORT:
            return replace(own, copied=Setting(None, other.at(), f"{other.address} keeps its copies for {kept:g} days"))
        if self._is_home(other):
            return replace(own, copied=Setting(False, other.at(), f"{other.address} copies into the same region"))
        return replace(own, copied=Setting(True, other.at(), f"{other.address} copies its backups to another region"))

    def _is_home(self, copying: Block) -> bool:
        """Whether the provider of *copying* has the region of the others."""
        alias = str(copying.get("provider", default="")).partition(".")[2]
        return bool(alias) and self._regions.get(alias) is not None and self._regions[alias] == self._regions.get("")

    def of(self, block: Block) -> Plan | None:
        """The plan that selects *block* by name, or selects everything that AWS keeps."""
        everything = self._everything if block.type.lower().startswith("aws") else None
        return self._by_address.get(_Named(block.scope, f"{block.type}.{block.label}"), everything)


class _Named(NamedTuple):
    """A name, which means one thing in its scope."""

    scope: str
    name: str


_SHORT = 7
_PLAN = re.compile(r"aws_backup_plan\.([A-Za-z_][\w-]*)")
_VAULT = re.compile(r"aws_backup_vault\.([A-Za-z_][\w-]*)")
_ARN = re.compile(r"^arn:aws[\w-]*:backup:([a-z]{2}[a-z0-9-]+):")
_ADDRESS = re.compile(r"\baws_[a-z0-9_]+\.[A-Za-z_][\w-]*")


def _doubtful(setting: Setting) -> Setting:
    """The setting, unknown where it is not good: something else in the tree may make up for it."""
    return setting if setting.value is True or (setting.value or 0) >= 30 else replace(setting, value=None)


def _copied(block: Block, own: Keeping, plan: Plan, says: str) -> Setting:
    """Whether copies lie in another region, where *plan* selects *block*."""
    if plan.copied is not False:
        return Setting(plan.copied, plan.at, says)
    nowhere = _nowhere(block, own)
    if nowhere.value is not False:
        return nowhere
    return replace(nowhere, at=plan.at, because=f"{says}, and copies to no other region")


def _nowhere(block: Block, own: Keeping) -> Setting:
    """The answer where nothing in the tree copies what *block* keeps: RDS copies nothing by itself."""
    shared = block.get("global_cluster_identifier")
    if own.copied.value is not None or block.type not in ("aws_db_instance", "aws_rds_cluster") or shared:
        return own.copied
    return Setting(False, block.at(), "nothing copies its backups to another region", absent=True)


def _plan(block: Block, vaults: dict[_Named, Block], regions: dict[str, str]) -> Plan:
    rules = block.nested("rule")
    kept = [_days(rule) for rule in rules]
    known = [days for days in kept if days is not None]
    return Plan(
        label=block.label,
        at=block.at("rule", 0),
        days=max(known) if known else None,
        continuous=any(as_flag(rule.get("enable_continuous_backup")) for rule in rules),
        copied=_any([_elsewhere(rule.get("copy_action"), block.scope, vaults, regions) for rule in rules]),
    )


def _days(rule: dict[str, Any]) -> float | None:
    lifecycle = rule.get("lifecycle")
    first = lifecycle[0] if isinstance(lifecycle, list) and lifecycle else lifecycle
    return as_number(first.get("delete_after")) if isinstance(first, dict) else None


def _any(answers: list[bool | None]) -> bool | None:
    """True where one is, None where one may be."""
    return True if True in answers else None if None in answers else False


def _elsewhere(actions: Any, scope: str, vaults: dict[_Named, Block], regions: dict[str, str]) -> bool | None:
    """Whether one of *actions* copies to another region; None where it cannot be told to which."""
    home = regions.get("")
    answers: list[bool | None] = []
    for action in actions if isinstance(actions, list) else [actions] if actions else []:
        target = str(action.get("destination_vault_arn", "")) if isinstance(action, dict) else ""
        named, written = _VAULT.search(target), _ARN.search(target)
        vault = vaults.get(_Named(scope, named[1])) if named else None
        if written:
            answers.append(written[1] != home if home else None)
        elif vault is None:
            answers.append(None)
        else:
            alias = str(vault.get("provider", default="")).partition(".")[2]
            region = str(vault.get("region") or regions.get(alias, ""))
            elsewhere = bool(vault.get("provider") or vault.get("region"))
            answers.append(elsewhere and not (region and region == home))
    return _any(answers)
