"""The cloud resources that cost money and can carry tags."""

from __future__ import annotations

import re
from typing import Any

from orchestrator import Block, Infrastructure, Typed

BILLED = Typed("resources/billed")
_TEAM = re.compile(r"team|owner|squad|cost.?cent|department|business.?unit|contact|billing", re.IGNORECASE)
_SERVICE = re.compile(r"service|\bapp|application|component|project|product|system|workload|stack", re.IGNORECASE)


def taggable(infrastructure: Infrastructure) -> list[Block]:
    """Every Terraform resource that is billed and can carry tags."""
    return [block for block in infrastructure.resources if block in BILLED]


def defaults(infrastructure: Infrastructure) -> dict[str, Any]:
    """The tags that providers add by themselves, by provider name: a mapping, or text where they are computed."""
    found: dict[str, Any] = {}
    for provider in infrastructure.of_kind("provider"):
        nested = provider.nested("default_tags")
        tags = nested[0].get("tags") if nested else provider.get("default_labels")
        if tags:
            found[provider.type] = tags
    return found


def tags_of(block: Block, by_provider: dict[str, Any]) -> Any:
    """The tags of *block*: a mapping, text where they are computed, None where there are none at all."""
    own = BILLED.value(block, "tags")
    inherited = by_provider.get(block.type.partition("_")[0])
    if isinstance(own, dict) and isinstance(inherited, dict):
        return {**inherited, **own}
    return own or inherited or (BILLED.value(block, "elsewhere") and "computed") or None


def attributes(tags: Any) -> bool:
    """Whether literal tags name both a service and a team."""
    return isinstance(tags, dict) and any(_TEAM.search(k) for k in tags) and any(_SERVICE.search(k) for k in tags)
