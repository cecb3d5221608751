"""Tells whether a probe of a container, or the health check of an image, finds anything out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .force import IN_FORCE, Force, void
from .outcomes import of_script, of_words
from .quantities import seconds, whole

MOST_SECONDS = 3_600
"""How long a probe may wait, or may take to notice; longer, and nobody would be helped by it."""
_HANDLERS = ("httpGet", "tcpSocket", "exec", "grpc")


def of_probe(probe: Mapping[str, Any], container: Mapping[str, Any], pod: Mapping[str, Any]) -> Force:
    """
    Whether *probe* finds out how *container* is.

    Args:
        probe: What stands under ``readinessProbe``, ``livenessProbe`` or ``startupProbe``.
        container: The container that it belongs to, for the names of its ports.
        pod: The spec of the pod around it.
    """
    handler = next((kind for kind in _HANDLERS if probe.get(kind) is not None), "")
    if not handler:
        return IN_FORCE if not probe or any(not isinstance(key, str) or "__" in key for key in probe) else _BARE
    asked = probe[handler]
    if not isinstance(asked, dict):
        return IN_FORCE
    if handler == "exec":
        command = asked.get("command")
        said = of_words(command) if isinstance(command, list) else IN_FORCE
    else:
        said = _of_port(asked, container, pod)
    return _timing(probe) if said else said


_BARE = void("asks nothing")
_ITSELF = ("", "localhost", "127.0.0.1", "::1", "0.0.0.0")


def _of_port(asked: Mapping[str, Any], container: Mapping[str, Any], pod: Mapping[str, Any]) -> Force:
    host, port = asked.get("host"), asked.get("port")
    if isinstance(host, str) and host not in _ITSELF and "__" not in host and not pod.get("hostNetwork"):
        return void(f"asks another host, {host}")
    number = whole(port)
    if number is not None:
        return IN_FORCE if 0 < number < 65_536 else void(f"asks port {number}, which there is not")
    if not isinstance(port, str) or "__" in port:
        return IN_FORCE
    ports = container.get("ports")
    named = [p.get("name") for p in ports if isinstance(p, dict)] if isinstance(ports, list) else []
    if port in named or any(not isinstance(name, str | None) or "__" in str(name) for name in named):
        return IN_FORCE
    return void(f"asks port '{port}', which the container does not name")


def _timing(probe: Mapping[str, Any]) -> Force:
    delay = whole(probe.get("initialDelaySeconds")) or 0
    period = whole(probe.get("periodSeconds")) or 10
    failures = whole(probe.get("failureThreshold")) or 3
    if delay > MOST_SECONDS:
        return void(f"waits {delay:,} seconds before it asks")
    if period * failures > MOST_SECONDS:
        return void(f"needs {period * failures:,} seconds to notice")
    return IN_FORCE


def of_healthcheck(check: Mapping[str, Any]) -> Force:
    """Whether the ``healthcheck`` of a compose service finds anything out."""
    test = check.get("test")
    if check.get("disable") in (True, "true"):
        return void("is switched off")
    if isinstance(test, list):
        head, rest = (str(test[0]).upper(), test[1:]) if test else ("", [])
        if head == "NONE":
            return void("is switched off")
        said = of_script(" ".join(map(str, rest))) if head == "CMD-SHELL" else of_words(rest if head == "CMD" else test)
    elif isinstance(test, str):
        said = void("is switched off") if test.strip() == "NONE" else of_script(test)
    else:
        said = IN_FORCE  # its image may have a test, which only the timing here is for
    return said and patience(check.get("interval"), check.get("retries"), check.get("start_period"))


def patience(interval: object, retries: object, start: object) -> Force:
    """Whether a check notices within reason; what is not said is as Docker has it."""
    every, tries = seconds(interval) or 30.0, whole(retries) or 3
    if (seconds(start) or 0) > MOST_SECONDS:
        return void(f"waits {start} before it counts")
    if every * tries > MOST_SECONDS:
        return void(f"needs {every * tries:,.0f} seconds to notice")
    return IN_FORCE
