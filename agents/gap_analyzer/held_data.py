"""Judges what documents show of people's data: an inventory with purposes, agreements with processors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    PASS,
    Code,
    Documents,
    Draft,
    Example,
    History,
    Schema,
    Signal,
    check,
    examined,
    passed,
    unsure,
)

from ._people import inventories, processors

_TABLE = "# Personal data\n\n| Field | %s | Kept |\n|---|---|---|\n| e-mail | %s | 1 year |\n| name | %s | 2 years |\n"
_MODEL = "from django.db import models\n\nclass Person(models.Model):\n    email = models.EmailField()\n    %s\n"
_PERSONAL = (
    ("e-mail", re.compile(r"^(?:\w+_)?e_?mail(?:_address)?$"), re.compile(r"mail|contact|account")),
    (
        "phone",
        re.compile(r"^(?:\w+_)?(?:phone|mobile|telephone)(?:_number)?$"),
        re.compile(r"phone|mobile|telephone|contact"),
    ),
    ("date of birth", re.compile(r"^(?:date_of_birth|dob|birth_?(?:day|date))$"), re.compile(r"birth|\bage\b")),
    (
        "street",
        re.compile(r"^(?:\w+_)?(?:street|postal_?code|zip_?code)$"),
        re.compile(r"street|address|place|home|postal"),
    ),
    ("IBAN", re.compile(r"^(?:\w+_)?iban$"), re.compile(r"iban|bank|account|mandate")),
    ("allergies", re.compile(r"^allerg(?:y|ies)$"), re.compile(r"allerg|health|diet")),
)
"""What a table may keep of a person, and the words by which an inventory speaks of it."""


ENTITY = Signal(id="privacy.entity", pattern=r"^\s*@Entity\b", languages=("java", "kotlin"))
_DECLARED = re.compile(
    r"\b(?:private|protected|public|val|var)\s+(?:[\w<>?.]{2,40}\s+)?"
    r"(\w{0,20}(?:mail|phone|mobile|birth|iban|allerg|street)\w{0,20})",
    re.IGNORECASE,
)
ENTITY_FIELD = Signal(
    id="privacy.entity-field", pattern=_DECLARED.pattern, languages=("java", "kotlin"), kept=ALL
)  # fmt: skip
"""Fields of people in entities, which no migration of the tree may name."""


@check(
    "CMP-8.1.7",
    shows=PASS,
    reads=[ENTITY, ENTITY_FIELD],
    clean=[
        Example("A table", {"docs/privacy.md": _TABLE % ("Purpose", "account", "delivery")}),
        Example("Asked why", {"PEOPLE.md": _TABLE % ("Why", "to sign in", "label of the parcel")}),
        Example(
            "A list",
            {"docs/data.md": "# Personal data\n\nName and e-mail: account; two years. Street: delivery, ten years.\n"},
        ),
        Example(
            "AsciiDoc",
            {
                "docs/gdpr.adoc": "= Data that we hold\n\n|===\n|Data |Used for |Retention\n|email |sign-in |1 year\n"
                "|phone |delivery |1 year\n|===\n"
            },
        ),
        Example(
            "With the models that it names",
            {
                "docs/privacy.md": _TABLE % ("Purpose", "account", "delivery"),
                "people/models.py": _MODEL % "name = models.TextField()",
            },
        ),
    ],
    flagged=[
        Example("A field without a purpose", {"docs/privacy.md": _TABLE % ("Purpose", "account", "-")}),
        Example("No purposes at all", {"docs/privacy.md": _TABLE % ("Type", "text", "text")}),
        Example(
            "A table of inputs",
            {
                "modules/people/README.md": "# Collaborators\n\n| Name | Description | Type | Used for |\n"
                "|---|---|---|---|\n| accounts | users and their names | list | access |\n"
            },
        ),
        Example(
            "Parameters of an interface",
            {
                "docs/api.md": "# Users\n\n## User data\n\n| Field | Type | Use |\n|---|---|---|\n"
                "| email | string | address |\n| name | string | display |\n"
            },
        ),
        Example(
            "What users of a screen see",
            {"docs/screens.md": "# Users\n\n| Item | Why |\n|---|---|\n| e-mail | sign-in |\n| name | greeting |\n"},
        ),
        Example(
            "A table of something else", {"docs/load.md": "# Load\n\n| What | For |\n|---|---|\n| p95 | users |\n"}
        ),
        Example(
            "An entity keeps what the table does not name",
            {
                "docs/privacy.md": _TABLE % ("Purpose", "account", "delivery"),
                "src/Reader.java": "import jakarta.persistence.Entity;\n\n@Entity\npublic class Reader {\n"
                "    @Id private Long id;\n    private String email;\n    private String mobilePhone;\n}\n",
            },
        ),
        Example(
            "A model keeps what the table does not name",
            {
                "docs/privacy.md": _TABLE % ("Purpose", "account", "delivery"),
                "people/models.py": _MODEL % "phone = models.TextField()",
            },
        ),
    ],
)
def inventory(documents: Documents, schema: Schema, code: Code) -> Iterator[Draft]:
    """An inventory gives each personal field a purpose, and names what the tables of the product keep of people."""
    found = list(inventories(documents))
    whole = [one for one in found if not one.without]
    bare = [one for one in found if one.without]
    if bare:
        yield unsure(
            f"The inventory of personal data gives no purpose for {bare[0].without[0] or 'a field'}", bare[0].at
        )
        return
    if not whole:
        return
    said = " ".join(one.words for one in whole)
    held = [
        (table.title, _snake(column.title), table.at(column)) for table in schema.tables for column in table.columns
    ]
    entities = code[ENTITY].places.files
    for hit in code[ENTITY_FIELD].places.under(lambda path: path in entities):
        field = _DECLARED.search(hit.text)
        held += [(hit.path.rpartition("/")[2], _snake(field[1]), hit)] if field else []
    for title, column_name, at in held:
        for name, kept, spoken in _PERSONAL:
            if kept.match(column_name) and not spoken.search(said):
                yield unsure(f"The inventory of personal data does not speak of {name}, which {title} keeps", at)
                return
    number = sum(len(one.fields) for one in whole)
    yield passed(
        "An inventory gives each personal field a purpose", *(one.at for one in whole), examined(number, "entries")
    )


def _snake(title: str) -> str:
    """``mobilePhone`` as ``mobile_phone``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", title).lower()


