"""Which probes and health checks find anything out."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.probes import MOST_SECONDS, of_healthcheck, of_probe

GET = {"httpGet": {"path": "/ready", "port": 80}}
CONTAINER = {"name": "web", "ports": [{"name": "http", "containerPort": 80}]}


class TestOfProbe:
    @pytest.mark.parametrize(
        "probe",
        [
            GET,
            {"tcpSocket": {"port": 80}},
            {"grpc": {"port": 9000}},
            {"httpGet": {"path": "/", "port": "http"}},
            {"httpGet": {"path": "/", "port": 80, "host": "localhost"}},
            {"httpGet": {"path": "/", "port": 80, "host": "__helm__"}},
            {"httpGet": {"path": "/", "port": 65535}},
            {"httpGet": {"path": "/", "port": "__helm__"}},
            {"httpGet": "__helm__"},
            {"exec": {"command": ["pg_isready"]}},
            {"exec": {"command": "__helm__"}},
            {"__helm__": True},
            {},
            {**GET, "initialDelaySeconds": MOST_SECONDS},
            {**GET, "periodSeconds": 60, "failureThreshold": 60},
            {**GET, "periodSeconds": 1200},
            {**GET, "failureThreshold": 360},
            {**GET, "failureThreshold": "__helm__"},
        ],
        ids=str,
    )
    def test_finds_out(self, probe):
        """
        A probe that asks its own container something within an hour finds it out; what a template decides may.
        """
        assert of_probe(probe, CONTAINER, {})

    @pytest.mark.parametrize(
        ("probe", "reason"),
        [
            ({"exec": {"command": ["true"]}}, "always succeeds"),
            ({"exec": {"command": []}}, "is no command"),
            ({"periodSeconds": 5}, "asks nothing"),
            ({"httpGet": None}, "asks nothing"),
            ({"httpGet": {"path": "/", "port": "metrics"}}, "asks port 'metrics', which the container does not name"),
            ({"tcpSocket": {"port": 0}}, "asks port 0, which there is not"),
            ({"tcpSocket": {"port": 65536}}, "asks port 65536, which there is not"),
            ({"httpGet": {"host": "example.com", "port": 80}}, "asks another host, example.com"),
            ({**GET, "initialDelaySeconds": 3_601}, "waits 3,601 seconds before it asks"),
            ({**GET, "periodSeconds": 60, "failureThreshold": 61}, "needs 3,660 seconds to notice"),
            ({**GET, "periodSeconds": 1201}, "needs 3,603 seconds to notice"),
            ({**GET, "failureThreshold": 361}, "needs 3,610 seconds to notice"),
            ({**GET, "failureThreshold": 1_000_000}, "needs 10,000,000 seconds to notice"),
        ],
    )
    def test_finds_nothing(self, probe, reason):
        """
        A probe that asks nothing, somebody else, or too late is none, and says why.
        """
        force = of_probe(probe, CONTAINER, {})

        assert force.is_void
        assert reason == force.reason

    def test_the_host_s_network(self):
        """
        On the network of its host a pod may be asked at another address.
        """
        asked = {"httpGet": {"host": "10.0.0.1", "port": 80}}

        assert of_probe(asked, CONTAINER, {"hostNetwork": True})
        assert of_probe(asked, CONTAINER, {"hostNetwork": False}).is_void

    def test_ports_that_a_template_names(self):
        """
        A named port is not missed where a template decides what ports are called.
        """
        asked = {"tcpSocket": {"port": "web"}}

        assert of_probe(asked, {"ports": [{"name": "__helm__"}]}, {})
        assert of_probe(asked, {"ports": [{"containerPort": 80}]}, {}).is_void
        assert of_probe(asked, {"ports": 3}, {}).is_void


class TestOfHealthcheck:
    @pytest.mark.parametrize(
        "check",
        [
            {"test": ["CMD", "pg_isready"]},
            {"test": ["CMD-SHELL", "curl -f localhost || exit 1"]},
            {"test": "curl -f localhost || exit 1"},
            {"test": ["pg_isready"]},
            {"interval": "30s"},
            {"disable": False, "test": ["CMD", "pg_isready"]},
            {"test": ["CMD", "pg_isready"], "interval": "20m", "retries": 3},
            {"test": ["CMD", "pg_isready"], "start_period": "1h"},
            {"test": ["CMD", "pg_isready"], "retries": 120},
        ],
        ids=str,
    )
    def test_finds_out(self, check):
        """
        A test that can fail, within an hour, is one; where none is written the image's own counts.
        """
        assert of_healthcheck(check)

    @pytest.mark.parametrize(
        ("check", "reason"),
        [
            ({"disable": True}, "is switched off"),
            ({"disable": "true", "test": ["CMD", "pg_isready"]}, "is switched off"),
            ({"test": ["NONE"]}, "is switched off"),
            ({"test": "NONE"}, "is switched off"),
            ({"test": ["CMD", "true"]}, "always succeeds"),
            ({"test": ["CMD"]}, "is no command"),
            ({"test": []}, "is no command"),
            ({"test": ["CMD-SHELL", "curl localhost || true"]}, "always succeeds"),
            ({"test": "exit 0"}, "always succeeds"),
            ({"test": ["CMD", "pg_isready"], "interval": "24h"}, "needs 259,200 seconds to notice"),
            ({"test": ["CMD", "pg_isready"], "interval": "21m"}, "needs 3,780 seconds to notice"),
            ({"test": ["CMD", "pg_isready"], "retries": 121}, "needs 3,630 seconds to notice"),
            ({"test": ["CMD", "pg_isready"], "start_period": "2h"}, "waits 2h before it counts"),
        ],
    )
    def test_finds_nothing(self, check, reason):
        """
        What is switched off, always says the same, or takes hours is none.
        """
        force = of_healthcheck(check)

        assert force.is_void
        assert reason == force.reason
