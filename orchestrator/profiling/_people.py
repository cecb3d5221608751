"""Tells whether people log in, and what is held about them."""

from __future__ import annotations

import re

from ..domain.profile import ProfileFact
from ..domain.signal import Signal
from ..evidence import kind_signals as signals
from ..evidence.facts.routes import Routes
from ..evidence.facts.schema import Schema
from ._clues import Clue, Clues, Setting, no, unknown, yes
from ._parts import found_or_not

_LOGIN_PATH = re.compile(r"(^|/)(log-?in|sign-?in|sign_in|sessions?/new|authenticate|oauth2?|auth)(/|$)", re.IGNORECASE)
_HOOK_PATH = re.compile(r"(^|/)(web-?hooks?|hooks?)(/|$|[-_])", re.IGNORECASE)
_PERSONAL = re.compile(
    r"^(e_?mail(_?address)?|phone(_?number)?|first_?name|last_?name|full_?name|sur_?name|birth_?(date|day)|date_of_birth|dob|ssn|address"
    r"|street(_?address)?|telephone|passport\w*|city)$",
    re.IGNORECASE,
)
_CARD = re.compile(r"^(card_?number|cvv2?|cvc|pan|cc_?number|card_?num|exp_?year)$", re.IGNORECASE)
_HEALTH = re.compile(
    r"^(patient\w*|diagnosis\w*|medical_?record\w*|icd_?(9|10)\w*|allerg(y|ies|ens?)|medications?|prescriptions?|blood_?(type|group))$",
    re.IGNORECASE,
)


