"""The CI systems of which pipelines are read, and where their files lie; ``readers/ci`` has a reader for each."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class CiSystem:
    """One CI system; its reader is the module of its name in ``readers/ci``."""

    name: str
    files: str
    """Pattern of the paths that are read."""
    named: str = ""
    """Pattern of names that, wherever they stand, have the role ``ci``, whether they are read or not."""
    folder: str = ""
    """Pattern of the folder at the top of a tree below which everything has the role ``ci``."""
    rooted: bool = False
    """It looks nowhere else, so that its files count whatever the folders are called that they lie in."""
    word: str = r".y"
    """Plain text that every such path has, so that most others are told apart at once."""


SYSTEMS = (
    CiSystem("github", r"^\.github/workflows/[^/]+\.ya?ml$", folder=r"\.github/(workflows|actions)", rooted=True),
    CiSystem("action", r"(^|/)action\.ya?ml$"),
    CiSystem(
        "cloudbuild",
        r"(^|/)cloudbuild([^/]*|/[^/]+)\.ya?ml$",
        named=r"cloudbuild([^/]*|/[^/]+)\.ya?ml",
    ),
    CiSystem(
        "gitlab",
        r"^([^/]*\.)?gitlab-ci\.ya?ml$|^\.gitlab(-ci)?/.*\.ya?ml$|^(.*/)?ci/.*\.ya?ml$|\.gitlab-ci\.ya?ml$",
        named=r"\.gitlab-ci\.ya?ml",
        folder=r"\.gitlab/ci",
    ),
    CiSystem("circleci", r"^\.circleci/[^/]*\.ya?ml$", folder=r"\.circleci", rooted=True),
    CiSystem("travis", r"^\.travis\.ya?ml$", named=r"\.travis\.ya?ml", rooted=True),
    CiSystem(
        "azure",
        r"(^|/)azure-pipelines[^/]*\.ya?ml$|^\.(azuredevops|azure-pipelines|pipelines)/.*\.ya?ml$",
        named=r"azure-pipelines[^/]*\.ya?ml",
        folder=r"\.azuredevops",
    ),
    CiSystem("bitbucket", r"^bitbucket-pipelines\.ya?ml$", named=r"bitbucket-pipelines\.ya?ml", rooted=True),
    CiSystem("buildkite", r"^\.buildkite/.*\.ya?ml$", folder=r"\.buildkite", rooted=True),
    CiSystem(
        "drone",
        r"^\.(drone|woodpecker)\.ya?ml$|^\.woodpecker/.*\.ya?ml$",
        named=r"\.(drone|woodpecker)\.ya?ml",
        folder=r"\.woodpecker",
        rooted=True,
    ),
    CiSystem(
        "jenkins",
        r"(^|/)Jenkinsfile[^/]*$|\.jenkinsfile$",
        named=r"Jenkinsfile[^/]*",
        word="enkinsfile",
    ),
    CiSystem(
        "other",
        r"(^|/)(\.?appveyor|buildspec[^/]*|\.cirrus)\.ya?ml$|^\.semaphore/[^/]*\.ya?ml$",
        named=r"appveyor\.ya?ml|buildspec\.ya?ml",
    ),
)
"""Of those that a path fits, the first reads it."""
_NAMED = "|".join((*(s.named for s in SYSTEMS if s.named), r"skaffold[^/]*\.ya?ml"))
_FOLDERS = "|".join((*(s.folder for s in SYSTEMS if s.folder), r"\.tekton"))
OF_CI = re.compile(rf"(^|/)({_NAMED})$|^({_FOLDERS})/")
"""The paths whose role is ``ci``: some belong to CI and hold no pipeline that is read."""
_FILES = tuple((system, re.compile(system.files)) for system in SYSTEMS)
_WORDS = tuple({system.word: None for system in SYSTEMS})


def system_of(path: str) -> CiSystem | None:
    """The system that reads the file at *path*."""
    if not any(word in path for word in _WORDS):
        return None
    return next((system for system, pattern in _FILES if pattern.search(path)), None)
