"""``gonogo dismiss`` sets a finding aside for the bytes that it was made in, and a review heeds that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import gonogo
from tests.repositories import SHOP, git, repository, write
from tests.words import SMALL_TEAM

APP = (
    str(SHOP["app.py"]).replace("Flask\n", "Flask, request\n", 1)
    + "\n\n@app.get('/sum')\ndef total():\n    return str(eval(request.args['of']))\n"
    + "\n\n@app.get('/max')\ndef most():\n    return str(eval(request.args['most']))  # nosec B307\n"
)
REASON = "The page sends numbers and nothing else, by its own script."


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a finding at two places, reviewed once; rules and words lie beside it."""
    made = repository(tmp_path / "shop", {**SHOP, "app.py": APP})
    (tmp_path / "org.yaml").write_text(SMALL_TEAM)
    assert 1 == gonogo(tmp_path, "review", "shop", "-q").code
    return made


def assessed(folder: Path, *words: str) -> dict[str, Any]:
    """What a review says of SEC-2.3.3."""
    done = gonogo(folder, "review", "shop", "--policy", "org.yaml", "--format", "json", *words)
    return next(a for a in json.loads(done.out)["assessments"] if a["criterion"] == "SEC-2.3.3")


def dismiss(folder: Path, finding: str = "SEC-2.3.3", *more: str) -> Any:
    return gonogo(folder, "dismiss", finding, "--reason", REASON, "--who", "dana", "--words", "words.yaml", *more)


class TestDismissing:
    def test_from_finding_to_review(self, shop, tmp_path):
        """
        What is written is what a review heeds: the failure is gone, nothing passes, and the record says why.
        """
        done = dismiss(tmp_path)
        found = assessed(tmp_path, "--words", "words.yaml")
        shown = gonogo(tmp_path, "show", "SEC-2.3.3").out
        run = max((tmp_path / "runs").iterdir()).name

        assert 0 == done.code, done.err
        assert "SEC-2.3.3 at app.py:13, SEC-2.3.3 at app.py:18" in done.out
        assert "unknown" == found["status"]
        assert REASON == found["dismissed"][0]["witnesses"][0]["said"]
        assert "dismissed Request data is executed" in shown
        assert 0 == gonogo(tmp_path, "replay", run).code

    def test_one_of_two_places(self, shop, tmp_path):
        """
        A place is named by its line; the finding stays while the other place is not spoken of.
        """
        assert 0 == dismiss(tmp_path, "SEC-2.3.3@app.py:13").code
        assert "fail" == assessed(tmp_path, "--words", "words.yaml")["status"]
        assert 0 == dismiss(tmp_path, "SEC-2.3.3@app.py:18").code
        assert "unknown" == assessed(tmp_path, "--words", "words.yaml")["status"]

    def test_a_byte_that_changes(self, shop, tmp_path):
        """
        Any byte of the file ends it, and the mend is told.
        """
        dismiss(tmp_path)
        write(shop, {"app.py": APP + "\n"})
        git(shop, "commit", "-aqm", "more")
        found = assessed(tmp_path, "--words", "words.yaml")

        assert ("fail", None) == (found["status"], found.get("dismissed"))
        assert (
            "app.py has changed since"
            in (tmp_path / "runs")
            .joinpath(max(path.name for path in (tmp_path / "runs").iterdir()), "report.html")
            .read_text()
        )

    def test_in_history(self, shop, tmp_path):
        """
        What only history holds is named by its commit, whose bytes never change.
        """
        write(shop, {".env": f"DB_PASS{'WORD'}=kJ8#mQ2$vR9!xT4w\n"})
        git(shop, "add", "-A")
        git(shop, "commit", "-qm", "oops")
        commit = git(shop, "rev-parse", "HEAD")
        git(shop, "rm", "-q", ".env")
        git(shop, "commit", "-qm", "gone")
        gonogo(tmp_path, "review", "shop", "-q")
        (tmp_path / "revoked.txt").write_text("DB user rotated on 2026-11-29\n")
        done = dismiss(tmp_path, "SEC-2.2.1", "--file", "revoked.txt")
        review = gonogo(tmp_path, "review", "shop", "--policy", "org.yaml", "--words", "words.yaml", "--format", "json")
        found = next(a for a in json.loads(review.out)["assessments"] if a["criterion"] == "SEC-2.2.1")

        assert f"SEC-2.2.1 at {commit}:.env:1" in done.out, done.err
        assert ("unknown", "revoked.txt") == (found["status"], found["dismissed"][0]["witnesses"][0]["file"])
        (tmp_path / "revoked.txt").write_text("changed\n")
        review = gonogo(tmp_path, "review", "shop", "--policy", "org.yaml", "--words", "words.yaml", "--format", "json")
        assert "'revoked.txt' is not the file with that digest" in review.out

    def test_drafts_of_inline_ignores(self, shop, tmp_path):
        """
        A draft of each has everything but its reason, and counts for nothing until it has one.
        """
        write(shop, {"app.py": APP.replace("['of']))", "['of']))  # nosec B307")})
        git(shop, "commit", "-aqm", "more")
        gonogo(tmp_path, "review", "shop", "-q")
        done = gonogo(tmp_path, "dismiss", "--ignored", "--who", "dana", "--words", "words.yaml")
        text = (tmp_path / "words.yaml").read_text()
        idle = assessed(tmp_path, "--words", "words.yaml")
        (tmp_path / "words.yaml").write_text(text.replace('reason: ""', f"reason: {REASON}"))

        assert 0 == done.code, done.err
        assert 2 == text.count('reason: ""')
        assert "Ignored by the tree" in idle["reason"]
        assert 1 == len(assessed(tmp_path, "--words", "words.yaml")["dismissed"])

    def test_added_to_what_is_there(self, shop, tmp_path):
        """
        What a file says already stays, with its comments.
        """
        (tmp_path / "words.yaml").write_text("# ours\nwaivers: []\n")
        dismiss(tmp_path, "SEC-2.3.3@app.py:13")
        dismiss(tmp_path, "SEC-2.3.3@app.py:18")
        text = (tmp_path / "words.yaml").read_text()

        assert text.startswith("# ours\nwaivers: []\ndispositions:\n")
        assert (1, 2) == (text.count("dispositions:"), text.count("criterion:"))


