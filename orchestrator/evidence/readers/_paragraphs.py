"""Keeps the paragraphs and tables of prose that speak of how a release is run: the way back, people's data, holes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from ...redaction import cut
from ..facts.documents import Heading, Paragraph
from ..inforce import documents as inforce

MAX_PARAGRAPHS = 60
"""So many of one document are kept."""
MAX_TEXT = 1_000
MAX_ROWS = 30
MAX_CELL = 160
_MAX_LINES = 3_000
_SUBJECTS = re.compile(
    r"\b(?:breach\w*|(?:roll(?:ed|ing|s)?|go(?:es|ing)?|went)[ -]?back|rollbacks?|back\b|revert\w*|undo|"
    r"(?:former|previous) (?:version|image|commit|release)|personal data|privacy|retention|purposes?|data protection|"
    r"DPOs?|dpo@|(?:sub-?)?processors?|DPAs?|GDPR|vulnerabilit\w+|security@|(?:security )?holes?|severit\w+|"
    r"advisor(?:y|ies)|(?:pull|merge) requests?|approv\w+|erasure|erase\w*|subject access|"
    r"(?:compliance|privacy|security) officer|deploying|by hand)",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"privacy|personal|data|people|person|visitor|tenant|customer|user|member|patient|child|guest|security|hole|contribut|"
    r"processor|vendor|dpa\b|gdpr|change|governance|roll|back|revert|undo|releas|deploy|ship|operat|ops\b|runbook|runn|breach|incident|compliance",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})")
_BLOCK = re.compile(r"^(?:-{4,}|\.{4,}|\+{4,}|/{4,})\s*$")
_RULE = re.compile(r"[\s|:+=-]*")
_NO_TEXT = re.compile(r"^\s{0,3}(?:#{1,6}\s|={1,6}\s|//|:[\w-]+:|\[\w[^\]]*\]$)|^\|===")


def paragraphs(
    path: str, title: str, lines: Sequence[str], headings: Sequence[Heading], left_out: Collection[int]
) -> tuple[Paragraph, ...]:
    """
    Those of a document that may be asked for.

    Args:
        path: Its path.
        title: What it is called.
        lines: Its lines.
        headings: Those of sections that are in force.
        left_out: The lines of the headings of sections that are not.
    """
    if _NEWS.search(path) or OF_NOBODY.search(path):
        return ()
    named = {heading.line: heading.text for heading in headings}
    whole = _TITLED.search(f"{path.rpartition('/')[2]} {title}") is not None
    found: list[Paragraph] = []
    for section, start, block in _blocks(lines, set(named) | set(left_out)):
        if section in left_out or not block or all(line.lstrip().startswith(">") for line in block):
            continue
        kept = [text for line in block if (text := inforce.kept(line.strip()[:2_000]).strip())]
        rows = _rows(kept)
        text = cut("\n".join(kept), MAX_TEXT)
        about = whole or _TITLED.search(named.get(section, "")) or _SUBJECTS.search(text)
        if about and (rows or len(text) >= _LEAST):
            found.append(Paragraph(line=start, section=section, text="" if rows else text, rows=rows))
        if len(found) >= MAX_PARAGRAPHS:
            break
    return tuple(found)


_LEAST = 12
OF_NOBODY = re.compile(
    r"(^|/)(?:templates?|drafts?|proposals?|rfcs?|archived?|attic|examples?|samples?)/", re.IGNORECASE
)
"""Folders of documents that are still to be filled in or agreed on, or have had their day."""
_NEWS = re.compile(r"changelog|changes\.|history|release[-_ ]?notes|news\.|(^|/)licen[cs]e", re.IGNORECASE)


def _blocks(lines: Sequence[str], heads: Collection[int]) -> Iterator[tuple[int, int, list[str]]]:
    """Each run of lines that belong together, with the heading that it stands below and its first line."""
    section, start, block, fence = 0, 0, list[str](), ""
    for number, line in enumerate(lines[:_MAX_LINES], 1):
        bare = line.rstrip()
        mark = _FENCE.match(bare) or _BLOCK.match(bare)
        if fence or mark:
            if block:
                yield section, start, block
                block = []
            if mark and (not fence or bare.strip()[:3] == fence):
                fence = "" if fence else bare.strip()[:3]
            continue
        table = bare.lstrip().startswith("|") or bare.count("|") > 1
        in_table = bool(block) and (block[0].lstrip().startswith("|") or block[0].count("|") > 1)
        ends = not bare.strip() or number in heads or _NO_TEXT.match(bare) or (bool(block) and table != in_table)
        if ends and block:
            yield section, start, block
            block = []
        if number in heads:
            section = number
        elif bare.strip() and not _NO_TEXT.match(bare):
            if not block:
                start = number
            block.append(bare)
    if block:
        yield section, start, block


def _rows(lines: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, its header first; nothing where *lines* are none."""
    if len(lines) < _LEAST_ROWS or not all(line.startswith("|") or line.count("|") > 1 for line in lines):
        return ()
    told = [line for line in lines if not _RULE.fullmatch(line)]
    split = [tuple(cut(cell.strip(), MAX_CELL) for cell in line.strip("|").split("|")) for line in told[:MAX_ROWS]]
    return tuple(row for row in split if any(row))


_LEAST_ROWS = 2
