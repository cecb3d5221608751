"""Words for what a check rests on beside places and counts: each makes one kind of ground, within its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..domain.fact import Source
from ..domain.ground import (
    Absence,
    ActResult,
    Command,
    Count,
    Exchange,
    File,
    Ground,
    Grounded,
    Location,
    MetricSample,
    ModelQuote,
    QueryResult,
    ReportEntry,
    Testimony,
    Withheld,
    digest_of,
)
from ..redaction import redacted
from .checks import Counted

MAX_EXCERPT = 2_000
"""Characters of an answer that are kept."""
MAX_STATEMENT = 600
_NOT_YET = ""
"""The digest of a ground whose text can still be redacted and cut."""

G = TypeVar("G", bound=Grounded)
_GROUND: TypeAdapter[Ground] = TypeAdapter(Ground)


def absent(what: str, *searched: Counted) -> Absence:
    """
    That *what* is nowhere in what was *searched*; where the criterion does not apply, nothing follows from it.

    Args:
        what: What was looked for, such as ``a way back``.
        searched: Everything that was looked through, such as ``examined(12, "documents")``.
    """
    if not searched:
        raise ValueError(f"an absence without what was searched: {what}")
    return _made(
        Absence,
        "absence",
        f"{what} not found in {_and([str(part) for part in searched])}",
        what=what,
        searched=tuple({"number": s.number, "what": s.what, "at_least": s.at_least} for s in searched),
    )


def ran(argv: Sequence[str], exit_code: int | None, printed: str = "", *, at: str = "") -> Command:
    """A command that was run, and what it *printed*; without an exit code it did not come to its end."""
    ending = "did not end" if exit_code is None else f"ended with exit code {exit_code}"
    words = _when(f"{' '.join(argv)} {ending}", at)
    return _made(Command, "command", words, printed, argv=argv, exit_code=exit_code, at=at)


def exchanged(method: str, url: str, status: int | None, answer: str = "", *, at: str = "") -> Exchange:
    """A request and its *answer*; without a status there was none, and *answer* says why."""
    ending = "had no answer" if status is None else f"was answered by {status}"
    words = _when(f"{method} {url} {ending}", at)
    return _made(Exchange, "http", words, answer, method=method, url=url, status=status, at=at)


def queried(query: str, target: str, rows: int | None, answer: str = "", *, at: str = "") -> QueryResult:
    """A query to the database called *target*, how many *rows* it gave, and the first of them as text."""
    ending = "failed" if rows is None else f"{rows:,} row{'' if rows == 1 else 's'}"
    return _made(
        QueryResult,
        "sql",
        _when(f"{target}: {query}: {ending}", at),
        answer,
        query=query,
        target=target,
        rows=rows,
        at=at,
    )


def sampled(
    name: str,
    value: float | None,
    *,
    labels: Mapping[str, str] | None = None,
    unit: str = "",
    at: str = "",
    query: str = "",
    target: str = "",
) -> MetricSample:
    """One *value* of the metric *name*; None where the query gave none."""
    marks = ", ".join(f'{key}="{labels[key]}"' for key in sorted(labels or {})) if labels else ""
    series = name + (f"{{{marks}}}" if marks else "")
    found = "no value" if value is None else f"{value:g} {unit}".rstrip()
    words = _when(f"{series}: {found}" + (f", by {target}" if target else ""), at)
    fields: dict[str, Any] = {
        "name": name,
        "labels": dict(sorted((labels or {}).items())),
        "value": value,
        "unit": unit,
    }
    return _made(MetricSample, "metric", words, at=at, query=query, target=target, **fields)


def reported(
    format: str,  # as the field of the ground is called
    tool: str,
    rule: str,
    *,
    version: str = "",
    place: str | Source = "",
    commit: str = "",
    at: str = "",
    said: str = "",
) -> ReportEntry:
    """
    One entry of a report that a *tool* wrote elsewhere.

    Args:
        format: Of the report, such as ``sarif``.
        tool: Who wrote it.
        rule: What the tool calls what it found.
        version: Of the tool.
        place: Where; a place in the reviewed tree as :class:`Source`, anything else as the report says it.
        commit: What the tool looked at.
        at: When it did.
        said: The entry in the tool's own words.
    """
    by = f"{tool} {version}".rstrip()
    words = _when(
        f"{by} says {rule}" + (f" of {place}" if place else "") + (f" in {commit[:10]}" if commit else ""), at
    )
    location = Location(path=place.path, line=place.line) if isinstance(place, Source) else None
    fields = {"format": format, "tool": tool, "version": version, "rule": rule, "commit": commit}
    return _made(ReportEntry, "report", words, said, location=location, place=str(place), at=at, **fields)


def stated(owner: str, said: str, *, link: str = "", at: str = "", expires: str = "") -> Testimony:
    """What the person *owner* stated, with a *link* to what shows it, and until when it holds."""
    words = _when(f"{owner}: {said}", at)
    return _made(Testimony, "attestation", words, owner=owner, said=said, link=link, at=at, expires=expires)


def quoted(by: str, said: str, quote: str, at: Source) -> ModelQuote:
    """What a model *said*, and the words at a place of the tree that it quoted for it."""
    return _made(ModelQuote, "model", by, location=Location(path=at.path, line=at.line), by=by, said=said, quote=quote)


def acted(
    key: str, verb: Literal["apply", "verify", "undo", "reconcile"], outcome: str, printed: str = "", *, at: str = ""
) -> ActResult:
    """An act on the world, by the *key* of its step in the journal."""
    return _made(
        ActResult, "act", _when(f"{verb} {key}: {outcome}", at), printed, key=key, verb=verb, outcome=outcome, at=at
    )


def counted(number: Counted) -> Count:
    """A count as a ground."""
    said = str(number)
    return Count(kind="count", digest=digest_of({"count": said}), statement=said)


def placed(place: Source, excerpt: str) -> File:
    """A place in the tree as a ground, with the line that stands there."""
    content = {"path": place.path, "line": place.line, "excerpt": excerpt}
    location = Location(path=place.path, line=place.line)
    return File(kind="file", digest=digest_of(content), location=location, excerpt=excerpt)


def addressed(ground: Ground) -> Ground:
    """*ground* as it is written down: without what is secret, within its bounds, and with the digest of the rest."""
    said = redacted(ground.model_dump(mode="json", exclude={"digest"}))
    try:
        kept = _GROUND.validate_python({**_cut(type(ground), said), "digest": _NOT_YET})
    except ValidationError:  # a number that is withheld is none
        words = f"a ground of kind {ground.kind} that is withheld"
        return Withheld(kind="withheld", digest=digest_of({"withheld": words}), statement=words)
    content = kept.model_dump(mode="json", exclude={"digest"})
    return kept.model_copy(update={"digest": digest_of(content)})


def _made(kind: type[G], tag: str, words: str, excerpt: str = "", **fields: Any) -> G:
    said = {"kind": tag, "digest": _NOT_YET, "statement": words, "excerpt": excerpt, **fields}
    return kind.model_validate(_cut(kind, said))


def _cut(kind: type[Grounded], said: Mapping[str, Any]) -> dict[str, Any]:
    """*said* with every text and list of a *kind* cut to what is taken."""
    fields = {"statement": MAX_STATEMENT, "excerpt": MAX_EXCERPT}
    for name, field in kind.model_fields.items():
        for mark in field.metadata:
            fields[name] = getattr(mark, "max_length", fields.get(name, MAX_EXCERPT))
    return {name: _short(value, fields.get(name, MAX_EXCERPT)) for name, value in said.items()}


def _short(value: Any, most: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= most else value[: most - 1] + "…"
    if isinstance(value, Mapping):
        return {key: _inner(value[key]) for key in sorted(value)[:most]}
    return tuple(map(_inner, value[:most])) if isinstance(value, list | tuple) else value


def _inner(value: Any) -> Any:
    """A text in a list or mapping, which is a short one."""
    if isinstance(value, Mapping):
        return {key: _inner(item) for key, item in value.items()}
    return _short(value, 300)


def _when(words: str, at: str) -> str:
    return f"{words}, {at}" if at else words


def _and(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
