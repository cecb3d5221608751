"""Chooses old runs and deletes them; one that somebody drives, vouches for or holds is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..conclusion import state as reading
from ..errors import RecordBroken, RunsFolderUnwritable
from ..journal.beside import vouched
from ..journal.exclusive import free
from ..journal.holds import held
from ..journal.record import BLOBS, MANIFEST, Record, all_runs


class Choice(NamedTuple):
    """One run, and what becomes of it."""

    folder: Path
    release: str
    delete: bool
    because: str


def choose(runs: Path, keep: int, *, unfinished: bool = False) -> list[Choice]:
    """
    Say of each run whether it stays.

    Args:
        runs: The folder of runs.
        keep: How many finished runs of each release name stay; the newest do.
        unfinished: Whether runs without a verdict go too, where a newer finished run of the same release stays.
    """
    choices = []
    finished_after: dict[str, int] = {}
    for folder in reversed(all_runs(runs)):
        record = Record(folder)
        try:
            release = record.manifest().release.name
            finished = reading.read(record).finished
        except (RecordBroken, OSError):
            choices.append(Choice(folder, "", False, "cannot be read"))
            continue
        newer = finished_after.get(release, 0)
        if folder.is_symlink():
            choice = Choice(folder, release, False, "is a link")
        elif _driven(folder):
            choice = Choice(folder, release, False, "is being driven")
        elif why := kept(folder):
            choice = Choice(folder, release, False, why)
        elif _strange(folder):
            choice = Choice(folder, release, False, "holds a folder that no run has")
        elif not finished:
            choice = Choice(folder, release, unfinished and newer > 0, "is unfinished")
        elif newer < keep:
            choice = Choice(folder, release, False, f"is one of the newest {keep}")
        else:
            choice = Choice(folder, release, True, f"{newer} newer")
        finished_after[release] = newer + finished
        choices.append(choice)
    return choices[::-1]


def kept(folder: Path) -> str:
    """Why the run in *folder* is never pruned: it is held, or somebody vouches for it; empty where neither is so."""
    hold = held(folder)
    if hold is None:
        return vouched(folder)
    return f"is held: {hold.reason}" if hold.reason else "is held"


def delete(folder: Path) -> bool:
    """
    Delete the run in *folder*; says no where somebody began to drive it, or to vouch for it or hold it, meanwhile.

    Raises:
        RunsFolderUnwritable: It cannot be deleted.
    """
    with free(folder) as alone:
        if not alone or kept(folder):
            return False
        if _strange(folder):
            raise RunsFolderUnwritable(
                f"run '{folder.name}' cannot be deleted: it holds a folder that no run has", where=str(folder)
            )
        try:
            (folder / MANIFEST).unlink()  # from here on it is not a run, however far the rest comes
            if _is_folder(folder / BLOBS):
                _empty(folder / BLOBS)
            _empty(folder)
        except OSError as error:
            raise RunsFolderUnwritable(
                f"run '{folder.name}' cannot be deleted: {error.strerror}", where=str(folder)
            ) from None
    return True


def _empty(folder: Path) -> None:
    """Delete *folder* and what lies in it; it has no folders any more, since whoever made one could make them deep."""
    for path in list(folder.iterdir()):
        path.unlink()
    folder.rmdir()


def _strange(folder: Path) -> bool:
    """Whether there is a folder in it, or in its blobs, where a run has none."""
    try:
        inside = [path for place in (folder, folder / BLOBS) if _is_folder(place) for path in place.iterdir()]
    except OSError:
        return True
    return any(_is_folder(path) for path in inside if path != folder / BLOBS)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _driven(folder: Path) -> bool:
    with free(folder) as alone:
        return not alone
