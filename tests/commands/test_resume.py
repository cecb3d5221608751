"""What a run is made with is pinned, and a run that it no longer fits is not gone on with."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from orchestrator.commands import review as reviewing
from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.engine import installed
from orchestrator.errors import UsageError
from orchestrator.journal.record import Record
from orchestrator.planning.plan import Request
from tests.cli.command import gonogo
from tests.repositories import SHOP, repository, write
from tests.words import SMALL_TEAM, in_days, waived, words

LOCAL = {
    "readiness.yaml": "agents: ['mine:Mine']\n",
    "mine.py": (
        "from orchestrator import Agent\nfrom words import WORD\n\n\nclass Mine(Agent):\n    id = 'mine'\n"
        "    criteria = ('DEP-5.2.1',)\n\n    async def review(self, brief):\n"
        "        return [self.unknown('DEP-5.2.1', WORD)]\n"
    ),
    "words.py": "WORD = 'one'\n",
}


def unfinished(run: Path) -> Path:
    """*run* without its verdict, as if its process had died before it."""
    journal = run / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-2]))
    return run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    shop = repository(tmp_path / "shop", SHOP)
    return asyncio.run(review(Request(path=str(shop)), tmp_path / "runs", sync=False)).folder


class TestPinned:
    def test_what_it_is_made_with(self, run):
        """
        Versions of tools and libraries, and digests of sources, stand first in the record.
        """
        manifest = json.loads((run / "run.json").read_bytes())

        assert manifest["tools"]["python"] == ".".join(map(str, sys.version_info[:3]))
        assert manifest["tools"]["git"]
        assert all(manifest["tools"][name] for name in installed.LIBRARIES)
        digests = {"agents", "config", "gonogo", "prompts", "renderer", "rules", "workflow"}
        assert digests == set(manifest["digests"])
        assert "RunStarted" == next(Record(run).events()).kind

    def test_another_gonogo(self, run, monkeypatch):
        """
        A run that another version began is not gone on with.
        """
        monkeypatch.setattr(installed, "house", lambda: "sha256:" + "0" * 64)
        with pytest.raises(UsageError) as caught:
            asyncio.run(resume(Record(unfinished(run)), sync=False))

        assert caught.value.what.endswith("changed since it began: gonogo")

    def test_a_module_beside_an_agent(self, tmp_path):
        """
        What an agent of the user's imports of his own is part of its source.
        """
        shop = repository(tmp_path / "shop", SHOP | LOCAL)
        assert gonogo(tmp_path, "review", str(shop), "--trust", "-q").code == 1
        (folder,) = (path for path in (tmp_path / "runs").iterdir() if path.is_dir())
        (shop / "words.py").write_text("WORD = 'two'\n")
        unfinished(folder)
        done = gonogo(tmp_path, "resume", "--trust")

        assert 2 == done.code
        assert "changed since it began: agents" in done.err


class TestTrust:
    @pytest.mark.parametrize("config", [(), ("--config", "readiness.yaml")], ids=["its own", "another"])
    def test_a_record_brings_no_agents(self, tmp_path, config):
        """
        A record can be anybody's: what it says to import is imported when the user says so.
        """
        witness = tmp_path / "imported"
        agent = LOCAL["mine.py"] + f"\n\nopen({str(witness)!r}, 'w').close()\n"
        shop = repository(tmp_path / "shop", SHOP | LOCAL | {"mine.py": agent})
        write(tmp_path, LOCAL | {"mine.py": agent})
        assert gonogo(tmp_path, "review", str(shop), *(config or ("--trust",)), "-q").code == 1
        (folder,) = (path for path in (tmp_path / "runs").iterdir() if path.is_dir())
        unfinished(folder)
        witness.unlink()
        done = gonogo(tmp_path, "resume", "-q")

        assert 2 == done.code
        assert f"gonogo resume {folder.relative_to(tmp_path)} --trust" in done.err
        assert not witness.exists()
        assert gonogo(tmp_path, "resume", "--trust", "-q").code == 1
        assert witness.exists()


class TestTheDay:
    def test_gates_and_verdict_go_by_one_day(self, tmp_path, monkeypatch):
        """
        A gate decides by the day that the record says the run began on, as the verdict does.
        """
        last, after = in_days(5), in_days(6)
        shop = repository(tmp_path / "shop", SHOP)
        config = tmp_path / "outside.yaml"
        config.write_text(f"policy: {{critical_waivers: true}}\n{words(waivers=[waived('DEP-5.3.1', expires=last)])}")
        team = tmp_path / "team.yaml"
        team.write_text(SMALL_TEAM)
        for day, gate in ((last, "open"), (after, "closed")):
            monkeypatch.setattr(reviewing, "Clock", lambda day=day: lambda: f"{day}T23:59:59.000000Z")
            run = asyncio.run(
                review(Request(path=str(shop), config=str(config), policy=str(team)), tmp_path / day, sync=False)
            ).folder
            verdict = json.loads((run / "verdict.json").read_bytes())

            assert gate == verdict["phases"][-1]["gate"]
