"""Turns Terraform's text into syntax trees, in time that grows with its size even after a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from ..errors import FormatError

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_BLANKS = 400
"""Blanks and line ends in a row: the parser's time grows with their square."""
MAX_PIECE = 4_000
"""
Bytes in which the parser may look for a way on behind a mistake: that time grows with the cube of what follows.

Longer texts are cut between blocks, and a block that is longer itself is given up at its first mistake.
"""
_READ = 512
_CUT = re.compile(rb"^\}[ \t\r]*\n", re.MULTILINE)
_BLANKS = re.compile(rb"[ \t\r\n]+")
_ODD = re.compile(rb"[\f\v]")
_ROW = re.compile(r"\brow:(\d+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some blocks that follow each other: their text, their tree, and how many lines stand before them."""

    data: bytes
    root: Node | None
    before: int
    mistake: FormatError | None = None
    """The first mistake in it; behind it there is no tree where it would have taken too long to go on."""


def syntax(data: bytes) -> list[Piece]:
    """
    The trees of *data* in order.

    Raises:
        FormatError: So many blanks stand in a row that no bound would hold.
    """
    blank = next((b for b in re.finditer(rb"\s+", data) if len(b.group()) > MAX_BLANKS), None)
    if blank is not None:
        raise FormatError(f"more than {MAX_BLANKS} blanks in a row", data.count(b"\n", 0, blank.start()) + 1)
    pieces: list[Piece] = []
    before = 0
    for part in _parts(data):
        pieces.append(_piece(part, before, alone=len(part) == len(data)))
        before += part.count(b"\n")
    if not any(piece.mistake for piece in pieces):
        return pieces
    if len(pieces) > 1:
        whole = _piece(data, 0, alone=True)  # where it was cut, a text or a comment may have gone on
        if whole.mistake is None:
            return [whole]
    return list(_told_apart(pieces))


def _told_apart(pieces: list[Piece]) -> Iterator[Piece]:
    """*pieces* with what is mistaken apart from the blocks that stand beside it."""
    for place, piece in enumerate(pieces):
        if piece.mistake is None:
            yield piece
            continue
        parts = [piece] if piece.root is None else list(_single(piece))
        yield from parts
        if parts[-1].mistake is not None and _goes_on(parts[-1].data):
            rest = b"".join(later.data for later in pieces[place + 1 :])
            if rest:
                yield Piece(rest, None, pieces[place + 1].before, parts[-1].mistake)
            return


def _goes_on(data: bytes) -> bool:
    """Whether a comment or a text begins in *data* that may reach over its end."""
    if data.rfind(b"/*") > data.rfind(b"*/"):
        return True
    begun = list(_HEREDOC.finditer(data))[-1:]
    return any(not re.search(rb"\n[ \t]*" + text[1] + rb"[ \t\r]*\n", data[text.end() - 1 :]) for text in begun)


_HEREDOC = re.compile(rb"<<[-~]?(\w{1,100})[ \t\r]*\n")
_MOST_TOGETHER = 4
"""How many parts a block may have fallen into, since a line in a text of it looks like its end."""


def _single(piece: Piece) -> Iterator[Piece]:
    """The blocks of a mistaken piece one by one; behind a mistake that may reach further, all that is left in one."""
    ends = [cut.end() for cut in _CUT.finditer(piece.data)]
    if not ends or ends[-1] < len(piece.data):
        ends.append(len(piece.data))
    start, found = 0, False
    while ends:
        before = piece.before + piece.data.count(b"\n", 0, start)
        tried = (_piece(piece.data[start:end], before, alone=False) for end in ends[:_MOST_TOGETHER])
        count, part = next(((n, p) for n, p in enumerate(tried, 1) if p.mistake is None), (0, None))
        if part is None:
            found, count = True, 1
            part = _piece(piece.data[start : ends[0]], before, alone=False)
            if _goes_on(part.data):
                yield Piece(piece.data[start:], None, before, part.mistake)
                return
        yield part
        start = ends[count - 1]
        ends = ends[count:]
    if not found:
        yield Piece(b"", None, piece.before, piece.mistake)


def attribute(data: bytes) -> Node | None:
    """The expression of the only attribute that *data* consists of; None where it does not, or is too long."""
    if len(data) > MAX_PIECE or any(len(b) > MAX_BLANKS for b in re.findall(rb"\s+", data)):
        return None
    root = _parser().parse(data).root_node
    body = root.children[0] if root.child_count == 1 and not root.has_error else None
    only = body.children[0] if body is not None and body.type == "body" and body.child_count == 1 else None
    return only.children[-1] if only is not None and only.type == "attribute" else None


@cache
def _parser() -> Parser:
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


def _parts(data: bytes) -> Iterator[bytes]:
    """*data* in parts that end with a block, none longer than allowed unless its only block is."""
    start = last = 0
    for cut in _CUT.finditer(data) if len(data) > MAX_PIECE else ():
        if cut.end() - start > MAX_PIECE and last > start:
            yield data[start:last]
            start = last
        last = cut.end()
    if len(data) - start > MAX_PIECE and last > start:
        yield data[start:last]
        start = last
    if start < len(data) or not data:
        yield data[start:]


def _piece(part: bytes, before: int, *, alone: bool) -> Piece:
    """What *part* says; a long one must be without a mistake."""
    if len(part) > MAX_PIECE and (line := _mistaken(part)):
        mistake = FormatError("not valid Terraform, and too long to go on behind the mistake", before + line)
        return Piece(part, None, before, mistake)
    root = _parser().parse(part).root_node
    return Piece(part, root, before, _mistake(root, before, alone=alone))


def _mistaken(part: bytes) -> int:
    """
    The line of the first mistake in *part*; 0 where there is none.

    Only the parser's log tells of a mistake when it is met, and then it is stopped. Listening takes ten times as long
    as parsing, and far longer where blanks follow each other, which are therefore left out.
    """
    if odd := _ODD.search(part):
        return part.count(b"\n", 0, odd.start()) + 1
    text = _BLANKS.sub(_one_blank, part)
    mistaken, at = False, ""

    def hear(_kind: object, message: str) -> None:
        nonlocal mistaken, at
        if message.startswith(("detect_error", "skip_unrecognized")):
            mistaken = True
        elif not mistaken and message.startswith("process "):
            at = message

    def read(offset: int, _point: object) -> bytes:
        end = offset + _READ
        while text[end : end + 1] > b"\x7f" and text[end : end + 1] < b"\xc0":
            end += 1  # the parser cannot bear a text that ends within a character
        return b"" if mistaken else text[offset:end]

    parser = _parser()
    parser.logger = hear
    try:
        mistaken |= parser.parse(read, progress_callback=lambda *_: mistaken).root_node.has_error
    except ValueError:  # it was stopped
        mistaken = True
    finally:
        del parser.logger
        parser.reset()
    return _line(part, at) if mistaken else 0


def _one_blank(blanks: re.Match[bytes]) -> bytes:
    """What tells apart as much: a line end stays one, and so does a blank that stands behind it."""
    text = blanks[0]
    if b"\n" not in text:
        return b" "
    return b"\n" if text.endswith(b"\n") else b"\n "


def _line(part: bytes, at: str) -> int:
    """The line of *part* that the parser meant when it said *at* of a text with fewer blanks."""
    row = int(found[1]) if (found := _ROW.search(at)) else 0
    ends = (blanks.end() for blanks in _BLANKS.finditer(part) if b"\n" in blanks[0])
    return part.count(b"\n", 0, next(islice(ends, row - 1, None), 0) if row else 0) + 1


def _mistake(root: Node, before: int, *, alone: bool) -> FormatError | None:
    """The first mistake below *root*; an object is one unless it is the file."""
    node = root
    if not node.has_error:
        whole = alone or not any(child.type == "object" for child in node.children)
        return None if whole else FormatError("not valid Terraform", before + 1)
    while not (node.is_error or node.is_missing):
        inner = next((c for c in node.children if c.has_error), None)
        if inner is None:
            break
        node = inner
    return FormatError("not valid Terraform", before + node.start_point[0] + 1, node.start_point[1] + 1)
