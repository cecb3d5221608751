"""Several people sign one run: adding a signature takes none away, and each is counted once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit.signing import check, generate, sign
from orchestrator.errors import RecordBroken, RunLocked, RunNotFound, UsageError
from orchestrator.journal.exclusive import alone, free
from orchestrator.journal.record import Record
from tests.cli.command import environment
from tests.forging import forge

STATEMENT = "statement.dsse.json"


def envelope(folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((folder / STATEMENT).read_bytes())
    return said


def _same(path: Path) -> tuple[int, ...]:
    """What says that *path* is the file that it was and has not been written to."""
    found = path.lstat()
    return found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns


class TestTwo:
    def test_both_stand(self, run, keys):
        """
        The first signature stays as it was, byte for byte, and both are valid over one payload.
        """
        sign(Record(run), keys.ann.private)
        first = envelope(run)
        sign(Record(run), keys.bob.private)
        both = envelope(run)

        assert first["payload"] == both["payload"]
        assert first["signatures"] == both["signatures"][:1]
        assert [keys.ann.id, keys.bob.id] == [signature["keyid"] for signature in both["signatures"]]
        assert [
            ("signed", f"by key {keys.ann.id[:16]}… ({keys.ann.public}): ROLLBACK, 3 subjects match"),
            ("signed", f"by key {keys.bob.id[:16]}… ({keys.bob.public}): ROLLBACK, 3 subjects match"),
        ] == check(Record(run), [keys.ann.public, keys.bob.public])

    def test_again(self, run, keys):
        """
        Whoever has signed and signs again changes nothing.
        """
        for key in (keys.ann, keys.bob):
            sign(Record(run), key.private)
        before = (run / STATEMENT).read_bytes()
        for key in (keys.ann, keys.bob):
            sign(Record(run), key.private)
            assert before == (run / STATEMENT).read_bytes()

    def test_all_at_once(self, run, keys, tmp_path):
        """
        Eight people sign in the same moment, each in a process of their own, and none of them is lost.
        """
        pairs = [generate(tmp_path / f"{number}.key") for number in range(8)]
        with alone(run):  # so that they begin together
            running = [
                subprocess.Popen(
                    [sys.executable, "-m", "orchestrator", "sign", str(run), "--key", str(pair.private)],
                    env=environment(),
                    stderr=subprocess.PIPE,
                )
                for pair in pairs
            ]
            waiting = [process.poll() for process in running]
        ended = [(process.communicate(timeout=100)[1], process.returncode) for process in running]

        assert [None] * 8 == waiting
        assert [0] * 8 == [code for _, code in ended], ended
        assert 8 == len(check(Record(run), [pair.public for pair in pairs]))


class TestRequire:
    @pytest.fixture
    def signed(self, run: Path, keys: Any) -> Path:
        for key in (keys.ann, keys.bob):
            sign(Record(run), key.private)
        return run

    def test_every_key_by_default(self, signed, keys):
        """
        Each key that is named must have signed; the message names who has and who has not.
        """
        with pytest.raises(RecordBroken, match="2 of 3 keys have signed, and 3 must") as caught:
            check(Record(signed), [keys.eve.public, keys.ann.public, keys.bob.public])
        said = caught.value.what
        has, _, has_not = said.partition("no valid signature of")

        for key, where in ((keys.ann, has), (keys.bob, has), (keys.eve, has_not)):
            assert f"{key.id[:16]}… ({key.public})" in where
        assert keys.eve.id[:16] not in has
        assert "gonogo sign" in caught.value.remedy

    def test_some(self, signed, keys):
        """
        Two of three are enough where two are required; who has not signed is said.
        """
        rows = check(Record(signed), [keys.eve.public, keys.ann.public, keys.bob.public], 2)

        assert 3 == len(rows)
        assert f"2 of 3 keys, 2 required; not by {keys.eve.id[:16]}… ({keys.eve.public})" == rows[-1][1]
        with pytest.raises(RecordBroken, match="none of them"):
            check(Record(forge_nobody(signed)), [keys.eve.public, keys.ann.public], 1)

    def test_one_key_counts_once(self, signed, keys, tmp_path):
        """
        The same key named twice, or in two files, is one key, and does not stand for a second person.
        """
        copy = tmp_path / "second.pub"
        copy.write_bytes(b"# mine\n" + keys.ann.public.read_bytes() + b"\n")
        twice = [keys.ann.public, keys.ann.public, copy]

        assert 1 == len(check(Record(signed), twice))
        with pytest.raises(UsageError, match="--require 2 needs as many different keys, and there is 1"):
            check(Record(signed), twice, 2)

    def test_one_signature_counts_once(self, run, keys):
        """
        A signature that stands there a second time, under another's name, does not make two signers.
        """
        sign(Record(run), keys.ann.private)
        said = envelope(run)
        said["signatures"].append(said["signatures"][0] | {"keyid": keys.bob.id})
        (run / STATEMENT).write_text(json.dumps(said))

        with pytest.raises(RecordBroken, match="1 of 2 keys have signed"):
            check(Record(run), [keys.ann.public, keys.bob.public])


def forge_nobody(folder: Path) -> Path:
    """*folder* with signatures of nobody."""
    said = envelope(folder)
    said["signatures"] = [signature | {"sig": "AAAA"} for signature in said["signatures"]]
    (folder / STATEMENT).write_text(json.dumps(said))
    return folder


class TestNeverOverwritten:
    @pytest.mark.parametrize("kind", ["record", "nonsense", "link", "pipe", "folder", "many"])
    def test_what_is_no_statement_of_this_record(self, run, keys, tmp_path, kind):
        """
        A statement of another record, and anything else in its place, is left there and refused with how to fix it.
        """
        path = run / STATEMENT
        sign(Record(run), keys.ann.private)
        if kind == "record":
            forge(run)
        elif kind == "nonsense":
            path.write_text("{}")
        elif kind == "many":
            said = envelope(run)
            said["signatures"] = [{"keyid": str(n), "sig": "AAAA"} for n in range(101)]
            path.write_text(json.dumps(said))
        else:
            elsewhere = path.rename(tmp_path / "elsewhere")
            if kind == "link":
                path.symlink_to(elsewhere)
            elif kind == "pipe":
                os.mkfifo(path)
            else:
                path.mkdir()
        before = (sorted(os.listdir(run)), _same(path), b"" if kind in ("pipe", "folder") else path.read_bytes())

        with pytest.raises(RecordBroken, match=r"not overwritten|contains a link|not a regular file") as caught:
            sign(Record(run), keys.bob.private)
        if kind in ("record", "nonsense", "many"):
            assert f"move it out of {run} and sign again" in caught.value.remedy
        after = (sorted(os.listdir(run)), _same(path), b"" if kind in ("pipe", "folder") else path.read_bytes())
        assert before == after

    def test_a_signature_under_a_name_that_is_not_its(self, run, keys):
        """
        What stands under the name of a key and is not its is not taken away by the one whose name it is.
        """
        sign(Record(run), keys.ann.private)
        said = envelope(run)
        said["signatures"][0]["keyid"] = keys.bob.id
        (run / STATEMENT).write_text(json.dumps(said))
        before = (run / STATEMENT).read_bytes()

        with pytest.raises(RecordBroken, match=f"under the name of key {keys.bob.id[:16]}…, and is not its"):
            sign(Record(run), keys.bob.private)
        assert before == (run / STATEMENT).read_bytes()
        assert check(Record(run), [keys.ann.public])

    def test_no_room(self, run, keys):
        """
        A hundred signatures are read, and no more are added.
        """
        sign(Record(run), keys.ann.private)
        said = envelope(run)
        said["signatures"] += [{"keyid": str(n), "sig": "AAAA"} for n in range(99)]
        (run / STATEMENT).write_text(json.dumps(said))

        assert check(Record(run), [keys.ann.public])
        with pytest.raises(RecordBroken, match="takes no more"):
            sign(Record(run), keys.bob.private)


class TestAlone:
    def test_is_waited_for_and_not_for_ever(self, run):
        """
        Whoever has a run alone keeps others out, for as long as they wait and no longer.
        """
        with alone(run):
            with free(run) as nobody:
                assert nobody is False
            with pytest.raises(RunLocked, match="signed, anchored or deleted by somebody else"), alone(run, patience=0):
                pass
        with free(run) as nobody:
            assert nobody is True

    def test_a_run_that_is_gone(self, run):
        """
        A run that was deleted while it was waited for is not begun anew.
        """
        shutil.rmtree(run)

        with pytest.raises(RunNotFound, match="deleted meanwhile"), alone(run):
            pass
        assert not run.exists()
