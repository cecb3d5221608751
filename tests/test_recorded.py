"""Runs that earlier versions recorded stay genuine, and come to the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.archive import opened
from orchestrator.replaying import replay, verify

ARCHIVES = sorted((Path(__file__).parent / "recorded").glob("*.run.zip"))


def test_some_are_kept() -> None:
    """
    There are runs to hold this version to.
    """
    assert ARCHIVES


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name.removesuffix(".run.zip"))
class TestRecorded:
    def test_genuine(self, archive):
        """
        Chain, blobs and derived files hold.
        """
        with opened(Path("nowhere"), str(archive)) as record:
            assert verify(record)

    def test_reproduced(self, archive):
        """
        Verdict and report are derived to the bytes that the version of that time wrote.
        """
        with opened(Path("nowhere"), str(archive)) as record:
            assert record.name == replay(record).run.id
