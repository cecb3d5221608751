"""Reads what an organisation or a user has settled for every review: its policy, and where words are kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..domain.model import Model
from ..errors import ConfigError
from ..formats.model import read_model
from ..host import files

POLICY, WORDS = "GONOGO_POLICY", "GONOGO_WORDS"
MAX_BYTES = 100_000


class Organisation(Model):
    """What holds for every review that this user begins; an empty file says nothing."""

    policy: str = ""
    """A file with rules, or the name of a policy that ships."""
    words: tuple[str, ...] = ()
    """Files with people's words."""


def organisation(environ: Mapping[str, str]) -> Organisation:
    """
    What *environ* and the user's own configuration say; the first outweighs the second.

    Raises:
        ConfigError: The configuration cannot be read.
    """
    own = _configured(Path(environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME") or "/") / ".config"))
    said = tuple(filter(None, environ.get(WORDS, "").split(os.pathsep)))
    return Organisation(policy=environ.get(POLICY, "") or own.policy, words=said or own.words)


def _configured(folder: Path) -> Organisation:
    file = folder / "gonogo" / "config.yaml"
    try:
        data = files.read(file, MAX_BYTES)
    except FileNotFoundError:
        return Organisation()
    except OSError as error:
        raise ConfigError(f"'{file}' cannot be read: {error.strerror}") from None
    said, _ = read_model(Organisation, data, str(file), ConfigError)
    beside = [name if _ships(name) else str(file.parent / name) for name in (said.policy, *said.words)]
    return Organisation(policy=beside[0], words=tuple(beside[1:]))


def _ships(name: str) -> bool:
    """Whether *name* is a word rather than a path."""
    return "." not in name and os.sep not in name
