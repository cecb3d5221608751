"""Holds people's words to what they must cost; those that do not are told with the mend and count for nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ..domain.criterion import Catalogue, Criterion, Severity
from ..domain.dismissal import Spot
from ..domain.person import RefusedWord, Word, WordKind
from ..domain.release import Release
from ..domain.said import KINDS, SaidWord, Words
from ..errors import ConfigError
from ..formats.model import nearest, place
from ..formats.yaml import Parsed
from ..identities import Known, Speaker, Spoken

CAPS = {Severity.CRITICAL: 30, Severity.HIGH: 90, Severity.MEDIUM: 180, Severity.LOW: 180}
"""Days that a word counts at most, from the day of what was seen."""
CRITICAL_WAIVER = 14
"""Days for which the risk of a critical criterion can be taken, where a policy allows that at all."""
DISPOSITION = 180
"""Days that one lasts at most; it ends before with the first byte that changes."""
_WORDS, _LETTERS, _DIFFERENT = 4, 16, 8
"""A sentence: so many words or, in scripts without blanks, letters; and so many letters that differ."""
_ID = re.compile(r"\b[A-Za-z]{2,}-\d+(\.\d+)*\b")
_SAME = re.compile(r"[\W\d_]+")
_LINK = re.compile(r"https?://[^\s/]+/\S+")
_COMMIT = re.compile(r"[0-9a-f]{12,64}")

Fault = tuple[str, str]
"""Why a word does not count, and the mend."""


def _nobody(first: int, last: int) -> Speaker:  # noqa: ARG001  # nobody signed any line
    return Speaker("")


def _nothing(spot: Spot) -> str:  # noqa: ARG001  # nothing is known of any file
    return ""


class Backing(NamedTuple):
    """What lets a word count that stands in the reviewed tree itself."""

    base: frozenset[str] = frozenset()
    """Digests of the words of the base, where one was given from outside or recorded as reviewed."""
    signer: Callable[[int, int], Speaker] = _nobody
    """Who signed the commits that the lines come from."""


class Heap(NamedTuple):
    """The words of one file."""

    said: Words
    by: str
    parsed: Parsed | None
    proof: Callable[[SaidWord], str]
    """Why what is handed in with a word is none; empty where it is."""
    backing: Backing | None = None
    """For a file of the reviewed tree itself."""
    digest: Callable[[Spot], str] = _nothing
    """SHA-256 of the file that a place of the reviewed commit or its history lies in; empty where there is none."""

    def at(self, *keys: str | int) -> str:
        """The position of the entry under *keys*."""
        return place(self.parsed, self.by, *keys) if self.parsed is not None else self.by

    def lines(self, kind: str, number: int) -> tuple[int, int]:
        """The first and the last line of an entry; zero for the end of the file."""
        start = f"/{kind}/{number}"
        known = self.parsed.lines if self.parsed is not None else {}
        at = [line for key, line in known.items() if key == start or key.startswith(start + "/")]
        after = [line for line in known.values() if at and line > max(at)]
        return min(at, default=1), min(after) - 1 if after else 0


class Weighed(NamedTuple):
    """Words that may count, and those that do not."""

    words: tuple[Word, ...] = ()
    refused: tuple[RefusedWord, ...] = ()


def check_criteria(heaps: Sequence[Heap], known: Catalogue) -> None:
    """
    Refuse words on criteria that do not exist.

    Raises:
        ConfigError: Every such word, with line, column and the nearest id.
    """
    mistakes = []
    for heap in heaps:
        for kind, _ in KINDS:
            for number, said in enumerate(getattr(heap.said, kind, ())):
                if said.criterion not in known:
                    close = nearest(said.criterion, list(known.criteria))
                    remedy = f"did you mean '{close}'? `gonogo criteria` lists all" if close else ""
                    where = heap.at(kind, number, "criterion")
                    mistakes.append(ConfigError(f"no criterion '{said.criterion}'", where=where, remedy=remedy))
    if mistakes:
        mistakes[0].others = tuple(mistakes[1:])
        raise mistakes[0]


def weigh(heaps: Sequence[Heap], known: Known, catalogue: Catalogue, release: Release, today: date) -> Weighed:
    """
    Tell words that may count from those that do not, whatever is found on their criteria.

    Args:
        heaps: Words by file; their criteria are those of *catalogue*.
        known: Whom the policy knows.
        catalogue: Says which criteria a person's word can decide, and for how long.
        release: Which they must speak of.
        today: The day that the run begins.
    """
    words: list[Word] = []
    refused: list[RefusedWord] = []
    told: dict[str, tuple[str, str, str]] = {}
    for heap in heaps:
        for key, kind in KINDS:
            for number, said in enumerate(getattr(heap.said, key, ())):
                criterion, where = catalogue[said.criterion], heap.at(key, number)
                speaker = _speaker(heap, key, kind, number, said, known, release)
                faults = list(_faults(heap, kind, said, criterion, speaker, release, today))
                faults = faults or list(_copied(said, where, told))
                if faults:
                    refused.append(_refused(kind, said, where, faults))
                else:
                    words.append(_word(kind, said, criterion, speaker, where))
    return Weighed(tuple(words), tuple(refused))


def _speaker(
    heap: Heap, key: str, kind: WordKind, number: int, said: SaidWord, known: Known, release: Release
) -> Speaker:
    """Who says it, by a signature of his own or by the commit that brought it."""
    message, digest = said.message(kind, release.name), said.digest(kind, release.name)
    found = known.who(Spoken(said.who, message, digest, said.signature, said.token))
    if heap.backing is None or found.proof != "listed" or found.doubt:
        return found
    by_commit = heap.backing.signer(*heap.lines(key, number))
    return by_commit if by_commit.person and by_commit.person == found.person else found


def _faults(
    heap: Heap,
    kind: WordKind,
    said: SaidWord,
    criterion: Criterion,
    speaker: Speaker,
    release: Release,
    today: date,
) -> Iterator[Fault]:
    if said.owner:
        yield "it has the form of before, with an owner", "`gonogo config migrate` writes it in the form of today"
        return
    if kind == "attestation":
        yield from _not_asked_for(said, criterion)
    elif kind == "disposition":
        yield from _of_other_bytes(heap, said)
    if not said.who:
        yield "it does not say who speaks", "`who:` names a person of the policy"
    elif not speaker.person:
        yield f"the policy knows nobody called '{said.who[:60]}'", "list them under `people:` in the file of --policy"
    elif speaker.doubt:
        yield f"its signature shows nothing: {speaker.doubt}", "sign it anew: `gonogo words sign FILE`"
    yield from _says_nothing(said, kind)
    if kind != "disposition" or said.file:
        yield from _proves_nothing(heap, said)
    yield from _speaks_of_another(kind, said, criterion, release, today)
    backing = heap.backing
    if backing is not None and speaker.proof == "listed" and said.digest(kind, release.name) not in backing.base:
        yield (
            "it stands in the reviewed tree itself, which nobody from outside has confirmed",
            "hand it in with --words FILE, sign it (`gonogo words sign FILE`), or name a base that has it: --base REV",
        )


def _not_asked_for(said: SaidWord, criterion: Criterion) -> Iterator[Fault]:
    decides = criterion.needs or ", ".join(criterion.evidence) or "a validator of its own"
    match criterion.word:
        case "never":
            yield "it is not decided by a person's word", f"what decides it: {decides}"
        case "beside" if "imported-report" not in criterion.evidence:
            yield "a word on it counts only beside evidence, which gonogo cannot yet be handed", f"it needs: {decides}"
        case "beside" if not said.file:
            yield (
                "a bare word never decides it",
                f"hand in the report with `file:` and `sha256:`; it needs: {decides}",
            )


def _of_other_bytes(heap: Heap, said: SaidWord) -> Iterator[Fault]:
    """What keeps a disposition from being about bytes that are there."""
    spot = Spot.read(said.place)
    mend = "`gonogo dismiss` writes it from a finding of a run"
    if heap.backing is not None:
        yield "it stands in the reviewed tree itself", "hand it in with --words FILE, from outside the repository"
    if not said.check or spot is None:
        yield "it does not say which finding it sets aside", mend
    elif not (now := heap.digest(spot)):
        yield f"there is no {spot.path} in what is reviewed", "take it out"
    elif now != said.content.lower():
        yield f"{spot.path} has changed since", f"look at the finding again, and {mend}"


_ASKED: dict[WordKind, tuple[str, str]] = {
    "attestation": ("seen", "what was seen"),
    "waiver": ("reason", "why the risk is taken"),
    "disposition": ("reason", "why the finding is none"),
}


def _says_nothing(said: SaidWord, kind: WordKind) -> Iterator[Fault]:
    key, asked = _ASKED[kind]
    text = said.seen if kind == "attestation" else said.reason
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    spaced = len(text.split()) >= _WORDS or not text.isascii()
    if not spaced or len(letters) < _LETTERS or len(set(letters)) < _DIFFERENT:
        yield f"it does not say in a sentence {asked}", f"`{key}:` says it"


def _proves_nothing(heap: Heap, said: SaidWord) -> Iterator[Fault]:
    if said.file:
        if fault := heap.proof(said):
            yield fault, "`file:` is a file outside the repository, `sha256:` the digest of its bytes"
    elif not _LINK.fullmatch(said.link):
        yield "nothing shows what it speaks of", "`link:` leads to it, or `file:` and `sha256:` hand it in"


def _speaks_of_another(
    kind: WordKind, said: SaidWord, criterion: Criterion, release: Release, today: date
) -> Iterator[Fault]:
    if said.on is None:
        yield "it names no day", "`on:` is the day on which that was seen"
    elif said.on > today:
        yield f"it speaks of {said.on.isoformat()}, which is to come", "`on:` is the day on which that was seen"
    this = _COMMIT.fullmatch(said.commit) is not None and release.commit.startswith(said.commit)
    if kind == "attestation" and criterion.valid == "release" and not this:
        yield "it does not speak of this commit", f"`commit: {release.commit or 'of the release'}`"
    elif said.commit and not this:
        yield "it speaks of another commit", f"this release is {release.commit[:12] or 'of no commit'}"


def _copied(said: SaidWord, where: str, told: dict[str, tuple[str, str, str]]) -> Iterator[Fault]:
    """Whether the sentence is that of another word which counts, but for numbers and ids; *told* keeps those."""
    text = _SAME.sub("", _ID.sub("", (said.seen or said.reason).casefold()))
    about = said.place.rpartition(":")[0] or said.criterion
    who, first_about, first = told.setdefault(text, (said.who, about, where))
    if (who, first_about) != (said.who, about):
        yield f"it has the sentence of {first}", "say for each criterion, each in his own words, what was seen"


def _word(kind: WordKind, said: SaidWord, criterion: Criterion, speaker: Speaker, where: str) -> Word:
    assert said.on is not None  # a word without a day is refused
    critical_waiver = kind == "waiver" and criterion.severity is Severity.CRITICAL
    days = [CRITICAL_WAIVER if critical_waiver else CAPS[criterion.severity]]
    if kind == "disposition":
        days = [DISPOSITION]
    if kind == "attestation" and isinstance(criterion.valid, int):
        days.append(criterion.valid)
    until = said.on + timedelta(days=min(days))
    return Word(
        kind=kind,
        criterion=criterion.id,
        person=speaker.person,
        proof=speaker.proof,
        said=said.seen if kind == "attestation" else said.reason,
        on=said.on,
        link=said.link,
        file=said.file,
        sha256=said.sha256 if said.file else "",
        until=min(until, said.expires) if said.expires else until,
        where=where,
        check=said.check if kind == "disposition" else "",
        place=said.place if kind == "disposition" else "",
    )


def _refused(kind: WordKind, said: SaidWord, where: str, faults: Sequence[Fault]) -> RefusedWord:
    return RefusedWord(
        kind=kind,
        criterion=said.criterion,
        by=said.who or said.owner,
        where=where,
        why="; ".join(why for why, _ in faults),
        mend="; ".join(dict.fromkeys(mend for _, mend in faults)),
    )
