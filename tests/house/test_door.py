"""What somebody has named is read through one door: plain files, within a limit, never waited for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READING = {"read_bytes", "read_text", "write_bytes", "write_text", "touch", "fdopen"}
"""Methods that open a file, whatever they are asked of."""
OPENING = {"open", "os.open", "io.open", "zipfile.ZipFile", "shutil.rmtree", "shutil.copyfile", "os.walk"}

PROGRAM = "part of this program"
ALLOWED = {
    ("audit/archive.py", ".open"): "what was just made, or a member of an archive that the door has opened",
    ("audit/archive.py", "zipfile.ZipFile"): "over a file that is open",
    ("catalogue/loader.py", ".read_bytes"): PROGRAM,
    ("cli/app.py", "open"): "standard streams, and nothing at all",
    ("cli/app.py", "os.open"): "likewise",
    ("engine/installed.py", ".read_bytes"): PROGRAM,
    ("planning/roster.py", ".read_bytes"): "agents, which have been imported",
    ("engine/warden.py", ".read_bytes"): "what the system says of processes",
    ("engine/warden.py", "open"): "standard streams of a fork, which lead nowhere",
    ("engine/warden.py", "os.open"): "likewise",
    ("evidence/since/difference.py", ".write_bytes"): "in a folder that was just made",
    ("evidence/trial.py", ".open"): "what the system says of this process",
    ("evidence/trees.py", ".fdopen"): "a file of the tree, opened without waiting and over no link",
    ("evidence/trees.py", "os.open"): "likewise",
    ("evidence/way.py", "os.open"): "folders, and no links to any",
    ("evidence/makers.py", ".read_text"): PROGRAM,
    ("evidence/scanner/ruleset.py", ".read_text"): "the list of components of an installed package",
    ("host/files.py", "open"): "the door itself",
    ("host/files.py", "os.open"): "the door itself",
    ("journal/holds.py", "open"): "made anew, beside the runs",
    ("journal/holds.py", "os.open"): "likewise",
    ("journal/key.py", "os.open"): "made anew, under a name of chance",
    ("journal/writer.py", ".fdopen"): "what was just made",
    ("journal/writer.py", ".touch"): "in a folder that was just made",
    ("journal/writer.py", "os.open"): "made anew, or a folder whose names are to reach the disk",
    ("llm/prompts.py", ".read_text"): PROGRAM,
    ("audit/anchoring/_file.py", "open"): "what the door has opened",
    ("audit/anchoring/_noted.py", "open"): "likewise",
    ("report/html.py", ".read_text"): PROGRAM,
    ("sealed/html.py", ".read_text"): PROGRAM,
    ("audit/signing/_keys.py", "open"): "a key that is made anew",
    ("audit/signing/_keys.py", "os.open"): "likewise",
    ("host/kept.py", ".read_bytes"): "beside the program, where Python keeps what its modules come to",
    ("host/kept.py", ".write_text"): "likewise",
    ("rules/_shipped.py", ".read_bytes"): PROGRAM,
    ("vocabulary/compiled.py", ".read_bytes"): PROGRAM,
    ("vocabulary/places.py", ".read_bytes"): PROGRAM,
    ("vocabulary/reading.py", ".read_bytes"): PROGRAM,
    ("workflow/shipped.py", ".read_bytes"): PROGRAM,
}
"""Who opens files by themselves and why that is harmless; each must still do."""


def opened(source: str) -> Iterator[str]:
    """What *source* opens files with."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        word = node.func.attr if isinstance(node.func, ast.Attribute) else name
        if name in OPENING:
            yield name
        elif word in READING or (word == "open" and isinstance(node.func, ast.Attribute) and _is_file(node)):
            yield f".{word}"


def _is_file(call: ast.Call) -> bool:
    """Whether ``x.open(…)`` looks like a file's: it has a mode, or nothing of a manifest's keys."""
    words = [word.value for word in call.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
    return any(set(word) <= set("rwxab+t") for word in words) or ast.unparse(call.func) == "archive.open"


def found() -> set[tuple[str, str]]:
    package = ROOT / "orchestrator"
    return {
        (path.relative_to(package).as_posix(), what)
        for path in sorted(package.rglob("*.py"))
        for what in opened(path.read_text())
    }


class TestTheDoor:
    def test_nobody_opens_files_past_it(self):
        """
        Every file that a user, a record or a tree has named is read by `orchestrator/host/files.py`.
        """
        assert set() == found() - ALLOWED.keys()

    def test_no_excuse_is_stale(self):
        """
        What is allowed is still done.
        """
        assert set() == ALLOWED.keys() - found()

    @pytest.mark.parametrize(
        "line",
        [
            "path.read_bytes()",
            "Path(name).read_text('utf-8')",
            "open(name)",
            "path.open('rb')",
            "os.open(path, 0)",
            "os.fdopen(3)",
            "zipfile.ZipFile(path)",
            "shutil.rmtree(folder)",
            "(a / b).write_text('x')",
        ],
    )
    def test_sees(self, line):
        """
        Each way past it is found.
        """
        assert [*opened(line)]
