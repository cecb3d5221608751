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
    Statement,
    Typed,
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
OWNS_ALL = Signal(
    id="security.owns-all",
    pattern=r"^[\w'\" $]{1,80}[:=].{0,200}8e3af657-a8ff-443c-a75c-2fe8c4bcb635|^path\s+\"\*\"\s*\{.{0,120}(?:sudo|$)|"
    r"\bactions:\s*\[[^\]]{0,200}[\"']\w{1,20}:\*[\"'][^\]]{0,200}\][^}]{0,80}\bresources:\s*\[\s*[\"']\*[\"']",
    roles=("source", "config", "infra", "ci", "other"),
    kept=ALL,
)
"""A role that owns all of a cloud, a policy for every path of Vault, a statement of the CDK for all of a service."""
_GRANTS = Typed("resources/grants")
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
    reads=[WRITE_ALL, OWNS_ALL],
    clean=[
        Example("only the calls in use", {"iam.tf": _POLICY % ('["s3:GetObject"]', '"arn:aws:s3:::app/*"')}),
        Example(
            "a statement that forbids",
            {"iam.tf": (_POLICY % ('"*"', '"*"')).replace("Allow", "Deny")},
        ),
        Example("read-only everywhere", {"k8s/role.yaml": _ROLE % "[get, list]"}),
    ],
    flagged=[
        Example(
            "the owner of a subscription",
            {"r.bicep": "var owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'\n"},
        ),
        Example("every path of Vault", {"policy.hcl": 'path "*" {\n  capabilities = ["read", "sudo"]\n}\n'}),
        Example(
            "every action of two services, in the CDK",
            {"stack.ts": "role.add(new iam.PolicyStatement({ actions: ['s3:*', 'kms:*'], resources: ['*'] }))\n"},
        ),
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
        Example(
            "every action on all but one bucket",
            {"iam.tf": (_POLICY % ('"*"', '"arn:aws:s3:::audit"')).replace("Resource", "NotResource")},
        ),
        Example(
            "a policy inside a role",
            {
                "iam.tf": 'resource "aws_iam_role" "app" {\n  inline_policy {\n    policy = local.all\n  }\n}\n'
                'locals {\n  all = jsonencode({ Statement = { Effect = "Allow", Action = "*", Resource = "*" } })\n}\n'
            },
        ),
        Example(
            "the owner of a project by a policy that is attached",
            {
                "iam.tf": 'data "google_iam_policy" "all" {\n  binding {\n    role = "roles/owner"\n'
                '    members = ["user:ada@example.org"]\n  }\n}\n'
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
    broad += [("A role may do anything", place) for place in code[OWNS_ALL].first if not _is_narrow(place.text)]
    broad += [("A workflow's token has permissions: write-all", place) for place in code[WRITE_ALL].first]
    if broad:
        yield failed(first_of(broad, "{grant|grants} {is} as wide"), examined(len(broad), "grants without a limit"))


def _is_narrow(text: str) -> bool:
    """Whether all services of a statement of the CDK are such that everything of them is little."""
    named = re.findall(r"[\"'](\w{1,20}):\*", text)
    return bool(named) and all(name in _NARROW_SERVICES for name in named)


_NARROW_SERVICES = ("logs", "cloudwatch", "xray", "autoscaling", "ecr-public", "tag", "synthetics")


def _broad(block: Block, infrastructure: Infrastructure) -> tuple[str, Source] | None:
    """What *block* grants without a limit; a document of statements is data, and all else a resource."""
    kind = _GRANTS.kind(block)
    if not kind or block.block != ("data" if kind in _WRITTEN_APART else "resource"):
        return None
    if any(map(_ADMINISTRATOR.search, _texts(_GRANTS.value(block, "managed")))):
        return f"{block.address} attaches AdministratorAccess", _GRANTS.place(block, "managed")
    if kind in ("policy", "role"):
        return next(_wide(block, infrastructure), None)
    if kind == "document":
        return next(_wide_documents(block), None)
    if any("*" in _texts(_GRANTS.within(block, p, "actions")) for p in _GRANTS.parts(block, "permissions")):
        return f"{block.address} allows every action", _GRANTS.place(block, "permissions")
    if _GRANTS.says(block, "roleless").value:
        said = "runs without role-based access: each token" if kind == "cluster" else _LEGACY
        return f"{block.address} {said} may do everything in the cluster", _GRANTS.place(block, "roleless")
    written = "bindings" if kind == "bindings" else "role"
    parts = _GRANTS.parts(block, written) if kind == "bindings" else [block.body]
    roles = [role for part in parts if (role := _GRANTS.within(block, part, "role")) in _UNLIMITED_ROLES]
    name = f"Policy document {block.label}" if kind == "bindings" else block.address
    return (f"{name} grants {roles[0]}", _GRANTS.place(block, written)) if roles else None


_WRITTEN_APART = ("document", "bindings")
"""Kinds of policies that are written as data, for others to attach."""
_ADMINISTRATOR = re.compile(r"(?:^|/)AdministratorAccess$")
_LEGACY = "uses legacy ABAC: each service account"
_UNLIMITED_ROLES = frozenset({"roles/owner", "roles/editor"})


def _wide(block: Block, infrastructure: Infrastructure) -> Iterator[tuple[str, Source]]:
    """What the policies of *block* allow too widely, each statement for itself."""
    written = [(_GRANTS.place(block, what), _GRANTS.value(block, what)) for what in ("policy", "statements")]
    at = _GRANTS.at(block, "inline")
    for number, one in enumerate(_GRANTS.parts(block, "inline")):
        inner = _GRANTS.within(block, one, "statements") if _GRANTS.tells(block, "statements") else one
        written.append((block.at(*at, number), inner))
    for place, value in written:
        if str(value).startswith("data."):
            continue  # the document is judged where it stands
        policy = access_policy(value, place, block, infrastructure)
        for wide in filter(None, map(_too_much, policy.statements)):
            yield f"{block.address} allows {wide}", policy.at


def _wide_documents(block: Block) -> Iterator[tuple[str, Source]]:
    """What the statements of a document allow too widely that is for an identity, and says not itself for which."""
    at = _GRANTS.at(block, "statements")
    for number, statement in enumerate(_GRANTS.parts(block, "statements")):
        wide = _too_much(policy_statement(statement)) if not _GRANTS.within(block, statement, "principals") else ""
        if wide:
            yield f"Policy document {block.label} allows {wide}", block.at(*at, number)


def _too_much(statement: Statement) -> str:
    """What *statement* allows too much of, and on what; empty where it does not."""
    wide = statement.wide(_NARROW_SERVICES)
    but = "" if "*" in statement.resources else f" but {', '.join(statement.spared[:3])}"
    return f"{wide} on every resource{but}" if wide else ""


def _texts(value: object) -> list[str]:
    """The texts of *value*, and those that a function puts together."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, dict):
        return [str(one) for one in value.values()]
    return [str(value)] if value else []


def _cluster_wide(resource: Resource) -> tuple[str, Source] | None:
    if resource.kind == "ClusterRoleBinding" and resource.get("roleRef", "name") == "cluster-admin":
        return f"ClusterRoleBinding {resource.resource} grants cluster-admin", resource.at("roleRef")
    for number, rule in enumerate(resource.items("rules")):
        if isinstance(rule, dict) and all("*" in _texts(rule.get(key)) for key in ("verbs", "resources", "apiGroups")):
            return f"ClusterRole {resource.resource} may do everything with everything", resource.at("rules", number)
    return None
