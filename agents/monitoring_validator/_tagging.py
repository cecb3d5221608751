"""The cloud resources that cost money and can carry tags."""

from __future__ import annotations

import re
from typing import Any

from orchestrator import Block, Infrastructure, Typed

BILLED = Typed("resources/billed")
_SAYS_NOTHING = re.compile(
    r"|todo|tbd|fixme|xxx+|change[-_ ]?me|none|null|n/?a|unknown|undefined|default|your[-_ ].*|<.*>|-+", re.IGNORECASE
)
_TEAM = re.compile(r"team|owner|squad|cost.?cent|department|business.?unit|contact|billing", re.IGNORECASE)
_SERVICE = re.compile(r"service|\bapp|application|component|project|product|system|workload|stack", re.IGNORECASE)


def taggable(infrastructure: Infrastructure) -> list[Block]:
    """Every Terraform resource that is billed and can carry tags."""
    return [block for block in infrastructure.resources if block in BILLED]


def defaults(infrastructure: Infrastructure) -> dict[tuple[str, str], Any]:
    """
    The tags that providers add by themselves: a mapping, or text where they are computed.

    By the name of the provider and its scope; and by the name alone what all of them add, for a module has none of its
    own.
    """
    found: dict[tuple[str, str], Any] = {}
    named: dict[str, list[Any]] = {}
    for provider in infrastructure.of_kind("provider"):
        nested = provider.nested("default_tags")
        tags = nested[0].get("tags") if nested else provider.get("default_labels")
        if alias := provider.get("alias"):  # what an alias adds, it adds to what names it
            found[f"{provider.type}.{alias}", provider.scope] = tags
            continue
        found[provider.type, provider.scope] = tags
        named.setdefault(provider.type, []).append(tags)
    return {**found, **{(name, ANYWHERE): tags[-1] for name, tags in named.items() if all(tags)}}


ANYWHERE = "*"


def tags_of(block: Block, by_provider: dict[tuple[str, str], Any]) -> Any:
    """The tags of *block*: a mapping, text where they are computed, None where there are none at all."""
    own = BILLED.value(block, "tags")
    named = str(block.get("provider") or "")
    provider = block.type.partition("_")[0]
    inherited = (
        by_provider.get((named, block.scope), "computed")  # an alias that a caller may hand over
        if "." in named
        else by_provider.get((provider, block.scope), by_provider.get((provider, ANYWHERE)))
    )
    if isinstance(own, dict) and isinstance(inherited, dict):
        return {**inherited, **own}
    return own or inherited or (BILLED.value(block, "elsewhere") and "computed") or None


def attributes(tags: Any) -> bool:
    """Whether literal tags name both a service and a team."""
    if not isinstance(tags, dict):
        return False
    said = [key for key, value in tags.items() if not _SAYS_NOTHING.fullmatch(str(value).strip())]
    return any(_TEAM.search(key) for key in said) and any(_SERVICE.search(key) for key in said)
