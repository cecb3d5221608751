"""Tells how databases are kept that operators run in a cluster: CloudNativePG and those that use pgBackRest."""

from __future__ import annotations

import re
from typing import Any

from ..domain.fact import Source
from ..evidence.facts.kubernetes import Kubernetes, Resource
from .settings import Keeping, Setting

_DAYS = re.compile(r"(\d{1,4})([dwm])")
_UNITS = {"d": 1, "w": 7, "m": 30}
_SEALED = frozenset({"AES256", "aws:kms"})


class Operators:
    """What the objects of operators in *kubernetes* say of the databases that they run."""

    def __init__(self, kubernetes: Kubernetes) -> None:
        self._stores = {(r.namespace, r.resource): r for r in kubernetes.of("ObjectStore")}
        self._scheduled = {
            (r.namespace, str(r.get("spec", "cluster", "name")))
            for r in kubernetes.of("ScheduledBackup")
            if r.get("spec", "suspend") is not True
        }

    def keeping(self, resource: Resource) -> Keeping | None:
        """How *resource* keeps its data; None where it is of no operator that is known here."""
        if resource.kind == "Cluster" and resource.api_version.startswith("postgresql.cnpg.io/"):
            return self._cnpg(resource)
        if resource.kind in ("PostgresCluster", "PerconaPGCluster"):
            return _pgbackrest(resource)
        return None

    def _cnpg(self, cluster: Resource) -> Keeping:
        at = cluster.at("spec", "backup")
        inner = cluster.get("spec", "backup", "barmanObjectStore")
        policy: Any = cluster.get("spec", "backup", "retentionPolicy")
        for number, plugin in enumerate(cluster.items("spec", "plugins")):
            named = plugin.get("parameters") if isinstance(plugin, dict) else None
            name = str(named.get("barmanObjectName", "")) if isinstance(named, dict) else ""
            store = self._stores.get((cluster.namespace, name)) or self._stores.get(("", name))
            if store is not None:
                at = cluster.at("spec", "plugins", number)
                inner, policy = store.get("spec", "configuration"), store.get("spec", "retentionPolicy")
        unknown = Setting(None, at, "nothing is said of its backups")
        if not isinstance(inner, dict):
            return Keeping(unknown, unknown, unknown, unknown, unknown)
        made = (cluster.namespace, cluster.resource) in self._scheduled
        backups = Setting(
            True if made else None, at, "it is backed up on a schedule" if made else "no schedule is seen"
        )
        days = _days(policy)
        kept = Setting(days, at, f"retentionPolicy = {policy}" if days else "nothing says how long backups stay")
        ways = [inner.get(part) for part in ("data", "wal")]
        said = [way.get("encryption") if isinstance(way, dict) else None for way in ways]
        sealed = Setting(True if all(way in _SEALED for way in said) else None, at, f"encryption = {said[0]}")
        pitr = Setting(True if made else None, at, "its log is archived beside its backups")
        return Keeping(backups, kept, pitr, unknown, unknown, sealed)


def _pgbackrest(cluster: Resource) -> Keeping:
    """Crunchy's and Percona's: what they hand to pgBackRest."""
    path = ("spec", "backups", "pgbackrest")
    at: Source = cluster.at(*path)
    said = cluster.get(*path, "global")
    said = said if isinstance(said, dict) else {}
    repos = [repo for repo in cluster.items(*path, "repos") if isinstance(repo, dict)]
    unknown = Setting(None, at, "nothing is said of its backups")
    if not repos:
        return Keeping(unknown, unknown, unknown, unknown, unknown)
    names = [str(repo.get("name", "")) for repo in repos]
    made = all(isinstance(repo.get("schedules"), dict) and repo["schedules"] for repo in repos)
    backups = Setting(True if made else None, at, "its repositories have schedules")
    days = [_by_time(said, name) for name in names]
    known = [day for day in days if day is not None]
    kept = Setting(min(known) if len(known) == len(days) else None, at, "retention by time" if known else "")
    ciphers = [said.get(f"{name}-cipher-type", "none") for name in names]
    sealed = Setting(all(cipher == "aes-256-cbc" for cipher in ciphers), at, f"cipher-type = {ciphers[0]}")
    return Keeping(backups, kept, Setting(True if made else None, at, "its log is archived"), unknown, unknown, sealed)


def _by_time(said: dict[str, Any], name: str) -> float | None:
    full = str(said.get(f"{name}-retention-full", ""))
    return float(full) if said.get(f"{name}-retention-full-type") == "time" and full.isdecimal() else None


def _days(policy: object) -> float | None:
    found = _DAYS.fullmatch(str(policy))
    return float(found[1]) * _UNITS[found[2]] if found else None
