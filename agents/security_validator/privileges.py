"""Judges whether keys, roles and tokens may do more than their work needs (2.2.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    FAIL,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Resource,
    Signal,
    Source,
    check,
    examined,
    failed,
    first_of,
)

WRITE_ALL = Signal(
    id="security.ci-write-all",
    pattern=r"permissions:\s{0,9}write-all",
    roles=("ci",),
    kept=ALL,
)
_POLICIES = ("aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy")
_ATTACHMENTS = (
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy_attachment",
    "aws_iam_group_policy_attachment",
    "aws_iam_policy_attachment",
)
_CFN = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::IAM::User")
_POLICY = """resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = %s, Resource = %s }]
  })
}
"""
_ROLE = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: app}
rules:
  - {apiGroups: ['*'], resources: ['*'], verbs: %s}
"""


_CLUSTER = 'resource "azurerm_kubernetes_cluster" "shop" {\n  name = "shop"\n  %s\n}\n'


@check(
    "SEC-2.2.5",
    shows=FAIL,
    reads=[WRITE_ALL],
    clean=[
        Example("only the calls in use", {"iam.tf": _POLICY % ('["s3:GetObject"]', '"arn:aws:s3:::app/*"')}),
        Example("read-only everywhere", {"k8s/role.yaml": _ROLE % "[get, list]"}),
    ],
    flagged=[
        Example("every action", {"iam.tf": _POLICY % ('"*"', '"*"')}),
        Example("every action of a service on everything", {"iam.tf": _POLICY % ('["ec2:*", "s3:*"]', '"*"')}),
        Example("a role of the cluster that may do all", {"k8s/role.yaml": _ROLE % "['*']"}),
        Example("a cluster without roles", {"aks.tf": _CLUSTER % "role_based_access_control_enabled = false"}),
        Example(
            "a workflow that may write everything",
            {".github/workflows/ci.yml": "on: push\npermissions: write-all\njobs: {}\n"},
        ),
    ],
)
def privileges_are_narrow(infrastructure: Infrastructure, kubernetes: Kubernetes, code: Code) -> Iterator[Draft]:
    """No policy, role or token is granted everything."""
    broad = [found for block in infrastructure.every if (found := _broad(block))]
    broad += [
        found for resource in kubernetes.of("ClusterRole", "ClusterRoleBinding") if (found := _cluster_wide(resource))
    ]
    broad += [("A workflow's token has permissions: write-all", place) for place in code[WRITE_ALL].first]
    if broad:
        yield failed(first_of(broad, "{grant|grants} {is} as wide"), examined(len(broad), "grants without a limit"))


_NARROW_SERVICES = ("logs", "cloudwatch", "xray", "autoscaling", "ecr-public", "tag", "synthetics")
_GRANT = re.compile(
    r"[\"']?\b(Effect|Action|Resource)\b[\"']?\s{0,9}[:=]\s{0,9}(\[[^\]]{0,4000}\]|[\"'][^\"'\n]{1,200}[\"'])"
)
_LITERAL = re.compile(r"[\"']([^\"'\n]{1,300})[\"']")


def _broad(block: Block) -> tuple[str, Source] | None:
    if block.type in _ATTACHMENTS and str(block.get("policy_arn")).endswith("/AdministratorAccess"):
        return f"{block.address} attaches AdministratorAccess", block.at("policy_arn")
    managed = "managed_policy_arns" if block.type == "aws_iam_role" else "ManagedPolicyArns"
    if block.type in (*_CFN, "aws_iam_role", "AWS::IAM::Group") and any(
        str(arn).endswith(":policy/AdministratorAccess") for arn in block.items(managed)
    ):
        return f"{block.address} attaches AdministratorAccess", block.at(managed)
    if block.type in _POLICIES or block.type in _CFN:
        wide = _wide_text(str(block.get("policy") or block.get("PolicyDocument") or block.get("Policies") or ""))
        key = next((k for k in ("PolicyDocument", "Policies") if block.get(k)), "policy")
        return (f"{block.address} allows {wide} on every resource", block.at(key)) if wide else None
    if block.block == "data" and block.type == "aws_iam_policy_document":
        for statement in block.nested("statement"):
            if not statement.get("principals") and str(statement.get("effect", "Allow")) == "Allow":
                wide = _wide(_texts(statement.get("actions")), _texts(statement.get("resources")))
                if wide:
                    return f"Policy document {block.label} allows {wide} on every resource", block.at("statement")
    if block.type == "azurerm_role_definition" and any(
        "*" in _texts(p.get("actions")) for p in block.nested("permissions")
    ):
        return f"{block.address} allows every action", block.at("permissions")
    if unlimited := _without_roles(block):
        return unlimited
    if (
        block.type.startswith("google_")
        and "_iam_" in block.type
        and block.get("role") in ("roles/owner", "roles/editor")
    ):
        return f"{block.address} grants {block.get('role')}", block.at("role")
    return None


def _without_roles(block: Block) -> tuple[str, Source] | None:
    """A cluster that does not ask for roles, so that each token of it may do everything."""
    if block.type == "google_container_cluster" and block.flag("enable_legacy_abac"):
        place = block.at("enable_legacy_abac")
        return f"{block.address} uses legacy ABAC: each service account may do everything in the cluster", place
    key = "role_based_access_control"
    off = block.flag(f"{key}_enabled") is False or block.flag(key, 0, "enabled") is False
    if block.type == "azurerm_kubernetes_cluster" and off:
        place = block.at(key, 0, "enabled") if block.get(key) else block.at(f"{key}_enabled")
        return f"{block.address} runs without role-based access: each token may do everything in the cluster", place
    return None


def _wide_text(policy: str) -> str:
    """What a policy document, as JSON or as an expression, allows too widely; statements are read in their order."""
    statements: list[dict[str, list[str]]] = [{}]
    for key, value in _GRANT.findall(policy[:100_000]):
        if key in statements[-1]:
            statements.append({})
        statements[-1][key] = _LITERAL.findall(value)
    for statement in statements:
        wide = _wide(statement.get("Action", []), statement.get("Resource", []))
        if wide and "Deny" not in statement.get("Effect", []):
            return wide
    return ""


def _wide(actions: list[str], resources: list[str]) -> str:
    if "*" not in resources:
        return ""
    if "*" in actions:
        return "every action"
    services = [a for a in actions if a.endswith(":*") and a.partition(":")[0] not in _NARROW_SERVICES]
    return ", ".join(services[:4])


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []


def _cluster_wide(resource: Resource) -> tuple[str, Source] | None:
    if resource.kind == "ClusterRoleBinding" and resource.get("roleRef", "name") == "cluster-admin":
        return f"ClusterRoleBinding {resource.resource} grants cluster-admin", resource.at("roleRef")
    for number, rule in enumerate(resource.items("rules")):
        if isinstance(rule, dict) and all("*" in _texts(rule.get(key)) for key in ("verbs", "resources", "apiGroups")):
            return f"ClusterRole {resource.resource} may do everything with everything", resource.at("rules", number)
    return None
