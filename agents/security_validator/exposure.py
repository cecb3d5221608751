"""This is where it is judged what answers without asking who calls (2.3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orchestrator import (
    BOTH,
    FAIL,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Manifests,
    Routes,
    Signal,
    Source,
    check,
    examined,
    failed,
    passed,
)

from ._lines import CODE, broken, production

DJANGO_DEBUG = Signal(
    id="security.django-debug", anchors=("debug",), pattern=r"^DEBUG\s*=\s*True\b", languages=("python",)
)
DJANGO_DEBUG_OFF = Signal(
    id="security.django-debug-off",
    anchors=("debug",),
    pattern=r"^DEBUG\s*=\s*(?:False\b|.*(?:environ|getenv|env|config)\b)",
    languages=("python",),
)
FLASK_DEBUG = Signal(
    id="security.flask-debug",
    anchors=("debug=true", "debug = true"),
    pattern=r"\bapp\.run\(.{0,120}debug\s*=\s*True",
    languages=("python",),
)
ACTUATOR = Signal(
    id="security.actuator-all",
    anchors=("exposure.include",),
    pattern=r"management\.endpoints\.web\.exposure\.include\s*[=:]\s*[\"']?\*",
    roles=CODE,
)


@check(
    "SEC-2.3.2",
    shows=FAIL,
    reads=[DJANGO_DEBUG, DJANGO_DEBUG_OFF, FLASK_DEBUG, ACTUATOR],
    clean=[
        Example(
            "debugging only where it is developed",
            {"s/settings/base.py": "DEBUG = True\n", "s/settings/production.py": "DEBUG = False\n"},
        ),
        Example(
            "only health is exposed",
            {"src/main/resources/application.properties": "management.endpoints.web.exposure.include=health\n"},
        ),
    ],
    flagged=[
        Example("the debugger is on", {"app.py": "app.run(host='0.0.0.0', debug=True)\n"}),
        Example("Django's debug pages", {"site/settings.py": "DEBUG = True\n"}),
        Example(
            "every actuator endpoint",
            {"src/main/resources/application.properties": "management.endpoints.web.exposure.include=*\n"},
        ),
    ],
)
def inner_workings_are_hidden(code: Code, manifests: Manifests) -> Iterator[Draft]:
    """Debug pages and management endpoints do not answer everyone."""
    django = [] if code[DJANGO_DEBUG_OFF] else production(code[DJANGO_DEBUG])
    flask, actuator = production(code[FLASK_DEBUG]), production(code[ACTUATOR])
    if django:
        yield broken("Debug pages show settings and source to every visitor: DEBUG = True", django, medium=True)
    if flask:
        yield broken("The interactive debugger runs code for every visitor: debug=True", flask, medium=True)
    if actuator and not manifests.uses(
        "org.springframework.boot:spring-boot-starter-security", "spring-boot-starter-security"
    ):
        yield broken("Every management endpoint answers without login, memory dumps included", actuator)


_GROUP = (
    'resource "aws_security_group" "%s" {\n  ingress {\n    from_port = %s\n    to_port = %s\n    protocol '
    '= "tcp"\n    cidr_blocks = ["%s"]\n  }\n}\n'
)
_BUCKET = 'resource "aws_s3_bucket" "data" {\n  bucket = "data"\n  acl = "%s"\n}\n'


@check(
    "SEC-2.3.2",
    shows=FAIL,
    clean=[
        Example("SSH from the office", {"net.tf": _GROUP % ("ssh", 22, 22, "192.0.2.0/24")}),
        Example("HTTPS from everywhere", {"net.tf": _GROUP % ("web", 443, 443, "0.0.0.0/0")}),
        Example("a private bucket", {"s3.tf": _BUCKET % "private"}),
    ],
    flagged=[
        Example("SSH from everywhere", {"net.tf": _GROUP % ("ssh", 22, 22, "0.0.0.0/0")}),
        Example("the database from everywhere", {"net.tf": _GROUP % ("db", 5432, 5432, "0.0.0.0/0")}),
        Example("a bucket that everyone reads", {"s3.tf": _BUCKET % "public-read"}),
        Example("a public database", {"db.tf": 'resource "aws_db_instance" "db" {\n  publicly_accessible = true\n}\n'}),
    ],
)
def cloud_is_closed(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Administration, databases and buckets do not face the whole internet."""
    found = [hit for block in infrastructure.resources for hit in _exposed(block)]
    if found:
        more = f"; {len(found)} resources are open in this way" if len(found) > 1 else ""
        yield failed(
            found[0][0] + more,
            found[0][1],
            *(place for _, place in found[1:6]),
            examined(len(infrastructure.resources), "cloud resources"),
        )


_PORTS = {
    22: "SSH",
    23: "Telnet",
    445: "SMB",
    1433: "SQL Server",
    1521: "Oracle",
    2375: "Docker",
    3306: "MySQL",
    3389: "RDP",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6379: "Redis",
    9200: "Elasticsearch",
    11211: "memcached",
    27017: "MongoDB",
}
_WORLD = ("0.0.0.0/0", "::/0", "*", "Internet", "any")


