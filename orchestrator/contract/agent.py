"""The contract of a validator: what an agent is, and what it is given to judge by."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, Protocol, TypeVar, overload

from ..domain.assessment import Assessment
from ..domain.criterion import Criterion
from ..domain.derived import asked
from ..domain.effect import Do, Reconcile
from ..domain.fact import Fact, Source
from ..domain.finding import Finding, FindingSource, Location, Status
from ..domain.ground import Ground, Grounded
from ..domain.outcome import Exhibit
from ..domain.profile import Profile
from ..domain.release import Release
from ..domain.signal import Signal
from ..errors import EvidenceUnavailable
from ..evidence.facts.ignores import Ignores
from . import ignoring, looking
from .checks import Check, Counted, Draft, Shown, examined, failed, passed, unsure
from .grounds import addressed, counted, placed
from .ignoring import heeded

FactType = TypeVar("FactType", bound=Fact)
Quotes = Mapping[tuple[str, int], str]
Quote = Callable[[Sequence[Source]], Awaitable[Quotes]]


class Effects(Protocol):
    """Records an agent's effects, and answers them from the record."""

    async def step(self, purpose: str, input_: object, do: Do) -> Any: ...

    async def act(self, purpose: str, input_: object, do: Do, reconcile: Reconcile | None = None) -> Any: ...


@dataclass(frozen=True)
class ReadFile:
    """A probe for one file by its path; ``brief[probe]`` is its text, or None where it is not in the tree."""

    path: str


@dataclass(frozen=True)
class CheckCrash:
    """A check that raised: our bug, kept with its traceback."""

    check: str
    error: str
    trace: str


@dataclass
class Brief:
    """
    What one agent is given for one turn.

    Args:
        release: What is under review.
        profile: What kind of software it is.
        criteria: The criteria that the agent owns and that apply.
        facts: Every fact that was extracted, by type.
        texts: The files that probes asked for.
        quote: Fetches the lines behind places, verbatim, through a recorded step.
        findings: What nodes that this one waits for have found.
        rehearse: Whether plans and dry runs are wanted (the gate before this phase is open).
        reason: Why not, when they are not.
        earlier: Assessments of the latest earlier run of the same release name, where there is one.
        effects: Takes what the agent asks of the world and does to it; None where it may do neither.
    """

    release: Release
    profile: Profile
    criteria: tuple[Criterion, ...]
    facts: Mapping[type[Fact], Fact]
    texts: Mapping[str, str]
    quote: Quote
    agent: str = ""
    findings: tuple[Finding, ...] = ()
    rehearse: bool = True
    reason: str = ""
    earlier: tuple[Assessment, ...] = ()
    effects: Effects | None = None
    exhibits: list[Exhibit] = field(default_factory=list)
    crashes: list[CheckCrash] = field(default_factory=list)

    @overload
    def __getitem__(self, wanted: type[FactType]) -> FactType: ...
    @overload
    def __getitem__(self, wanted: ReadFile) -> str | None: ...
    def __getitem__(self, wanted: Any) -> Any:
        """A fact by its type, or the text of a file by its probe (None where it is not there)."""
        if isinstance(wanted, ReadFile):
            return self.texts.get(wanted.path)
        try:
            return asked(wanted, self.facts)
        except KeyError as missing:
            raise EvidenceUnavailable(f"fact '{missing.args[0].name}' was not extracted") from None

    def show(self, exhibit: Exhibit) -> None:
        """Add a table to the report."""
        self.exhibits.append(exhibit)

    async def step(self, purpose: str, input_: object, do: Do) -> Any:
        """
        Ask the world something, once: the answer is recorded, and is what a resumed or replayed turn hears.

        Args:
            purpose: A short name, such as ``list-tags``.
            input_: What the answer depends on, as JSON.
            do: Asks; it is safe to repeat, answers with JSON, and raises EvidenceUnavailable where it could not look.

        Returns:
            The answer as it was recorded: credentials in it are withheld.

        Raises:
            EvidenceUnavailable: It could not look, now or when this was recorded.
        """
        return await self._effects().step(purpose, input_, do)

    async def act(self, purpose: str, input_: object, do: Do, reconcile: Reconcile | None = None) -> Any:
        """
        Do something to the world, once in a run.

        Args:
            purpose: A short name, such as ``create-scratch-database``.
            input_: What is done, as JSON; it stands in the record before it is done.
            do: Does it and answers with JSON.
            reconcile: Asks the world what became of an earlier attempt that never finished. Without it the run stops
                there and asks a person.

        Returns:
            The answer as it was recorded; None where a person has said that it was done.
        """
        return await self._effects().act(purpose, input_, do, reconcile)

    def _effects(self) -> Effects:
        if self.effects is None:
            raise EvidenceUnavailable("nothing may be asked of the world here")
        return self.effects

    async def judge(self, checks: Iterable[Check]) -> list[Finding]:
        """
        Run *checks* and quote the evidence of what they say; a check that raises leaves its criteria unknown.

        Of a criterion that none of them speaks of, it is said what was read for it and is not in force.
        """
        drafts: list[tuple[str, Draft]] = []
        aside: list[tuple[Check, Draft]] = []
        run = list(checks)
        for check in run:
            said, passed_over = self._run(check)
            drafts.extend((check.id, draft) for draft in said)
            aside += [(check, passed_over)] if passed_over else []
        spoken_of = {draft.criterion for _, draft in drafts}
        for check, draft in aside:
            silent = [criterion for criterion in check.criteria if criterion not in spoken_of]
            drafts.extend((check.id, replace(draft, criterion=criterion)) for criterion in silent)
            spoken_of.update(silent)
        self._look(run, [draft for _, draft in drafts if draft.look])
        if table := ignoring.exhibit(self.agent, self.facts.get(Ignores), (draft for _, draft in drafts)):
            self.show(table)
        return await self.cite(drafts)

    def _look(self, checks: Sequence[Check], words: Sequence[Draft]) -> None:
        """Show what would fail if a setting or a folder did not keep it out of force, or it were more than *words*."""
        try:
            applicable = [criterion.id for criterion in self.criteria]
            found = [*looking.worded(words, applicable), *looking.looks(checks, self.facts, applicable)]
        except Exception as error:  # noqa: BLE001  # a look must not take down who judges; the table says what happened
            found = [looking.stumbled(f"{type(error).__name__}: {error}")]
        if table := looking.exhibit(found):
            self.show(table)

    async def cite(self, drafts: Sequence[tuple[str, Draft]], source: FindingSource = "rule") -> list[Finding]:
        """Turn (check id, draft) pairs into findings with evidence quoted from the tree."""
        places = [e for _, draft in drafts for e in draft.evidence if isinstance(e, Source)]
        quotes = await self.quote(places) if places else {}
        return [_finding(self.agent, check, draft, quotes, source) for check, draft in drafts]

    def _run(self, check: Check) -> tuple[list[Draft], Draft | None]:
        """What *check* says, and what it would have looked at, had it been in force."""
        try:
            return list(heeded(check.run(self.facts), check, self.facts)), check.passed_over(self.facts)
        except EvidenceUnavailable as error:
            return [unsure(f"could not look: {error.reason}", criterion=c) for c in check.criteria], None
        except KeyError as error:
            missing = error.args[0] if error.args else error
            if isinstance(missing, type) and issubclass(missing, Fact):
                return [unsure(f"fact '{missing.name}' was not extracted", criterion=c) for c in check.criteria], None
            return self._crashed(check, error)
        except Exception as error:  # noqa: BLE001  # one check's bug must not take the agent down; it is kept and shown
            return self._crashed(check, error)

    def _crashed(self, check: Check, error: Exception) -> tuple[list[Draft], None]:
        text = f"{type(error).__name__}: {error}"
        self.crashes.append(CheckCrash(check.id, text, "".join(traceback.format_exception(error)[-6:])))
        return [unsure(f"the check itself crashed ({text})", criterion=c) for c in check.criteria], None


