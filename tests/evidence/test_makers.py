"""What makes a fact is told from imports: a change to any of it is seen, and a change to anything else is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from orchestrator import Documents, Infrastructure, Kubernetes, Manifests, Pipelines, Routes, Schema, Secrets
from orchestrator.contract.checks import FAIL, Check, Draft, Example, check, failed
from orchestrator.domain.fact import Fact, Source
from orchestrator.domain.profile import Profile
from orchestrator.evidence import makers
from orchestrator.evidence.extract import kinds
from orchestrator.evidence.facts.secrets import SecretHistory
from orchestrator.evidence.makers import leads_to, made_by, modules
from tests.house import test_circles as circles

HOUSE = circles.modules(circles.ROOT / "orchestrator", root=circles.ROOT)


@pytest.fixture
def changed(monkeypatch):
    """Has a module of the house read otherwise."""
    plain = makers._text
    cached = (made_by, makers._told, makers.sources, makers.leads_to, makers.imports)

    def change(module: str) -> None:
        for function in cached:
            function.cache_clear()
        monkeypatch.setattr(makers, "_text", lambda name: plain(name) + ("# changed\n" if name == module else ""))

    yield change
    for function in cached:
        function.cache_clear()


class TestMadeBy:
    @pytest.mark.parametrize(
        ("module", "touches", "leaves"),
        [
            ("evidence.readers._headings", [Documents], [Pipelines, Manifests, Secrets]),
            ("evidence.facts.documents", [Documents], [Pipelines, Manifests, Profile]),
            ("evidence.readers.ci.drone", [Pipelines, Profile], [Documents, Kubernetes]),
            ("evidence.ci_systems", [Pipelines, Documents, Secrets], []),
            ("evidence.readers._locks", [Manifests], [Documents]),
            ("evidence.routing.marks", [Routes], [Documents]),
            ("evidence.credentials", [Secrets, SecretHistory], [Documents]),
            ("evidence.schemas.prisma", [Schema], [Documents]),
            ("formats.hcl", [Infrastructure, Kubernetes], [Documents]),
            ("formats.helm", [Kubernetes], [Documents]),
            ("evidence.classify", [Documents, Pipelines, Secrets], []),
            ("profiling._people", [Profile], [Documents]),
            ("domain.fact", [], [Documents]),
            ("contract.checks", [], [Documents]),
        ],
    )
    def test_follows_what_is_imported(self, changed, module, touches, leaves):
        """
        A reader's helper, a dialect, a format and the model itself count; what another fact is made by does not.
        """
        facts = (*touches, *leaves)
        before = [made_by(kind) for kind in facts]
        changed(f"orchestrator.{module}")
        after = [made_by(kind) for kind in facts]

        assert set(touches) == {kind for kind, was, now in zip(facts, before, after, strict=True) if was != now}

    def test_every_fact_has_a_maker(self):
        """
        Of each, the module that declares it and one that reads are among what makes it.
        """
        every: list[type[Fact]] = [*kinds(), SecretHistory]
        for kind in every:
            assert kind.__module__ in modules(kind)
            assert "orchestrator.evidence.tree" in modules(kind) or kind is SecretHistory

    def test_a_fact_of_somebody_elses(self):
        """
        What no reader of ours makes is told by the module that declares it.
        """

        class Weather(Fact):
            pass

        assert {__name__} == modules(Weather)
        assert made_by(Weather) != made_by(Documents)


def test_imports_are_seen_as_a_parser_sees_them() -> None:
    """
    Text tells the same imports as the syntax tree, module by module.
    """
    folders = tuple(f"orchestrator.{room}" for room in makers.ROOMS)
    read = {name: file for name, file in HOUSE.items() if name.startswith(folders)}

    assert len(read) > 150
    for name, file in read.items():
        known = {other for other in circles.imports(name, file, HOUSE) if other.startswith(folders)} - {name}
        doors = {other for other in known if HOUSE[other].name == "__init__.py"}
        found = set(leads_to(name))
        handed_on = {other for other in HOUSE for door in (*doors, name) if other.startswith(f"{door}.")}

        assert known - doors <= found, name
        assert found <= known | handed_on, name


class TestVersion:
    def test_follows_the_facts_that_are_asked_for(self, changed):
        """
        A check has another version when what makes one of its facts does.
        """
        before, beside = of(documented).version, of(routed).version
        changed("orchestrator.evidence.readers._headings")

        assert before != of(documented).version
        assert beside == of(routed).version


def documented(documents: Documents) -> Iterator[Draft]:
    yield failed(f"{len(documents.files)} documents", Source(path="a"))


def routed(routes: Routes) -> Iterator[Draft]:
    yield failed(f"{len(routes.routes)} routes", Source(path="a"))


def of(function: Callable[..., Iterator[Draft]]) -> Check:
    example = Example("any", {})
    return check("DEP-5.1.1", shows=FAIL, clean=[example], flagged=[example])(function)
