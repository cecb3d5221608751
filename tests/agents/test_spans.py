"""
How long something lasts, as programs and settings write it.
"""

from __future__ import annotations

import pytest
from orchestrator.agents.security_validator._spans import DAY, HOUR, seconds

READ = [
    ("3600", 1, HOUR),
    (" 60 * 60 * 24,", 1, DAY),
    ("3_600_000 }", 0.001, HOUR),
    ("60, // minutes", 60, HOUR),
    ("1.hour", 1, HOUR),
    ("10.years", 1, 3650 * DAY),
    ("TimeSpan.FromDays(30);", 1, 30 * DAY),
    ("Duration.ofMinutes(60))", 1, HOUR),
    ("timedelta(minutes=60)", 1, HOUR),
    ("datetime.timedelta(days=1)", 1, DAY),
    ("24 * time.Hour", 1, DAY),
    ("time.Hour)", 1, HOUR),
    ("'365d'", 1, 365 * DAY),
    ('"1h"', 1, HOUR),
    ("1.5 hours", 1, 1.5 * HOUR),
]
UNREAD = ["process.env.TTL", "int(os.environ['A'])", "ttl()", "", "time.Fortnight", "3 parsecs", "timedelta(moons=1)"]


@pytest.mark.parametrize(("text", "unit", "lasts"), READ)
def test_read(text: str, unit: float, lasts: float) -> None:
    """
    Numbers, products, methods, constructors and units are read; a bare number is in the given unit.
    """
    assert seconds(text, unit) == pytest.approx(lasts)


@pytest.mark.parametrize("text", UNREAD)
def test_unread(text: str) -> None:
    """
    What comes from elsewhere, or is no amount of time, is not known.
    """
    assert seconds(text) is None
