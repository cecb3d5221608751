"""What the pass over a tree makes of readers at fault and of files that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orchestrator.contract.checks import Draft, Example, Shows, check, failed, passed
from orchestrator.domain.fact import MAX_PROBLEMS, Fact, Problem, Source
from orchestrator.domain.finding import Status
from orchestrator.domain.signal import Signal
from orchestrator.evidence.extract import readers
from orchestrator.evidence.facts.code import Code
from orchestrator.evidence.facts.files import Files
from orchestrator.evidence.facts.pipelines import Pipelines
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.pipelines import PipelinesReader
from orchestrator.evidence.tree import FileEntry, MemoryTree, entry
from orchestrator.profiling import profile

SOURCE = Signal(id="test.source", words=("eval(",), languages=("python",))
SETTING = Signal(id="test.setting", words=("eval(",), roles=("config",))
TREE = {"app.py": "x = 1\n", "lib.js": "x = 1\n", "data.json": "{}\n"}


class Partial(MemoryTree):
    """A tree that lists some of its files and cannot read them, as a partial clone."""

    def __init__(self, files: dict[str, str], *lost: str) -> None:
        super().__init__(files)
        self.entries = tuple(entry(f.path, 0, kind="unreadable") if f.path in lost else f for f in self.entries)

    def read(self, wanted: Iterable[FileEntry]) -> Iterator[tuple[FileEntry, bytes]]:
        return super().read(f for f in wanted if f.kind == "file")


class Stumbling(PipelinesReader):
    """Reads well, and fails at the end."""

    def finish(self, files: Files) -> Fact:
        raise KeyError("a mistake of ours")


@check("DEP-5.1.1", shows=Shows.BOTH, clean=[Example("has", {})], flagged=[Example("has not", {})])
def looks_at_pipelines(pipelines: Pipelines, files: Files) -> Iterator[Draft]:
    yield passed("there is one", Source(path="ci.yml")) if pipelines.files else failed("none", at=Source(path="a"))


@check("SEC-2.1.1", shows=Shows.BOTH, reads=[SOURCE], clean=[Example("a", {})], flagged=[Example("b", {})])
def looks_into_sources(code: Code) -> Iterator[Draft]:
    yield passed("nothing in the sources", Source(path="app.py"))


@check("SEC-2.1.1", shows=Shows.BOTH, reads=[SETTING], clean=[Example("a", {})], flagged=[Example("b", {})])
def looks_into_settings(code: Code) -> Iterator[Draft]:
    yield passed("nothing in the settings", Source(path="data.json"))


def facts_without(*lost: str) -> dict[type[Fact], Fact]:
    return read_tree(Partial(TREE, *lost), readers((SOURCE, SETTING)))


class TestFinish:
    def test_costs_its_fact_alone(self):
        """
        A reader that fails at the end costs its fact, of which nothing is said, and no other.
        """
        others = [r for r in readers((SOURCE,)) if r.fact is not Pipelines]
        facts = read_tree(MemoryTree(TREE), [Stumbling(), *others])
        (draft,) = looks_at_pipelines.run(facts)

        assert Status.UNKNOWN == draft.status
        assert (
            "Could not tell: the evidence 'pipelines' could not be finished, which is a mistake of gonogo (KeyError)"
            == draft.message
        )
        assert ["pipelines"] == [kind.name for kind, fact in facts.items() if fact.problems]
        assert [Status.PASS] == [d.status for d in looks_into_sources.run(facts)]

    def test_makes_nothing_inapplicable(self):
        """
        What kind of software it is does not rest on the evidence that is missing.
        """
        whole = read_tree(MemoryTree(TREE), readers(()))
        unmade = whole | {Pipelines: Pipelines(problems=(Problem(path="", reason="could not be finished"),))}

        assert "no" in {f.answer for f in profile(whole).facts.values()}
        assert "no" not in {f.answer for f in profile(unmade).facts.values()}


class TestLostFiles:
    def test_spoils_what_would_have_read_it(self):
        """
        A file that is not there takes back what rests on files of its kind, and nothing else.
        """
        statuses = {
            lost: [next(c.run(facts_without(lost))).status for c in (looks_into_sources, looks_into_settings)]
            for lost in TREE
        }

        assert [Status.UNKNOWN, Status.PASS] == statuses["app.py"]
        assert [Status.PASS, Status.PASS] == statuses["lib.js"]
        assert [Status.PASS, Status.UNKNOWN] == statuses["data.json"]

    def test_the_problem_stays_in_the_fact(self):
        """
        Who asks for no signal hears of every file that the fact lacks.
        """
        code = facts_without("lib.js")[Code]

        assert ["lib.js"] == [p.path for p in code.lacking(())]
        assert () == code.lacking((SETTING,))

    def test_more_than_are_named(self):
        """
        If more files are lacking than are named, any of the others may be the one that matters.
        """
        code = Code(problems=tuple(Problem(path=f"{n}.js", reason="cannot be read") for n in range(MAX_PROBLEMS)))

        assert MAX_PROBLEMS == len(code.lacking((SOURCE,)))

    def test_names_written_alike(self):
        """
        A file whose name is told apart from another by an addition is of the kind that its own name says.
        """
        code = Code(problems=(Problem(path="app.py#0a1b2c3d-2", reason="cannot be read"),))

        assert code.problems == code.lacking((SOURCE,))
        assert () == code.lacking((SETTING,))
