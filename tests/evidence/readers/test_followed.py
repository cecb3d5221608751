"""What stands in a function of one file is had by the files that call it."""

from __future__ import annotations

import pytest

from orchestrator import Code, Signal
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.code import CodeReader
from orchestrator.evidence.tree import MemoryTree

CALLS = Signal(id="test.calls", words=("outbound(",))
LIMIT = Signal(id="test.limit", words=("Breaker(",), through="test.calls")
NET = "from lib import Breaker\n\ndef guarded(call):\n    return Breaker()(call)\n"
ASKED = "@guarded\ndef tax():\n    return outbound()\n"
SCRIPT = "function guarded(call) {\n  return new Breaker(call)\n}\n"


def files_with_a_limit(files: dict[str, str]) -> list[str]:
    code = read_tree(MemoryTree(files), [CodeReader([CALLS, LIMIT])])[Code]
    assert isinstance(code, Code)
    return [str(place) for place in code[LIMIT].first if not place.path.startswith("shop/net")]


FOLLOWED: dict[str, tuple[dict[str, str], list[str]]] = {
    "a decorator": ({"shop/net.py": NET, "shop/a.py": "from .net import guarded\n" + ASKED}, ["shop/a.py:2"]),
    "a call": (
        {"shop/net.py": NET, "shop/a.py": "from .net import guarded\nguarded(lambda: outbound())\n"},
        ["shop/a.py:2"],
    ),
    "another name": (
        {"shop/net.py": NET, "shop/a.py": "from shop.net import guarded as safely\nsafely(lambda: outbound())\n"},
        ["shop/a.py:2"],
    ),
    "a module": (
        {"shop/net.py": NET, "shop/a.py": "from . import net\nnet.guarded(lambda: outbound())\n"},
        ["shop/a.py:2"],
    ),
    "a class": (
        {
            "shop/net.py": "class Client:\n    def __init__(self):\n        self.breaker = Breaker()\n",
            "shop/a.py": "from .net import Client\nClient()\noutbound()\n",
        },
        ["shop/a.py:2"],
    ),
    "a helper of a helper": (
        {
            "shop/net.py": NET,
            "shop/net_of_taxes.py": "from .net import guarded\ndef careful(c):\n    outbound()\n"
            "    return guarded(c)\n",
            "shop/a.py": "from .net_of_taxes import careful\ncareful(outbound())\n",
        },
        ["shop/a.py:2"],
    ),
    "a module of JavaScript": (
        {
            "shop/net.ts": "export " + SCRIPT,
            "shop/a.ts": "import { guarded } from './net'\nguarded(() => outbound())\n",
        },
        ["shop/a.ts:2"],
    ),
    "what JavaScript requires": (
        {
            "shop/net.js": SCRIPT + "module.exports = { guarded }\n",
            "shop/a.js": "const { guarded } = require('./net')\nguarded(() => outbound())\n",
        },
        ["shop/a.js:2"],
    ),
    "a part of what JavaScript requires": (
        {
            "shop/net.js": "exports.guarded = (call) => new Breaker(call)\n",
            "shop/a.js": "const net = require('./net')\nnet.guarded(() => outbound())\n",
        },
        ["shop/a.js:2"],
    ),
}
NOT_FOLLOWED: dict[str, dict[str, str]] = {
    "taken and not called": {"shop/net.py": NET, "shop/a.py": "from .net import guarded\noutbound()\n"},
    "called where it never runs": {
        "shop/net.py": NET,
        "shop/a.py": "from .net import guarded\nif False:\n    guarded(outbound)\noutbound()\n",
    },
    "called in a comment": {"shop/net.py": NET, "shop/a.py": "from .net import guarded\noutbound()  # guarded()\n"},
    "another function of the file": {
        "shop/net.py": NET + "\ndef plain(call):\n    return call\n",
        "shop/a.py": "from .net import plain\nplain(outbound())\n",
    },
    "a function of another file": {
        "shop/net.py": NET,
        "shop/own.py": "def guarded(call):\n    return call\n",
        "shop/a.py": "from .own import guarded\nguarded(outbound())\n",
    },
    "one in which it never runs": {
        "shop/net.py": "def guarded(call):\n    return call\n    return Breaker()(call)\n",
        "shop/a.py": "from .net import guarded\nguarded(outbound())\n",
    },
    "a package of that name": {"shop/net.py": NET, "shop/a.py": "from net.lib import guarded\nguarded(outbound())\n"},
    "a file that does not ask for it": {"shop/net.py": NET, "shop/a.py": "from .net import guarded\nguarded(1)\n"},
    "JavaScript after the end": {
        "shop/net.js": SCRIPT + "module.exports = { guarded }\n",
        "shop/a.js": "const { guarded } = require('./net')\ngo()\n"
        "function go() {\n  return outbound()\n  guarded()\n}\n",
    },
    "a test": {"shop/net.py": NET, "tests/test_a.py": "from shop.net import guarded\nguarded(outbound())\n"},
}


class TestFollowed:
    @pytest.mark.parametrize(("files", "places"), FOLLOWED.values(), ids=FOLLOWED)
    def test_a_file_has_what_it_calls(self, files, places):
        """
        The place is where the function of the other file is called.
        """
        assert places == files_with_a_limit(files)

    @pytest.mark.parametrize("files", NOT_FOLLOWED.values(), ids=NOT_FOLLOWED)
    def test_a_file_has_not_what_it_does_not_call(self, files):
        """
        A name alone gives nothing, nor does what never runs.
        """
        assert [] == files_with_a_limit(files)
