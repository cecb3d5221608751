"""Two runs at which many tests of the command look; who changes one changes a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import gonogo
from tests.repositories import SHOP, git, repository, write


@pytest.fixture(scope="session")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository and two runs: of its first commit, and of one that has lost its health check."""
    home = tmp_path_factory.mktemp("audit")
    shop = repository(home / "shop", SHOP)
    assert gonogo(home, "review", str(shop), "-q").code == 1
    write(shop, {"config.py": 'AWS_SECRET_ACCESS_KEY = "q7Rk2Xv9Lm4Tz8Wb1Nc6Yh3Js5Pd0FgAeUiOxKwZ"\nDEBUG = True\n'})
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "-m", "worse")
    assert gonogo(home, "review", str(shop), "-q").code == 1
    return home
