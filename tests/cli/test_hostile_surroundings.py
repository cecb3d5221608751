"""Configurations, disks, streams and terminals that are odd, broken or hostile end in a message or an honest answer."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.cli.command import confined, environment, less_than_root
from tests.repositories import SHOP, repository, write

QUIET = ("--format", "json", "--progress", "none")


CONFIGURATIONS = {
    "aliases": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [%b]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(9)),
    "depth": b"[" * 100_000,
    "length": b"waivers: [" + b"{}," * 1_900_000 + b"]\n",
    "another kind": b"- 1\n- 2\n",
    "a number": b"1",
    "bytes": bytes(range(256)),
    "utf-16": "version: 1\n".encode("utf-16"),
    "keys": b"? [a, b]\n: 1\n? {c: d}\n: 2\n1: 2\nnull: 3\n",
    "values": b"version: .inf\nexclude: 5\nwaivers: {a: 1}\npolicy: [.nan]\nprofile: {1: 2}\nrelease: {name: [1]}\n",
    "wildcards": b"exclude: ['[', '**/' , '!', '\\\\', '[z-a]', '" + b"*a" * 30 + b"b']\n",
    "dates": b"waivers: [{criterion: SEC-2.2.1, owner: a, reason: b, expires: 9999999-99-99}]\n",
}


class TestConfiguration:
    @pytest.mark.parametrize("case", CONFIGURATIONS)
    def test_a_hostile_configuration(self, tmp_path, case):
        """
        A configuration that cannot be meant is a message with its place, whatever is wrong with it.
        """
        write(tmp_path / "shop", SHOP | {"readiness.yaml": CONFIGURATIONS[case]})
        done = confined(tmp_path, "review", str(tmp_path / "shop"), *QUIET)

        assert "Traceback" not in done.err
        assert done.code in (1, 2) if case == "wildcards" else done.code == 2, done.err[-500:]
        assert "readiness.yaml" in done.err or done.code == 1

    def test_a_configuration_that_is_a_link(self, tmp_path):
        """
        A link is not followed, and the configuration behind it is not silently left out.
        """
        write(tmp_path / "shop", SHOP)
        (tmp_path / "shop" / "readiness.yaml").symlink_to("/dev/zero")
        done = confined(tmp_path, "review", "shop", *QUIET)

        assert 2 == done.code
        assert "readiness.yaml is a symlink" in done.err


class TestSurroundings:
    @pytest.mark.parametrize("size", [0, 1_000, 60_000, 200_000])
    def test_a_disk_that_fills_up(self, tmp_path, size):
        """
        A disk without room ends the review with a message, however early or late.
        """
        write(tmp_path / "shop", SHOP)
        done = confined(tmp_path, "review", str(tmp_path / "shop"), *QUIET, files=size, prepare=_no_signal)

        assert 2 == done.code, done.err[-1000:]
        assert "Traceback" not in done.err

    def test_a_folder_that_may_not_be_written(self, tmp_path):
        """
        A runs folder that exists and takes no files is a message.
        """
        before = less_than_root()
        if before is None:
            pytest.skip("root writes everywhere; only setpriv, which `make system` installs, could stop it")
        write(tmp_path / "shop", SHOP)
        (tmp_path / "runs").mkdir(mode=0o555)
        done = confined(tmp_path, "review", "shop", *QUIET, before=before)

        assert 2 == done.code, done.err
        assert "--runs DIR" in done.err

    @pytest.mark.parametrize(
        "closing", ["| head -1", ">&-", "2>&-", "<&-", ">/dev/full", "2>&1 | true", "<&- >&- 2>&-"]
    )
    def test_nobody_listens(self, tmp_path, closing):
        """
        Closed and full streams cost the output, not the record, and show no traceback.
        """
        write(tmp_path / "shop", SHOP)
        command = f"{sys.executable} -m orchestrator review shop {closing}"
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

        assert "Traceback" not in done.stderr + done.stdout
        assert "Exception ignored" not in done.stderr
        assert "true" in closing or list((tmp_path / "runs").glob("*/verdict.json"))

    @pytest.mark.parametrize(
        "variables",
        [
            {"TERM": "dumb", "COLUMNS": "20"},
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "abc"},
            {"COLUMNS": "-5", "FORCE_COLOR": "1", "TERM": "xterm"},
        ],
        ids=str,
    )
    def test_an_odd_terminal(self, tmp_path, variables):
        """
        Without a home, in a narrow, plain or ASCII terminal, the report is printed all the same.
        """
        write(tmp_path / "shop", SHOP | {"k8s/\u00fc\u4e2d.yaml": "a: [\n"})
        env = {k: v for k, v in environment().items() if k not in ("HOME", "NO_COLOR", "LC_ALL")} | variables
        done = confined(tmp_path, "review", "shop", "--verbose", env=env)

        assert done.code in (1, 3), done.err[-1500:]
        assert "Traceback" not in done.err

    def test_without_git(self, tmp_path):
        """
        Without git on the PATH the message says so.
        """
        repository(tmp_path / "shop", SHOP)
        done = confined(
            tmp_path, "review", "shop", env={"PATH": "/nonexistent", "PYTHONPATH": environment()["PYTHONPATH"]}
        )

        assert 2 == done.code
        assert "git is not installed" in done.err


def _no_signal() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
