"""Tests what becomes of findings where it cannot be told whether something is in force."""

from __future__ import annotations

import pytest

from orchestrator import (
    BOTH,
    Code,
    Documents,
    Infrastructure,
    Kubernetes,
    Signal,
    Source,
    absent,
    check,
    examined,
    failed,
    passed,
)
from orchestrator.domain.fact import EVERYTHING, Aside, Fact, Problem, once
from orchestrator.domain.finding import Status
from orchestrator.evidence.facts.code import Hits
from orchestrator.evidence.facts.infrastructure import Block
from orchestrator.evidence.facts.kubernetes import Resource

DATABASE = Block(path="infra/db.tf", line=3, type="aws_db_instance", label="main")
QUEUE = Block(path="infra/queue.tf", line=1, type="aws_sqs_queue", label="orders")
HEADERS = Signal(id="test.headers", words=("helmet(",))


def untold(about: str, *, void: bool = False) -> Aside:
    return Aside(
        path="infra/more.tf", line=9, what=f"{about}.b", reason="depends on var.more", about=(about,), void=void
    )


@check("SEC-2.4.1", shows=BOTH, clean=[], flagged=[])
def encrypted(infrastructure: Infrastructure):
    """Databases are encrypted."""
    for block in infrastructure.of("aws_db_instance"):
        if block.body:
            yield failed("aws_db_instance.main is not encrypted", block.at())
        else:
            yield passed("Databases are encrypted", block.at())
    if not infrastructure.of("aws_db_instance"):
        yield failed("No database is declared", absent("a database", examined(4, "resources")))


@check("SEC-2.4.1", shows=BOTH, clean=[], flagged=[])
def every_resource(infrastructure: Infrastructure):
    """All of it is looked at."""
    yield passed("All is well", infrastructure.resources[0].at())


@check("SEC-2.4.1", shows=BOTH, clean=[], flagged=[])
def any_resource(infrastructure: Infrastructure):
    """Of all of it the worst is told."""
    yield failed("aws_sqs_queue.orders is open to everyone", infrastructure.resources[0].at())


@check("SEC-2.4.1", shows=BOTH, clean=[], flagged=[])
def bare(infrastructure: Infrastructure):
    """Nothing writes out a password."""
    for block in infrastructure.every:
        if block.get("password"):
            yield failed(f"{block.address} writes out a password", block.at("password"))


@check("SEC-2.4.1", shows=BOTH, clean=[], flagged=[])
def protected(infrastructure: Infrastructure):
    """Queues and topics are encrypted, and somebody watches them."""
    for block in infrastructure.of("aws_sqs_queue", "aws_sns_topic"):
        yield failed("aws_sqs_queue.orders is not encrypted", block.at())
    infrastructure.of("aws_cloudwatch_metric_alarm")


@check("SEC-2.4.6", shows=BOTH, clean=[], flagged=[], reads=[HEADERS])
def headers(code: Code):
    """Headers are set."""
    if code[HEADERS]:
        yield passed("Headers are set", code[HEADERS].first[0])
    else:
        yield failed("app.js sets no headers", Source(path="app.js", line=1))


def said(of, fact):
    return [(draft.status, draft.message) for draft in of.run({type(fact): fact})]


