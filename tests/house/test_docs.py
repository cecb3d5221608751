"""The documentation is true: generated pages are up to date, links lead somewhere, every command runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.config import parse
from orchestrator.rules import Layer, contacts, parse_policy
from tests.cli.command import gonogo
from tests.evidence.sources.toys import installed
from tests.identities.keys import key
from tests.repositories import SHOP, git, repository
from tools.docs import pages

ROOT = Path(__file__).parents[2]
PROSE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = sorted(
    {
        line.partition("#")[0].strip().removeprefix("$ ")
        for page in PROSE
        for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL)
        for line in block.splitlines()
        if line.startswith("$ ")
    }
)
ENDINGS = {"review": {0, 1}, "doctor": {0}, "init": {0}}
KEYGEN = "gonogo sign keygen --out release.key"
PUBLISHED = [c for c in COMMANDS if c.startswith(("gonogo sign --key", "gonogo anchor --to"))]
"""What `gonogo verify` is told to compare with, for whichever run is the latest."""


@pytest.mark.parametrize("path", sorted(pages()))
def test_generated_pages_are_up_to_date(path: str) -> None:
    """
    `python -m tools.docs` would change nothing.
    """
    assert pages()[path] == (ROOT / path).read_text()


@pytest.mark.parametrize("page", PROSE, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    """
    Every relative link names a file that is there.
    """
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        assert "://" in link or (page.parent / link).exists(), link


ORGANISATION = re.findall(r"(allow:\n.*?)```", (ROOT / "docs" / "how-to.md").read_text(), re.DOTALL)[0]
PROPOSED = re.findall(r"(targets:\n.*?)```", (ROOT / "docs" / "how-to.md").read_text(), re.DOTALL)[0]
WORDS = re.findall(r"(waivers:\n.*?)```", (ROOT / "docs" / "how-to.md").read_text(), re.DOTALL)[0]
PEOPLE = re.findall(r"(people:\n.*?)```", (ROOT / "docs" / "how-to.md").read_text(), re.DOTALL)[0]
BETA = re.findall(r"(policy: \{name: beta.*?)```", (ROOT / "docs" / "how-to.md").read_text(), re.DOTALL)[0]


APP = (
    str(SHOP["app.py"]).replace("Flask\n", "Flask, request\n", 1)
    + "\n\n@app.get('/sum')\ndef total():\n    return str(eval(request.args['of']))\n"
)
"""With the finding that a page sets aside."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = repository(tmp_path_factory.mktemp("docs") / "shop", {**SHOP, "app.py": APP})
    git(shop, "tag", "v1.4.0")
    git(shop, "commit", "--quiet", "--allow-empty", "-m", "after")
    (shop / "next.yaml").write_text("thresholds: {score: 95}\n")
    (shop.parent / "beta.yaml").write_text(BETA)
    (shop.parent / "org.yaml").write_text(ORGANISATION + PEOPLE)
    (shop.parent / "words.yaml").write_text(WORDS)
    key(shop.parent, "lee")
    assert gonogo(shop, "review", "-q").code == 1
    assert gonogo(shop, *shlex.split(KEYGEN)[1:]).code == 0
    return shop


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("gonogo ")])
def test_commands_run(command: str, folder: Path, tmp_path: Path) -> None:
    """
    Every command of the documentation works as it is written.
    """
    words = [word for written in shlex.split(command)[1:] for word in expanded(written)]
    if words[0] == "verify":
        for earlier in PUBLISHED:
            assert gonogo(folder, *shlex.split(earlier)[1:]).code == 0
    if words[:2] == ["config", "migrate"]:
        (tmp_path / "readiness.yaml").write_text(
            "waivers:\n  - {criterion: SEC-2.3.9, owner: d, reason: r, expires: 2027-01-31}\n"
        )
    done = gonogo(tmp_path if command == KEYGEN or words[0] == "config" else folder, *words)

    assert done.code in ENDINGS.get(words[0], {0}), (done.code, done.err)
    assert "Traceback" not in done.err


