"""Leads from words to the test files that are named after them."""

from __future__ import annotations

import re

from .cases import is_candidate
from .facts.files import Files

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_TELL_NOTHING = (
    "test tests spec specs unit integration e2e user users page pages should must shall can could will with "
    "from into that this they them their then than when where which what have been being able using used use "
    "uses the and for not any all each every other more most only also app apps api apis src lib web main "
    "index helper helpers util utils common base core controller controllers view views model models service "
    "services component components feature features request requests response data file files new old get set "
    "put post delete patch list item items add create update edit show via system systems function method "
    "type types name names value values time need want would like there some such java kotlin scala python "
    "ruby spring springframework org com net example github cypress playwright jest "
)
_GENERIC = frozenset(_TELL_NOTHING.split())
MAX_FILES = 20_000


class TestsByName:
    """
    The test files of a tree by the words of their names.

    A name is a hint, not coverage: what is found here may test something else, and what is not found may be tested.
    """

    __test__ = False

    def __init__(self, files: Files) -> None:
        self._by_word: dict[str, list[str]] = {}
        self.count = 0
        for file in files.entries:
            if file.role == "test" and is_candidate(file) and self.count < MAX_FILES and "fixture" not in file.path:
                self.count += 1
                for word in words(file.name.rpartition(".")[0]):
                    self._by_word.setdefault(word, []).append(file.path)
        common = max(12, self.count // 10)
        self._by_word = {word: paths for word, paths in self._by_word.items() if len(paths) <= common}

    def related(self, text: str) -> list[str]:
        """The test files whose names share words with *text*, closest first."""
        hits: dict[str, int] = {}
        for word in sorted(words(text)):
            for path in self._by_word.get(word, ()):
                hits[path] = hits.get(path, 0) + 1
        return sorted(hits, key=lambda path: (-hits[path], path))


def words(text: str) -> set[str]:
    """The telling words of *text*, in lower case and without a plural's s."""
    found = set()
    for word in _WORD.findall(text):
        plain = word.lower()
        plain = plain[:-1] if plain.endswith("s") and not plain.endswith("ss") and len(plain) > 4 else plain
        if len(plain) >= 3 and not plain.isdigit() and plain not in _GENERIC and word.lower() not in _GENERIC:
            found.add(plain)
    return found
