"""Reads policies attached to a resource for a grant to everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import Block, Infrastructure, Source, once

_POLICY_AT = {
    "aws_elasticsearch_domain": "access_policies",
    "aws_elasticsearch_domain_policy": "access_policies",
    "aws_opensearch_domain": "access_policies",
    "aws_opensearch_domain_policy": "access_policies",
    "aws_sqs_queue": "policy",
    "aws_sqs_queue_policy": "policy",
    "aws_sns_topic": "policy",
    "aws_sns_topic_policy": "policy",
    "aws_ecr_repository_policy": "policy",
    "aws_secretsmanager_secret_policy": "policy",
    "aws_kms_key": "policy",
    "aws_backup_vault_policy": "policy",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::OpenSearchService::Domain": "AccessPolicies",
    "AWS::Elasticsearch::Domain": "AccessPolicies",
}
_EVERYONE = re.compile(
    r"[\"']?Principal[\"']?\s{0,9}[:=]\s{0,9}(?:\{\s{0,9}[\"']?AWS[\"']?\s{0,9}[:=]\s{0,9}\[?\s{0,9})?[\"']\*[\"']"
)
_LIMITED = re.compile(r"\bCondition\b|\bDeny\b")
_DOCUMENT = re.compile(r"\bdata\.aws_iam_policy_document\.([\w-]+)\.json")


def open_to_everyone(block: Block, infrastructure: Infrastructure) -> Iterator[tuple[str, Source]]:
    """
    A policy that grants *block* to any principal, without a condition.

    Search domains inside a network are left out: there an open policy is what their provider recommends.
    """
    key = _POLICY_AT.get(block.type)
    value = block.get(key) if key else None
    if key is None or value is None or _inside_network(block, infrastructure):
        return
    text = str(value)[:100_000]
    document = _DOCUMENT.search(text)
    if document:
        grants = any(_names_everyone(b) for b in infrastructure.labelled("data", document[1]))
    else:
        grants = bool(_EVERYONE.search(text)) and not _LIMITED.search(text)
    if grants:
        yield f"The policy of {block.address} lets everyone in: its principal is *, without a condition", block.at(key)


def _names_everyone(document: Block) -> bool:
    return any(
        str(statement.get("effect", "Allow")) == "Allow"
        and not statement.get("condition")
        and re.search(r"'identifiers': \[[^\]]{0,400}'\*'", str(statement.get("principals"))[:10_000])
        for statement in document.nested("statement")
    )


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
