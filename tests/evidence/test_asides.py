"""Tests that what is set aside is bounded, and that a doubt never is lost."""

from __future__ import annotations

from orchestrator.domain.fact import MAX_ASIDE, Aside
from orchestrator.evidence.asides import Asides


def aside(number: int, *, void: bool) -> Aside:
    return Aside(path="k8s/web.yaml", line=number, what="Deployment web", reason="has no replicas", void=void)


def kept(*, many: int, void: bool) -> tuple[Aside, ...]:
    asides = Asides()
    for number in range(1, many + 1):
        asides.add(aside(number, void=void))
    return asides.kept


class TestAsides:
    def test_in_the_order_in_which_they_came(self):
        assert (aside(1, void=True), aside(2, void=True)) == kept(many=2, void=True)

    def test_void_ones_beyond_the_bound(self):
        assert MAX_ASIDE == len(kept(many=MAX_ASIDE + 3, void=True))

    def test_doubts_beyond_the_bound(self):
        """
        One stands for all that are not kept, and it may be about anything.
        """
        assert MAX_ASIDE == len(kept(many=MAX_ASIDE, void=False))
        last = kept(many=MAX_ASIDE + 3, void=False)[-1]

        assert MAX_ASIDE + 1 == len(kept(many=MAX_ASIDE + 3, void=False))
        assert () == last.about
        assert not last.void
        assert "Deployment web is the first of more than 1,000 things that are set aside" in str(last)
