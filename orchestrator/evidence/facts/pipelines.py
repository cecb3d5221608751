"""Reads the pipelines of every common CI system as one fact."""

from __future__ import annotations

import re
from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from .files import Files


class CiStep(Model):
    """One step: a shell command (``run``), or an action or plug-in (``uses``)."""

    name: str = ""
    uses: str = ""
    run: str = ""
    line: int = 0


class CiJob(Model):
    """One job of a pipeline."""

    id: str
    line: int = 0
    needs: tuple[str, ...] = ()
    environment: str = ""
    condition: str = ""
    stage: str = ""
    manual: bool = False
    steps: tuple[CiStep, ...] = ()


class Pipeline(Model):
    """One workflow file."""

    path: str
    system: str
    """github, gitlab, circleci, jenkins, azure, travis, cloudbuild, bitbucket, buildkite, drone, other."""
    title: str = ""
    triggers: tuple[str, ...] = ()
    """push, pull_request, schedule, tag, manual, release, call, other."""
    jobs: tuple[CiJob, ...] = ()
    paths: tuple[str, ...] = ()
    """Where a change must lie for a push or a pull request to start it; empty where any change does."""

    def at(self, item: CiJob | CiStep | None = None) -> Source:
        return Source(path=self.path, line=item.line if item else 1)


class Pipelines(Fact):
    """Every CI pipeline of the tree."""

    name: ClassVar[str] = "pipelines"

    files: tuple[Pipeline, ...] = ()

    def steps(self) -> list[tuple[Pipeline, CiJob, CiStep]]:
        """Every step with the pipeline and job it belongs to."""
        return [(p, j, s) for p in self.files for j in p.jobs for s in j.steps]


_OFF = frozenset({"test", "example", "vendored", "docs", "generated"})
_SYSTEMS = tuple(
    (system, re.compile(pattern))
    for system, pattern in (
        ("github", r"^\.github/workflows/[^/]+\.ya?ml$"),
        ("action", r"(^|/)action\.ya?ml$"),
        ("cloudbuild", r"(^|/)cloudbuild([^/]*|/[^/]+)\.ya?ml$"),
        ("gitlab", r"^([^/]*\.)?gitlab-ci\.ya?ml$|^\.gitlab(-ci)?/.*\.ya?ml$|^(.*/)?ci/.*\.ya?ml$|\.gitlab-ci\.ya?ml$"),
        ("circleci", r"^\.circleci/[^/]*\.ya?ml$"),
        ("travis", r"^\.travis\.ya?ml$"),
        ("azure", r"(^|/)azure-pipelines[^/]*\.ya?ml$|^\.(azuredevops|azure-pipelines|pipelines)/.*\.ya?ml$"),
        ("bitbucket", r"^bitbucket-pipelines\.ya?ml$"),
        ("buildkite", r"^\.buildkite/.*\.ya?ml$"),
        ("drone", r"^\.(drone|woodpecker)\.ya?ml$|^\.woodpecker/.*\.ya?ml$"),
        ("jenkins", r"(^|/)Jenkinsfile[^/]*$|\.jenkinsfile$"),
        ("other", r"(^|/)(\.?appveyor|buildspec[^/]*|\.cirrus)\.ya?ml$|^\.semaphore/[^/]*\.ya?ml$"),
    )
)
_EXAMPLE = re.compile(r"(^|/)(examples?|samples?|demos?|templates?)/")
_ROOTED = frozenset({"github", "circleci", "travis", "bitbucket", "buildkite", "drone"})


class PipelinesReader(Reader):
    """Parses pipelines by where they lie; composite actions and included files count where one can reach them."""

    fact = Pipelines

    def __init__(self) -> None:
        self._found: list[Pipeline] = []
        self._maybe: list[Pipeline] = []

    def wants(self, file: FileEntry) -> bool:
        system = _system(file.path)
        rooted = system in _ROOTED or file.path.startswith(".")
        return bool(system) and (rooted or (file.role not in _OFF and not _EXAMPLE.search(file.path)))

    def read(self, source: SourceFile) -> None:
        from . import _ci_github, _ci_gitlab, _ci_jenkins, _ci_others

        system = _system(source.path)
        kept, found = self._found, _ci_others.pipelines(system, source)
        if system == "jenkins":
            found = _ci_jenkins.pipeline(source)
        elif system == "github":
            found = _ci_github.workflow(source)
        elif system == "action":
            kept, found = self._maybe, _ci_github.action(source)
        elif system == "gitlab":
            rooted = source.path.lower() in (".gitlab-ci.yml", ".gitlab-ci.yaml")
            kept, found = self._found if rooted else self._maybe, _ci_gitlab.pipeline(source)
        for pipeline in found:  # what comes before a problem is kept
            kept.append(pipeline)

    def finish(self, files: Files) -> Fact:
        used = {s.uses.removeprefix("./").rstrip("/") for p in self._found for j in p.jobs for s in j.steps}
        gitlab = any(p.system == "gitlab" for p in self._found)
        reached = [p for p in self._maybe if _reached(p, used, gitlab)]
        return Pipelines(files=tuple(sorted(self._found + reached, key=lambda p: p.path)))


def _system(path: str) -> str:
    if not path.endswith(("yml", "yaml")) and "enkinsfile" not in path:
        return ""
    return next((system for system, pattern in _SYSTEMS if pattern.search(path)), "")


def _reached(pipeline: Pipeline, used: set[str], gitlab: bool) -> bool:
    if pipeline.system == "gitlab":
        return gitlab
    folder = pipeline.path.rpartition("/")[0]
    return folder.startswith(".github/") or folder in used
