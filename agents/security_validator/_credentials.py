"""Puts what was found of credentials into one sentence that names places and quotes none of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from orchestrator import (
    NAMED,
    Counted,
    Credential,
    Draft,
    Places,
    Resource,
    RuleSet,
    SecretHistory,
    Secrets,
    each,
    examined,
    failed,
    measured,
)

STRONG = "k3Jx" + "9QwzLm7Tb2Vn"
"""What examples use as a password; in two pieces, so that no line of this file holds it."""


def live(found: Sequence[Credential]) -> list[Credential]:
    """Those that may open something: surest first, then as they stand."""
    rank = {"high": 0, "medium": 1}
    return sorted((c for c in found if c.confidence in rank), key=lambda c: rank[c.confidence])


def weak(secrets: Secrets) -> Places:
    """
    Those in production files that are too weakly shaped to tell, what somebody issued wherever it stands, and what a
    recording for tests has of a call to others.
    """
    roles = ("source", "config", "infra", "ci", "other")
    kept = (
        c.source
        for c in secrets.found
        if c.confidence == "low"
        and (c.role in roles or c.rule or (c.kind in _RECORDED and _is_recording(c.source.path)))
    )
    return Places(kept, secrets.beyond_unsure)


_RECORDED = frozenset({"authorization-header", "credential-header", "session-cookie"})
_RECORDING = re.compile(r"\.(?:json|ya?ml|har|http|txt|log|ndjson|jsonl|cassette|snap)$", re.IGNORECASE)


def _is_recording(path: str) -> bool:
    """Whether a file may keep what really went over the wire, as nobody types it into a test."""
    return _RECORDING.search(path) is not None


def doubted(secrets: Secrets, history: SecretHistory | None = None) -> str:
    """
    Why nobody can say that there is no credential; empty where the rules that others maintain have read everything.

    gonogo's own patterns can fail a release, and never pass one: whoever issues tokens changes them without telling.
    """
    for fact in (secrets, history):
        if fact is None:
            continue
        if fact.ruleset is None:
            return "No maintained set of rules for credentials has searched it"
        if fact.ruleset.lacking:
            return f"The set of rules for credentials ({_called(fact.ruleset)}) {fact.ruleset.lacking}"
    unread = [out for out in secrets.unread if out.counts]
    if unread:
        said = ", ".join(f"{out.objects:,} {out.reason} (first {out.first})" for out in unread)
        return f"Not all files could be searched: {said}"
    return ""


def ruled(secrets: Secrets, history: SecretHistory | None = None) -> tuple[Counted, ...]:
    """Which rules have searched how much; a record of before there were any has nothing of it."""
    told: list[Counted] = []
    if secrets.ruleset is not None:
        told.append(examined(secrets.ruled, f"files by the rules of {_called(secrets.ruleset)}"))
        told.append(examined(secrets.size, "bytes of files"))
        told.append(examined(secrets.ruleset.rules, "rules"))
    if history is not None and history.ruleset is not None:
        told.append(examined(history.ruled, f"blobs and messages by the rules of {_called(history.ruleset)}"))
        told.append(examined(history.size, "bytes of history"))
    return tuple(told)


def _called(rules: RuleSet) -> str:
    """The name of a set, its version and its day."""
    return " ".join(filter(None, (rules.name, rules.version, rules.released and f"of {rules.released}")))


def exposed(secrets: Secrets, where: str, criterion: str, searched: int, what: str) -> Draft:
    """One failure for all that may open something, of which there must be one."""
    found = live(secrets.found)
    kinds = Counter(c.kind for c in found)
    for more in secrets.beyond.values():
        kinds.update(more)
    total = sum(kinds.values())
    named = ", ".join(f"{n:,} x {kind}" if n > 1 else kind for kind, n in kinds.most_common(4))
    beyond = {path: sum(more.values()) for path, more in secrets.beyond.items()}
    places = Places(dict.fromkeys(c.source for c in found), beyond)
    text = "{number:credential} {stands} {where} in {files:file} ({named}), first in {first}"
    return failed(
        each(places, number=total).say(text, where=where, files=len(places.files), named=named, first=places[0]),
        examined(searched, what),
        criterion=criterion,
        confidence="high" if found[0].confidence == "high" else "medium",
        measure=measured("credentials in the tree", total, at_most=0),
    )


def deployed(found: Sequence[tuple[Resource, tuple[str | int, ...]]], where: str) -> Draft:
    """One failure for what Kubernetes objects write out; *found* must not be empty."""
    first, keys = found[0]
    names = str(first.get(*keys, "name", default="") or keys[-1])
    return failed(
        each(found, at=lambda one: one[0].at(*one[1])).like(
            f"{first.kind} {first.resource} gives {names} its value {where}"
        ),
        examined(len(found), "credentials in Kubernetes objects"),
        confidence="medium",
        measure=measured("credentials in Kubernetes objects", len(found), at_most=0),
        remedy="Take the value from a Secret that an ExternalSecret or the pipeline fills, and change it.",
    )


_NAMED = 50
"""Places of old commits that are named; no line of the tree can be quoted for them."""


def gone_but_kept(history: SecretHistory, criterion: str) -> Draft:
    """One failure for what history still holds; its places are in old commits and are named, not quoted."""
    number, found = history.opening, live(history.found)
    places = list(dict.fromkeys(_place(c) for c in found))
    part = f" (of the first {len(found):,})" if number > len(found) else ""
    return failed(
        each(places).say("History still holds {found:credential}: {}{part}", found=number, part=part),
        *(examined(1, f"more: {place}") for place in places[NAMED:_NAMED]),
        *searched(history),
        criterion=criterion,
        measure=measured("credentials in history", number if history.complete else None, at_most=0),
        remedy="Revoke the credential first: every clone has it. Then remove it with git filter-repo.",
        places=_spots(found) if number == len(found) else (),
    )


def _spots(found: Sequence[Credential]) -> tuple[str, ...]:
    """Where history holds what was *found*; nothing where one of them stands in no file."""
    spots = [f"{c.commit}:{c.source.path}:{c.source.line}" for c in found if c.commit and not c.message]
    return tuple(dict.fromkeys(spots)) if len(spots) == len(found) else ()


def _place(credential: Credential) -> str:
    if credential.message:
        return f"{credential.kind} in the {credential.source.path} of {credential.commit[:10]}"
    return f"{credential.kind} in {credential.source.path} since {credential.commit[:10]}"


def searched(history: SecretHistory) -> tuple[Counted, ...]:
    """What of the history was searched, and what was not and why; a record of before this was told has less."""
    looked_at = ((history.blobs, "blobs of history"), (history.messages, "messages"), (history.refs, "refs"))
    return (
        examined(history.commits, "commits"),
        *(examined(number, what) for number, what in looked_at if number),
        *(examined(out.objects, f"objects of history not searched ({out.reason})") for out in history.left_out),
    )
