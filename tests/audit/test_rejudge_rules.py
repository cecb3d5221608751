"""What a run was judged by is held against what the same code judges by; what nothing tells is said to be on trust."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from orchestrator.audit.rejudge import rejudge
from orchestrator.audit.replay import verify
from orchestrator.commands.review import review
from orchestrator.engine import installed
from orchestrator.journal.event import canonical, digest
from orchestrator.journal.record import Record
from orchestrator.planning.plan import Request
from tests.cli.command import gonogo
from tests.forging import PINNED, chain, finish, forge
from tests.repositories import SHOP, repository
from tests.words import SMALL_TEAM, waived, words

CONFIG = f"{words(waivers=[waived('INF-1.1.1')])}profile: {{database: no}}\n"


def reviewed(folder: Path, config: str) -> Path:
    shop = repository(folder / "shop", SHOP)
    for name, text in (("readiness.yaml", config), ("team.yaml", SMALL_TEAM)):
        (folder / name).write_text(text)
    request = Request(path=str(shop), config=str(folder / "readiness.yaml"), policy=str(folder / "team.yaml"))
    return asyncio.run(review(request, folder / "runs", sync=False)).folder


@pytest.fixture(scope="module")
def whole(reviewed_shop: Path) -> Path:
    return reviewed_shop


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """A copy that a test may do what it likes to."""
    return shutil.copytree(whole, tmp_path / "runs" / whole.name)


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a readiness.yaml."""
    return reviewed(tmp_path_factory.mktemp("configured"), CONFIG)


def dated(run: Path, year: str) -> Path:
    """The run as if all of its events were of *year*."""
    chain(run, [(year + e.at[4:], e.kind, e.node, e.data) for e in Record(run).events()])
    return finish(run)


FOUND = {
    "policy": ("policy", "max_failed_critical recorded -1, today 0"),
    "severities": ("catalogue", "severity recorded "),
    "waiver": ("statements", "1 waiver, and no configuration was read"),
    "plan": ("workflow", "required recorded False, today True"),
    "tree": ("facts", "files, code, kubernetes and "),
    "profile": ("profile", " recorded no, derived "),
}


class TestTheSameCode:
    def test_judges_by_the_same(self, whole, configured):
        """
        Of a record that a review wrote nothing differs, with a configuration and without.
        """
        for run in (whole, configured):
            answer = rejudge(Record(run))
            assert ((), False) == (answer.rules, answer.diverges)
            assert answer.same_code

    @pytest.mark.parametrize("what", [*PINNED, "profile"])
    def test_finds_what_was_forged(self, run, what):
        """
        Rules that were loosened, words and a profile that nobody gave, facts of another tree: each is a divergence.
        """
        forge(run, what)
        verify(Record(run))
        answer = rejudge(Record(run))
        done = gonogo(run.parents[1], "replay", "--rejudge")

        if what == "commit":
            assert any("the commit and the tree that run.json names" in said for said in answer.trusted)
            assert "taken on trust" in done.out
            return
        kind, said = FOUND[what]
        assert [kind] == [change.what for change in answer.rules]
        assert said in answer.rules[0].said
        assert answer.diverges
        assert 8 == done.code, done.err
        assert "DIVERGED  the same code judges by other rules, or reads other facts, than the record says" in done.out

    @pytest.mark.parametrize(("year", "found"), [("2020", ["day"]), ("2999", ["day"])])
    def test_finds_another_day(self, run, year, found):
        """
        Words run out by the day of the first event, and the run is named of it.
        """
        assert found == [change.what for change in rejudge(Record(dated(run, year))).rules]

    def test_takes_a_configuration_on_trust(self, configured, tmp_path):
        """
        Of a configuration the record has the digest: how much was settled by it is told, and is not a divergence.
        """
        run = shutil.copytree(configured, tmp_path / "runs" / configured.name)
        for what in ("policy", "waiver"):
            forge(run, what)
        answer = rejudge(Record(run))
        said = answer.trusted[-1]

        assert () == answer.rules
        assert said.startswith("what ")
        assert "readiness.yaml said, of which the record has the digest alone: 1 waiver, " in said
        assert "declared database" in said
        assert "max_failed_critical recorded -1, today 0" in said
        assert said in gonogo(run.parents[1], "replay", "--rejudge").out

    def test_still_holds_what_no_configuration_settles(self, configured, tmp_path):
        """
        Severities, nodes and facts are the code's own, whatever a configuration said.
        """
        for what in ("severities", "plan", "tree"):
            run = shutil.copytree(configured, tmp_path / what / configured.name)
            assert [FOUND[what][0]] == [change.what for change in rejudge(Record(forge(run, what))).rules]

    def test_a_workflow_of_ones_own_is_on_trust(self, run):
        """
        A workflow that is not one of today's is no more than a digest: what it settled is told as taken on trust.
        """
        manifest = json.loads((run / "run.json").read_bytes())
        manifest["digests"]["workflow"] = digest(b"of somebody's own")
        (run / "run.json").write_bytes(canonical(manifest) + b"\n")
        events = [(e.at, e.kind, e.node, e.data) for e in Record(run).events()]
        events[0][3]["manifest"] = digest((run / "run.json").read_bytes())
        chain(run, events)
        answer = rejudge(Record(finish(run)))

        assert any("of workflow 'release-review', which is not one of today's" in said for said in answer.trusted)


class TestOtherCode:
    def test_names_what_has_changed(self, run, monkeypatch):
        """
        By another version it is not a divergence: what is judged otherwise since is named.
        """
        monkeypatch.setattr(installed, "house", lambda: "sha256:" + "0" * 64)
        answer = rejudge(Record(forge(run, "severities")))

        assert ["catalogue"] == [change.what for change in answer.rules]
        assert not answer.diverges
