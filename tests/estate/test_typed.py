"""What a list of types says of a resource: which kind it is, and where it says what."""

from __future__ import annotations

from orchestrator.contract.testing import facts_of
from orchestrator.estate.typed import Typed
from orchestrator.evidence.facts.infrastructure import Infrastructure

_SERVICES = """
resource "aws_ecs_service" "each" {
  scheduling_strategy = "DAEMON"
}

resource "aws_ecs_service" "one" {
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }
  desired_count = 3
}
resource "aws_lb_target_group" "web" {
  health_check {
    path = "/ready"
  }
}
"""


class TestTyped:
    def test_what_a_resource_says(self) -> None:
        """
        A setting is read with its provider's default, and what stands in parts of it by the names of its row.
        """
        scaled, targets, rollouts = (Typed(f"resources/{name}") for name in ("scaled", "target-groups", "rollouts"))
        infrastructure = facts_of({"main.tf": _SERVICES})[Infrastructure]
        assert isinstance(infrastructure, Infrastructure)
        every, one = scaled.among(infrastructure, "service")
        (group,) = targets.among(infrastructure)

        assert [] == scaled.among(infrastructure, "group", "always")
        assert (True, False) == (scaled.says(every, "everywhere").value, scaled.says(one, "everywhere").value)
        assert (3, None, None) == (scaled.value(one, "count"), scaled.value(every, "count"), scaled.value(one, "most"))
        assert (11, 6) == (scaled.place(one, "count").line, scaled.place(one, "most").line)
        assert [{"enable": True, "rollback": False}] == rollouts.parts(one, "breaker")
        assert [] == rollouts.parts(every, "breaker") == rollouts.parts(one, "colours")
        assert (True, True) == (targets.says(group, "asked").value, targets.says(group, "on").value)
        assert None is targets.says(group, "unheard-of").value
        assert "/ready" == targets.value(group, "path")

    def test_what_its_rows_say(self) -> None:
        infrastructure = facts_of(
            {"main.tf": 'resource "aws_sqs_queue" "a" {}\nresource "azurerm_kubernetes_cluster" "b" {}\n'}
        )[Infrastructure]
        assert isinstance(infrastructure, Infrastructure)
        queues, senders = Typed("resources/dead-letters"), Typed("resources/log-senders")
        queue, cluster = infrastructure.blocks

        assert ([queue], [cluster]) == (queues.among(infrastructure), senders.among(infrastructure))
        assert (True, False) == (queue in queues, cluster in queues)
        assert ("", "agent", "") == (queues.kind(queue), senders.kind(cluster), senders.kind(queue))
        assert ("redrive_policy",) == queues.at(queue, "dead_letters")
        assert ("addon_profile", 0, "oms_agent", 0, "enabled") == senders.at(cluster, "logs")
        assert () == queues.at(queue, "logs") == queues.at(cluster, "dead_letters")

    def test_one_is_enough(self) -> None:
        """
        Who needs one of them takes one that is there, whatever cannot be told of others; where none is, that counts.
        """
        targets = Typed("resources/target-groups")
        infrastructure = facts_of({"main.tf": _TARGETS})[Infrastructure]
        bare = facts_of({"main.tf": _TARGETS.partition("# one")[0]})[Infrastructure]
        assert isinstance(infrastructure, Infrastructure)
        assert isinstance(bare, Infrastructure)

        assert ["web"] == [block.label for block in targets.some(infrastructure)]
        assert () == infrastructure.doubted(())
        assert [] == targets.some(infrastructure, "no such kind")
        infrastructure.sought.clear()
        assert ["web"] == [block.label for block in targets.among(infrastructure)]
        assert ["aws_lb_target_group.many"] == [aside.what for aside in infrastructure.doubted(())]
        assert [] == targets.some(bare)
        assert ["aws_lb_target_group.many"] == [aside.what for aside in bare.doubted(())]


_TARGETS = """
resource "aws_lb_target_group" "many" {
  count = length(var.ports)
}
# one
resource "aws_lb_target_group" "web" {}
"""
