"""Which lines a change may matter for."""

from __future__ import annotations

import pytest

from orchestrator.evidence.since.difference import Change, Compared
from orchestrator.evidence.since.pieces import matters, near

GO = b'package a\n\nimport "x"\n\nfunc A() {\n\tb()\n}\n\nfunc C() {\n\td()\n}\n'
"""``package`` at 1, ``import`` at 3, ``A`` from 5, ``C`` from 9 to 11, and what follows the last line at 12."""
TWO = b"---\nkind: A\nspec: 1\n---\nkind: B\nspec: 2\n"
TF = b'resource "a" "b" {\n  x = 1\n}\n\nresource "c" "d" {\n  y = 2\n}\n'


@pytest.mark.parametrize(
    ("path", "data", "change", "expected"),
    [
        ("a.go", GO, Change(5, (), (b"\tb()\n",)), ((5, 8),)),
        ("a.go", GO, Change(5, (b"\tguard()\n",), (b"\tb()\n",)), ((5, 8),)),
        ("a.go", GO, Change(5, (b"\tguard()\n",), ()), ((5, 8),)),
        ("a.go", GO, Change(2, (b'import "y"\n',), (b'import "x"\n',)), ((1, 4),)),
        ("a.go", GO, Change(8, (b"func B() {\n", b"}\n"), ()), ((1, 12),)),
        ("a.go", GO, Change(8, (), (b"func C() {\n", b"\td()\n", b"}\n")), ((9, 12),)),
        ("a.go", GO, Change(8, (b"// about B\n",), ()), ()),
        ("a.go", GO, Change(8, (b"\n", b"}\n"), ()), ((5, 12),)),
        ("a.yaml", TWO, Change(1, (), (b"kind: A\n",)), ((1, 3),)),
        ("a.yaml", TWO, Change(5, (b"spec: 3\n",), (b"spec: 2\n",)), ((4, 7),)),
        ("a.yaml", TWO, Change(3, (b"safe: true\n",), ()), ((1, 7),)),
        ("a.yml", TWO, Change(1, (), (b"kind: A\n",)), ((1, 3),)),
        ("a.json", b'{\n"a": 1,\n"b": 2\n}\n', Change(1, (), (b'"a": 1,\n',)), ((1, 5),)),
        ("a.tf", TF, Change(1, (b"  x = 2\n",), (b"  x = 1\n",)), ((1, 4),)),
        ("a.tf", TF, Change(4, (b'resource "z" "z" {}\n',), ()), ((1, 8),)),
        ("Dockerfile", b"FROM a\nUSER b\n", Change(1, (), (b"USER b\n",)), ((1, 3),)),
        ("a.py", b"", Change(0, (b"x = 1\n",), ()), ((1, 1),)),
    ],
)
def test_near(path, data, change, expected):
    """
    A function, a document, a resource, or a whole file of settings; all of it where something at the margin is gone.
    """
    assert expected == near(path, data, Compared(changes=[change]))


@pytest.mark.parametrize(
    ("path", "removed", "added", "expected"),
    [
        ("a.yaml", "  image: shop:1", "  image: shop:2", False),
        ("a.yaml", "  - image: shop:1", "  - image: shop:2", False),
        ("a.json", '  "version": "1.0",', '  "version": "1.1",', False),
        ("a.yaml", "  image: shop:1", "", True),
        ("a.yaml", "  image: shop:1", "  replicas: 1", True),
        ("a.yaml", "  replicas: 2", "  replicas: 1", True),
        ("a.yaml", "  image: shop:1", "  image: {tag: 1, privileged: true}", True),
        ("a.yaml", "  image: shop:1", "  image: *other", True),
        ("a.tf", "  version = 1", "  version = 2", True),
        ("a.yaml", "  # was", "  # is", False),
        ("a.yaml", "", "  # is", False),
        ("a.yaml", "  guard: true", "  # guard: true", True),
        ("a.py", "# was", "", False),
        ("a.py", "// was", "", True),
        ("a.go", "// was", "", False),
        ("a.go", "#was", "", True),
        ("a.sql", "# was", "", True),
        ("a.py", "x = 1", "", True),
    ],
)
def test_matters(path, removed, added, expected):
    """
    A version for another and a comment for another decide about no other line; a setting that is commented out does.
    """
    lines = [(text.encode() + b"\n",) if text else () for text in (removed, added)]

    assert expected is matters(path, Change(0, *lines))


@pytest.mark.parametrize(
    "line",
    [
        "import x", "from x import y", "use x;", "using X;", "require 'x'", "require_relative 'x'", "include X",
        "package a", "const x = require('x')", "let {a, b} = require('x')", "var x = require('x')",
    ],
)  # fmt: skip
def test_what_only_brings_in(line):
    """
    A name that is no longer brought in is no matter of the functions below it.
    """
    assert ((1, 4),) == near("a.js", b"f()\ng()\n\n\nh()\n", Compared(changes=[Change(1, (line.encode(),), ())]))


@pytest.mark.parametrize("line", ["important()", "user = 1", "packages = []", "const x = f()", "@guard", "includes()"])
def test_what_does_more(line):
    """
    Anything else at the margin may be about all of the file.
    """
    assert ((1, 6),) == near("a.js", b"f()\ng()\n\n\nh()\n", Compared(changes=[Change(1, (line.encode(),), ())]))


@pytest.mark.parametrize(
    "key",
    ["image", "tag", "newTag", "version", "appVersion", "targetRevision", "app.kubernetes.io/version", "helm.sh/chart"],
)
def test_versions(key):
    """
    What every release changes decides about nothing else; a longer name is another one.
    """
    names = (key, f"{key}s", f"x{key}")
    one, other, longer = (Change(0, (f"  {n}: 1\n".encode(),), (f"  {n}: 2\n".encode(),)) for n in names)

    assert not matters("a.yaml", one)
    assert matters("a.yaml", other)
    assert matters("a.yaml", longer)


@pytest.mark.parametrize(
    ("suffixes", "comment", "other"),
    [
        ("yaml yml py rb tf tfvars hcl sh toml properties ini ex exs", b"# a", b"// a"),
        ("js jsx ts tsx go java kt cs rs php swift scala dart", b"// a", b"# a"),
    ],
)
def test_comments(suffixes, comment, other):
    """
    Each kind of file has its own sign.
    """
    for suffix in suffixes.split():
        assert not matters(f"a.{suffix}", Change(0, (comment,), ()))
        assert matters(f"a.{suffix}", Change(0, (other,), ()))
