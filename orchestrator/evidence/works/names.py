"""What commands and the things they call are named after, and which commands only talk or fetch."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...host.late import late
from ..facts.pipelines import CiCommand

_TALK = late(
    r"^(echo|printf|cat|git|rm|cp|mv|mkdir|ls|tar|sed|grep|awk|curl|wget|zip|unzip|find|export|set|chmod|"
    r"source|touch|then|"
    r"which|command|gh|jq)\b|^(test -|\[)"
)
_INSTALL = late(
    r"\b((uv )?pip3?|pipx|npm|pnpm|yarn|bun|apt|apt-get|apk|brew|gem|cargo|go|poetry|conda|choco|dnf|yum|"
    r"bundle|dotnet tool)"
    r"( -\S+)* (install|i|add|ci|get|require|sync)\b"
)
_TARGET = late(r"^(?:sudo )?(?:make|gmake|just|task|mage|invoke|inv|earthly|rake|nox -s|pre-commit run)\b(.{0,300})")
_SCRIPT = late(
    r"^(?:\w+=\S* )*(?:(?:bash|sh|zsh|python3?|node|ruby|pwsh|source|\.|time|xvfb-run|sudo|bundle exec|"
    r"uv run|poetry run) (?:-\S+ )*)*"
    r"((?:\./)?[\w.-]*(?:/[\w.${} -]+?)?(?:\.(?:sh|py|js|ts|mjs|cjs|rb|ps1|bat))?)(?:\s|$)"
)
_RUNNER = frozenset({"npm", "pnpm", "yarn", "bun", "composer", "pipenv"})
_PREFIX = late(
    r"^(?:(?:sudo|env|time|nice|nohup|exec|command|then|do)\b(?: -\S+)*\s+|\w+=(?:\"[^\"]*\"|'[^']*'|\S*)\s+)+"
)


def bare(command: CiCommand) -> str:
    """The command without what it is told in quotes, and without variables and wrappers in front of it."""
    return _PREFIX.sub("", command.plain)


def talks(part: str) -> bool:
    """Whether a command only looks, prints or moves files."""
    return _TALK.match(part) is not None


def installs(part: str) -> bool:
    """Whether a command only fetches packages, whatever they are called."""
    return _INSTALL.search(part) is not None


def called(part: str) -> Iterable[str]:
    """What a command calls by a name of the project's own: targets of make and its like, scripts of the tree."""
    if target := _TARGET.match(part):
        return [w for w in target[1].split()[:10] if not w.startswith("-") and "=" not in w]
    words = part.split()[:8]
    if words and words[0] in _RUNNER:
        return [w for w in words[1:] if w.startswith(("build", "compile"))]
    script = _SCRIPT.match(part)
    if script and ("/" in script[1] or script[1].endswith((".sh", ".ps1", ".bat"))):
        return [script[1].rpartition("/")[2].partition(".")[0] or script[1]]
    return []


def of_packages(part: str) -> Iterable[str]:
    """The names by which a command asks a package manager for scripts."""
    words = part.split()[:8]
    return [w for w in words[1:] if not w.startswith("-")] if words and words[0] in _RUNNER else []


def parts_of(name: str) -> set[str]:
    """The words that a name is made of."""
    return set(re.split(r"[-_:./]", name.lower()))
