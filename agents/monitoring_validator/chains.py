"""Follows escalation chains that are made of single steps: of Grafana OnCall, and of AWS Incident Manager."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orchestrator import BOTH, Block, Draft, Example, Infrastructure, as_number, check, failed, measured, passed, unsure

_CHAIN = """\
resource "grafana_oncall_escalation_chain" "shop" {
  name = "shop"
}
resource "grafana_oncall_escalation" "first" {
  escalation_chain_id = grafana_oncall_escalation_chain.shop.id
  type                = "notify_on_call_from_schedule"
  position            = 0
}
"""
_WAIT = """\
resource "grafana_oncall_escalation" "wait" {
  escalation_chain_id = grafana_oncall_escalation_chain.shop.id
  type                = "wait"
  duration            = %s
  position            = 1
}
resource "grafana_oncall_escalation" "second" {
  escalation_chain_id = grafana_oncall_escalation_chain.shop.id
  type                = "notify_persons"
  persons_to_notify   = [data.grafana_oncall_user.lead.id]
  position            = 2
}
"""


@check(
    "OBS-4.3.5",
    shows=BOTH,
    clean=[
        Example("five minutes, then somebody else", {"oncall.tf": _CHAIN + _WAIT % "300"}),
        Example("in two steps of a product", {"oncall.tf": _CHAIN + _WAIT % "60 * 15"}),
    ],
    flagged=[
        Example("nobody after the first", {"oncall.tf": _CHAIN}),
        Example(
            "a second chain of one step",
            {"oncall.tf": _CHAIN + _WAIT % "300" + _CHAIN.replace('"shop"', '"mail"').replace(".shop.", ".mail.")},
        ),
    ],
    silent=[
        Example("a day of waiting", {"oncall.tf": _CHAIN + _WAIT % "86400"}),
        Example("nobody knows how long", {"oncall.tf": _CHAIN + _WAIT % "var.wait"}),
    ],
)
def chain_of_steps(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Each chain of Grafana OnCall waits for minutes, and then calls somebody else."""
    chains = infrastructure.of("grafana_oncall_escalation_chain")
    steps = infrastructure.of("grafana_oncall_escalation")
    told: list[tuple[Block, int, list[float | None]]] = []
    for chain in chains:
        own = [
            s for s in steps if f"grafana_oncall_escalation_chain.{chain.label}." in str(s.get("escalation_chain_id"))
        ]
        own.sort(key=lambda step: step.number("position") or 0)
        kinds = [str(step.get("type") or "") for step in own]
        calls = sum(kind.startswith(("notify", "repeat", "trigger")) for kind in kinds)
        told.append((chain, calls, [_seconds(step.get("duration")) for step in own if step.get("type") == "wait"]))
    yield from _judged(told)


def _judged(told: list[tuple[Block, int, list[float | None]]]) -> Iterator[Draft]:
    """What is to be said of chains, each with how many are called and for how many seconds is waited in between."""
    short = [(block, calls) for block, calls, _ in told if calls == 1]
    open_ = [block for block, calls, waits in told if calls != 1 and (not calls or not waits or None in waits)]
    slow = [block for block, _, waits in told if any(wait is not None and wait > _MOST for wait in waits)]
    if short:
        block = short[0][0]
        yield failed(
            f"{block.address} has one step: after it nobody is called",
            block.at(),
            measure=measured("levels of escalation", 1, at_least=2),
        )
    elif slow or open_:
        block = (slow or open_)[0]
        yield unsure(f"After how many minutes {block.address} calls the next cannot be told", block.at())
    elif told:
        least = min(calls for _, calls, _ in told)
        yield passed(
            f"{told[0][0].address} escalates over {least} levels",
            *(block.at() for block, _, _ in told),
            measure=measured("levels of escalation", least, at_least=2),
        )


_MOST = 3_600.0


def _seconds(value: Any) -> float | None:
    """A number, or a product of numbers that nobody has worked out."""
    if isinstance(value, str):
        factors = [as_number(part.strip()) for part in value.strip(" ${}").split("*")[:6]]
        result = 1.0
        for factor in factors:
            if factor is None:
                return None
            result *= factor
        return result
    return as_number(value)


_STAGE = """\
  stage {
    duration_in_minutes = %s
    target {
      contact_target_info {
        is_essential = true
        contact_id   = aws_ssmcontacts_contact.%s.arn
      }
    }
  }
"""
_PLAN = 'resource "aws_ssmcontacts_plan" "shop" {\n  contact_id = aws_ssmcontacts_contact.escalation.arn\n%s}\n'
_PERSON = 'resource "aws_ssmcontacts_contact" "escalation" {\n  alias = "shop"\n  type  = "ESCALATION"\n}\n'


@check(
    "OBS-4.3.5",
    shows=BOTH,
    clean=[
        Example(
            "ten minutes, then the second contact",
            {"oncall.tf": _PERSON + _PLAN % (_STAGE % (10, "first") + _STAGE % (10, "second"))},
        )
    ],
    flagged=[Example("one stage", {"oncall.tf": _PERSON + _PLAN % (_STAGE % (10, "first"))})],
    silent=[
        Example("the channels of one person", {"oncall.tf": _PLAN.replace("escalation", "ann") % (_STAGE % (1, "ann"))})
    ],
)
def stages_of_a_plan(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Each escalation plan of Incident Manager has a second stage, after minutes."""
    escalating = {
        contact.label
        for contact in infrastructure.of("aws_ssmcontacts_contact", "AWS::SSMContacts::Contact")
        if (contact.get("type") or contact.get("Type")) == "ESCALATION"
    }
    told: list[tuple[Block, int, list[float | None]]] = []
    for plan in infrastructure.of("aws_ssmcontacts_plan"):
        if any(f"aws_ssmcontacts_contact.{label}." in str(plan.get("contact_id")) for label in escalating):
            stages = plan.nested("stage")
            waits = [as_number(stage.get("duration_in_minutes")) for stage in stages[:-1]]
            told.append((plan, len(stages), [None if wait is None else wait * 60 for wait in waits]))
    yield from _judged(told)
