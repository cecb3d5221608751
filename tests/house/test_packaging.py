"""The wheel installs one name, carries everything, and reviews a repository from an empty environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)], check=True, capture_output=True
    )
    return next(out.glob("*.whl"))


class TestWheel:
    def test_installs_one_name(self, wheel):
        """
        Nothing but `orchestrator` and the metadata lies at the top: an `agents` there would overwrite other software.
        """
        tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

        assert {"orchestrator"} == {top for top in tops if not top.endswith(".dist-info")}

    def test_carries_agents_prompts_and_workflows(self, wheel):
        """
        The user's top-level folders, the catalogue and the vocabulary are inside the package.
        """
        names = set(zipfile.ZipFile(wheel).namelist())

        assert "orchestrator/agents/security_validator/agent.py" in names
        assert "orchestrator/prompts/security-validator.md" in names
        assert "orchestrator/workflows/release-review.yaml" in names
        assert 8 == sum(1 for n in names if n.startswith("orchestrator/catalogue/") and n.endswith(".yaml"))
        words = {
            f"orchestrator/{p.relative_to(ROOT / 'orchestrator')}" for p in (ROOT / "orchestrator").rglob("*.yaml")
        }
        assert words <= names
        assert not [n for n in names if "__pycache__" in n or n.startswith(("tests/", "runs/", "tools/"))]

    def test_carries_the_published_schemas(self, wheel):
        """
        Every schema of the documentation is inside the package, byte for byte.
        """
        with zipfile.ZipFile(wheel) as packed:
            inside = {n: packed.read(n) for n in packed.namelist() if n.startswith("orchestrator/schema/")}

        assert {f"orchestrator/schema/{p.name}": p.read_bytes() for p in (ROOT / "docs" / "schema").iterdir()} == inside

    def test_reviews_from_an_empty_environment(self, wheel, tmp_path):
        """
        Installed into an empty venv it reviews a repository from another directory.
        """
        home = tmp_path / "venv"
        venv.create(home, with_pip=True)
        python = home / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
        tree = tmp_path / "shop"
        tree.mkdir()
        (tree / "app.py").write_text("print('hello')\n")
        done = subprocess.run(
            [home / "bin" / "gonogo", "review", str(tree), "--format", "json", "--progress", "none"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            check=False,
        )
        result = json.loads(done.stdout)

        assert done.returncode == result["exit_code"], done.stderr
        assert 261 == len(result["assessments"])
        assert 12 == len(json.loads(subprocess.check_output([home / "bin" / "gonogo", "agents", "--format", "json"])))
