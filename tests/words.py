"""Days on which people's words still count, whenever the tests run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

WAIVED = "One replica is enough until the second region opens."
ATTESTED = "Two people a shift stand in the rota through the quarter."


def in_days(days: int) -> str:
    """The day so many days from today, as a configuration writes it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
