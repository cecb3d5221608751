"""Installs the system packages that some tests need: ``make system``, with apt, by root, and only what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

PACKAGES = {
    "git": "git",
    "setpriv": "util-linux",
    "chromium": "chromium",
}
"""Command that tests look for on PATH to the Debian package that has it."""


def missing() -> list[str]:
    """The commands that are not on PATH, in alphabetical order."""
    return sorted(command for command in PACKAGES if shutil.which(command) is None)


def main(run: Sequence[str] = ("apt-get",), root: bool | None = None) -> int:
    """
    Install what is missing; say what that is where nobody here may install it.

    Returns:
        0 where all is there or nobody may install it (the tests are skipped then, and counted); 1 where apt failed.
    """
    lacking = missing()
    if not lacking:
        print(f"system packages: {', '.join(sorted(PACKAGES))} are installed")
        return 0
    names = sorted({PACKAGES[command] for command in lacking})
    if not (os.geteuid() == 0 if root is None else root) or shutil.which(run[0]) is None:
        print(f"system packages: {', '.join(lacking)} not found; tests that need them are skipped")
        print(f"  root installs them: apt-get update && apt-get install --no-install-recommends {' '.join(names)}")
        return 0
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *names]):
        if subprocess.run([*run, *words], env=env, stdin=subprocess.DEVNULL).returncode:
            print(f"system packages: `{' '.join([*run, *words])}` failed", file=sys.stderr)
            return 1
    still = [command for command in missing() if command in lacking]
    if still:
        print(f"system packages: {', '.join(still)} not found although installed", file=sys.stderr)
    return 1 if still else 0


if __name__ == "__main__":
    sys.exit(main())
