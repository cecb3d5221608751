"""Finds patterns in source text, all of them in one linear search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import ahocorasick_rs

from ...domain.anchors import ways as wanted
from ...domain.fact import Fact, Source
from ...domain.signal import ALL, Signal
from ...errors import FormatError
from ...redaction import cut
from .. import _phrases, judged
from ..borne_out import is_borne_out
from ..facts.code import Code
from ..facts.files import Files
from ..inforce.amounts import amounting
from ..inforce.code import Judge, Remembering
from ..inforce.force import IN_FORCE, Force, any_of, void
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._followed import Followed
from ._inherited import Inherited
from ._mentioned import Mentioned, Pool
from ._tally import Tally
from ._weighed import Waiting, Weighed

MAX_LINE = 1_000
_MATCHES = 20
_SETTINGS = re.compile(r"settings|conf|base|common|default|shared|/__init__\.py$", re.IGNORECASE)
"""How modules are called of which others take everything, to set some of it anew."""
_SWITCH = re.compile(r"enabled|disabled|skip", re.IGNORECASE)
_IMPORT = re.compile(
    r"import\b|from\s+\S{1,200}\s+import\b|(?:const|let|var)\s.{1,100}=\s*require\(|use\s|using\s|require\b"
)
"""What only names a library says nothing of it where the line that sets it up says that it does nothing."""
_QUICK = re.compile(r"\^(?!\.|\(\?[!=])")
"""How patterns begin that are tried at the beginning of a line alone, which takes no time."""
_PADDING = b" " * 40
_LINES_PER_SIGNAL = ALL
_LINES_PER_FILE = 20_000


class CodeReader(Reader):
    """Finds every line of every signal: one automaton over all anchors, then each signal's own pattern on the line."""

    fact = Code
    broad = True

    def __init__(self, signals: Iterable[Signal], names: Pool | None = None) -> None:
        self._signals = tuple(sorted({s.id: s for s in signals}.values(), key=lambda s: s.id))
        self._roles = {role for s in self._signals for role in s.roles}
        self._patterns: dict[int, re.Pattern[str] | None] = {}
        self._cased: dict[int, re.Pattern[str]] = {}
        """The same, which heed the case that they are written in."""
        self._ways: dict[int, tuple[tuple[frozenset[str], ...], ...]] = {}
        self._own_switches = frozenset(
            n for n, s in enumerate(self._signals) if _SWITCH.search(s.pattern or " ".join(s.words))
        )
        """The signals that look for a switch themselves."""
        self._by_anchor: dict[bytes, list[int]] = {}
        for number, signal in enumerate(self._signals):
            for anchor in signal.anchors:
                self._by_anchor.setdefault(anchor.encode(), []).append(number)
        self._anchors = list(self._by_anchor)
        self._automaton = ahocorasick_rs.BytesAhoCorasick(self._anchors) if self._anchors else None
        self._examined: dict[str, dict[str, int]] = {}
        self._tallies = tuple(map(Tally, self._signals))
        self._names = Mentioned(pool=names)
        self._names_of_tests = Mentioned(frozenset({"test"}), names)
        self._tests: set[str] = set()
        self._inherited = Inherited()
        self._followed = Followed()
        self._weighed = Weighed()
        self._through = {signal.through for signal in self._signals if signal.through}
        self._spelled_out: dict[int, tuple[bytes, ...]] = {}
        self._wanted: dict[tuple[str, str], list[tuple[int, ...]]] = {}

    def wants(self, file: FileEntry) -> bool:
        aside = file.role == "test" and (file.is_set_aside or file.suffix == ".txt")
        return file.role in self._roles and not aside

    def read(self, source: SourceFile) -> None:
        file = source.file
        languages = self._examined.setdefault(file.role, {})
        languages[file.language or "text"] = languages.get(file.language or "text", 0) + 1
        if self._automaton is None:
            return
        data = source.data
        self._names.add(source)
        if file.role == "test":
            self._tests.add(file.path)
            self._names_of_tests.add(source)
        self._followed.know(file)
        self._weighed.add(source)
        self._inherited.add(source)
        active = self._active(file)
        candidates: dict[tuple[int, int], None] = {}
        counted: dict[int, int] = {}
        passed_over: set[int] = set()
        line, end = 0, -1
        for anchor, start, _ in self._automaton.find_matches_as_indexes(source.lower, overlapping=True):
            if not (numbers := active[anchor]):
                continue
            if not line <= start <= end:
                line = data.rfind(b"\n", 0, start) + 1
                end = data.find(b"\n", start)
                end = end if end >= 0 else len(data)
            window = line if start - line < MAX_LINE // 2 else _window(data, line, start)
            for number in numbers:
                if (place := (window, number)) in candidates:
                    continue
                counted[number] = counted.get(number, 0) + 1
                if counted[number] > _LINES_PER_SIGNAL or len(candidates) >= _LINES_PER_FILE:
                    passed_over.add(number)
                else:
                    candidates[place] = None
        self._judge(source, sorted(candidates))
        for number in passed_over:
            self._tallies[number].cut = True
        if passed_over:
            raise FormatError("too many lines in it would have to be looked at; only the first of them were")

    def finish(self, files: Files) -> Fact:
        for waiting, force in self._weighed.settled():
            self._tallies[waiting.number].add(waiting.place, force)
        for number, place in self._followed.found(tuple(signal.through for signal in self._signals)):
            self._tallies[number].add(place, IN_FORCE)
        hits = {tally.id: tally.hits(self._settled) for tally in self._tallies}
        return Code(examined={role: dict(sorted(c.items())) for role, c in sorted(self._examined.items())}, hits=hits)

    def _settled(self, force: Force, path: str) -> Force:
        """What becomes of *force*, which hangs on what other files than that at *path* say."""
        if force.lasts:
            return self._inherited.lasting(force.lasts, path)
        if path in self._tests:
            named = self._names.says(force.unless) or self._names_of_tests.elsewhere(force.unless, path)
        else:
            named = self._names.elsewhere(force.unless, path)
        return IN_FORCE if named else force

    def _may_match(self, number: int, lower: str) -> bool:
        """Whether a line, in *lower* case, has the words without which a signal does not match it."""
        ways = self._ways.get(number)
        if ways is None:
            pattern = self._signals[number].pattern
            ways = self._ways[number] = wanted(pattern) if pattern and not _QUICK.match(pattern) else ()
        return not ways or _says_what(ways, lower)

    def _pattern(self, number: int) -> re.Pattern[str] | None:
        """The pattern of a signal, made ready when it is first needed; None where it has words instead."""
        if number not in self._patterns:
            pattern = self._signals[number].pattern
            self._patterns[number] = re.compile(pattern, re.IGNORECASE) if pattern else None
        return self._patterns[number]

    def _active(self, file: FileEntry) -> list[tuple[int, ...]]:
        """Of each anchor, the signals that search files of this role and language for it."""
        kind = (file.role, file.language)
        if kind not in self._wanted:
            searching = {
                number
                for number, signal in enumerate(self._signals)
                if file.role in signal.roles and (not signal.languages or file.language in signal.languages)
            }
            self._wanted[kind] = [
                tuple(number for number in self._by_anchor[anchor] if number in searching) for anchor in self._anchors
            ]
        return self._wanted[kind]

    def _judge(self, source: SourceFile, candidates: list[tuple[int, int]]) -> None:
        line, counted_to, text, lower = 1, -1, "", ""
        file, data, judge = source.file, source.data, Remembering(judged.judge(source))
        found: list[tuple[int, Source, Force]] = []
        follows: set[str] = set()
        waited: set[int] = set()
        shown = ""
        for start, number in candidates:
            if start != counted_to:  # several signals look at one line, one after the other
                line += data.count(b"\n", max(counted_to, 0), start)
                counted_to = start
                end = data.find(b"\n", start, start + MAX_LINE)
                text = data[start : end if end >= 0 else start + MAX_LINE].decode("utf-8", "replace").strip()
                shown, lower = "", text.lower() if text.isascii() else ""
            if lower and not self._may_match(number, lower):
                continue
            pattern, signal = self._pattern(number), self._signals[number]
            if pattern is not None and not pattern.search(text):
                continue
            if file.role == "config" and _phrases.is_sentence(text):
                continue
            prose = file.role == "docs"  # whose text is neither code nor comment
            force = IN_FORCE if signal.comments and not prose else self._force(number, data, start, judge)
            weighed = not signal.comments and number not in self._own_switches
            span = _span_of(pattern, signal, text) if force and weighed else (0, 0)
            if force and weighed:
                amounts = amounting(text, *span)
                force = amounts if not amounts else force
            shown = shown or cut(text, 200)
            void_ = force.is_void and not force.unless  # what another file may call has a syntax like all else
            worded = void_ or not self._is_borne_out(number, source, start, text)
            place = Source(path=file.path, line=line, text=shown, worded=worded)
            waits = bool(force) and weighed and not force.lasts
            waits = waits and self._weighed.waits(source, Waiting(number, place, text, span, force))
            if force.lasts and not _SETTINGS.search(file.path):
                force = IN_FORCE
            if waits:
                waited.add(number)
            else:
                found.append((number, place, force))
            if force and signal.through:
                self._followed.stands(number, source, start)
            if force and signal.id in self._through:
                follows.add(signal.id)
        if follows:
            self._followed.add(source, frozenset(follows))
        switched_off = {number: force for number, _, force in found if force.amount}
        for number, place, force in found:
            off = switched_off.get(number)
            if force and number in waited and off is None and _IMPORT.match(place.text):
                waiting = Waiting(number, place, place.text, (0, 0), force, imported=True)
                if self._weighed.waits(source, waiting):
                    continue
            self._tallies[number].add(place, off if off is not None and force and _IMPORT.match(place.text) else force)

    def _is_borne_out(self, number: int, source: SourceFile, start: int, text: str) -> bool:
        """Whether the syntax bears out one of the things that a signal finds in the line that begins at *start*."""
        raw = source.data[start : start + MAX_LINE]
        before = start + len(raw) - len(raw.lstrip())
        for (first, last), exact in islice(self._found(number, text), _MATCHES):
            at, end = (before + len(text[:place].encode()) for place in (first, last))
            if is_borne_out(source, at, end, exact):
                return True
        return False

    def _found(self, number: int, text: str) -> Iterator[tuple[tuple[int, int], bool]]:
        """From where to where a signal finds each thing in *text*, and whether in the case that it is written in."""
        if (pattern := self._pattern(number)) is None:
            lower = text.lower()
            for word in self._signals[number].words:
                at = lower.find(word.lower())
                if at >= 0:
                    yield (at, at + len(word)), text[at : at + len(word)] == word
            return
        if number not in self._cased:
            self._cased[number] = re.compile(pattern.pattern)
        cased = self._cased[number]
        for found in pattern.finditer(text):
            yield found.span(), (same := cased.match(text, found.start())) is not None and same.end() == found.end()

    def _force(self, number: int, data: bytes, start: int, judge: Judge) -> Force:
        """The force of what a signal finds in the line that begins at *start*, where it counts most."""
        end = data.find(b"\n", start, start + MAX_LINE)
        line = judge.running(start, end if end >= 0 else min(start + MAX_LINE, len(data)))
        places = list(islice(self._spelled(number, line), _MATCHES))
        if not places:
            return void("stands in a comment or a text")
        return any_of([judge.judge(start + first, start + last) for first, last in places])

    def _spelled(self, number: int, line: bytes) -> Iterator[tuple[int, int]]:
        """What a signal names of *line*, from where to where: its words, or all that its pattern matches."""
        lower = line.lower()
        words = [(at, at + len(word)) for word in self._words(number) for at in _places(lower, word)]
        if (pattern := self._pattern(number)) is None:
            yield from words
            return
        text = line.decode("utf-8", "replace").strip()
        before = len(line) - len(line.lstrip())
        for found in pattern.finditer(text):
            first, last = (before + len(text[:at].encode()) for at in found.span())
            inside = [(start, end) for start, end in words if first <= start < last]
            yield from inside or [(first, last)]

    def _words(self, number: int) -> tuple[bytes, ...]:
        """What a signal spells out, made ready once."""
        if number not in self._spelled_out:
            self._spelled_out[number] = tuple(word.encode() for word in self._signals[number].spelled_out)
        return self._spelled_out[number]