class TestMistakes:
    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("SEC-2.3.33",), "did you mean 'SEC-2.3.3'"),
            (("SEC-2.3.3@app.py:1",), "there is SEC-2.3.3@app.py:13, SEC-2.3.3@app.py:18"),
            (("DEP-5.3.1",), "is about no place whose bytes"),
            ((), "it takes one FINDING, or --ignored"),
            (("--ignored",), "the tree asks tools to ignore nothing"),
            (("SEC-2.3.3", "--reason", ""), "without a reason sets nothing aside"),
            (("SEC-2.3.3", "--file", "nothing.txt"), "'nothing.txt' cannot be read"),
            (("SEC-2.3.3", "--words", "shop/words.yaml"), "lies in the reviewed repository"),
        ],
    )
    def test_what_it_cannot(self, shop, tmp_path, words, says):
        """
        Each is told with what is there instead, and nothing is written.
        """
        done = gonogo(tmp_path, "dismiss", "--reason", REASON, "--who", "dana", "--words", "words.yaml", *words)

        assert 2 == done.code
        assert says in done.err
        assert not (tmp_path / "words.yaml").exists()

    def test_a_form_that_cannot_be_added_to(self, shop, tmp_path):
        """
        A list in brackets is left as it is, and the mend is told.
        """
        (tmp_path / "words.yaml").write_text("dispositions: []\n")

        assert "not in a form that can be added to" in dismiss(tmp_path).err
        assert "dispositions: []\n" == (tmp_path / "words.yaml").read_text()

    def test_a_repository_that_moved_on(self, shop, tmp_path):
        """
        A worktree that is no longer what was reviewed has other bytes than those that were judged.
        """
        write(shop, {"app.py": APP + "# more\n"})
        gonogo(tmp_path, "review", "shop", "--worktree", "-q")
        write(shop, {"app.py": APP + "# and more\n"})

        assert "no longer what the run reviewed" in dismiss(tmp_path).err
