"""Judges whether card and health data are kept from view (8.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    FAIL,
    PASS,
    Block,
    DataStores,
    Documents,
    Draft,
    Example,
    Infrastructure,
    Routes,
    Source,
    Typed,
    check,
    each,
    examined,
    failed,
    first_of,
    passed,
)

_STORES = Typed("resources/in-clear")
_OFF = {
    "carried": "carries data in plain text",
    "required": "accepts connections without TLS",
    "kept": "is not encrypted at rest",
}
_SSL_SWITCHES = frozenset({"require_secure_transport", "rds.force_ssl", "require_ssl"})
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
    seen = {(place.path, place.line) for _, place in plain}
    plain += [
        (f"{block.address} {said}", place)
        for block in infrastructure.resources
        for said, place in _in_plain_text(block)
        if (place.path, place.line) not in seen
    ]
    if plain:
        yield failed(first_of(plain), examined(len(stores.parts) or len(plain), "stores"))


def _in_plain_text(block: Block) -> Iterator[tuple[str, Source]]:
    for what, said in _OFF.items():
        if _STORES.says(block, what).value is False:
            written = str(_STORES.value(block, what))
            how = "false" if written.lower() == "false" else written
            yield f"{said} ({_STORES.spelt(block, what)} is {how})", _STORES.place(block, what)
    single = [block.body] if _STORES.kind(block) == "parameter" else []
    for parameter in (*_STORES.parts(block, "parameters"), *single):
        name, value = (_STORES.within(block, parameter, what) for what in ("name", "value"))
        if name in _SSL_SWITCHES and str(value).lower() in ("0", "off", "false"):
            place = _STORES.place(block, "value" if single else "parameters")
            yield f"accepts connections without TLS ({name} is off)", place


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
    clean=[
        Example(
            "Named with an address",
            {"docs/privacy.md": "# Privacy\n\nOur data protection officer is J. Doe, dpo@shop.dev.\n"},
        ),
        Example("With others", {"docs/ops.md": "# People\n\nBreach: on call. DPO: Ada Lovelace, +49 30 1234567.\n"}),
        Example("AsciiDoc", {"docs/gdpr.adoc": "= Data\n\nData protection officer: Dr. B. Beispiel, dpo@care.dev.\n"}),
    ],
    flagged=[
        Example("An address alone", {"docs/privacy.md": "# Privacy\n\nDPO of the city: dpo@city.dev.\n"}),
        Example("A name alone", {"docs/privacy.md": "# Privacy\n\nDPO: C. Muster.\n"}),
        Example("Nobody named", {"docs/privacy.md": "# Privacy\n\nWe will appoint a data protection officer.\n"}),
        Example(
            "A placeholder", {"docs/privacy.md": "# Privacy\n\nData protection officer: [name], dpo@example.com\n"}
        ),
    ],
)
def officer_named(documents: Documents) -> Iterator[Draft]:
    """A document names the officer, and how to reach them."""
    for document, paragraph, text in documents.segments(_OFFICER, "officer", "dpo"):
        said = text.partition("\n\n")[0][:_NEAR]
        named = _NAMED.search(said)
        if named and _REACHED.search(said) and not _OPEN.search(said):
            at = Source(path=document.path, line=paragraph.line)
            yield passed("An officer is named with a contact", at, confidence="medium")
            return


_NEAR = 220
_OFFICER = re.compile(
    r"\b(?:(?:data protection|compliance|privacy|HIPAA security) officer|DPO|Datenschutzbeauftragte[rn]?)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:[Oo]fficer|DPO|dpo|beauftragte[rn]?)[^.@\n]{0,60}?(?::|\bis\b|\()\s*(?:(?:Dr|Prof|Mr|Ms|Mrs)\.? )?"
    r"(?:[A-Z]\.? ?){1,2}[A-Z]?[\w'-]{2,}"
    r"|(?:[Oo]fficer|DPO|dpo)[^.@\n]{0,60}?(?::|\bis\b|\()\s*(?:Dr\.? )?[A-Z][\w'-]+ [A-Z][\w'-]+"
)
_REACHED = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}|\+?\d[\d /()-]{6,}\d|\[withheld phone-number")
_OPEN = re.compile(r"\[(?!withheld )|<name|\byour\b|todo|tbd|lorem|@example\.(?:com|org)|@company\.", re.IGNORECASE)
