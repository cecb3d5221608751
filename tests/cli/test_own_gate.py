"""A repository that wants a better verdict than it deserves says so in its own files, and does not get it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.cli.command import Done, gonogo
from tests.repositories import git, repository, write
from tests.words import SMALL_TEAM, attested, waived, words

BAD: dict[str, str | bytes] = {
    "app.py": (
        "import os\n\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.get('/run')\ndef run():\n"
        "    os.system(request.args['cmd'])\n    return 'done'\n"
    ),
    "requirements.txt": "flask==3.1.0\n",
}
LOOSE = (
    "policy: {name: strict, max_failed: {critical: -1, high: -1}, max_unknown_critical: -1, require_agents: false}\n"
    "thresholds: {score: 0, each_area: 0}\n"
)
ONE_AGENT = (
    "name: quick\nphases: [{id: verification, nodes: [ui-bar-raiser]}]\npolicy: {name: quick}\nthresholds: {score: 0}\n"
)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small service with a shell for everyone, beside a folder that is nobody's tree."""
    return repository(tmp_path_factory.mktemp("own") / "bad", BAD)


def reviewed(tmp_path: Path, files: dict[str, str], *words: str) -> Done:
    return gonogo(tmp_path, "review", str(repository(tmp_path / "bad", BAD | files)), *words)


class TestTree:
    @pytest.mark.parametrize(
        ("files", "said"),
        [
            ({"readiness.yaml": LOOSE}, "'policy.max_failed.critical' is -1 (off)"),
            ({"readiness.yaml": "workflow: w.yaml\n", "w.yaml": ONE_AGENT}, "phase 'release' ("),
            ({"readiness.yaml": "workflow: post-incident\n"}, "asks less than release-review"),
            (
                {"readiness.yaml": "people: {me: {addresses: [me@example.com]}}\n"},
                "'people' stands in the reviewed tree",
            ),
        ],
        ids=["policy", "workflow", "another that ships", "people"],
    )
    def test_is_refused(self, tmp_path, files, said):
        """
        What loosens the gate from inside is a mistake with its place and how to fix it, and no run begins.
        """
        done = reviewed(tmp_path, files)

        assert 2 == done.code
        assert said in done.err
        assert "--> readiness.yaml:" in done.err
        assert " help: " in done.err
        assert not (tmp_path / "runs").exists()

    def test_a_workflow_is_one_of_the_commit(self, tmp_path):
        """
        A workflow that the tree names is read from the commit: not from the current folder, not through a link.
        """
        write(tmp_path, {"w.yaml": ONE_AGENT})
        shop = repository(tmp_path / "bad", BAD | {"readiness.yaml": "workflow: w.yaml\n"})
        (shop / "w.yaml").symlink_to(tmp_path / "w.yaml")
        uncommitted = gonogo(tmp_path, "review", str(shop))
        git(shop, "add", "--all")
        git(shop, "commit", "--quiet", "-m", "a link")
        for done in (uncommitted, gonogo(tmp_path, "review", str(shop))):
            assert 2 == done.code
            assert "'w.yaml' is not a file of the reviewed tree" in done.err

    def test_excluded_files_still_fail(self, tmp_path):
        """
        What the tree leaves out of the release fails all the same, and what it leaves out stands on the first screen.
        """
        done = reviewed(tmp_path, {"readiness.yaml": "exclude: ['*.py']\n"})

        assert 1 == done.code
        assert "SEC-2.3.3" in done.out
        assert "note  readiness.yaml leaves out 1 of 3 files (*.py)" in done.out.split("critical")[0]

    def test_denied_facts_hide_no_failure(self, tmp_path):
        """
        A tree that says it is not a service fails where it was seen failing, and what it denies is on the first screen.
        """
        done = reviewed(tmp_path, {"readiness.yaml": "profile: {service: no, http_api: no}\n"})
        first = done.out.split("critical")[0]

        assert 1 == done.code
        assert "SEC-2.3.3" in done.out
        assert "of no effect  profile.service: no in readiness.yaml: it was seen at app.py:" in first

    def test_a_fact_that_is_denied_unseen(self, tmp_path):
        """
        A tree may deny what nobody could tell; that takes criteria away, so it is named, and nothing is green by it.
        """
        done = reviewed(tmp_path, {"readiness.yaml": "profile: {cloud: no}\n"}, "--format", "json")

        assert [("profile.cloud", "detected: unknown", "readiness.yaml")] == [
            (row["rule"], row["shipped"], row["by"]) for row in done.json["basis"]["loosened"]
        ]


