"""Two hundred credentials that nobody has seen before go in everywhere; none comes out anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.redaction import redact
from tests.cli.command import gonogo
from tests.journal.canaries import GIVEN, TOKENS, Canary, Maker, planted, seen
from tests.llm import messages_api as api
from tests.llm.looks import objection
from tests.repositories import write


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Canary], dict[str, bytes]]:
    """The canaries, and every byte that came out of a review of them and of all that is done with its record."""
    make = Maker(7)
    folder = tmp_path_factory.mktemp("work")
    shop = planted(tmp_path_factory.mktemp("repos") / "shop", make)
    said = [make.token().text for _ in range(6)]

    def answer(_question: str) -> object:
        return {
            "objections": [
                objection("DEP-5.1.1", path=said[0], quote=said[1], why=f"{'so ' * 94}{said[2]} {said[3]}"),
                objection(said[4], why=said[5]),
            ]
        }

    env = {f"SOME_{n}": make.token().text for n in range(12)}
    env["DATABASE_URL"] = make.given("dsn").text
    places: dict[str, bytes] = {}
    with api.serving(api.says(answer), api.status(401, "authentication_error", make.token().text)) as server:
        env |= {"ANTHROPIC_API_KEY": api.KEY, "ANTHROPIC_BASE_URL": server.url}
        words = ("review", str(shop), "--trust", "--model", api.MODEL, "--log", "debug", "-v", "--progress", "plain")
        done = gonogo(folder, *words, **env)
        assert done.code in (1, 3), done.err
        asked = "\n".join(server.questions)
    places |= {"stdout": done.out.encode(), "stderr": done.err.encode(), "questions": asked.encode()}
    for typed in (
        *(("export", "--format", format_) for format_ in ("json", "markdown", "html")),
        ("show", "-v"),
        ("runs",),
        ("verify",),
        ("replay",),
    ):
        done = gonogo(folder, *typed, **env)
        assert done.code in (0, 1, 3), done.err
        places |= {f"{typed[0]} {typed[-1]}": done.out.encode(), f"{typed[0]} {typed[-1]} stderr": done.err.encode()}
    for path in (folder / "runs").rglob("*"):
        places[f"name {path.name}"] = path.name.encode()
        if path.is_file():
            places[str(path.relative_to(folder))] = path.read_bytes()
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
