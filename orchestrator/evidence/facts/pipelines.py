"""The pipelines of CI: their jobs, and the steps of each."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ._packages import of_action


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

    def purl(self, step: CiStep) -> str:
        """The package URL of the action that *step* uses, such as ``pkg:github/actions/checkout@v4``; else nothing."""
        return of_action(step.uses) if self.system == "github" else ""


class Pipelines(Fact):
    """Every CI pipeline of the tree."""

    name: ClassVar[str] = "pipelines"

    files: tuple[Pipeline, ...] = ()

    def steps(self) -> list[tuple[Pipeline, CiJob, CiStep]]:
        """Every step with the pipeline and job it belongs to."""
        return [(p, j, s) for p in self.files for j in p.jobs for s in j.steps]
