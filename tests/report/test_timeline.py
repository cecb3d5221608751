"""The timeline of a run."""

from __future__ import annotations

from orchestrator.report._timeline import lay_out, longest_chain

from . import documents


def test_longest_chain_crosses_phases() -> None:
    """
    A node waits for those it needs, else for the last of the phases before it.
    """
    nodes = documents.timeline()

    assert [
        "verification/integration-tester",
        "verification/gap-analyzer",
        "release/database-migrator",
        "release/deployment-orchestrator",
        "release/monitoring-validator",
        "production/exactly-right",
    ] == longest_chain(nodes, ["verification", "release", "production"])


def test_nodes_that_wait_for_each_other_end_somewhere() -> None:
    """
    A document that claims a cycle is still drawn.
    """
    a, b, *_ = documents.timeline()
    cycle = [a.model_copy(update={"needs": (b.node,)}), b.model_copy(update={"needs": (a.node,)})]

    assert 2 == len(longest_chain(cycle, ["verification"]))


def test_bars_stay_inside() -> None:
    """
    Every bar lies between the labels and the right edge, in its own row.
    """
    drawing = lay_out(documents.rollback())
    bars = [bar for band in drawing.bands for bar in band.bars]

    assert 10 == len(bars)
    assert len({bar.y for bar in bars}) == len(bars)
    assert all(drawing.left <= bar.x and bar.x + bar.width <= drawing.width for bar in bars)
    assert ["0 s", "5 s", "10 s", "15 s"] == [tick.label for tick in drawing.ticks]


def test_an_empty_run_is_drawn() -> None:
    """
    No node, no phase, no error.
    """
    drawing = lay_out(documents.ready().model_copy(update={"agents": (), "phases": ()}))

    assert () == drawing.bands
