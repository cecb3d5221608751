"""Says who speaks: by a signature, a token, a signed commit, or no more than his name on a list."""

from __future__ import annotations

from typing import NamedTuple

from ..domain.person import Proof
from .people import People
from .sshsig import NotSigned, signer
from .tokens import speaker

NAMESPACE = "gonogo"
"""What signatures of words, approvals and dispositions are made for."""
AUDIENCE = "gonogo:"
"""What the audience of a token begins with; the SHA-256 of what was said follows, in hex."""
_MISSING = "signatures are checked by the packages of the extra: pip install 'gonogo[sign]'"


class Spoken(NamedTuple):
    """What somebody said, and how he shows that it was he."""

    who: str
    """As he calls himself: a person's name in the policy, or one of his addresses."""
    message: bytes
    """What a signature is over."""
    digest: str
    """SHA-256 of it, in hex."""
    signature: str = ""
    token: str = ""


class Speaker(NamedTuple):
    """Who speaks, as far as that could be told."""

    person: str
    """Empty for somebody whom the policy does not know."""
    proof: Proof = "listed"
    doubt: str = ""
    """Why a signature or token shows nothing."""


class Known:
    """
    Everybody whom a policy knows.

    Args:
        people: As the policy lists them.
    """

    def __init__(self, people: People) -> None:
        self.people = people

    def who(self, said: Spoken) -> Speaker:
        """Who said it: what is signed shows it; a name that is listed is told as no more than that."""
        name = said.who if said.who in self.people.people else self.people.by_address(said.who)
        try:
            if said.signature:
                return Speaker(self._by_key(said, name), "key")
            if said.token:
                return Speaker(self._by_token(said, name), "oidc")
        except NotSigned as error:
            return Speaker(name, "listed", str(error))
        except ImportError:
            return Speaker(name, "listed", _MISSING)
        except ValueError:
            return Speaker(name, "listed", "a key that the policy lists cannot be read")
        return Speaker(name)

    def by_commit(self, payload: bytes, signature: str) -> Speaker:
        """Who signed a commit; *payload* is the commit without its signature."""
        doubt = ""
        for name, person in self.people.people.items():
            try:
                signer(signature, payload, "git", person.keys)
            except NotSigned as error:
                doubt = str(error)
            except ImportError:
                return Speaker("", "listed", _MISSING)
            except ValueError:
                doubt = "a key that the policy lists cannot be read"
            else:
                return Speaker(name, "commit")
        return Speaker("", "listed", doubt)

    def _by_key(self, said: Spoken, name: str) -> str:
        if not name:
            raise NotSigned("the policy knows nobody of that name")
        signer(said.signature, said.message, NAMESPACE, self.people.people[name].keys)
        return name

    def _by_token(self, said: Spoken, name: str) -> str:
        found = speaker(said.token, AUDIENCE + said.digest, self.people)
        if name and found != name:
            raise NotSigned(f"the token is {found}'s")
        return found
