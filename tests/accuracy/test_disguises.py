"""Each disguise writes a tree differently, and leaves alone what it would change the meaning of."""

from __future__ import annotations

import json

import pytest
import yaml

from orchestrator.domain.finding import Status
from tools.accuracy import renaming as module
from tools.accuracy.disguises import WAYS
from tools.accuracy.judging import Judgement
from tools.accuracy.renaming import disguised, renaming
from tools.accuracy.trees import Known, examples

BY_NAME = {way.name: way for way in WAYS}
WEB = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n    - {name: http, port: 80}\n"
SAID = "in this order since the first day"


def written(way: str, **files: str) -> dict[str, str] | None:
    """The files, ``__`` for a slash and ``_0`` for a dot in their names, in another way."""
    tree = {name.replace("__", "/").replace("_0", "."): text for name, text in files.items()}
    found = disguised(tree, BY_NAME[way])
    return None if found is None else {path: str(text) for path, text in found.items()}


class TestComments:
    @pytest.mark.parametrize(
        ("path", "text", "new"),
        [
            ("a.py", "x = 1\n", f"# {SAID}\n\nx = 1\n# {SAID}\n"),
            ("a.py", "#!/usr/bin/python3\nx = 1\n", f"#!/usr/bin/python3\n# {SAID}\n\nx = 1\n# {SAID}\n"),
            ("a.go", "package a", f"// {SAID}\n\npackage a\n// {SAID}\n"),
            ("a.php", "<?php\necho 1;\n", f"<?php\n// {SAID}\n\necho 1;\n// {SAID}\n"),
            ("a.sql", "SELECT 1;\n", f"-- {SAID}\n\nSELECT 1;\n-- {SAID}\n"),
            ("Dockerfile", "# syntax=docker/dockerfile:1\nFROM a\n",
             f"# syntax=docker/dockerfile:1\n# {SAID}\n\nFROM a\n# {SAID}\n"),
        ],
    )  # fmt: skip
    def test_stand_above_and_below(self, path: str, text: str, new: str) -> None:
        """
        A comment opens and closes a file, below the lines that have to be its first.
        """
        assert {path: new} == disguised({path: text}, BY_NAME["comments added"])

    @pytest.mark.parametrize("path", ["a.json", "a.md", "Procfile", "a.csv", "empty.py"])
    def test_where_there_are_none(self, path: str) -> None:
        """
        A format without comments, or a file with nothing in it, stays as it is.
        """
        assert disguised({path: "" if "empty" in path else "x"}, BY_NAME["comments added"]) is None


class TestLineEnds:
    def test_are_others(self) -> None:
        """
        Every line ends differently, but in what a shell or make reads, which would break.
        """
        tree = {"a.py": "a\nb\n", "run.sh": "a\n", "Makefile": "a:\n\tb\n", "bin/x": "#!/bin/sh\na\n", ".env": "A=1\n"}

        assert {**tree, "a.py": "a\r\nb\r\n"} == disguised(tree, BY_NAME["CRLF"])


class TestData:
    def test_keys_in_another_order(self) -> None:
        """
        Mappings are turned round, lists are not, and what is said is the same.
        """
        found = written("keys in another order", k8s__web_0yaml=WEB, a_0json='{"a": 1, "b": [1, 2]}')

        assert found is not None
        assert '{\n  "b": [\n    1,\n    2\n  ],\n  "a": 1\n}\n' == found["a.json"]
        assert yaml.safe_load(WEB) == yaml.safe_load(found["k8s/web.yaml"])
        assert found["k8s/web.yaml"].startswith("spec:")

    def test_a_workflow_keeps_its_trigger(self) -> None:
        """
        The key that YAML takes for a truth value is written as it was.
        """
        found = disguised(
            {".github/workflows/ci.yml": "on: push\njobs: {a: {steps: []}}\n"}, BY_NAME["keys in another order"]
        )

        assert found is not None
        assert "'on': push" in str(found[".github/workflows/ci.yml"]).replace('"', "'")

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("k8s/a.yaml", WEB + "# why\n"),
            ("chart/templates/a.yaml", WEB.replace("web", "{{ .Values.name }}")),
            ("cf.yaml", "Resources:\n  A: !Ref B\n"),
            ("a.yaml", "a: [\n"),
            ("a.json", "{"),
        ],
    )
    def test_what_would_be_lost(self, path: str, text: str) -> None:
        """
        Comments, templates, tags and what cannot be read are left as they are.
        """
        assert disguised({path: text}, BY_NAME["keys in another order"]) is None

    def test_yaml_as_json(self) -> None:
        """
        JSON is YAML, document by document.
        """
        found = written("YAML written as JSON", k8s__web_0yaml=WEB + "---\n" + WEB, values_0yaml="a: 1\n")

        assert found is not None
        assert list(yaml.safe_load_all(WEB + "---\n" + WEB)) == list(yaml.safe_load_all(found["k8s/web.yaml"]))
        assert found["k8s/web.yaml"].startswith("{")
        assert "a: 1\n" == found["values.yaml"]

    def test_manifests_in_json(self) -> None:
        """
        A manifest that nobody names lies in a file of JSON; a kustomization names its own.
        """
        found = written("manifests in .json", k8s__web_0yaml=WEB, k8s__db_0yaml=WEB, notes_0txt="see db.yaml")

        assert found is not None
        assert {"k8s/web.json", "k8s/db.yaml", "notes.txt"} == set(found)
        assert yaml.safe_load(WEB) == json.loads(found["k8s/web.json"])
        assert written("manifests in .json", k8s__kustomization_0yaml=WEB) is None

    def test_templates_in_yaml(self) -> None:
        """
        A template of CloudFormation is YAML or JSON.
        """
        found = written("templates in .yaml", cf_0json='{"Resources": {"A": {"Type": "B"}}}', package_0json="{}")

        assert found is not None
        assert {"cf.yaml", "package.json"} == set(found)
        assert {"Resources": {"A": {"Type": "B"}}} == yaml.safe_load(found["cf.yaml"])


