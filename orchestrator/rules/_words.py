"""Holds people's words, waivers and attestations, to what they must cost to count for anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from ..config import ConfigFile
from ..domain.criterion import Catalogue
from ..domain.person import Statement
from ..errors import ConfigError

LONGEST = timedelta(days=180)
_LETTERS, _DIFFERENT = 10, 5
"""A reason says something: so many letters, so many of them different."""
_ID = re.compile(r"\b[A-Za-z]{2,}-\d+(\.\d+)*\b")
_SAME = re.compile(r"[\W\d_]+")


def check_words(config: ConfigFile, catalogue: Catalogue, today: date) -> None:
    """
    Refuse words that nobody stands for, that say nothing, last too long, or are not asked for.

    Args:
        config: Whose criteria have been found in *catalogue*.
        catalogue: Says which criteria a person's word can decide.
        today: The day from which words last.

    Raises:
        ConfigError: Every such word, each at its place, with how to fix it.
    """
    mistakes: list[ConfigError] = []
    told: dict[str, str] = {}
    for kind, word in (("waivers", "waiver"), ("attestations", "attestation")):
        for number, said in enumerate(getattr(config.config, kind)):
            about = f"the {word} of {said.criterion}"
            for key, what, remedy in (*_faults(said, about, today), *_copied(said, about, told)):
                mistakes.append(ConfigError(what, where=config.at(kind, number, key), remedy=remedy))
    for number, attested in enumerate(config.config.attestations):
        criterion = catalogue[attested.criterion]
        if "attestation" not in criterion.evidence:
            what = f"{criterion.id} is not decided by a person's word"
            remedy = f"what decides it: {criterion.needs or ', '.join(criterion.evidence) or 'a validator of its own'}"
            mistakes.append(ConfigError(what, where=config.at("attestations", number, "criterion"), remedy=remedy))
    if mistakes:
        mistakes[0].others = tuple(mistakes[1:])
        raise mistakes[0]


def _faults(said: Statement, about: str, today: date) -> Iterator[tuple[str, str, str]]:
    """(key, what is wrong, how to fix it)."""
    if sum(map(str.isalpha, said.owner)) < 2:
        yield "owner", f"{about} has no owner", "say who stands for it, by name or address"
    letters = [letter for letter in said.reason.casefold() if letter.isalpha()]
    if len(letters) < _LETTERS or len(set(letters)) < _DIFFERENT:
        yield "reason", f"{about} gives no reason", "say in a sentence what was seen, or why the risk is taken"
    if said.expires - today > LONGEST:
        latest = (today + LONGEST).isoformat()
        what = f"{about} lasts until {said.expires.isoformat()}, longer than {LONGEST.days} days"
        yield "expires", what, f"such words must be renewed: {latest} at the latest"


def _copied(said: Statement, about: str, told: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Whether the reason is another one's, but for numbers and ids; *told* keeps those that were met."""
    reason = _SAME.sub("", _ID.sub("", said.reason.casefold()))
    if len(reason) < _LETTERS:
        return
    first = told.setdefault(reason, about)
    if first != about:
        yield "reason", f"{about} has the reason of {first}", "say for each criterion what was seen"
