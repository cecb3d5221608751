"""Which instructions of Dockerfiles have an effect on an image."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.containers import Dockerfiles
from orchestrator.evidence.inforce.images import of_dockerfile, of_healthcheck


def read(text: str, path: str = "Dockerfile") -> Dockerfiles:
    fact = facts_of({path: text})[Dockerfiles]
    assert isinstance(fact, Dockerfiles)
    return fact


class TestOfHealthcheck:
    @pytest.mark.parametrize(
        "value",
        [
            "CMD curl -f http://localhost/ready || exit 1",
            'CMD ["pg_isready"]',
            "--interval=30s --timeout=3s CMD curl -f localhost",
            "--interval=20m --retries=3 CMD curl -f localhost",
            "--start-period=1h CMD curl -f localhost",
            "CMD [ -f /ready ]",
            "$CHECK",
        ],
    )
    def test_finds_out(self, value):
        """
        A command that can fail, within an hour, finds something out.
        """
        assert of_healthcheck(value)

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ("NONE", "is switched off"),
            ("none", "is switched off"),
            ("CMD true", "always succeeds"),
            ("CMD exit 0", "always succeeds"),
            ('CMD ["true"]', "always succeeds"),
            ("CMD curl localhost || true", "always succeeds"),
            ("CMD", "is no command"),
            ("--interval=24h CMD curl -f localhost", "needs 259,200 seconds to notice"),
            ("--retries=1000 CMD curl -f localhost", "needs 30,000 seconds to notice"),
            ("--start-period=2h CMD curl -f localhost", "waits 2h before it counts"),
        ],
    )
    def test_finds_nothing(self, value, reason):
        """
        What is switched off, cannot fail or takes hours finds nothing out.
        """
        force = of_healthcheck(value)

        assert force.is_void
        assert reason == force.reason


class TestReader:
    def test_the_last_counts(self):
        """
        Of commands, entry points and checks the last of a stage is left; another stage has its own.
        """
        fact = read(
            "FROM a AS build\nCMD build\nFROM b\nCMD one\nHEALTHCHECK CMD curl -f localhost\nENTRYPOINT x\nCMD two\n"
            "HEALTHCHECK NONE\nENTRYPOINT y\n"
        )

        assert [("CMD", "build"), ("CMD", "two"), ("ENTRYPOINT", "y")] == [
            (i.keyword, i.value) for i in fact.files[0].instructions if i.keyword != "FROM"
        ]
        assert [
            (4, "CMD", "is overridden at line 7"),
            (5, "HEALTHCHECK", "is overridden at line 8"),
            (6, "ENTRYPOINT", "is overridden at line 9"),
            (8, "HEALTHCHECK", "is switched off"),
        ] == [(a.line, a.what, a.reason) for a in fact.aside]

    def test_users(self):
        """
        A user who runs something before another one takes over did so; one who runs nothing did not.
        """
        fact = read("FROM a\nUSER root\nRUN apt-get update\nUSER app\nUSER root\nCMD x\n")

        assert [2, 5] == [i.line for i in fact.files[0].of("USER")]
        assert [(4, "is overridden at line 5")] == [(a.line, a.reason) for a in fact.aside]

    @pytest.mark.parametrize("path", ["Dockerfile", "web/Dockerfile", "Dockerfile.prod", "production.Dockerfile"])
    def test_for_production(self, path):
        """
        A Dockerfile that says nothing about a stage may be for production.
        """
        assert of_dockerfile(path)

    @pytest.mark.parametrize("path", ["Dockerfile.dev", "dev.Dockerfile", "docker/local/Dockerfile"])
    def test_for_others(self, path):
        """
        One that is named after another stage is not, and is still written.
        """
        fact = read("FROM a\nCMD x\n", path)

        assert () == fact.files
        assert [path] == [f.path for f in fact.written]
        assert ["is not for production, by its name"] == [a.reason for a in fact.aside]

    @pytest.mark.parametrize(
        ("text", "there"),
        [
            ("FROM scratch\nCOPY <<'A' /a\nFROM b\nA\n", False),
            ("FROM --platform=linux/amd64 scratch\nCMD x\n", False),
            ("FROM golang AS b\nRUN go build\nFROM scratch\nCMD x\n", False),
            ("FROM golang AS b\nRUN go build\nFROM scratch\nCOPY --from=b /x /x\n", True),
            ("FROM scratch\nADD rootfs.tar /\n", True),
            ("FROM scratchpad\nCMD x\n", True),
            ("FROM a\nCOPY <<'A' /a\nb\nA\n", True),
        ],
    )
    def test_an_image_of_nothing(self, text, there):
        """
        Built upon nothing and given no file, it starts no program.
        """
        fact = read(text)

        assert there is bool(fact.written)
        assert ([] if there else ["makes an image that no program is put into"]) == [a.reason for a in fact.aside]
