"""Follows a command to the script of the tree that it runs, by itself or with a shell."""

from __future__ import annotations

import re

from ..inforce.shell import Manner
from ..inforce.shell.folders import joined
from ._called import Called, Part, Texts, known

_INTERPRETERS = frozenset(
    {
        "python",
        "python3",
        "node",
        "ruby",
        "perl",
        "php",
        "pwsh",
        "powershell",
        "deno",
        "tsx",
        "ts-node",
        "rscript",
        "bun",
    }
)
_WRAPPERS = re.compile(r"(?:^|/)(?:gradlew|mvnw)(?:\.bat|\.cmd)?$")
"""Start the program of their name, with the words that follow; nobody wrote them."""
_SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ash", "source", "."})


def of_script(texts: Texts, words: list[str], folder: str) -> Called | None:
    """The script that *words*, said in *folder*, run; None where they run none of the tree."""
    shell = words[0].rpartition("/")[2] in _SHELLS
    interpreted = words[0].rpartition("/")[2] in _INTERPRETERS
    rest = words[1:] if shell or interpreted else words
    flags: list[str] = []
    while rest and rest[0].startswith("-") and (shell or interpreted):
        flags.append(rest[0])
        if rest[0] in (() if shell else ("-m", "-e", "--eval")) or re.fullmatch(r"-\w*c", rest[0]):
            return None
        rest = rest[1:]
    if not rest:
        return None
    name = rest[0]
    if not (shell or interpreted) and ("/" not in name or _WRAPPERS.search(name)):
        return None
    if not re.fullmatch(r"[\w./${}@+-]+", name):
        return None
    path = _found(texts, name, folder)
    if path is None:
        looks = name.startswith(("./", "../")) or re.search(r"\.(?:sh|bash|ps1|bat|py|js|mjs|cjs|ts|rb|php|pl)$", name)
        outside = name.startswith(("/", "~", "$HOME")) or "node_modules" in name or "vendor/" in name
        return Called("absent") if looks and not outside else None
    if path not in texts.of or interpreted:
        return Called("unread")
    text = texts.of[path]
    head = text[:200].split("\n", 1)[0]
    if head.startswith("#!") and not re.search(r"\b(?:ba|da|z|k|a)?sh\b", head):
        return Called("unread")
    errexit = bool(re.search(r"\s-\w*e", head)) or any("e" in flag for flag in flags if not flag.startswith("--"))
    variables = {str(number): word for number, word in enumerate(rest[1:10], 1) if "$" not in word}
    variables |= {str(number): "" for number in range(len(rest), 10)}
    return Called("followed", path, (Part(text, path, 1, Manner(errexit=errexit), known(folder), variables),))


def _found(texts: Texts, name: str, folder: str) -> str | None:
    """The file of the tree that *name* means, seen from *folder*."""
    for start in (known(folder), ""):
        path = joined(start, re.sub(r"^\$\{?(?:PWD|SCRIPT_DIR|ROOT_DIR|ROOT|DIR|BASEDIR|REPO_ROOT)\}?/", "", name))
        if path is not None and path in texts.paths:
            return path
    if name.startswith("$"):  # a folder that only the run knows; the rest of the path tells enough if it is alone
        tail = "/" + name.partition("/")[2]
        fitting = [path for path in texts.of if f"/{path}".endswith(tail)] if len(tail) > 4 else []
        return fitting[0] if len(fitting) == 1 else None
    return None
