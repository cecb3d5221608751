"""
Checks tokens of OpenID Connect providers that were made out for one word.

A token shows who speaks only where it was asked for with that word's digest as its audience, as CI systems and
providers allow: one that was made out for anything else could be anybody's copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .people import Issuer, People
from .sshsig import NotSigned

_ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA")
"""None of those that need a shared secret, and not ``none``."""
_MOST = 20_000
"""Characters of a token."""


def speaker(token: str, audience: str, known: People) -> str:
    """
    The person of *known* for whom *token* was made out.

    Args:
        token: A compact JWT. That it has run out since is no matter: it shows who spoke then.
        audience: For what it must have been made out.
        known: People and the keys of providers.

    Raises:
        NotSigned: It shows nobody whom the policy knows.
    """
    import jwt

    if len(token) > _MOST:
        raise NotSigned("it is too long for a token")
    try:
        head = jwt.get_unverified_header(token)
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss", "")
        key = _key(known.issuers.get(str(issuer)), head)
        claims = jwt.decode(
            token,
            key,
            algorithms=list(_ALGORITHMS),
            audience=audience,
            issuer=str(issuer),
            options={"require": ["iss", "aud", "iat"], "verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidAudienceError:
        raise NotSigned("the token was made out for something else than this word") from None
    except jwt.PyJWTError as error:
        raise NotSigned(f"the token does not hold: {type(error).__name__}") from None
    return _person(claims, known)


def _key(issuer: Issuer | None, head: Mapping[str, Any]) -> Any:
    import jwt

    if issuer is None:
        raise NotSigned("the token is of a provider that the policy does not list")
    for said in issuer.keys:
        if said.get("kid") == head.get("kid"):
            return jwt.PyJWK.from_dict(dict(said)).key
    raise NotSigned("the token is signed by a key that the policy does not list for its provider")


def _person(claims: Mapping[str, Any], known: People) -> str:
    email = str(claims.get("email", "")) if claims.get("email_verified") in (True, "true") else ""
    for name, person in known.people.items():
        for claim in person.oidc:
            same_subject = not claim.subject or claim.subject == claims.get("sub")
            same_email = not claim.email or claim.email.casefold() == email.casefold()
            if claim.issuer == claims.get("iss") and same_subject and same_email:
                return name
    raise NotSigned("the token is of somebody whom the policy does not list")
