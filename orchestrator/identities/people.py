"""Who a policy knows, as files write it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from ..domain.model import Model

_Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9._-]{1,63}$")]
_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
"""Kinds of public keys whose signatures are checked here."""


class Claim(Model):
    """What a token of a provider says of a person."""

    issuer: Annotated[str, Field(pattern=r"^https://")]
    subject: str = ""
    email: str = ""

    @field_validator("email", "subject")
    @classmethod
    def _trimmed(cls, value: str) -> str:
        return value.strip()


class Person(Model):
    """One person whose words can count."""

    addresses: tuple[str, ...] = ()
    """By which commits name him; by themselves they show nothing."""
    keys: tuple[str, ...] = ()
    """SSH public keys, one line each, as in ``authorized_keys`` without options."""
    oidc: tuple[Claim, ...] = ()

    @field_validator("keys")
    @classmethod
    def _known_kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            if key.split(" ", 1)[0] not in _KINDS:
                raise ValueError(f"'{key[:30]}' is no public key of a kind that is checked: {', '.join(_KINDS)}")
        return value

    @field_validator("oidc")
    @classmethod
    def _names_somebody(cls, value: tuple[Claim, ...]) -> tuple[Claim, ...]:
        if any(not claim.subject and not claim.email for claim in value):
            raise ValueError("a claim names a subject or an email")
        return value


class Issuer(Model):
    """A provider of tokens, and the keys that it signs them with."""

    keys: tuple[dict[str, Any], ...] = Field(min_length=1)
    """The ``keys`` of its JWKS document, as they were on the day that the policy was written."""


class People(Model):
    """Everybody whom a policy knows."""

    people: dict[_Name, Person] = {}
    issuers: dict[str, Issuer] = {}

    def by_address(self, address: str) -> str:
        """The person whom commits name by *address*; empty for a stranger."""
        wanted = address.strip().casefold()
        return next(
            (name for name, one in self.people.items() if wanted in (a.strip().casefold() for a in one.addresses)), ""
        )
