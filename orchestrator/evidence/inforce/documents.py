"""Tells whether a section of prose says something, and still holds: no filler, no template, not withdrawn or denied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...host.late import late
from .force import IN_FORCE, Force, unknown, void

LEAST_DIFFERENT = 6
"""A text of fewer different words repeats itself."""
LEAST_JUDGED = 15
"""Shorter ones are not judged by that: what is asked of them is their length."""
MOST_BLANKS = 1
"""So many gaps that a template leaves may have been forgotten; more of them are a form that nobody has filled in."""
_LATIN = """
    lorem ipsum dolor amet consectetur adipiscing elit sed eiusmod tempor incididunt labore dolore magna aliqua enim
    veniam quis nostrud exercitation ullamco laboris aliquip commodo consequat duis aute irure reprehenderit voluptate
    velit esse cillum fugiat nulla pariatur excepteur occaecat cupidatat proident culpa officia deserunt mollit laborum
"""
_LOREM = frozenset(_LATIN.split())
_LEAST_LATIN = 4
"""Fewer of those words may speak of filler text."""
_OPEN = late(
    r"\b(?:TODO|TBD|TBA|FIXME|XXX)\b|\b(?:coming|available) soon\b|\bunder construction\b|\bwork in progress\b"
    r"|\bto be (?:written|done|defined|decided|added|filled)\b|\bplaceholder\b",
    re.IGNORECASE,
)
_BLANK = late(
    r"\[(?:insert|your|add|enter|fill|name|date|company|team|contact|e-?mail|phone|link|url|tbd|todo)\b[^\]\n]{0,80}\](?!\()"
    r"|<(?:insert|your|add|enter|fill|name|date|company|team|contact|describe)\b[^>\n]{0,80}>"
    r"|(?<=[\w:.)] )_{4,}(?=[\s.,;:]|$)",
    re.IGNORECASE,
)
_GONE = r"withdrawn|obsolete|superseded|outdated|out of date|retired|rejected|abandoned|revoked"
_IDLE = (
    r"not (?:yet |currently |any ?more )?(?:in (?:force|use|place|effect|operation)|followed|used|valid|implemented|"
    r"practi[sc]ed|done|current|applied|applicable|true|started|supported|ready|available|written)"
)
_PAST = r"no longer (?:in (?:force|use|place|effect)|followed|used|valid|maintained|true|current|appl\w+)"
_SPENT = rf"{_GONE}|deprecated|{_IDLE}|{_PAST}"
_ITSELF = r"(?:document|page|section|plan|policy|procedure|runbook|process|guide|playbook|text|file|strategy)"
_STATUS = late(rf"^\W{{0,6}}(?:status|state)\W{{1,6}}(?:{_SPENT})\b", re.IGNORECASE)
_LATER = late(
    r"^[\s>*_!#:(\[]{0,8}planned for\b|(?:^\W{0,6}|[.!?,;]\s+)(?:but )?not (?:yet )?in (?:place|force|use|effect)"
    r"(?: yet| so far)?\s*(?:[.!?]|$)",
    re.IGNORECASE,
)
_DRAFT = late(r"^\W{0,6}(?:status|state)\W{1,6}(?:draft|proposed|proposal|planned|idea)\b", re.IGNORECASE)
_BEGINS = late(
    rf"^[\s>*_!#:(\[]{{0,8}}(?:(?:{_GONE}|no longer (?:in (?:force|use)|valid|followed))\b\W{{0,4}}"
    rf"(?:$|(?<=[.:;,!])|(?:on|by|since|as of|from|in|and|see)\b)|(?:deprecated|{_IDLE}|{_PAST})[\s>*_!#:)\].]*$)",
    re.IGNORECASE,
)
"""No items of lists and no rows of tables, which say it of single things."""
_SAYS = late(
    rf"\bthis {_ITSELF}\s+(?:is|was|has been|have been|had been)\s+(?:now |since |hereby |only )?"
    rf"(?:{_SPENT}|a (?:stub|template|sketch))\b"
    rf"|\bthis (?:{_ITSELF} )?(?:does not|no longer) (?:appl(?:y|ies)|holds?)\b(?! (?:to|for|where|when|if)\b)"
    r"|\b(?:these|our) (?:rules|steps|pages|sections|policies|procedures|guidelines|instructions) "
    r"(?:do not|don't|no longer) (?:apply|hold|count)\b(?! (?:to|for|where|when|if)\b)"
    rf"|\bthis (?:is|was|has been) (?:{_IDLE}|{_PAST})\W{{0,3}}(?:[.!]|$)",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:we|the team|nobody|no one|anyone)\s+"
    r"(?:(?:(?:do|does|did|have|has) not|don't|doesn't|didn't|haven't|never|no longer|currently not|has|have|had) )?"
    r"(?:actually |yet |ever |really )?"
    r"(?:do|does|did|done|follows?|followed|uses?|used|practi[sc]e[sd]?|runs?|tests?|tested|tried|have)"
    r"\s+(?:any|none|anything|all|one)(?: of)?\s+(?:this|these|that|the above|the following|it|them)\b",
    re.IGNORECASE,
)
_DONE_BY_NOBODY = re.compile(
    r"\b(?:we|the team|nobody|no one)\s+(?:(?:do not|don't|does not|never|currently do not) )?"
    r"(?:actually |ever |really )?(?:do(?:es)?|follows?|practi[sc]es?)\s+(?:this|it|so)\b(?: yet)?\s*(?:[.!;]|$)",
    re.IGNORECASE,
)
_NOT_OFFERED = re.compile(
    r"(?:^|[.!?]\s)\W{0,4}(?:we|the team|nobody|no one)\s+"
    r"(?:(?:currently )?(?:do|does) not|don't|doesn't|never|currently)?\s?"
    r"(?:accepts?|reviews?|approves?|handles?|answers?|reads?|tests?|monitors?|rotates?|restores?|rehearses?)\s+"
    r"(?:any )?(?:reports?|changes?|vulnerabilit\w+|backups?|alerts?|incidents?|secrets?|rollbacks?|releases?)"
    r"(?: of [\w-]+)?"
    r"(?: at the moment| currently| yet| so far| any ?more| at all)?\s*[.!]",
    re.IGNORECASE,
)
_NONE_OF_IT = late(
    r"\b(?:none of (?:this|these|the above|the following|it)|nothing (?:of this|here|below|above))\b[^.\n]{0,60}"
    r"\b(?:is|are|was|were|has|have|been|exists?|appl\w+|holds?|happens?)\b",
    re.IGNORECASE,
)
_MARKED = late(
    rf"[(\[]\s*(?:{_SPENT}|todo|tbd|wip|draft|placeholder|template|example|sample|planned|proposal|proposed)\s*[)\]]|[-–—:]\s*(?:{_SPENT}|todo|tbd|wip)\s*$"
    r"|^\W{0,4}(?:withdrawn|obsolete|superseded|draft|todo|tbd|wip|template|example|sample|planned|proposal|proposed)"
    r"\s*(?:[:\])–—]|-\s)",
    re.IGNORECASE,
)
_NEGATIONS = ("not", "n't", "never", "nobody", "none", "nothing", "no one", "no longer")
_NEGATION = late(r"\b(?:not|never|nobody|none|nothing|no one|no longer)\b|n't\b", re.IGNORECASE)
_OPENINGS = (
    "todo", "tbd", "tba", "fixme", "xxx", " soon", "under construction", "work in progress", "to be ", "placeholder",
)  # fmt: skip
_CUES = (
    *_NEGATIONS, *_GONE.split("|"), "deprecated", "draft", "propos", "planned", "idea", "stub", "sketch", "template",
    "applies", "holds", "[", "<", "____",
)  # fmt: skip
"""Of these every line has one that says anything of its section; they are sought before any pattern is."""
_LATIN_CUES = ("lorem", "ipsum", "dolor", "eiusmod", "incididunt", "consectetur", "veniam", "pariatur")
_BOX = late(r"\s{0,20}[-*+]\s+\[ ?\]\s")
_GAP = late(r"\[((?:[^\[\]\s]{1,40}\s+){2,30}[^\[\]\s]{1,40})\](?![(\[:])")
_WORD = late(r"[^\W\d_]{2,}")
_CODE = late(r"`[^`\n]{0,500}`")


def kept(line: str) -> str:
    """*line* without what is struck out, and without a sentence that only says that something is still to come."""
    if "~~" in line or "</" in line:
        line = _STRUCK.sub("", line)
    if not _any(_OPENINGS, line) or not _OPEN.search(_CODE.sub("", line)) or denial(line):
        return line
    return " ".join(part for part in _SENTENCE.split(line) if not _OPEN.search(_CODE.sub("", part)))


def taken_back(line: str) -> Iterator[tuple[int, int]]:
    """The stretches of *line* that are struck out."""
    if "~~" in line or "</" in line:
        yield from (found.span() for found in _STRUCK.finditer(line))


def box(line: str) -> bool:
    """Whether *line* begins an item with a box that nobody has ticked."""
    return _BOX.match(line) is not None


_STRUCK = late(r"~~[^~\n]{1,2000}~~|<(del|s|strike)>[^<\n]{0,2000}</\1>", re.IGNORECASE)
_SENTENCE = late(r"(?<=[.!?;])\s+")


def heading(text: str) -> Force:
    """Whether a heading takes back what stands below it."""
    found = _MARKED.search(text)
    return void(f"its heading says '{found[0].strip(' ()[]-–—:')}'") if found else IN_FORCE


def whole(lines: Sequence[str]) -> Force:
    """Whether the text before the first section takes back all of the document, or any line denies all of it."""
    return section(lines, judged=False)


def denial(line: str) -> str:
    """What *line* says of all that is written around it, if it says that none of it is so."""
    if not _any(_NEGATIONS, line):
        return ""
    line = _CODE.sub("", line)
    for pattern in (_DENIED, _DONE_BY_NOBODY, _NOT_OFFERED):
        found = pattern.search(line)
        if found and _NEGATION.search(found[0]):
            return found[0]
    found = _NONE_OF_IT.search(line)
    return found[0] if found else ""


def section(lines: Sequence[str], *, judged: bool = True) -> Force:
    """
    Whether a section holds and says something.

    Args:
        lines: Its prose, without code and comments.
        judged: Its words are looked at as well, and not only what it says of itself.
    """
    drafted, blanks = "", 0
    for line in lines:
        if not _any(_CUES, line):
            continue
        plain = _CODE.sub("", line)
        if found := _STATUS.search(plain) or _BEGINS.search(plain) or _SAYS.search(plain) or _LATER.search(plain):
            return void(f"it says '{' '.join(found[0].split())}'")
        if said := denial(plain):
            return void(f"it says '{said}'")
        if found := _DRAFT.search(plain):
            drafted = drafted or " ".join(found[0].split())
        blanks += len(_BLANK.findall(plain))
    if judged and (filler := _filler(lines)):
        return void(filler)
    if blanks > MOST_BLANKS:
        return unknown(f"it is a template with {blanks} gaps")
    if judged and (form := _form(lines)):
        return unknown(form)
    return unknown(f"it says '{drafted}'") if drafted else IN_FORCE


def _filler(lines: Sequence[str]) -> str:
    """What is wrong with the words of a section, if they are none that anybody meant."""
    text = "\n".join(lines).lower()
    words = [word for word in text.split() if word.isalnum() or _WORD.search(word)]
    if len(words) >= LEAST_JUDGED and len(different := set(words)) < LEAST_DIFFERENT:
        return f"it repeats {len(different)} words"
    if not _any(_LATIN_CUES, text):
        return ""
    latin = _LOREM.intersection(_WORD.findall(_CODE.sub("", text)))
    return "it is filler text" if len(latin) >= _LEAST_LATIN else ""


def _any(cues: Sequence[str], text: str) -> bool:
    lowered = text.lower()
    return any(cue in lowered for cue in cues)


def _form(lines: Sequence[str]) -> str:
    """Why a section is a form that is still to be filled in, if most of it is made of gaps or of open boxes."""
    written = [line for line in lines if line.strip()]
    if sum(map(box, written)) * 2 > len(written):
        return "it is a list of boxes that nobody has ticked"
    text = "\n".join(written)
    gaps = sum(len(found[1].split()) for found in _GAP.finditer(_CODE.sub("", text)))
    return "most of it is to be filled in" if gaps * 2 > len(text.split()) else ""
