"""Replaces what is secret by a stub that says so, in texts and in everything that is made of texts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from ._commands import commands
from ._given import given
from ._headers import NAME, headers
from ._inline import inline
from ._joined import emphasised, joined, unescaped
from ._known import alone
from ._match import ASSIGNED, PLACEHOLDER, Match, disjoint
from ._names import refers
from ._personal import SHORTEST_CARD, personal, suspects
from ._positional import positional
from ._shapes import PRIVATE_KEY, SHORTEST, for_records, told
from ._structure import NO_RULE, NOT_LOOKED_INTO, Rule, below, hidden
from ._urls import urls
from ._weighing import EXPRESSION, is_documented, is_sample
from ._withholding import current, stubs

_STEP = re.compile(r"(?=\S{1,640}\Z)[^\s#!]{1,300}+[#!]\S{0,300}:[0-9a-f]{16}")
"""A step's key: its end is a digest, whatever its digits look like."""


def redact(text: str) -> str:
    """
    Replace what is secret in *text* by ``[withheld <kind>, <n> characters]``, with a digest where the run has a key.

    That is: credentials by their shape, by the name or the header that they are given to, and by what the run knows to
    be one; and data about people. Errs towards withholding: placeholders and weak words given to a name such as
    ``password`` go too, and so do the inner lines of keys. A stub is left as it is.
    """
    if len(text) < SHORTEST:
        return text
    data = text.encode("utf-8", "surrogatepass")
    if not looks_secret(data):
        return text
    kept = current()

    def shapes(text: bytes) -> Iterator[Match]:
        yield from for_records(text)
        yield from headers(text)
        yield from inline(text)
        yield from commands(text)
        yield from urls(text)
        yield from positional(text)
        yield from joined(text)
        yield from emphasised(text)
        yield from personal(text, kept.contacts)

    shaped = _whole(data, [*shapes(data), *unescaped(data, shapes)])
    pieces: list[bytes] = []
    done = 0
    for match in _clear_of(stubs(data), _absorbed(shaped, kept.known.matches(data))):
        stub = kept.stub(match.kind, match.value or data[match.start : match.end])
        pieces += data[done : match.start], stub.encode()
        done = match.end
    return b"".join([*pieces, data[done:]]).decode("utf-8", "surrogatepass")


def cut(text: str, limit: int) -> str:
    """
    The first *limit* characters of *text*, redacted before it is cut: half a token is not told by its shape.

    For whatever else changes a text too (takes out its marks, folds its blanks, lowers its letters): redact first.
    """
    said = redact(text[: limit + _MARGIN])
    return said if len(said) <= limit else said[:limit]


_MARGIN = 8_000


def redact_given(name: str, value: str) -> str:
    """Redact *value*; all of it where *name* and its looks together say that it is a credential."""
    return _given(name, value, redact, _tells)


def _given(name: str, value: str, plain: Callable[[str], str], tells: Callable[[str], bool]) -> str:
    """As :func:`redact_given`, by those who redact a text and judge a name."""
    if name == "key" and _STEP.fullmatch(value):
        return redact(value[:-17]) + value[-17:]
    said = plain(value)
    if said == value and len(value) >= SHORTEST and tells(name):
        if NAME.fullmatch(name):
            return redact(f"{name}: {value}")[len(name) + 2 :]
        head = f"{name} = ".encode("utf-8", "surrogatepass")[-100:]
        data = head + b'"' + value.encode("utf-8", "surrogatepass") + b'"'
        spans = any(match.start <= len(head) + 1 and match.end >= len(data) - 1 for match in for_records(data))
        given = value.encode("utf-8", "surrogatepass")
        if spans and not refers(value) and not EXPRESSION.fullmatch(given) and not is_sample(given):
            return current().stub(ASSIGNED, value.encode("utf-8", "surrogatepass"))
    return said


def _tells(name: str) -> bool:
    return looks_secret(_raw(name))


def redacted(value: Any) -> Any:
    """
    *value* with every string of it redacted, keys too; a string is also told by the name that it is given to.

    What its structure says is secret is withheld whatever it looks like: see :mod:`._structure`. An integer that is the
    number of a payment card is redacted like one that is written as a text.
    """
    plain, tells = cache(redact), cache(_tells)
    return _redacted(value, NO_RULE, plain, cache(lambda name, text: _given(name, text, plain, tells)))


