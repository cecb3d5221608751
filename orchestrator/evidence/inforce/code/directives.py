"""Tells which lines a compiler leaves out because of a symbol: ``#if`` of C# and Swift."""

from __future__ import annotations

import re

from ..chance import Chance

_LINE = re.compile(rb"^[ \t]*#[ \t]*(if|elif|elseif|else|endif|define)\b([^\n]{0,300})", re.MULTILINE)
_CALL = re.compile(r"!?\b\w{1,40}\([^()]{0,100}\)")
_KNOWN = {
    "true": Chance.ALWAYS,
    "TRACE": Chance.ALWAYS,
    "false": Chance.NEVER,
    "DEBUG": Chance.DEVELOPMENT,
    "RELEASE": Chance.PRODUCTION,
}
_OF_A_PLATFORM = re.compile(
    r"(?:NET|NETCOREAPP|NETSTANDARD|NETFRAMEWORK|WINDOWS|LINUX|OSX|ANDROID|IOS|MACCATALYST|MACOS|TVOS|TIZEN|BROWSER|UNITY|"
    r"XAMARIN|MONO|SWIFT_PACKAGE|__\w{1,30}__)(?:\d|_|$)\w{0,60}"
)
"""Symbols that a build has by what it builds for."""
_DEEPEST = 20
_MOST = 5_000


class Directives:
    """
    What the directives of one file leave open.

    Args:
        data: The file.
    """

    def __init__(self, data: bytes) -> None:
        self._defined = {found[2].strip() for found in _LINE.finditer(data) if found[1] == b"define"}
        self._spans: list[tuple[int, int, Chance]] = []
        open_ones: list[tuple[int, Chance, Chance]] = []
        for found in _LINE.finditer(data):
            word, asked = found[1], found[2].decode("utf-8", "replace").partition("//")[0]
            if word == b"if":
                chance = self.chance(asked)
                open_ones.append((found.end(), chance, chance.opposite))
            elif word != b"define" and open_ones and len(self._spans) < _MOST:
                start, chance, left = open_ones.pop()
                self._spans.append((start, found.start(), chance))
                if word != b"endif":
                    next_one = left if word == b"else" else min(left, self.chance(asked))
                    open_ones.append((found.end(), next_one, min(left, next_one.opposite)))

    def at(self, place: int) -> Chance:
        """The chance that the byte at *place* is compiled."""
        return min((chance for start, end, chance in self._spans if start <= place < end), default=Chance.ALWAYS)

    def chance(self, asked: str, depth: int = 0) -> Chance:
        """The chance of a condition; a symbol that the file does not define may be one of the build."""
        asked = asked.strip()
        if depth > _DEEPEST or _CALL.fullmatch(asked):
            return Chance.RUNTIME
        for operator, best in (("||", max), ("&&", min)):
            if len(sides := _split(asked, operator)) > 1:
                return best(self.chance(side, depth + 1) for side in sides)
        if asked.startswith("!"):
            return self.chance(asked[1:], depth + 1).opposite
        if asked.startswith("(") and asked.endswith(")"):
            return self.chance(asked[1:-1], depth + 1)
        if asked.encode() in self._defined:
            return Chance.ALWAYS
        return _KNOWN.get(asked, Chance.RUNTIME if _OF_A_PLATFORM.fullmatch(asked) else Chance.SETTING)


def _split(asked: str, operator: str) -> list[str]:
    """The sides of *operator* where it does not stand in brackets."""
    sides, depth = [""], 0
    for part in re.split(r"(\|\||&&|[()])", asked):
        depth += {"(": 1, ")": -1}.get(part, 0)
        if part == operator and not depth:
            sides.append("")
        else:
            sides[-1] += part
    return sides