class TestOutside:
    @pytest.mark.parametrize("option", ["--policy", "--config", "--workflow"])
    def test_a_file_of_the_tree_is_the_trees(self, bad, tmp_path, option):
        """
        A file from inside the repository has no more say than the tree itself, however its path is written.
        """
        text = ONE_AGENT if option == "--workflow" else LOOSE
        write(bad, {"ci/rules.yaml": text})
        (tmp_path / "link.yaml").symlink_to(bad / "ci" / "rules.yaml")
        (tmp_path / "folder").symlink_to(bad / "ci")
        (tmp_path / "outside.yaml").write_text(text)
        (bad / "leads-out.yaml").unlink(missing_ok=True)
        (bad / "leads-out.yaml").symlink_to(tmp_path / "outside.yaml")
        other = tmp_path / "other"
        git(bad, "worktree", "add", "--quiet", "--detach", str(other))
        (other / "rules.yaml").write_text(text)
        inside = (bad / "ci/rules.yaml", tmp_path / "link.yaml", tmp_path / "folder/rules.yaml")
        for path in (*inside, bad / "ci/../ci/rules.yaml", bad / "leads-out.yaml", other / "rules.yaml"):
            done = gonogo(tmp_path, "review", str(bad), option, str(path))

            assert 2 == done.code, (path, done.out)
            assert "reviewed tree" in done.err

    def test_ready_by_loosened_rules(self, bad, tmp_path):
        """
        Rules from outside can loosen; then the verdict names each of them wherever it stands, and is not green.
        """
        (tmp_path / "org.yaml").write_text(LOOSE.replace("strict", "trial"))
        done = gonogo(tmp_path, "review", str(bad), "--policy", "org.yaml", "--color", "always")
        run = next(path for path in (tmp_path / "runs").iterdir() if path.is_dir())
        basis = json.loads((run / "verdict.json").read_bytes())["basis"]
        page = (run / "report.html").read_text()
        markdown = gonogo(tmp_path, "export", "--format", "markdown").out

        assert 0 == done.code
        assert "PRODUCTION READY, by loosened rules" in done.out
        assert "\x1b[1;32m" not in done.out[done.out.rindex("╭") :]
        assert "loosened rules 6" in done.out.rstrip().splitlines()[-1]
        assert {"org.yaml"} == {row["by"] for row in basis["loosened"]}
        assert 6 == len(basis["loosened"])
        assert 6 == done.out.count(", by org.yaml")
        assert "Ready only by rules that were loosened" in page
        assert 'class="banner unknown"' in page
        assert "## ⚠️ PRODUCTION READY" in markdown
        assert 6 == markdown.count("**loosened**")

    def test_resumes_and_replays_by_the_same_rules(self, bad, tmp_path):
        """
        The rules are in the record: it replays when the file is gone.
        """
        (tmp_path / "org.yaml").write_text(LOOSE.replace("strict", "trial"))
        assert 0 == gonogo(tmp_path, "review", str(bad), "--policy", "org.yaml").code
        (tmp_path / "org.yaml").unlink()

        assert 0 == gonogo(tmp_path, "replay").code

    def test_the_signed_statement_names_them(self, bad, tmp_path):
        """
        Whoever reads only what was signed reads which rules were loosened.
        """
        (tmp_path / "org.yaml").write_text(LOOSE.replace("strict", "trial"))
        assert 0 == gonogo(tmp_path, "review", str(bad), "--policy", "org.yaml").code
        assert 0 == gonogo(tmp_path, "sign", "keygen", "--out", "k.pem").code
        assert 0 == gonogo(tmp_path, "sign", "--key", "k.pem").code
        run = next(path for path in (tmp_path / "runs").iterdir() if path.is_dir())
        payload = json.loads((run / "statement.dsse.json").read_bytes())["payload"]
        signed = json.loads(base64.b64decode(payload))["predicate"]["gonogo"]

        assert 6 == len(signed["basis"]["loosened"])
        assert 0 == gonogo(tmp_path, "verify", "--key", "k.pem.pub").code

    def test_waivers_of_what_is_critical(self, tmp_path):
        """
        Under strict a waiver of a critical criterion opens nothing, and is told; a policy from outside can let it.
        """
        shop = repository(tmp_path / "bad", BAD)
        (tmp_path / "words.yaml").write_text(words(waivers=[waived("SEC-2.3.3")]))
        (tmp_path / "team.yaml").write_text(SMALL_TEAM)
        (tmp_path / "org.yaml").write_text(f"{SMALL_TEAM}policy: {{critical_waivers: true}}\n")
        how = ("review", str(shop), "--words", "words.yaml")
        strict = gonogo(tmp_path, *how, "--policy", "team.yaml")
        let = gonogo(tmp_path, *how, "--policy", "org.yaml", "--format", "json").json
        found = next(a for a in let["assessments"] if a["criterion"] == "SEC-2.3.3")

        said = " ".join(strict.out.split())
        assert "of no effect the waiver of SEC-2.3.3 by dana (words.yaml:2:5): policy 'small-team' lets nobody" in said
        assert "dana" == found["waiver"]["owner"]
        assert "policy.critical_waivers" in [row["rule"] for row in let["basis"]["loosened"]]

    def test_excluded_from_outside(self, bad, tmp_path):
        """
        A configuration from outside can leave files out of the release, and is named for it.
        """
        (tmp_path / "outside.yaml").write_text("exclude: ['*.py']\n")
        done = gonogo(tmp_path, "review", str(bad), "--config", "outside.yaml")

        assert "SEC-2.3.3" not in done.out
        assert "loosened  exclude: 1 of 2 files (*.py) instead of none, by outside.yaml" in done.out

    def test_counts(self, bad, tmp_path):
        """
        What is attested and by how many people is counted apart from what was found.
        """
        second = attested("CMP-8.2.2", seen="The policy of ours was read by all of us.")
        (tmp_path / "outside.yaml").write_text(words(attestations=[attested("OBS-4.3.4"), second]))
        (tmp_path / "team.yaml").write_text(SMALL_TEAM)
        how = ("--config", "outside.yaml", "--policy", "team.yaml", "--format", "json")
        result = gonogo(tmp_path, "review", str(bad), *how).json
        passed = sum(1 for a in result["assessments"] if a["status"] == "pass")
        counted = {name: result["basis"][name] for name in ("evidence", "attested", "people", "waived", "idle")}

        assert {"evidence": passed, "attested": 2, "people": 1, "waived": 0, "idle": []} == counted
        assert result["basis"]["attested_critical"] > 0
        assert 2 == sum(area["attested"] for area in result["areas"])
        for area in result["areas"]:
            known = ("pass", "fail", "unknown", "not_applicable", "waived", "attested")
            assert sum(area[name] for name in known) == sum(a["area"] == area["id"] for a in result["assessments"])
        assert list(result).index("basis") < list(result).index("score")
