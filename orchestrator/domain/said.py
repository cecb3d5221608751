"""What people say of criteria, as files write it: nothing of it counts yet."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Protocol

from pydantic import Field

from .model import Model
from .person import WordKind

_Text = Annotated[str, Field(max_length=5_000)]


class SaidWord(Model):
    """One person's word on one criterion."""

    criterion: str
    who: _Text = ""
    """A person whom the policy knows, by name or address."""
    seen: _Text = ""
    """Of an attestation: what was seen, in a sentence."""
    reason: _Text = ""
    """Of a waiver: why the risk is taken; of a disposition: why the finding is none. In a sentence."""
    on: date | None = None
    """The day on which it was seen, the risk was taken, or the finding looked at."""
    link: _Text = ""
    file: _Text = ""
    """What is handed in with it; beside the file that the word stands in."""
    sha256: _Text = ""
    """Of that file's bytes, in hex."""
    check: _Text = ""
    """Of a disposition: the check that found something."""
    place: _Text = ""
    """And where, as ``path:line``, or ``commit:path:line`` for what only history holds."""
    content: _Text = ""
    """SHA-256 of the whole file that the place lies in, in hex; another byte ends the disposition."""
    commit: _Text = ""
    """The commit that it speaks of, for what must be shown of each release anew."""
    expires: date | None = None
    """Earlier than it would run out by itself."""
    signature: Annotated[str, Field(max_length=20_000)] = ""
    """Made by ``gonogo words sign``, or ``ssh-keygen -Y sign -n gonogo``."""
    token: Annotated[str, Field(max_length=20_000)] = ""
    """Of a provider that the policy lists, made out for this word."""
    owner: _Text = ""
    """Who said it in the form that words had before; such a one does not count."""

    def message(self, kind: WordKind, release: str) -> bytes:
        """What a signature of it is over: all that it says, of which *release*."""
        said = self.model_dump(mode="json", exclude={"signature", "token"}, exclude_defaults=True)
        text = json.dumps(
            {"gonogo": kind, "release": release, **said}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return text.encode()

    def digest(self, kind: WordKind, release: str) -> str:
        """SHA-256 of that, in hex."""
        return hashlib.sha256(self.message(kind, release)).hexdigest()


class Words(Protocol):
    """What holds the words of people."""

    @property
    def waivers(self) -> tuple[SaidWord, ...]: ...
    @property
    def attestations(self) -> tuple[SaidWord, ...]: ...


KINDS: tuple[tuple[str, WordKind], ...] = (
    ("waivers", "waiver"),
    ("attestations", "attestation"),
    ("dispositions", "disposition"),
)
"""The lists of a file, and what stands in each; only one from outside the reviewed tree has the last."""


class WordsFile(Model):
    """Words from outside the reviewed tree, as ``--words FILE`` reads them."""

    version: Annotated[int, Field(ge=1, le=1)] = 1
    waivers: tuple[SaidWord, ...] = ()
    attestations: tuple[SaidWord, ...] = ()
    dispositions: tuple[SaidWord, ...] = ()
