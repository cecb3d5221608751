"""This is where what was found of credentials is put into one sentence that names places and quotes none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from orchestrator import Credential, Draft, Places, Resource, SecretHistory, Secrets, examined, failed, measured

STRONG = "k3Jx" + "9QwzLm7Tb2Vn"
"""What examples use as a password; in two pieces, so that no line of this file holds it."""


def live(found: Sequence[Credential]) -> list[Credential]:
    """Those that may open something: surest first, then as they stand."""
    rank = {"high": 0, "medium": 1}
    return sorted((c for c in found if c.confidence in rank), key=lambda c: rank[c.confidence])


def weak(secrets: Secrets) -> Places:
    """Those in production files that are too weakly shaped to tell."""
    roles = ("source", "config", "infra", "ci", "other")
    kept = (c.source for c in secrets.found if c.confidence == "low" and c.role in roles)
    return Places(kept, secrets.beyond_unsure)


def exposed(secrets: Secrets, where: str, criterion: str, searched: int, what: str) -> Draft:
    """One failure for all that may open something, of which there must be one."""
    found = live(secrets.found)
    kinds = Counter(c.kind for c in found)
    for more in secrets.beyond.values():
        kinds.update(more)
    total = sum(kinds.values())
    named = ", ".join(f"{n:,} x {kind}" if n > 1 else kind for kind, n in kinds.most_common(4))
    noun = "credential stands" if total == 1 else "credentials stand"
    beyond = {path: sum(more.values()) for path, more in secrets.beyond.items()}
    places = Places(dict.fromkeys(c.source for c in found), beyond)
    files = len(places.files)
    return failed(
        f"{total:,} {noun} {where} in {files:,} file{'s' if files > 1 else ''} ({named}), first in {places[0]}",
        places[0],
        places,
        examined(searched, what),
        criterion=criterion,
        confidence="high" if found[0].confidence == "high" else "medium",
        measure=measured("credentials in the tree", total, at_most=0),
    )


def deployed(found: Sequence[tuple[Resource, tuple[str | int, ...]]], where: str) -> Draft:
    """One failure for what Kubernetes objects write out; *found* must not be empty."""
    (first, keys), places = found[0], [r.at(*k) for r, k in found]
    names = str(first.get(*keys, "name", default="") or keys[-1])
    more = f", and {len(found) - 1} more stand so" if len(found) > 1 else ""
    return failed(
        f"{first.kind} {first.resource} gives {names} its value {where}{more}",
        places[0],
        *places[1:],
        examined(len(found), "credentials in Kubernetes objects"),
        confidence="medium",
        measure=measured("credentials in Kubernetes objects", len(found), at_most=0),
        remedy="Take the value from a Secret that an ExternalSecret or the pipeline fills, and change it.",
    )


def gone_but_kept(history: SecretHistory, criterion: str) -> Draft:
    """One failure for what history still holds; its places are in old commits and are named, not quoted."""
    found = live(history.found)
    places = list(dict.fromkeys(f"{c.kind} in {c.source.path} since {c.commit[:10]}" for c in found))
    named = ", ".join(places[:3]) + (f" and {len(places) - 3} places more" if len(places) > 3 else "")
    return failed(
        f"History still holds {len(found)} credential{'s' if len(found) > 1 else ''}: {named}",
        None,
        examined(history.commits, "commits"),
        criterion=criterion,
        measure=measured("credentials in history", len(found) if history.complete else None, at_most=0),
        remedy="Revoke the credential first: every clone has it. Then remove it with git filter-repo.",
    )