class TestWhole:
    def test_a_pass_of_all_is_taken_back(self):
        """
        A database of which nobody can tell whether there is one may be the one that is not encrypted.
        """
        fact = Infrastructure(blocks=(DATABASE,), aside=(untold("aws_db_instance"),))

        ((status, message),) = said(encrypted, fact)

        assert Status.UNKNOWN is status
        assert (
            "Could not tell: infra/more.tf:9: aws_db_instance.b depends on var.more "
            "(what could be read: Databases are encrypted)" == message
        )

    @pytest.mark.parametrize(
        "aside", [untold("aws_sqs_queue"), untold("aws_db_instance", void=True)], ids=["another type", "void"]
    )
    def test_what_does_not_matter(self, aside):
        """
        Neither a queue nor a database that is not in force changes what is said of databases.
        """
        fact = Infrastructure(blocks=(DATABASE,), aside=(aside,))

        assert [(Status.PASS, "Databases are encrypted")] == said(encrypted, fact)

    def test_who_looks_at_everything(self):
        fact = Infrastructure(blocks=(QUEUE,), aside=(untold("aws_db_instance"),))

        ((status, _),) = said(every_resource, fact)

        assert Status.UNKNOWN is status

    def test_what_could_be_anything(self):
        aside = Aside(path="infra/x.tf", reason="is a form that nobody understands", void=False)

        ((status, message),) = said(encrypted, Infrastructure(blocks=(DATABASE,), aside=(aside,)))

        assert Status.UNKNOWN is status
        assert message.startswith("Could not tell: infra/x.tf: is a form that nobody understands (")

    def test_a_problem_about_another_type(self):
        """
        One bad line in a queue takes nothing away from databases; one in a database does.
        """
        problem = Problem(path="infra/x.tf", line=2, reason="a closing brace is missing", about=("aws_sqs_queue",))
        here = problem.model_copy(update={"about": ("aws_db_instance",)})

        assert [(Status.PASS, "Databases are encrypted")] == said(
            encrypted, Infrastructure(blocks=(DATABASE,), problems=(problem,))
        )
        ((status, _),) = said(encrypted, Infrastructure(blocks=(DATABASE,), problems=(here,)))
        assert Status.UNKNOWN is status


class TestFailures:
    def test_of_a_place(self):
        """
        What is wrong with one stays wrong, whatever else there may be.
        """
        bad = DATABASE.model_copy(update={"body": {"storage_encrypted": False}})
        fact = Infrastructure(blocks=(bad,), aside=(untold("aws_db_instance"),))

        assert [(Status.FAIL, "aws_db_instance.main is not encrypted")] == said(encrypted, fact)

    @pytest.mark.parametrize(
        ("about", "status"),
        [
            ("aws_sns_topic", Status.FAIL),
            ("aws_cloudwatch_metric_alarm", Status.UNKNOWN),
            ("aws_db_instance", Status.FAIL),
        ],
    )
    def test_beside_others_of_its_kind(self, about, status):
        """
        A topic that may not be there changes nothing for a queue; what would be missed may.
        """
        fact = Infrastructure(blocks=(QUEUE,), aside=(untold(about),))

        assert [status] == [found for found, _ in said(protected, fact)]

    def test_among_everything(self):
        """
        What is wrong with a queue stays wrong beside a database that may not be there.
        """
        fact = Infrastructure(blocks=(QUEUE,), aside=(untold("aws_db_instance"),))

        assert [(Status.FAIL, "aws_sqs_queue.orders is open to everyone")] == said(any_resource, fact)

    @pytest.mark.parametrize(("asks", "status"), [(False, Status.FAIL), (True, Status.UNKNOWN)])
    def test_beside_what_nobody_asked_for(self, asks, status):
        """
        A section that may count takes nothing from a failure seen elsewhere, unless it was asked for by its kind.
        """
        aside = Aside(path="a.md", line=1, what="section A", reason="is a draft", about=("section",), void=False)
        documents = Documents(aside=(aside,))

        @check("SEC-2.4.1", shows=BOTH, clean=[], flagged=[])
        def open_queue(infrastructure: Infrastructure, documents: Documents):
            """No queue is open."""
            if asks:
                documents.sought.add("section")
            yield failed("aws_sqs_queue.orders is open to everyone", infrastructure.resources[0].at())

        facts: dict[type[Fact], Fact] = {Infrastructure: Infrastructure(blocks=(QUEUE,)), Documents: documents}

        assert [status] == [draft.status for draft in open_queue.run(facts)]

    def test_by_absence(self):
        """
        That there is none cannot be said where there may be one; a void one is none.
        """
        ((status, message),) = said(encrypted, Infrastructure(aside=(untold("aws_db_instance"),)))
        void = said(encrypted, Infrastructure(aside=(untold("aws_db_instance", void=True),)))

        assert Status.UNKNOWN is status
        assert message.startswith("Could not tell: infra/more.tf:9")
        assert [(Status.FAIL, "No database is declared")] == void

    def test_of_a_place_among_all(self):
        """
        Who looks at everything and fails by what is there is not taken back by a doubt about another type.
        """
        bad = DATABASE.model_copy(update={"body": {"password": "kestrel"}})
        fact = Infrastructure(blocks=(bad,), aside=(untold("aws_sqs_queue"),))

        assert [(Status.FAIL, "aws_db_instance.main writes out a password")] == said(bare, fact)

    def test_a_place_that_lacks_something(self):
        """
        The failure has a place and rests on the absence of a signal all the same.
        """
        doubt = Aside(path="app.js", line=4, reason="depends on a flag", about=(HEADERS.id,), void=False)
        nowhere, there = Hits(untold=1, aside=(doubt,)), Hits(total=1, files=1, first=(Source(path="app.js", line=2),))

        ((status, _),) = said(headers, Code(hits={HEADERS.id: nowhere}))
        void = Hits(void=1, aside=(doubt.model_copy(update={"void": True}),))

        assert Status.UNKNOWN is status
        assert [(Status.FAIL, "app.js sets no headers")] == said(headers, Code(hits={HEADERS.id: void}))
        both = there.model_copy(update={"untold": 1, "aside": (doubt,)})
        assert [(Status.PASS, "Headers are set")] == said(headers, Code(hits={HEADERS.id: both}))


