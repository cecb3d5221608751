"""Two hundred credentials that nobody has seen before go in everywhere; none comes out anywhere."""

from __future__ import annotations

import json
import signal
import zipfile
from pathlib import Path

import pytest

from orchestrator.redaction import redact
from tests.cli.command import gonogo
from tests.journal.canaries import GIVEN, TOKENS, Canary, Maker, overheard, planted, seen
from tests.llm import messages_api as api
from tests.llm.looks import objection
from tests.repositories import write


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Canary], dict[str, bytes]]:
    """The canaries, and every byte that came out of two reviews of them and of all that is done with their records."""
    make = Maker(7)
    folder, outside, temp = (tmp_path_factory.mktemp(name) for name in ("work", "outside", "temp"))
    shop = planted(tmp_path_factory.mktemp("repos") / "shop", make)
    said = [make.token().text for _ in range(6)]
    tree = [c for c in make.made if c.kind == "environment"][-6:]
    says = overheard(make, outside, tree)

    def answer(_question: str) -> object:
        return {
            "objections": [
                objection("DEP-5.1.1", path=said[0], quote=said[1], why=f"{'so ' * 94}{said[2]} {said[3]}"),
                objection(said[4], why=f"{said[5]} {says['tree']}"),
            ]
        }

    env = {f"SOME_{n}": make.token().text for n in range(12)} | says["environment"]
    env |= {"DATABASE_URL": make.given("dsn").text, "CANARIES": str(outside / "canaries.json"), "TMPDIR": str(temp)}
    places: dict[str, bytes] = {}

    def typed(*words: str, ends: tuple[int, ...] = (0, 1, 3)) -> None:
        done = gonogo(folder, *words, **env)
        assert done.code in ends, done.err
        name = f"{len(places)} {words[0]} {words[-1]}"
        places.update({name: done.out.encode(), f"{name} stderr": done.err.encode()})

    words_of = ("--policy", str(shop.parent / "team.yaml"), "--words", str(shop.parent / "words.yaml"))
    review = ("review", str(shop), *words_of, "--trust", "--log", "debug", "-v", "--progress", "plain")
    with api.serving(api.says(answer), api.status(401, "authentication_error", make.token().text)) as server:
        env |= {"ANTHROPIC_API_KEY": api.KEY, "ANTHROPIC_BASE_URL": server.url}
        typed(*review, "--model", api.MODEL, ends=(1, 3))
        places["questions"] = "\n".join(server.questions).encode()
    (outside / "canaries.json").write_text(json.dumps(says | {"die": True}))
    typed(*review, ends=(-signal.SIGKILL,))
    (outside / "canaries.json").write_text(json.dumps(says | {"die": False}))
    typed("resume", "latest", "--trust", ends=(1, 3))
    for format_ in ("json", "markdown", "html"):
        typed("export", "--format", format_)
    typed("export", "-o", "x.run.zip")
    for words in (("show", "-v"), ("runs",), ("verify",), ("replay",), ("replay", "--rejudge"), ("doctor", str(shop))):
        typed(*words, ends=(0, 1, 2, 3))
    first, second = sorted(path.name for path in (folder / "runs").iterdir() if path.is_dir())
    typed("diff", first, second)
    typed("explain", "DEP-5.2.1")
    with zipfile.ZipFile(folder / "x.run.zip") as archive:
        places |= {f"zip {name}": archive.read(name) for name in archive.namelist()}
    for root in (folder / "runs", temp):
        for path in root.rglob("*"):
            places[f"name {path.name}"] = path.name.encode()
            if path.is_file():
                places[str(path.relative_to(root))] = path.read_bytes()
    return make.made, places


class TestCanaries:
    def test_enough(self, reviewed):
        """
        There are as many canaries as promised, of as many kinds, and each can be told by its shape.
        """
        canaries, places = reviewed

        assert len(canaries) >= 200
        assert len({c.kind for c in canaries}) >= 25
        assert len(places) >= 20
        assert [] == [c for c in canaries if c.kind in TOKENS | GIVEN and c.core in redact(f" {c.text} ")]

    def test_none_is_seen(self, reviewed):
        """
        No file of the run, no export, no line on either stream shows one, in whatever writing.
        """
        assert [] == seen(*reviewed)


class TestMistakes:
    @pytest.mark.parametrize(
        ("files", "said"),
        [
            ({"readiness.yaml": "agents: ['rude:Rude']\n", "rude.py": "raise ValueError('{0}')\n"}, "rude"),
            (
                {"readiness.yaml": "waivers:\n  - {{criterion: '{0}', owner: a, reason: b, expires: 2030-01-01}}\n"},
                "no",
            ),
            ({"readiness.yaml": "version: {0}\nworkflow: '{0}'\n"}, "readiness.yaml"),
            ({"readiness.yaml": "release: [{0}\n"}, "readiness.yaml"),
        ],
    )
    def test_messages(self, tmp_path, files, said):
        """
        A message about a mistake quotes what was written, but no credential.
        """
        make = Maker(11)
        write(tmp_path / "shop", {name: text.format(make.token().text) for name, text in files.items()})
        done = gonogo(tmp_path, "review", str(tmp_path / "shop"), "--trust")

        assert 2 == done.code
        assert said in done.err
        assert [] == seen(make.made, {"stdout": done.out.encode(), "stderr": done.err.encode()})

    def test_the_words_of_the_command(self, tmp_path):
        """
        A credential given as a word is not repeated.
        """
        make = Maker(13)
        Path(tmp_path / "shop").mkdir()
        done = gonogo(tmp_path, "review", "shop", "--rev", make.token().text)
        other = gonogo(tmp_path, "show", make.token().text)

        assert 2 == done.code == other.code
        assert [] == seen(make.made, {"stderr": done.err.encode(), "other": other.err.encode()})
