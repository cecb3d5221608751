"""Tells data about people by its shape: numbers of cards, accounts, persons, telephones; addresses."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from ..host.late import late
from ._match import Match

CARD, ACCOUNT, PERSON = "payment-card-number", "iban", "social-security-number"
ADDRESS, TELEPHONE = "e-mail-address", "phone-number"
PERSONAL = (CARD, ACCOUNT, PERSON, ADDRESS, TELEPHONE)

_CARD = re.compile(
    rb"(?<![\w.-])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6\d{3}|35\d\d)([ -]?)\d{4}\1\d{4}\1\d{4}"
    rb"|3[47]\d\d([ -]?)\d{6}\2\d{5}|3[068]\d\d([ -]?)\d{6}\3\d{4})(?![\w-])(?!\.\d)"
)
SHORTEST_CARD = 10**13
"""The least integer that may be one: they have fourteen digits or more."""
_IBAN = re.compile(rb"(?<![A-Za-z0-9])([A-Z]{2})\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_LENGTHS = {
    entry[:2].encode(): int(entry[2:])
    for entry in re.findall(
        r"\w{4}",
        """
        AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18
        FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
        LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24
        SI19 SK24 SM27 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
        """,
    )
}
"""How long an account's number is in each country."""
_SSN = re.compile(rb"(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])(?!\.\d)")
_AT = late(
    rb"@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}(?:[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|dev|app|cloud|tech|"
    rb"name|online|email|group|company|agency|digital|software|systems|solutions|services|work|pro|xyz|site|world|bank))"
    rb"(?![A-Za-z0-9_(-])(?!\.[A-Za-z0-9])",
    re.IGNORECASE,
)
_LOCAL = late(rb"(?<![A-Za-z0-9.%+_-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}$")
_PARTED = late(rb"[._+-]|\d+")
_LOGIN = late(rb"://[^\s\"'`<>]{0,100}$")
_RESERVED = late(rb"(?:^|[.-])(?:example|test|invalid|localhost|sample|yourdomain|domain)(?:[.-]|$)")
_ROLES = frozenset(
    rb"""
        abuse accounts admin alert alerting alerts api app bar billing bot build builds ci compliance conduct
        contact cs data deploy dev developer developers devnull devops dpo email engineering example feedback
        finance foo git hello help helpdesk hi hostmaster hr incident incidents info infra infrastructure it jobs
        legal list mail mailer maintainer maintainers marketing me monitoring name news newsletter no noc noreply
        notification notifications office oncall open opensource ops owner owners platform postmaster press
        privacy production project release releases reply report reports robot root sales sec secops security
        service services someone sre staff status support svc sys sysadmin system systems team tech test tester
        user username web webmaster you your
    """.split()
)
"""What an address begins with that is not a person's."""
_PHONE = re.compile(rb"(?<![\w.+=/-])\+[1-9]\d*+(?:[ .-]?\(?\d++\)?){0,6}(?![\w-])(?!\.\d)")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_FEWEST = 7
"""No number of a person has fewer digits."""
_FICTION = late(rb"1\d{3}55501\d\d")


def suspects(data: bytes) -> bool:
    """Whether *data* may hold any; quick, since every event of a run is asked."""
    if b"@" in data and _AT.search(data) is not None:
        return True
    numbered = len(data.translate(None, _NO_DIGITS)) >= _FEWEST
    return numbered and any(pattern.search(data) for pattern in (_CARD, _SSN, _IBAN, _PHONE))


def personal(data: bytes, contacts: Container[bytes]) -> Iterator[Match]:
    """
    What is about people in *data*.

    An address of a role or of a domain that is reserved for examples is not, and neither is what *contacts* have.
    """
    for kind, pattern, holds in ((CARD, _CARD, _checked), (ACCOUNT, _IBAN, _balanced), (PERSON, _SSN, _any)):
        for found in pattern.finditer(data):
            if holds(found.group()):
                yield Match(kind, found.start(), found.end(), "low")
    for match in reachable(data):
        if normal(match, data) not in contacts:
            yield match


def reachable(data: bytes) -> Iterator[Match]:
    """Addresses and telephones of people in *data*."""
    for found in _AT.finditer(data):
        local = _LOCAL.search(data, max(0, found.start() - 65), found.start())
        if local is not None and not _of_no_person(data, local.start(), local.group().lower(), found):
            yield Match(ADDRESS, local.start(), found.end(), "low")
    for found in _PHONE.finditer(data):
        digits = re.sub(rb"\D", b"", found.group())
        grouped = len(digits) != found.end() - found.start() - 1
        if (9 if grouped else 11) <= len(digits) <= 15 and not _FICTION.fullmatch(digits):
            yield Match(TELEPHONE, found.start(), found.end(), "low")


def normal(match: Match, data: bytes) -> bytes:
    """An address or a telephone, however it is written."""
    said = data[match.start : match.end]
    return said.lower() if match.kind == ADDRESS else re.sub(rb"\D", b"", said)


def _of_no_person(data: bytes, start: int, local: bytes, at: re.Match[bytes]) -> bool:
    path = data[at.end() : at.end() + 1] == b":" and data[at.end() + 1 : at.end() + 2].strip() != b""
    login = data.find(b"://", max(0, start - 103), start) >= 0
    return (
        path
        or (login and _LOGIN.search(data, max(0, start - 103), start) is not None)
        or local.translate(None, b"._-") in _ROLES
        or not _ROLES.isdisjoint(_PARTED.split(local))
        or _RESERVED.search(at.group(1).lower()) is not None
    )


def _any(_said: bytes) -> bool:
    return True


def _checked(said: bytes) -> bool:
    """Whether the last digit of a card's number is the one that the others ask for (Luhn)."""
    digits = [byte - 48 for byte in reversed(said) if 48 <= byte <= 57]
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits)]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def _balanced(said: bytes) -> bool:
    """Whether the check digits of an account's number hold (ISO 7064, mod 97)."""
    bare = said.replace(b" ", b"").decode("ascii")
    return len(bare) == _LENGTHS.get(said[:2]) and int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 == 1