class Agent:
    """
    A validator: owns criteria and judges them.

    Subclasses set :attr:`id` and :attr:`criteria`, and either list :attr:`checks` or override :meth:`review`.
    """

    id: ClassVar[str] = ""
    criteria: ClassVar[tuple[str, ...]] = ()
    """Ids it owns, or prefixes ending in ``*``."""
    declares: ClassVar[tuple[Criterion, ...]] = ()
    """Criteria of its own that the catalogue does not have; any prefix but the catalogue's."""
    checks: ClassVar[tuple[Check, ...]] = ()
    reads: ClassVar[tuple[Signal, ...]] = ()
    """Signals that it asks for outside its checks."""
    resource: ClassVar[Literal["cpu", "network", "model", "exclusive"]] = "cpu"
    """What its turn mostly takes; the coordinator bounds how many run at once per resource."""

    async def review(self, brief: Brief) -> list[Finding]:
        """Judge the criteria it owns; the default runs its checks."""
        return await brief.judge(self.checks)

    def fail(
        self, criterion: str, message: str, *grounds: Shown, at: str = "", line: int = 0, remedy: str = ""
    ) -> Finding:
        """
        A failure, at a place, on other *grounds*, or about the release as a whole.

        Where something is missing, say what, and what was searched: ``absent("ROLLBACK.md", examined(1, "path"))``.
        """
        place = (Source(path=at, line=line),) if at else ()
        shown = (*place, *grounds) or (examined(1, "release examined"),)
        return _finding(self.id, self.id, failed(message, *shown, remedy=remedy, criterion=criterion), {})

    def passed(self, criterion: str, message: str, *, at: str, line: int = 0) -> Finding:
        """A pass; it needs a place that shows it."""
        return _finding(self.id, self.id, passed(message, Source(path=at, line=line), criterion=criterion), {})

    def unknown(self, criterion: str, message: str) -> Finding:
        """It could not be told, and why."""
        return _finding(self.id, self.id, unsure(message, criterion=criterion), {})

    @classmethod
    def probes(cls) -> tuple[ReadFile, ...]:
        """The file probes among the class's attributes."""
        return tuple(v for base in cls.__mro__ for v in vars(base).values() if isinstance(v, ReadFile))


def _finding(agent: str, check: str, draft: Draft, quotes: Quotes, source: FindingSource = "rule") -> Finding:
    at = Location(path=draft.at.path, line=draft.at.line) if draft.at else None
    return Finding(
        criterion=draft.criterion,
        status=draft.status,  # type: ignore[arg-type]  # a draft never says not-applicable
        message=draft.message,
        agent=agent,
        check=check,
        source=source,
        location=at,
        evidence=tuple(dict.fromkeys(_ground(e, quotes) for e in draft.evidence)),
        remedy=draft.remedy if draft.status is Status.FAIL else "",
        confidence=draft.confidence,
        measure=draft.measure,
        extent=draft.extent,
        places=draft.places if draft.status is not Status.PASS else (),
    )


def _ground(item: Source | Counted | Ground, quotes: Quotes) -> Ground:
    if isinstance(item, Grounded):
        return addressed(item)
    if isinstance(item, Counted):
        return counted(item)
    return placed(item, quotes.get((item.path, item.line), item.text))