def expanded(word: str) -> list[str]:
    """What a shell in this repository makes of *word*: the files that fit, where it is a pattern of paths."""
    return [str(path) for path in sorted(ROOT.glob(word))] if "*" in word else [word]


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith(("gonogo ", "pip install "))])
def test_commands_of_a_checkout_run(command: str, tmp_path: Path) -> None:
    """
    So does every command for this repository: `make` has each target, and each choice of tests finds some.

    Whether they pass is told where they are run: here.
    """
    words = shlex.split(command)
    if words[0] == "make":
        words = ["make", "--dry-run", f"VENV={tmp_path}", *words[1:]]
    else:
        assert words[:2] == [".venv/bin/python", "-m"], command
        words = [sys.executable, *words[1:], "--collect-only", f"--basetemp={tmp_path / 'tests'}"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


TARGETS = sorted(set(re.findall(r"`make (\w+)", "".join(page.read_text() for page in PROSE))))


@pytest.mark.parametrize("target", TARGETS)
def test_targets_are_there(target: str, tmp_path: Path) -> None:
    """
    Every target that a sentence or a table names is one.
    """
    words = ["make", "--dry-run", f"VENV={tmp_path}", target]

    assert subprocess.run(words, cwd=ROOT, capture_output=True).returncode == 0


CODE = re.findall(
    r"`((?:orchestrator|agents|prompts|workflows|tests)/[\w./-]*)`", (ROOT / "CONTRIBUTING.md").read_text()
)


@pytest.mark.parametrize("path", sorted(set(CODE)))
def test_paths_are_there(path: str) -> None:
    """
    Every file and folder that a newcomer is sent to is where it is said to be.
    """
    assert (ROOT / path).exists()


AGENTS = [
    block
    for block in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "how-to.md").read_text(), re.DOTALL)
    if "(Agent):" in block
]


@pytest.mark.parametrize("code", AGENTS, ids=lambda code: re.findall(r"class (\w+)", code)[0])
def test_agents_run(code: str, tmp_path: Path) -> None:
    """
    Every agent of the how-to completes its turn, twice.
    """
    name = re.findall(r"class (\w+)", code)[0]
    config = f"agents: ['mine:{name}']\n"
    shop = repository(tmp_path / "shop", SHOP | {"mine.py": code, "readiness.yaml": config})
    for _ in range(2):
        done = gonogo(shop, "review", "--trust", "--format", "json")
        own = re.findall(r'id = "(.+?)"', code)[0]

        assert ["completed"] == [a["outcome"] for a in done.json["agents"] if a["agent"] == own], done.err


def test_what_is_proposed_is_allowed_where_it_says() -> None:
    """
    The targets that the how-to proposes are contacted by the file that it allows them in, and by no other.
    """
    file = parse(PROPOSED.encode())
    tree = [Layer(file.config, file.path, file.parsed)]

    assert ["metrics", "shop"] == [row.target for row in contacts((), tree).withheld]
    assert ["metrics", "shop"] == [t.name for t in contacts([parse_policy(ORGANISATION.encode(), "")], tree).targets]


def test_a_source_looks(tmp_path: Path) -> None:
    """
    The source of the how-to, installed as a package is, reads the report that it is given.
    """
    page = (ROOT / "docs" / "how-to.md").read_text()
    (code,) = (block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "= outside(" in block)
    site = installed(tmp_path / "site", "[orchestrator.sources]\nlint = lint:SOURCE\n")
    (site / "lint.py").write_text(code)
    (tmp_path / "lint.json").write_text('{"warnings": ["mind the gap"], "files": 3}')
    shop = repository(tmp_path / "shop", SHOP)
    done = gonogo(shop, "review", "--target", "report=../lint.json", "--format", "json", PYTHONPATH=f"{ROOT}:{site}")

    assert [("lint-warnings", 3)] == [(row["fact"], row["produced"]["examined"]) for row in done.json["sources"]], (
        done.err
    )


def test_the_other_commands_are_pips() -> None:
    """
    What no test here runs is pip, which the packaging test runs.
    """
    others = {c for c in COMMANDS if not c.startswith(("gonogo ", "make ", ".venv/bin/python "))}

    assert others == {"pip install ."}
