"""Receivers that tell somebody are told from those that only stand there."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.evidence.inforce.force import State
from orchestrator.evidence.inforce.inhibition import Inhibitions
from orchestrator.evidence.inforce.intervals import always
from orchestrator.evidence.inforce.matching import contradictory, everything, matchers, meets
from orchestrator.evidence.inforce.receivers import MAX_ROUTES, channels, routing
from orchestrator.formats.promql import Matcher
from orchestrator.formats.yaml import load

CONFIG = """\
route:
  receiver: chat
  routes:
    - matchers: [severity="critical"]
      receiver: pager
receivers:
  - name: chat
    slack_configs: [{channel: "#ops"}]
  - name: pager
    pagerduty_configs: [{routing_key_file: /etc/key}]
"""
WEEKEND = "  - name: never\n    time_intervals: [{weekdays: [saturday, sunday]}]\n"


def config(text: str = CONFIG) -> Any:
    return load(text.encode()).body


def of_pager(text: str) -> str:
    receiver = routing(config(text)).receiver("pager")
    assert receiver is not None
    return receiver.force.reason


class TestReceivers:
    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("pagerduty_configs: [{routing_key_file: /etc/key}]", "pagerduty_configs: []", "it has no integration"),
            ("pagerduty_configs: [{routing_key_file: /etc/key}]", "pagerduty_configs: [{}]", "it has no integration"),
            ("pagerduty_configs: [{routing_key_file: /etc/key}]", "other: [{a: b}]", "it has no integration"),
            ("      receiver: pager\n", "      receiver: chat\n", "no route leads to it"),
            ("      receiver: pager\n", "      receiver: pagr\n", "no route leads to it"),
            ('[severity="critical"]', '[severity="critical", severity="low"]', "no alert has such labels"),
            ("    - matchers", "    - receiver: chat\n    - matchers", "a route before it takes every alert"),
            (
                "      receiver: pager\n",
                "      receiver: pager\n      routes: [{receiver: chat}]\n",
                "a route below it takes every alert",
            ),
            (
                "      receiver: pager\n",
                "      receiver: pager\n      mute_time_intervals: [no]\n",
                "its time interval 'no' is not there",
            ),
            (
                "      receiver: pager\n",
                "      receiver: pager\n      active_time_intervals: [no]\n",
                "its time interval 'no' is not there",
            ),
        ],
    )
    def test_each_way_in_which_nothing_comes_of_it(self, old: str, new: str, reason: str) -> None:
        """
        Without the change it is in force, and with it void for this reason.
        """
        assert "" == of_pager(CONFIG)
        assert reason == of_pager(CONFIG.replace(old, new))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("    - matchers", "    - receiver: chat\n      continue: true\n    - matchers"),
            ("    - matchers", '    - receiver: chat\n      match: {team: "a"}\n    - matchers'),
            ("      receiver: pager\n", '      receiver: pager\n      routes: [{match: {a: "b"}, receiver: chat}]\n'),
            (
                "    - matchers",
                "    - receiver: chat\n      mute_time_intervals: [no]\n      match: {a: b}\n    - matchers",
            ),
            ("slack_configs", "other"),
        ],
    )
    def test_what_leaves_it_in_force(self, old: str, new: str) -> None:
        """
        Routes that go on, that take a part, or that are themselves mended change nothing.
        """
        assert CONFIG != CONFIG.replace(old, new)
        assert "" == of_pager(CONFIG.replace(old, new))

    def test_one_good_route_is_enough(self) -> None:
        """
        A receiver is in force if any route to it is.
        """
        text = CONFIG.replace(
            "    - matchers", "    - {receiver: pager, mute_time_intervals: [no], match: {a: b}}\n    - matchers"
        )

        assert "" == of_pager(text)

    def test_muted_at_all_times(self) -> None:
        """
        An interval of the whole week mutes, that of the weekend does not.
        """
        text = CONFIG.replace("receiver: pager\n", "receiver: pager\n      mute_time_intervals: [never]\n")
        weekend, week = f"time_intervals:\n{WEEKEND}", "time_intervals: [{name: never, time_intervals: [{}]}]\n"

        assert "" == of_pager(text + weekend)
        assert "it is muted at all times by 'never'" == of_pager(text + week)

    def test_a_default_that_is_not_there(self) -> None:
        """
        The default receiver is a branch as well.
        """
        branches = routing(config(CONFIG.replace("receiver: chat", "receiver: nobody", 1))).branches

        assert ["its receiver 'nobody' is not there", ""] == [branch.force.reason for branch in branches]
        assert [True, False] == [branch.root for branch in branches]

    def test_receivers_without_a_route(self) -> None:
        """
        Whether anything leads to them cannot be told.
        """
        (receiver,) = routing({"receivers": [{"name": "a", "slack_configs": [{"channel": "b"}]}]}).receivers

        assert State.UNKNOWN == receiver.force.state

    def test_routes_without_receivers(self) -> None:
        """
        Policies of Grafana name contact points of another file.
        """
        found = routing({"route": {"receiver": "a", "routes": [{"receiver": "b", "matchers": ["c=d"]}]}})

        assert ["", ""] == [branch.force.reason for branch in found.branches]

    @pytest.mark.parametrize(
        ("receiver", "expected"),
        [
            ({"slack_configs": [{"a": 1}], "emailConfigs": [{"b": 1}]}, ("slack", "email")),
            ({"slack_configs": {"a": 1}, "name": "x", 5: 6, "x_configs": [1]}, ()),
        ],
    )
    def test_channels(self, receiver: dict[str, Any], expected: tuple[str, ...]) -> None:
        """
        As Alertmanager and its operator write them.
        """
        assert expected == channels(receiver)


class TestDelivers:
    def reason(self, text: str, **labels: str) -> str:
        return routing(config(text)).delivers(labels).reason

    def test_to_whom_an_alert_goes(self) -> None:
        """
        One that surely comes to a receiver without integration is not heard of.
        """
        text = CONFIG.replace('slack_configs: [{channel: "#ops"}]', "")

        assert "" == self.reason(text, severity="critical")
        assert "it goes to receiver 'chat', which notifies nobody" == self.reason(text, severity="low")
        assert "" == self.reason(text), "the series may have a severity"
        assert "" == self.reason(text, severity="{{ $labels.severity }}")
        assert "" == self.reason(CONFIG, severity="low")

    def test_a_route_that_goes_on(self) -> None:
        """
        An alert may come to several receivers.
        """
        text = CONFIG.replace(
            "    - matchers", '    - {match: {severity: critical}, receiver: "null", continue: true}\n    - matchers'
        )
        text += '  - name: "null"\n'

        assert "" == self.reason(text, severity="critical")
        assert "it goes to receiver 'null', which notifies nobody" == self.reason(
            text.replace(", continue: true", ""), severity="critical"
        )

    def test_a_route_that_is_muted(self) -> None:
        """
        What ends where it is quiet at all times is not heard of either.
        """
        text = CONFIG.replace("receiver: pager\n", "receiver: pager\n      mute_time_intervals: [never]\n")
        day = "{times: [{start_time: '00:00', end_time: '24:00'}]}"
        text += f"mute_time_intervals: [{{name: never, time_intervals: [{day}]}}]\n"

        assert "it goes to receiver 'pager', which is muted at all times by 'never'" == self.reason(
            text, severity="critical"
        )

    def test_an_unknown_receiver_is_not_judged(self) -> None:
        """
        That it is not there is said of the route.
        """
        assert "" == self.reason(CONFIG.replace("receiver: chat", "receiver: nobody"), severity="low")

    def test_more_routes_than_are_read(self) -> None:
        """
        Of an alert among them nothing is said; a tree of the size that is read is judged.
        """
        route = {"receiver": "a", "routes": [{"receiver": "b", "match": {"c": "d"}}] * (MAX_ROUTES - 2)}
        whole = {"route": route, "receivers": [{"name": "a"}, {"name": "b"}]}
        route_and_one = {**route, "routes": [*route["routes"], *route["routes"][:2]]}

        assert routing(whole).delivers({"c": "e"}).is_void
        assert routing({**whole, "route": route_and_one}).delivers({"c": "e"})


class TestMatching:
    @pytest.mark.parametrize(
        ("route", "expected"),
        [
            ({"match": {"a": "b"}}, [("a", "=", "b")]),
            ({"match_re": {"a": "b|c"}}, [("a", "=~", "b|c")]),
            ({"matchRE": {"a": 5}}, [("a", "=~", "5")]),
            (
                {"matchers": ['a="b"', "c=~'d'", "e != f", 'g!~"h,i"']},
                [("a", "=", "b"), ("c", "=~", "d"), ("e", "!=", "f"), ("g", "!~", "h,i")],
            ),
            ({"matchers": '{a="b", c=~"d|e"}'}, [("a", "=", "b"), ("c", "=~", "d|e")]),
            ({"matchers": [{"name": "a", "value": "b", "matchType": "!="}]}, [("a", "!=", "b")]),
            ({"matchers": [{"name": "a", "value": "b", "regex": True}, {"x": 1}]}, [("a", "=~", "b")]),
            ({"object_matchers": [["a", "=", "b"], ["c"]]}, [("a", "=", "b")]),
            ({"matchers": 5, "match": [1]}, []),
        ],
    )
    def test_ways_of_writing(self, route: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
        """
        All of them come to the same.
        """
        assert expected == [(m.label, m.sign, m.value) for m in matchers(route)]

    @pytest.mark.parametrize(
        ("sign", "value", "expected"),
        [
            ("=", "a", True),
            ("=", "b", False),
            ("!=", "a", False),
            ("!=", "b", True),
            ("=~", "a|b", True),
            ("=~", "^(a|b)$", True),
            ("=~", "b|c", False),
            ("!~", "a|b", False),
            ("!~", "b", True),
            ("=~", "a.*", None),
            ("=~", "(a+)+$", None),
            ("=~", ".*", True),
            ("=~", ".+", True),
        ],
    )
    def test_a_label_that_is_known(self, sign: str, value: str, expected: bool | None) -> None:
        """
        Lists of words are compared, and other patterns are left open.
        """
        assert expected is meets({"x": "a"}, [Matcher("x", sign, value)])

    def test_a_label_that_is_not(self) -> None:
        """
        Only the series knows it; one condition that fails decides all the same.
        """
        known, other = Matcher("x", "=", "a"), Matcher("y", "=", "b")

        assert meets({"x": "a"}, [known, other]) is None
        assert meets({"x": "b"}, [known, other]) is False
        assert meets({"x": "a"}, [known]) is True
        assert meets({}, []) is True

    def test_everything_and_nothing(self) -> None:
        """
        What leaves nothing out, and what leaves everything out.
        """
        assert everything([])
        assert everything([Matcher("a", "=~", ".*")])
        assert not everything([Matcher("a", "!~", ".*")])
        assert not everything([Matcher("a", "=~", ".*"), Matcher("b", "=", "c")])
        assert contradictory([Matcher("a", "=", "b"), Matcher("a", "=", "c")])
        assert contradictory([Matcher("a", "=", "b"), Matcher("a", "!=", "b")])
        assert not contradictory([Matcher("a", "=", "b"), Matcher("a", "=", "b"), Matcher("b", "=", "c")])
        assert not contradictory([Matcher("a", "!=", "b"), Matcher("a", "!=", "c")])


class TestIntervals:
    @pytest.mark.parametrize(
        ("interval", "expected"),
        [
            ({}, True),
            ({"weekdays": ["sunday:saturday"]}, True),
            ({"weekdays": ["Monday:Friday", "saturday", "sunday"]}, True),
            ({"weekdays": ["monday:friday"]}, False),
            ({"weekdays": [{"begin": "monday"}]}, False),
            ({"weekdays": []}, True),
            ({"weekdays": "monday"}, False),
            ({"months": ["1:12"]}, True),
            ({"months": ["january:december"]}, True),
            ({"months": ["1:11"]}, False),
            ({"days_of_month": ["1:31"]}, True),
            ({"days_of_month": ["1:-1"]}, True),
            ({"days_of_month": ["2:31"]}, False),
            ({"years": ["2026"]}, False),
            ({"times": [{"start_time": "00:00", "end_time": "24:00"}]}, True),
            ({"times": [{"start_time": 0, "end_time": 1440}]}, True),
            (
                {"times": [{"start_time": "12:00", "end_time": "24:00"}, {"start_time": "0:00", "end_time": "12:00"}]},
                True,
            ),
            (
                {"times": [{"start_time": "12:01", "end_time": "24:00"}, {"start_time": "0:00", "end_time": "12:00"}]},
                False,
            ),
            ({"times": [{"startTime": "00:00", "endTime": "23:59"}]}, False),
            ({"times": [{"start_time": "x"}, 5]}, False),
            ({"times": []}, True),
            ({"times": [{"start_time": "00:00", "end_time": "24:00"}], "weekdays": ["monday"]}, False),
        ],
    )
    def test_the_whole_week(self, interval: dict[str, Any], expected: bool) -> None:
        """
        Only what leaves nothing out is always.
        """
        assert expected is always(interval)


class TestInhibitions:
    ALWAYS = ({"alertname": "Watchdog", "severity": "none"},)

    @pytest.mark.parametrize(
        ("rule", "silenced"),
        [
            ({"source_match": {"alertname": "Watchdog"}}, True),
            ({"source_matchers": ['alertname="Watchdog"'], "target_matchers": ['alertname=~".*"']}, True),
            ({"sourceMatch": [{"name": "severity", "value": "none"}]}, True),
            ({"source_match_re": {"severity": "none|info"}}, True),
            ({"source_match": {"alertname": "Other"}}, False),
            ({"source_match": {"alertname": "Watchdog"}, "target_match": {"severity": "low"}}, False),
            ({"source_match": {"alertname": "Watchdog"}, "equal": ["namespace"]}, False),
            ({}, False),
        ],
    )
    def test_by_one_that_fires_always(self, rule: dict[str, Any], silenced: bool) -> None:
        """
        All others are silent for ever where nothing else has to agree.
        """
        force = Inhibitions([rule], self.ALWAYS).allow({"alertname": "Down", "severity": "critical"})

        assert silenced is force.is_void
        assert silenced is ("alert Watchdog, which fires always, inhibits it" == force.reason)

    def test_the_source_itself_is_not(self) -> None:
        """
        Nor one of which it cannot be told whether it is a source.
        """
        found = Inhibitions([{"source_match": {"alertname": "Watchdog"}}], self.ALWAYS)

        assert found.allow(self.ALWAYS[0])
        assert found.allow({})
        assert Inhibitions([{"source_match": {"alertname": "Watchdog"}}], ()).allow({"alertname": "Down"})
