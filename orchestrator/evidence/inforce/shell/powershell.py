"""Reads the commands of a PowerShell script line by line; what stands in a block cannot be told without a grammar."""

from __future__ import annotations

import re

from ..force import IN_FORCE, Force, unknown, void
from .script import MAX_COMMANDS, Command, Script
from .syntax import MAX_BYTES, TEMPLATES

_BLOCK_COMMENT = re.compile(r"<#.*?(?:#>|\Z)", re.DOTALL)
_HERE_STRING = re.compile(r"@(['\"])\n.*?\n\1@", re.DOTALL)
_COMMAND = re.compile(r"(?:&\s+)?[\"']?[\w.\\/$:{}-]*[A-Za-z][\w.\\/:-]*[\"']?(?:\s.*)?")
_NO_COMMAND = re.compile(
    r"(?:\$|\}|\{|#|\[|\(|@|(?:if|elseif|else|for|foreach|while|do|switch|try|catch|finally|function|param|return|throw|"
    r"begin|process|end)\b|(?:Write-\w+|Set-Variable|Import-Module|Start-Sleep|New-Item|Remove-Item|Copy-Item|Move-Item|"
    r"Get-\w+|Set-\w+|Add-\w+|Out-\w+|Test-Path|echo|cd|exit)\b)",
    re.IGNORECASE,
)
"""What begins otherwise than the commands of other programs do."""


def read(script: str) -> Script:
    """The commands of *script*; one within a block is left open, since what stands before the block is not read."""
    if len(script) > MAX_BYTES:
        return Script(unread=((0, f"is longer than the {MAX_BYTES:,} characters that are read"),))
    blank = _HERE_STRING.sub(_lines_of, _BLOCK_COMMENT.sub(_lines_of, script))
    found: list[Command] = []
    depth = 0
    ended: Force = IN_FORCE
    lines = blank.split("\n")
    at = 0
    while at < len(lines) and len(found) < MAX_COMMANDS:
        first, line = at, lines[at].strip()
        while line.endswith("`") and at + 1 < len(lines):
            at += 1
            line = f"{line[:-1].rstrip()} {lines[at].strip()}"
        at += 1
        filled = TEMPLATES.sub("_", line)
        opens = filled.count("{") - filled.count("}")
        if _COMMAND.fullmatch(line) and not _NO_COMMAND.match(line):
            force = unknown("stands in a block of PowerShell, which is not followed") if depth or opens else ended
            text = re.sub(r"^&\s+", "", line)
            found.append(Command(text, first, force, False, tuple(text.split())))
        elif not depth and ended and (left := re.match(r"exit\b.*", line, re.IGNORECASE)):
            ended = void(f"comes after `{left[0][:40]}`")
        depth = max(0, depth + opens)
    return Script(tuple(_last_heeded(found)))


def _last_heeded(commands: list[Command]) -> list[Command]:
    """*commands*, of which the last one's failure is the script's."""
    return [Command(c.text, c.line, c.force, number == len(commands) - 1, c.words) for number, c in enumerate(commands)]


def _lines_of(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
