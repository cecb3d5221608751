"""Real git repositories for tests: small ones, built in a folder with git itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.com",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.com",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
}


def git(folder: Path, *words: str, text: bytes | None = None) -> str:
    """What git prints, run in *folder* with nothing of the user's configuration."""
    done = subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, env=ENVIRONMENT, input=text
    )
    return done.stdout.decode().strip()


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Put *files* (path to content) below *folder*."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


def repository(folder: Path, *commits: Mapping[str, str | bytes]) -> Path:
    """A repository in *folder* with one commit per mapping of files; a content of ``b""`` removes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for number, files in enumerate(commits):
        write(folder, files)
        git(folder, "add", "--all", "--force")
        git(folder, "commit", "--quiet", "--allow-empty", "-m", f"commit {number}")
    return folder


SHOP: dict[str, str | bytes] = {
    "README.md": "# Shop\n\nA small shop that sells things to people over HTTP.\n",
    "app.py": (
        "import os\n\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n"
        "@app.get('/health')\ndef health():\n    return 'ok'\n\n\n"
        "@app.get('/label')\ndef label():\n    os.system('lp ' + request.args['text'])\n    return 'printed'\n"
    ),
    "requirements.txt": "flask==3.1.0\n",
    "Dockerfile": "FROM python:3.12-slim\nCOPY . /app\nCMD python /app/app.py\n",
    "tests/test_app.py": "def test_health():\n    assert True\n",
    ".github/workflows/ci.yaml": (
        "name: ci\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: actions/checkout@v4\n      - run: pytest\n"
    ),
    "k8s/shop.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 1\n  template:\n    spec:\n"
        "      containers:\n        - name: shop\n          image: shop:latest\n"
    ),
}
"""A small service with a pipeline and a deployment, and enough wrong with it to be told."""
