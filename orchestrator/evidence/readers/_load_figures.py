"""Reads figures of load tests out of cells and sentences: times, shares, loads, jumps, limits and growth."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...redaction import cut
from ..facts.loadtests import LoadJump, LoadRun

NUMBER = r"\d{1,3}(?:[ ,\u00a0\u202f]\d{3}){1,3}(?:\.\d{1,4})?|\d{1,9}(?:\.\d{1,6})?"
_NUMBER = re.compile(rf"(?<![\w.,-])({NUMBER})(?![\d])")
_TIME = re.compile(
    rf"({NUMBER})\s?(ms|msec|milliseconds?|µs|us|s|sec|secs|seconds?|min|minutes?)(?![\w/])", re.IGNORECASE
)
_BARE = re.compile(rf"^\W{{0,3}}({NUMBER})\W{{0,3}}$")
_UNIT = re.compile(r"\b(ms|milliseconds|s|sec|seconds)\b", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATES = re.compile(
    rf"\b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b|\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{_MONTH}\b(?:\s+\d{{4}})?|\b{_MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?\b"
    rf"|\b{_MONTH}\s+\d{{4}}\b|\b\d{{1,2}}:\d{{2}}\b|\b(?:in|of|until|by) 20\d\d\b",
    re.IGNORECASE,
)


def undated(text: str) -> str:
    """*text* without days and times of day, whose numbers are no figures."""
    return _DATES.sub(" ", text)


def number(text: str) -> float:
    return float(re.sub(r"[ ,\u00a0\u202f]", "", text))


def latency(text: str, header: str) -> float | None:
    """The first time in *text* in milliseconds; a bare number is of the unit that *header* names."""
    if found := _TIME.search(text):
        return _in_ms(found)
    bare, unit = _BARE.match(text), _UNIT.search(header)
    if bare and unit:
        return number(bare[1]) * (1.0 if unit[1].lower().startswith("m") else 1_000.0)
    return number(bare[1]) if bare and header and number(bare[1]) >= _MILLISECONDS else None


_MILLISECONDS = 20.0
"""A percentile without a unit from here on is of milliseconds: nobody leaves out so many seconds."""


def latency_at(text: str) -> float | None:
    """The time with which *text* begins, in milliseconds."""
    found = _TIME.match(text)
    return _in_ms(found) if found else None


def _in_ms(found: re.Match[str]) -> float:
    unit = found[2].lower()
    if unit.startswith("min"):
        return number(found[1]) * 60_000.0
    return number(found[1]) * (1.0 if unit.startswith(("ms", "milli")) else 0.001 if unit in ("µs", "us") else 1_000.0)


_PARTS = re.compile(rf"({NUMBER})\s?(?:of|/|out of)\s?({NUMBER})\b")
_SHARE = re.compile(rf"({NUMBER})\s?%")
_NOTHING = re.compile(r"^\W{0,3}(?:none|no|nothing|nil|zero|0+(?:\.0+)?)(?:\s?%)?\W{0,3}$", re.IGNORECASE)


def share(cell: str, header: str) -> float | None:
    """The share that failed, as a cell below *header* says."""
    if _NOTHING.match(cell):
        return 0.0
    if found := _SHARE.search(cell):
        return number(found[1]) / 100
    if (found := _PARTS.search(cell)) and number(found[2]):
        return number(found[1]) / number(found[2])
    if found := _BARE.match(cell):
        if "%" in header or "percent" in header.lower():
            return number(found[1]) / 100
        if re.search(r"rate|share|ratio", header, re.IGNORECASE) and number(found[1]) < 1:
            return number(found[1])
    return None


_FAILED = re.compile(
    rf"({NUMBER})\s?%\s?(?:of requests |of them |were |was )?"
    r"(?:failed|failing|failures?|errors?|5xx|lost|refused|rejected)"
    r"|(?:failed|failures?|errors?(?: rate)?|error[- ]rate|failure[- ]rate|5xx)\W{0,4}(?:is|was|at|of|rate|stayed|:)?"
    rf"\W{{0,3}}({NUMBER})\s?%"
    r"|(\b(?:no|0|zero|without)\s(?:request\s)?(?:failed|failures?|errors?|5xx|requests? (?:failed|lost)|"
    r"failed requests?)\b|\bnothing failed\b|\bnone failed\b|(?:failures?|errors?|failed)\W{1,3}(?:0|none|zero)"
    r"(?![.\d%]))",
    re.IGNORECASE,
)


def failures(sentence: str) -> float | None:
    """The share of requests that failed, as a sentence says."""
    found = _FAILED.search(sentence)
    if found is None:
        return None
    if found[3]:
        return 0.0
    return number(found[1] or found[2]) / 100


_LOAD = re.compile(
    rf"(?<![\w.,-])({NUMBER})\s?(?:[x×]\s)?(?:(?:concurrent|virtual|active|simultaneous|parallel|peak)\s)?"
    r"(?:/\s?s(?:ec)?\b|[a-z]{0,20}\s?/\s?s(?:ec)?\b|rps\b|qps\b|tps\b|vus?\b|"
    r"at once\b|(?!(?:min|minutes?|s|sec|secs|seconds?|ms|h|hours?|days?|nights?|weeks?|months?|years?|%|percent|"
    r"am|pm|x)\b)"
    r"[a-z]{3,20}(?:\s(?:at once|per second|a second|each second|together|online|connected))?\b)",
    re.IGNORECASE,
)


_PER_SECOND = re.compile(r"/\s?s(?:ec)?\b|\b[rqt]ps\b|\b(?:per|a|each) second\b|/\s?second", re.IGNORECASE)


class Load(NamedTuple):
    """How much load: users at once, or requests a second."""

    amount: float
    rate: bool


def is_rate(text: str) -> bool:
    """Whether *text* speaks of something a second."""
    return _PER_SECOND.search(text) is not None


def load_of(text: str) -> Load | None:
    """How much load *text* names."""
    plain = _TIMES.sub(" ", undated(text))
    found = _LOAD.search(plain)
    return Load(number(found[1]), is_rate(plain[found.start() : found.end() + 15])) if found else None


_TIMES = re.compile(r"(?<![\d.,])\d(?:\.\d)?\s?[x×](?!\w)")


_MINUTES = re.compile(rf"({NUMBER})[ -]?(min|mins|minutes?|h|hrs?|hours?|days?|nights?)\b", re.IGNORECASE)


def minutes(text: str) -> float | None:
    """How long it took, in minutes: the longest time of *text*."""
    found = [number(n) * _factor(unit) for n, unit in _MINUTES.findall(undated(text))]
    return max(found, default=None)


def _factor(unit: str) -> float:
    unit = unit.lower()
    return 1.0 if unit.startswith("m") else 60.0 if unit.startswith("h") else 24 * 60.0


_EXPECTED = re.compile(
    r"\b(?:expect(?:ed|ation|ing)?|anticipated|forecast(?:ed)?|projected|is the peak|"
    r"peak (?:load|traffic|rate)?\s?(?:is|of|:)|(?:peak|target) load\b|design load)",
    re.IGNORECASE,
)


def expected(sentence: str) -> Load | None:
    """The load that is expected, where *sentence* says so."""
    plain = re.sub(r"\([^)]{0,200}\)", " ", undated(sentence[:400]))
    found = _EXPECTED.search(plain)
    if found is None:
        return None
    behind = plain[found.end() : found.end() + 90]
    bare = _NUMBER.search(behind)
    ends = bare is not None and re.fullmatch(r"\W*", behind[bare.end() :]) is not None
    return load_of(behind) or (Load(number(bare[1]), False) if bare and ends else None)


_JUMP = re.compile(
    rf"(?<![\w.,-])({NUMBER})\s?(?:[a-z/]{{1,20}}\s){{0,3}}?(?:→|->|=>|to|up to)\s(?:over\s)?({NUMBER})\s?"
    r"(?:[a-z/]{1,20}\s){0,4}?(?:in|within|inside|over)\s(?:under\s)?"
    rf"(?:({NUMBER})\s?(s|sec|secs|seconds?|min|minutes?)\b|a (second|minute)\b)",
    re.IGNORECASE,
)
_RECOVERED = re.compile(
    rf"\b(?:for|after|within|took|recover\w*(?:\s\w{{1,12}}){{0,3}}|back\b[^.]{{0,40}}?|normal\b[^.]{{0,20}}?)\s({NUMBER})\s?(?:s|sec|secs|seconds?|min|minutes?)\b"
    rf"|({NUMBER})\s?(?:s|sec|seconds?|min|minutes?)\s(?:of|later|until|to recover)\b",
    re.IGNORECASE,
)
_QUICK = 180.0
"""Seconds; a load that takes longer to rise is a ramp, and an autoscaler follows it."""
_LEAP = 1.5


def jump(sentence: str, line: int) -> LoadJump | None:
    """The sudden jump of load that a sentence tells of."""
    found = _JUMP.search(undated(sentence))
    if found is None:
        return None
    before, after = number(found[1]), number(found[2])
    unit = found[4] or found[5] or "s"
    lasted = (number(found[3]) if found[3] else 1.0) * (60.0 if unit.lower().startswith("m") else 1.0)
    if not (0 < before and before * _LEAP <= after and lasted <= _QUICK):
        return None
    rest = undated(sentence)[found.end() :]
    return LoadJump(
        line=line,
        before=before,
        after=after,
        seconds=lasted,
        recovered=_RECOVERED.search(rest) is not None,
        failures=failures(rest),
    )


_DAYLONG = 24 * 60.0
_MEMORY = re.compile(
    rf"\b(?:memory|rss|heap|ram|resident)\b[^.;]{{0,40}}?"
    rf"(?:({NUMBER})\s?(?:[KMG]i?B)?\s?(?:→|->|to|and still|at the end)\s?({NUMBER})"
    r"|\b(flat|stable|constant|steady|unchanged|level|did not grow|no growth|no leak))"
    r"|\b(no (?:memory )?(?:leak|growth)s?)\b",
    re.IGNORECASE,
)
_SAME = 1.15


def soak(sentence: str, line: int) -> LoadRun | None:
    """The run of a day or longer that a sentence tells of, and whether memory stayed as it was."""
    lasted = minutes(sentence)
    if lasted is None or not re.search(r"memory|rss|heap|\bram\b|soak|endurance|leak", sentence, re.IGNORECASE):
        return None
    if lasted < _DAYLONG and not re.search(r"soak|endurance", sentence, re.IGNORECASE):
        return None
    return LoadRun(
        line=line,
        name=cut(f"soak: {sentence}", 100),
        failures=failures(sentence),
        minutes=lasted,
        flat=flat(sentence),
    )


def flat(sentence: str) -> bool:
    """Whether memory is told to have stayed as it was."""
    found = _MEMORY.search(sentence)
    if found is None:
        return False
    if found[1]:
        return number(found[2]) <= number(found[1]) * _SAME
    return (
        re.search(
            r"\b(?:not|never|isn't|wasn't|nearly not)\s+(?:\w+\s)?$",
            sentence[: found.start(3) if found[3] else found.start()],
        )
        is None
    )
