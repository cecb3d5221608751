"""Which commands that are asked for health can answer both yes and no."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.outcomes import of_script, of_words

FINDS_OUT = [
    ["pg_isready", "-U", "shop"],
    ["cat", "/tmp/healthy"],
    ["redis-cli", "ping"],
    ["test", "-f", "/tmp/ready"],
    ["[", "-f", "/tmp/ready", "]"],
    ["curl", "--fail", "http://localhost:8080/ready"],
    ["/bin/grpc_health_probe", "-addr=:9000"],
    ["busybox", "wget", "-q", "localhost"],
    ["sh", "-c", "curl -f localhost/ready || exit 1"],
    ["sh", "-c", "curl -s localhost/ready | grep ok"],
    ["bash", "-ec", "curl -f localhost/a; true"],
    ["sh", "-c", "set -e; curl -f localhost/a; true"],
    ["sh", "-c", "set -euo pipefail\ncurl -f localhost/a\necho ok"],
    ["/bin/sh", "-c", "if ! curl -f localhost/a; then exit 1; fi; exit 0"],
    ["/bin/sh", "-c", "curl -f localhost/a && echo ok"],
    ["/bin/sh", "-c", "[ $(redis-cli ping) = PONG ] || exit 1; echo ok"],
    ["/bin/sh", "-c", "exit $(psql -c 'select 0')"],
    ["/bin/sh", "-c", "curl -f localhost/a\nexit"],
    ["bash", "-c", "! pgrep -f stopped"],
    ["sh", "-c", "curl -f localhost 'unclosed"],
    ["test", "$READY"],
    ["bash", "-x", "/probe.sh"],
    ["sh", "-c", "trap 'exit 1' TERM; curl localhost"],
    ["python", "-c", "import app; app.check()"],
]
FINDS_NOTHING = [
    ["true"],
    ["/bin/true"],
    ["/usr/bin/env", "true"],
    ["exec", "true"],
    [":"],
    ["echo", "ok"],
    ["busybox", "true"],
    ["curl", "--version"],
    ["test", "1"],
    ["[", "ok", "]"],
    ["false"],
    ["sh", "-c", "true"],
    ["sh", "-c", ": curl -f localhost"],
    ["/bin/sh", "-c", "exit 0"],
    ["/bin/sh", "-c", "exit 1"],
    ["/bin/sh", "-c", "exit"],
    ["/bin/sh", "-c", "exit 0; curl -f localhost"],
    ["bash", "-x", "-c", "curl -f localhost/a || true"],
    ["sh", "-c", "curl -f localhost/a || exit 0"],
    ["sh", "-c", "curl -f localhost/a; exit 0"],
    ["sh", "-c", "curl -f localhost/a; echo ok"],
    ["sh", "-c", "curl -f localhost/a\n# exit 1\ntrue"],
    ["sh", "-c", "curl -f localhost/a | cat; true"],
    ["sh", "-c", "curl -f localhost/a &"],
    ["sh", "-c", "curl -f localhost/a && false"],
    ["sh", "-c", "echo 'curl -f localhost || exit 1'"],
    ["sh", "-c", ""],
    ["sh", "-c", "# curl -f localhost"],
    [],
    [{"not": "words"}],
]


class TestOfWords:
    @pytest.mark.parametrize("words", FINDS_OUT, ids=" ".join)
    def test_finds_out(self, words):
        """
        A command that can succeed and fail is asked for something.
        """
        assert of_words(words)

    @pytest.mark.parametrize("words", FINDS_NOTHING, ids=str)
    def test_finds_nothing(self, words):
        """
        A command whose outcome is certain is asked for nothing, however much is written before it.
        """
        assert of_words(words).is_void

    def test_says_which(self):
        """
        The reason tells what always succeeds from what always fails.
        """
        assert "always succeeds" == of_words(["true"]).reason
        assert "always fails" == of_script("exit 3").reason
        assert "always succeeds" == of_script("exit 256").reason
        assert "is no command" == of_script(" \n").reason

    def test_long_scripts_are_believed(self):
        """
        What is too long to be looked at is in force: nothing was found against it.
        """
        assert of_script("true; " * 800)
        assert of_script("true; " * 600).is_void
