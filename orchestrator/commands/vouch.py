"""Signs people's words with an SSH key, as it lies on the disk, in an agent or on a token."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

from .. import config as configuration
from ..domain.person import WordKind
from ..domain.said import KINDS, SaidWord, WordsFile
from ..errors import ConfigError, UsageError
from ..formats.model import read_model
from ..host import files
from ..identities.knowing import NAMESPACE

TIMEOUT = 120.0
"""Seconds in which a passphrase is typed or a token touched."""


class Signed(NamedTuple):
    """A file with signatures added."""

    text: str
    words: int


def sign(file: Path, who: str, release: str, key: Path) -> Signed:
    """
    Sign every word of *file* that *who* speaks and that has no signature.

    Args:
        file: Words, each entry in block form.
        who: As the entries call him.
        release: The release's name; what is signed speaks of it alone.
        key: A private key, or the public key of one that an agent holds.

    Raises:
        ConfigError: The file cannot be read, or an entry cannot be added to.
        UsageError: ``ssh-keygen`` refuses.
    """
    try:
        data = files.read(file, configuration.MAX_BYTES)
    except OSError as error:
        raise ConfigError(f"'{file}' cannot be read: {error.strerror}") from None
    said, parsed = read_model(WordsFile, data, str(file), ConfigError)
    lines = data.decode("utf-8", "replace").splitlines()
    added: list[tuple[int, list[str]]] = []
    for key_, kind in KINDS:
        for number, word in enumerate(getattr(said, key_)):
            if word.who != who or word.signature or word.owner:
                continue
            line, column = parsed.lines[f"/{key_}/{number}/who"], parsed.columns[f"/{key_}/{number}/who"]
            lead = lines[line - 1][: column - 1]
            if lead.strip(" -"):
                raise ConfigError(
                    "the entry is not in block form: a signature needs lines of its own",
                    where=f"{file}:{line}:{column}",
                    remedy="write each key of it on a line",
                )
            made = _made(word, kind, release, key)
            indent = " " * len(lead)
            first = (lead.replace(" ", "") and f"{lead}signature: |") or f"{indent}signature: |"
            block = [first, *(f"{indent}  {row}" for row in made.splitlines())]
            if "-" in lead:
                lines[line - 1] = indent + lines[line - 1][column - 1 :]
            added.append((line - 1, block))
    for at, block in sorted(added, reverse=True):
        lines[at:at] = block
    return Signed("\n".join(lines) + "\n", len(added))


def _made(word: SaidWord, kind: WordKind, release: str, key: Path) -> str:
    """The signature of *word*."""
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE]
    try:
        done = subprocess.run(
            command, input=word.message(kind, release), capture_output=True, timeout=TIMEOUT, check=False
        )
    except FileNotFoundError:
        raise UsageError("ssh-keygen is not installed", remedy="install OpenSSH's client") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"ssh-keygen took over {TIMEOUT:.0f} s", remedy="try again") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        said = lines[-1][:200] if lines else f"exit {done.returncode}"
        raise UsageError(f"ssh-keygen does not sign: {said}", where=str(key), remedy="name a private key: --key FILE")
    return done.stdout.decode("ascii")
