"""Declares a check: a pure function from facts to findings, with examples that are its tests."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Flag, auto
from functools import cached_property
from types import FunctionType
from typing import Any, cast, get_type_hints

from ..catalogue.loader import is_grave
from ..domain.derived import asked
from ..domain.derived import unmade as unmade_of
from ..domain.fact import Aside, Fact, Problem, Source
from ..domain.finding import Confidence, Extent, Status
from ..domain.ground import Absence, Ground, Grounded, Withheld
from ..domain.measure import Measure
from ..domain.places import Places, together
from ..domain.sentence import Sentence, singular
from ..domain.signal import Signal
from ._lineage import lineage


class Shows(Flag):
    """What a check can show; it is held to it."""

    NOTHING = 0
    """It only tells how far what is there goes: what decides is seen elsewhere."""
    PASS = auto()
    FAIL = auto()
    BOTH = PASS | FAIL


NOTHING, PASS, FAIL, BOTH = Shows.NOTHING, Shows.PASS, Shows.FAIL, Shows.BOTH


@dataclass(frozen=True)
class Example:
    """A small tree of files (path to text) and what is special about it."""

    title: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Counted:
    """Evidence in numbers: what was examined. Nothing examined is not evidence."""

    number: int
    what: str
    at_least: bool = False

    def __str__(self) -> str:
        said = f"{self.number:,} {singular(self.what) if self.number == 1 else self.what}"
        return f"at least {said}" if self.at_least else said


def examined(number: int | Places, what: str) -> Counted:
    """What was looked at, such as ``examined(12, "Kubernetes workloads")``; of places all that there are."""
    return Counted(number.total, what, not number.exact) if isinstance(number, Places) else Counted(number, what)


Shown = Source | Counted | Places | Ground
"""
What a draft can rest on: places, counts, and grounds made by the words of :mod:`orchestrator.contract.grounds`.

