"""What a tree asks tools not to see, and which lines that reaches."""

from __future__ import annotations

import pytest

from orchestrator.evidence.ignoring import asked_in
from orchestrator.evidence.ignoring.lists import is_list, lists_in


def reached(path: str, text: str) -> list[tuple[int, int, int]]:
    """Line, first and last line of each request."""
    return [(one.line, one.first, one.last) for one in asked_in(path, text)]


TF = (
    'resource "a" "b" {\n  x = 1\n  # checkov:skip=CKV_AWS_20: why\n  y {\n    z = 1\n  }\n}\n\n'
    + 'resource "c" "d" {\n}\n'
)
CFN = "Resources:\n  Site:\n    # checkov:skip=CKV_AWS_20\n    Type: A\n    P: 1\n  Other:\n    Type: B\n"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.py", "x = 1  # nosec\n", [(1, 1, 1)]),
        ("a.py", "# nosec\nx = 1\n", [(1, 0, 0)]),
        ("a.py", "f(\n    a,  # nosec\n    b,\n)\ng()\n", [(2, 1, 4)]),
        ("a.py", "f(\n    a,\n    b,\n)  # nosec\ng()\n", [(4, 1, 4)]),
        ("a.py", "def f(\n    a=1,  # nosec\n):\n    g()\n    h()\n", [(2, 1, 3)]),
        ("a.py", "if a:  # nosec\n    g()\n", [(1, 1, 1)]),
        ("a.py", "f(\n    a,  # noqa: S105\n)\n", [(2, 2, 2)]),
        ("a.py", "x = (  # nosec\n", [(1, 1, 1)]),
        ("a.py", "x = 1  # noqa: S105  # nosec\n", [(1, 1, 1), (1, 1, 1)]),
        ("a.py", "x = 1  # noqa: E501, S105\n", [(1, 1, 1)]),
        ("a.py", "x = 1  # noqa: E501\n", []),
        ("a.py", "x = 1  # noqa\n", []),
        ("a.py", "x = 1  # we have no nosec here\n", []),
        ("a.py", "x = 1  # nosecurity\n", []),
        ("a.py", 'x = "# nosec"\n', []),
        ("a.py", "x = 1  // nosec\n", []),
        ("a.py", "x" * 10_000 + "  # nosec\n", [(1, 1, 1)]),
        ("a.js", "f() # nosec\n", []),
        ("a.js", "f() // nosec\n", []),
        ("a.go", "f() // #nosec G204\n", [(1, 1, 1)]),
        ("a.go", "f() // #nosec G999 -- why\n", [(1, 1, 1)]),
        ("a.js", "f() // nosemgrep\n", [(1, 1, 1)]),
        ("a.js", "// nosemgrep: a.b\n\n// more\nf()\ng()\n", [(1, 4, 4)]),
        ("a.js", "// eslint-disable-next-line security/detect-x\nf()\n", [(1, 2, 2)]),
        ("a.js", "// eslint-disable-next-line max-len\nf()\n", []),
        ("a.js", "/* eslint-disable security/detect-x */\nf()\n", [(1, 0, 0)]),
        ("a.rb", "eval(x) # rubocop:disable Security/Eval\n", [(1, 1, 1)]),
        ("a.rb", "# rubocop:disable Security/Eval\neval(x)\n", [(1, 0, 0)]),
        ("a.yaml", "# pragma: allowlist nextline secret\npassword: x\n", [(1, 2, 2)]),
        ("a.yaml", "password: x  # pragma: allowlist secret\n", [(1, 1, 1)]),
        ("a.json", '{"a": 1} // gitleaks:allow\n', []),
        ("a.tf", TF, [(3, 1, 7)]),
        ("a.tf", "# checkov:skip=CKV_AWS_20\n" + TF[:20] + "\n}\n", [(1, 0, 0)]),
        ("a.tf", '#tfsec:ignore:aws-x\nresource "a" "b" {\n  x = 1\n}\ny = 1\n', [(1, 2, 4)]),
        ("a.tf", 'resource "a" "b" { #trivy:ignore:AVD-1\n  x = 1\n}\n', [(1, 1, 3)]),
        ("a.tf", 'resource "a" "b" {\n  x = 1 #trivy:ignore:AVD-1\n}\n', [(2, 2, 2)]),
        ("a.tf", 'resource "a" "b" {\n  #trivy:ignore:AVD-1\n  x = 1\n}\n', [(2, 3, 3)]),
        ("a.tf", 'resource "a" "b" {\n  #trivy:ignore:AVD-1\n  x {\n    y = 1\n  }\n}\n', [(2, 3, 5)]),
        ("a.yaml", CFN, [(3, 2, 5)]),
        ("a.yaml", "# checkov:skip=CKV_AWS_20\na: 1\n", [(1, 0, 0)]),
        ("Dockerfile", "# hadolint ignore=DL3008\nRUN a \\\n  && b\nUSER x\n", [(1, 2, 3)]),
        ("Dockerfile", "# hadolint ignore=SC2046\nRUN a\n", []),
        ("Dockerfile", "RUN a # hadolint ignore=DL3008\n", []),
        (".github/workflows/a.yaml", "- uses: a@v1 # zizmor: ignore[unpinned-uses]\n", [(1, 1, 1)]),
        ("k8s/a.yaml", "- uses: a@v1 # zizmor: ignore[unpinned-uses]\n", []),
        (".github/workflows/a.yaml", "run: |\n  x # zizmor: ignore[template-injection]\n", []),
    ],
)
def test_what_is_reached(path, text, expected):
    """
    As each tool has it: the line, the statement, what follows, or what is around; nothing for prose, strings, others.
    """
    assert expected == reached(path, text)


