"""Reads ``readiness.yaml``: profile, thresholds, policy, waivers and attestations."""

from __future__ import annotations

from typing import Any

import pathspec
from pydantic import field_validator, model_validator

from .domain.model import Model
from .domain.policy_file import PolicyConfig, Thresholds
from .domain.profile import PROFILE_FACTS
from .domain.said import SaidWord
from .domain.target import Allowances, Targets
from .errors import ConfigError
from .formats.model import nearest, place, read_model
from .formats.yaml import Parsed
from .identities import Issuer, Person

FILE_NAME = "readiness.yaml"
MAX_BYTES = 5_000_000
"""Of a configuration or a workflow that is a file of its own."""
KINDS = ("service", "frontend", "library", "cli", "static-site", "infrastructure", "mobile")


class ReleaseConfig(Model):
    """Names the release where the repository's own name and version would not do."""

    name: str = ""
    version: str = ""


class ReadinessConfig(Model):
    """The whole of ``readiness.yaml``."""

    version: int = 1
    release: ReleaseConfig = ReleaseConfig()
    workflow: str = ""
    profile: dict[str, str | bool] = {}
    """``kind`` and any profile fact to yes, no or unknown."""
    thresholds: Thresholds = Thresholds()
    policy: PolicyConfig = PolicyConfig()
    people: dict[str, Person] = {}
    """Whose words can count; never said by the reviewed tree itself."""
    issuers: dict[str, Issuer] = {}
    """Providers of their tokens; likewise."""
    waivers: tuple[SaidWord, ...] = ()
    """Risks that a person accepts."""
    attestations: tuple[SaidWord, ...] = ()
    """Facts that only a person can state."""
    agents: tuple[str, ...] = ()
    """``module:Class`` each, imported only when the command allows it."""
    targets: Targets = ()
    """What evidence can come from outside the tree; what the reviewed tree names itself is only a proposal."""
    allow: Allowances = ()
    """What may be contacted and what may be sent there; never said by the reviewed tree itself."""
    exclude: tuple[str, ...] = ()
    """git wildcards of paths that are not part of the release; said by the reviewed tree, they hide no failure."""

    @model_validator(mode="before")
    @classmethod
    def _is_mapping(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("the file must be a mapping of keys to values")
        return value

    @field_validator("version")
    @classmethod
    def _known_version(cls, value: int) -> int:
        if value != 1:
            raise ValueError(f"version {value} is not known; this is gonogo's version 1")
        return value

    @field_validator("exclude")
    @classmethod
    def _bounded_wildcards(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                pathspec.PathSpec.from_lines("gitignore", [pattern])
            except ValueError:
                raise ValueError(f"'{pattern}' is not a wildcard that git knows") from None
            if pattern.count("**") > 2 or any(part.count("*") > 2 for part in pattern.split("/")):
                raise ValueError(
                    f"'{pattern}' has more stars than can be matched: at most two ** in all, and two * between slashes"
                )
        return value


class ConfigFile:
    """A parsed configuration, and where its entries stand."""

    def __init__(self, config: ReadinessConfig, path: str, parsed: Parsed | None) -> None:
        self.config = config
        self.path = path
        self.parsed = parsed
        self.own = True
        """Whether it is the reviewed tree's own; a file from outside may loosen what the tree may only tighten."""

    def at(self, *keys: str | int) -> str:
        """The position of the entry under *keys*."""
        return place(self.parsed, self.path, *keys) if self.parsed else self.path


def parse(data: bytes | None, path: str = FILE_NAME) -> ConfigFile:
    """
    The configuration in *data*; the defaults where there is none.

    Raises:
        ConfigError: Everything wrong with it, each with line, column and, for a key, the nearest known one.
    """
    if data is None:
        return ConfigFile(ReadinessConfig(), "", None)
    config, parsed = read_model(ReadinessConfig, data, path, ConfigError)
    for name, answer in config.profile.items():
        _check_fact(name, answer, place(parsed, path, "profile", name))
    return ConfigFile(config, path, parsed)


def _check_fact(name: str, answer: str | bool, where: str) -> None:
    if name == "kind":
        if answer not in KINDS:
            raise ConfigError(f"kind '{answer}' is not known", where=where, remedy=f"one of {', '.join(KINDS)}")
    elif name not in PROFILE_FACTS:
        close = nearest(name, list(PROFILE_FACTS))
        remedy = f"did you mean '{close}'?" if close else f"known: {', '.join(PROFILE_FACTS)}"
        raise ConfigError(f"unknown profile fact '{name}'", where=where, remedy=remedy)
    elif answer not in (True, False, "yes", "no", "unknown"):
        raise ConfigError(f"profile fact '{name}' is '{answer}'", where=where, remedy="say yes, no or unknown")
