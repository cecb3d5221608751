"""Reads XML as elements with their lines, refusing everything that makes XML dangerous."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from ..errors import FormatError

MAX_BYTES = 5_000_000
MAX_DEPTH = 100
MAX_ELEMENTS = 200_000


@dataclass(slots=True)
class Element:
    """One element: its name without prefix, its attributes, its children, its own text and its line."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, *names: str) -> list[Element]:
        """The children called one of *names*."""
        return [child for child in self.children if child.name in names]


def load_xml(data: bytes) -> Element:
    """
    The root element of *data*.

    Raises:
        FormatError: Malformed, too large, too deep, or it declares an entity.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(f"{len(data):,} bytes are more than the {MAX_BYTES:,} that are parsed")
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise FormatError(f"not XML: {expat.ErrorString(error.code)}", error.lineno, error.offset + 1) from None
    except (ValueError, LookupError) as error:
        raise FormatError(f"not XML: {error}") from None
    if builder.root is None:
        raise FormatError("not XML: no element")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            raise FormatError("too many elements, or nested too deeply", self.parser.CurrentLineNumber)
        element = Element(name.rpartition(":")[2], self.parser.CurrentLineNumber, attributes)
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        if self._open and len(self._open[-1].text) < 100_000:
            self._open[-1].text += text

    def _entity(self, *_declared: object) -> None:
        raise FormatError("it declares an entity", self.parser.CurrentLineNumber)
