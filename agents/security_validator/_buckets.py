"""Knows the buckets of a tree: which are websites, which refuse to be opened, and which of them a resource is about."""

from __future__ import annotations

from orchestrator import Block, Infrastructure, Typed, once

BUCKETS = Typed("resources/buckets")


def bucket_of(block: Block, at: Typed = BUCKETS) -> str:
    """
    The label of the bucket that *block* is, or that it names, by the list of types that *at* is.

    Where no bucket of the tree is named, it is what is written there, which is the same for all that mean the same.
    """
    if BUCKETS.kind(block) == "bucket":
        return block.label
    written = at.value(block, "bucket")
    return next(iter(BUCKETS.named(written)), str(written or ""))


@once
def websites(infrastructure: Infrastructure) -> frozenset[str]:
    """The labels of buckets that serve a website, which everyone is meant to read, and of their access lists."""
    of_buckets = {b.label for b in BUCKETS.among(infrastructure, "bucket") if BUCKETS.value(b, "site")}
    named = of_buckets | {bucket_of(b) for b in BUCKETS.among(infrastructure, "site")}
    lists = {b.label for b in BUCKETS.among(infrastructure, "list") if bucket_of(b) in named}
    return frozenset(named | lists) - {""}


@once
def closed(infrastructure: Infrastructure) -> frozenset[str]:
    """The labels of buckets that refuse policies for everyone, or serve nobody by them."""
    walls = [
        bucket_of(block)
        for block in BUCKETS.among(infrastructure, "bucket", "wall")
        if BUCKETS.says(block, "refused").value or BUCKETS.says(block, "restricted").value
    ]
    return frozenset(walls) - {""}
