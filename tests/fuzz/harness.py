"""Runs a fuzz target: in a process and a folder of its own, watched, with bounds on memory and time."""

from __future__ import annotations

import base64
import importlib
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
MEMORY = 3 << 30
"""Bytes of address space that a target may have."""
BOUNDS = ("-rss_limit_mb=2048", "-timeout=60", "-max_len=65536", "-print_final_stats=1", "-verbosity=1")
WATCHED = (
    "audit",
    "catalogue.condition",
    "conclusion",
    "domain",
    "engine.task",
    "journal",
    "judging",
    "report",
)
"""Rooms of the house whose branches guide the fuzzer: those that read a record. Watching costs time at each import."""
PACKAGES = ("orchestrator", "zipfile", "securesystemslib")
"""Packages that are watched, but for the rooms of ours that are not."""
RAW = 0.15
"""How often bytes are changed that nobody understands."""


class Prepared(NamedTuple):
    """
    A target that is ready to be fuzzed.

    ``one`` takes an input; whatever it raises is a bug. ``mutate`` makes another input of one that was worth keeping.
    """

    seeds: Sequence[bytes]
    one: Callable[[bytes], None]
    mutate: Callable[[bytes, Random], bytes]


def run(module: str, words: Sequence[str]) -> int:
    """
    Fuzz the target in *module* with libFuzzer's own *words*, and print what made it fail.

    Returns:
        Its exit code; 0 where nothing failed.
    """
    with tempfile.TemporaryDirectory(prefix="gonogo-fuzz-") as name:
        sandbox = Path(name)
        environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT), "TMPDIR": name}
        command = [sys.executable, "-m", "tests.fuzz.harness", module, name, *words]
        code = subprocess.run(command, cwd=name, env=environment, check=False).returncode
        for path in sorted(sandbox.glob("found-*")):
            data = path.read_bytes()
            sys.stderr.write(f"{module} failed on {len(data)} bytes, base64:\n{base64.b64encode(data).decode()}\n")
    return code


def _fuzz(module: str, sandbox: Path, words: Sequence[str]) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with atheris.instrument_imports(include=list(PACKAGES), exclude=_unwatched()):
        prepared: Prepared = importlib.import_module(module).prepare(sandbox)
        seeds = sandbox / "seeds"
        seeds.mkdir()
        for number, seed in enumerate(prepared.seeds):
            (seeds / f"{number:03}").write_bytes(seed)

        def another(data: bytes, most: int, seed: int) -> bytes:
            random = Random(seed)
            made = atheris.Mutate(data, most) if random.random() < RAW else prepared.mutate(data, random)
            return bytes(made) if len(made) <= most else data

        argv = [module, *BOUNDS, f"-artifact_prefix={sandbox}/found-", *words, str(seeds)]
        atheris.Setup(argv, prepared.one, custom_mutator=another)
        atheris.Fuzz()


def _unwatched() -> list[str]:
    """The names of all modules of ours that are not watched."""
    watched = tuple(f"orchestrator.{room}." for room in WATCHED)
    names = []
    for folder, package in ((ROOT / "orchestrator", "orchestrator"), (ROOT / "agents", "orchestrator.agents")):
        for path in folder.rglob("*.py"):
            parts = path.relative_to(folder).with_suffix("").parts
            names.append(".".join((package, *parts)).removesuffix(".__init__"))
    return [name for name in names if not f"{name}.".startswith(watched)]


if __name__ == "__main__":
    _fuzz(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
