"""Settings that one module sets and another sets anew are told from those that last."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.signal import Signal
from orchestrator.evidence.facts.code import Code, Hits

REDIRECT = Signal(id="t.redirect", pattern=r"SECURE_SSL_REDIRECT\s*=\s*True")
BASE = "SECURE_SSL_REDIRECT = True\nDEBUG = False\n"
ANEW = "from .base import *\n\nSECURE_SSL_REDIRECT = False\n"


def found(files: dict[str, str]) -> Hits:
    code = facts_of({"shop/settings/__init__.py": "", **files}, (REDIRECT,))[Code]
    assert isinstance(code, Code)
    return code[REDIRECT]


class TestInherited:
    @pytest.mark.parametrize(
        "heirs",
        [
            {},
            {"production.py": "from .base import *\n"},
            {"production.py": "SECURE_SSL_REDIRECT = False\n"},
            {"production.py": "SECURE_SSL_REDIRECT = False\nfrom .base import *\n"},
            {"production.py": "from .other import *\nSECURE_SSL_REDIRECT = False\n", "other.py": "A = 1\n"},
            {"production.py": "from .base import *\nif testing():\n    SECURE_SSL_REDIRECT = False\n"},
            {"production.py": "from .base import *\nSECURE_SSL_REDIRECT = not SECURE_SSL_REDIRECT\n"},
            {"dev.py": ANEW},
            {"dev.py": ANEW, "test.py": ANEW, "production.py": "from .base import *\n"},
            {"shop.py": ANEW, "production.py": "from .base import *\n"},
        ],
    )
    def test_lasts(self, heirs):
        """
        A setting lasts where production does not set it anew, whatever others do.
        """
        files = {f"shop/settings/{name}": text for name, text in heirs.items()}

        assert 1 == found({"shop/settings/base.py": BASE, **files}).total

    @pytest.mark.parametrize(
        "heirs",
        [
            {"production.py": ANEW},
            {"production.py": ANEW.replace(".base", "shop.settings.base")},
            {"production.py": ANEW, "dev.py": "from .base import *\n"},
            {"production.py": ANEW, "shop.py": "from .base import *\n"},
            {"live.py": "from .base import *\nSECURE_SSL_REDIRECT: bool = False\n"},
            {"shop.py": ANEW},
        ],
    )
    def test_is_set_anew(self, heirs):
        """
        What production sets anew, or everybody where no module is called so, supports nothing, and the place is told.
        """
        files = {f"shop/settings/{name}": text for name, text in heirs.items()}
        hits = found({"shop/settings/base.py": BASE, **files})

        assert (0, 1) == (hits.total, hits.void)
        assert hits.aside[0].reason.startswith("is set anew in shop/settings/")

    def test_one_of_two(self):
        """
        Where only one of those that run in production sets it anew, it cannot be told.
        """
        files = {
            "shop/settings/base.py": BASE,
            "shop/settings/eu.py": ANEW,
            "shop/settings/us.py": "from .base import *\n",
        }
        hits = found(files)

        assert (0, 0, 1) == (hits.total, hits.void, hits.untold)

    def test_what_cannot_be_parsed_changes_nothing(self):
        """
        A module that is no Python sets nothing anew.
        """
        assert 1 == found({"shop/settings/base.py": BASE, "shop/settings/production.py": ANEW + "x = (\n"}).total
