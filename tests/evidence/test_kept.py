"""How much of a large file is kept, to the last one, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from orchestrator.contract import testing

LIST = "# Requirements\n"
GITLAB = ".gitlab-ci.yml"
SERVER = 'package main\n\nimport "net/http"\n\nfunc main() {\n%s}\n'
GITHUB = ".github/workflows/ci.yml"
OF_NUMBERS: list[tuple[str, int, Callable[[int], Mapping[str, str]], Callable[[Any], int], str]] = [
    (
        "Routes",
        5_000,
        lambda n: {"main.go": SERVER % "".join(f'\thttp.HandleFunc("/r{i}", h)\n' for i in range(n))},
        lambda fact: len(fact.routes),
        "more than 5,000 routes; the rest are not kept",
    ),
    (
        "Requirements",
        100,
        lambda n: {"docs/requirements.md": LIST + "".join(f"- The shop must keep order {i}.\n" for i in range(n))},
        lambda fact: len(fact.found),
        "",
    ),
    (
        "Documents",
        300,
        lambda n: {"docs/a.md": "".join(f"# H{i}\n\ntext\n" for i in range(n))},
        lambda fact: len(fact.files[0].headings),
        "",
    ),
    (
        "Pipelines",
        500,
        lambda n: {GITLAB: "".join(f"j{i}:\n  script: [make]\n" for i in range(n))},
        lambda fact: len(fact.files[0].jobs),
        "more than 500 jobs; only the first part of it is kept",
    ),
    (
        "Pipelines",
        2_000,
        lambda n: {GITLAB: "j:\n  script:\n" + "".join(f"    - make a{i}\n" for i in range(n))},
        lambda fact: len(fact.files[0].jobs[0].steps),
        "more than 2,000 steps; only the first part of it is kept",
    ),
    (
        "TestSuites",
        12,
        lambda n: {f"tests/test_{i}.py": "def test_a():\n    assert 1\n" for i in range(n)},
        lambda fact: len(fact.suites[0].first),
        "",
    ),
    (
        "Schema",
        3_000,
        lambda n: {"schema.sql": "".join(f"CREATE TABLE t{i} (id int);\n" for i in range(n))},
        lambda fact: len(fact.tables),
        "more than 3,000 tables; those from here on are not kept",
    ),
    (
        "Migrations",
        1_000,
        lambda n: {"db/migrations/001_a.sql": "".join(f"CREATE TABLE t{i} (id int);\n" for i in range(n))},
        lambda fact: len(fact.files[0].operations),
        "it has 1,000 operations or more; only the first of them are kept",
    ),
    (
        "Secrets",
        20,
        lambda n: {".env": "".join(f"API_KEY_{i}=q7Zk2Wm9Xc4Vb8Nt5Rj1Hg{i:03d}x\n" for i in range(n))},
        lambda fact: len(fact.found),
        "",
    ),
]
OF_LENGTHS: list[tuple[str, int, Callable[[str], Mapping[str, str]], Callable[[Any], str]]] = [
    ("Documents", 200, lambda text: {"docs/a.md": f"# {text}\n"}, lambda fact: fact.files[0].headings[0].text),
    (
        "Alerts",
        500,
        lambda text: {"rules.yml": f"groups:\n- rules:\n  - alert: A\n    expr: {text} > 1\n"},
        lambda fact: fact.rules[0].expression,
    ),
    (
        "Dashboards",
        500,
        lambda text: {
            "g.json": '{"title":"T","schemaVersion":1,"panels":[{"title":"P","type":"graph","targets":[{"expr":"'
            + text
            + '"}]}]}'
        },
        lambda fact: fact.files[0].expressions[0],
    ),
    (
        "Dockerfiles",
        20_000,
        lambda text: {"Dockerfile": f"FROM a\nRUN {text}\n"},
        lambda f: f.files[0].instructions[1].value,
    ),
    (
        "Kubernetes",
        4_000,
        lambda text: {"k.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {text}}}\n"},
        lambda fact: fact.resources[0].body["data"]["a"],
    ),
    (
        "Pipelines",
        20_000,
        lambda text: {GITHUB: f'on: push\njobs:\n  a:\n    steps:\n    - run: "{text}"\n'},
        lambda fact: fact.files[0].jobs[0].steps[0].run,
    ),
]


def _named(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    return [f"{row[0]}-{row[1]}" for row in rows]


def fact(name: str, files: Mapping[str, str]) -> Any:
    return next(made for kind, made in testing.facts_of(files).items() if kind.__name__ == name)


@pytest.mark.parametrize(("name", "bound", "files", "kept", "told"), OF_NUMBERS, ids=_named(OF_NUMBERS))
def test_number(name: str, bound: int, files: Any, kept: Any, told: str) -> None:
    """
    As many as the bound says are kept without a word; of one more it is said, where a count depends on it.
    """
    below, above = fact(name, files(bound - 1)), fact(name, files(bound + 1))

    assert bound - 1 == kept(below)
    assert not below.problems
    assert bound == kept(above)
    assert ([told] if told else []) == [problem.reason for problem in above.problems]


@pytest.mark.parametrize(("name", "bound", "files", "kept"), OF_LENGTHS, ids=_named(OF_LENGTHS))
def test_length(name: str, bound: int, files: Any, kept: Any) -> None:
    """
    A text is cut at the bound, and a shorter one is whole.
    """
    short, long = "x" * (bound - 6), "x" * (bound + 1)

    assert kept(fact(name, files(short))).startswith(short)
    assert bound == len(kept(fact(name, files(long))))
