"""Fifteen hundred secrets stand in a tree in every place that a format has for one; none comes out anywhere."""

from __future__ import annotations

import json
import zipfile

import pytest

from tests.cli.command import gonogo
from tests.journal.canaries import seen
from tests.journal.matrix import ANYWHERE, PLACES, Planted, planted
from tests.llm import messages_api as api


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, dict[str, bytes]]:
    """What was planted, and every byte that came out of a review of it and of all that is done with its record."""
    folder, outside, temp = (tmp_path_factory.mktemp(name) for name in ("work", "outside", "temp"))
    tree = planted(tmp_path_factory.mktemp("repos") / "shop", 23)
    (outside / "planted.json").write_text(json.dumps(tree.files))
    env = {"PLANTED": str(outside / "planted.json"), "TMPDIR": str(temp)}
    places: dict[str, bytes] = {}
    beside = tree.folder.parent

    def typed(*words: str, ends: tuple[int, ...] = (0, 1, 3)) -> None:
        done = gonogo(folder, *words, **env)
        assert done.code in ends, done.err
        name = f"{len(places)} {words[0]} {words[-1]}"
        places.update({name: done.out.encode(), f"{name} stderr": done.err.encode()})

    with api.serving(api.says(lambda _question: {"objections": []})) as server:
        env |= {"ANTHROPIC_API_KEY": api.KEY, "ANTHROPIC_BASE_URL": server.url}
        spoken = ("--policy", str(beside / "team.yaml"), "--words", str(beside / "words.yaml"))
        review = ("review", str(tree.folder), *spoken, "--trust")
        typed(*review, "--log", "debug", "-v", "--model", api.MODEL, ends=(1, 3))
        places["questions"] = "\n".join(server.questions).encode()
    for format_ in ("json", "markdown", "html"):
        typed("export", "--format", format_)
    typed("export", "-o", "x.run.zip")
    for words in (("show", "-v"), ("runs",), ("verify",), ("replay", "--rejudge"), ("explain", "DEP-5.2.1")):
        typed(*words)
    typed("review", str(tree.folder), "--trust", "--plan")
    typed("review", str(tree.folder), "--trust", "--plan", "--name", f"shop {tree.canaries[-1].text}")
    typed("doctor", "--runs", str(folder / tree.canaries[-1].text / "runs"))
    (tree.folder / "readiness.yaml").unlink()
    typed("init", str(tree.folder), ends=(0,))
    places["readiness.yaml"] = (tree.folder / "readiness.yaml").read_bytes()
    with zipfile.ZipFile(folder / "x.run.zip") as archive:
        places |= {f"zip {name}": archive.read(name) for name in archive.namelist()}
    for root in (folder / "runs", temp):
        for path in root.rglob("*"):
            places[f"name {path.name}"] = path.name.encode()
            if path.is_file():
                places[str(path.relative_to(root))] = path.read_bytes()
    return tree, places


class TestMatrix:
    def test_enough(self, reviewed):
        """
        There are as many secrets as promised, of as many kinds and in as many places.
        """
        tree, places = reviewed

        assert len(tree.canaries) >= 1_500
        assert len(tree.pairs) >= 1_000
        assert len({place for _, place in tree.pairs}) == len(PLACES) + len(ANYWHERE) >= 90
        assert len({kind for kind, _ in tree.pairs}) >= 90
        assert len({canary.core for canary in tree.canaries}) == len(tree.canaries)
        assert len(places) >= 20

    def test_each_is_looked_at(self, reviewed):
        """
        What stands beside each secret comes out, so its file was read and quoted.
        """
        tree, places = reviewed
        said = b"\n".join(places.values())

        assert [] == [near for near in tree.near if near.encode() not in said]

    def test_none_is_seen(self, reviewed):
        """
        No file of the run, no export, no question to a model and no line on either stream shows one.
        """
        tree, places = reviewed

        assert [] == seen(tree.canaries, places)
