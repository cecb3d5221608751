"""Holds every check to work that grows no faster than the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unittest.mock import patch

import pytest
from orchestrator.agents.security_validator import cloud_exposure

from orchestrator.contract.checks import Check
from orchestrator.domain.derived import Derived
from orchestrator.domain.fact import Fact
from orchestrator.evidence.extract import readers
from orchestrator.evidence.facts.infrastructure import Block, Infrastructure
from orchestrator.evidence.reader import Reader, read_tree
from orchestrator.evidence.sources import listed
from orchestrator.evidence.tree import MemoryTree
from orchestrator.planning.roster import built_in
from tests.counting import Work, counted
from tests.growing import FORMS, grown
from tests.sampling import WHOLE, drawn

CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
TIMES = (12, 48, 192)
"""Of the fewest already many: what is said of one thing, or of the first six, is not what is said of many."""
FEW = 2_000
"""Steps and characters below which nothing is said: what happens once would drown what happens each time."""
FLOOR = 25
"""Steps a copy below which a check has hardly begun; one that compares each with each takes a hundred and more."""
ALLOWED = 1.35
"""How much dearer one of many copies may be than one of few: sorting and the depth of an index."""

BOUNDED = {("integration-tester.building.built-on-every-commit", "clean", 3)}
"""Each of many jobs calls a workflow of many jobs: there are as many as the product says, and 2,000 are looked at."""

Case = tuple[str, str, int, str]


def cases() -> Iterator[Case]:
    for name, check in CHECKS.items():
        for kind in ("clean", "flagged"):
            for number in range(len(getattr(check, kind))):
                if (name, kind, number) not in BOUNDED:
                    yield from ((name, kind, number, form) for form in FORMS)


def sample() -> list[Case]:
    """One form of one example of one check in three, and of each agent in each form."""
    each = [(name, "flagged", 0, FORMS[number % len(FORMS)]) for number, name in enumerate(sorted(CHECKS))]
    return drawn(each, 5, kind=lambda case: (case[0].partition(".")[0], case[3]))


def origins(kinds: Iterable[type[Fact]]) -> Iterator[type[Fact]]:
    """What of *kinds* is read, and what the others are told from."""
    for kind in kinds:
        yield from origins(kind.of) if issubclass(kind, Derived) else (kind,)


def facts_for(check: Check, files: dict[str, str]) -> dict[type[Fact], Fact]:
    """The facts that *check* asks for, and no others."""
    wanted = set(origins(check.facts))
    facts = read_tree(MemoryTree(files), [reader for reader in readers(check.reads) if reader.fact in wanted])
    past = {source.fact: source.sample(len(files)) for source in listed() if source.sample is not None}
    return {**past, **facts}


def work_of(check: Check, files: dict[str, str]) -> Work:
    facts = facts_for(check, files)
    with counted() as work:
        list(check.run(facts))
    return work


def grows_too_fast(few: int, some: int, many: int) -> bool:
    """Whether work grew faster than the tree, from as few copies as :data:`TIMES` says to as many."""
    before, after = (some - few) / (TIMES[1] - TIMES[0]), (many - some) / (TIMES[2] - TIMES[1])
    return many > FEW and after > ALLOWED * max(before, FLOOR)


def steeper(check: Check, case: Case) -> list[str]:
    """What of the work grows faster than the tree, in words; nothing where all is well."""
    _, kind, number, form = case
    files = getattr(check, kind)[number].files
    work_of(check, dict(files))  # what is compiled and looked up once is not the tree's work
    small, middle, large = (work_of(check, grown(files, times, form)) for times in TIMES)
    found = []
    for what in ("steps", "scanned"):
        few, some, many = (getattr(work, what) for work in (small, middle, large))
        if grows_too_fast(few, some, many):
            found.append(f"{case}: {few:,}, {some:,}, {many:,} {what}")
    return found


def grow(chosen: list[Case]) -> list[str]:
    return [line for case in chosen for line in steeper(CHECKS[case[0]], case)]


def test_no_check_grows_faster_than_the_tree() -> None:
    """
    A tree ten times as large takes ten times the work of each check; `make soak` grows every example in every form.
    """
    assert [] == grow(sample())


def read_by(reader: type[Reader], files: dict[str, str]) -> Work:
    tree = MemoryTree(files)
    made = next(one for one in readers(()) if type(one) is reader)
    with counted() as work:
        read_tree(tree, [made])
    return work


@WHOLE
@pytest.mark.parametrize("reader", [type(reader) for reader in readers(())], ids=lambda reader: reader.fact.name)
def test_no_reader_grows_faster_than_the_tree(reader: type[Reader], whole: bool) -> None:
    """
    Readers, too, take ten times the work for a tree ten times as large: files beside each other, and longer files.
    """
    every = [check.flagged[0].files for check in CHECKS.values() if reader.fact in check.facts] or [{"a.md": "# A\n"}]
    cases = [(files, FORMS[number % len(FORMS)]) for number, files in enumerate(every)]
    found = []
    for files, form in cases if whole else drawn(cases, len(cases), kind=lambda case: case[1].partition("-")[0]):
        read_by(reader, dict(files))
        few, some, many = (read_by(reader, grown(files, times, form)).steps for times in TIMES)
        if grows_too_fast(few, some, many):
            found.append((form, sorted(files), few, some, many))

    assert [] == found


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_example_of(name: str) -> None:
    """
    Whatever an example shows, and however it is grown, the work of its check grows with it and no faster.
    """
    assert [] == grow([case for case in cases() if case[0] == name])


def by_all_blocks(block: Block, infrastructure: Infrastructure) -> bool:
    """How it was asked once: the text of every block, for each security group."""
    near = [b for b in infrastructure.blocks if b.path == block.path and b.block in ("resource", "module")]
    used = [b for b in near if f"{block.address}.id" in str(b.body)]
    return bool(used) and all("endpoint" in b.type for b in used)


def test_a_check_that_compares_each_with_each_is_found() -> None:
    """
    The test above sees a check that asks every block of every security group.
    """
    case = ("security-validator.cloud-exposure.cloud-is-closed", "flagged", 0, "parts-own")
    check = CHECKS[case[0]]

    assert [] == steeper(check, case)
    with patch.object(cloud_exposure, "_of_endpoints", by_all_blocks):
        assert steeper(check, case)


def test_facts_answer_once() -> None:
    """
    A hundred thousand blocks are not walked again for each that asks.
    """
    block = Block(path="main.tf", type="aws_sqs_queue", label="q")
    infrastructure = Infrastructure(blocks=tuple(block.model_copy(update={"label": f"q{n}"}) for n in range(500)))
    infrastructure.of("aws_sqs_queue")
    with counted() as work:
        infrastructure.of("aws_sns_topic")

    assert work.steps < 50