def _redacted(value: Any, rule: Rule, plain: Callable[[str], str], given: Callable[[str, str], str]) -> Any:
    """*value* by *rule*; *plain* and *given* redact a text, and one with a name, each of them once."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        keys, known_as = hidden(value, rule), current().known.given
        said = {}
        for key, item in value.items():
            if key in keys:
                said[plain(key)] = _withheld(key, item)
            elif isinstance(item, str):
                known = known_as(key, item)
                text = plain(item) if rule is NOT_LOOKED_INTO else given(key, item)
                said[plain(key)] = current().stub(known, _raw(item.strip())) if known else text
            else:
                said[plain(key)] = _redacted(item, below(value, key, rule), plain, given)
        if isinstance(value.get("name"), str) and isinstance(value.get("value"), str) and "value" not in keys:
            said["value"] = given(value["name"], value["value"])
        return said
    if isinstance(value, list | tuple):
        if len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str) and NAME.fullmatch(value[0]):
            return [plain(value[0]), given(value[0], value[1])]
        if _is_command(value):
            return _words(value)
        return [_redacted(item, rule, plain, given) for item in value]
    if isinstance(value, int) and value >= SHORTEST_CARD:
        digits = plain(str(value))
        return value if digits == str(value) else digits
    return value


def _withheld(name: str, value: Any) -> Any:
    """*value* with all that it holds withheld, as its place in a document asks for; references stay."""
    if isinstance(value, dict):
        return {redact(key): _withheld(key, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_withheld(name, item) for item in value]
    if isinstance(value, bool | None):
        return value
    text = str(value)
    said = redact(text)
    if refers(text) or (said.startswith("[withheld ") and said.find("]") == len(said) - 1):
        return said if isinstance(value, str) else value
    kind = current().known.given(name, text) or (PLACEHOLDER if is_documented(_raw(text)) else ASSIGNED)
    return current().stub(kind, _raw(text))


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_command(value: Sequence[Any]) -> bool:
    """Whether *value* is a list of texts that may be the words of a command, and not lines or cells."""
    if not 1 < len(value) <= _MOST_WORDS or not all(isinstance(word, str) for word in value):
        return False
    return any(_OPTION.fullmatch(word) for word in value) or not any(" " in word for word in value)


def _words(words: Sequence[str]) -> list[str]:
    """A list of texts, which may be the words of a command: what one of them says makes the next one a secret."""
    line = " ".join(words)
    data = _raw(line)
    if not looks_secret(data):
        return [redact(word) for word in words]
    said: list[str] = []
    start, found = 0, disjoint([*inline(data), *commands(data)])
    for word in words:
        end = start + len(_raw(word))
        kept = redact(word)
        if kept == word:
            kept = _without(
                _raw(word), [(m, m.start - start, m.end - start) for m in found if start <= m.start < m.end <= end]
            )
        said.append(kept)
        start = end + 1
    return said


def _without(word: bytes, found: list[tuple[Match, int, int]]) -> str:
    """*word* with a stub in place of each of *found*, which are apart and in order."""
    at, pieces = 0, []
    for match, start, end in found:
        pieces += [word[at:start], current().stub(match.kind, word[start:end]).encode()]
        at = end
    return b"".join([*pieces, word[at:]]).decode("utf-8", "surrogatepass")


def named(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """What names, options, statements and addresses in *data* say is secret, and whether its line has nothing else."""
    for match in disjoint(given(data)):
        yield data[match.start : match.end], alone(data, match.start, match.end)


def looks_secret(data: bytes) -> bool:
    """Whether *data* may hold anything to withhold; quick, and never wrong when it says no."""
    return told(data) or suspects(data) or current().known.suspects(data)


def _whole(data: bytes, matches: list[Match]) -> Iterator[Match]:
    """The surest of *matches* that overlap, and what is left of the others around them, unless it is only signs."""
    kept = disjoint(matches)
    yield from kept
    ends = [match.end for match in kept]
    for match in set(matches).difference(kept):
        at = match.start
        for number in range(bisect_right(ends, at), len(kept)):
            inner = kept[number]
            left = min(inner.start, match.end)
            if at < left and _SAYS.search(data, at, left):
                yield Match(match.kind, at, left, match.confidence)
            at = max(at, inner.end)
            if at >= match.end:
                break
        if at < match.end and _SAYS.search(data, at, match.end):
            yield Match(match.kind, at, match.end, match.confidence)


_MOST_WORDS = 400
_OPTION = re.compile(r"--?[A-Za-z][\w.-]{0,80}")
_SAYS = re.compile(rb"[A-Za-z0-9]")


def _absorbed(shaped: Iterable[Match], known: Iterable[Match]) -> list[Match]:
    """In order and apart: of what overlaps, all is withheld, as what covers the most of it or is known."""
    kept: list[Match] = []
    for match in sorted([*shaped, *known], key=lambda m: (m.start, -m.end, not m.value, m.kind)):
        last = kept[-1] if kept else None
        if last is None or match.start >= last.end:
            kept.append(match)
        elif match.end > last.end:
            kept[-1] = Match(match.kind, last.start, match.end, match.confidence)
        elif (match.start, match.end) == (last.start, last.end) and match.value and not last.value:
            kept[-1] = match
    return kept


def _clear_of(taken: list[tuple[int, int]], matches: Iterable[Match]) -> Iterable[Match]:
    """*matches* but those that reach into a stub; what takes everything before it along begins behind the last one."""
    starts = [start for start, _ in taken]
    for match in matches:
        last = bisect_left(starts, match.end) - 1
        end = taken[last][1] if last >= 0 else 0
        if end <= match.start:
            yield match
        elif match.kind == PRIVATE_KEY and end < match.end:
            yield Match(match.kind, end, match.end, match.confidence)
