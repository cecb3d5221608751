"""Tests that an agent says what was read for a criterion and is not in force, where nobody says more of it."""

from __future__ import annotations

import pytest

from orchestrator import BOTH, Brief, Code, Profile, Release, Signal, check, failed, passed
from orchestrator.contract.testing import facts_of
from orchestrator.domain.fact import EVERYTHING, Aside
from orchestrator.domain.finding import Status
from orchestrator.evidence.facts.infrastructure import Infrastructure
from orchestrator.evidence.facts.monitoring import AlertRule, Alerts

HEADERS = Signal(id="test.headers", words=("app.use(helmet(",), languages=("javascript",))
BUTTONS = Signal(id="test.buttons", words=("renderButton(",), languages=("javascript",))
RULE = AlertRule(title="Down", path="a.yaml", line=1, system="prometheus", expression="up == 0")
OFF = "const x = 1;\nif (false) {\n  app.use(helmet());\n}\n"


@check("SEC-2.4.6", shows=BOTH, clean=[], flagged=[], reads=[HEADERS])
def headers(code: Code):
    """Headers are set."""
    if code[HEADERS]:
        yield passed("Headers are set", code[HEADERS].first[0])


@check("SEC-2.4.6", shows=BOTH, clean=[], flagged=[], reads=[BUTTONS])
def buttons(code: Code):
    """Something else that is said of the same criterion."""
    if code[BUTTONS]:
        yield failed("A button is drawn", code[BUTTONS].first[0])


async def judged(text: str, *checks):
    async def quote(places):
        return {}

    facts = facts_of({"app.js": text}, (HEADERS, BUTTONS))
    release = Release(name="shop", version="1.0.0")
    brief = Brief(release=release, profile=Profile(), criteria=(), facts=facts, texts={}, quote=quote, agent="security")
    return [(finding.check, finding.status, finding.message) for finding in await brief.judge(checks)]


class TestWritten:
    async def test_is_said(self):
        ((who, status, message),) = await judged(OFF, headers, buttons)

        assert headers.id == who
        assert Status.UNKNOWN is status
        assert message.startswith("Written, and not in force: app.js:3: ")

    async def test_not_where_more_is_said(self):
        """
        What another check fails needs no word about what does not count.
        """
        found = await judged(f"{OFF}renderButton(x);\n", headers, buttons)

        assert [(buttons.id, Status.FAIL, "A button is drawn")] == found

    async def test_not_where_it_is_in_force(self):
        found = await judged(f"{OFF}app.use(helmet());\n", headers, buttons)

        assert [(headers.id, Status.PASS, "Headers are set")] == found

    async def test_not_where_nothing_is_written(self):
        assert [] == await judged("const x = 1;\n", headers, buttons)

    @pytest.mark.parametrize("spoken", ["// one day app.use(helmet());\n", "/* app.use(helmet()); */\n"])
    async def test_what_is_only_spoken_of(self, spoken):
        """
        A comment or a text may be no more than a word about the thing; one that is switched off is named before it.
        """
        ((_, status, message),) = await judged(spoken, headers)
        ((_, _, before),) = await judged(spoken + OFF, headers)

        assert Status.UNKNOWN is status
        assert message.startswith("Only spoken of, and not in force: app.js:1: stands in a ")
        assert before.startswith("Written, and not in force: app.js:4: ")
        assert before.endswith(" (1 more like it)")


class TestPassedOver:
    @pytest.mark.parametrize(
        ("sought", "said"),
        [
            (("aws_alarm",), ["aws_alarm.a"]),
            (("aws_alarm", EVERYTHING), ["aws_alarm.a"]),
            ((EVERYTHING,), []),
            (("aws_bucket",), []),
        ],
    )
    def test_is_what_was_asked_for_by_name(self, sought, said):
        """
        Nobody knows what somebody misses who looks at everything, so that no part of all that is left out is named.
        """
        alarm = Aside(path="a.tf", line=1, what="aws_alarm.a", about=("aws_alarm",), reason="has count = 0")
        infrastructure = Infrastructure(aside=(alarm,))
        infrastructure.sought.update(sought)

        assert said == [aside.what for aside in infrastructure.passed_over(())]

    @pytest.mark.parametrize(("rules", "said"), [((), ["alert Slow"]), ((RULE,), [])])
    def test_of_alerts_the_rules_where_there_are_no_others(self, rules, said):
        """
        Whoever asks for alerts asks for rules that can fire.
        """
        idle = Aside(
            path="a.yaml", line=4, what="alert Slow", about=("alert rule",), reason="is not counted: it is off"
        )
        route = Aside(path="b.yaml", line=4, what="route to x", about=("route",), reason="is not counted: it is off")

        assert said == [aside.what for aside in Alerts(rules=rules, aside=(route, idle)).passed_over(())]
