"""Tries gonogo on the other versions of Python that it supports: ``make pythons`` names those that are not here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.12", "3.13")
"""Beside 3.11, on which the whole suite runs."""
TESTS = ("tests/agents/test_examples.py", "tests/test_recorded.py")
"""Every example of every check, and every recorded run: verified, replayed and judged again."""


def main(versions: tuple[str, ...] = VERSIONS) -> int:
    """Try each version that is here; 1 if anything fails on one of them."""
    failed = []
    for version in versions:
        python = interpreter(version)
        if python is None:
            print(f"Python {version}: not on this machine, not tried")
        elif not tried(version, python):
            failed.append(version)
    if failed:
        print(f"failed on Python {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def interpreter(version: str) -> Path | None:
    """An interpreter of *version*: the first on PATH, or else among pyenv's, that starts and says so itself."""
    named = f"python{version}"
    folders = map(Path, os.environ.get("PATH", os.defpath).split(os.pathsep))
    found = [folder / named for folder in folders]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found += sorted(pyenv.glob(f"{version}.*/bin/{named}"))
    return next((path for path in found if path.is_file() and _is(path, version)), None)


def _is(path: Path, version: str) -> bool:
    """Whether *path* starts at all, which a shim of a version manager need not, and is of *version*."""
    words = [str(path), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=60).stdout.strip() == version
    except (OSError, subprocess.TimeoutExpired):
        return False


def tried(version: str, python: Path) -> bool:
    """Whether gonogo installs on *python*, examples and recorded runs hold there, and it reviews this repository."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    with tempfile.TemporaryDirectory(prefix="pythons-") as name:
        for what, words in _steps(python, Path(name)):
            began = time.monotonic()
            done = subprocess.run(words, cwd=name, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            print(
                f"Python {version}: {what}: {'failed' if done.returncode else 'ok'}, {time.monotonic() - began:.0f} s"
            )
            if done.returncode:
                print(done.stdout[-4000:], done.stderr[-4000:], sep="\n", file=sys.stderr)
                return False
    return True


def _steps(python: Path, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What is done, one after the other, in *folder*, which has nothing but the tests beside what was installed."""
    own = folder / "venv" / "bin"
    yield "environment", [str(python), "-m", "venv", "--clear", str(folder / "venv")]
    wanted = [f"{ROOT}[sign]", "pytest", "pytest-asyncio"]
    yield "install", [str(own / "python"), "-m", "pip", "install", "--quiet", *wanted]
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    yield "examples and recorded runs", [str(own / "python"), "-m", "pytest", "-q", *TESTS]
    yield "review", [str(own / "gonogo"), "review", str(ROOT), "--runs", str(folder / "runs"), "--exit-zero"]
    yield "replay", [str(own / "gonogo"), "replay", "--runs", str(folder / "runs")]


if __name__ == "__main__":
    sys.exit(main())
