"""What a list of types says of a resource: which kind it is, and where it says what."""

from __future__ import annotations

from orchestrator.contract.testing import facts_of
from orchestrator.estate.typed import Typed
from orchestrator.evidence.facts.infrastructure import Infrastructure


class TestTyped:
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