def _says_what(ways: tuple[tuple[frozenset[str], ...], ...], lower: str) -> bool:
    """Whether *lower* has, for one of *ways*, a word of each set; asked so often that generators would tell."""
    for way in ways:
        for words in way:
            for word in words:
                if word in lower:
                    break
            else:
                break
        else:
            return True
    return False


def _span_of(pattern: re.Pattern[str] | None, signal: Signal, text: str) -> tuple[int, int]:
    """From where to where the first thing goes that *signal* finds in *text*."""
    if pattern is not None:
        found = pattern.search(text)
        return found.span() if found else (0, len(text))
    lower = text.lower()
    spans = [(at, at + len(word)) for word in signal.spelled_out if (at := lower.find(word)) >= 0]
    return min(spans, default=(0, len(text)))


def _places(line: bytes, word: bytes) -> Iterator[int]:
    """The places where *word* begins in *line*."""
    place = line.find(word)
    while place >= 0:
        yield place
        place = line.find(word, place + 1)


def _window(data: bytes, line: int, place: int) -> int:
    """The point to look from to see *place*: its *line*'s start, or what follows the blanks that push it far out."""
    if place - line < MAX_LINE // 2:
        return line
    gap = data.rfind(_PADDING, max(line, place - MAX_LINE // 2), place)
    return gap + len(_PADDING) if gap >= 0 else line
