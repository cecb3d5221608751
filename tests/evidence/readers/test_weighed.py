"""Tells what amounts come to that stand under a name: in the module itself, in another, or in the settings."""

from __future__ import annotations

import pytest

from orchestrator import Code, Signal
from orchestrator.contract.testing import facts_of

BREAKER = Signal(id="test.breaker", words=("circuitbreaker(",))
LIMIT = Signal(id="test.limit", words=("ratelimit",))
USE = "import pybreaker\n{take}\nbreaker = pybreaker.CircuitBreaker(fail_max={name})\n"


def total(files: dict[str, str], signal: Signal = BREAKER) -> int:
    code = facts_of(files, (signal,))[Code]
    assert isinstance(code, Code)
    return len(code[signal].first)


class TestPython:
    @pytest.mark.parametrize(
        ("take", "name", "others", "there"),
        [
            ("FAILS = 5", "FAILS", {}, 1),
            ("FAILS = 10 * 1000 * 1000", "FAILS", {}, 0),
            ("FAILS: int = 9_000_000  # many", "FAILS", {}, 0),
            ("FAILS = compute()", "FAILS", {}, 1),
            ("FAILS = 9_000_000\nFAILS = 5", "FAILS", {}, 1),
            ("FAILS = 9_000_000\nFAILS = int(x)", "FAILS", {}, 1),
            ("from shop.limits import FAILS", "FAILS", {"shop/limits.py": "FAILS = 9_000_000\n"}, 0),
            ("from shop.limits import FAILS", "FAILS", {"shop/limits.py": "FAILS = 4\n"}, 1),
            ("from .limits import FAILS as F", "F", {"shop/limits.py": "FAILS = 9_000_000\n"}, 0),
            ("from .limits import (\n    OTHER,\n    FAILS,\n)", "FAILS", {"shop/limits.py": "FAILS = 9_000_000\n"}, 0),
            ("from shop import limits", "limits.FAILS", {"shop/limits.py": "FAILS = 9_000_000\n"}, 0),
            ("import shop.limits as l", "l.FAILS", {"shop/limits.py": "FAILS = 9_000_000\n"}, 0),
            ("from . import limits", "limits.FAILS", {"shop/limits.py": "FAILS = 9_000_000\n"}, 0),
            ("from elsewhere import FAILS", "FAILS", {"shop/limits.py": "FAILS = 9_000_000\n"}, 1),
            ("from django.conf import settings", "settings.FAILS", {"site/settings.py": "FAILS = 9_000_000\n"}, 0),
            ("from django.conf import settings", "settings.FAILS", {"site/settings.py": "FAILS = 3\n"}, 1),
            (
                "from django.conf import settings",
                "settings.FAILS",
                {"site/settings/base.py": "FAILS = 9_000_000\n", "site/settings/production.py": "FAILS = 3\n"},
                1,
            ),
            (
                "from django.conf import settings",
                "settings.FAILS",
                {"site/settings/base.py": "FAILS = 9_000_000\n", "site/settings/dev.py": "FAILS = 3\n"},
                0,
            ),
            ("", "how_many()", {}, 1),
        ],
    )
    def test_a_name_is_followed(self, take: str, name: str, others: dict[str, str], there: int) -> None:
        """
        What comes to nothing by its number does so by the name of that; what cannot be told is taken at its word.
        """
        assert there == total({"shop/calls.py": USE.format(take=take, name=name), **others})


class TestScripts:
    @pytest.mark.parametrize(
        ("head", "others", "there"),
        [
            ("const MOST = 100;", {}, 2),
            ("const MOST = 1000 * 1000 * 1000;", {}, 0),
            ("import { MOST } from './limits';", {"web/limits.ts": "export const MOST: number = 5_000_000_000\n"}, 0),
            ("import { MOST } from './limits.js';", {"web/limits.ts": "export const MOST = 100\n"}, 2),
            ("import { many as MOST } from './limits';", {"web/limits/index.js": "export const many = 9e9\n"}, 0),
            ("const { MOST } = require('./limits');", {"web/limits.js": "const MOST = 9000000000;\n"}, 0),
            ("import { MOST } from 'limits';", {"web/limits.ts": "export const MOST = 9e9\n"}, 2),
        ],
    )
    def test_a_name_is_followed(self, head: str, others: dict[str, str], there: int) -> None:
        """
        The same of JavaScript and TypeScript; with what is set up goes what only takes it in.
        """
        text = f"import rateLimit from 'express-rate-limit';\n{head}\napp.use(rateLimit({{ limit: MOST }}));\n"

        assert there == total({"web/app.ts": text, **others}, LIMIT)

    def test_a_namespace(self) -> None:
        """
        What is taken whole is asked for the name.
        """
        text = "import * as limits from './limits';\napp.use(rateLimit({ limit: limits.MOST }));\n"

        assert 0 == total({"web/app.ts": text, "web/limits.ts": "export const MOST = 9e9\n"}, LIMIT)
        assert 1 == total({"web/app.ts": text, "web/limits.ts": "export const MOST = 90\n"}, LIMIT)


def test_hostile_modules_end_soon() -> None:
    """
    Brackets in brackets, a sum of sums, and names without end.
    """
    text = (
        "A = "
        + "(" * 90
        + "1"
        + ")" * 90
        + "\nB = 1"
        + " + 1" * 50
        + "\n"
        + "".join(f"C{n} = {n}\n" for n in range(20_000))
    )

    assert 1 == total({"shop/calls.py": USE.format(take=text, name="B")})
