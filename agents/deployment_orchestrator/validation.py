"""Judges what happens once a version is out: who undoes it, watches it, hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    PASS,
    CiJob,
    CiStep,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Pipelines,
    Resource,
    Source,
    check,
    deployments,
    goes_back,
    passed,
    unsure,
)

from . import _examples as ex
from ._types import ROLLOUTS
from .delivery import is_stepwise

_SMOKE = re.compile(r"smoke|health-?check|post-?deploy|verify-?deploy|sanity|helm (-\S+ )*test", re.IGNORECASE)
_CI = "on: push\njobs:\n  deploy:\n    environment: production\n    runs-on: ubuntu-latest\n    steps:\n"
_DEPLOY = "      - run: helm upgrade web ./chart --atomic\n"
_TEST = "      - name: Smoke tests\n        run: make smoke\n"
_UNDO = "      - name: Roll back\n        if: failure()\n        run: helm rollback web\n"


@check(
    "DEP-5.4.4",
    shows=PASS,
    clean=[
        Example(
            "A step that goes back when smoke tests fail", {".github/workflows/d.yml": _CI + _DEPLOY + _TEST + _UNDO}
        ),
        Example(
            "In one line", {".github/workflows/d.yml": _CI + _DEPLOY + "      - run: make smoke || helm rollback web\n"}
        ),
        Example(
            "A job for it",
            {
                ".github/workflows/d.yml": _CI
                + _DEPLOY
                + "  smoke:\n    needs: deploy\n    runs-on: ubuntu-latest\n    steps:\n      - run: make smoke\n"
                + "  undo:\n    needs: smoke\n    if: failure()\n    runs-on: ubuntu-latest\n    steps:\n"
                + "      - run: helm rollback web\n"
            },
        ),
    ],
    flagged=[Example("Smoke tests that only complain", {".github/workflows/d.yml": _CI + _DEPLOY + _TEST})],
)
def undone_by_smoke_tests(pipelines: Pipelines, kubernetes: Kubernetes) -> Iterator[Draft]:
    """After a deployment, failing smoke tests lead to a rollback without a person."""
    places: list[Source] = []
    smoked: list[Source] = []
    by_path = {pipeline.path: pipeline for pipeline in pipelines.files}
    for path in dict.fromkeys(d.pipeline.path for d in deployments(pipelines) if not d.lower):
        pipeline = by_path[path]
        tests = {j.id: s for j in pipeline.jobs for s in j.steps if _is_smoke(s, j)}
        smoked += [pipeline.at(s) for s in tests.values()]
        for job in pipeline.jobs:
            places += [pipeline.at(s) for s in job.steps if _undoes(s, job, tests)]
    places += [c.at("spec", "analysis", "webhooks") for c in kubernetes.of("Canary") if _is_tested(c)]
    if places:
        yield passed("Failing smoke tests start the rollback", *places)
    elif smoked:
        yield unsure("The pipeline has smoke tests and deploys; nothing in it goes back when they fail", smoked[0])


def _is_smoke(step: CiStep, job: CiJob) -> bool:
    if not step.enforced.strip():
        return False
    return bool(_SMOKE.search(f"{step.name} {step.uses} {job.id}")) or any(
        _SMOKE.search(command.text) for command in step.commands
    )


def _undoes(step: CiStep, job: CiJob, tests: dict[str, CiStep]) -> bool:
    """Whether *step* goes back for a smoke test: on the same line, later in its job, or in a job for failures."""
    if not goes_back(step):
        return False
    if any("||" in line and _SMOKE.search(line) for line in step.run.split("\n")):
        return True
    before = tests.get(job.id)
    if before is not None:
        return before.line < step.line
    return "failure()" in job.condition and any(need in tests for need in job.needs)


def _is_tested(canary: Resource) -> bool:
    hooks = [h for h in canary.items("spec", "analysis", "webhooks") if isinstance(h, dict)]
    return any(h.get("type") in ("pre-rollout", "rollout") for h in hooks)


_WATCHED = (
    "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: web}\nspec:\n"
    "  targetRef: {kind: Deployment, name: web}\n  analysis:\n"
    "    metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]\n"
)
_TEMPLATE = (
    "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: errors}\nspec:\n  metrics:\n"
    "  - name: error-rate\n    successCondition: result[0] < 0.01\n"
    "    provider: {prometheus: {query: 'sum(rate(http_requests_total{status=~\"5..\"}[5m]))'}}\n"
)
_ROLLOUT = (
    ex.WEB.replace("apps/v1", "argoproj.io/v1alpha1").replace("kind: Deployment", "kind: Rollout")
    + "  strategy:\n    canary:\n      analysis: {templates: [{templateName: errors}]}\n"
    "      steps: [{setWeight: 20}]\n"
)
_ERRORS = re.compile(r"error|success-rate|success_rate|5\.\.|5xx|status.{0,12}5|failure", re.IGNORECASE)


@check(
    "DEP-5.4.6",
    shows=PASS,
    clean=[
        Example("Flagger's success rate", {"k8s/web.yaml": ex.WEB, "k8s/canary.yaml": _WATCHED}),
        Example("An analysis of errors bound to the rollout", {"k8s/web.yaml": _ROLLOUT + "---\n" + _TEMPLATE}),
        Example(
            "Alarms of an ECS deployment",
            {
                "main.tf": 'resource "aws_ecs_service" "web" {\n  alarms {\n    enable = true\n'
                '    alarm_names = ["web-5xx-errors"]\n  }\n}\n'
            },
        ),
    ],
    flagged=[
        Example("An analysis that no rollout uses", {"k8s/web.yaml": ex.WEB + "---\n" + _TEMPLATE}),
        Example("Rolling updates", {"k8s/web.yaml": ex.WEB}),
    ],
)
def error_rate_watched(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """The rollout itself watches an error rate with a limit."""
    places: list[Source] = []
    for canary in filter(is_stepwise, kubernetes.of("Canary")):
        metrics = [m for m in canary.items("spec", "analysis", "metrics") if isinstance(m, dict)]
        if any(
            _ERRORS.search(str(m.get("name"))) and "threshold" in str(list(m)) and not _any_will_do(m) for m in metrics
        ):
            places.append(canary.at("spec", "analysis", "metrics"))
    templates = {
        t.resource: t for t in kubernetes.of("AnalysisTemplate", "ClusterAnalysisTemplate") if _limits_errors(t)
    }
    for rollout in kubernetes.of("Rollout"):
        named = set(re.findall(r"'templateName': '([^']{1,253})'", str(rollout.section("spec", "strategy"))[:20_000]))
        if named & set(templates):
            places += [rollout.at("spec", "strategy"), templates[min(named & set(templates))].at("spec", "metrics")]
    for block in ROLLOUTS.among(infrastructure):
        alarms = str(ROLLOUTS.value(block, "alarms"))[:5_000]
        if _ERRORS.search(alarms) and ROLLOUTS.says(block, "alarmed").value:
            places.append(ROLLOUTS.place(block, "alarms"))
    if places:
        yield passed("The rollout watches the error rate against a limit", *places)


def _any_will_do(metric: dict[str, object]) -> bool:
    """Whether the limit of a metric is met by whatever it comes to: a least share of nothing."""
    limits = metric.get("thresholdRange")
    return isinstance(limits, dict) and limits.get("min") == 0 and limits.get("max") is None


def _limits_errors(template: Resource) -> bool:
    metrics = [m for m in template.items("spec", "metrics") if isinstance(m, dict)]
    return any(
        (m.get("successCondition") or m.get("failureCondition")) and _ERRORS.search(str(m)[:5_000]) for m in metrics
    )


_TELLS = re.compile(
    r"slack|discord|msteams|ms-teams|teams-(notification|webhook)|hooks\.slack\.com|webhook\.office\.com|action-send-mail|"
    r"send-?mail|mattermost|telegram|googlechat|google-chat|rocketchat|pagerduty-change|notify-?(team|deploy|release)",
    re.IGNORECASE,
)


@check(
    "DEP-5.4.7",
    shows=PASS,
    clean=[
        Example(
            "A message with each deployment",
            {".github/workflows/d.yml": _CI + _DEPLOY + "      - uses: slackapi/slack-github-action@v2\n"},
        ),
        Example(
            "Argo CD's notifications",
            {
                "argo/shop.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n"
                "  name: shop\n  annotations:\n"
                "    notifications.argoproj.io/subscribe.on-deployed.slack: releases\n"
            },
        ),
    ],
    flagged=[
        Example("Nobody is told", {".github/workflows/d.yml": _CI + _DEPLOY}),
        Example(
            "A message about issues, not deployments",
            {
                ".github/workflows/d.yml": _CI + _DEPLOY,
                ".github/workflows/i.yml": "on: issues\njobs:\n  tell:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - uses: slackapi/slack-github-action@v2\n",
            },
        ),
    ],
)
def team_is_told(pipelines: Pipelines, kubernetes: Kubernetes) -> Iterator[Draft]:
    """The pipeline that deploys also sends a message, or the GitOps controller does."""
    deploying = {d.pipeline.path for d in deployments(pipelines)}
    places = [
        pipeline.at(step)
        for pipeline, _, step in pipelines.steps()
        if pipeline.path in deploying and _TELLS.search(step.said[:3_000])
    ]
    for application in kubernetes.of("Application"):
        annotations = application.section("metadata", "annotations")
        key = next((k for k in annotations if k.startswith("notifications.argoproj.io/subscribe")), None)
        if key:
            places.append(application.at("metadata", "annotations", key))
    if places:
        yield passed("Each deployment is announced", *places)
