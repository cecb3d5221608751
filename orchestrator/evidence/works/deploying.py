"""Tells what puts a version into service, what brings the former one back, and what is made to be thrown away."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...domain.fact import Source
from ...host.late import late
from ...vocabulary import words
from ..facts.pipelines import CiCommand, CiJob, CiStep, Pipeline, Pipelines
from ..stages import Stage, stage_of_work
from .names import bare

_COMMAND = late(rf"(?<![\w./=-])(?:{words('commands/deployments').pattern}|{words('commands/deliveries').pattern})")
_ACTION = late(
    rf"{words('actions/deployments').pattern}|containerapps-deploy|helm-deploy|action-helm|serverless-github-action|"
    r"configure-and-deploy|kamal|deploy:(?:heroku|s3|pages|lambda|elasticbeanstalk|codedeploy)",
    re.IGNORECASE,
)
_NOT = late(
    r"(?<!--)\bdelete\b|(?<!-)\bconfig\b(?!-)|(?<!-)\b(?:describe|list|logs|login|plan|revisions)\b|"
    r"helm .{0,80}(?:cert-manager|prometheus|ingress-nginx|argo-rollouts|localstack)|minikube|kind-"
)
"""Commands of the same programs that leave everything where it is, or bring in what others have made."""
_ONLY_LOOKS = re.compile(r"(?:grep|egrep|rg|cat|sed|awk|which|type|man|git (?!push)|gh |alias|test|echo|printf)\b")
_BACK = re.compile(rf"\b(?:{words('commands/rollbacks').pattern})|roll-?back", re.IGNORECASE)
_SCHEMA = re.compile(
    r"\bdb\b|\bdb:|migrat|liquibase|flyway|knex|sequelize|transaction|schema|ecto|sqlx|alembic|artisan|doctrine|goose|dbmate",
    re.IGNORECASE,
)
_SHIFTS = re.compile(
    r"\baws lambda (?:update-alias|update-function-code)\b|\baws elbv2 modify-(?:listener|rule)\b"
    r"|\baz containerapp ingress traffic set\b|\baz webapp (?:deployment slot swap|traffic-routing)\b"
    r"|\baws deploy stop-deployment\b|\baws ssm put-parameter\b.{0,200}version|\bgit (?:-\S+ )*push\b"
)
"""Commands that move what is in service without bringing anything new."""
_FORMER = re.compile(
    r"(?<![a-z])(?:before|previous|prev|former|last[-_ ]?(?:good|known|stable|working)|stable|old|earlier|"
    r"roll-?back)(?![a-z])"
    r"|HEAD[~^]|\bgit (?:-\S+ )*revert\b",
    re.IGNORECASE,
)
"""What names the version that was in service before."""
_OF_RETURN = re.compile(r"(?:^|[/_-])(?:go-?)?(?:back|rollback|roll-back|undo|revert|previous)(?:[._-][\w.-]{0,40})?$")
"""What scripts are called that bring the former version back."""
_HANDED = re.compile(
    r"\bkustomize edit set image\b|\byq\b.{0,200}(?:image|tag|version)|\bsed -\w*i\b.{0,200}(?:image|tag|version)"
)
_REVERT = re.compile(r"\bgit (?:-\S+(?: \w+[.=]\S+)? )*revert\b")
_PUSH = re.compile(r"\bgit (?:-\S+(?: \w+[.=]\S+)? )*push\b")
"""Together they write into a repository which version is to run, and leave the rest to who follows it."""
_THROW_AWAY = re.compile(
    r"kind create cluster|kind-action|minikube|\bk3d\b|k3s|microk8s|localstack|ct install|molecule", re.IGNORECASE
)


_PAGES = late(r"deploy-pages|gh-pages|github-pages|deploy:pages|mkdocs gh-deploy", re.IGNORECASE)
_DOCUMENTS = late(
    r"!|(?:\./)?(?:\*\*/)?(?:docs?|documentation|mkdocs\.ya?ml|README[^/]*|CHANGELOG[^/]*)(?:/|$)|.*\.(?:md|mdx|rst)$"
)
_OF_DOCUMENTS = late(r"(?:^|[^a-z])(?:docs?|documentation)(?:[^a-z]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Deployment:
    """One step that puts something into service."""

    pipeline: Pipeline
    job: CiJob
    step: CiStep

    @property
    def at(self) -> Source:
        return self.pipeline.at(self.step if self.step.line else self.job)

    @property
    def lower(self) -> bool:
        """Whether its environment, job or file say that it is not production, and nothing says that it is."""
        return self.stage in ("rehearsal", "development")

    @property
    def stage(self) -> Stage | None:
        """The stage that it puts something into, as far as something says so."""
        job = self.job
        return stage_of_work(job.environment, job.id, job.stage, self.step.name, path=self.pipeline.path)

    @property
    def proposed(self) -> bool:
        """Whether it only runs for proposed changes."""
        triggers = self.pipeline.triggers_of(self.job)
        return bool(triggers) and triggers <= {"pull_request"}


def deployments(pipelines: Pipelines) -> list[Deployment]:
    """Every step that deploys, but into a cluster that the job itself made to throw away."""
    return [
        Deployment(p, j, s)
        for p in pipelines.files
        for j in p.jobs
        if not j.after_failure and not any(map(throws_away, j.steps)) and not publishes_documents(p, j)
        for s in j.steps
        if deploys(s)
    ]


def publishes_documents(pipeline: Pipeline, job: CiJob) -> bool:
    """Whether all that *job* puts into service is what people read about the product: changes of it alone start it."""
    if pipeline.paths and all(map(_DOCUMENTS.match, pipeline.paths)):
        return True
    said = [step.said for step in job.steps if deploys(step)]
    titled = _OF_DOCUMENTS.search(job.id) or _OF_DOCUMENTS.search(pipeline.title)
    return bool(said) and titled is not None and all(map(_PAGES.search, said))


def deploys(step: CiStep) -> bool:
    """Whether *step* puts something into service."""
    if step.after_failure:
        return False
    return bool(_ACTION.search(step.uses)) or any(map(deploys_by_command, step.commands)) or _hands_over(step)


def _hands_over(step: CiStep) -> bool:
    """Whether *step* writes into a repository that others follow which version is to run."""
    told = [command.text for command in step.commands if command.instead is None]
    handed = next((n for n, text in enumerate(told) if _HANDED.search(text)), None)
    return handed is not None and any(map(_PUSH.search, told[handed:]))


def deploys_by_command(command: CiCommand) -> bool:
    """Whether *command* puts something new into service."""
    if command.instead is not None or _OF_RETURN.search(command.path):
        return False
    return names_deployment(bare(command))


def names_deployment(part: str) -> bool:
    """Whether the words of a command say that it puts something into service."""
    return not _ONLY_LOOKS.match(part) and bool(_COMMAND.search(part)) and not _NOT.search(part)


def goes_back(step: CiStep) -> bool:
    """Whether *step* returns to the former version."""
    if not (step.uses or step.commands):
        return False
    titled = _BACK.search(step.name) and not _SCHEMA.search(step.name)
    reverted = [n for n, c in enumerate(step.commands) if _REVERT.search(c.text) and (step.after_failure or c.instead)]
    if reverted and any(_PUSH.search(command.text) for command in step.commands[reverted[0] :]):
        return True
    return bool(titled) or any(goes_back_by_command(command, step.after_failure) for command in step.commands)


def goes_back_by_command(command: CiCommand, failed: bool = False) -> bool:
    """Whether *command* returns to the former version; *failed* where its step runs only after a failure."""
    part = bare(command)
    if command.calls == "absent" or _SCHEMA.search(part):
        return False
    if _BACK.search(part):
        return command.calls != "followed"
    brings = names_deployment(part) or bool(_SHIFTS.search(part))
    if _OF_RETURN.search(command.path) and (brings or names_deployment(command.text)):
        return True
    return (failed or command.instead is not None) and brings and bool(_FORMER.search(command.text))


def throws_away(step: CiStep) -> bool:
    """Whether *step* makes a cluster or a cloud that goes when the job ends."""
    return bool(_THROW_AWAY.search(step.uses)) or any(_THROW_AWAY.search(c.plain) for c in step.commands)
