"""What the rehearsed rollout says: the strategy that fits, its steps, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator import Brief, Exhibit, Profile, Release
from orchestrator.contract.testing import facts_of
from orchestrator.planning.roster import built_in

AGENT = next(agent for agent in built_in() if agent.id == "deployment-orchestrator")
SIGNALS = tuple(signal for check in AGENT.checks for signal in check.reads)
SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n"
WEB = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n  template:\n"
    "    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: 'web:1'}]}\n"
)


async def rehearsed(files: Mapping[str, str], rehearse: bool = True) -> Exhibit | None:
    async def quote(places):
        return {}

    brief = Brief(
        release=Release(name="shop", version="1.0.0"),
        profile=Profile(),
        criteria=(),
        facts=facts_of(files, SIGNALS),
        texts={},
        quote=quote,
        rehearse=rehearse,
    )
    await AGENT().review(brief)
    assert [] == brief.crashes
    return brief.exhibits[0] if brief.exhibits else None


class TestPlan:
    async def test_nothing_to_roll_out(self):
        """
        A tree without workloads has no plan.
        """
        assert await rehearsed({"README.md": "# Shop\n"}) is None

    async def test_not_wanted(self):
        """
        No plan is made when plans are not wanted.
        """
        assert await rehearsed({"k8s/web.yaml": WEB + SERVICE}, rehearse=False) is None

    async def test_a_canary_by_its_own_steps(self):
        """
        A declared canary keeps its weights; each step back leads to the share before.
        """
        rollout = WEB.replace("apps/v1", "argoproj.io/v1alpha1").replace("kind: Deployment", "kind: Rollout")
        exhibit = await rehearsed(
            {
                "k8s/web.yaml": rollout
                + "  strategy: {canary: {steps: [{setWeight: 5}, {pause: {}}, {setWeight: 40}]}}\n"
                + SERVICE
            }
        )

        assert exhibit is not None
        assert [
            ("1", "5 %", "shift back to 0 %", "3"),
            ("2", "40 %", "shift back to 5 %", "2"),
            ("3", "100 %", "shift back to 40 %", "1"),
        ] == [(row[0], row[2], row[3], row[4]) for row in exhibit.rows]

    async def test_the_strategy_that_fits(self):
        """
        Few replicas are replaced one by one, many get a canary, and the schema comes first and goes back last.
        """
        exhibit = await rehearsed(
            {
                "k8s/web.yaml": WEB + SERVICE,
                "k8s/api.yaml": (WEB + SERVICE).replace("web", "api").replace("replicas: 3", "replicas: 8"),
                "db/migrate/20260101000000_a.rb": "class A < ActiveRecord::Migration[8.0]\n  def change\n"
                "    add_column :orders, :note, :text\n  end\nend\n",
            }
        )

        assert exhibit is not None
        assert exhibit.note.startswith("1 workload canary and 1 workload rolling.")
        assert "apply pending migrations (rails)" == exhibit.rows[0][1]
        assert str(len(exhibit.rows)) == exhibit.rows[0][4]
        assert "kubectl rollout undo deployment/web" == exhibit.rows[-1][3]
