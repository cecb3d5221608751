"""What a run withholds of what the search of the history has found."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.engine.learning import learn
from orchestrator.evidence.facts.secrets import SecretHistory, Secrets
from orchestrator.evidence.past.request import asked_of
from orchestrator.evidence.past.search import search
from orchestrator.evidence.snapshot import open_snapshot
from orchestrator.redaction import redact, withholding
from tests.repositories import git, repository

VALUE = "k3Jx9" + "QwzLm7Tb2Vn"
LINE = f"DB_PASS{'WORD'}={VALUE}\n"


def found_in(repo: Path) -> SecretHistory:
    request = asked_of(open_snapshot(repo))
    assert request is not None
    return search(request)


class TestLearn:
    @pytest.mark.parametrize(
        ("path", "content"),
        [(".env", LINE.encode()), (".env", LINE.encode("utf-16-le")), ("b\nc.env", b"A=1\0\n" + LINE.encode())],
        ids=["text", "utf-16", "an odd path and a NUL byte"],
    )
    def test_what_history_holds(self, path, content, tmp_path):
        """
        A password of the history is withheld where nothing gives it away, whatever its path and bytes are.
        """
        repo = repository(tmp_path / "shop", {path: content, "a": "1"}, {path: ""})
        with withholding(b"k" * 32):
            found = found_in(repo)
            assert redact(VALUE) == VALUE
            learn(open_snapshot(repo), Secrets(), found)

            assert VALUE not in redact(f"it was {VALUE}")

    def test_a_record_of_before(self, tmp_path):
        """
        A fact that names no object, as in a run that an older version began, is found by commit and path.
        """
        repo = repository(tmp_path / "shop", {".env": LINE, "a": "1"}, {".env": ""})
        with withholding(b"k" * 32):
            found = found_in(repo)
            old = found.model_copy(update={"found": tuple(c.model_copy(update={"object": ""}) for c in found.found)})
            learn(open_snapshot(repo), Secrets(), old)

            assert VALUE not in redact(f"it was {VALUE}")
        assert git(repo, "rev-parse", "HEAD~1") == old.found[0].commit