def authentication(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether users log in."""
    found = [Clue(f"route {r.path}", r.source) for r in clues.fact(Routes).routes if _LOGIN_PATH.search(r.path)][:5]
    found += clues.lines(signals.LOGIN, "a login") + clues.packages("logins")
    found += clues.resources("logins")
    return _of_people(clues, found, signals.WEAK_LOGIN, "login", setting)


def passwords(clues: Clues, logs_in: ProfileFact, setting: Setting) -> ProfileFact:
    """Whether it stores passwords itself."""
    found = clues.lines(signals.PASSWORD, "a stored password") + clues.packages("passwords")
    found += [
        Clue(f"column {t.title}.{c.title}", t.at(c))
        for t in clues.fact(Schema).tables
        for c in t.columns
        if re.search(r"^(encrypted_|hashed_)?passw(or)?d(_?(hash|digest))?$", c.title, re.IGNORECASE)
    ][:5]
    if not found and (kept := _accounts(clues)) and setting.reachable:
        return unknown(f"{kept[0].text} may keep passwords for it", kept)
    if logs_in.answer == "no" and not found:
        return no(f"nobody logs in: {logs_in.because}")
    return _of_people(clues, found, signals.WEAK_PASSWORD, "password store", setting)


_REALM = (
    r"(^|/)([\w.-]*realms?[\w.-]*\.(json|ya?ml)|keycloak[\w.-]*\.(json|ya?ml)|kratos\.ya?ml|zitadel[\w.-]*\.ya?ml)$"
)


def _accounts(clues: Clues) -> list[Clue]:
    """What is set up beside it and keeps accounts, with rules for their passwords."""
    return clues.resources("logins") + clues.resources("user-pools") + clues.matching(_REALM, "an identity provider")


def sessions(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it keeps sessions in cookies."""
    found = clues.lines(signals.SESSION, "a session") + clues.packages("sessions")
    answer = _of_people(clues, found, signals.WEAK_SESSION, "session or cookie", setting)
    if answer.answer != "no" or not setting.reachable:
        return answer
    settings = clues.lines(signals.SESSION_SETTINGS, "settings of sessions") + clues.matching(
        r"(^|/)config/session\.php$", "settings of sessions"
    )
    framework = clues.words(signals.GUARDED_FORMS, "forms of people who are logged in") + [
        Clue(f"package {d.package}, which keeps sessions by itself", m.at(d))
        for m, d in clues.manifests.uses("laravel/framework", "rails", "symfony/form", development=False)
    ]
    return unknown((settings + framework)[0].text, settings + framework) if settings or framework else answer


def oauth(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it signs people in through OAuth or OpenID Connect."""
    found = clues.lines(signals.OAUTH, "a sign-in through another party") + clues.packages("federated-logins")
    return _of_people(clues, found, signals.WEAK_OAUTH, "OAuth or OpenID Connect sign-in", setting)


def federation(clues: Clues, through_oauth: ProfileFact, logs_in: ProfileFact, setting: Setting) -> ProfileFact:
    """Whether people sign in through another party, whichever way that is done."""
    if through_oauth.answer == "yes":
        return through_oauth
    found = clues.lines(signals.OTHERS_LOGIN, "a sign-in by another party")
    if not found and logs_in.answer == "no":
        return no(f"nobody logs in: {logs_in.because}")
    return _of_people(clues, found, signals.WEAK_FEDERATION, "sign-in through another party", setting)


def webhooks(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it receives webhooks; sending them is something else."""
    hooks = [r for r in clues.fact(Routes).routes if _HOOK_PATH.search(r.path) and r.method in ("POST", "PUT", "ANY")]
    lines = clues.lines(signals.WEBHOOK, "a webhook")
    if any(_ONE_OF_MANY.search(r.path) for r in hooks):  # a list of webhooks is edited: those that it sends
        hooks = [r for r in hooks if not _ONE_OF_MANY.search(r.path) and not _LIST_OF_ALL.search(r.path)]
        lines = [c for c in lines if _SIGNED.search(c.text)]
    found = [Clue(f"route {r.path}", r.source) for r in hooks][:5] + lines
    answer = _of_people(clues, found, signals.WEAK_WEBHOOK, "webhook", setting)
    told = [r for r in clues.fact(Routes).routes if _TOLD_PATH.search(r.path) and r.method in ("POST", "ANY")]
    if answer.answer == "no" and told and setting.reachable:
        return unknown(f"{told[0].path} may be what others tell it", [Clue(f"route {r.path}", r.source) for r in told])
    return answer


_TOLD_PATH = re.compile(
    r"(^|/)(events?|callbacks?|notify|notifications?|ipn|inbound|postbacks?|incoming)(/?$|/[a-z-]{1,30}/?$)",
    re.IGNORECASE,
)
"""Where services of others say what has become of something."""


_ONE_OF_MANY = re.compile(r"hooks?/[<:{\[$][^/]*(?:pk|id)[>}\]]?(?:/|$)", re.IGNORECASE)
_LIST_OF_ALL = re.compile(r"(^|/)web-?hooks?/?$", re.IGNORECASE)
_SIGNED = re.compile(r"signature|construct_?event", re.IGNORECASE)


def personal_data(clues: Clues, has_database: ProfileFact, logs_in: ProfileFact, setting: Setting) -> ProfileFact:
    """Whether it holds data about people."""
    found = [
        Clue(f"column {t.title}.{c.title}", t.at(c))
        for t in clues.fact(Schema).tables
        for c in t.columns
        if _PERSONAL.search(c.title)
    ][:5]
    lines = clues.lines(signals.PERSON, "a field about a person")
    if visitors := [] if setting.published else clues.lines(signals.VISITORS, "visitors"):
        return yes(visitors)
    if found or (lines and has_database.answer == "yes" and setting.reachable):
        return yes(found + lines)
    if setting.reachable and logs_in.answer == "yes" and has_database.answer == "yes":
        return yes([Clue("users log in, and a database holds what is known of them", s) for s in logs_in.sources])
    if setting.reachable and (lines or has_database.answer == "yes"):
        return unknown("it may hold data about people", lines)
    if not setting.published and (counted := clues.lines(signals.SITE_ANALYTICS, "settings that count visitors")):
        return unknown("visitors may be followed", counted)
    return _of_people(clues, [], signals.WEAK_PERSON, "field about a person", setting)


def card_data(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it holds card data; a payment provider's package alone does not tell."""
    hints = clues.packages("payments") + clues.lines(signals.CARDS, "a field of card data")
    return _regulated(clues, _columns(clues, _CARD), hints, signals.WEAK_CARDS, "card data", setting)


def health_data(clues: Clues, setting: Setting) -> ProfileFact:
    """Whether it holds health data."""
    found = _columns(clues, _HEALTH) + clues.packages("health-records")
    hints = clues.lines(signals.HEALTH, "a field of health data")
    return _regulated(clues, found, hints, signals.WEAK_HEALTH, "health data", setting)


def _regulated(
    clues: Clues, found: list[Clue], hints: list[Clue], weak: Signal, what: str, setting: Setting
) -> ProfileFact:
    if found:
        return yes(found)
    if hints and setting.reachable:
        return unknown(f"{what} may be handled, and it cannot be told what is kept", hints)
    return _of_people(clues, [], weak, f"field of {what}", setting)


def _columns(clues: Clues, pattern: re.Pattern[str]) -> list[Clue]:
    tables = clues.fact(Schema).tables
    return [Clue(f"column {t.title}.{c.title}", t.at(c)) for t in tables for c in t.columns if pattern.search(c.title)][
        :5
    ]


def either(one: ProfileFact, other: ProfileFact) -> ProfileFact:
    """Whether one of two things is so, with the reason of the one that tells most."""
    if one.answer == other.answer == "no":
        return one.model_copy(update={"because": one.because.replace("card data", "card or health data")})
    return next(fact for answer in ("yes", "unknown") for fact in (one, other) if fact.answer == answer)


def _of_people(clues: Clues, found: list[Clue], weak: Signal, what: str, setting: Setting) -> ProfileFact:
    """As :func:`found_or_not`, and no where there is nothing that people could reach."""
    if setting.published or (not setting.reachable and not found):
        return no(f"no service, front end or app that people could reach among {clues.total:,} files")
    return found_or_not(clues, found, weak, what, setting)
