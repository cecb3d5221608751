"""What becomes of what a fact has no room for: it is said, so that nothing passes on the rest."""

from __future__ import annotations

import importlib

import pytest

from orchestrator.domain.fact import Fact
from orchestrator.evidence.credentials import credentials
from orchestrator.evidence.extract import readers
from orchestrator.evidence.facts.markup import Markup
from orchestrator.evidence.facts.pipelines import Pipelines
from orchestrator.evidence.facts.secrets import Secrets
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.tree import MemoryTree, entry

READERS = "orchestrator.evidence.readers."
SHARED = "ci._shared"
STEPS = "      - run: make\n"
WORKFLOW = ".github/workflows/ci.yml"
JOB = "  {}:\n    runs-on: ubuntu-latest\n    steps:\n"
ONE_JOB = "on: push\njobs:\n" + JOB.format("a")
SERVER = 'import "net/http"\n\nfunc main() {\n\thttp.HandleFunc("/a", a)\n\thttp.HandleFunc("/b", b)\n}\n'
RULE = "      - alert: Down{0}\n        expr: up == {0}\n"
RULES = "groups:\n  - name: g\n    rules:\n"
PAGE = '<html lang="en"><head><title>a</title></head><img src="a.png"><img src="b.png"></html>\n'
COVERAGE = "[report]\nfail_under = 80\n"
SIZES = '[{"resourceSizes": [{"resourceType": "script", "budget": 9}, {"resourceType": "image", "budget": 9}]}]'
GITLAB = "{0}:\n  script: [make]\n"

LIMITS = [
    (
        "pipelines",
        SHARED,
        "MAX_JOBS",
        {WORKFLOW: f"on: push\njobs:\n{JOB.format('a')}{STEPS}{JOB.format('b')}{STEPS}"},
    ),
    ("pipelines", SHARED, "MAX_STEPS", {WORKFLOW: ONE_JOB + STEPS * 2}),
    ("pipelines", SHARED, "MAX_TEXT", {WORKFLOW: ONE_JOB + "      - run: a\n" * 2}),
    ("pipelines", SHARED, "MAX_RUN", {WORKFLOW: ONE_JOB + STEPS}),
    ("pipelines", SHARED, "MAX_PATHS", {WORKFLOW: ONE_JOB.replace("push", "{push: {paths: [a, b]}}") + STEPS}),
    ("pipelines", SHARED, "MAX_JOBS", {".gitlab-ci.yml": GITLAB.format("a") + GITLAB.format("b")}),
    ("pipelines", SHARED, "MAX_STEPS", {"Jenkinsfile": "stage('a') {\n sh 'make'\n sh 'make test'\n}\n"}),
    ("pipelines", SHARED, "MAX_STEPS", {".travis.yml": "script: [make, make test]\n"}),
    ("manifests", "_manifests", "MAX_DEPENDENCIES", {"package.json": '{"dependencies": {"a": "1", "b": "1"}}'}),
    ("alerts", "monitoring", "MAX_RULES", {"prometheus/rules.yml": RULES + RULE.format(0) + RULE.format(1)}),
    ("routes", "routes", "_KEPT", {"app.py": "@app.get('/a')\ndef a(): ...\n\n@app.get('/b')\ndef b(): ...\n"}),
    ("routes", "routes", "_KEPT", {"main.go": SERVER}),
    ("documents", "documents", "MAX_DOCUMENTS", {"a.md": "# A\n", "b.md": "# B\n"}),
    ("documents", "documents", "MAX_DOCUMENTS", {"a.md": "# A\n", "b/c/d.md": "# B\n"}),
    ("budgets", "budgets", "MAX_OF_A_FILE", {"budget.json": SIZES}),
    ("testsuites", "testsuites", "MAX_RULES", {".coveragerc": COVERAGE, "b/.coveragerc": COVERAGE}),
    ("markup", "markup", "MAX_BYTES", {"index.html": PAGE}),
    ("markup", "markup", "MAX_PAGES", {"a.html": PAGE, "index.html": PAGE}),
    ("markup", "markup", "MAX_PAGES", {"a.erb": PAGE, "b.jinja2": PAGE}),
    ("markup", "orchestrator.formats.tags", "MAX_TAGS", {"index.html": PAGE}),
]


def named(name: str, files: dict[str, str]) -> Fact:
    return read_tree(MemoryTree(files), readers(()))[Fact.known[name]]


class TestLeftOut:
    @pytest.mark.parametrize(
        ("fact", "module", "limit", "files"), LIMITS, ids=[f"{x[2]} {list(x[3])[-1]}" for x in LIMITS]
    )
    def test_is_a_problem(self, fact, module, limit, files, monkeypatch):
        """
        More than there is room for is a problem of the fact, and of its last file.
        """
        path = max(files)
        whole = named(fact, files)
        monkeypatch.setattr(
            importlib.import_module(module if module.startswith("orchestrator.") else READERS + module), limit, 1
        )
        cut = named(fact, files)

        assert () == whole.problems
        assert [path] == [problem.path for problem in cut.problems]
        assert " 1 " in cut.problems[0].reason

    def test_what_there_is_room_for_is_kept(self, monkeypatch):
        """
        A pipeline with too many steps is a pipeline still.
        """
        monkeypatch.setattr(f"{READERS}ci._shared.MAX_STEPS", 1)
        fact = named("pipelines", {WORKFLOW: ONE_JOB + STEPS * 2})

        assert isinstance(fact, Pipelines)
        assert [1] == [len(job.steps) for pipeline in fact.files for job in pipeline.jobs]
        assert fact.problems

    def test_pages_before_the_limit_are_kept(self, monkeypatch):
        """
        The first page is in the fact although there is no room for the second.
        """
        monkeypatch.setattr(f"{READERS}markup.MAX_PAGES", 1)
        fact = named("markup", {"a.html": PAGE, "index.html": PAGE})

        assert isinstance(fact, Markup)
        assert ["a.html"] == [page.path for page in fact.pages]


class TestCredentials:
    WEAK = "".join(f"db_password = 'aaab{n}aab'\n" for n in range(10, 60))
    SURE = "key = 'AKI" + "AQ7ZK2WM4XC5VB3NT'\n"

    def test_weak_ones_do_not_hide_a_sure_one(self):
        """
        However many weakly shaped ones stand before it in its file.
        """
        text = self.WEAK + self.SURE
        found = credentials(entry("shop/settings.py", len(text)), text.encode())

        assert 20 == sum(c.confidence == "low" for c in found)
        assert ["aws-access-key"] == [c.kind for c in found if c.confidence == "high"]

    def test_those_of_tests_do_not_hide_those_of_production(self, monkeypatch):
        """
        Weak ones in production leave something open, however many stand in tests.
        """
        monkeypatch.setattr(f"{READERS}secrets._KEPT", 3)
        fact = named("secrets", {"a/tests/test_a.py": self.WEAK, "shop/settings.py": self.WEAK})

        assert isinstance(fact, Secrets)
        assert ["shop/settings.py"] * 3 == [c.source.path for c in fact.found if c.role != "test"]
