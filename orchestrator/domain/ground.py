"""What a finding rests on: one kind of ground for each way of knowing, addressed by its content."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from .model import Model

Short = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=2_000)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Location(Model):
    """A place to look: a path inside the reviewed tree, ``line`` and ``column`` from 1, 0 for the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return self.path + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")


class Grounded(Model):
    """
    What every ground says, whatever its kind, in the same five names since the first version.

    The digest is over all the rest of it, so that two grounds of one digest say the same.
    """

    kind: str
    digest: str
    """`sha256:` over everything else that it says."""
    statement: str = ""
    """The same in words, for whoever does not know the kind."""
    location: Location | None = None
    """Its place in the reviewed tree, where it has one."""
    excerpt: str = ""
    """What stood or was answered there, verbatim, but for what is withheld and cut off."""

    def __hash__(self) -> int:
        return hash((self.kind, self.digest))


class File(Grounded):
    """A place in the reviewed tree, with the line that stands there."""

    kind: Literal["file"]


class Count(Grounded):
    """What was examined, in numbers: of a whole, never of what is missing from it."""

    kind: Literal["count"]


class Withheld(Grounded):
    """It was there and is not shown."""

    kind: Literal["withheld"]


class Searched(Model):
    """A part of what was searched, and how much of it there was."""

    number: Annotated[int, Field(ge=0)]
    what: Short
    at_least: bool = False
    """There was more than could be counted."""


class Absence(Grounded):
    """That something is nowhere in what was searched; where its criterion does not apply, nothing follows from it."""

    kind: Literal["absence"]
    what: Short
    """What was looked for."""
    searched: Annotated[tuple[Searched, ...], Field(min_length=1, max_length=20)]
    """Everything that was looked through for it."""


class Command(Grounded):
    """A command that was run; the excerpt is of what it printed."""

    kind: Literal["command"]
    argv: Annotated[tuple[Short, ...], Field(min_length=1, max_length=40)]
    exit_code: int | None = None
    """Absent where it did not come to its end."""
    at: Short = ""
    """When, in UTC."""


class Exchange(Grounded):
    """A request that was answered, or was not; the excerpt is of the answer."""

    kind: Literal["http"]
    method: Short
    url: Long
    status: int | None = None
    """Absent where there was no answer."""
    at: Short = ""
    """When, in UTC."""


class QueryResult(Grounded):
    """What a database answered; the excerpt is of its rows."""

    kind: Literal["sql"]
    query: Long
    target: Short
    """Name of the database that was asked, never how to get in."""
    rows: int | None = None
    """How many there were; absent where the query failed."""
    at: Short = ""
    """When, in UTC."""


class MetricSample(Grounded):
    """One value of a metric."""

    kind: Literal["metric"]
    name: Short
    labels: Annotated[dict[Short, Short], Field(max_length=20)] = {}
    value: Number | None = None
    """Absent where the query gave none."""
    unit: Short = ""
    at: Short = ""
    """When it was measured, in UTC."""
    query: Long = ""
    """What was asked."""
    target: Short = ""
    """Who answered."""


class ReportEntry(Grounded):
    """One entry of a report that a tool wrote elsewhere; it has a location only where its place is in the tree."""

    kind: Literal["report"]
    format: Short
    tool: Short
    version: Short = ""
    """Of the tool; empty where the report does not say."""
    rule: Short
    """What the tool calls it."""
    place: Short = ""
    """Where, as the report says it: a path with a line, a package, an address."""
    commit: Short = ""
    """Commit that the tool looked at; empty where the report does not say."""
    at: Short = ""
    """When the tool ran, in UTC."""


class Testimony(Grounded):
    """What a person stated."""

    kind: Literal["attestation"]
    owner: Short
    said: Long
    link: Short = ""
    at: Short = ""
    """When, in UTC."""
    expires: Short = ""
    """Until when it holds."""


class ModelQuote(Grounded):
    """What a model said, and the words of the tree that it quoted for it, which stand at the location."""

    kind: Literal["model"]
    by: Short
    """Which model, and in which message."""
    said: Long
    quote: Long


class ActResult(Grounded):
    """An act on the world that is in the record."""

    kind: Literal["act"]
    key: Short
    """Of the step, as the journal has it."""
    verb: Literal["apply", "verify", "undo", "reconcile"]
    outcome: Short
    at: Short = ""
    """When, in UTC."""


KNOWN: dict[str, type[Grounded]] = {
    "file": File,
    "count": Count,
    "absence": Absence,
    "command": Command,
    "http": Exchange,
    "sql": QueryResult,
    "metric": MetricSample,
    "report": ReportEntry,
    "attestation": Testimony,
    "model": ModelQuote,
    "act": ActResult,
    "withheld": Withheld,
}
"""The tag of each kind that says more than words, in the order of the documents."""


def own(kind: type[Grounded]) -> frozenset[str]:
    """The fields that a *kind* has besides those that every ground has."""
    return frozenset(kind.model_fields.keys() - Grounded.model_fields.keys())


_OWN = {tag: own(kind) for tag, kind in KNOWN.items()}


def _told(tag: str) -> dict[str, Any]:
    """The schema of what is of kind *tag* and says so in fields of its own, where the kind has any."""
    said: dict[str, Any] = {"properties": {"kind": {"const": tag}}}
    fields = [{"required": [name]} for name in sorted(_OWN[tag])]
    return said | ({"anyOf": fields} if fields else {})


class Other(Grounded, json_schema_extra={"not": {"anyOf": [_told(tag) for tag in KNOWN]}}):
    """
    A ground in words alone.

    So did versions before derivation 4 write every kind, and so is a kind read that a later version has added.
    """


_TAG = "ground:"
"""What tags of the union begin with: no field is called so, and errors that name one can be told."""


def _tag(said: object) -> str:
    if isinstance(said, Grounded):
        return _TAG + (said.kind if type(said) is KNOWN.get(said.kind) else "other")
    kind = said.get("kind") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(kind, str) or kind not in KNOWN:
        return f"{_TAG}other"
    return _TAG + (kind if not _OWN[kind] or _OWN[kind] & said.keys() else "other")


Ground = Annotated[
    Annotated[File, Tag("ground:file")]
    | Annotated[Count, Tag("ground:count")]
    | Annotated[Absence, Tag("ground:absence")]
    | Annotated[Command, Tag("ground:command")]
    | Annotated[Exchange, Tag("ground:http")]
    | Annotated[QueryResult, Tag("ground:sql")]
    | Annotated[MetricSample, Tag("ground:metric")]
    | Annotated[ReportEntry, Tag("ground:report")]
    | Annotated[Testimony, Tag("ground:attestation")]
    | Annotated[ModelQuote, Tag("ground:model")]
    | Annotated[ActResult, Tag("ground:act")]
    | Annotated[Withheld, Tag("ground:withheld")]
    | Annotated[Other, Tag("ground:other")],
    Discriminator(_tag),
]
"""What a finding can rest on."""


def digest_of(content: object) -> str:
    """``sha256:`` over the canonical JSON of *content*."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
