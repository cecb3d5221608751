"""Tells which lines of AsciiDoc and reStructuredText are shown as they are, or not at all, and so say nothing."""

from __future__ import annotations

from collections.abc import Sequence

_BORDERS = frozenset({"----", "....", "////", "++++"})


def listed(suffix: str, lines: Sequence[str]) -> frozenset[int]:
    """
    The numbers of the lines that lie in listings or comments.

    Args:
        suffix: How the name of the document ends; Markdown is told elsewhere, with what is quoted.
        lines: All of it.
    """
    if suffix in (".adoc", ".asciidoc"):
        return frozenset(_between_borders(lines))
    return frozenset(_indented(lines)) if suffix == ".rst" else frozenset()


def without(numbers: frozenset[int], lines: Sequence[str]) -> Sequence[str]:
    """*lines* with those of *numbers* left empty."""
    if not numbers:
        return lines
    return ["" if number in numbers else line for number, line in enumerate(lines, 1)]


def _between_borders(lines: Sequence[str]) -> list[int]:
    found, border = [], ""
    for number, raw in enumerate(lines, 1):
        line = raw[:10].rstrip()
        if border:
            found.append(number)
            border = "" if line == border else border
        elif line in _BORDERS:
            found.append(number)
            border = line
    return found


def _indented(lines: Sequence[str]) -> list[int]:
    """What is indented below a line that ends in two colons, up to the first line that is not."""
    found, opened, within = [], False, False
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if bare and not line.startswith((" ", "\t")):
            opened, within = bare.endswith("::"), False
        elif bare and (opened or within):
            within = True
            found.append(number)
    return found
