"""Every check is held to saying what it says in one well-made sentence, of one thing and of a thousand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from orchestrator import Check
from orchestrator.planning.roster import built_in
from tests.agents.test_growth import facts_for
from tests.growing import FORMS, grown
from tests.sampling import drawn

CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
AGENTS = Path(__file__).parents[2] / "agents"
TIMES = (2, 7, 1_000)
LARGE = dict(
    drawn(
        [(name, FORMS[(number + 1) % len(FORMS)]) for number, name in enumerate(sorted(CHECKS))],
        3,
        kind=lambda case: (case[0].partition(".")[0], case[1]),
    )
)
"""Checks that are shown a thousand every time, and in which form: each agent in each form."""
LONGEST = 320
"""Characters of a message without what it quotes from the tree."""

Tree = Mapping[str, str]

_COUNT = r"(?<![\w.,:/+-])(?!1 )\d[\d,]*"
_ONE = r"(?<![\w.,:/+-])1"
_WRONG = {
    "ends in a full stop": r"\.$",
    "is more than one sentence": r"[a-z)]\. [A-Z]",
    "leaves the number open": r"\((?:e?s|ies)\)",
    "has one of many": rf"{_ONE} (?!(?:class|process|access|address|alias|more)\b)[a-z]+s\b(?<!ss)",
    "counts nothing": r"\b(?:and|nor|neither)(?: \w+){0,3} (?:0|-\d+)\b|\b0 more\b",
    "repeats a word": r"(?i)\b([A-Za-z]+) \1\b",
    "has a verb for one of many": rf"(?<!of ){_COUNT}(?: of [\d,]+)? (?:more|(?:[a-z]+ ){{0,3}}?(?!ms\b)[a-z]+s) "
    r"(?:is|was|has|does|runs|keeps|sends)\b",
    "has a verb for many of one": rf"(?:{_ONE} (?!more)\w+|, and 1 more) (?:are|were|have|do|run|stand|keep|send)\b|"
    r"^[a-z]\S*[._]\S* (?:are|were|have)\b",
    "has odd spaces": r"\n|  | [,;)]| \.(?!\w)|\( |^ | $",
}
"""What no message looks like, by what is wrong with it."""
_OPENING = re.compile(
    r"(?:a|an|all|any|at|both|by|caching|code|each|every|few|first|for|if|images?|in|it|jobs?|lines?|logs?|more|most|names?|"
    r"nobody|none|nothing|no|of|on|only|one|or|path|places?|route|some|step|table|tests?|that|there|these|the|they|this|"
    r"those|to|two|users?|what|when|where|whether|who|with)"
)
"""Words that a tree may hold as names, and that begin a message as words of our own."""


def faults(message: str, files: Tree) -> list[str]:
    """What is wrong with *message*, which may quote lines of *files* and names from them."""
    own = _unquoted(message, files)
    found = [f"{what}: {message!r}" for what, pattern in _WRONG.items() if re.search(pattern, own)]
    if len(own) > LONGEST:
        found.append(f"has {len(own)} characters: {message!r}")
    first = re.split(r"[^\w@/.-]", message, maxsplit=1)[0]
    if message[:1].islower() and (
        _OPENING.fullmatch(first) or not all(_stands_in(part, files) for part in first.split("."))
    ):
        found.append(f"begins with a small letter: {message!r}")
    return found


def _unquoted(message: str, files: Tree) -> str:
    """*message* with an ellipsis for each line of the tree in it, and for what stands in quotes."""
    lines = {line.strip() for text in files.values() for line in text.splitlines()}
    for line in sorted((line for line in lines if len(line) > 3 and line in message), key=len, reverse=True):
        message = message.replace(line, "…")
    return re.sub(r"'[^' ]+(?: [^' ]+)*'", "…", message)


def _stands_in(word: str, files: Tree) -> bool:
    return any(word in text or word in path for path, text in files.items())


def said_of(check: Check, trees: Iterator[Tree]) -> list[str]:
    """The faults of everything that *check* says of *trees*, each once."""
    found: dict[str, None] = {}
    for files in trees:
        for draft in check.run(facts_for(check, dict(files))):
            found |= dict.fromkeys(faults(draft.message, files))
    return list(found)


def examples(check: Check) -> list[Tree]:
    return [example.files for kind in (check.clean, check.flagged, check.silent) for example in kind]


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_example(name: str) -> None:
    """
    Whatever an example brings a check to say is one sentence, with a capital, and with no number left open.
    """
    assert [] == said_of(CHECKS[name], iter(examples(CHECKS[name])))


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_of_many(name: str) -> None:
    """
    So it is of two things, of seven, and for some of a thousand; `make soak` grows every example in every form.
    """
    check = CHECKS[name]
    trees = (grown(check.flagged[0].files, times, form) for times in TIMES[:2] for form in FORMS)
    large = (grown(check.flagged[0].files, TIMES[2], form) for form in ([LARGE[name]] if name in LARGE else []))

    assert [] == said_of(check, trees) + said_of(check, large)


@pytest.mark.soak
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_example_of_many(name: str, form: str) -> None:
    """
    However an example is grown, its check finds words for it.
    """
    check = CHECKS[name]

    assert [] == said_of(check, (grown(files, times, form) for files in examples(check) for times in TIMES))


def beginnings() -> Iterator[tuple[str, str]]:
    """The places where an agent gives a message that begins with words of its own, and these words."""
    for path in sorted(AGENTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and _speaks(node.func):
                first = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{path.relative_to(AGENTS)}:{node.lineno}", first.value


def _speaks(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr in ("say", "like")
    return isinstance(called, ast.Name) and called.id in ("failed", "passed", "unsure")


def test_a_capital() -> None:
    """
    A message that begins with words of its own begins with a capital; only a name may stand there as it is written.
    """
    small = re.compile(r"[a-z]+(?:\s|$)")

    assert [] == [f"{where}: {text}" for where, text in beginnings() if small.match(text)]
    assert len(list(beginnings())) > 300


FILES = {"a.py": "x = 1\nlog.info('twice twice. Then more')\n"}
BAD = (
    "the gate is open",
    "The gate is open.",
    "The gate is open. Nobody shuts it",
    "3 gate(s) are open",
    "1 gates stand open",
    "The north gate is open, and 0 more",
    "The the gate is open",
    "7 gates is open",
    "2 of 7 iron gates is open",
    "main.gate are open",
    "North and 2 more has no guard",
    "North has no guard, and 1 more have none",
    "The gate  is open",
    "The gate is open " + "and open " * 40,
)
GOOD = (
    "The gate is open",
    "a.py has no guard",
    "1 gate stands open",
    "7 gates are open",
    "1 of 7 iron gates is open",
    "None of 7 gates is open",
    "North, south and 1,000 more have no guard",
    "Something is logged: log.info('twice twice. Then more')",
)


@pytest.mark.parametrize("message", BAD)
def test_a_bad_sentence_is_found(message: str) -> None:
    """
    The tests above see what is wrong.
    """
    assert faults(message, FILES)


@pytest.mark.parametrize("message", GOOD)
def test_a_good_sentence_is_none(message: str) -> None:
    """
    What is right is left alone, and what a message quotes is not a word of its own.
    """
    assert [] == faults(message, FILES)
