"""The cloud resources that cost money and can carry tags."""

from __future__ import annotations

import re
from typing import Any

from orchestrator import Block, Infrastructure

_AWS = re.compile(
    r"aws_(instance|db_instance|rds_cluster|dynamodb_table|s3_bucket|ebs_volume|eip|nat_gateway|a?lb|elb|"
    r"lambda_function|"
    r"ecs_service|ecs_cluster|eks_cluster|eks_node_group|elasticache_cluster|elasticache_replication_group|"
    r"elasticsearch_domain|opensearch_domain|redshift_cluster|docdb_cluster|neptune_cluster|efs_file_system|sqs_queue|"
    r"kinesis_stream|msk_cluster|mq_broker|cloudfront_distribution|kms_key|ecr_repository|vpn_connection|"
    r"ec2_transit_gateway|launch_template|sagemaker_notebook_instance|apigatewayv2_api)$"
)
_GOOGLE = re.compile(
    r"google_(compute_instance|compute_disk|storage_bucket|container_cluster|redis_instance|sql_database_instance|"
    r"bigquery_dataset|cloud_run_service|cloud_run_v2_service|cloudfunctions2?_function|pubsub_topic|spanner_instance|"
    r"bigtable_instance|dataproc_cluster|filestore_instance|alloydb_cluster)$"
)
_AZURE = re.compile(
    r"azurerm_((linux_|windows_)?virtual_machine|kubernetes_cluster|managed_disk|storage_account|public_ip|"
    r"(app_)?service_plan|app_service|(linux|windows)_(web|function)_app|(ms)?sql_server|mssql_database|"
    r"(postgresql|mysql)_(flexible_)?server|cosmosdb_account|redis_cache|application_gateway|lb|container_registry|"
    r"eventhub_namespace)$"
)

_SAYS_NOTHING = re.compile(
    r"|todo|tbd|fixme|xxx+|change[-_ ]?me|none|null|n/?a|unknown|undefined|default|your[-_ ].*|<.*>|-+", re.IGNORECASE
)
_TEAM = re.compile(r"team|owner|squad|cost.?cent|department|business.?unit|contact|billing", re.IGNORECASE)
_SERVICE = re.compile(r"service|\bapp|application|component|project|product|system|workload|stack", re.IGNORECASE)


def taggable(infrastructure: Infrastructure) -> list[Block]:
    """Every Terraform resource that is billed and can carry tags."""
    billed = (_AWS, _GOOGLE, _AZURE)
    return [b for b in infrastructure.resources if any(kind.match(b.type) for kind in billed)]


def defaults(infrastructure: Infrastructure) -> dict[str, Any]:
    """The tags that providers add by themselves, by provider name: a mapping, or text where they are computed."""
    found: dict[str, Any] = {}
    for provider in infrastructure.of_kind("provider"):
        nested = provider.nested("default_tags")
        tags = nested[0].get("tags") if nested else provider.get("default_labels")
        if tags and not provider.get("alias"):  # what an alias adds, it adds to what names it
            found[provider.type] = tags
    return found


def tags_of(block: Block, by_provider: dict[str, Any]) -> Any:
    """The tags of *block*: a mapping, text where they are computed, None where there are none at all."""
    key = "labels" if block.type.startswith("google_") else "tags"
    own = block.get(key) or block.get("resource_labels") or block.get("tag") or block.get("user_labels")
    settings = block.nested("settings")
    own = own or (settings[0].get("user_labels") if settings else None)
    inherited = by_provider.get(block.type.partition("_")[0])
    if isinstance(own, dict) and isinstance(inherited, dict):
        return {**inherited, **own}
    return own or inherited or (block.get("tag_specifications") and "computed") or None


def attributes(tags: Any) -> bool:
    """Whether literal tags name both a service and a team."""
    if not isinstance(tags, dict):
        return False
    said = [key for key, value in tags.items() if not _SAYS_NOTHING.fullmatch(str(value).strip())]
    return any(_TEAM.search(key) for key in said) and any(_SERVICE.search(key) for key in said)
