"""The nouns whose parts say all of themselves: buckets, queues, log stores, entries, identities."""

from __future__ import annotations

import re
from typing import ClassVar

from ..host.late import late
from .inventory import Listed, Part


class Buckets(Listed):
    """Every store of objects under names."""

    name: ClassVar[str] = "buckets"
    noun: ClassVar[str] = "buckets"

    @property
    def lasting(self) -> list[Part]:
        """Those in production whose names do not say that nothing in them is for a backup to keep."""
        return [part for part in self.parts if part.production and not _MADE_AGAIN.search(_called(part))]


class Queues(Listed):
    """Every queue, topic, stream, broker and bus."""

    name: ClassVar[str] = "queues"
    noun: ClassVar[str] = "queues"


class LogStores(Listed):
    """Every store of log lines and audit records."""

    name: ClassVar[str] = "log_stores"
    noun: ClassVar[str] = "log-stores"

    @property
    def of_audit(self) -> list[Part]:
        """Those for audit records: by their kind, unless a bucket keeps the records, or by their name."""
        return [part for part in self.parts if _keeps_audit(part)]


class Entries(Listed):
    """Everything that takes in what others send: balancers, listeners, gateways, sites, functions with an address."""

    name: ClassVar[str] = "entries"
    noun: ClassVar[str] = "entries"

    @property
    def unguarded(self) -> list[Part]:
        """Those in production that ask nobody who they are, but for what browsers ask before they send anything."""
        return [
            part
            for part in self.parts
            if part.production and part.says("guarded").value is False and not part.says("preflight").value
        ]

    @property
    def opened(self) -> list[Part]:
        """Firewalls in production, as modules of others make them, that let everybody in to more than the web."""
        return [part for part in self.parts if part.kind == "firewall" and part.production and _lets_everybody_in(part)]


class Identities(Listed):
    """Everybody that something is allowed to, and what allows it: users, roles, keys, grants."""

    name: ClassVar[str] = "identities"
    noun: ClassVar[str] = "identities"


_MADE_AGAIN = late(
    r"logs?(?![a-z])|logging|(?<![a-z])trail|tf-?state|state(?![a-z])|artefact|artifact|(?<![a-z])builds?(?![a-z])|deploy|(?<![a-z])sites?(?![a-z])"
    r"|website|(?<![a-z])web(?![a-z])|(?<![a-z])www|static|assets?(?![a-z])|cache|(?<![a-z])cdn|(?<![a-z])dist(?![a-z])|bundle|lambda|release"
    r"|audit|backup|replica|dumps?(?![a-z])|(?<![a-z])cop(?:y|ies)(?![a-z])|origin|front|(?<![a-z])tmp(?![a-z])|temp(?![a-z])",
    re.IGNORECASE,
)
"""What a bucket is called of which all can be made again, which holds copies, or records that have their own rules."""


def _called(part: Part) -> str:
    block = part.thing.block
    named = "" if block is None else f"{block.label} {block.get('bucket', default='')} {block.get('name', default='')}"
    return named or part.address


_EVERYBODY = late(r"\b0\.0\.0\.0/0|(?<![\w:])::/0|[\"']\*[\"']|\bInternet\b", re.IGNORECASE)
_OF_THE_WEB = late(r"https?-\d{2,5}-tcp|https?", re.IGNORECASE)


def _lets_everybody_in(part: Part) -> bool:
    block = part.thing.block
    if block is None:
        return False
    said = {
        key: value for key, value in block.body.items() if re.search("ingress|rules|source", key) and key != "source"
    }
    if not _EVERYBODY.search(str(said)[:50_000]):
        return False
    rules = block.get("ingress_rules")
    named = [str(rule) for rule in rules] if isinstance(rules, list) else []
    others = {key for key in said if key not in ("ingress_rules", "ingress_cidr_blocks", "ingress_ipv6_cidr_blocks")}
    return bool(others) or not named or not all(_OF_THE_WEB.fullmatch(name) for name in named)


_AUDIT = late(r"audit|cloud-?trail", re.IGNORECASE)
_NAMES = {"AWS::Logs::LogGroup": ("LogGroupName",), "google_logging_project_bucket_config": ("bucket_id",)}


def _keeps_audit(part: Part) -> bool:
    block = part.thing.block
    if part.kind == "audit":
        return part.says("retention").because != ""
    return block is not None and bool(_AUDIT.search(f"{block.label} {block.get(*_NAMES.get(block.type, ('name',)))}"))
