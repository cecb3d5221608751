"""Whether a finding came with this release."""

from __future__ import annotations

import pytest

from orchestrator.conclusion.ages import age
from orchestrator.contract.checks import examined
from orchestrator.contract.grounds import absent
from orchestrator.domain.finding import Extent, Finding, Location, Status
from orchestrator.domain.ground import Count, Exchange, File
from orchestrator.evidence.facts.changes import Changed, Changes

NO_TEXT = "it is no text that is compared"
SINCE = Changes(
    base="1" * 40,
    files=(
        Changed(path="app/a.py", added=((10, 12), (40, 40)), near=((8, 30), (38, 44)), lost=True),
        Changed(path="app/moved.py", before="app/old.py"),
        Changed(path="app/odd.bin", untold=NO_TEXT),
        Changed(path="app/new.py", whole=True),
        Changed(path="infra/main.tf", near=((3, 9),), lost=True),
    ),
    gone=("k8s/policy.yaml",),
)
NOTHING = Changes(base="1" * 40)


def found(*places: str, more: tuple[object, ...] = (), **said: object) -> Finding:
    """A failure at the first of *places*, ``path:line``, that shows all of them and *more*."""
    at = [Location(path=p.partition(":")[0], line=int(p.partition(":")[2] or 0)) for p in places]
    shown = [File(kind="file", digest=f"sha256:{n}", location=place) for n, place in enumerate(at)]
    return Finding.model_validate(
        {
            "criterion": "SEC-2.2.1",
            "status": Status.FAIL,
            "message": "A thing is wrong",
            "agent": "a",
            "check": "a.b",
            "location": at[0] if at else None,
            "evidence": (*shown, *more),
            **said,
        }
    )


COUNT = Count(kind="count", digest="sha256:c", statement="3 workloads")
ABSENCE = absent("a probe", examined(3, "workloads"))
EXCHANGE = Exchange(kind="http", digest="sha256:h", method="GET", url="https://shop.example/", status=200)


@pytest.mark.parametrize(
    ("finding", "word", "because"),
    [
        (found("app/a.py:10"), "new", "app/a.py:10 was added or changed"),
        (found("app/a.py:12"), "new", "app/a.py:12 was added or changed"),
        (found("app/a.py:40"), "new", "app/a.py:40 was added or changed"),
        (found("app/a.py:9"), "unknown", "app/a.py:9 stood there, and something near it changed"),
        (found("app/a.py:13"), "unknown", "app/a.py:13 stood there, and something near it changed"),
        (found("app/a.py:7"), "old", "app/a.py:7 stood there, and nothing near it changed"),
        (found("app/a.py:31"), "old", "app/a.py:31 stood there, and nothing near it changed"),
        (found("app/b.py:31"), "old", "app/b.py:31 stood there, and nothing near it changed"),
        (found("app/b.py:31", "app/a.py:11"), "new", "app/a.py:11 was added or changed"),
        (found("app/b.py:31", "app/a.py:9"), "unknown", "app/a.py:9 stood there, and something near it changed"),
        (found("app/b.py"), "old", "app/b.py stood there, and nothing near it changed"),
        (found("app/a.py"), "unknown", "app/a.py is a file that changed"),
        (found("app/moved.py"), "old", "app/moved.py stood there, and nothing near it changed"),
        (found("app/moved.py:3"), "old", "app/moved.py:3 stood there, and nothing near it changed"),
        (found("app/new.py:3"), "new", "app/new.py:3 is in a file that was not there"),
        (found("app/new.py"), "new", "app/new.py is in a file that was not there"),
        (found("app/odd.bin:3"), "unknown", f"app/odd.bin:3 is in a file that changed, and {NO_TEXT}"),
        (found("infra/rds.tf:3"), "unknown", "infra/rds.tf:3 stood there, and infra/main.tf lost lines"),
        (found("infra/main.tf:20"), "old", "infra/main.tf:20 stood there, and nothing near it changed"),
        (found("other/rds.tf:3"), "old", "other/rds.tf:3 stood there, and nothing near it changed"),
        (found("k8s/web.yaml:3"), "unknown", "k8s/web.yaml:3 stood there, and k8s/policy.yaml lost lines"),
        (found("k8s/web.py:3"), "old", "k8s/web.py:3 stood there, and nothing near it changed"),
        (found("app/b.py:3", more=(COUNT,)), "old", "app/b.py:3 stood there, and nothing near it changed"),
        (found("app/b.py:3", more=(ABSENCE,)), "unknown", "it rests on an absence, and something changed since"),
        (found("app/a.py:10", more=(ABSENCE,)), "new", "app/a.py:10 was added or changed"),
        (found("app/b.py:3", extent=Extent(places=9)), "unknown", "not all of its places are kept"),
        (found("app/b.py:3", more=(EXCHANGE,)), "unknown", "it rests on what was seen outside the tree"),
        (found("app/a.py:10", more=(EXCHANGE,)), "new", "app/a.py:10 was added or changed"),
        (found(more=(COUNT,)), "unknown", "it stands at no line, and something changed since"),
        (found(more=(ABSENCE,)), "unknown", "it stands at no line, and something changed since"),
        (found(more=(EXCHANGE,)), "unknown", "it rests on what was seen outside the tree"),
    ],
)  # fmt: skip
def test_where_something_changed(finding, word, because):
    """
    New is what a line shows that was added; old is what stood there with all that is near it; the rest is untold.
    """
    said = age(finding, SINCE)

    assert (word, because) == (said.word, said.because)


@pytest.mark.parametrize(
    ("finding", "word"),
    [
        (found("app/a.py:10"), "old"),
        (found("app/a.py:10", extent=Extent(places=9)), "old"),
        (found(more=(COUNT,)), "old"),
        (found("app/a.py:10", more=(ABSENCE,)), "old"),
        (found("app/a.py:10", more=(EXCHANGE,)), "unknown"),
        (found(more=(EXCHANGE,)), "unknown"),
    ],
)
def test_where_nothing_changed(finding, word):
    """
    Of a tree that is what the base was everything is old that does not come from outside.
    """
    assert word == age(finding, NOTHING).word


def test_a_file_that_is_gone_was_something():
    """
    A tree that only lost a file is not what it was.
    """
    assert "unknown" == age(found(more=(COUNT,)), Changes(base="1" * 40, gone=("a",))).word


def test_without_a_base():
    """
    Where nothing was compared, nothing is called new or old, and the reason is kept.
    """
    said = age(found("app/a.py:10"), Changes(reason="the clone is shallow"))

    assert ("unknown", "the clone is shallow") == (said.word, said.because)


def test_more_than_was_compared():
    """
    Where more changed than is named, a file that is not named may have changed.
    """
    said = age(found("app/b.py:3"), Changes(base="1" * 40, beyond=1))

    assert ("unknown", "app/b.py:3 is in none of the files that were compared") == (said.word, said.because)