class TestPlaces:
    def test_folders(self) -> None:
        """
        A folder goes to another of its role, with all that is in it.
        """
        assert {"store/a.py": "1", "store/x/b.py": "2", "web/c.py": "3"} == written(
            "folders moved within their role", shop__a_0py="1", shop__x__b_0py="2", web__c_0py="3"
        )

    @pytest.mark.parametrize(
        "more", [{"web__c_0py": "from shop import a"}, {"store__z_0py": ""}, {"run_0sh": "ls shop/a"}]
    )
    def test_folders_that_are_named(self, more: dict[str, str]) -> None:
        """
        What others name stays, and nothing goes where something is.
        """
        assert written("folders moved within their role", shop__a_0py="1", **more) is None

    def test_files(self) -> None:
        """
        A file of a kind that is read whatever its name takes one that says nothing.
        """
        found = written(
            "neutral file names", infra__backups_0tf="# x\n", k8s__kustomization_0yaml=WEB, k8s__web_0yaml=WEB,
            infra__main_override_0tf="# y\n", shop__auth_0py="",
        )  # fmt: skip

        assert found is not None
        assert {
            "infra/part1.tf",
            "k8s/kustomization.yaml",
            "k8s/part4.yaml",
            "infra/main_override.tf",
            "shop/auth.py",
        } == set(found)


class TestNames:
    def test_functions(self) -> None:
        """
        A function that only its own language names takes a name that says nothing, wherever it is called.
        """
        assert {
            "a.py": "def part1(x):\n    return x\n",
            "b.py": "from a import *\nprint(part1(1))\n",
            "c.go": "package c\n\nfunc part2() {}\n",
        } == written(
            "neutral names of functions",
            a_0py="def purge_old(x):\n    return x\n",
            b_0py="from a import *\nprint(purge_old(1))\n",
            c_0go="package c\n\nfunc drain() {}\n",
        )

    @pytest.mark.parametrize(
        "files",
        [
            {"a_0py": "def upgrade():\n    pass\n"},
            {"a_0py": "def test_it():\n    pass\n"},
            {"a_0py": "def load(x):\n    return json.load(x)\n"},
            {"a_0py": "def drain():\n    pass\n\nsignal(handler='drain')\n"},
            {"a_0py": "def drain():\n    pass\n\nstart(drain=1)\n"},
            {"a_0py": "def drain():\n    pass\n", "a_0yaml": "handler: a.drain\n"},
            {"a_0ts": "export function drain() {}\n"},
            {"a_0ts": "function drain() {}\nimport {drain} from 'x'\n"},
        ],
    )
    def test_that_something_else_knows(self, files: dict[str, str]) -> None:
        """
        A name by which a framework, another file, a text or an attribute goes is kept.
        """
        assert written("neutral names of functions", **files) is None


class TestRenaming:
    tree = next(t for t in examples() if t.name == "monitoring-validator.alerting.error-rate-alert[flagged 0]")

    def test_tells_flips_and_losses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        A status that turns round is a flip, one that is lost is told apart, and what stays is counted.
        """
        stays = renaming([self.tree], at_once=1)
        assert stays.tried > 2
        assert {} == stays.counts()

        for says, kind in ((Status.PASS, "flips"), (Status.UNKNOWN, "becomes unknown")):
            monkeypatch.setattr(module, "judged", lambda files, criteria, says=says: self.with_status(says))
            trial = renaming([self.tree], at_once=1)

            assert {kind} == {name.partition(":")[0] for name in trial.counts()}
            assert f"fail → {says}" in next(trial.told())

    def with_status(self, status: Status) -> Judgement:
        before = self.tree.judgement
        return Judgement({c: a.model_copy(update={"status": status}) for c, a in before.by.items()})

    def test_asks_only_about_what_was_told(self) -> None:
        """
        A tree that does not say what its side is for cannot lose it.
        """
        silent = Known("x", "case", "clean", self.tree.criteria, self.tree.files)

        assert Status.FAIL is silent.judgement.status("OBS-4.3.2")
        assert 0 == renaming([silent], at_once=1).tried
