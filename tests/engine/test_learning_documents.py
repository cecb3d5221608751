"""Checks that a run learns what its tree keeps secret, within bounds that it tells."""

from __future__ import annotations

import pytest

from orchestrator.domain.release import Release
from orchestrator.engine import learning
from orchestrator.evidence.facts.secrets import SecretHistory, Secrets
from orchestrator.evidence.snapshot import Snapshot
from orchestrator.evidence.tree import MemoryTree
from orchestrator.redaction import redact, withholding
from tests.journal.matrix import P

VALUE = "Quartz" + "Heron!7x2"
TREE = {f"{'sub/' * depth}a{depth}.yaml": f"db_{P}: '{VALUE}{depth}'\n" for depth in range(4)}


def learned(files: dict[str, str]) -> list[str]:
    """What is said of four values after a run has learned from *files*."""
    snapshot = Snapshot(Release(name="a", version="1", tree="t"), MemoryTree(files), len(files), (), None)
    with withholding(b"k" * 32):
        learning.learn(snapshot, Secrets(), SecretHistory())
        return [redact(f"see {VALUE}{depth} there") for depth in range(4)]


class TestDocuments:
    def test_what_documents_say(self):
        """
        A value that only its document says is secret is withheld where it is repeated without one.
        """
        said = learned(TREE)

        assert [1] * 4 == [text.count("[withheld ") for text in said]

    def test_is_bounded(self, monkeypatch):
        """
        The outermost documents come first; the others are told by line and shape alone.
        """
        monkeypatch.setattr(learning, "MAX_DOCUMENTS", 2)
        said = learned(TREE)

        assert [1, 1, 0, 0] == [text.count("[withheld ") for text in said]
        with withholding():
            assert VALUE not in redact(TREE["sub/sub/sub/a3.yaml"])

    def test_says_so(self, monkeypatch):
        """
        What was left out is said in the diagnostics.
        """
        said: list[dict[str, object]] = []

        class Log:
            def warning(self, _text: str, **more: object) -> None:
                said.append(more)

        monkeypatch.setattr(learning, "_log", Log())
        monkeypatch.setattr(learning, "MAX_BYTES", 70)
        learned(TREE)

        assert [{"documents": 2, "values": 0}] == said

    @pytest.mark.parametrize("path", ["a.env", "k8s/a.yaml", "Dockerfile"])
    def test_is_learned_from_each_format(self, path):
        """
        Lines teach as well.
        """
        text = {"a.env": f"DB_{P.upper()}={VALUE}0\n", "Dockerfile": f"FROM a\nRUN mytool --{P} {VALUE}0 --now\n"}
        said = learned({path: text.get(path, f"kind: Secret\nstringData:\n  a: {VALUE}0\n")})

        assert VALUE not in said[0]
