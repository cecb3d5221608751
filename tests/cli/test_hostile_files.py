"""Files that somebody names, and folders of runs that somebody made: nothing hangs, floods, or is read elsewhere."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.commands.review import review
from orchestrator.planning.plan import Request
from tests.cli.command import MEMORY, confined, environment, judged
from tests.evidence.test_depth import dig
from tests.repositories import SHOP, repository, write

SECRET = "the_otter_sleeps_under_bridge_4711"
QUIET = ("--format", "json", "--progress", "none")


def _pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def _link(path: Path, to: str | Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(to)


def _giant(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(3 << 40)


def _folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


KINDS: dict[str, Callable[[Path], None]] = {
    "pipe": _pipe,
    "device": lambda path: _link(path, "/dev/zero"),
    "stdin": lambda path: _link(path, "/dev/stdin"),
    "giant": _giant,
    "folder": _folder,
}

NAMED: dict[str, tuple[str, ...]] = {
    "--config": ("review", "shop", "--config", "odd.yaml"),
    "--workflow": ("review", "shop", "--workflow", "odd.yaml"),
    "--policy": ("replay", "RUN", "--policy", "odd.yaml"),
    "archive": ("verify", "odd.zip"),
    "private key": ("sign", "RUN", "--key", "odd.yaml"),
    "public key": ("verify", "RUN", "--key", "odd.yaml"),
    "anchor to read": ("verify", "RUN", "--anchor", "file:odd.yaml"),
    "anchor to write": ("anchor", "RUN", "--to", "file:odd.yaml"),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two finished runs of one release."""
    shop = repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)
    folder = tmp_path_factory.mktemp("runs")
    for _ in range(2):
        asyncio.run(review(Request(path=str(shop)), folder, sync=False))
    return folder


class TestNamed:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("option", NAMED)
    def test_is_a_message(self, tmp_path, runs, option, kind):
        """
        What a command is told to read, and is not a plain file of a sane size, ends in a message.
        """
        write(tmp_path / "shop", SHOP)
        for name in ("odd.yaml", "odd.zip"):
            KINDS[kind](tmp_path / name)
        words = [str(sorted(runs.glob("2*"))[0]) if word == "RUN" else word for word in NAMED[option]]
        done = confined(tmp_path, *words)

        assert done.code in (2, 7), done.err[-1000:]
        assert "Traceback" not in done.err
        assert ("no runs in" if (option, kind) == ("archive", "folder") else "odd") in done.err

    @pytest.mark.parametrize("form", ["json", "zip"])
    @pytest.mark.parametrize("kind", ["pipe", "device"])
    def test_what_is_written_takes_no_other_place(self, tmp_path, runs, kind, form):
        """
        An output that is not a plain file is not replaced by one, and a link beside it is not written over.
        """
        KINDS[kind](tmp_path / "odd")
        write(tmp_path, {"kept": "as it is"})
        for name in (".fine.part", "..fine.part.part"):
            (tmp_path / name).symlink_to("kept")
        run = str(min(runs.glob("2*")))
        odd = confined(tmp_path, "export", run, "--format", form, "-o", "odd")
        fine = confined(tmp_path, "export", run, "--format", form, "-o", "fine")

        assert (2, 0) == (odd.code, fine.code), odd.err + fine.err
        assert not (tmp_path / "odd").is_file()
        assert (tmp_path / "fine").stat().st_size > 10_000
        assert "as it is" == (tmp_path / "kept").read_text()


