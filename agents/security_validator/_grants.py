"""Reads policies attached to a resource for a grant to everyone."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from orchestrator import Block, Infrastructure, Source, Typed, access_policies, once

_POLICIES = Typed("resources/own-policies")
_OUTSIDE = ("source_arn", "source_account", "principal_org_id", "SourceArn", "SourceAccount", "PrincipalOrgID")
_LABEL = re.compile(r"\baws_s3_bucket\.([\w-]+)")


def open_to_everyone(
    block: Block, infrastructure: Infrastructure, sites: Container[str]
) -> Iterator[tuple[str, Source]]:
    """
    A statement that grants *block* to any principal, without a condition on who asks, and that no other takes back.

    Search domains inside a network are left out: there an open policy is what their provider recommends. So are buckets
    that are *sites*, and those that refuse open policies.
    """
    if block.type in ("aws_lambda_permission", "AWS::Lambda::Permission"):
        named = block.get("principal", default=block.get("Principal"))
        if named == "*" and not any(block.get(key) for key in _OUTSIDE):
            yield f"{block.address} lets everyone call the function", block.at("principal")
        return
    at = _POLICIES.at(block, "policy")
    if not at or _inside_network(block, infrastructure):
        return
    if _POLICIES.kind(block) == "bucket" and (_bucket(block) in sites or _bucket(block) in _closed(infrastructure)):
        return
    for policy in access_policies(block, infrastructure, str(at[0])):
        if policy.open is not None:
            yield f"The policy of {block.address} lets everyone in: its principal is *, without a condition", policy.at


def _bucket(block: Block) -> str:
    """The label of the bucket that *block* is, or belongs to."""
    if block.type in ("aws_s3_bucket", "AWS::S3::Bucket"):
        return block.label
    value = block.get("bucket", default=block.get("Bucket"))
    named = _LABEL.search(str(value))
    return named[1] if named else str(value.get("!Ref", value.get("Ref"))) if isinstance(value, dict) else ""


@once
def _closed(infrastructure: Infrastructure) -> frozenset[str]:
    """The labels of buckets that refuse policies for everyone, or serve nobody by them."""
    found = {
        _bucket(block)
        for block in infrastructure.of("aws_s3_bucket_public_access_block")
        if block.flag("block_public_policy") or block.flag("restrict_public_buckets")
    }
    key = "PublicAccessBlockConfiguration"
    return frozenset(found) | {
        block.label
        for block in infrastructure.of("AWS::S3::Bucket")
        if block.flag(key, "BlockPublicPolicy") or block.flag(key, "RestrictPublicBuckets")
    }


def _inside_network(block: Block, infrastructure: Infrastructure) -> bool:
    return "search" in block.type.lower() and _domains_inside(infrastructure)


@once
def _domains_inside(infrastructure: Infrastructure) -> bool:
    """Whether a search domain of the tree lies inside a network."""
    domains = infrastructure.of(
        "aws_elasticsearch_domain",
        "aws_opensearch_domain",
        "AWS::OpenSearchService::Domain",
        "AWS::Elasticsearch::Domain",
    )
    return any(d.get("vpc_options") is not None or d.get("VPCOptions") is not None for d in domains)
