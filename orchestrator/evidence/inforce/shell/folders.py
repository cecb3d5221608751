"""Tells in which folder of the tree a command stands that has gone from one to another."""

from __future__ import annotations


def joined(folder: str, step: str) -> str | None:
    """*step* seen from *folder*, within the tree; None where it leads out of it."""
    for start in ("$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "$CI_PROJECT_DIR", "${CI_PROJECT_DIR}"):
        if step.startswith(start):
            folder, step = "", step.removeprefix(start).lstrip("/")
    if step.startswith(("/", "~")):
        return None
    parts = folder.split("/") if folder else []
    for part in step.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