Of places any number may be given: the first are shown, and all of them are counted.
"""
WORDED = "Worth a look, since it is a word on a line that no syntax bears out: "
MOST_SHOWN = 6
MOST_KNOWN = 200
"""Places of one finding that are named one by one, so that people can set each of them aside."""
MOST_GROUNDS = 60
"""Counts and other grounds of one finding; what is beyond is counted."""


@dataclass(frozen=True)
class Draft:
    """A finding as a check says it, before the engine adds who said it and quotes the evidence."""

    status: Status
    message: str
    at: Source | None
    evidence: tuple[Source | Counted | Ground, ...]
    remedy: str = ""
    criterion: str = ""
    confidence: Confidence = "high"
    measure: Measure | None = None
    extent: Extent | None = None
    places: tuple[str, ...] = ()
    """Every place, where the evidence shows only the first of them and all are known, or where they lie in history."""
    look: bool = False
    """It would be a failure if it rested on more than words on lines."""


def failed(
    message: str | Sentence,
    at: Shown | None = None,
    *evidence: Shown,
    remedy: str = "",
    criterion: str = "",
    confidence: Confidence = "high",
    measure: Measure | None = None,
    places: Sequence[str] = (),
) -> Draft:
    """
    Something is wrong.

    Args:
        message: One sentence that names the thing: ``Deployment web has no readiness probe``. It begins with a
            capital, or with a name as it stands in the tree, and has no full stop. Of several things
            ``each(workloads, …).say("{} {has} no readiness probe")``, which brings their places along.
        at: Where to look, if it is a place of the tree. Where something is missing from all of it, say so with
            ``absent("a way back", examined(12, "documents"))``: such a failure is none where its criterion does not
            apply, any other is.
        evidence: All other places, what was examined, and what else it rests on.
        remedy: What to do, where it is more exact than the criterion's own remedy.
        criterion: Which one, when the check is for several.
        measure: The number behind it, see :func:`orchestrator.measured`.
        places: All places in history, as ``commit:path:line``; those in the tree are known without.
    """
    text, evidence = _worded(message, evidence if at is None else (at, *evidence))
    shown, extent, known = _shown(evidence)
    if not shown:
        raise ValueError(f"a failure without evidence: {text}")
    leading = message.places if isinstance(message, Sentence) and message.places else at
    place = leading[0] if isinstance(leading, Places) and leading else leading
    place = place if isinstance(place, Source) else None
    every = tuple(places) or known
    return Draft(Status.FAIL, text, place, shown, remedy, criterion, confidence, measure, extent, every)


def passed(
    message: str | Sentence,
    *evidence: Shown,
    criterion: str = "",
    confidence: Confidence = "high",
    measure: Measure | None = None,
) -> Draft:
    """Something holds, shown by a place, by a count of what was examined that is above zero, or by another ground."""
    text, evidence = _worded(message, evidence)
    shown, extent, _ = _shown(evidence)
    if not any(map(_shows, shown)):
        raise ValueError(f"a pass without evidence: {text}")
    return Draft(Status.PASS, text, _first(shown), shown, "", criterion, confidence, measure, extent)


def unsure(message: str | Sentence, *evidence: Shown, criterion: str = "", measure: Measure | None = None) -> Draft:
    """It could not be told, and why; takes a pass of any other check back to unknown."""
    text, evidence = _worded(message, evidence)
    shown, extent, known = _shown(evidence)
    first = _first(shown)
    return Draft(Status.UNKNOWN, text, first, shown, criterion=criterion, measure=measure, extent=extent, places=known)


def _worded(message: str | Sentence, evidence: tuple[Shown, ...]) -> tuple[str, tuple[Shown, ...]]:
    """What is said, and what it rests on with the places of the things that it is about."""
    return (message.text, (message.places, *evidence)) if isinstance(message, Sentence) else (message, evidence)


def _first(shown: Sequence[object]) -> Source | None:
    return next((item for item in shown if isinstance(item, Source)), None)


def _shows(ground: Source | Counted | Ground) -> bool:
    """Whether *ground* can carry a pass: what examined nothing cannot, nor what nobody may see."""
    if isinstance(ground, Counted):
        return ground.number > 0
    if isinstance(ground, Absence):
        return any(part.number > 0 for part in ground.searched)
    return not isinstance(ground, Withheld)


def _shown(
    evidence: Sequence[Shown],
) -> tuple[tuple[Source | Counted | Ground, ...], Extent | None, tuple[str, ...]]:
    """The first places and all else of *evidence*, and how many places and which there are where those are not all."""
    places = together(*((e,) if isinstance(e, Source) else e for e in evidence if isinstance(e, Source | Places)))
    different: dict[tuple[str, int], Source] = {}
    for place in places:
        different.setdefault((place.path, place.line), place)
    kept = tuple(different.values())
    others = tuple(e for e in evidence if isinstance(e, Counted | Grounded))
    if len(others) > MOST_GROUNDS:
        others = (*others[: MOST_GROUNDS - 1], Counted(len(others) - MOST_GROUNDS + 1, "more grounds"))
    total = len(kept) + sum(places.beyond.values())
    hidden = total > MOST_SHOWN or not places.exact
    extent = Extent(places=total, at_least=not places.exact) if hidden and total > 1 else None
    known = extent is not None and len(kept) == total <= MOST_KNOWN and places.exact
    every = tuple(f"{place.path}:{place.line}" for place in kept) if known else ()
    return (*kept[:MOST_SHOWN], *others), extent, every


CheckFunction = Callable[..., Iterable[Draft]]


@dataclass(frozen=True)
class Check:
    """One declared check; call :meth:`run` with the facts it asks for."""

    id: str
    criteria: tuple[str, ...]
    shows: Shows
    function: CheckFunction
    clean: tuple[Example, ...]
    flagged: tuple[Example, ...]
    silent: tuple[Example, ...] = ()
    reads: tuple[Signal, ...] = ()
    doc: str = ""
    line: int = field(default=0, compare=False)

    @cached_property
    def parameters(self) -> dict[str, type[Fact]]:
        """Parameter name to the type of fact it wants."""
        hints = get_type_hints(self.function)
        hints.pop("return", None)
        return hints

    @cached_property
    def facts(self) -> tuple[type[Fact], ...]:
        return tuple(self.parameters.values())

    @cached_property
    def version(self) -> str:
        """Digest of all that it judges by: its source, what that refers to, its signals, words and facts' makers."""
        from ..evidence.makers import made_by  # with every reader, which nobody needs to declare a check

        makers = sorted({made_by(kind) for kind in self.parameters.values()})
        return lineage(cast(FunctionType, self.function), self.reads, makers)

    def run(self, facts: Mapping[type[Fact], Fact]) -> Iterator[Draft]:
        """
        Judge *facts*.

        A pass that rests on a fact with unreadable files is turned into *could not tell*, without its measure: a
        number of what could be read is none of the tree; so is one that is said of all parts of a fact, of one of which
        it cannot be told whether it is in force. A failure that rests on one that was kept in part says so, and one by
        absence is none where what is absent may be in force. Where a fact could not be made at all, nothing else is
        said. A draft outside what the check declares is our bug and raises ``AssertionError``.
        """
        arguments = {name: asked(kind, facts) for name, kind in self.parameters.items()}
        for fact in arguments.values():
            fact.sought.clear()
        unmade = next((p for fact in arguments.values() for p in unmade_of(fact)), None)
        if unmade is not None:
            yield from (unsure(f"Could not tell: {unmade}", criterion=criterion) for criterion in self.criteria)
            return
        drafts = [self._declared(draft) for draft in self.function(**arguments)]
        problems = list(dict.fromkeys(p for fact in arguments.values() for p in fact.lacking(self.reads)))
        doubts = [(fact, aside) for fact in arguments.values() for aside in fact.doubted(self.reads)]
        spoiling: list[Problem | Aside] = [*problems, *(aside for fact, aside in doubts if fact.whole)]
        missing = [aside for fact, aside in doubts if _is_missed(fact, aside)]
        for draft in drafts:
            if draft.status is Status.PASS and spoiling:
                yield _untold(draft, spoiling)
            elif draft.status is Status.FAIL and (missing or (doubts and _by_absence(draft))):
                yield _untold(draft, missing or [aside for _, aside in doubts])
            elif draft.status is Status.FAIL and _rests_on_words(draft) and is_grave(draft.criterion):
                yield _worth_a_look(draft)
            elif draft.status is Status.FAIL and not (draft.extent and draft.extent.at_least):
                left_out = next(filter(_left_out, problems), None)
                told = f"{draft.message}; not all was looked at: {left_out}" if left_out else draft.message
                yield replace(draft, message=told)
            else:
                yield draft

    def passed_over(self, facts: Mapping[type[Fact], Fact]) -> Draft | None:
        """After :meth:`run`: that the first thing which it would have looked at is not in force, if there is one."""
        asides = [aside for kind in self.facts for aside in asked(kind, facts).passed_over(self.reads)]
        if not asides:
            return None
        first = min(asides, key=lambda aside: (_is_spoken(aside), not aside.void))
        said = "Written, and not in force" if first.void else "Written, and it cannot be told whether it is in force"
        if _is_spoken(first):
            said = "Only spoken of, and not in force"
        others = f" ({len(asides) - 1:,} more like it)" if len(asides) > 1 else ""
        return unsure(f"{said}: {first}{others}", Source(path=first.path, line=first.line))

    def _declared(self, draft: Draft) -> Draft:
        """*draft* with its criterion, if it is one that the check may say."""
        criterion = draft.criterion or self.criteria[0]
        if criterion not in self.criteria or (not draft.criterion and len(self.criteria) > 1):
            raise AssertionError(f"{self.id} speaks of {draft.criterion or 'no criterion'}, declared {self.criteria}")
        if draft.status is Status.PASS and Shows.PASS not in self.shows:
            raise AssertionError(f"{self.id} passes {criterion} and declares that it cannot")
        if draft.status is Status.FAIL and Shows.FAIL not in self.shows:
            raise AssertionError(f"{self.id} fails {criterion} and declares that it cannot")
        return replace(draft, criterion=criterion)


