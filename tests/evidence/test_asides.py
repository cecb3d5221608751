"""Tests that what is set aside is bounded, and that a doubt never is lost."""

from __future__ import annotations

from orchestrator.domain.fact import MAX_ASIDE, Aside
from orchestrator.evidence.asides import MAX_BEYOND, Asides


def aside(number: int, *, void: bool, about: tuple[str, ...] = ()) -> Aside:
    reason = "has no replicas"
    return Aside(path="k8s/web.yaml", line=number, what="Deployment web", reason=reason, void=void, about=about)


def kept(*, many: int, void: bool) -> tuple[Aside, ...]:
    asides = Asides()
    for number in range(1, many + 1):
        asides.add(aside(number, void=void))
    return asides.kept


def beyond(asides: Asides) -> tuple[Aside, ...]:
    return asides.kept[MAX_ASIDE:]


class TestAsides:
    def test_in_the_order_in_which_they_came(self):
        assert (aside(1, void=True), aside(2, void=True)) == kept(many=2, void=True)

    def test_void_ones_beyond_the_bound(self):
        assert MAX_ASIDE == len(kept(many=MAX_ASIDE + 3, void=True))

    def test_doubts_beyond_the_bound(self):
        """
        One stands for all that are not kept, and is about what they are about.
        """
        assert MAX_ASIDE == len(kept(many=MAX_ASIDE, void=False))
        last = kept(many=MAX_ASIDE + 3, void=False)[-1]

        assert MAX_ASIDE + 1 == len(kept(many=MAX_ASIDE + 3, void=False))
        assert () == last.about
        assert not last.void
        assert "Deployment web is the first of its kind beyond 1,000 things that are set aside" in str(last)

    def test_doubts_of_several_kinds_beyond_the_bound(self):
        """
        One of each kind stands for the others of it; void ones for none.
        """
        asides = Asides()
        for number in range(1, MAX_ASIDE + 1):
            asides.add(aside(number, void=True))
        for number, kind in enumerate(("Deployment", "Ingress", "Deployment", "Ingress"), 5_000):
            asides.add(aside(number, void=False, about=(kind,)))
        asides.add(aside(6_000, void=True, about=("Service",)))

        assert [(5_000, ("Deployment",)), (5_001, ("Ingress",))] == [(a.line, a.about) for a in beyond(asides)]

    def test_doubts_of_too_many_kinds(self):
        """
        What is of yet another kind could be anything, and stands for all that come after it.
        """
        asides = Asides()
        for number in range(MAX_ASIDE):
            asides.add(aside(number, void=False))
        for number in range(MAX_BEYOND + 5):
            asides.add(aside(number, void=False, about=(f"kind-{number}",)))

        assert MAX_BEYOND + 1 == len(beyond(asides))
        assert [(f"kind-{MAX_BEYOND - 1}",), ()] == [a.about for a in beyond(asides)[-2:]]
        assert MAX_BEYOND == beyond(asides)[-1].line
