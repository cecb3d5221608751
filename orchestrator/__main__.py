"""Runs the command line as ``python -m orchestrator``."""

import os
import sys

# Python looks for modules in the current folder first, which may be the tree that is reviewed: nothing of it is run.
if sys.path and not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109  # pathlib costs start-up
    del sys.path[0]

from .cli import main  # after the current folder is out of the way

if __name__ == "__main__":
    main()
