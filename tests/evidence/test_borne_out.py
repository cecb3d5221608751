"""What a pattern matched is a part of the syntax, or a word on a line."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.signal import Role, Signal
from orchestrator.evidence.facts.code import Code

EVERYWHERE: tuple[Role, ...] = ("source", "config", "infra", "docs", "other", "ci")


def worded(path: str, text: str, pattern: str) -> list[bool]:
    """Of each place at which *pattern* is found in a file, whether it is but a word."""
    signal = Signal(id="t.x", pattern=pattern, roles=EVERYWHERE)
    found = facts_of({path: text}, (signal,))[Code]
    assert isinstance(found, Code)
    return [place.worded for place in found[signal].first]


@pytest.mark.parametrize(
    ("path", "text", "pattern"),
    [
        ("site/settings.py", "DEBUG = True\n", r"DEBUG\s*=\s*True"),
        ("site/settings.py", 'APPS = ["axes.middleware.AxesMiddleware"]\n', r"axes\.middleware\.AxesMiddleware"),
        ("server.js", "app.use(cors())\n", r"\.use\(cors\(\)"),
        ("web.go", 'package web\n\nvar x = http.Get("https://a.test")\n', r"http\.Get\("),
        ("server.js", "res.set('access-control-allow-origin', '*')\n", r"Access-Control-Allow-Origin"),
        ("a.properties", "spring.jpa.hibernate.ddl-auto=update\n", r"ddl-auto\W{1,3}update"),
        ("loki.yaml", "limits: {retention_period: 72h}\n", r"retention_period:\s*72h"),
        ("loki.yaml", "limits:\n  - retention_period: 72h\n", r"retention_period:\s*72h"),
        (".gitignore", "migrations/\n", r"^migrations/"),
        ("compose.yaml", "services:\n  p:\n    command:\n      - --retention.time=1h\n", r"retention\.time=1h"),
    ],
)
def test_is_borne_out(path: str, text: str, pattern: str) -> None:
    """
    A statement, a call, all of a string, and an entry of a file of settings are more than words.
    """
    assert [False] == worded(path, text, pattern)


@pytest.mark.parametrize(
    ("path", "text", "pattern"),
    [
        ("site/settings.py", "IS_DEBUG = True\n", r"DEBUG\s*=\s*True"),
        ("site/settings.py", "DEBUG = Trueish\n", r"DEBUG\s*=\s*True"),
        ("site/settings.py", "debug = True\n", r"DEBUG\s*=\s*True"),
        ("a.py", 'say("to see more, set DEBUG = True now")\n', r"DEBUG\s*=\s*True"),
        ("hashes.py", 'H = ["PBKDF2SHA1PasswordHasher"]\n', r"SHA1PasswordHasher"),
        ("server.js", "log(`use app.use(cors())`)\n", r"\.use\(cors\(\)"),
        ("schema.graphql", "any user can log in with a password\n", r"log in with a password"),
        ("page.html", "<p>retention_period: 72h</p>\n", r"retention_period:\s*72h"),
        ("notes.yaml", "about: see retention_period: 72h\n", r"retention_period:\s*72h"),
        (f"{'a' * 8}.yaml", f"about: [{'x' * 400}, retention_period: 72h]\n", r"retention_period:\s*72h"),
    ],
)
def test_is_a_word(path: str, text: str, pattern: str) -> None:
    """
    A part of a name, another case, a word in a text, and what no reader parses are words on a line.
    """
    assert [True] == worded(path, text, pattern)


def test_one_of_several_on_a_line_is_enough() -> None:
    """
    Where a line has it twice, the one that the syntax bears out counts.
    """
    assert [False] == worded("a.py", 'say("DEBUG = True"); DEBUG = True\n', r"DEBUG\s*=\s*True")


def test_is_said_of_words_too() -> None:
    """
    A signal of words is asked for its words with their case.
    """
    signal = Signal(id="t.w", words=("MemoryStore",), roles=EVERYWHERE)
    found = facts_of({"a.js": "new MemoryStore()\n", "b.js": "new memorystore()\n"}, (signal,))[Code]
    assert isinstance(found, Code)

    assert [("a.js", False), ("b.js", True)] == [(place.path, place.worded) for place in found[signal].first]
