"""Who speaks is told by his key, his provider's token or a commit that he signed; a name alone is told as that."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import jwt
import pytest

from orchestrator.identities import Claim, Known, People, Person, Speaker, Spoken
from tests.identities.keys import ISSUER, Provider, key, signature

MESSAGE, DIGEST = b"what was seen", "ab" * 32


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def known(keys: Path) -> Known:
    people = {name: Person(addresses=(f"{name}@shop.example",), keys=(key(keys, name),)) for name in ("dana", "rui")}
    return Known(People(people=people))


def spoken(who: str = "dana", signature: str = "", token: str = "") -> Spoken:
    return Spoken(who, MESSAGE, DIGEST, signature, token)


class TestNames:
    @pytest.mark.parametrize("who", ["dana", "dana@shop.example", "Dana@Shop.example "])
    def test_listed(self, known, who):
        """
        By name or by address a person is found, and shown by nothing.
        """
        assert Speaker("dana", "listed", "") == known.who(spoken(who))

    @pytest.mark.parametrize("who", ["", "mallory", "dana@elsewhere.example"])
    def test_stranger(self, known, who):
        """
        A stranger is nobody.
        """
        assert "" == known.who(spoken(who)).person


class TestKeys:
    def test_own(self, known, keys):
        """
        His own key shows who he is.
        """
        assert Speaker("dana", "key") == known.who(spoken(signature=signature(keys / "dana", MESSAGE)))

    def test_of_another(self, known, keys):
        """
        The key of somebody else shows nothing, though he is known as well, and that is told.
        """
        found = known.who(spoken(signature=signature(keys / "rui", MESSAGE)))

        assert ("dana", "listed") == (found.person, found.proof)
        assert "does not list" in found.doubt

    def test_of_a_stranger(self, known, keys):
        """
        A stranger's signature is nobody's.
        """
        assert "knows nobody" in known.who(spoken("mallory", signature(keys / "rui", MESSAGE))).doubt

    def test_without_the_packages(self, known, keys, monkeypatch):
        """
        Where signatures cannot be checked, none of them shows anything, and what is missing is told.
        """
        made, real = signature(keys / "dana", MESSAGE), builtins.__import__

        def refuse(name: str, *rest: Any) -> Any:
            if name.startswith("cryptography"):
                raise ImportError(name)
            return real(name, *rest)

        monkeypatch.setattr(builtins, "__import__", refuse)
        found = known.who(spoken(signature=made))

        assert "listed" == found.proof
        assert "pip install 'gonogo[sign]'" in found.doubt

    def test_kinds_that_are_not_checked(self):
        """
        A key whose signatures are not checked here cannot be listed.
        """
        with pytest.raises(ValueError, match="no public key of a kind that is checked"):
            Person(keys=("ssh-dss AAAA",))


class TestTokens:
    PROVIDER = Provider()
    CLAIM = Claim(issuer=ISSUER, email="dana@shop.example")

    def who(self, token: str, who: str = "dana", **people: Claim) -> Speaker:
        return Known(self.PROVIDER.people(**(people or {"dana": self.CLAIM}))).who(spoken(who, token=token))

    def token(self, **claims: Any) -> str:
        said = {"aud": f"gonogo:{DIGEST}", "email": "dana@shop.example", "email_verified": True, **claims}
        return self.PROVIDER.token(**said)

    def test_made_out_for_the_word(self):
        """
        A token for this very word shows who speaks, however long ago it ran out.
        """
        assert Speaker("dana", "oidc") == self.who(self.token())

    def test_by_subject(self):
        """
        A person can be known by subject as well, such as a workflow of a repository.
        """
        claim = Claim(issuer=ISSUER, subject="u1")

        assert Speaker("dana", "oidc") == self.who(self.token(email=""), dana=claim)

    @pytest.mark.parametrize(
        ("claims", "doubt"),
        [
            ({"aud": f"gonogo:{'cd' * 32}"}, "for something else than this word"),
            ({"aud": "shop"}, "for something else than this word"),
            ({"iss": "https://elsewhere.example"}, "of a provider that the policy does not list"),
            ({"email": "rui@shop.example"}, "of somebody whom the policy does not list"),
            ({"email_verified": False}, "of somebody whom the policy does not list"),
            ({"email_verified": None}, "of somebody whom the policy does not list"),
            ({"nbf": 9_999_999_999}, "does not hold"),
        ],
    )
    def test_shows_nothing(self, claims, doubt):
        """
        One for anything else, of another provider, of somebody else or of an address that nobody has checked does not.
        """
        found = self.who(self.token(**claims))

        assert "listed" == found.proof
        assert doubt in found.doubt

    def test_of_another_person(self):
        """
        A token of one whom the policy knows does not speak for another one.
        """
        other = Claim(issuer=ISSUER, email="rui@shop.example")

        assert "the token is dana's" in self.who(self.token(), who="rui", dana=self.CLAIM, rui=other).doubt

    @pytest.mark.parametrize("algorithm", ["none", "HS256"])
    def test_not_signed_by_the_provider(self, algorithm):
        """
        One without a signature, or with one that anybody can make, is none.
        """
        said = {
            "iss": ISSUER,
            "aud": f"gonogo:{DIGEST}",
            "iat": 1,
            "email": "dana@shop.example",
            "email_verified": True,
        }
        secret = None if algorithm == "none" else "x" * 40
        forged = jwt.encode(said, secret, algorithm=algorithm, headers={"kid": "k1"})  # type: ignore[arg-type]

        assert "does not hold" in self.who(forged).doubt

    @pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 30_000])
    def test_none_at_all(self, token):
        """
        What is no token is told as none.
        """
        assert self.who(token).doubt

    def test_another_key_of_the_provider(self):
        """
        A token that is signed by another key than the policy has is none.
        """
        forged = Provider().token(aud=f"gonogo:{DIGEST}", email="dana@shop.example", email_verified=True)

        assert "does not hold" in self.who(forged).doubt
