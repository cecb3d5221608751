"""Renders the whole result as one HTML file that opens without a server, a network or a script."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ..domain.result import Result
from . import ages, select
from ._page import Limits, areas, banner, facts, plan
from ._timeline import lay_out
from .visible import cut, one_line, visible

_UNSAFE_ID = re.compile(r"[^A-Za-z0-9._-]")
_LINK = re.compile(r"https?://[^\s\"'<>`\\]+")


def render(document: Result) -> str:
    """
    The report as one self-contained page.

    It is complete without its script, which only searches and keeps the filters in the address. Nothing is loaded
    from anywhere; every string of the reviewed tree is escaped, and what hides or reorders text is made visible.
    """
    limits = Limits.of(document)
    script = _read("report.js")
    page = _environment().get_template("report.html.j2")
    return page.render(
        document=document,
        limits=limits,
        banner=banner(document),
        facts=facts(document),
        areas=areas(document, limits),
        plan=plan(document),
        timeline=lay_out(document),
        totals=select.counts(document.assessments),
        severities=select.counts(document.assessments, severities=True),
        accepted=[(word, select.of_state(document, word)) for word in ("waived", "attested")],
        dismissed=select.dismissed(document),
        lapses=select.lapses(document),
        idle=document.basis.idle if document.basis is not None else (),
        needs=select.needs(document),
        looks=select.looks(document),
        exhibits=select.exhibits(document),
        style=Markup(_read("report.css")),
        script=Markup(script),
        script_hash=_hash(script),
    )


@cache
def _environment() -> Environment:
    """What templates can say."""
    environment = Environment(
        loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        text=one_line,
        source=_source,
        anchor=anchor,
        link=_link,
        spoken=select.spoken,
        counted=select.counted,
        extent=select.extent,
        age=ages.said,
    )
    environment.globals.update(
        WORDS=select.WORDS,
        STATES=select.STATES,
        SEVERITIES=select.SEVERITIES,
        state=select.state,
        set_aside=select.set_aside,
        headline=lambda a: ages.headed(a, select.headline(a)),
        sourced=select.sourced,
        rests_on=select.rests_on,
        reserved=select.reserved,
        expires_in=select.expires_in,
        spoken_by=select.spoken_by,
    )
    return environment


@cache
def _read(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text("utf-8")


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def anchor(name: str) -> str:
    """*name* as a fragment; the ids of the catalogue stay as they are."""
    return _UNSAFE_ID.sub("-", name)


def _source(text: str, limit: int) -> str:
    """An excerpt with its lines, harmless and cut."""
    return cut(visible(text[: limit * 4].expandtabs(4)), limit).rstrip("\n")


def _link(text: str) -> Any:
    """A web address as a link that shows where it goes; anything else as text."""
    shown = one_line(text, 200)
    if not _LINK.fullmatch(text):
        return shown
    target = quote(text, safe=":/?#[]@!$&()*+,;=%~-._")
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(target, shown)