class TestOfTheTree:
    @pytest.mark.parametrize(
        "name", ["link.yaml", "../outside.yaml", "ABSOLUTE", "folder/link/outside.yaml", "pipe.yaml", "gone.yaml"]
    )
    @pytest.mark.parametrize("form", ["commit", "folder"])
    def test_a_workflow_comes_from_the_tree(self, tmp_path, name, form):
        """
        A workflow that the tree names is a file of the tree; no line of another file stands in a message.
        """
        write(tmp_path, {"outside.yaml": f"{SECRET}: 1\n"})
        name = name.replace("ABSOLUTE", str(tmp_path / "outside.yaml"))
        files = SHOP | {"readiness.yaml": f"workflow: {name}\n", "folder/a": "1"}
        shop = tmp_path / "shop"
        write(shop, files)
        (shop / "link.yaml").symlink_to("../outside.yaml")
        (shop / "folder" / "link").symlink_to("../..")
        if form == "commit":
            repository(shop, {})
        os.mkfifo(shop / "pipe.yaml")
        (tmp_path / "gone.yaml").write_text(f"{SECRET}: 1\n")
        done = confined(tmp_path, "review", "shop", *QUIET)

        assert 2 == done.code, done.err
        assert "is not a file of the reviewed tree" in done.err
        assert SECRET not in done.err + done.out

    def test_a_workflow_of_the_tree_is_read_as_it_is_committed(self, tmp_path):
        """
        The committed file counts, from whatever folder the review is begun.
        """
        data = (Path(__file__).parents[2] / "workflows" / "release-review.yaml").read_text()
        shop = repository(tmp_path / "shop", SHOP | {"readiness.yaml": "workflow: ./ci/w.yaml\n", "ci/w.yaml": data})
        write(shop, {"ci/w.yaml": "nonsense: 1\n"})
        write(tmp_path, {"ci/w.yaml": "nonsense: 1\n"})

        judged(confined(tmp_path, "review", "shop", *QUIET))

    @pytest.mark.parametrize("option", ["--config", "--workflow"])
    def test_a_link_of_the_tree_is_not_followed_for_the_user(self, tmp_path, option):
        """
        A file of the tree that the user names leaves its author no say in which file of the machine that is.
        """
        write(tmp_path, {"outside.yaml": f"{SECRET}: 1\n"})
        shop = repository(tmp_path / "shop", SHOP)
        (shop / "ci.yaml").symlink_to("../outside.yaml")
        done = confined(tmp_path, "review", "shop", option, "shop/ci.yaml", *QUIET)

        assert 2 == done.code
        assert "through a link in the reviewed tree" in done.err
        assert SECRET not in done.err


FILES = ("journal.jsonl", "run.json", "verdict.json", "report.html", "lock", "statement.dsse.json", "blobs/BLOB")
MADE: dict[str, Callable[[Path], object]] = {
    **KINDS,
    "a link": lambda path: _link(path, path.parents[4 if path.parent.name == "blobs" else 3] / "secrets" / "secret"),
}


def _blobs_elsewhere(run: Path) -> None:
    shutil.move(run / "blobs", run.parent.parent / "blobs")
    (run / "blobs").symlink_to("../../blobs")


def _blobs_that_wait(run: Path) -> None:
    shutil.rmtree(run / "blobs")
    os.mkfifo(run / "blobs")


WHOLE: dict[str, Callable[[Path], object]] = {
    "blobs elsewhere": _blobs_elsewhere,
    "blobs that wait": _blobs_that_wait,
    "three thousand folders": lambda run: dig(run, 3_000),
    "a journal of one line": lambda run: (run / "journal.jsonl").write_bytes(b"x" * 40_000_000),
    "a manifest of lists": lambda run: (run / "run.json").write_bytes(b"[" * 10_000_000),
    "a verdict of lists": lambda run: (run / "verdict.json").write_bytes(b"[[]," * 10_000_000),
}


def _blob(run: Path) -> str:
    return sorted(path.name for path in (run / "blobs").iterdir())[0]


class TestRuns:
    @pytest.mark.parametrize("name", [*FILES, "WHOLE"])
    def test_every_reader_ends(self, tmp_path, runs, name):
        """
        A run folder that anybody made is read, or refused with a message, by every command, and nothing beside it is.
        """
        write(tmp_path, {"secrets/secret": f"{SECRET}: 1\n"})
        odd = WHOLE if name == "WHOLE" else MADE
        for kind, do in odd.items():
            shutil.copytree(runs, tmp_path / kind / "runs")
            run = min((tmp_path / kind / "runs").glob("2*"))
            do(run if name == "WHOLE" else run / name.replace("BLOB", _blob(run)))
        done = subprocess.run(
            [sys.executable, "-m", "tests.cli.readers", *(str(tmp_path / kind) for kind in odd)],
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
            preexec_fn=_bounded,  # this process has no threads that it could upset
        )
        assert 0 == done.returncode, done.stderr[-2000:]
        for asked in (a for found in json.loads(done.stdout).values() for a in found):
            assert asked["code"] in (0, 1, 2, 3, 7, 8), asked
            assert "Traceback" not in asked["err"], asked
            assert SECRET not in asked["out"] + asked["err"], asked
        assert f"{SECRET}: 1\n" == (tmp_path / "secrets" / "secret").read_text()
        assert ["secret"] == os.listdir(tmp_path / "secrets")
        if name == "WHOLE":
            subprocess.run(["rm", "-rf", tmp_path / "three thousand folders"], check=True)  # pytest would not come back


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
