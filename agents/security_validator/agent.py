"""This is where security-validator is put together."""

from __future__ import annotations

from orchestrator import Agent, checks_of

from . import (
    authentication,
    exposure,
    images,
    injection,
    network,
    pages,
    passwords,
    privileges,
    rotation,
    secrets,
    sessions,
    transport,
    vulnerabilities,
)


class SecurityValidator(Agent):
    """The application, its data and its users are protected."""

    id = "security-validator"
    criteria = ("SEC-*", "CMP-8.2.*", "CMP-8.3.*")
    checks = checks_of(
        authentication,
        sessions,
        passwords,
        secrets,
        rotation,
        privileges,
        transport,
        exposure,
        network,
        injection,
        pages,
        vulnerabilities,
        images,
    )
