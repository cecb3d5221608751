"""Judges what becomes of messages and jobs that fail for good."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orchestrator import (
    BOTH,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Manifests,
    Signal,
    Source,
    Typed,
    check,
    examined,
    failed,
    is_file_elsewhere,
    measured,
    passed,
    unsure,
    words,
)

from ._workloads import addressed

_QUEUE = 'resource "aws_sqs_queue" "orders" {\n  name = "orders"\n%s}\n'
_REDRIVE = "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 4 })\n"
_FAILED = 'resource "aws_sqs_queue" "failed" {\n  name = "orders-failed"\n}\n'
_SOURCES = Typed("resources/dead-letters")
_POLICIES = Typed("resources/dead-letter-policies")
_KEPT = Signal(
    id="deployment.dead-letters",
    words=(
        "x-dead-letter-exchange",
        "deadletterexchange",
        "dead_letter_exchange",
        "deadletterqueue",
        "dead_letter_queue",
    ),
)
_KEEPS_FAILED = words("packages/kept-failures")


@check(
    "INF-1.2.8",
    shows=BOTH,
    reads=[_KEPT],
    clean=[
        Example("A redrive policy on each queue", {"main.tf": _QUEUE % _REDRIVE + _FAILED}),
        Example("Sidekiq keeps dead jobs", {"Gemfile": "source 'https://rubygems.org'\ngem 'sidekiq', '~> 7.0'\n"}),
    ],
    flagged=[
        Example("No redrive policy", {"main.tf": _QUEUE % ""}),
        Example(
            "A subscription without dead letters",
            {"main.tf": 'resource "google_pubsub_subscription" "orders" {\n  topic = "orders"\n}\n'},
        ),
    ],
    silent=[Example("No queue", {"main.tf": 'resource "aws_s3_bucket" "b" {\n}\n'})],
)
def dead_letters(infrastructure: Infrastructure, manifests: Manifests, code: Code) -> Iterator[Draft]:
    """Every queue names where messages go that fail for good; job libraries that keep them count."""
    queues = [b for b in _SOURCES.among(infrastructure) if not is_file_elsewhere(b.path)]
    policies = _words(_POLICIES.value(b, "of") for b in _POLICIES.among(infrastructure))
    targets = _words(b.get(*_SOURCES.at(b, "dead_letters")) for b in queues)
    working = [q for q in queues if q.label not in targets and not _is_dead_end(q)]
    lacking = [q for q in working if not _hands_on(q) and q.label not in policies]
    endless = [q for q in working if _tries(q) > _MOST_TRIES]
    ends = [q for q in queues if q.label in targets or _is_dead_end(q)]
    short = [q for q in ends if (kept := _kept(q)) is not None and kept < _DAY]
    places: list[Source] = [q.at(*_SOURCES.at(q, "dead_letters")) for q in working]
    if lacking:
        yield failed(
            addressed(lacking).say("{} {sends} failed messages nowhere"),
            examined(len(working), "queues"),
            measure=measured("queues without dead letters", len(lacking), at_most=0),
        )
        return
    if endless or short:
        late = addressed(endless).say("{} {tries} a message more often than {most:,} times", most=_MOST_TRIES)
        gone = addressed(short).say("{} {keeps} failed messages for less than a day")
        yield unsure(late if endless else gone, (endless or short)[0].at())
        return
    places += code[_KEPT].first[:3]
    libraries = [(m, d) for m, d in manifests.uses(_KEEPS_FAILED, development=False) if m.role == "source"]
    places += [m.at(d) for m, d in libraries]
    if places:
        who = libraries[0][1].package if libraries else places[0].text[:80] or "each queue"
        yield passed(f"What fails for good is kept, by {who}", *places)


_MOST_TRIES = 1_000
"""More are refused."""
_DAY = 86_400
_COUNT = re.compile(r"maxReceiveCount['\"]?\s*[:=]\s*['\"]?(\d{1,12})")


def _tries(queue: Block) -> int:
    """How often *queue* has a message tried before it goes elsewhere; 0 where that cannot be seen."""
    match = _COUNT.search(str(queue.get(*_SOURCES.at(queue, "dead_letters")))[:2_000])
    return int(match[1]) if match else 0


def _kept(queue: Block) -> float | None:
    """For how many seconds *queue* keeps messages, where it says so."""
    return next(
        (n for key in ("message_retention_seconds", "MessageRetentionPeriod") if (n := queue.number(key)) is not None),
        None,
    )


def _words(values: Iterable[object]) -> set[str]:
    """Every name that *values* speak of."""
    return {word for value in values for word in re.findall(r"[\w-]+", str(value))}


def _hands_on(queue: Block) -> bool:
    return _SOURCES.kind(queue) == "always" or queue.get(*_SOURCES.at(queue, "dead_letters")) is not None


def _is_dead_end(queue: Block) -> bool:
    name = f"{queue.label} {queue.get('name', default='')} {queue.get('QueueName', default='')}".lower()
    return any(word in name for word in ("dlq", "dead", "failed", "poison"))
