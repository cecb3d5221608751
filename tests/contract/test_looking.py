"""What would fail if it were in force is shown, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import pytest

from orchestrator import (
    BOTH,
    Brief,
    Code,
    Draft,
    Example,
    Kubernetes,
    Profile,
    Release,
    Signal,
    Source,
    absent,
    check,
    examined,
    failed,
    passed,
)
from orchestrator.catalogue.loader import catalogue
from orchestrator.contract import looking
from orchestrator.contract.looking import MAX_ROWS, NOTE, Look, exhibit, looks, stumbled
from orchestrator.contract.testing import facts_of
from orchestrator.domain.outcome import WORTH_A_LOOK

EVAL = Signal(id="test.eval", pattern=r"\beval\(request")
HARM = "eval(request.args)"
CLEAN = [Example("none", {"app.py": "x = 1\n"})]
FLAGGED = [Example("one", {"app.py": f"{HARM}\n"})]


@check("SEC-2.3.3", shows=BOTH, reads=[EVAL], clean=CLEAN, flagged=FLAGGED)
def nothing_is_evaluated(code: Code) -> Iterator[Draft]:
    """No request is code."""
    if code[EVAL]:
        yield failed("A request is code", code[EVAL].places)
    elif code.files():
        yield passed("No request is code", examined(code.files(), "files"))


@check("INF-1.1.8", shows=BOTH, clean=CLEAN, flagged=FLAGGED)
def no_pod_is_privileged(kubernetes: Kubernetes) -> Iterator[Draft]:
    """Nothing is called after what it should not be, and there is a service."""
    for resource in kubernetes.of("Deployment"):
        if resource.resource == "bad":
            yield failed(f"{resource.path} is bad", resource.at("metadata", "name"))
    if not kubernetes.of("Service"):
        yield failed("There is no service", absent("a service", examined(1, "objects")))


CHECKS = [nothing_is_evaluated, no_pod_is_privileged]
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: bad\n"
BEHIND = (
    "import settings\n\n\ndef run(request):\n    if settings.UNSAFE:\n        return eval(request.args)\n\n\nrun(1)\n"
)
BOTH_CRITERIA = ("SEC-2.3.3", "INF-1.1.8")


def looked(files: Mapping[str, str], criteria: tuple[str, ...] = BOTH_CRITERIA) -> list[tuple[str, str]]:
    """Criterion and place of everything that is worth a look in *files*."""
    facts = facts_of(files, (EVAL,))
    return [
        (look.criterion, look.where) for look in looks([nothing_is_evaluated, no_pod_is_privileged], facts, criteria)
    ]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"app.py": BEHIND}, [("SEC-2.3.3", "app.py:6")]),
        ({"app.py": BEHIND.replace("settings.UNSAFE", "False")}, []),
        ({"app.py": BEHIND.replace("settings.UNSAFE", "True")}, []),
        ({"app.py": f"{HARM}\n"}, []),
        ({"app.py": "x = 1\n"}, []),
        ({"attic/app.py": f"x = 1\n{HARM}\n", "lib/app.py": "x = 1\n"}, [("SEC-2.3.3", "attic/app.py:2")]),
        ({"examples/app.py": f"{HARM}\n"}, [("SEC-2.3.3", "examples/app.py:1")]),
        ({"testdata/app.py": f"{HARM}\n"}, [("SEC-2.3.3", "testdata/app.py:1")]),
        ({"docs/k8s/web.yaml": DEPLOYMENT}, [("INF-1.1.8", "docs/k8s/web.yaml:4")]),
        ({"k8s/old/web.yaml": DEPLOYMENT}, [("INF-1.1.8", "k8s/old/web.yaml:4")]),
        ({"tests/test_app.py": f"{HARM}\n"}, []),
        ({"vendor/app.py": f"{HARM}\n"}, []),
        ({"attic/README.md": f"{HARM}\n"}, []),
    ],
    ids=[
        "behind a setting", "behind nothing", "behind what is so", "in force", "nothing", "in the attic", "an example",
        "data of tests", "below docs", "below old", "a test", "bought", "prose",
    ],
)  # fmt: skip
def test_looks(files: dict[str, str], found: list[tuple[str, str]]) -> None:
    """
    A place is worth a look where a setting decides about it, or its folder sets it aside; what is in force is no such.
    """
    assert found == looked(files)


def test_named_by_what_is_in_force() -> None:
    """
    What a chart, an overlay or a pipeline in force takes from a folder is production, and no longer only worth a look.
    """
    overlay = {"kustomization.yaml": "resources: [attic/web.yaml]\n", "attic/web.yaml": DEPLOYMENT}
    facts = facts_of(overlay)

    assert [] == looked(overlay)
    assert ["attic/web.yaml is bad"] == [d.message for d in no_pod_is_privileged.run(facts) if "bad" in d.message]


def test_says_why() -> None:
    """
    Each says what it would be, with its true place, and why it does not count.
    """
    facts = facts_of({"app.py": BEHIND, "attic/k8s/web.yaml": DEPLOYMENT}, (EVAL,))
    rows = [look.row for look in looks(CHECKS, facts, BOTH_CRITERIA)]

    assert [
        (
            "SEC-2.3.3",
            "A request is code",
            "app.py:6",
            "depends on a flag or a setting, whose value is not known (line 5): settings.UNSAFE",
        ),
        ("INF-1.1.8", "attic/k8s/web.yaml is bad", "attic/k8s/web.yaml:4", "attic/ is set aside by its name"),
    ] == rows


def test_only_what_applies() -> None:
    """
    Of criteria that do not apply, or belong to others, nothing is shown.
    """
    assert [("INF-1.1.8", "attic/web.yaml:4")] == looked(
        {"attic/web.yaml": DEPLOYMENT, "app.py": BEHIND}, ("INF-1.1.8",)
    )


def test_each_place_once() -> None:
    """
    Two checks of one criterion that say it of one place say it once.
    """
    facts = facts_of({"app.py": BEHIND}, (EVAL,))

    assert 1 == len(list(looks([nothing_is_evaluated, nothing_is_evaluated], facts, BOTH_CRITERIA)))


def test_supports_nothing() -> None:
    """
    What is set aside is in no fact that a check judges by.
    """
    facts = facts_of({"attic/app.py": f"{HARM}\n", "app.py": "x = 1\n"}, (EVAL,))

    assert 0 == facts[Code][EVAL].total  # type: ignore[index]  # by its type
    assert ["No request is code"] == [draft.message for draft in nothing_is_evaluated.run(facts)]


class TestExhibit:
    def test_nothing(self) -> None:
        """
        Without anything to look at there is no table.
        """
        assert exhibit([]) is None

    @pytest.mark.parametrize(("number", "note"), [(MAX_ROWS, NOTE), (MAX_ROWS + 2, f"{NOTE} 2 more are not shown.")])
    def test_bounded(self, number: int, note: str) -> None:
        """
        The table has the first rows in order, and says how many more there are.
        """
        table = exhibit([Look("A", "m", f"p:{n:03}", "w") for n in reversed(range(number))])

        assert table is not None
        assert (WORTH_A_LOOK, note, MAX_ROWS) == (table.title, table.note, len(table.rows))
        assert ("A", "m", "p:000", "w") == table.rows[0]

    def test_stumbled(self) -> None:
        """
        A mistake of ours is a row of the table.
        """
        assert ("-", "nothing could be looked at", "-", "KeyError: x") == stumbled("KeyError: x").row


class TestBrief:
    FILES: ClassVar = {"attic/app.py": f"{HARM}\n", "lib/app.py": "x = 1\n"}

    async def brief(self) -> Brief:
        async def quote(places: Sequence[Source]) -> dict[tuple[str, int], str]:
            return {}

        found = catalogue()["SEC-2.3.3"]
        brief = Brief(
            release=Release(name="shop", version="1.0.0"),
            profile=Profile(),
            criteria=(found,),
            facts=facts_of(self.FILES, (EVAL,)),
            texts={},
            quote=quote,
            agent="security-validator",
        )
        await brief.judge([nothing_is_evaluated])
        return brief

    async def test_shows(self) -> None:
        """
        Whoever judges shows the table, and finds nothing more than without it.
        """
        (table,) = (await self.brief()).exhibits

        assert [("SEC-2.3.3", "A request is code", "attic/app.py:1", "attic/ is set aside by its name")] == [
            *table.rows
        ]

    async def test_stumbles(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        A mistake in looking is told in the table, and takes nobody down.
        """

        def broken(*_: object) -> None:
            raise RuntimeError("boom")

        monkeypatch.setattr(looking, "looks", broken)
        brief = await self.brief()

        assert [("-", "nothing could be looked at", "-", "RuntimeError: boom")] == [*brief.exhibits[0].rows]
        assert [] == brief.crashes
