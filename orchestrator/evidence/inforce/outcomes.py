"""Tells whether a command that is asked for health can answer both yes and no."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from .force import IN_FORCE, Force, void

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh", "busybox"})
_SUCCEED = frozenset(
    {"true", ":", "echo", "printf", "pwd", "date", "whoami", "hostname", "uname", "id", "sleep", "env"}
)
_FAIL = frozenset({"false"})
_SAYS_ITSELF = frozenset({"--version", "--help", "-version", "-help"})
_BETWEEN = frozenset({";", "&&", "||", "|", "&", "\n"})
_PREFIXES = frozenset({"exec", "command", "time", "nice", "sudo", "env", "busybox", "/bin/busybox"})
_MAX_SCRIPT = 4_000
_ALWAYS = void("always succeeds")
_NEVER = void("always fails")


def of_words(words: Sequence[object]) -> Force:
    """Whether the command that consists of *words* can succeed and can fail; in force where it cannot be told."""
    texts = [str(word) for word in words if isinstance(word, str | int | float)]
    if len(texts) != len(words) or not texts:
        return void("is no command")
    while len(texts) > 1 and _program(texts[0]) in _PREFIXES and not texts[1].startswith("-") and "=" not in texts[1]:
        texts = texts[1:]
    flags = 1
    while flags < len(texts) and texts[flags].startswith("-") and not texts[flags].endswith("c"):
        flags += 1
    if _program(texts[0]) in _SHELLS and flags + 1 < len(texts) and texts[flags].startswith("-"):
        stops = any("e" in flag for flag in texts[1 : flags + 1])
        return of_script(f"set -e; {texts[flags + 1]}" if stops else texts[flags + 1])
    return _simple(texts)


def of_script(script: str) -> Force:
    """The same for what a shell is told; by its last command, unless one before it ends the script."""
    if len(script) > _MAX_SCRIPT:
        return IN_FORCE
    lines = [line for line in script.replace("\\\n", " ").splitlines() if line.strip()]
    try:
        commands = _commands(" ; ".join(line for line in lines if not line.lstrip().startswith("#")))
    except ValueError:
        return IN_FORCE
    if not commands:
        return void("is no command")
    for number, (joint, words) in enumerate(commands):
        if _program(words[0]) == "exit" and joint in ("", ";"):
            return _end(words, commands[:number])
        if joint in ("", ";") and (words[0] in _BLOCKS or words[0].endswith("()")):
            break
    return _last(commands)


_BLOCKS = frozenset({"if", "while", "until", "for", "case", "{", "(", "function", "trap", "!"})


def _commands(script: str) -> list[tuple[str, list[str]]]:
    """The commands of *script*, each with what joins it to the one before."""
    lexer = shlex.shlex(script, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    found: list[tuple[str, list[str]]] = []
    joint, words = "", list[str]()
    for token in lexer:
        if set(token) <= set(";&|"):
            if words:
                found.append((joint, words))
            joint, words = (token if token in _BETWEEN else ";"), []
        else:
            words.append(token)
    if words:
        found.append((joint, words))
    elif joint == "&" and found:
        found.append((";", ["true"]))  # what runs behind one's back says nothing
    return found


def _last(commands: list[tuple[str, list[str]]]) -> Force:
    """What the last list of commands comes to, of which each part decides as it is joined."""
    joint, words = commands[-1]
    if words[0] in ("fi", "done", "esac", "}", ")"):
        return IN_FORCE
    last = _simple(words)
    stops = any("set" == w[0] and any(flag.startswith("-") and "e" in flag for flag in w[1:]) for _, w in commands)
    ended = any(("exit" in w or "return" in w) and _simple(w) is not _ALWAYS for _, w in commands[:-1])
    if joint == "||":
        return last if last is _ALWAYS and not ended else IN_FORCE
    if joint == "&&":
        return IN_FORCE if last is not _NEVER else last
    if joint in ("|",):
        return last if last is _ALWAYS else IN_FORCE
    return last if len(commands) == 1 or not (stops or ended) else IN_FORCE


def _end(words: list[str], before: list[tuple[str, list[str]]]) -> Force:
    """What ``exit`` comes to, where nothing decides whether it is reached."""
    if any(_program(w[0]) in ("exit", "return", "set") or w[0] in _BLOCKS for _, w in before):
        return IN_FORCE
    code = words[1] if len(words) > 1 else ""
    if not code:
        return IN_FORCE if before else _ALWAYS
    return (_ALWAYS if int(code) % 256 == 0 else _NEVER) if code.isdigit() and len(code) < 6 else IN_FORCE


def _simple(words: list[str]) -> Force:
    program = _program(words[0])
    if program == "exit":
        return _end(words, [])
    if program in _SUCCEED:
        return _ALWAYS
    if program in _FAIL:
        return _NEVER
    if len(words) == 2 and words[1] in _SAYS_ITSELF:
        return _ALWAYS
    tested = words[1:-1] if program == "[" else words[1:] if program == "test" else None
    if tested is not None and len(tested) == 1 and tested[0] and "$" not in tested[0] and "`" not in tested[0]:
        return _ALWAYS
    return IN_FORCE


def _program(word: str) -> str:
    return word.rpartition("/")[2]
