"""A step that acts on the world happens once, however often its run dies."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from orchestrator.domain.effect import Reconciled
from orchestrator.errors import ReplayDivergence, StepUndecided, UsageError
from orchestrator.journal import acts
from orchestrator.journal.event import canonical, digest
from orchestrator.journal.record import Record
from orchestrator.journal.step import Door
from orchestrator.journal.steps import Steps
from orchestrator.journal.versions import FORMAT
from orchestrator.journal.writer import Journal, start
from orchestrator.redaction import withholding
from tests.journal.test_journal import TickingClock

KEY = "release/mover!move:"


class World:
    """Something that can be acted on; counts how often, and can break in the middle."""

    def __init__(self) -> None:
        self.moved = 0
        self.breaks = False

    async def move(self) -> Any:
        self.moved += 1
        if self.breaks:
            raise ConnectionError("the line went dead")
        return {"moved": self.moved}

    async def look(self) -> Reconciled:
        return Reconciled.done({"moved": self.moved}) if self.moved else Reconciled.undone("nothing has moved")


class Life:
    """One life of a run: a journal and a door that know what earlier lives wrote."""

    def __init__(self, folder: Path, *said: str) -> None:
        if (folder / "run.json").exists():
            record = Record(folder)
            begun = acts.begun(record.events())
            self.journal = Journal.continued(record, TickingClock(), sync=False)
            self.door = Door(self.journal, Steps(record).answers(), begun, acts.answers(said, begun))
        else:
            self.journal = start(folder, {"format": FORMAT, "run": "run"}, TickingClock(), sync=False)
            self.door = Door(self.journal)

    def __enter__(self) -> Door:
        return self.door

    def __exit__(self, *_: object) -> None:
        self.journal.close()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


def move(door: Door, world: World, *, looks: bool = True) -> Any:
    return asyncio.run(door.act("release/mover", "move", {"to": "green"}, world.move, world.look if looks else None))


def broken_off(folder: Path, world: World, *, happened: bool) -> None:
    """Leave a run whose step was started and never finished; it has happened or not."""
    world.breaks = True
    with Life(folder) as door, pytest.raises(ConnectionError):
        move(door, world)
    world.breaks = False
    world.moved = int(happened)


def kinds(folder: Path) -> list[tuple[str, Any]]:
    return [(e.kind, e.data.get("state")) for e in Record(folder).events()]


class TestAct:
    def test_once_in_all_lives(self, folder, world):
        """
        What was done is answered from the record, in the same life and in the next.
        """
        with Life(folder) as door:
            assert {"moved": 1} == move(door, world) == move(door, world)
        with Life(folder) as door:
            assert {"moved": 1} == move(door, world)

        assert 1 == world.moved

    def test_the_beginning_is_on_disk_first(self, folder, world):
        """
        That it begins, and with what, stands in the record before anything happens.
        """
        seen: list[Any] = []

        async def look() -> None:
            seen.extend((e.kind, e.node, e.data["input"]) for e in Record(folder).events())

        with Life(folder) as door:
            asyncio.run(door.act("release/mover", "move", {"to": "green"}, look))

        assert [("StepStarted", "release/mover", {"value": {"to": "green"}})] == seen

    def test_asked_twice_at_once(self, folder, world):
        """
        Who asks while it goes on waits for the one answer.
        """

        async def both(door: Door) -> Any:
            asks = [door.act("n", "move", {}, world.move) for _ in range(5)]
            return await asyncio.gather(*asks)

        with Life(folder) as door:
            assert [{"moved": 1}] * 5 == asyncio.run(both(door))

    @pytest.mark.parametrize("happened", [True, False])
    def test_the_world_is_asked(self, folder, world, happened):
        """
        What was begun is looked up: what happened is not done again, what did not is done.
        """
        broken_off(folder, world, happened=happened)
        with Life(folder) as door:
            assert {"moved": 1} == move(door, world)

        assert 1 == world.moved
        assert ("StepSettled", "done" if happened else "undone") in kinds(folder)
        assert ("StepDone", None) == kinds(folder)[-1]

    def test_within_one_life(self, folder, world):
        """
        A further attempt of the same process is held to it as well.
        """
        world.breaks = True
        with Life(folder) as door:
            with pytest.raises(ConnectionError):
                move(door, world)
            world.breaks = False
            assert {"moved": 1} == move(door, world)

        assert 1 == world.moved

    def test_a_person_is_asked(self, folder, world):
        """
        If the world cannot tell, it stops, and says what to type.
        """
        broken_off(folder, world, happened=True)
        with Life(folder) as door, pytest.raises(StepUndecided) as caught:
            move(door, world, looks=False)

        key = next(iter(acts.begun(Record(folder).events())))
        assert key.startswith(KEY)
        assert f"gonogo resume {folder} --step '{key}=done'" in caught.value.remedy
        assert "run run, node release/mover" == caught.value.where
        assert 1 == world.moved

    @pytest.mark.parametrize(("state", "moved", "answer"), [("done", 1, None), ("undone", 2, {"moved": 2})])
    def test_a_person_answers(self, folder, world, state, moved, answer):
        """
        The answer is recorded with who gave it, and nobody is asked again.
        """
        broken_off(folder, world, happened=True)
        key = next(iter(acts.begun(Record(folder).events())))
        with Life(folder, f"{key}={state}") as door:
            assert answer == move(door, world, looks=False)
        with Life(folder) as door:
            assert answer == move(door, world, looks=False)

        (settled,) = [e.data for e in Record(folder).events() if e.kind == acts.SETTLED]
        assert {"key": key, "state": state, "by": "person", "reason": ""} == settled
        assert moved == world.moved
        assert {} == acts.begun(Record(folder).events())

    def test_undone_and_died_again(self, folder, world):
        """
        A step that was settled as undone, begun anew and broken off is begun once more in the eyes of the next life.
        """
        broken_off(folder, world, happened=False)
        broken_off(folder, world, happened=True)
        with Life(folder) as door:
            assert {"moved": 1} == move(door, world)

        assert [("StepSettled", "undone"), ("StepSettled", "done")] == [k for k in kinds(folder) if k[1]]

    @pytest.mark.parametrize("words", ["move=done", "=done", "x", f"{KEY}=maybe"])
    def test_answers_to_nothing(self, words):
        """
        An answer about a step that nobody began is a mistake that names those that were begun.
        """
        begun = {f"{KEY}0": acts.Begun(f"{KEY}0", "release/mover", "then")}
        with pytest.raises(UsageError) as caught:
            acts.answers([words], begun)

        assert "done" in caught.value.remedy or f"{KEY}0" in caught.value.remedy


class TestReplay:
    def test_divergence_is_named(self, folder, world):
        """
        A step that the record does not have is named, with what it has in its place.
        """
        with Life(folder) as door:
            move(door, world)
        (key,) = (e.data["key"] for e in Record(folder).events() if e.kind == acts.DONE)
        door = Door(None, {key: lambda: None})

        assert move(door, world) is None
        with pytest.raises(ReplayDivergence) as caught:
            asyncio.run(door.act("release/mover", "move", {"to": "blue"}, world.move))
        asked, _, recorded = caught.value.where.partition(", recorded ")
        assert key == recorded
        assert asked.startswith(f"asked {KEY}")
        assert asked != f"asked {key}"
        assert 1 == world.moved


class TestStep:
    def test_once_in_one_life(self, folder, world):
        """
        The same question is put once, so that a live run hears what its replay will.
        """
        with Life(folder) as door:
            answers = [asyncio.run(door.step("n", 1, "look", {}, world.move)) for _ in range(3)]

        assert [{"moved": 1}] * 3 == answers
        assert 1 == world.moved
        assert [("StepDone", None)] == kinds(folder)

    def test_a_key_gives_no_password_away(self, folder, world):
        """
        Whoever guesses a credential cannot tell from the key that it was the input.
        """
        secret = {"password": "hunter2-of-the-shop"}
        with Life(folder) as door:
            asyncio.run(door.step("n", 1, "look", secret, world.move))
        (key,) = (e.data["key"] for e in Record(folder).events())

        assert not key.endswith(digest(canonical(secret))[7:23])

    def test_a_key_is_the_same_everywhere(self, folder, world):
        """
        An answer is found again where another key, environment or contact decides what is withheld.
        """
        asked = {"password": "hunter2-of-the-shop", "of": "dana@shop.example.net", "token": "blue-horse-74-battery"}
        with withholding(b"k" * 32, {"SHOP_TOKEN": asked["token"]}) as kept, Life(folder) as door:
            kept.name_contacts(asked["of"].encode())
            asyncio.run(door.step("n", 1, "look", asked, world.move))
        with Life(folder) as door:
            asyncio.run(door.step("n", 1, "look", asked, world.move))

        assert 1 == world.moved
