"""The security-validator agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, checks_of

from . import (
    authentication,
    callers,
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
    signing_in,
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
        signing_in,
        guessing,
        secrets,
        keystores,
        environments,
        rotation,
        privileges,
        transport,
        exposure,
        callers,
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
