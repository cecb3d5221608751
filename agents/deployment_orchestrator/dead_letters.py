"""Judges what becomes of messages and jobs that fail for good."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orchestrator import (
    ALL,
    BOTH,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Manifests,
    Schema,
    Signal,
    Source,
    Typed,
    as_number,
    check,
    each,
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
_TOPICS = Typed("resources/topics")
_SOURCES = Typed("resources/dead-letters")
_POLICIES = Typed("resources/dead-letter-policies")
_DEAD_LETTER = r"dead[_-]?letter|\bdlx\b|\bdlq\b"
_KEPT = Signal(
    id="deployment.dead-letters",
    pattern=r"x-dead-letter-exchange|dead_?letter_?(?:exchange|queue|topic)|DeadLetterPublishingRecoverer|@DltHandler|"
    r"@RetryableTopic|dltTopicSuffix|"
    r"[\"']failed[\"']\s{0,3}=>\s{0,3}\[\s{0,3}[\"']driver[\"']\s{0,3}=>\s{0,3}[\"'](?:database|dynamodb|file)|"
    r"QUEUE_FAILED_DRIVER[\"']\s{0,3},\s{0,3}[\"'](?:database|dynamodb|file)|"
    r"^\s{0,12}failure_transport\s{0,3}:(?!\s{0,3}(?:null|~|false|''|\"\")\s*$)",
    roles=("source", "config"),
    kept=ALL,
)
_APART = Signal(
    id="deployment.queues-apart",
    pattern=r"\bAzure\.Storage\.Queues\b|azure[.-]storage[.-]queue|@azure/storage-queue|\bReceiveMessageCommand\b|"
    r"\breceive_message\(|"
    r"\bReceiveMessageInput\b|\bSqsClient\b|\bAmazonSQSClient\b",
)
"""Where queues are read that keep nothing of what fails unless they are told to, and that are set up elsewhere."""
_DECLARED = Signal(
    id="deployment.queue-declared",
    pattern=r"\b(?:queue_?declare|queueDeclare|assertQueue|QueueDeclare)\(|\bQueueBuilder\.(?:durable|nonDurable)\(",
    kept=ALL,
)
_TAKEN = Signal(
    id="deployment.queue-consumed",
    pattern=r"\b(?:basic_?consume|basicConsume|BasicConsume\w{0,5})\(|\b(?:channel|ch|ch\.\w{1,20})\.(?:consume|"
    r"Consume)\(|@RabbitListener",
    kept=ALL,
)
_THROWN = Signal(
    id="deployment.failures-thrown-away",
    pattern=r"\bremoveOnFail\s{0,3}:\s{0,3}(?:true|0|"
    r"\{\s{0,3}(?:age|count)\s{0,3}:\s{0,3}0)\b|\bsidekiq_options\b.{0,80}\bdead:\s{0,3}false|"
    r"\bsidekiq_options\b.{0,80}\bretry:\s{0,3}false|\bfailure_ttl\s{0,3}=\s{0,3}0\b|"
    r"\bdelete_failed_jobs\s{0,3}=\s{0,3}true|"
    r"^\s{0,12}[\"']failed[\"']\s{0,3}=>\s{0,3}\[\s{0,3}[\"']driver[\"']\s{0,3}=>\s{0,3}(?:[\"']null[\"']|null)|"
    r"^QUEUE_FAILED_DRIVER\s{0,3}=\s{0,3}[\"']?null",
    roles=("source", "config"),
    kept=ALL,
)
_ENDED = Signal(
    id="deployment.failed-and-acknowledged",
    pattern=r"^\s{0,40}(?:[\w.]{1,40}\.)?(?:basic_ack|basicAck|BasicAck\w{0,5}|ack)\(",
    kept=ALL,
)
_CAUGHT = Signal(
    id="deployment.failure-caught",
    pattern=r"^\s{0,40}(?:except\b.{0,60}:|\}?\s{0,3}catch\b.{0,60}\{?|rescue\b.{0,60})\s*$",
    languages=("python", "javascript", "typescript", "java", "kotlin", "csharp", "ruby", "php"),
    kept=ALL,
)
_TRANSPORTS = Signal(
    id="deployment.transports",
    pattern=r"^\s{0,12}(?:transports|messenger)\s{0,3}:\s*$",
    roles=("config",),
    kept=ALL,
)
_FAILED_TABLE = re.compile(
    r"^(?:failed_(?:jobs?|messages?|tasks?)|dead_\w+|\w+_dead_letters?|dead_?letters?|"
    r"\w+_failed_jobs)$",
    re.IGNORECASE,
)
_OF_PLATFORM = re.compile(
    r"\b(?:cloud-builds|clouddeploy-(?:operations|resources|approvals)|gcr|"
    r"container-analysis-[\w-]+)\b"
)
"""Topics that Google writes to of itself, about builds and rollouts: what is lost of them is no job."""
_SETTLED = Signal(
    id="deployment.message-settled",
    pattern=r"\b(?:completeMessage|complete_message|CompleteMessageAsync|deleteMessage|delete_message|DeleteMessageAsync|"
    r"basic_ack|BasicAck\w{0,5})\(",
    kept=ALL,
)
_CATCHES = Signal(
    id="deployment.message-failure-caught",
    pattern=r"\bcatch\s{0,3}(?:\(|\{)|^\s{0,60}except\b|^\s{0,60}rescue\b",
    kept=ALL,
)
_GIVES_BACK = Signal(
    id="deployment.message-given-back",
    pattern=r"abandon|dead_?letter|\bnack\b|basic_?nack|\breject|requeue|\bthrow\b|\braise\b|[vV]isibility",
    kept=ALL,
)
_KEEPS_FAILED = words("packages/kept-failures")


_RABBIT = "import pika\n\nchannel.queue_declare('orders', durable=True%s)\nchannel.basic_consume('orders', take)\n"
_BARE = "channel.queue_declare('mails', durable=True)\nchannel.basic_consume('mails', take)\n"
_BULL = '{"name": "shop", "dependencies": {"bullmq": "^5.0.0"}}'
_QUEUES = (
    "import { Queue } from 'bullmq'\nnew Queue('orders', { defaultJobOptions: { attempts: 3, removeOnFail: %s } })\n"
)
_MESSENGER = '{"require": {"symfony/messenger": "^7.0"}}'
_FAILURES = (
    "framework:\n  messenger:\n    failure_transport: dead\n    transports:\n      async: '%env(DSN)%'\n      "
    "dead: 'doctrine://x'\n"
)
_BUS = (
    "resource orders 'Microsoft.ServiceBus/namespaces/queues@2022-10-01-preview' = "
    "{\n  name: 'orders'\n  properties: {maxDeliveryCount: %d}\n}\n"
)


@check(
    "INF-1.2.8",
    shows=BOTH,
    reads=[_KEPT, _APART, _DECLARED, _TAKEN, _THROWN, _ENDED, _CAUGHT, _TRANSPORTS, _SETTLED, _CATCHES, _GIVES_BACK],
    clean=[
        Example("A redrive policy on each queue", {"main.tf": _QUEUE % _REDRIVE + _FAILED}),
        Example("Sidekiq keeps dead jobs", {"Gemfile": "source 'https://rubygems.org'\ngem 'sidekiq', '~> 7.0'\n"}),
        Example("Each queue that is declared", {"work.py": _RABBIT % ', arguments={"x-dead-letter-exchange": "dead"}'}),
        Example("A failure transport", {"composer.json": _MESSENGER, "config/packages/messenger.yaml": _FAILURES}),
        Example(
            "A table of failed jobs",
            {
                "composer.json": '{"require": {"laravel/framework": "^11"}}',
                "database/schema.sql": "CREATE TABLE failed_jobs (id int PRIMARY KEY);\n",
            },
        ),
        Example(
            "A topic of Kafka that dead letters go to",
            {"src/main/java/Work.java": 'class W {\n  @RetryableTopic(attempts = "4")\n  void take(String m) { }\n}\n'},
        ),
    ],
    flagged=[
        Example("No redrive policy", {"main.tf": _QUEUE % ""}),
        Example(
            "A subscription without dead letters",
            {"main.tf": 'resource "google_pubsub_subscription" "orders" {\n  topic = "orders"\n}\n'},
        ),
        Example("Failed jobs are thrown away", {"package.json": _BULL, "queue.ts": _QUEUES % "true"}),
        Example(
            "A second queue without", {"work.py": _RABBIT % ', arguments={"x-dead-letter-exchange": "dead"}' + _BARE}
        ),
        Example(
            "Sidekiq without dead jobs",
            {"Gemfile": "gem 'sidekiq'\n", "app/job.rb": "sidekiq_options queue: 'mail', dead: false\n"},
        ),
        Example(
            "No failure transport",
            {
                "composer.json": _MESSENGER,
                "config/packages/messenger.yaml": _FAILURES.replace("    failure_transport: dead\n", ""),
            },
        ),
        Example(
            "Queues of storage beside those of a bus",
            {
                "main.tf": 'resource "azurerm_servicebus_queue" "orders" {\n  name = "orders"\n}\n',
                "mail.bicep": "resource mails "
                "'Microsoft.Storage/storageAccounts/queueServices/queues@2023-01-01' = {\n  name: 'mails'\n}\n",
            },
        ),
        Example("Two thousand tries", {"main.bicep": _BUS % 2000}),
    ],
    silent=[
        Example("No queue", {"main.tf": 'resource "aws_s3_bucket" "b" {\n}\n'}),
        Example("A policy that a variable holds", {"main.tf": _QUEUE % "  redrive_policy = var.redrive\n"}),
        Example(
            "A queue of storage that is set up elsewhere, beside one of a bus",
            {"main.bicep": _BUS % 5, "Mail.cs": "using Azure.Storage.Queues;\n\nclass Mail(QueueClient mails) { }\n"},
        ),
        Example(
            "A queue with dead letters, whose reader settles what it could not do",
            {
                "main.tf": _QUEUE % _REDRIVE + _FAILED,
                "src/main.js": "export async function handle(message) {\n  try {\n    await send(message.body);\n"
                "  } catch (error) {\n    log.warn(error);\n  }\n  await receiver.completeMessage(message);\n}\n",
            },
        ),
        Example(
            "Likewise in Python",
            {
                "main.tf": _QUEUE % _REDRIVE + _FAILED,
                "shop/work.py": "def handle(m):\n    try:\n        send(m)\n    except Exception:\n        log(m)\n"
                "    sqs.delete_message(QueueUrl=URL, ReceiptHandle=m.handle)\n",
            },
        ),
        Example("Failed jobs are kept for a while", {"queue.ts": _QUEUES % "{ count: 1000 }"}),
        Example("A queue whose arguments stand elsewhere", {"work.py": _RABBIT % ", arguments=args"}),
        Example(
            "What the platform tells of builds",
            {
                "main.tf": 'resource "google_pubsub_topic" "builds" {\n  name = "cloud-builds"\n}\n'
                'resource "google_pubsub_subscription" "chat" {\n  topic = google_pubsub_topic.builds.id\n}\n'
            },
        ),
    ],
)
def dead_letters(infrastructure: Infrastructure, manifests: Manifests, code: Code, schema: Schema) -> Iterator[Draft]:
    """Every queue names where messages go that fail for good; job libraries that keep them count."""
    queues = [
        b
        for b in _SOURCES.among(infrastructure)
        if not is_file_elsewhere(b.path) and not _is_of_platform(b, infrastructure)
    ]
    policies = _words(_POLICIES.value(b, "of") for b in _POLICIES.among(infrastructure))
    targets = _words(_SOURCES.value(b, "dead_letters") for b in queues)
    working = [q for q in queues if q.label not in targets and not _is_dead_end(q)]
    lacking = [q for q in working if not _hands_on(q) and q.label not in policies]
    hidden = [q for q in working if _IS_VARIABLE.fullmatch(str(_SOURCES.value(q, "dead_letters") or ""))]
    endless = [q for q in working if _tries(q) > _MOST_TRIES]
    ends = [q for q in queues if q.label in targets or _is_dead_end(q)]
    short = [q for q in ends if (kept := _kept(q)) is not None and kept < _DAY]
    thrown = code[_THROWN].places.under(lambda path: not is_file_elsewhere(path))
    bare, half = _declared(code)
    places: list[Source] = [q.at(*_SOURCES.at(q, "dead_letters")) for q in working]
    if lacking:
        yield failed(
            addressed(lacking).say("{} {sends} failed messages nowhere"),
            examined(len(working), "queues"),
            measure=measured("queues without dead letters", len(lacking), at_most=0),
        )
        return
    if counted := [q for q in endless if _SOURCES.tells(q, "tries")]:
        yield failed(
            addressed(counted, at=lambda q: _SOURCES.place(q, "tries")).say(
                "{} {tries} a message more often than {most} times before it gives it up", most=f"{_MOST_TRIES:,}"
            ),
            examined(len(working), "queues"),
        )
        return
    if thrown:
        yield failed("Jobs that failed for good are thrown away", thrown[0], thrown)
        return
    if bare:
        yield failed(
            each(bare).say("{number:queue} that {is|are} consumed {is|are} declared without a dead-letter exchange"),
            examined(code[_DECLARED].total, "declarations of queues"),
        )
        return
    if (quiet := _without_failures(manifests, code)) is not None:
        yield failed("Messenger has no failure transport: what fails for good is thrown away", quiet)
        return
    if endless or short:
        late = addressed(endless).say("{} {tries} a message more often than {most} times", most=f"{_MOST_TRIES:,}")
        gone = addressed(short).say("{} {keeps} failed messages for less than a day")
        yield unsure(late if endless else gone, (endless or short)[0].at())
        return
    if hidden:
        yield unsure(
            addressed(hidden).say("{} {takes} {its} redrive policy from a variable, which may be empty"), hidden[0].at()
        )
        return
    if apart := _apart(code, queues):
        yield unsure("Messages are taken from queues that are set up elsewhere", *apart)
        return
    if half:
        yield unsure("Whether a queue has a dead-letter exchange is told elsewhere", *half)
        return
    if swallowed := _swallowed(code):
        yield unsure(
            "Messages are settled by who catches their failures; whether one comes back is not told", swallowed
        )
        return
    places += code[_KEPT].places.under(lambda path: not is_file_elsewhere(path))[:3]
    libraries = [(m, d) for m, d in manifests.uses(_KEEPS_FAILED, development=False) if m.role == "source"]
    places += [m.at(d) for m, d in libraries]
    tables = [t for t in schema.tables if _FAILED_TABLE.match(t.title)]
    places += [t.at() for t in tables]
    if places:
        who = (
            libraries[0][1].package
            if libraries
            else f"table {tables[0].title}"
            if tables
            else places[0].text[:80] or "each queue"
        )
        yield passed(f"What fails for good is kept, by {who}", *places)


_IS_VARIABLE = re.compile(
    r"\s*(?:\$\{\s*)?(?:var|local|module|data)\.[\w.\[\]\"-]+\s*\}?\s*|"
    r"\{?'?!?(?:Ref|ImportValue)\b.{0,80}"
)
_NAME = re.compile(r"\(\s*(?:queue\s*[=:]\s*)?[\"'`]([\w.:-]{1,100})[\"'`]")


def _declared(code: Code) -> tuple[list[Source], list[Source]]:
    """Where queues are declared without dead letters and consumed, and where it cannot be told whether they are."""
    consumers = code[_TAKEN].places.files
    bare: list[Source] = []
    half: list[Source] = []
    for place in code[_DECLARED].places:
        if is_file_elsewhere(place.path) or place.path not in consumers:
            continue
        name = _NAME.search(place.text)
        if re.search(_DEAD_LETTER, place.text, re.IGNORECASE) or (name and _IS_END.search(name[1])):
            continue
        whole = place.text.count("(") == place.text.count(")") and len(place.text) < 200
        open_ = re.search(r"arguments|args|options|\bopts\b|\.\.\.|\*\*|withArgument|amqp\.Table", place.text)
        (half if open_ or not whole or name is None else bare).append(place)
    acknowledged = [
        place
        for place in code[_ENDED].places
        if place.path in consumers and any(c.line == place.line - 1 for c in code[_CAUGHT].within(place.path))
    ]
    return bare or acknowledged, half


def _swallowed(code: Code) -> Source | None:
    """Where a message is settled in a file that catches failures and gives none back."""
    caught, back = code[_CATCHES].places.files, code[_GIVES_BACK].places.files
    return next(
        (
            place
            for place in code[_SETTLED].places
            if place.path in caught and place.path not in back and not is_file_elsewhere(place.path)
        ),
        None,
    )


def _apart(code: Code, queues: list[Block]) -> list[Source]:
    """Where messages are taken from queues of a kind of which none is declared."""
    types = " ".join(queue.type for queue in queues).lower()
    places = code[_APART].places.under(lambda path: not is_file_elsewhere(path))
    return [p for p in places if ("storage" if "storage" in p.text.lower() else "sqs") not in types][:3]


def _is_of_platform(queue: Block, infrastructure: Infrastructure) -> bool:
    """Whether what *queue* takes is written by the platform itself, about builds and rollouts."""
    topic = str(queue.get("topic", default=""))
    named = [b for b in _TOPICS.among(infrastructure) if f"{b.type}.{b.label}." in f"{topic}."]
    return any(_OF_PLATFORM.search(text) for text in (topic, *(str(b.get("name", default="")) for b in named)))


def _without_failures(manifests: Manifests, code: Code) -> Source | None:
    """Where Messenger of Symfony is set up without a transport for what fails; None where it has one."""
    if not manifests.uses("symfony/messenger", development=False):
        return None
    kept = code[_KEPT].places
    set_up = [place for place in code[_TRANSPORTS].places if not is_file_elsewhere(place.path)]
    files = {place.path for place in set_up if place.text.strip().startswith("transports")}
    return (
        next((place for place in set_up if place.path in files), None)
        if not any("failure_transport" in k.text for k in kept)
        else None
    )


_MOST_TRIES = 1_000
"""More are refused."""
_DAY = 86_400
_COUNT = re.compile(r"maxReceiveCount['\"]?\s*[:=]\s*['\"]?(\d{1,12})")


def _tries(queue: Block) -> int:
    """How often *queue* has a message tried before it goes elsewhere; 0 where that cannot be seen."""
    if _SOURCES.tells(queue, "tries"):
        return int(as_number(_SOURCES.value(queue, "tries")) or 0)
    match = _COUNT.search(str(_SOURCES.value(queue, "dead_letters"))[:2_000])
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
    return _SOURCES.kind(queue) == "always" or _SOURCES.value(queue, "dead_letters") is not None


def _is_dead_end(queue: Block) -> bool:
    name = f"{queue.label} {queue.get('name', default='')} {queue.get('QueueName', default='')}".lower()
    return _IS_END.search(name) is not None


_IS_END = re.compile(r"dlq|dlx|dead|failed|poison", re.IGNORECASE)
