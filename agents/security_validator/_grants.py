"""Reads policies attached to a resource for a grant to everyone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orchestrator import Block, Infrastructure, Source, Typed, access_policy, once

from ._buckets import bucket_of, closed

_POLICIES = Typed("resources/own-policies")


def open_to_everyone(
    block: Block, infrastructure: Infrastructure, sites: Iterable[str]
) -> Iterator[tuple[str, Source]]:
    """
    A statement that grants *block* to any principal, without a condition on who asks, and that no other takes back.

    Search domains inside a network are left out: there an open policy is what their provider recommends. So are buckets
    that are *sites*, and those that refuse open policies.
    """
    kind = _POLICIES.kind(block)
    if kind == "call":
        if _POLICIES.value(block, "principal") == "*" and not _POLICIES.value(block, "source"):
            yield f"{block.address} lets everyone call the function", _POLICIES.place(block, "principal")
        return
    at = _POLICIES.at(block, "policy")
    if not at or (kind == "search" and _domains_inside(infrastructure)):
        return
    if kind == "bucket" and not {bucket_of(block, _POLICIES)}.isdisjoint((*sites, *closed(infrastructure))):
        return
    policy = access_policy(_POLICIES.value(block, "policy"), _POLICIES.place(block, "policy"), block, infrastructure)
    if policy.open is not None:
        condition = "and no condition says who of them" if policy.open.conditions else "without a condition"
        yield f"The policy of {block.address} lets everyone in: its principal is *, {condition}", policy.at


@once
def _domains_inside(infrastructure: Infrastructure) -> bool:
    """Whether a search domain of the tree lies inside a network."""
    return any(_POLICIES.value(domain, "network") is not None for domain in _POLICIES.among(infrastructure, "search"))
