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
    DataStores,
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
    kept=ALL,
)
_OFF = {
    "transit_encryption_enabled": "carries data in plain text",
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
def regulated_data_encrypted(infrastructure: Infrastructure, stores: DataStores) -> Iterator[Draft]:
    """No store that the infrastructure code declares keeps or carries data in plain text."""
    plain = [
        (f"{store.address} {said} ({answer.because})", answer.at)
        for store in stores.parts
        for answer, said in (
            (store.keeping.encrypted, "is not encrypted at rest"),
            (store.says("carried"), "accepts connections without TLS"),
        )
        if answer.value is False
    ]
    plain += [(f"{b.address} {said}", place) for b in infrastructure.resources for said, place in _in_plain_text(b)]
    if plain:
        yield failed(first_of(plain), examined(len(stores.parts) or len(plain), "stores"))


def _in_plain_text(block: Block) -> Iterator[tuple[str, Source]]:
    for name, said in _OFF.items():
        if block.flag(name) is False:
            yield f"{said} ({name} is false)", block.at(name)
    for parameter in block.nested("parameter"):
        if parameter.get("name") in _SSL_SWITCHES and str(parameter.get("value")).lower() in ("0", "off"):
            yield f"accepts connections without TLS ({parameter.get('name')} is off)", block.at("parameter")


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
