"""The security-validator agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, checks_of

from . import (
    authentication,
    cloud_exposure,
    compliance,
    environments,
    exposure,
    guessing,
    images,
    injection,
    keystores,
    network,
    pages,
    passwords,
    patching,
    privileges,
    regulated,
    rotation,
    secrets,
    sessions,
    targets,
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
        guessing,
        secrets,
        keystores,
        environments,
        rotation,
        privileges,
        transport,
        exposure,
        cloud_exposure,
        network,
        injection,
        targets,
        pages,
        vulnerabilities,
        patching,
        images,
        compliance,
        regulated,
    )