@pytest.mark.parametrize(
    ("path", "text", "about"),
    [
        ("a.py", "x = 1  # nosec", ("security",)),
        ("a.py", "x = 1  # nosec B105", ("credential",)),
        ("a.py", "x = 1  # nosec B608, B105", ("credential", "injection")),
        ("a.py", "x = 1  # nosec B324", ("security",)),
        ("a.py", "x = 1  # noqa: S608", ("injection",)),
        ("a.py", "x = 1  # noqa: S324", ("security",)),
        ("a.go", "x := 1 // #nosec G101", ("credential",)),
        ("a.js", "x = 1 // eslint-disable-line no-secrets/no-secrets", ("credential",)),
        ("a.tf", 'resource "a" "b" {\n  # checkov:skip=CKV_SECRET_6\n  x = 1\n}', ("credential",)),
        ("Dockerfile", "#trivy:ignore:DS002\nRUN x", ("container", "infrastructure")),
    ],
)
def test_what_it_is_about(path, text, about):
    """
    A rule that is named says of what the tool looks away.
    """
    assert [about] == [one.about for one in asked_in(path, text)]


@pytest.mark.parametrize(("size", "expected"), [(1_990, (2, 1, 1_993)), (2_100, (2, 0, 0))])
def test_long_blocks(size, expected):
    """
    The ends of a resource are looked for within a limit; beyond it nothing is reached.
    """
    text = 'resource "a" "b" {\n  # checkov:skip=CKV_AWS_20\n' + "  x = 1\n" * size + "}\n"

    assert [expected] == reached("a.tf", text)


def test_bounded():
    """
    A file of nothing but requests is read to a limit.
    """
    assert 2_000 == len(reached("a.py", "x = 1  # gitleaks:allow\n" * 3_000))


@pytest.mark.parametrize(
    ("path", "text", "entries"),
    [
        (".gitleaksignore", "# why\nabc:1\n\ndef:2\n", [2]),
        ("sub/.trivyignore", "CVE-1\n", [1]),
        (".trivyignore", "# nothing\n", []),
        (".secrets.baseline", "{}", [0]),
        (".checkov.yaml", "skip-check:\n  - CKV_AWS_20\n", [0]),
        (".checkov.yaml", "quiet: true\n", []),
        (".hadolint.yaml", "failure-threshold: error\n", []),
        (".bandit", "[bandit]\nskips: B101\n", [0]),
        ("a.gitleaksignore", "x\n", []),
    ],
)
def test_lists(path, text, entries):
    """
    Lists are told, and reach no line.
    """
    assert entries == [one.entries for one in lists_in(path, text)]
    assert is_list(path) or not entries
