"""What of compose files is in force in production."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.containers import Compose
from orchestrator.evidence.inforce import compose
from orchestrator.evidence.inforce.force import State

PLAIN = "services:\n  web:\n    image: shop/web:1\n"
TESTED = f"{PLAIN}    healthcheck:\n      test: [CMD, curl, -f, localhost/ready]\n"


def read(files: Mapping[str, str]) -> Compose:
    fact = facts_of(files)[Compose]
    assert isinstance(fact, Compose)
    return fact


def reasons(files: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(a.what, a.reason) for a in read(files).aside]


class TestOfFile:
    @pytest.mark.parametrize(
        "path",
        [
            "compose.yaml",
            "docker-compose.yml",
            "docker-compose.prod.yml",
            "deploy/production/compose.yaml",
            "web/compose.yml",
        ],
    )
    def test_for_production(self, path):
        """
        A file that says nothing about a stage may be for production.
        """
        assert compose.of_file(path)

    @pytest.mark.parametrize(
        "path",
        [
            "docker-compose.override.yml",
            "compose.dev.yaml",
            "docker-compose-local.yml",
            "dev/compose.yaml",
            "staging/compose.yaml",
        ],
    )
    def test_for_others(self, path):
        """
        What is laid over by itself, and what is named after another stage, is not.
        """
        assert compose.of_file(path).is_void
        assert [f"{path}"] == [a.path for a in read({path: PLAIN}).aside]
        assert () == read({path: PLAIN}).files
        assert [path] == [f.path for f in read({path: PLAIN}).written]


class TestOfService:
    @pytest.mark.parametrize(
        "service",
        [
            {},
            {"scale": 1},
            {"deploy": {"replicas": 2}},
            {"deploy": "odd"},
            {"profiles": []},
            {"profiles": ["dev", "production"]},
            {"profiles": ["all"]},
            {"command": ["nginx"]},
            {"command": "python app.py"},
            {"entrypoint": ["nginx"], "command": ["sleep", "1"]},
        ],
        ids=str,
    )
    def test_started(self, service):
        """
        A service that says nothing against itself is started.
        """
        assert compose.of_service(service)

    @pytest.mark.parametrize(
        ("service", "reason"),
        [
            ({"scale": 0}, "runs no replica"),
            ({"deploy": {"replicas": 0}}, "runs no replica"),
            ({"scale": "0"}, "runs no replica"),
            ({"profiles": ["dev"]}, "is only in profile dev"),
            ({"profiles": ["Debug", "test"]}, "is only in profile Debug"),
            ({"profiles": ["donotstart"]}, "is only in profile donotstart"),
            ({"command": ["sleep", "infinity"]}, "is told to run nothing but a command without work"),
            ({"command": "tail -f /dev/null"}, "is told to run nothing but a command without work"),
            ({"entrypoint": ["true"], "command": ["nginx"]}, "is told to run nothing but a command without work"),
        ],
    )
    def test_not_started(self, service, reason):
        """
        No replica, only a profile of those who work on it, and a command without work are void.
        """
        force = compose.of_service(service)

        assert force.is_void
        assert reason == force.reason

    def test_other_profiles(self):
        """
        A profile of some other name is chosen by somebody or not, unless the variables beside the file choose it.
        """
        service = {"profiles": ["monitoring"]}

        assert State.UNKNOWN is compose.of_service(service).state
        assert compose.of_service(service, {"monitoring"})

    @pytest.mark.parametrize(
        ("text", "chosen"),
        [
            ("COMPOSE_PROFILES=a,b\n", {"a", "b"}),
            ("A=1\nCOMPOSE_PROFILES=a\nCOMPOSE_PROFILES='b, c'\n", {"b", "c"}),
            ("# COMPOSE_PROFILES=a\n", set()),
            ("", set()),
        ],
    )
    def test_chosen_profiles(self, text, chosen):
        """
        The last line that names profiles counts.
        """
        assert chosen == compose.chosen_profiles(text)


class TestWholeService:
    def test_extends(self):
        """
        What a service extends is its own where it says nothing else, also from other files.
        """
        files: dict[str, dict[str, dict[str, object]]] = {
            "a/compose.yaml": {
                "web": {"extends": {"service": "base"}, "environment": {"B": "2"}},
                "base": {"extends": {"file": "../common.yaml", "service": "root"}, "environment": {"A": "1"}},
                "short": {"extends": "base", "scale": 3},
            },
            "common.yaml": {"root": {"image": "shop/root", "scale": 0}},
        }
        services = files["a/compose.yaml"]

        assert {"image": "shop/root", "scale": 0, "environment": {"A": "1", "B": "2"}} == compose.whole_service(
            "web", services, "a/compose.yaml", files
        )
        assert 3 == compose.whole_service("short", services, "a/compose.yaml", files)["scale"]

    def test_circles(self):
        """
        Services that extend each other, or nobody, come to an end.
        """
        services = {"a": {"extends": "b", "x": 1}, "b": {"extends": {"service": "a"}}, "c": {"extends": "none"}}

        assert {"x": 1} == compose.whole_service("a", services, "compose.yaml", {})
        assert {} == compose.whole_service("c", services, "compose.yaml", {})
        assert {} == compose.whole_service("d", {"d": "odd"}, "compose.yaml", {})


class TestReader:
    def test_idle_parts(self):
        """
        What is not started is not there, nor is a health check that asks nothing; what does harm is still written.
        """
        text = (
            f"{TESTED}  tools:\n    image: shop/tools\n    profiles: [dev]\n"
            "  api:\n    image: shop/api\n    healthcheck:\n      test: [NONE]\n  odd: 3\n"
        )
        fact = read({"compose.yaml": text})
        [file] = fact.files

        assert ["web", "api", "odd"] == list(file.section("services"))
        assert {"test": ["CMD", "curl", "-f", "localhost/ready"]} == file.section("services", "web", "healthcheck")
        assert {"image": "shop/api"} == file.section("services", "api")
        assert [
            ("service tools", "is only in profile dev"),
            ("the health check of service api", "is switched off"),
        ] == [(a.what, a.reason) for a in fact.aside]
        assert [6, 11] == [a.line for a in fact.aside]
        assert ["tools"] == list(fact.idle[0].section("services"))

    def test_production_decides(self):
        """
        What a file for production lays over another one decides about it, for the worse and for the better.
        """
        over = "services:\n  web:\n    SETTING\n"
        none = {"compose.yaml": TESTED, "compose.prod.yaml": over.replace("SETTING", "deploy: {replicas: 0}")}
        some = {"compose.yaml": f"{PLAIN}    scale: 0\n", "compose.prod.yaml": over.replace("SETTING", "scale: 2")}
        off = {"compose.yaml": TESTED, "compose.prod.yaml": over.replace("SETTING", "healthcheck: {disable: true}")}
        elsewhere = {"compose.yaml": TESTED, "prod/compose.yaml": none["compose.prod.yaml"]}

        assert [("service web", "runs no replica")] * 2 == reasons(none)
        assert [] == reasons(some)
        assert [("the health check of service web", "is switched off")] * 2 == reasons(off)
        assert [("service web", "runs no replica")] == reasons(elsewhere)

    def test_variables_choose(self):
        """
        The variables that lie beside a compose file choose its profiles, those of another folder do not.
        """
        text = f"{PLAIN}    profiles: [full]\n"

        assert [] == reasons({"compose.yaml": text, ".env": "COMPOSE_PROFILES=full\n"})
        assert [("service web", "is only in profile more")] == reasons(
            {"compose.yaml": text.replace("full", "more"), "a/.env": "COMPOSE_PROFILES=more\n"}
        )
