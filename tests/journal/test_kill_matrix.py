"""Whatever becomes of a run's process, disk or power, and whenever: the next life goes on from what was recorded."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.faults import (
    DIED,
    DONE,
    MOVER,
    UNWRITABLE,
    System,
    comparable,
    die,
    full,
    in_child,
    resumed,
    reviewing,
    warm,
)
from tests.repositories import SHOP, repository
from tests.sampling import WHOLE, drawn

Point = tuple[int, str]
Strike = Callable[[System, int, str], None]
WORKERS = min(os.cpu_count() or 1, 4)


class Scene:
    """A repository, and what an undisturbed review of it comes to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        config = {"readiness.yaml": "agents: ['mover:Mover']\n", "mover.py": MOVER}
        self.shop = repository(folder / "shop", SHOP | config)
        self._points = {each: self._undisturbed(each) for each in (True, False)}
        (run,) = (p for p in (folder / "True").iterdir() if p.is_dir())
        self.expected = comparable(run)

    def points(self, *stages: str, each: bool) -> list[Point]:
        """Every point of an undisturbed review whose stage is one of *stages*, such as ``half write``."""
        return [(n, stage) for n, stage, what in self.every(each=each) if f"{stage} {what}" in stages]

    def every(self, *, each: bool) -> list[tuple[int, str, str]]:
        """Every point of an undisturbed review: the number of the call, the stage, and what is called."""
        return self._points[each]

    def _undisturbed(self, each: bool) -> list[tuple[int, str, str]]:
        runs, log = self.folder / str(each), self.folder / "log"
        code = in_child(lambda: reviewing(self.shop, runs, lambda *_: None, each=each), log)
        assert DONE == code, log.read_text()
        points: list[tuple[int, str, str]] = json.loads((runs / "points").read_bytes())
        return points

    def hold(self, points: list[Point], strike: Callable[[Point], Strike], ends: set[int], *, each: bool) -> int:
        """Strike at each of *points*, resume, and count; several processes share the points."""
        name = f"{strike.__name__}-{each}"

        def share(worker: int) -> int:
            warm(self.shop, self.folder / f"{name}-{worker}-warm")
            for point in points[worker::WORKERS]:
                self._at(point, self.folder / f"{name}-{worker}", strike(point), ends, each)
            return DONE

        logs = [self.folder / f"{name}-{worker}.log" for worker in range(WORKERS)]
        codes = _together([functools.partial(share, worker) for worker in range(WORKERS)], logs)
        assert codes == [DONE] * WORKERS, "\n".join(log.read_text() for log in logs if log.exists())
        return len(points)

    def _at(self, point: Point, runs: Path, strike: Strike, ends: set[int], each: bool) -> None:
        log = runs.with_suffix(".inner")
        code = in_child(lambda: reviewing(self.shop, runs, strike, each=each), log)
        assert code in ends, f"{point} ended with {code}: {log.read_text() if log.exists() else ''}"
        code = in_child(lambda: resumed(runs, self.expected), log)
        assert code == DONE, f"{point}, resumed: {log.read_text()}"
        shutil.rmtree(runs)
        shutil.rmtree(runs.with_name(f"{runs.name}.world"))


def _together(acts: list[Callable[[], int]], logs: list[Path]) -> list[int]:
    """How each of *acts* ended, each in a fork of its own and all at the same time."""
    pids = []
    for act, log in zip(acts, logs, strict=True):
        pid = os.fork()
        if pid == 0:
            os._exit(in_child(act, log) & 0xFF)
        pids.append(pid)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"))


def killed(point: Point) -> Strike:
    def strike(_system: System, number: int, stage: str) -> None:
        if (number, stage) == point:
            die()

    return strike


def powerless(point: Point) -> Strike:
    def strike(system: System, number: int, stage: str) -> None:
        if (number, stage) == point:
            system.lose()
            die()

    return strike


def filled(point: Point) -> Strike:
    """The disk is full from the point on; at every other point there is room again at once."""

    def strike(_system: System, number: int, stage: str) -> None:
        if (number, stage) == point or (number > point[0] and point[0] % 2):
            full()

    return strike


def chosen(scene: Scene, points: list[Point], whole: bool, *, each: bool) -> list[Point]:
    """All of *points*, or a sample of them: around each act on the world, some at each stage of each call, the last."""
    if whole:
        return points
    stages = {(n, stage): f"{stage} {what}" for n, stage, what in scene.every(each=each)}
    acts = set(scene.points("before act", "after act", each=each))
    some = {*drawn(points, 24, kind=stages.__getitem__), points[-1]}
    assert {stages[point] for point in points} == {stages[point] for point in some}
    return [point for point in points if point in acts or point in some]


EVERY = ("before write", "half write", "after write", "before replace", "after replace", "before act", "after act")


@WHOLE
class TestMatrix:
    def test_killed(self, scene, whole):
        """
        SIGKILL before, within and after every line of the journal, every blob, every act on the world, every report.
        """
        points = scene.points(*EVERY, each=True)

        struck = chosen(scene, points, whole, each=True)

        assert len(points) > 250
        assert len(struck) == scene.hold(struck, killed, {DIED}, each=True) > 10

    def test_full(self, scene, whole):
        """
        No room for any one write, or for any after it: an error that says so, and nothing lost that was recorded.
        """
        points = scene.points("before write", "half write", "before replace", "before sync", each=True)

        struck = chosen(scene, points, whole, each=True)

        assert len(points) > 250
        assert len(struck) == scene.hold(struck, filled, {UNWRITABLE}, each=True) > 10

    def test_power_cut(self, scene, whole):
        """
        Bytes and names that were never synced are gone; what anything was decided on is not among them.
        """
        stages = ("before sync", "after sync", "after replace", "before act", "after act")
        points = scene.points(*stages, each=False)  # what a write has done is lost until the sync behind it

        struck = chosen(scene, points, whole, each=False)

        assert len(points) > 130
        assert len(struck) == scene.hold(struck, powerless, {DIED, DONE}, each=False) > 8
