"""Judges whether keys lie about: as files in version control, as outputs of a stack (2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import FAIL, Code, Draft, Example, Files, Signal, check, each, examined, failed, source_of

from ._lines import broken, production

_KINDS = {
    ".kdbx": "a password database",
    ".ppk": "a private key",
    ".pfx": "a private key with its certificate",
    ".p12": "a private key with its certificate",
}
_HARMLESS = re.compile(
    r"(?:^|[/._-])(?:debug|dev|development|local|localhost|tests?|testing|samples?|examples?|demo|dummy|trust\w*|ca|"
    r"docs?)"
    r"(?:[/._-]|$)",
    re.IGNORECASE,
)


@check(
    "SEC-2.2.1",
    shows=FAIL,
    clean=[
        Example("a certificate without its key", {"certs/site.pem": "-----BEGIN CERTIFICATE-----\n"}),
        Example("a key for localhost", {"certs/localhost.pfx": "0\n"}),
    ],
    flagged=[
        Example("a key in a container file", {"deploy/site.pfx": "0\n"}),
        Example("a password database", {"support/passwords.kdbx": "0\n"}),
    ],
    silent=[Example("in a test", {"tests/site.pfx": "0\n"})],
)
def no_keystore_in_version_control(files: Files) -> Iterator[Draft]:
    """No password database and no private key in a container file is part of the tree; both stand or fall by a word."""
    found = [
        f
        for f in files.entries
        if f.suffix in _KINDS
        and f.role not in ("test", "example", "docs", "vendored", "generated")
        and not _HARMLESS.search(f.path)
    ]
    if found:
        yield failed(
            each(found, at=source_of).like(f"{found[0].path} is {_KINDS[found[0].suffix]} in version control"),
            examined(len(files.entries), "files"),
            confidence="medium",
            remedy="Take the file out, change what it holds, and keep it in the vault.",
        )


SHOWN_KEY = Signal(
    id="security.key-as-output",
    pattern=r"^[\"']?Value[\"']?\s*:\s*(?:!GetAtt\s+[\"']?\w+\.SecretAccessKey|"
    r"\{\s*[\"']?Fn::GetAtt.{0,80}SecretAccessKey)",
    roles=("infra", "config", "source", "other"),
)
_STACK = "Resources:\n  Key: {Type: AWS::IAM::AccessKey}\n%s:\n  Secret:\n    %s: !GetAtt Key.SecretAccessKey\n"


@check(
    "SEC-2.2.6",
    shows=FAIL,
    reads=[SHOWN_KEY],
    clean=[Example("the key goes into the vault", {"stack.yaml": _STACK % ("Vault", "SecretString")})],
    flagged=[Example("the key is an output", {"stack.yaml": _STACK % ("Outputs", "Value")})],
)
def no_key_is_an_output(code: Code) -> Iterator[Draft]:
    """No template shows a secret access key as an output or a parameter: whoever may list stacks reads those."""
    if shown := production(code[SHOWN_KEY]):
        yield broken("A secret access key is shown in the clear by the stack that makes it", shown)
