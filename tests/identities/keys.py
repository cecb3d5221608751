"""Keys, signatures and tokens of people who do not exist, made by the programs that make real ones."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from orchestrator.identities import Claim, Issuer, People, Person

ISSUER = "https://login.example"


def key(folder: Path, name: str, kind: str = "ed25519") -> str:
    """A new key pair *name* in *folder*; its public key as ``authorized_keys`` has it."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", str(folder / name)], check=True, timeout=60
    )
    return (folder / f"{name}.pub").read_text().rsplit(" ", 1)[0]


def signature(private: Path, message: bytes, namespace: str = "gonogo") -> str:
    """What ``ssh-keygen -Y sign`` makes of *message*."""
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(private), "-n", namespace]
    return subprocess.run(command, input=message, capture_output=True, check=True, timeout=60).stdout.decode()


class Provider:
    """A provider of tokens, with one key."""

    def __init__(self) -> None:
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def people(self, **people: Claim) -> People:
        said = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        return People(
            people={name: Person(oidc=(claim,)) for name, claim in people.items()},
            issuers={ISSUER: Issuer(keys=({**said, "kid": "k1"},))},
        )

    def token(self, **claims: Any) -> str:
        said = {"iss": ISSUER, "sub": "u1", "iat": 1_700_000_000, "exp": 1_700_000_300, **claims}
        return jwt.encode(said, self.private, algorithm="RS256", headers={"kid": "k1"})