def _is_spoken(aside: Aside) -> bool:
    """Whether *aside* may be no more than a word about the thing."""
    return aside.void and aside.reason.startswith(("stands in a comment", "stands in a text", "stands in a string"))


def _is_missed(fact: Fact, aside: Aside) -> bool:
    """Whether *aside* is of a kind that was asked for by name, and of which there is nothing else."""
    named = not fact.sought.isdisjoint(aside.about) if fact.sought else not fact.by_name
    return bool(aside.about) and named and not any(map(fact.has, aside.about))


def _rests_on_words(draft: Draft) -> bool:
    """Whether a failure rests on words on lines: the place that it leads with, or all that it has, is one."""
    places = [ground for ground in draft.evidence if isinstance(ground, Source)]
    return draft.at.worded if draft.at is not None else bool(places) and all(place.worded for place in places)


def _worth_a_look(draft: Draft) -> Draft:
    """What is left of a failure that rests on words: where to look, for which the criterion stays open."""
    message = f"{WORDED}{draft.message}"
    return replace(draft, status=Status.UNKNOWN, message=message, remedy="", confidence="high", measure=None, look=True)


def _by_absence(draft: Draft) -> bool:
    """Whether a failure rests on nothing that is there."""
    places = any(isinstance(ground, Source) for ground in draft.evidence)
    return not places or any(isinstance(ground, Absence) for ground in draft.evidence)


