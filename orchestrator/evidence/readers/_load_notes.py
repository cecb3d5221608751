"""Tells which sentences of a report of load tests say what is full first, how load grows, and when to add what."""

from __future__ import annotations

import re

from ._load_figures import NUMBER, undated

_RESOURCE = (
    r"cpu|processor|memory|\bram\b|heap|\bi/?o\b|\biops\b|disk|fsync|network|bandwidth|connections?\b|connection pool|"
    r"file descriptors|threads?|row lock|locks?\b|egress"
)
_FIRST = (
    r"gives? in|gave in|first (?:limit|to (?:fill|saturate|give|fail|go)|thing)|full first|is first|fills? first|"
    r"\bfirst\b[.:;]?$|bottleneck|saturat\w+|limited by|limiting (?:factor|resource)|"
    r"runs? out|ran out|exhaust\w+|is the limit|was the limit|bound by|(?:cpu|memory|i/?o|network)[- ]bound|ceiling"
)
_LIMIT = re.compile(
    rf"(?:{_FIRST})[^.;]{{0,80}}?\b(?:{_RESOURCE})|\b(?:{_RESOURCE})[^.;]{{0,80}}?(?:{_FIRST})", re.IGNORECASE
)
_NO_LIMIT = re.compile(
    r"\b(?:not|no|never|unknown|unclear|cannot|nobody|isn't|wasn't)\b[^.;]{0,40}(?:bottleneck|limit|first|know)"
    r"|\b(?:bottleneck|limit)\b[^.;]{0,20}\b(?:not|unknown|unclear|to be)\b|is fine;",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    rf"\b(?:{_RESOURCE})\b[^.;:]{{0,60}}?(?:{NUMBER})\s?(?:%|/s|[KMGT]i?B|iops|of)?|(?:{NUMBER})\s?%?\s?(?:of\s)?(?:the\s)?(?:{_RESOURCE})\b",
    re.IGNORECASE,
)
_GROWS = re.compile(
    rf"\b(?:grow(?:s|th|ing)?|increas\w+|more each)\b[^.;]{{0,60}}?"
    rf"(?:{NUMBER}\s?%|{NUMBER}|\ba (?:fifth|quarter|third|tenth|half)\b|doubl\w+)"
    rf"|(?:{NUMBER}\s?%|doubl\w+)[^.;]{{0,30}}\b(?:growth|more) (?:a|per|each|every) (?:year|month|quarter|week)",
    re.IGNORECASE,
)
_ACT = (
    r"add|raise|scale|split|shard|partition|upgrade|resize|order|buy|take|move|ask|switch|double|increase|provision|"
    r"replica|node|host|shard|instance|machine|volume|cores?|vcpus?|pooler|proxy|larger|bigger|next|another|class|"
    r"second|third|fourth|fifth|sixth|nvme|ssd|read replica"
)
_AT = (
    r"(?:at|above|over|beyond|past|when|once|exceeds?|reach(?:es)?|passes|stays? (?:above|over)|>|≥)\s"
    rf"(?:[a-z-]{{1,20}}\s){{0,6}}?(?:the\s)?({NUMBER})"
)
_TRIGGER = re.compile(
    rf"^\W{{0,3}}(?:{_AT})(?:\s?%|\s?/s|\s[a-z]{{2,20}}|\s?/s\s[a-z]{{2,20}}){{0,4}}\s?[:,→]?\s?[^.;]{{0,80}}"
    rf"|\b(?:{_ACT})\b[^.;]{{0,60}}?\b(?:{_AT})|\b(?:{_AT})[^.;]{{0,60}}?\b(?:{_ACT})\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:when|once|if|as soon as)\b[^.;]{0,60}\b(?:exceeds?|above|over|reaches|crosses|passes)\b"
    rf"[^.;]{{0,40}}?(?:{NUMBER})",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\bp\(?9\d|\b(?:crossed|passed|stood|was|were|failed|refused|read|took|ran|stayed at|saw|had|came|gave|gives in|"
    r"broke)\b|\bms\b",
    re.IGNORECASE,
)
_TRIGGERS = re.compile(rf"(?:^|\W)(?:{_ACT})\b|:\s\S", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:laptop|localhost|my machine|developer machine|not representative|half the size|smaller than production|"
    r"a (?:quarter|third|tenth|half) of (?:the size of )?production|mocked|stubbed|against a mock|empty database|"
    r"made up|estimate[ds]?|extrapolat\w+)\b",
    re.IGNORECASE,
)


def note_kinds(sentence: str) -> tuple[str, ...]:
    """What else a sentence says: what is full first, how full it is, growth, at which figure to act, a doubt."""
    plain = undated(sentence[:600])
    kinds = []
    if _LIMIT.search(plain) and not _NO_LIMIT.search(plain):
        kinds.append("limit")
    if _FIGURE.search(plain):
        kinds.append("resource")
    if _GROWS.search(plain):
        kinds.append("growth")
    if any(is_trigger(part) for part in plain.split(";")):
        kinds.append("trigger")
    if _DOUBT.search(plain):
        kinds.append("doubt")
    return tuple(kinds)


def is_trigger(text: str) -> bool:
    """Whether *text* says at which figure to add what."""
    plain = text.strip()
    if _WHEN.search(plain) and _TRIGGERS.search(plain):
        return True
    return (
        _TRIGGER.search(plain) is not None and _TRIGGERS.search(plain) is not None and _MEASURED.search(plain) is None
    )
