"""Tells commands and actions that build or compile software."""

from __future__ import annotations

import re

from ...host.late import late
from ...vocabulary import words
from ..facts.pipelines import CiCommand, CiStep
from .names import bare, called, parts_of, talks

_BUILD = late(
    rf"\b(?:{words('commands/builders').pattern})\b|"
    rf"(?:{words('commands/build-subcommands').pattern})(?: -\S+)* (?:build|bake|release|bud)\b|"
    r"^\$\{?\w+\}? build\b"
)
_JVM_BUILDS = late(r"\s:?([\w-]+:)*(compile|package|verify|install|deploy|build|assemble|bootJar|jar|shadowJar)\b")
_NAME_BUILDS = frozenset(
    ["build", "builds", "compile", "assemble", "dist", "bundle", "package", "bootstrap", "prepublish", "cibuild", "all"]
)
_JVM = late(r"\b(mvnw?|gradlew?)\b")
_ACTION = late(words("actions/builders").pattern, re.IGNORECASE)


def builds(command: CiCommand) -> bool:
    """Whether *command* builds itself, as far as its words and those of what it calls tell."""
    part = bare(command)
    if command.calls in ("followed", "absent") or talks(part):
        return False
    if _JVM.search(part):
        return bool(_JVM_BUILDS.search(part))
    named = any(parts_of(name) & _NAME_BUILDS for name in called(part))
    return bool(_BUILD.search(part)) or named or part in ("make", "rake", "npm run build", "yarn build", "pnpm build")


def asks_for_build(command: CiCommand) -> bool:
    """Whether *command* calls something of the tree that is named after building."""
    part = bare(command)
    named = (*called(part), *(w for w in part.split()[1:8] if w.startswith(("build", "compile"))))
    return command.calls == "followed" and (any(parts_of(n) & _NAME_BUILDS for n in named) or part == "make")


def builds_by_action(step: CiStep) -> bool:
    """Whether the action that *step* uses builds."""
    return _ACTION.search(step.uses) is not None
