"""People's words that count whenever the tests run, and the policy of a small team that knows who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

WAIVED = "One replica is enough until the second region opens."
ATTESTED = "Two people a shift stand in the rota through the quarter."
SMALL_TEAM = "extends: small-team\npeople:\n" + "".join(
    f"  {name}: {{addresses: [{name}@example.com]}}\n" for name in ("ann", "dana", "lee")
)
"""Rules by which the word of each of them counts, however he shows who he is."""


def in_days(days: int) -> str:
    """The day so many days from today, as a configuration writes it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def attested(criterion: str, who: str = "lee", seen: str = ATTESTED, on: int = -1, **more: str) -> str:
    """An attestation as a file has it: of what was seen so many days from today."""
    return _word(criterion, who, "seen", seen, on, **more)


def waived(criterion: str, who: str = "dana", reason: str = WAIVED, on: int = -1, **more: str) -> str:
    """A waiver likewise."""
    return _word(criterion, who, "reason", reason, on, **more)


def words(*, attestations: Sequence[str] = (), waivers: Sequence[str] = ()) -> str:
    """A file of them."""
    kinds = (("waivers", waivers), ("attestations", attestations))
    return "".join(f"{kind}:\n" + "".join(f"  - {row}\n" for row in rows) for kind, rows in kinds if rows)


def _word(criterion: str, who: str, key: str, said: str, on: int, **more: str) -> str:
    row = {"criterion": criterion, "who": who, key: said, "on": in_days(on), "link": "https://docs.example/1", **more}
    return (
        "{"
        + ", ".join(f"{name}: {value!r}" if name == key else f"{name}: {value}" for name, value in row.items())
        + "}"
    )
