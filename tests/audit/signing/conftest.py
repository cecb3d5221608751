"""A finished run and three people's keys for tests of the signing room."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from orchestrator.audit.signing import KeyPair, generate


class Keys(NamedTuple):
    """Three people's."""

    ann: KeyPair
    bob: KeyPair
    eve: KeyPair


@pytest.fixture(scope="module")
def finished(reviewed_shop: Path) -> Path:
    return reviewed_shop


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    return Keys(*(generate(folder / name) for name in Keys._fields))


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    """A copy of the run, unsigned."""
    return shutil.copytree(finished, tmp_path / finished.name)
