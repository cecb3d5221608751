"""A commit that wants credentials, of a cloud or of whoever reviews it, gets nothing and is told about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestrator.journal.record import Record
from tests.cli.command import ROOT, gonogo
from tests.evidence.sources import toys
from tests.evidence.sources.toys import findings, report, reviewed, serving, shop
from tests.rules.test_contacts import SENT, SPELLINGS

SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLE"  # gonogo: a value of this test alone
OK = b'{"state": "fine"}'


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(toys.installed(tmp_path / "site"))
    for name in ("AWS_SECRET", "PROM_TOKEN"):
        monkeypatch.setenv(name, SECRET)


def test_gets_nothing(tmp_path):
    """
    Its server hears of nobody, the record has no byte of what it asked for, and each target is named with its reason.
    """
    proposed = [f"  - {{name: a{number}, {said}}}" for number, said in enumerate([*SPELLINGS.values(), *SENT.values()])]
    with serving(OK) as server:
        own = f"127.0.0.1:{server.server_port}"
        proposed += [
            f"  - {{name: own, url: 'http://{own}/', headers: {{X: {{env: AWS_SECRET}}}}}}",
            f"  - {{name: own-too, url: 'http://{own}/'}}",
        ]
        text = "\n".join([toys.AGENT["readiness.yaml"] + "targets:", *proposed]) + "\n"
        policy = tmp_path / "org.yaml"
        policy.write_text("allow: [{host: shop.example}, {host: prom.example, environment: [PROM_TOKEN]}]\n")
        run = reviewed(shop(tmp_path / "shop", **{"readiness.yaml": text}), tmp_path / "runs", policy=str(policy))

    contacts = Record(run).manifest().contacts
    assert [] == server.asked
    assert ((), len(proposed)) == (contacts.targets, len(contacts.withheld))
    assert SECRET.encode() not in toys.everything(run)
    assert "was not contacted: " in findings(run)["health"].message
    notes = [note for note in toys.said(run)["notes"] if "proposed by the reviewed tree and was not contacted" in note]
    assert 10 == len(notes)
    assert f"{len(proposed) - 10} more targets likewise" in toys.said(run)["notes"]


def test_is_led_nowhere(tmp_path):
    """
    An allowed host that leads on to its own other server, to a metadata service or to this machine is left there.
    """
    for to in ("http://169.254.169.254/latest/", "http://2852039166/", "http://127.0.0.1:1/", "file:///etc/passwd"):
        with serving(lambda asked, to=to: asked.say(b"", 302, Location=to)) as server:  # type: ignore[misc]  # a default, which keeps its own address
            tree = shop(tmp_path / to[-6:].strip("/"), **{"readiness.yaml": toys.AGENT["readiness.yaml"]})
            run = reviewed(tree, tmp_path / "runs", f"url={server.url}")

        assert 1 == len(server.asked)
        assert "unknown" == findings(run)["health"].status.value


class TestTrust:
    def test_a_foreign_record_contacts_nobody(self, tmp_path):
        """
        Who resumes a run that has targets says that it is theirs; what it would contact is named.
        """
        file = report(tmp_path / "lint.json")
        tree = shop(tmp_path / "shop", **{"readiness.yaml": "{}\n"})
        words = ("review", str(tree), "--runs", "runs", "--target", f"report={file}")
        path = f"{ROOT}:{tmp_path / 'site'}"
        assert gonogo(tmp_path, *words, PYTHONPATH=path).code == 1
        (run,) = (tmp_path / "runs").glob("2*")
        lines = (run / "journal.jsonl").read_bytes().splitlines(keepends=True)
        begun = next(n for n, line in enumerate(lines) if json.loads(line)["kind"] == "NodeStarted")
        (run / "journal.jsonl").write_bytes(b"".join(lines[:begun]))
        for name in ("verdict.json", "report.html"):
            (run / name).unlink()

        refused = gonogo(tmp_path, "resume", "--runs", "runs", PYTHONPATH=path)
        assert 2 == refused.code
        assert "contacts targets outside the repository: report-1" in refused.err

        assert 1 == gonogo(tmp_path, "resume", "--runs", "runs", "--trust", PYTHONPATH=path).code


class TestShown:
    def test_everywhere(self, tmp_path):
        """
        Terminal, Markdown, plan and HTML name source and target.
        """
        file = report(tmp_path / "lint.json")
        tree = shop(tmp_path / "shop", **{"readiness.yaml": "{}\n"})
        path = f"{ROOT}:{tmp_path / 'site'}"
        words = ("review", str(tree), "--runs", "runs", "--target", f"report={file}")
        said = "toy-warnings: 3 files of report-1, by toylint 1.2 at 2"

        assert f"asks  report-1 (report {file})" in gonogo(tmp_path, *words, "--plan", PYTHONPATH=path).out
        assert f"source  {said}" in gonogo(tmp_path, *words, PYTHONPATH=path, COLUMNS="300").out
        assert f"source  {said}" in gonogo(tmp_path, "show", "--runs", "runs", COLUMNS="300").out
        page = gonogo(tmp_path, "export", "--format", "markdown", "--runs", "runs").out
        assert "Source toy-warnings: 3 files" in page.replace("\\", "")
