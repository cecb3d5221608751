"""Judges whether keys, roles and tokens may do more than their work needs (2.2.5)."""

from __future__ import annotations

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
    Statement,
    access_policy,
    check,
    examined,
    failed,
    first_of,
    policy_statement,
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
_CFN = (
    "AWS::IAM::Group",
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::User",
    "AWS::IAM::UserPolicy",
)
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
        Example(
            "a statement that forbids",
            {"iam.tf": (_POLICY % ('"*"', '"*"')).replace("Allow", "Deny")},
        ),
        Example("read-only everywhere", {"k8s/role.yaml": _ROLE % "[get, list]"}),
    ],
    flagged=[
        Example("every action", {"iam.tf": _POLICY % ('"*"', '"*"')}),
        Example("every action of a service on everything", {"iam.tf": _POLICY % ('["ec2:*", "s3:*"]', '"*"')}),
        Example(
            "every action but some",
            {"iam.tf": (_POLICY % ('["iam:*"]', '"*"')).replace("Action", "NotAction")},
        ),
        Example(
            "every action, in a text of JSON beside a statement that forbids",
            {
                "iam.tf": 'resource "aws_iam_role_policy" "app" {\n  policy = <<EOT\r\n{"Statement": [\r\n'
                '  {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},\r\n'
                '  {"Resource": ["*"], "Action": ["*"], "Effect": "Allow"}\r\n]}\r\nEOT\n}\n'
            },
        ),
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
    broad = [found for block in infrastructure.every if (found := _broad(block, infrastructure))]
    broad += [
        found for resource in kubernetes.of("ClusterRole", "ClusterRoleBinding") if (found := _cluster_wide(resource))
    ]
    broad += [("A workflow's token has permissions: write-all", place) for place in code[WRITE_ALL].first]
    if broad:
        yield failed(first_of(broad, "{grant|grants} {is} as wide"), examined(len(broad), "grants without a limit"))


_NARROW_SERVICES = ("logs", "cloudwatch", "xray", "autoscaling", "ecr-public", "tag", "synthetics")


def _broad(block: Block, infrastructure: Infrastructure) -> tuple[str, Source] | None:
    if block.type in _ATTACHMENTS and str(block.get("policy_arn")).endswith("/AdministratorAccess"):
        return f"{block.address} attaches AdministratorAccess", block.at("policy_arn")
    managed = "managed_policy_arns" if block.type == "aws_iam_role" else "ManagedPolicyArns"
    if block.type in (*_CFN, "aws_iam_role") and any(
        str(arn).endswith(":policy/AdministratorAccess") for arn in block.items(managed)
    ):
        return f"{block.address} attaches AdministratorAccess", block.at(managed)
    if block.type in _POLICIES or block.type in _CFN:
        return next(_wide(block, infrastructure), None)
    if block.block == "data" and block.type == "aws_iam_policy_document":
        for number, statement in enumerate(block.nested("statement")):
            wide = _too_much(policy_statement(statement)) if not statement.get("principals") else ""
            if wide:
                return f"Policy document {block.label} allows {wide} on every resource", block.at("statement", number)
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


def _wide(block: Block, infrastructure: Infrastructure) -> Iterator[tuple[str, Source]]:
    """What the policies of *block* allow too widely, each statement for itself."""
    inline = [(("Policies", n), p.get("PolicyDocument")) for n, p in enumerate(block.nested("Policies"))]
    written = [(("policy",), block.get("policy")), (("PolicyDocument",), block.get("PolicyDocument")), *inline]
    for keys, value in written:
        if str(value).startswith("data."):
            continue  # the document is judged where it stands
        policy = access_policy(value, block.at(*keys), block, infrastructure)
        for wide in filter(None, map(_too_much, policy.statements)):
            yield f"{block.address} allows {wide} on every resource", policy.at


def _too_much(statement: Statement) -> str:
    return statement.wide(_NARROW_SERVICES)


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []


def _cluster_wide(resource: Resource) -> tuple[str, Source] | None:
    if resource.kind == "ClusterRoleBinding" and resource.get("roleRef", "name") == "cluster-admin":
        return f"ClusterRoleBinding {resource.resource} grants cluster-admin", resource.at("roleRef")
    for number, rule in enumerate(resource.items("rules")):
        if isinstance(rule, dict) and all("*" in _texts(rule.get(key)) for key in ("verbs", "resources", "apiGroups")):
            return f"ClusterRole {resource.resource} may do everything with everything", resource.at("rules", number)
    return None
