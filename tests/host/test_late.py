"""Patterns that are made ready late say what they would have said at once."""

from __future__ import annotations

import copy
import importlib
import pickle
import re
from pathlib import Path

import pytest

import orchestrator
from orchestrator.host.late import Late, late


def kept() -> list[tuple[str, Late]]:
    """All that the house keeps, by where it stands."""
    found = []
    house = Path(orchestrator.__file__).parent
    for room in ("estate", "evidence", "formats", "redaction"):
        for file in sorted(house.glob(f"{room}/**/*.py")):
            name = ".".join(("orchestrator", *file.relative_to(house).with_suffix("").parts)).removesuffix(".__init__")
            space = vars(importlib.import_module(name))
            found += [(f"{name}.{key}", thing) for key, thing in space.items() if isinstance(thing, Late)]
    return found


class TestThoseOfTheHouse:
    def test_all_compile(self):
        """
        None has a mistake that would only come out when it is needed.
        """
        listed = kept()

        assert len(listed) > 50
        for name, pattern in listed:
            assert isinstance(re.compile(pattern.pattern, pattern._flags), re.Pattern), name


class TestLate:
    @pytest.mark.parametrize("said", ["a(?P<n>b+)", b"a(?P<n>b+)"])
    def test_says_the_same(self, said):
        """
        Whatever a pattern is asked, text or bytes, it answers as if it had been compiled at once.
        """
        text = "xAbb abx"
        data = text if isinstance(said, str) else text.encode()
        soon, waiting = re.compile(said, re.IGNORECASE), late(said, re.IGNORECASE)

        for _ in range(2):
            assert [f.span() for f in soon.finditer(data)] == [f.span() for f in waiting.finditer(data)]
            assert soon.findall(data) == waiting.findall(data)
        assert (soon.pattern, soon.flags, soon.groupindex) == (waiting.pattern, waiting.flags, waiting.groupindex)

    def test_is_compiled_when_it_is_needed(self):
        """
        Not when a module is imported, nor when it is only asked what it says.
        """
        waiting = late("(")

        assert "(" == waiting.pattern
        with pytest.raises(re.error, match="unterminated"):
            waiting.search("")

    def test_can_be_copied(self):
        """
        Before it was needed, and after.
        """
        waiting = late("b")
        fresh = pickle.loads(pickle.dumps(waiting))
        waiting.search("")

        assert ["b"] == fresh.findall("abc") == copy.deepcopy(waiting).findall("abc")

    @pytest.mark.parametrize("name", ["serch", "_private", "__len__"])
    def test_has_no_more_than_a_pattern(self, name):
        """
        A name that no pattern has is missed as anywhere else.
        """
        with pytest.raises(AttributeError):
            getattr(late("b"), name)
