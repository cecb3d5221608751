"""Judges whether card and health data are kept from view (8.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    FAIL,
    PASS,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Routes,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    first_of,
    passed,
)

OFFICER = Signal(
    id="compliance.officer",
    pattern=r"(data protection|compliance|privacy) officer.{0,160}[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}|"
    r"\bdpo@[\w-]{1,64}\.\w{2,}",
    roles=("docs", "source"),
    comments=True,
    kept=ALL,
)
_STORES = {
    "aws_db_instance": "storage_encrypted",
    "aws_rds_cluster": "storage_encrypted",
    "aws_docdb_cluster": "storage_encrypted",
    "aws_neptune_cluster": "storage_encrypted",
    "aws_redshift_cluster": "encrypted",
    "aws_ebs_volume": "encrypted",
    "aws_efs_file_system": "encrypted",
    "aws_elasticache_replication_group": "at_rest_encryption_enabled",
    "AWS::RDS::DBInstance": "StorageEncrypted",
    "AWS::RDS::DBCluster": "StorageEncrypted",
    "AWS::EFS::FileSystem": "Encrypted",
    "AWS::EC2::Volume": "Encrypted",
}
"""Stores that are not encrypted unless they say so, and by which attribute they do."""
_OFF = {
    "transit_encryption_enabled": "carries data in plain text",
    "ssl_enforcement_enabled": "accepts connections without TLS",
    "require_ssl": "accepts connections without TLS",
    "infrastructure_encryption_enabled": "is not encrypted at rest",
}
_SSL_SWITCHES = frozenset({"require_secure_transport", "rds.force_ssl"})
_DATABASE = 'resource "aws_db_instance" "records" {\n  engine = "postgres"\n%s}\n'


@check(
    "CMP-8.3.1",
    shows=FAIL,
    clean=[Example("Encrypted at rest", {"db.tf": _DATABASE % "  storage_encrypted = true\n"})],
    flagged=[
        Example("Switched off", {"db.tf": _DATABASE % "  storage_encrypted = false\n"}),
        Example("Left at its default, which is off", {"db.tf": _DATABASE % ""}),
        Example(
            "Connections without TLS",
            {"db.tf": 'resource "azurerm_postgresql_server" "records" {\n  ssl_enforcement_enabled = false\n}\n'},
        ),
    ],
    silent=[
        Example(
            "A replica has the setting of its source",
            {"db.tf": _DATABASE % "  replicate_source_db = aws_db_instance.main.arn\n"},
        ),
        Example("A variable decides", {"db.tf": _DATABASE % "  storage_encrypted = var.encrypted\n"}),
    ],
)
def regulated_data_encrypted(infrastructure: Infrastructure) -> Iterator[Draft]:
    """No store that the infrastructure code declares keeps or carries data in plain text."""
    plain = [(b, *found) for b in infrastructure.resources if (found := _in_plain_text(b))]
    stores = infrastructure.of(*_STORES)
    if plain:
        yield failed(
            first_of((f"{block.address} {said}", place) for block, said, place in plain),
            examined(len(stores) or len(plain), "stores"),
        )


def _in_plain_text(block: Block) -> tuple[str, Source] | None:
    key = _STORES.get(block.type)
    copied = any(
        block.get(k)
        for k in (
            "replicate_source_db",
            "snapshot_identifier",
            "SourceDBInstanceIdentifier",
            "global_cluster_identifier",
        )
    )
    if key and not copied and (block.flag(key) is False or block.get(key) is None):
        why = "is false" if block.flag(key) is False else "is not set"
        return f"is not encrypted at rest ({key} {why})", block.at(key)
    for name, said in _OFF.items():
        if block.flag(name) is False and not block.type.startswith("aws_lb"):
            return f"{said} ({name} is false)", block.at(name)
    for parameter in block.nested("parameter"):
        if parameter.get("name") in _SSL_SWITCHES and str(parameter.get("value")).lower() in ("0", "off"):
            return f"accepts connections without TLS ({parameter.get('name')} is off)", block.at("parameter")
    return None


_RECORDS = re.compile(
    r"(^|/)(patients?|prescriptions?|diagnos[ei]s|medical[-_]?records?|health[-_]?records?|"
    r"lab[-_]?results?|card[-_]?numbers?|"
    r"payment[-_]?cards?)(/|$|\{|:)",
    re.IGNORECASE,
)

_API = (
    "from fastapi import Depends, FastAPI\napp = FastAPI()\n\n@app.get('/patients/{id}')\ndef one(id):\n    return id\n"
)


@check(
    "CMP-8.3.3",
    shows=FAIL,
    clean=[
        Example(
            "Behind a guard",
            {"api.py": _API.replace("one(id)", "one(id, user=Depends(current_user))")},
        )
    ],
    flagged=[
        Example(
            "Declared public",
            {
                "Patients.cs": '[Route("api")]\npublic class Patients : Controller {\n  [AllowAnonymous]\n'
                '  [HttpGet("/patients/{id}")]\n  public Patient One(int id) => Find(id);\n}\n'
            },
        )
    ],
    silent=[
        Example(
            "No guard in sight: it may stand elsewhere",
            {"api.py": _API},
        )
    ],
)
def records_are_not_public(routes: Routes) -> Iterator[Draft]:
    """No route that serves health or card data is declared public."""
    records = [r for r in routes.routes if _RECORDS.search(r.path)]
    public = [r for r in records if r.guarded is False]
    if public:
        yield failed(
            each(public, name=lambda r: f"{r.method} {r.path}", at=lambda r: r.source).say(
                "{Route|Routes} {} {serves} regulated data and {is} declared public"
            ),
            examined(len(records), "routes to regulated data"),
        )


@check(
    "CMP-8.3.5",
    shows=PASS,
    reads=[OFFICER],
    clean=[
        Example(
            "Named with an address",
            {"docs/privacy.md": "# Privacy\n\nOur data protection officer is J. Doe, dpo@shop.dev.\n"},
        )
    ],
    flagged=[
        Example("Nobody named", {"docs/privacy.md": "# Privacy\n\nWe will appoint a data protection officer.\n"}),
        Example(
            "A placeholder", {"docs/privacy.md": "# Privacy\n\nData protection officer: [name], dpo@example.com\n"}
        ),
    ],
)
def officer_named(code: Code) -> Iterator[Draft]:
    """A policy names the officer and how to reach them."""
    named = code[OFFICER].places.saying(
        lambda h: not re.search(r"example\.|\[|<name|your|todo|lorem", h.text, re.IGNORECASE)
    )
    if named:
        yield passed("An officer is named with a contact", named, confidence="medium")
