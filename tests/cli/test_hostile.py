"""Files that are malformed, empty, odd, huge or bait are judged within bounds; what was not read never passes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import pytest

from orchestrator.evidence.extract import extract
from orchestrator.evidence.facts.secrets import Secrets
from orchestrator.evidence.reader import STUMBLED
from orchestrator.evidence.tree import MemoryTree
from tests.cli import hostile
from tests.cli.command import confined, judged
from tests.repositories import SHOP, write
from tests.sampling import WHOLE, drawn

Files = Mapping[str, str | bytes]
GOOD: Files = SHOP | {
    "k8s/shop.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 3\n  template:\n    spec:\n"
        "      containers:\n        - name: shop\n          image: shop:1.2.3\n          resources:\n"
        "            limits: {cpu: 1, memory: 1Gi}\n            requests: {cpu: 1, memory: 1Gi}\n"
    )
}


def everywhere(content: bytes) -> Files:
    return dict.fromkeys(hostile.NAMES, content)


def large() -> Files:
    """One line of ten million bytes, and one just below what is read, in formats that are found so in repositories."""
    pieces = {
        "app.js": b"a(b);", "data.json": b'[1,"a",{"b":2}],', "style.css": b"a{b:c}",
        "db/dump.sql": b"INSERT INTO a VALUES (1);",
        "k8s/all.yaml": b"a: [1,2],", "index.html": b"<div><input></div>", "run.py": b"a(b);", "main.tf": b"a = [1] ",
        "docs/a.md": b"[a](b) ", "a.rb": b"a b; ", "pom.xml": b"<a>b</a>", "pyproject.toml": b'a = "b" ',
    }  # fmt: skip
    sizes = {"huge": 10_000_000, "big": 4_999_000}
    return {f"{k}/{name}": p * (size // len(p)) for k, size in sizes.items() for name, p in pieces.items()}


def tiny() -> Files:
    endings = ("py", "js", "yaml", "tf", "sql", "md", "json")
    return {f"d{n % 70}/f{n}.{endings[n % 7]}": "x = 1\n" for n in range(5_000)}


def encoded() -> Files:
    """Windows' and other people's encodings, by turns."""
    coats: tuple[Callable[[str], bytes], ...] = (
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        lambda text: ("# caf\xe9 \x85\n" + text).encode("latin-1"),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: b"\xff\xfe" + text.encode(),
        lambda _: bytes(range(1, 256)) * 20,
    )
    return {name: coats[n % len(coats)](hostile.malformed(name).decode()) for n, name in enumerate(hostile.NAMES)}


def shapes() -> Files:
    """Documents that are well-formed and of no shape that anybody expects."""
    values = ("null", "1", '"x"', "[]", "[[1]]", '{"": null}', "true", "1e999", '"\\ud800"', "[" * 60 + "]" * 60)
    names = [name for name in hostile.NAMES if name.endswith((".json", ".yaml", ".yml", ".ndjson", ".nycrc"))]
    files: dict[str, str | bytes] = {}
    for number, value in enumerate(values):
        body = "{" + ", ".join(f'"{key}": {value}' for key in hostile.KEYS) + "}"
        inner = "{" + ", ".join(f'"{key}": {{"name": {value}, "steps": [{value}]}}' for key in hostile.KEYS) + "}"
        files |= {f"{number}/{name}": inner if n % 2 else body for n, name in enumerate(names)}
        files |= {f"i{number}/{name}": body if n % 2 else inner for n, name in enumerate(names)}
        files[f"k8s/{number}.yaml"] = "\n---\n".join(
            f'{{"apiVersion": "v1", "kind": "{kind}", "metadata": {value}, "spec": {value}, "data": {value}}}'
            for kind in hostile.KINDS
        )
    return files


def bombs() -> Files:
    xml = (".xml", ".csproj", ".props", ".jmx")
    text = b"a: &a '" + b"x" * 400_000 + b"'\nb: [" + b"*a, " * 20_000 + b"]\n"
    return {
        **{name: hostile.entity_bomb() if name.endswith(xml) else hostile.alias_bomb() for name in hostile.NAMES},
        "k8s/text.yaml": b"apiVersion: v1\nkind: ConfigMap\n" + text,
        "ci/.gitlab-ci.yml": b"b:\n  script:\n"
        + b"    - x\n" * 20_000
        + b"".join(b"j%d: {extends: b}\n" % n for n in range(20_000)),
        "extends/.gitlab-ci.yml": b"j: {script: x, extends: [" + b",".join(b"j%d" % n for n in range(50_000)) + b"]}\n",
    }


TREES: dict[str, Callable[[], Files]] = {
    "malformed": lambda: {name: hostile.malformed(name) for name in hostile.NAMES},
    "empty": lambda: everywhere(b""),
    "blank": lambda: everywhere(b"\n \t\r\n" * 50),
    "nothing but NUL": lambda: everywhere(b"\0" * 500),
    "encodings": encoded,
    "shapes": shapes,
    "bombs": bombs,
    "nested": lambda: hostile.nested(1_000_000),
    "bait": lambda: dict(hostile.bait(1_000)),
    "blanks": lambda: everywhere(b"password" + b" " * 60_000 + b"x" + b"\t" * 60_000 + b"=" + b"\n" * 60_000 + b"'"),
    "large": large,
    "tiny": tiny,
}


def form(file: tuple[str, str | bytes]) -> object:
    """What *file* is to whoever reads it."""
    return os.path.splitext(file[0])[1] or os.path.basename(file[0])


KINDS: dict[str, Callable[[tuple[str, str | bytes]], object]] = {
    "bombs": lambda file: (form(file), file[1]),
    "large": lambda file: file[0].partition("/")[0],
}
"""What is another kind of file in a tree, where that is not :func:`form`: one of each is there every time."""


class TestTrees:
    @WHOLE
    @pytest.mark.parametrize("case", TREES)
    def test_is_judged(self, tmp_path, case, whole):
        """
        Whatever stands in its files, a tree is judged within a minute and two gigabytes, and nobody stumbles.
        """
        files = TREES[case]()
        write(tmp_path / "shop", files if whole else dict(drawn(files.items(), 3, kind=KINDS.get(case, form))))
        judged(confined(tmp_path, "review", "shop", "--format", "json", "--progress", "none", "-q"))

    def test_what_was_not_read_does_not_pass(self, tmp_path):
        """
        Each pass of a good tree goes when files that it would have needed cannot be made sense of.
        """
        found = []
        spoiled: dict[str, str | bytes] = {f"x/{n}": hostile.malformed(n) for n in hostile.NAMES}
        for name, files in (("good", GOOD), ("spoiled", {**GOOD, **spoiled})):
            write(tmp_path / name, files)
            found.append(judged(confined(tmp_path, "review", name, "--format", "json", "--progress", "none")))
        passes = [c for c, a in found[0].items() if a["status"] == "pass"]

        assert passes
        for criterion in passes:
            if found[1][criterion]["status"] == "pass":
                assert "could not" not in found[1][criterion]["reason"]
                assert "k8s" not in str(found[1][criterion]["findings"])


MANIFEST = "apiVersion: v1\nkind: Pod\n"
UNREAD: dict[str, tuple[str, bytes]] = {
    "malformed YAML": ("k8s/a.yaml", MANIFEST.encode() + b"a: ["),
    "not UTF-8": ("k8s/a.yaml", MANIFEST.encode() + b"a: caf\xe9\n"),
    "NUL": ("k8s/a.yaml", b"\0" * 100),
    "UTF-16 without its mark": ("k8s/a.yaml", MANIFEST.encode("utf-16-le")),
    "too large": ("k8s/a.yaml", MANIFEST.encode() + b"#" * 5_000_000),
    "Git LFS": ("k8s/a.yaml", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"),
    "aliases": ("k8s/a.yaml", MANIFEST.encode() + hostile.alias_bomb()),
    "long keys": ("k8s/a.yaml", MANIFEST.encode() + hostile.nested(1)["k8s/keys.yaml"]),
    "HCL": ("main.tf", b'resource "a" "b" {\n'),
    "blanks in HCL": ("main.tf", b"password" + b" " * 100_000),
    "slow HCL": ("main.tf", b"a = {" + b"a{}\n" * 50_000),
    "long names in HCL": ("main.tf", hostile.nested(1)["keys.tf"]),
    "half a surrogate pair": ("package.json", b'{"name": "\\ud800"}'),
    "NaN": ("package.json", b'{"name": NaN}'),
    "a key of many parts": ("pyproject.toml", b"a." * 50_000 + b"a = 1"),
    "entities": ("pom.xml", hostile.entity_bomb()),
    "workflow": (".github/workflows/a.yaml", b"on: [push\n"),
    "compose": ("compose.yaml", b"services: {a: ["),
    "migration": ("shop/migrations/0001_a.py", b"class Migration(migrations.Migration:\n"),
    "source": ("src/a.py", b"\0" * 100),
}


class TestReaders:
    @pytest.mark.parametrize("case", UNREAD)
    def test_says_what_it_lacks(self, case):
        """
        A file that a reader wanted and could not read is a problem of its fact, so that no pass rests on the rest.
        """
        path, data = UNREAD[case]
        problems = [str(p) for fact in extract(MemoryTree({path: data}), ()).values() for p in fact.problems]

        assert [p for p in problems if p.startswith(path)], problems
        assert not [p for p in problems if STUMBLED in p]

    def test_a_secret_in_utf_16(self):
        """
        A credential is found in files as Windows writes them.
        """
        token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
        for encoding in ("utf-16", "utf-32", "utf-8-sig"):
            facts = extract(MemoryTree({"deploy.ps1": f'\ufeff$token = "{token}"\r\n'.encode(encoding)}), ())
            (secrets,) = (fact for fact in facts.values() if isinstance(fact, Secrets))

            assert ["github-token"] == [c.kind for c in secrets.found]
