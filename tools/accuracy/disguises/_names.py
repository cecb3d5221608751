"""Gives functions names that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from ._way import Disguise, Texts

_DEFINED = {
    "python": re.compile(r"^(?:async )?def ([a-z_]\w*)\(", re.MULTILINE),
    "javascript": re.compile(r"^(?:async )?function ([a-z]\w*)\(", re.MULTILINE),
    "go": re.compile(r"^func ([a-z]\w*)\(", re.MULTILINE),
}
_SUFFIXES = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".ts": "javascript", ".jsx": "javascript",
    ".tsx": "javascript", ".go": "go",
}  # fmt: skip
CONVENTIONS = frozenset({
    "main", "init", "upgrade", "downgrade", "up", "down", "forwards", "backwards", "handler", "handle", "setup",
    "lambda_handler", "teardown", "middleware", "app", "create_app", "application", "lifespan", "factory", "config",
    "default", "run", "configure", "register", "load_user", "index", "on_starting", "when_ready", "post_fork",
    "worker_exit", "pre_request", "tasks", "seed", "change",
})  # fmt: skip
"""Names by which a framework calls a function."""


def _free(name: str, texts: Texts, own: Iterable[str]) -> bool:
    """Whether nothing but calls and definitions in files of the language says *name*."""
    if name in CONVENTIONS or name.startswith(("test", "_", "pytest_", "get", "on_", "handle", "use")):
        return False
    word = re.compile(rf"(?<![\w-]){name}(?![\w-])")
    else_ = re.compile(
        rf"\.\s*{name}\b|['\"`/-]{name}\b|\b{name}['\"`/-]|\b{name}\s*[:=](?!=)|\b(?:export|import) [^\n]*\b{name}\b"
    )
    files = frozenset(own)
    return not any(word.search(text) if path not in files else else_.search(text) for path, text in texts.items())


def _functions(texts: Texts) -> dict[str, str | None]:
    changed: dict[str, str | None] = {}
    number = 0
    for language, defined in _DEFINED.items():
        own = {p: t for p, t in sorted(texts.items()) if _SUFFIXES.get(PurePosixPath(p).suffix) == language}
        names = dict.fromkeys(name for text in own.values() for name in defined.findall(text))
        for name in names:
            if _free(name, texts, own):
                number += 1
                own = {path: re.sub(rf"\b{name}\b", f"part{number}", text) for path, text in own.items()}
        changed |= {path: text for path, text in own.items() if text != texts[path]}
    return changed


WAYS = (Disguise("neutral names of functions", _functions),)
