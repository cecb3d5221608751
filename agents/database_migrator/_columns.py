"""Tells columns apart by their names: keys, identities, amounts, days."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import Column, Schema, Several, Table, each

Place = tuple[Table, Column]

AMOUNT = re.compile(
    r"(^|_)(price|amount|quantity|qty|stock|percent|percentage|discount)(_units|_cents|s)?$", re.IGNORECASE
)
COUNTED = re.compile(
    r"(^|_)(price|amount|quantity|qty|stock|percent|percentage|discount|rating|cents|pence|balance|total|weight|grams|kilos?|"
    r"kg|tons?|tonnes|litres?|liters?|minutes|hours|nights|seats|capacity|age|celsius|deposit|rent|fee|cost|metres|meters|"
    r"width|height|length|watt_hours|kwh|volume|chairs|places|beds|rooms|guests|people|points)"
    r"(_units|_cents|_eur|_usd|_kg|_grams|s)?$",
    re.IGNORECASE,
)
"""What else has a range of its own, as what others rate; who lacks a check for it does not fail for that alone."""
LISTS = re.compile(r"(^|_)(audits?|logs?|events?|outbox|history|entry|entries|journal|trail)($|_)")
"""Tables of what happened, in which everything comes again and again."""
OUTLIVING = re.compile(r"(^|_)(audits?|logs?|journal|trail)($|_)")
"""Tables of which the rows are to stay when those that they name have gone."""
MONEY = re.compile(
    r"(^|_)(price|amount|cost|fee|tax|salary|subtotal|grand_total|total_price|total_amount|unit_price|cents|pence|balance|"
    r"deposit(_eur)?|rent(_cents)?)$",
    re.IGNORECASE,
)
DAY = re.compile(r"(^|_)(at|on|date|datetime|timestamp)$|^(birthday|birthdate|expiry|deadline)$", re.IGNORECASE)
IDENTITY = re.compile(r"^(sku|isbn|uuid|guid)$", re.IGNORECASE)
NAMING = re.compile(
    r"^(code|slug|barcode|serial|serial_no|serial_number|number|vat|vat_id|iban|external_id|subject|sub|key|handle|ean|"
    r"(\w+_)?(no|number|code|ref|reference|email|e_mail|mail|slug)|mail|email|email_address|username|login|user_name|"
    r"badge|passport|call_?sign)$",
    re.IGNORECASE,
)
"""What often identifies something and may also be a mere attribute."""
PERSONAL = re.compile(r"^(username|user_name|login|email|email_address|e_mail)$", re.IGNORECASE)
PEOPLE = re.compile(
    r"(^|_)(users?|accounts?|customers?|members?|people|persons?|subscribers?|employees?|admins?|logins?|keepers?|tenants?|"
    r"clerks?|editors?|authors?|operators?|patients?|students?|teachers?|clients?)$",
    re.IGNORECASE,
)
TEXTUAL = re.compile(
    r"^(tiny|medium|long)?(text|varchar|nvarchar|char|character|string|clob|charfield|textfield|unicode)", re.IGNORECASE
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SMALL = re.compile(r"^(tinyint|smallint|smallinteger|positivesmallinteger|int2)", re.IGNORECASE)
"""Narrower than any key that a database counts up by itself."""
NUMERIC = re.compile(r"int|numeric|decimal|number|float|double|real|money|serial", re.IGNORECASE)
INEXACT = re.compile(r"^(float|double|real|floatfield)", re.IGNORECASE)
IN_DATABASE = frozenset(
    {"sql", "rails", "django", "sqlalchemy", "prisma", "typeorm"}
    | {"ecto", "liquibase", "ef-core", "laravel", "doctrine", "alembic"}
)
"""Where a declaration becomes the constraint; JPA and GORM often stand beside DDL that says otherwise."""


_OF_RAILS = (
    "active_storage_",
    "action_mailbox_",
    "action_text_",
    "solid_queue_",
    "solid_cache_",
    "solid_cable_",
    "good_jobs",
)


def columns(schema: Schema, *frameworks: str) -> Iterator[Place]:
    """Every column of the tables of *frameworks*, or of those whose declarations reach the database."""
    wanted = frozenset(frameworks) or IN_DATABASE
    for table in schema.tables:
        if table.framework in wanted and not table.title.startswith(_OF_RAILS):
            for column in table.columns:
                yield table, column


def tables(schema: Schema) -> list[Table]:
    return [t for t in schema.tables if t.framework in IN_DATABASE and not t.title.startswith(_OF_RAILS)]


def named(places: list[Place]) -> Several:
    """Columns by their tables and names: ``orders.total, orders.tax and 3 more``."""
    return each(places, name=lambda place: f"{place[0].title}.{place[1].title}")


def placed(places: list[Place]) -> Several:
    """The same, for a finding that shows where each of them stands."""
    return each(places, name=lambda place: f"{place[0].title}.{place[1].title}", at=lambda place: place[0].at(place[1]))


def snake(title: str) -> str:
    """A column's name in lower case with its words parted: ``createdAt`` as ``created_at``."""
    return _HUMP.sub("_", title).lower()


def plain(title: str) -> str:
    """A table's or model's name in lower case, singular, and in one word."""
    low = title.rpartition(".")[2].lower().replace("_", "")
    if low.endswith("ies"):
        return low[:-3] + "y"
    if low.endswith(("xes", "ches", "shes", "sses")):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith("ss") else low


def keys(table: Table) -> list[Column]:
    """The columns of *table* that reference another."""
    return [c for c in table.columns if c.references]


def dangling(schema: Schema) -> list[Place]:
    """Columns named after a table beside them, ``user_id`` beside ``users``, that no foreign key ties to it."""
    known: dict[tuple[str, str], str] = {}
    for table in tables(schema):
        known[_realm(table), plain(table.title)] = next((c.type for c in table.columns if c.primary), "")
    found = []
    for table in tables(schema):
        titles = {snake(c.title) for c in table.columns}
        for column in table.columns:
            low = snake(column.title)
            if column.references or not low.endswith("_id") or low[:-3] + "_type" in titles:
                continue
            target = low[:-3].replace("_", "")
            if target == plain(table.title) or low[:-3] in titles:
                continue
            key = known.get((_realm(table), target))
            if key is not None and _fits(column.type, key):
                found.append((table, column))
    return found


def _fits(type_: str, key: str) -> bool:
    """Whether a column of *type_* could hold a key of type *key*; an external number or code often cannot."""
    if TEXTUAL.match(type_) and not TEXTUAL.match(key):
        return False
    return not SMALL.match(type_) or SMALL.match(key) is not None


def _realm(table: Table) -> str:
    """Tables of one realm lie in one database: a folder of SQL, or all models of a framework."""
    folder = table.path.rpartition("/")[0]
    if table.path.endswith("/migration.sql"):
        folder = folder.rpartition("/")[0]
    return folder if table.framework == "sql" else table.framework
