"""Tells whether a command that a container is started with does any work."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

_NOTHING = frozenset({"true", ":", "false", "echo", "printf", "sleep", "exit", "date", "pwd", "hostname", "wait"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_LOOPS = frozenset({"while", "until", "do", "done", "trap", "then", "fi", "exec", "set"})
_MAX_SCRIPT = 2_000


def does_nothing(words: Sequence[object]) -> bool:
    """Whether the command that consists of *words* only waits, or only talks."""
    texts = [str(word) for word in words]
    if not texts:
        return False
    flags = 1
    while flags < len(texts) and texts[flags].startswith("-") and not texts[flags].endswith("c"):
        flags += 1
    if _program(texts[0]) in _SHELLS and flags + 1 < len(texts) and texts[flags].startswith("-"):
        return nothing_in(texts[flags + 1])
    return _idle(texts)


def nothing_in(script: str) -> bool:
    """The same for what a shell is told: nothing but such commands, however they are joined."""
    if len(script) > _MAX_SCRIPT or "$(" in script or "`" in script or ">" in script:
        return False
    lines = [line for line in script.replace("\\\n", " ").splitlines() if not line.lstrip().startswith("#")]
    try:
        lexer = shlex.shlex(" ; ".join(lines), posix=True, punctuation_chars=";&|")
        lexer.whitespace_split = True
        tokens = list(lexer)
    except ValueError:
        return False
    commands: list[list[str]] = [[]]
    for token in tokens:
        if set(token) <= set(";&|"):
            commands.append([])
        elif commands[-1] or token not in _LOOPS:
            commands[-1].append(token)
    said = [words for words in commands if words]
    return bool(said) and all(_idle(words) or words[0] in _LOOPS for words in said)


def _idle(words: list[str]) -> bool:
    program = _program(words[0])
    return (
        program in _NOTHING
        or (program == "tail" and words[-1] == "/dev/null")
        or words[1:]
        in (
            ["--version"],
            ["--help"],
        )
    )


def _program(word: str) -> str:
    return word.rpartition("/")[2]
