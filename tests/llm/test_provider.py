"""Claude through the real SDK: whatever goes wrong on the way, it ends in objections or in an honest note."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from orchestrator.domain.finding import Status
from orchestrator.llm.model import Usage
from orchestrator.llm.provider import Claude
from orchestrator.llm.second_look import SecondLook, second_look
from tests.llm import messages_api as api
from tests.llm.looks import PROMPT, criterion, excerpt, found, objection

FINDINGS = (found("X-1", Status.PASS, excerpt("ci.yaml", 8, "      - run: pytest || true")),)
GOOD = api.says({"objections": [objection()]})
NOTHING = api.says({"objections": []})


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy stands between a test and its own machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


async def look(server: api.Server, *, deadline: float = 20, key: str = api.KEY) -> SecondLook:
    model = Claude(api.MODEL, key=key, base_url=server.url, deadline=deadline, pause=0.01)
    try:
        async with asyncio.timeout(30):
            return await second_look("tester", FINDINGS, (criterion("X-1"),), model, PROMPT)
    finally:
        await model.close()


async def test_an_answer() -> None:
    """
    A whole answer becomes a finding, with what it cost and who said it.
    """
    with api.serving(GOOD) as server:
        result = await look(server)

    (finding,) = result.findings
    assert Status.FAIL == finding.status
    assert f"{api.MODEL}, message msg_1" == finding.evidence[1].statement
    assert Usage(1000, 40, 1) == result.usage
    assert PROMPT.system == server.bodies[0]["system"]


class TestPassing:
    @pytest.mark.parametrize(
        "fault",
        [
            api.status(429, "rate_limit_error", retry_after="0"),
            api.status(429, "rate_limit_error", retry_after="Wed, 21 Oct 2015 07:28:00 GMT"),
            api.status(529, "overloaded_error"),
            api.status(502, "api_error"),
            api.status(409, "conflict_error"),
            api.cut,
            api.reset,
            api.hang_up,
            api.ends_early,
            api.says_nothing,
            api.broken_event,
            api.error_event("overloaded_error"),
        ],
    )
    async def test_is_tried_again(self, fault):
        """
        What may go better next time is asked again; both requests are counted.
        """
        with api.serving(fault, GOOD) as server:
            result = await look(server)

        assert ["X-1"] == [f.criterion for f in result.findings]
        assert 2 == len(server.bodies) == result.usage.requests

    async def test_what_was_used_before_a_cut_is_counted(self):
        """
        A stream that broke off has cost its input all the same.
        """
        with api.serving(api.cut, GOOD) as server:
            result = await look(server)

        assert 2000 == result.usage.tokens_in

    async def test_retry_after_is_heeded(self):
        """
        The server says how long to wait.
        """
        with api.serving(api.status(429, "rate_limit_error", retry_after="0.4"), GOOD) as server:
            begun = time.monotonic()
            await look(server)

        assert time.monotonic() - begun >= 0.4

    async def test_retry_after_never_outlasts_the_deadline(self):
        """
        A wait that is longer than the time that is left is not waited.
        """
        with api.serving(api.status(429, "rate_limit_error", retry_after="3600")) as server:
            begun = time.monotonic()
            result = await look(server)

        assert time.monotonic() - begun < 10
        assert 1 == len(server.bodies)
        assert "429 rate_limit_error" in result.note


class TestUnavailable:
    @pytest.mark.parametrize(
        ("fault", "requests", "said"),
        [
            (api.status(529, "overloaded_error"), 4, "529 overloaded_error: no, asked 4 times"),
            (api.cut, 4, "broke off (RemoteProtocolError), asked 4 times"),
            (api.reset, 4, "broke off (ReadError), asked 4 times"),
            (api.hang_up, 4, "cannot be reached (RemoteProtocolError), asked 4 times"),
            (api.ends_early, 4, "the stream ended before the message did, asked 4 times"),
            (api.says_nothing, 4, "the stream ended before the message did, asked 4 times"),
            (api.broken_event, 4, "broke off (JSONDecodeError), asked 4 times"),
            (api.error_event("overloaded_error"), 4, "the API answered overloaded_error: no, asked 4 times"),
            (api.error_event("invalid_request_error"), 1, "the API answered invalid_request_error: no."),
            (api.status(404, "not_found_error", "model: nobody"), 1, "404 not_found_error: model: nobody."),
            (api.says("", stop="refusal", details={"type": "refusal", "category": "cyber"}), 1, "it refused (cyber)."),
            (api.says({"objections": []}, stop="refusal"), 1, "it refused."),
            (api.says({"objections": []}, stop="max_tokens"), 1, "before the end of its answer (max_tokens)."),
            (api.says({"objections": []}, stop="something_new"), 1, "before the end of its answer (something_new)."),
            (api.says("All good, ship it!"), 1, "its answer is not JSON."),
            (api.says('{"objections": ['), 1, "its answer is not JSON."),
            (
                api.says({"objections": [objection(claim="pass")]}),
                1,
                "another shape than was asked for (objections.0.claim",
            ),
            (api.says({"approved": True}), 1, "another shape than was asked for"),
        ],
    )
    async def test_is_a_note(self, fault, requests, said):
        """
        It is said why nobody looked; there is no finding, and nothing is asked again that cannot go better.
        """
        with api.serving(fault) as server:
            result = await look(server)

        assert () == result.findings
        assert said in result.note
        assert requests == len(server.bodies) == result.usage.requests

    async def test_a_refused_key(self):
        """
        A key that is not taken is a note, and stands in none.
        """
        with api.serving(NOTHING) as server:
            result = await look(server, key="wrong-key-1234")

        assert "400 invalid_request_error: no credentials" in result.note
        assert "wrong-key" not in str(result)

    async def test_nobody_listens(self):
        """
        A port on which nothing listens cannot be reached.
        """
        with api.serving(NOTHING) as server:
            pass
        result = await look(server)

        assert "cannot be reached (ConnectError), asked 4 times" in result.note

    async def test_the_deadline_holds(self):
        """
        A server that never answers costs the deadline and no more.
        """
        reached, go_on = threading.Event(), threading.Event()
        with api.serving(api.hangs(reached, go_on)) as server:
            begun = time.monotonic()
            result = await look(server, deadline=0.5)
            go_on.set()

        assert time.monotonic() - begun < 8
        assert reached.is_set()
        assert () == result.findings
        assert "the mechanical verdict stands" in result.note