def _untold(draft: Draft, why: Sequence[Problem | Aside]) -> Draft:
    """What is left of *draft*: that it could not be told, and *why*."""
    places = tuple(Source(path=p.path, line=p.line) for p in why[:3] if p.path)
    others = f" and {len(why) - 1:,} more" if len(why) > 1 else ""
    message = f"Could not tell: {why[0]}{others} (what could be read: {draft.message})"
    return unsure(message, *places, criterion=draft.criterion)


def _left_out(problem: Problem) -> bool:
    """Whether there was more than is kept: what a failure counts is then no total, and says so."""
    return _MORE.search(problem.reason) is not None


_MORE = re.compile(r"\bkept\b|\bmore than\b|\btoo many\b|\bor more\b")


def check(
    *criteria: str,
    shows: Shows,
    clean: Sequence[Example],
    flagged: Sequence[Example],
    silent: Sequence[Example] = (),
    reads: Sequence[Signal] = (),
) -> Callable[[CheckFunction], Check]:
    """
    Declare a check.

    The decorated function takes facts by parameter type and yields :func:`failed`, :func:`passed` or :func:`unsure`.

    Args:
        criteria: Ids it judges; with more than one, every draft names its own.
        shows: ``PASS``, ``FAIL`` or ``BOTH``.
        clean: Trees on which it must not fail, and must pass if it can show a pass.
        flagged: Trees on which it must fail; for a check that shows only a pass, trees on which it must not pass.
        silent: Trees on which it must say neither pass nor fail.
        reads: Signals it needs; ask for them with ``code[SIGNAL]``.
    """

    def declare(function: CheckFunction) -> Check:
        module = function.__module__.rpartition(".agents.")[2]
        return Check(
            id=f"{module.replace('_', '-').removesuffix('.agent')}.{function.__name__.replace('_', '-')}",
            criteria=criteria,
            shows=shows,
            function=function,
            clean=tuple(clean),
            flagged=tuple(flagged),
            silent=tuple(silent),
            reads=tuple(reads),
            doc=inspect.getdoc(function) or "",
        )

    return declare


def checks_of(*modules: Any) -> tuple[Check, ...]:
    """Every check declared in *modules*, in the order of their files."""
    found = [v for module in modules for v in vars(module).values() if isinstance(v, Check)]
    return tuple({check.id: check for check in found}.values())