VENDORS = Signal(
    id="privacy.vendors",
    pattern=r"\bsentry\b|\bpagerduty\b|\bopsgenie\b|\bpager\b|\btwilio\b|\bsendgrid\b|\bmailgun\b|\bpostmark\b|\bmixpanel\b|"
    r"\bamplitude\b|\bintercom\b|\bhotjar\b|google-analytics|googletagmanager|"
    r"https://(?:[\w-]{1,40}\.){0,3}(?:stats|analytics|counts?|matomo|plausible|umami)\.[\w.-]{1,60}/",
    roles=("source", "config", "infra", "docs", "other"),
    comments=True,
    kept=ALL,
)
_SPOKEN = (
    ("an error tracker (Sentry)", r"\bsentry\b", r"sentry|error track"),
    ("a pager", r"\bpagerduty\b|\bopsgenie\b|\bpager\b", r"pager|opsgenie|on-?call"),
    ("a sender of messages", r"twilio|sendgrid|mailgun|postmark", r"twilio|sendgrid|mailgun|postmark|mail|sms|message"),
    (
        "a service that counts visits",
        r"mixpanel|amplitude|hotjar|google-analytics|googletagmanager|(?:stats|analytics|counts?|matomo|plausible|umami)\.",
        r"count|statistic|analytic|matomo|plausible|umami|mixpanel|amplitude|hotjar|google|visits",
    ),
    ("Intercom", r"intercom", r"intercom|support|chat"),
)
_REGISTER = "# Processors\n\n| Vendor | Agreement |\n|---|---|\n| Cloud | 2026-01-05 |\n| Post | %s |\n"


@check(
    "CMP-8.1.5",
    shows=PASS,
    reads=[VENDORS],
    clean=[
        Example("A register", {"docs/processors.md": _REGISTER % "2026-02-01"}),
        Example(
            "A sentence",
            {"docs/privacy.md": "# Privacy\n\nProcessors: cloud (DPA 2025-01-07), post (2025-03-18).\n"},
        ),
        Example(
            "With the error tracker that the code sends to",
            {
                "docs/privacy.md": "# Privacy\n\nSub-processors: hosting 2025-01-07, Sentry 2025-03-18.\n",
                "app.py": "import sentry_sdk\nsentry_sdk.init(dsn=DSN)  # Sentry\n",
            },
        ),
    ],
    flagged=[
        Example("One without a day", {"docs/processors.md": _REGISTER % "pending"}),
        Example(
            "One is missing that the code sends to",
            {"docs/processors.md": _REGISTER % "2026-02-01", "app.py": "# errors go to Sentry\nimport sentry_sdk\n"},
        ),
        Example("A promise", {"docs/privacy.md": "# Privacy\n\nWe sign agreements with all processors.\n"}),
    ],
)
def processing_agreements(documents: Documents, history: History, code: Code) -> Iterator[Draft]:
    """A register of processors gives the day of each agreement, and names those that the product is seen to use."""
    told = processors(documents, history.latest)
    if told is None:
        return
    seen = code[VENDORS]
    for name, used, spoken in _SPOKEN:
        hit = next((h for h in seen.first if re.search(used, h.text, re.IGNORECASE)), None)
        if hit is not None and not re.search(spoken, told.words, re.IGNORECASE):
            yield unsure(f"The product uses {name}, which is not among the processors", told.at, hit)
            return
    if told.undated or not told.dated:
        yield unsure(f"The agreement with {told.undated[0] if told.undated else 'processors'} has no day", told.at)
    else:
        yield passed(
            "Each processor is named with the day of its agreement", told.at, examined(told.dated, "processors")
        )
