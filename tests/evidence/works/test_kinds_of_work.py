"""Which work is missed where a command, a step or a job is not in force."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.pipelines import KINDS_OF_WORK, Pipelines
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.pipelines import PipelinesReader
from orchestrator.evidence.tree import MemoryTree
from orchestrator.evidence.works.kinds import NO_KIND, kinds_below, kinds_named

OTHER = (NO_KIND,)


class TestKinds:
    @pytest.mark.parametrize(
        ("command", "kinds"),
        [
            ("npm test", ("test",)),
            ("go build ./...", ("build",)),
            ("kubectl apply -f k8s/", ("deploy",)),
            ("npm publish", ("publish",)),
            ("alembic upgrade head", ("migrate",)),
            ("kubectl rollout undo deploy/web", ("undo",)),
            ("eslint .", OTHER),
            ("echo done", OTHER),
            ("make verify", KINDS_OF_WORK),
            ("./run.sh", KINDS_OF_WORK),
        ],
    )
    def test_of_a_command(self, command: str, kinds: tuple[str, ...]) -> None:
        """
        What may do anything may have done each of them.
        """
        assert kinds == kinds_named(command)

    @pytest.mark.parametrize(
        ("body", "kinds"),
        [
            ({"steps": [{"run": "npm test"}, {"run": "npm publish"}]}, ("test", "publish")),
            ({"script": ["npm test", ["kubectl apply -f k8s/"]]}, ("test", "deploy")),
            ({"steps": [{"uses": "actions/checkout@v4"}]}, OTHER),
            ({"steps": [{"uses": "acme/all@v1"}]}, KINDS_OF_WORK),
            ({"name": "npm test"}, KINDS_OF_WORK),
            (None, KINDS_OF_WORK),
        ],
    )
    def test_of_a_body(self, body: object, kinds: tuple[str, ...]) -> None:
        """
        All that stands to be run somewhere below it; a body of nothing may be anything.
        """
        assert kinds == kinds_below(body)


def read(text: str) -> Pipelines:
    fact = read_tree(MemoryTree({".github/workflows/ci.yml": text}), [PipelinesReader()])[Pipelines]
    assert isinstance(fact, Pipelines)
    return fact


class TestSeek:
    LINT = "on: push\njobs:\n  style: {if: vars.STYLE, steps: [{run: eslint .}]}\n"
    TEST = "on: push\njobs:\n  check: {if: vars.CHECK, steps: [{run: npm test}]}\n"

    @pytest.mark.parametrize(("text", "doubts"), [(LINT, 0), (TEST, 1)])
    def test_only_what_is_sought_is_doubted(self, text: str, doubts: int) -> None:
        """
        A job that may look at style takes nothing from who asks for tests, and says nothing to them either.
        """
        fact = read(text)
        fact.seek("test", there=False)

        assert doubts == len(fact.doubted(())) == len(fact.passed_over(()))
        assert not fact.has("test")

    def test_without_a_word_all_of_it_matters(self) -> None:
        """
        Whoever does not say what it asks for may miss anything; what is there is not missed.
        """
        fact = read(self.LINT)

        assert 1 == len(fact.doubted(()))
        fact.seek("test")
        assert fact.has("test")
        assert not fact.has("deploy")