def _exposed(block: Block) -> Iterator[tuple[str, Source]]:
    kind = block.type
    for rule in _rules(block):
        ports = _open_ports(rule)
        if ports:
            yield f"{block.address} lets everyone on the internet reach {', '.join(ports[:3])}", block.at()
            break
    if kind in ("aws_s3_bucket", "aws_s3_bucket_acl") and str(block.get("acl")) in (
        "public-read",
        "public-read-write",
        "website",
    ):
        yield f"Everyone can read {block.address}", block.at("acl")
    if kind == "alicloud_oss_bucket" and str(block.get("acl")).startswith("public"):
        yield f"Everyone can read {block.address}", block.at("acl")
    if kind == "oci_objectstorage_bucket" and str(block.get("access_type")).startswith("ObjectRead"):
        yield f"Everyone can read {block.address}", block.at("access_type")
    if kind.startswith(("google_storage_bucket_iam", "google_bigquery_dataset_access")) and re.search(
        r"allUsers|allAuthenticatedUsers", str(block.body)
    ):
        yield f"{block.address} opens the bucket to everyone", block.at()
    if kind == "google_bigquery_dataset" and re.search(r"allAuthenticatedUsers|allUsers", str(block.body)):
        yield f"{block.address} is open to everyone with an account", block.at("access")
    if kind == "azurerm_storage_container" and block.get("container_access_type") in ("blob", "container"):
        yield f"Everyone can read {block.address}", block.at("container_access_type")
    public = (
        "aws_db_instance",
        "aws_rds_cluster_instance",
        "aws_neptune_cluster_instance",
        "aws_redshift_cluster",
        "aws_dms_replication_instance",
        "AWS::RDS::DBInstance",
    )
    if kind in public and (block.flag("publicly_accessible") or block.flag("PubliclyAccessible")):
        yield f"Database {block.address} is reachable from the internet", block.at("publicly_accessible")
    firewall = kind.startswith("azurerm_") and kind.endswith("firewall_rule")
    if firewall and block.get("start_ip_address") == "0.0.0.0" and block.get("end_ip_address") == "255.255.255.255":
        yield f"{block.address} opens the database to every address", block.at("start_ip_address")


def _rules(block: Block) -> list[dict[str, Any]]:
    """The inbound rules of a firewall, whatever it is called."""
    if block.type == "aws_security_group":
        return block.nested("ingress")
    if block.type == "aws_security_group_rule" and block.get("type") == "ingress":
        return [block.body]
    if block.type in ("aws_vpc_security_group_ingress_rule", "azurerm_network_security_rule"):
        return [block.body]
    if block.type == "azurerm_network_security_group":
        return block.nested("security_rule")
    if (
        block.type == "google_compute_firewall"
        and block.get("direction") in (None, "INGRESS")
        and not block.get("target_tags")
    ):
        return [{**allow, "source_ranges": block.get("source_ranges")} for allow in block.nested("allow")]
    if block.type == "AWS::EC2::SecurityGroup":
        return block.nested("SecurityGroupIngress")
    return []


_FROM = (
    "cidr_blocks",
    "ipv6_cidr_blocks",
    "cidr_ipv4",
    "cidr_ipv6",
    "source_address_prefix",
    "source_ranges",
    "CidrIp",
)


def _open_ports(rule: dict[str, Any]) -> list[str]:
    """What of administration and databases *rule* opens to the world."""
    if str(rule.get("access", "Allow")) != "Allow" or str(rule.get("direction", "Inbound")) != "Inbound":
        return []
    if not any(source in _WORLD for key in _FROM for source in _listed(rule.get(key))):
        return []
    spans = [rule.get("destination_port_range"), *_listed(rule.get("ports"))]
    first, last = rule.get("from_port", rule.get("FromPort")), rule.get("to_port", rule.get("ToPort"))
    if first is not None and last is not None:
        spans.append(f"{first}-{last}")
    if str(rule.get("protocol", rule.get("ip_protocol", ""))) == "-1":
        spans.append("0-65535")
    opened = [_span(str(s)) for s in spans if s]
    return [name for port, name in _PORTS.items() if any(low <= port <= high for low, high in opened)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _span(text: str) -> tuple[int, int]:
    if text == "*":
        return 0, 65535
    low, _, high = text.partition("-")
    return (int(low), int(high or low)) if low.isdecimal() and (high or low).isdecimal() else (-1, -1)


_OPEN_BY_NATURE = re.compile(
    r"health|ready|live|ping|status|version|metrics|log-?in|log-?out|sign|register|auth|oauth|token|"
    r"password|reset|static|assets|favicon|robots|"
    r"openapi|docs|swagger|\.well-known|callback|webhook|^/?$",
    re.IGNORECASE,
)


@check(
    "SEC-2.3.2",
    shows=BOTH,
    clean=[
        Example(
            "a guard on each",
            {
                "app.py": "@app.get('/orders')\ndef orders(user=Depends(get_current_user)): ...\n\n\n"
                "@app.get('/health')\ndef health(): ...\n"
            },
        )
    ],
    flagged=[
        Example(
            "an API open by its own word",
            {
                "Api.cs": '[AllowAnonymous]\n[HttpGet("/customers")]\npublic Task Customers() => Find();\n\n'
                '[AllowAnonymous]\n[HttpDelete("/customers/{id}")]\npublic Task Delete(int id) => '
                "Drop(id);\n"
            },
        )
    ],
    silent=[Example("the guard may stand elsewhere", {"app.py": "@app.get('/orders')\ndef orders(): ...\n"})],
)
def routes_are_guarded(routes: Routes) -> Iterator[Draft]:
    """Each route that is no login, health check or the like has a guard that can be seen."""
    data = [r for r in routes.routes if not _OPEN_BY_NATURE.search(r.path)]
    writes = [r for r in data if r.guarded is False and r.method in ("POST", "PUT", "PATCH", "DELETE")]
    if writes:
        w = writes[0]
        more = f", and {len(writes) - 1} more" if len(writes) > 1 else ""
        yield failed(
            f"{w.method} {w.path} changes data and is declared open to everyone{more}",
            w.source,
            *(r.source for r in writes[1:6]),
            examined(len(data), "routes"),
            confidence="medium",
        )
    elif data and all(r.guarded for r in data):
        yield passed(
            "Each data route has a guard",
            *(r.source for r in data[:4]),
            examined(len(data), "routes"),
            confidence="medium",
        )