class TestSought:
    def test_one_run_knows_nothing_of_another(self):
        fact = Infrastructure(blocks=(DATABASE,), aside=(untold("aws_sqs_queue"),))
        fact.of("aws_sqs_queue")

        assert [(Status.PASS, "Databases are encrypted")] == said(encrypted, fact)
        assert {"aws_db_instance"} == fact.sought

    def test_an_answer_that_was_kept(self):
        """
        Who is given an answer that somebody else asked for has asked for the same things.
        """

        @once
        def databases(infrastructure):
            return infrastructure.of("aws_db_instance")

        fact = Infrastructure(blocks=(DATABASE,))
        fact.of("aws_vpc")
        databases(fact)
        first = set(fact.sought)
        fact.sought.clear()
        databases(fact)

        assert {"aws_vpc", "aws_db_instance"} == first
        assert {"aws_db_instance"} == fact.sought

    def test_kinds_of_objects(self):
        web = Resource(path="k8s/web.yaml", kind="Deployment", resource="web")
        fact = Kubernetes(resources=(web,))

        assert [web] == fact.of("Deployment", "Service")
        assert {"Deployment", "Service"} == fact.sought
        assert fact.has("Deployment")
        assert not fact.has("Service")
        assert (web,) == fact.every
        assert EVERYTHING in fact.sought


class TestPassedOver:
    def test_of_a_signal(self):
        """
        Whoever looks for headers is told of those that are commented out, unless others are in force.
        """
        void = Aside(path="app.js", line=4, reason="is commented out", about=(HEADERS.id,))
        fact = Code(hits={HEADERS.id: Hits(void=2, aside=(void, void))})
        there = Code(
            hits={HEADERS.id: Hits(total=1, files=1, first=(Source(path="app.js", line=2),), void=1, aside=(void,))}
        )

        draft = headers.passed_over({Code: fact})

        assert draft is not None
        assert "Written, and not in force: app.js:4: is commented out (1 more like it)" == draft.message
        assert Source(path="app.js", line=4) == draft.at
        assert headers.passed_over({Code: there}) is None

    def test_of_what_was_asked_for(self):
        """
        Something void comes before what cannot be told; what the check never asked for is nothing to it.
        """
        doubt, void = untold("aws_db_instance"), untold("aws_db_instance", void=True)
        fact = Infrastructure(aside=(untold("aws_sqs_queue"), doubt, void))
        list(encrypted.run({Infrastructure: fact}))

        draft = encrypted.passed_over({Infrastructure: fact})
        alone = fact.model_copy(update={"aside": (doubt,)})
        list(encrypted.run({Infrastructure: alone}))
        other = encrypted.passed_over({Infrastructure: alone})

        assert draft is not None
        assert draft.message.startswith("Written, and not in force: infra/more.tf:9: aws_db_instance.b")
        assert other is not None
        assert other.message.startswith("Written, and it cannot be told whether it is in force: infra/more.tf:9")
        assert encrypted.passed_over({Infrastructure: Infrastructure(aside=(doubt,))}) is None

    def test_a_folder_may_hold_anything(self):
        """
        What nobody has read, since its folder is set aside, is not told as what somebody has written of a subject.
        """
        fact = Infrastructure(aside=(Aside(path="docs/", reason="is set aside by its name"),))
        list(encrypted.run({Infrastructure: fact}))

        assert encrypted.passed_over({Infrastructure: fact}) is None
