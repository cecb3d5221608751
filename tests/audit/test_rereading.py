"""What a record holds of a repository is read from it again: facts and quoted lines, at the commit that it names."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit.rejudge import reread
from orchestrator.audit.replay import verify
from orchestrator.commands.review import review
from orchestrator.engine import installed
from orchestrator.errors import RecordBroken, UnknownRevision, UsageError
from orchestrator.evidence import extract
from orchestrator.journal.event import canonical, digest
from orchestrator.journal.key import KEY
from orchestrator.journal.kinds import Packed
from orchestrator.journal.record import BLOBS, Record
from orchestrator.planning.plan import Request
from tests.cli.command import gonogo
from tests.forging import chain, finish, forge
from tests.repositories import SHOP, git, repository, write

SECRET = "AKIA" + "QYLPMN5H" + "FIQR7XYA"
FACTS = len(extract.kinds()) + 3
FILES: dict[str, str | bytes] = {
    "readiness.yaml": "release: {name: shop}\nprofile: {database: no}\n",
    "app/keys.py": f"import os\n\n\ntoken = '{SECRET}'\nos.system(token)\n",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("repos") / "shop", SHOP | FILES)


@pytest.fixture(scope="module")
def whole(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(review(Request(path=str(shop)), tmp_path_factory.mktemp("runs"), sync=False)).folder


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """A copy that a test may do what it likes to, with the key of its folder."""
    (tmp_path / "runs").mkdir()
    shutil.copy(whole.parent / KEY, tmp_path / "runs" / KEY)
    return shutil.copytree(whole, tmp_path / "runs" / whole.name)


def restated(run: Path, name: str, change: Callable[[Any], None]) -> Path:
    """The run with another fact *name*; the rest of it written anew."""
    record = Record(run)
    events = [(e.at, e.kind, e.node, e.data) for e in record.events() if e.kind != "ResultRendered"]
    for number, (at, kind, node, data) in enumerate(events):
        if data.get("key", "").startswith(f"run#1:fact:{name}:"):
            value = record.value(Packed.model_validate({k: v for k, v in data.items() if k != "key"}))
            change(value)
            blob = canonical(value)
            (run / BLOBS / digest(blob)[7:]).write_bytes(blob)
            events[number] = (at, kind, node, {"key": data["key"], "blob": digest(blob), "bytes": len(blob)})
    chain(run, events)
    return finish(run)


def requoted(run: Path, find: str, put: str) -> Path:
    """The run whose findings quote *put* where they quoted *find*; the rest of it written anew."""
    record = Record(run)
    events = []
    for e in record.events():
        data = e.data
        if "said" in data:
            said = canonical(record.value(Packed.model_validate(data["said"]))).decode().replace(find, put)
            (run / BLOBS / digest(said.encode())[7:]).write_text(said)
            data = data | {"said": {"blob": digest(said.encode()), "bytes": len(said)}}
        events.append((e.at, e.kind, e.node, data))
    chain(run, events)
    return forge(run, "nothing")


class TestTheSame:
    def test_is_said(self, run, shop):
        """
        Every fact of the tree and every quoted line, with what the command says of it; nothing is written anywhere.
        """
        before = sorted(p for folder in (shop, run.parent) for p in folder.rglob("*"))
        found = dict(reread(Record(run), shop))
        done = gonogo(run.parents[1], "verify", "--repo", str(shop))

        assert found["commit"].endswith("has the tree and the configuration that are recorded")
        assert found["facts"] == f"{FACTS} read again from the commit are the same"
        assert " lines read again from the commit are the same" in found["quotes"]
        assert int(found["quotes"].split()[0]) >= 3
        assert 0 == done.code, done.err
        assert f"✔ facts     {FACTS} read again" in done.out
        assert done.out.endswith("\nconsistent: no key, head or anchor was compared\n"), (
            "a repository vouches for nobody"
        )
        assert before == sorted(p for folder in (shop, run.parent) for p in folder.rglob("*"))

    def test_without_the_key(self, run, shop):
        """
        Without the key of the folder, what was withheld is compared as something that was withheld.
        """
        (run.parent / KEY).unlink()

        assert f"{FACTS} read again" in dict(reread(Record(run), shop))["facts"]
        assert not (run.parent / KEY).exists(), "no key is made for it"

    def test_in_another_environment(self, run, shop, monkeypatch):
        """
        What another environment withholds besides is not taken for a difference.
        """
        monkeypatch.setenv("DEPLOY_PASSWORD", "os.system(token)")

        assert f"{FACTS} read again" in dict(reread(Record(run), shop))["facts"]

    def test_in_a_later_clone(self, run, shop, tmp_path):
        """
        A clone with more commits has the commit still.
        """
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "-q", str(shop), str(clone))
        write(clone, {"later.py": f"token = '{SECRET[::-1]}'\n"})
        git(clone, "add", "-A")
        git(clone, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "later")

        assert "read again from the commit are the same" in dict(reread(Record(run), clone))["facts"]


def _without_a_file(value: Any) -> None:
    del value["entries"][3]


def _elsewhere(value: Any) -> None:
    value["found"][0]["source"]["line"] = 77


class TestAnother:
    @pytest.mark.parametrize(
        ("name", "change", "where"),
        [("files", _without_a_file, ""), ("secrets", _elsewhere, "app/keys.py:77"), ("secrets", dict.clear, "secrets")],
    )
    def test_fact(self, run, shop, name, change, where):
        """
        A fact that the repository does not give is named with its first difference, by path and line where it has one.
        """
        restated(run, name, change)
        verify(Record(run))
        with pytest.raises(RecordBroken) as caught:
            reread(Record(run), shop)
        done = gonogo(run.parents[1], "verify", "--repo", str(shop))

        assert f"fact '{name}' is not what the repository says: " in caught.value.what
        assert where in caught.value.where
        assert 7 == done.code, done

    def test_quote(self, run, shop):
        """
        A quoted line that does not stand there is named by path and line, with what does.
        """
        quoted = next(
            e
            for a in Record(run).events()
            if "said" in a.data
            for f in Record(run).value(Packed.model_validate(a.data["said"])).get("findings", ())
            for e in f.get("evidence", ())
            if e.get("kind", "file") == "file" and e.get("excerpt", "").isascii() and e.get("location", {}).get("line")
        )
        words = quoted["excerpt"].strip().replace('"', '\\"')
        requoted(run, words, "nothing of the kind")
        with pytest.raises(RecordBroken) as caught:
            reread(Record(run), shop)

        assert "a quoted line is not in the commit: recorded '" in caught.value.what
        assert "nothing of the kind" in caught.value.what
        assert ":" in caught.value.where

    def test_tree(self, run, shop):
        """
        The commit has one tree.
        """
        with pytest.raises(RecordBroken, match=f"commit .* has tree .*, and {'0' * 19} is recorded"):
            reread(Record(forge(run, "tree")), shop)

    def test_commit(self, run, shop):
        """
        A commit that the repository does not have cannot be read, and that is said.
        """
        with pytest.raises(UnknownRevision, match="names no commit of this repository"):
            reread(Record(forge(run, "commit")), shop)

    def test_readers(self, run, shop, monkeypatch):
        """
        Readers of another version would say it in other words: quotes are read again, facts are not, and it is said.
        """
        monkeypatch.setattr(installed, "house", lambda: "sha256:" + "0" * 64)
        found = dict(reread(Record(run), shop))

        assert "not read again: gonogo " in found["facts"]
        assert "lines read again" in found["quotes"]

    def test_no_commit(self, tmp_path):
        """
        A folder that is not a repository was read once; there is no commit to read again.
        """
        write(tmp_path / "plain", SHOP)
        run = asyncio.run(review(Request(path=str(tmp_path / "plain")), tmp_path / "runs", sync=False)).folder

        with pytest.raises(UsageError, match="the run reviewed no commit"):
            reread(Record(run), tmp_path / "plain")
