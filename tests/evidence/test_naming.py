"""What is set aside by a folder's name, and counts all the same because something in force takes it from there."""

from __future__ import annotations

import pytest

from orchestrator.evidence.naming import MAX_BYTES, settled
from orchestrator.evidence.tree import MemoryTree

APP = {"app/main.py": "print(1)\n"}


def roles(files: dict[str, str]) -> dict[str, str]:
    return {file.path: file.role for file in settled(MemoryTree({**APP, **files}))}


class TestSettled:
    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("Dockerfile", "FROM scratch\nCOPY legacy /srv\n"),
            ("Dockerfile", "FROM scratch\nCOPY --chown=1 legacy/ /srv\n"),
            ("Dockerfile", "FROM scratch\nCOPY ./legacy/k8s/web.yaml /srv\n"),
            ("compose.yaml", "services:\n  web:\n    build: legacy\n"),
            ("compose.yaml", "services:\n  web:\n    build: {context: ./legacy}\n"),
            (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - run: kubectl apply -f legacy/k8s\n"),
            (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - working-directory: legacy\n"),
            (".gitlab-ci.yml", "a:\n  script: [cd legacy && make]\n"),
            ("Makefile", "deploy:\n\tkubectl apply -f legacy/k8s/web.yaml\n"),
            ("Makefile", "deploy:\n\tcd legacy && make\n"),
            ("kustomization.yaml", "resources:\n  - legacy/k8s\n"),
            ("deploy/kustomization.yaml", "resources:\n  - ../legacy\n"),
            ("chart/Chart.yaml", "dependencies:\n  - repository: file://../legacy\n"),
            ("main.tf", 'module "a" {\n  source = "./legacy/k8s"\n}\n'),
            ("package.json", '{"workspaces": ["web", "legacy"]}\n'),
            ("pom.xml", "<modules><module>legacy</module></modules>\n"),
        ],
    )
    def test_what_takes(self, path: str, text: str) -> None:
        """
        A build, a pipeline, a chart or a module that names the folder, or what lies in it, makes it count.
        """
        assert "aside" == roles({"legacy/k8s/web.yaml": "a: 1\n"})["legacy/k8s/web.yaml"]
        assert "infra" == roles({"legacy/k8s/web.yaml": "a: 1\n", path: text})["legacy/k8s/web.yaml"]

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("Dockerfile", "FROM scratch\n# COPY legacy /srv\n"),
            ("Dockerfile", "FROM scratch\nCOPY . /srv\n"),
            ("Dockerfile", "FROM scratch\nCOPY legacy/k8s/other.yaml /srv\n"),
            ("Dockerfile", "FROM scratch\nLABEL name=legacy\n"),
            (".github/workflows/ci.yml", "on:\n  push:\n    paths-ignore: [legacy/k8s]\n"),
            (".github/workflows/ci.yml", "on:\n  push:\n    paths:\n      - 'legacy/**'\n"),
            (".github/workflows/ci.yml", "name: legacy\njobs: {}\n"),
            ("README.md", "See legacy/k8s/web.yaml\n"),
            ("examples/Makefile", "deploy:\n\tcd ../legacy\n"),
            ("legacy/Makefile", "deploy:\n\tkubectl apply -f k8s/web.yaml\n"),
            ("deploy/kustomization.yaml", "resources:\n  - ../legacy-two\n"),
            ("Makefile", "deploy:\n\tcd legacy\n" + "#" * MAX_BYTES),
            ("Makefile", "deploy:\n\tcd legacy #" + "x" * 2_000),
        ],
    )
    def test_what_does_not(self, path: str, text: str) -> None:
        """
        A remark, a name, what is left out, another path, prose, and what is set aside itself take nothing.
        """
        assert "aside" == roles({"legacy/k8s/web.yaml": "a: 1\n", path: text})["legacy/k8s/web.yaml"]

    def test_no_more_than_what_is_named(self) -> None:
        """
        A part of a folder that is taken does not bring the rest along.
        """
        files = {"legacy/a/x.yaml": "a: 1\n", "legacy/b/x.yaml": "a: 1\n", "Dockerfile": "FROM a\nCOPY legacy/a /srv\n"}

        assert {"legacy/a/x.yaml": "config", "legacy/b/x.yaml": "aside"} == {
            path: role for path, role in roles(files).items() if path.startswith("legacy")
        }

    @pytest.mark.parametrize(
        ("line", "role"),
        [
            ("from legacy.tax import vat", "source"),
            ("import legacy", "source"),
            ("from shop import legacy_tax", "aside"),
            ("legacy = 1", "aside"),
            ("# from legacy import tax", "aside"),
        ],
    )
    def test_what_is_imported(self, line: str, role: str) -> None:
        """
        A program that another one imports is no less a part of it for its name.
        """
        assert role == roles({"legacy/tax.py": "vat = 1\n", "app/pay.py": line + "\n"})["legacy/tax.py"]

    def test_the_only_program(self) -> None:
        """
        Where all programs are set aside, they are what there is; a script beside them is none.
        """
        files = MemoryTree({"legacy/app.py": "print(1)\n", "legacy/k8s/web.yaml": "a: 1\n", "run.sh": "true\n"})

        assert ["source", "infra", "source"] == [file.role for file in settled(files)]

    def test_nothing_is_read_where_nothing_is_set_aside(self) -> None:
        """
        A tree without such folders is not read for them, and stays as it is.
        """
        tree = MemoryTree({**APP, "Dockerfile": "FROM scratch\nCOPY legacy /srv\n"})
        tree.read = None  # type: ignore[method-assign, assignment]  # nobody may call it

        assert tree.entries is settled(tree)
