"""Tells what publishes a versioned package, chart or release, and what pushes images."""

from __future__ import annotations

import re

from ...host.late import late
from ...vocabulary import words
from ..facts.pipelines import CiCommand, CiStep
from .names import bare

_KEPT_FILE = r"aws s3 cp\b(?=.{0,200}\$).{0,200}\.(?:zip|tgz|tar|jar|war|whl|apk|aab|ipa|deb|rpm|exe|dmg|nupkg)\b"
"""Not whatever is put into a bucket: lists and reports go there, too."""
_COMMAND = late(
    rf"\b(?:{words('commands/publishers').pattern}|release-tool publish|composer publish|"
    rf"{_KEPT_FILE}|curl\b.{{0,200}}(?:artifactory|nexus)\S*\$)"
)
_JVM = late(r"\bmvnw?\b.{0,200}\b(deploy|jib:build)\b|\bgradlew?\b.{0,200}\b(publish\w*|jib|artifactoryPublish)\b")
_ACTION = late(
    rf"{words('actions/publishers').pattern}|semantic-release|nuget/push|"
    r"deploy:(?:releases|npm|pypi|rubygems|cargo)",
    re.IGNORECASE,
)
_TASK = late(r"^(?:NuGetCommand|Npm)@")
"""Tasks that publish where their command says so."""
_ONLY_LOOKS = late(r"(?:echo|printf|pip3?|grep|cat|sed|which|git)\b")


def publishes(step: CiStep) -> bool:
    """Whether *step* publishes something that has a version and stays."""
    if step.after_failure:
        return False
    told = any(len(c.text.split()) > 1 for c in step.commands)
    if _ACTION.search(step.uses) and not (_TASK.search(step.uses) and told):
        return True
    return any(map(publishes_by_command, step.commands))


def publishes_by_command(command: CiCommand) -> bool:
    """Whether *command* publishes something that has a version and stays."""
    return names_publication(bare(command))


def names_publication(part: str) -> bool:
    """Whether the words of a command say that it publishes."""
    return not _ONLY_LOOKS.match(part) and bool(_COMMAND.search(part) or _JVM.search(part))
