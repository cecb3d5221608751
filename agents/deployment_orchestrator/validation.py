"""Judges what happens once a version is out: who undoes it, watches it, hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Block,
    CiStep,
    Deployment,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Pipeline,
    Pipelines,
    Resource,
    Source,
    Typed,
    as_number,
    check,
    deployments,
    deploys,
    each,
    failed,
    passed,
    tried_out_within,
    unsure,
    work_of,
)

from . import _examples as ex
from ._error_limits import ERRORS, limits_errors, stops_errors
from ._types import ROLLOUTS
from ._undoing import is_smoke, undone_by
from .delivery import is_stepwise

_CI = "on: push\njobs:\n  deploy:\n    environment: production\n    runs-on: ubuntu-latest\n    steps:\n"
_DEPLOY = "      - run: helm upgrade web ./chart --atomic\n"
_TEST = "      - name: Smoke tests\n        run: make smoke\n"
_MAKE = {"Makefile": "smoke:\n\tcurl --fail https://shop.example/health\n"}
_SHIP = {
    ".github/workflows/d.yml": _CI + "      - run: ops/ship\n",
    "ops/ship": "#!/usr/bin/env bash\nset -euo pipefail\nbefore=$(kamal app version -q)\nkamal deploy\n"
    'if ! curl -fsS --retry 5 "$BASE_URL/up"; then\n  kamal rollback "$before"\n  exit 1\nfi\n',
}
_UNDO = "      - name: Roll back\n        if: failure()\n        run: helm rollback web\n"


def _rolled(name: str, more: str = "") -> str:
    """A rollout of Argo with its analysis."""
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: {name}}}\nspec:\n"
        f"  strategy: {{canary: {{steps: [{{analysis: {{templates: [{{templateName: {name}}}]}}}}]}}}}\n---\n"
        f"apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {{name: {name}}}\nspec:\n{more}"
        f"  metrics: [{{name: smoke, provider: {{job: {{spec: {{}}}}}}}}]\n"
    )


@check(
    "DEP-5.4.4",
    shows=BOTH,
    clean=[
        Example("A script that deploys, looks and goes back", _SHIP),
        Example(
            "A pipeline of Jenkins",
            {
                "Jenkinsfile": "pipeline {\n  stages {\n    stage('Deploy') {\n      steps {\n"
                "        sh 'nomad job run shop.nomad.hcl'\n"
                "        sh 'curl -fsS https://shop.example/health || nomad job revert shop 3'\n"
                "      }\n    }\n  }\n}\n"
            },
        ),
        Example(
            "A stage of GitLab for failures",
            {
                ".gitlab-ci.yml": "stages: [deploy, smoke, back]\nlive:\n  stage: deploy\n  environment: production\n"
                "  script: [helm upgrade web ./chart]\nsmoke:\n  stage: smoke\n  needs: [live]\n"
                "  script: [curl --fail https://shop.example/health]\nback:\n  stage: back\n  needs: [smoke]\n"
                "  when: on_failure\n  script: [helm rollback web]\n"
            },
        ),
        Example(
            "A step that goes back when smoke tests fail",
            {**_MAKE, ".github/workflows/d.yml": _CI + _DEPLOY + _TEST + _UNDO},
        ),
        Example(
            "In one line",
            {
                **_MAKE,
                ".github/workflows/d.yml": _CI + _DEPLOY + "      - run: make smoke || helm rollback web\n",
            },
        ),
        Example(
            "A job for it",
            {
                **_MAKE,
                ".github/workflows/d.yml": _CI
                + _DEPLOY
                + "  smoke:\n    needs: deploy\n    runs-on: ubuntu-latest\n    steps:\n      - run: make smoke\n"
                + "  undo:\n    needs: smoke\n    if: failure()\n    runs-on: ubuntu-latest\n    steps:\n"
                + "      - run: helm rollback web\n",
            },
        ),
    ],
    silent=[
        Example(
            "One rollout that an analysis aborts, and one whose analysis is for show",
            {
                "k8s/a.yaml": _rolled("shop"),
                "office/a.yaml": _rolled("office", "  dryRun: [{metricName: smoke}]\n"),
            },
        ),
        Example(
            "A playbook, which may do both",
            {".github/workflows/d.yml": _CI + "      - run: ansible-playbook -i inventory/production deploy.yml\n"},
        ),
        Example(
            "A step for failures, in a script that nobody knows to go back",
            {
                **_MAKE,
                ".github/workflows/d.yml": _CI
                + _DEPLOY
                + _TEST
                + "      - name: indietro\n        if: failure()\n        run: bin/indietro.sh\n",
                "bin/indietro.sh": "#!/bin/sh\naws ecs update-service --service web --task-definition web:1\n",
            },
        ),
        Example(
            "A rollout that an analysis aborts, and a server that a pipeline brings",
            {
                "k8s/a.yaml": _rolled("shop"),
                "office/web.yaml": ex.WEB,
                ".github/workflows/d.yml": _CI + "      - run: kubectl apply -f office/\n",
            },
        ),
    ],
    flagged=[
        Example("Smoke tests that only complain", {**_MAKE, ".github/workflows/d.yml": _CI + _DEPLOY + _TEST}),
        Example(
            "It goes back only when they have passed",
            {**_MAKE, ".github/workflows/d.yml": _CI + _DEPLOY + _TEST + _UNDO.replace("failure()", "success()")},
        ),
        Example(
            "A script that is told of it alone",
            {
                **_SHIP,
                "ops/ship": _SHIP["ops/ship"].replace('kamal rollback "$before"', 'curl -d failed "$CHAT"'),
            },
        ),
    ],
)
def undone_by_smoke_tests(pipelines: Pipelines, kubernetes: Kubernetes) -> Iterator[Draft]:
    """After each deployment to production, failing smoke tests lead to a rollback without a person."""
    pipelines.seek("deploy", "undo")
    live = [d for d in deployments(pipelines) if not d.lower and not d.proposed]
    undone = {(d.pipeline.path, d.job.id): place for d in live if (place := undone_by(d)) is not None}
    smoked = [(d, place) for d in live if (place := _smoked(d)) is not None]
    steered = [c.at("spec", "analysis", "webhooks") for c in kubernetes.of("Canary") if _is_tested(c)]
    steered += list(_analysed(kubernetes))
    left = [d for d in live if (d.pipeline.path, d.job.id) not in undone]
    unsteered = _unsteered(kubernetes, bool(left)) if steered else _for_show(kubernetes)
    if unsteered and (steered or (live and not left)):
        named = each(unsteered, name=lambda r: r.title, at=lambda r: r.at())
        yield unsure(named.say("Failing smoke tests start a rollback; of {} that is not seen"))
    elif steered and (beside := [d for d in left if not _TO_CLUSTER.search(d.step.said)]):
        text = (
            f"Failing smoke tests start a rollback in the cluster; job {beside[0].job.id} deploys something beside it"
        )
        yield unsure(text, beside[0].at, *steered)
    elif live and not left:
        places = dict.fromkeys(undone[d.pipeline.path, d.job.id] for d in live)
        yield passed("Failing smoke tests start the rollback", *places, *(d.at for d in live))
    elif steered:
        yield passed("Failing smoke tests start the rollback", *steered)
    elif undone:
        text = f"Job {left[0].job.id} deploys, and nothing in its pipeline goes back when smoke tests fail"
        yield unsure(text, left[0].at, *undone.values())
    elif live and _may_go_back(pipelines, live, kubernetes, bool(smoked)):
        if smoked:
            text = "The pipeline has smoke tests and deploys; nothing in it goes back when they fail"
            yield unsure(text, smoked[0][1])
    elif live:
        what = (
            "nothing goes back when its smoke tests fail" if smoked else "neither tries it out nor goes back by itself"
        )
        yield failed(
            each(left, at=lambda d: d.at).like(f"Job {left[0].job.id} deploys, and {what}"), confidence="medium"
        )


def _smoked(deploy: Deployment) -> Source | None:
    """Where *deploy* is tried out: later in its job, or in a job that waits for it."""
    pipeline = deploy.pipeline
    for step in deploy.job.steps:
        if step is deploy.step and tried_out_within(step):
            return pipeline.at(step)
        if step.line > deploy.step.line and is_smoke(step, deploy.job):
            return pipeline.at(step)
    later = [j for j in pipeline.jobs if deploy.job.id in j.needs or (j.stage and j.line > deploy.job.line)]
    return next((pipeline.at(s) for j in later for s in j.steps if is_smoke(s, j)), None)


def _may_go_back(pipelines: Pipelines, live: list[Deployment], kubernetes: Kubernetes, tried: bool) -> bool:
    """Whether something that cannot be seen into may go back: a step, or a controller; *tried* where tests follow."""
    if any("other" in p.triggers for p in pipelines.files) or not any(_starts_itself(d) for d in live):
        return True
    if kubernetes.of("Canary", "Rollout", "Application", "ApplicationSet", "Kustomization", "HelmRelease"):
        return True
    if not tried and any(_ATOMIC.search(d.step.said) for d in live):
        return True
    for deploy in live:
        after = [s for s in deploy.job.steps if s.line >= deploy.step.line]
        later = [s for j in deploy.pipeline.jobs if deploy.job.id in j.needs for s in j.steps]
        if any(_is_opaque(s) or _DEPLOY_TOOL.search(s.said) or _acts_on_failure(s) for s in (*after, *later)):
            return True
    return False


def _acts_on_failure(step: CiStep) -> bool:
    """Whether *step* runs only after a failure, and then does more than tell of it."""
    told = [c.plain for c in step.commands]
    if step.uses:
        told.append(step.uses)
    return step.after_failure and any(not _ONLY_TELLS.match(text) for text in told)


_ONLY_TELLS = re.compile(
    r"(?:curl|echo|printf|wget|mail|logger|cat|set|exit|gh issue|\w+=)\b|\S*(?:slack|notif|teams|mattermost|tell|"
    r"message|chat|mail|upload-artifact|report)",
    re.IGNORECASE,
)


_TO_CLUSTER = re.compile(r"\b(?:kubectl|helm\w*|kustomize|argocd|flux|skaffold)\b|k8s|kubernetes", re.IGNORECASE)
_ATOMIC = re.compile(r"--atomic|--rollback-on-failure|--cleanup-on-fail|--wait-for-rollback|gcloud deploy")
_DEPLOY_TOOL = re.compile(
    r"spinnaker|octopus|harness|codedeploy|aws deploy|gcloud deploy|amazon-ecs-deploy|\bansible-playbook\b|"
    r"\bsalt(?:-call)?\b|\bcap\s\w+\s\w*deploy|\bfab\s|after_script|BITBUCKET_EXIT_CODE",
    re.IGNORECASE,
)
"""What deploys by rules of its own, which may try out what they have done and go back."""


def _starts_itself(deploy: Deployment) -> bool:
    return bool(deploy.pipeline.triggers_of(deploy.job) - {"manual"}) and not deploy.job.manual


def _is_opaque(step: CiStep) -> bool:
    """Whether nobody can see what *step* does: an action of others, a script in a language that is not followed."""
    if any(c.calls in ("unread", "absent") for c in step.commands):
        return True
    return bool(step.uses) and not deploys(step) and work_of(step.model_copy(update={"commands_told": ()})).opaque


def _analysed(kubernetes: Kubernetes) -> Iterator[Source]:
    """The rollouts of Argo that an analysis of what the new version answers can abort."""
    templates = _templates(kubernetes)
    for rollout in kubernetes.of("Rollout"):
        for name in sorted(_named_by(rollout) & set(templates)):
            yield rollout.at("spec", "strategy")
            yield templates[name].at("spec", "metrics")


def _templates(kubernetes: Kubernetes) -> dict[str, Resource]:
    """What analyses are told by, each by its name; of two with one name neither is told where one is for show."""
    every = kubernetes.of("AnalysisTemplate", "ClusterAnalysisTemplate")
    show = {t.resource for t in every if t.items("spec", "dryRun")}
    return {
        t.resource: t for t in every if t.resource not in show and any(_is_trial(m) for m in t.items("spec", "metrics"))
    }


def _named_by(rollout: Resource) -> set[str]:
    """The templates that the strategy of *rollout* names."""
    return set(re.findall(r"'templateName': '([^']{1,253})'", str(rollout.section("spec", "strategy"))[:20_000]))


def _for_show(kubernetes: Kubernetes) -> list[Resource]:
    """The rollouts whose analysis is told to change nothing."""
    every = kubernetes.of("AnalysisTemplate", "ClusterAnalysisTemplate")
    show = {t.resource for t in every if t.items("spec", "dryRun")}
    return [r for r in kubernetes.of("Rollout") if _named_by(r) & show]


def _unsteered(kubernetes: Kubernetes, brought: bool) -> list[Resource]:
    """The rollouts that no analysis steers, and where a pipeline has *brought* something, the servers beside them."""
    templates = _templates(kubernetes)
    targets = {str(c.get("spec", "targetRef", "name")) for c in kubernetes.of("Canary")}
    plain = [
        r
        for r in kubernetes.of("Deployment", "StatefulSet")
        if r.resource not in targets and any(container.get("ports") for _, container in r.containers())
    ]
    rollouts = [r for r in kubernetes.of("Rollout") if not _named_by(r) & set(templates)]
    return [*rollouts, *(plain if brought else ())]


def _is_trial(metric: object) -> bool:
    """Whether a metric of an analysis asks the new version: by a job of its own, or over the web with a condition."""
    if not isinstance(metric, dict) or not isinstance(metric.get("provider"), dict):
        return False
    provider = metric["provider"]
    return "job" in provider or (
        "web" in provider and bool(metric.get("successCondition") or metric.get("failureCondition"))
    )


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
        Example(
            "An alarm of which nobody knows at what it fires",
            {
                "main.tf": 'resource "aws_ecs_service" "web" {\n  alarms {\n    enable = true\n'
                "    alarm_names = [aws_cloudwatch_metric_alarm.errors.alarm_name]\n  }\n}\n"
                'resource "aws_cloudwatch_metric_alarm" "errors" {\n  metric_name = "5xx"\n'
                '  threshold = var.most\n}\nvariable "most" {}\n'
            },
        ),
        Example("An analysis that no rollout uses", {"k8s/web.yaml": ex.WEB + "---\n" + _TEMPLATE}),
        Example("Rolling updates", {"k8s/web.yaml": ex.WEB}),
        Example(
            "A rollout that goes on while a quarter of the calls fail",
            {"k8s/web.yaml": _ROLLOUT + "---\n" + _TEMPLATE.replace("0.01", "0.25")},
        ),
        Example(
            "Half of the requests may fail",
            {"k8s/web.yaml": ex.WEB, "k8s/canary.yaml": _WATCHED.replace("min: 99", "min: 50")},
        ),
    ],
)
def error_rate_watched(kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """The rollout itself watches an error rate with a limit."""
    places: list[Source] = []
    open_: list[Block] = []
    for canary in filter(is_stepwise, kubernetes.of("Canary")):
        metrics = [m for m in canary.items("spec", "analysis", "metrics") if isinstance(m, dict)]
        if any(map(stops_errors, metrics)):
            places.append(canary.at("spec", "analysis", "metrics"))
    kinds = ("AnalysisTemplate", "ClusterAnalysisTemplate")
    templates = {t.resource: t for t in kubernetes.of(*kinds) if limits_errors(t)}
    for rollout in kubernetes.of("Rollout"):
        named = set(re.findall(r"'templateName': '([^']{1,253})'", str(rollout.section("spec", "strategy"))[:20_000]))
        if named & set(templates):
            places += [rollout.at("spec", "strategy"), templates[min(named & set(templates))].at("spec", "metrics")]
    for block in ROLLOUTS.among(infrastructure):
        alarms = str(ROLLOUTS.value(block, "alarms"))[:5_000]
        if ERRORS.search(alarms) and ROLLOUTS.says(block, "alarmed").value:
            places.append(ROLLOUTS.place(block, "alarms"))
            open_ += [a for a in _ALARMS.among(infrastructure) if a.label in alarms and not _has_limit(a)]
    if open_:
        yield unsure(f"At which share of errors {open_[0].address} fires stands elsewhere", open_[0].at(), *places)
    elif places:
        yield passed("The rollout watches the error rate against a limit", *places)


_ALARMS = Typed("resources/alarms")


def _has_limit(alarm: Block) -> bool:
    """Whether *alarm* says itself at which figure it fires; one of a band or of others has none to say."""
    limited = _ALARMS.tells(alarm, "threshold") and "threshold" in str(alarm.body).lower()
    return not limited or as_number(_ALARMS.value(alarm, "threshold")) is not None


_TELLS = re.compile(
    r"slack|discord|msteams|ms-teams|teams-(notification|webhook)|hooks\.slack\.com|webhook\.office\.com|action-send-mail|"
    r"send-?mail|mattermost|telegram|googlechat|"
    r"google-chat|rocketchat|rocketsend|discordsend|office365connector|emailext|^mail |"
    r"pagerduty-change|notify-?(team|deploy|release)",
    re.IGNORECASE,
)


_FLUX = (
    "apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Alert\nmetadata: {name: deploys}\nspec:\n"
    "  providerRef: {name: chat}\n  eventSources:\n    - {kind: Kustomization, name: '*'}\n---\n"
    "apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Provider\nmetadata: {name: chat}\nspec:\n"
    "  type: %s\n  channel: releases\n"
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
        Example("Flux tells a chat", {"flux/alert.yaml": _FLUX % "slack"}),
    ],
    flagged=[
        Example("Nobody is told", {".github/workflows/d.yml": _CI + _DEPLOY}),
        Example("Flux sets a mark beside the commit", {"flux/alert.yaml": _FLUX % "github"}),
        Example("A provider of nobody knows what", {"flux/alert.yaml": (_FLUX % "slack").partition("---")[0]}),
        Example(
            "A component that nothing takes in",
            {
                "flux/chat/alert.yaml": _FLUX % "slack",
                "flux/chat/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
                "resources: [alert.yaml]\n",
            },
        ),
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
    """The pipeline of each deployment to production sends a message, or the controller that deploys does."""
    live = [d for d in deployments(pipelines) if not d.lower and not d.proposed]
    ways = {d.pipeline.path: d.pipeline for d in live}
    spoken = {path: _messages(pipeline) for path, pipeline in ways.items()}
    told = {
        (d.pipeline.path, d.job.id): place for d in live if (place := spoken[d.pipeline.path].get(d.job.id)) is not None
    }
    places = list(_controllers_tell(kubernetes))
    left = [d for d in live if (d.pipeline.path, d.job.id) not in told]
    if (told and not left) or places:
        yield passed("Each deployment is announced", *told.values(), *places)
    elif told:
        yield unsure(f"Job {left[0].job.id} deploys, and nothing in its pipeline tells anybody", left[0].at)


def _messages(pipeline: Pipeline) -> dict[str, Source]:
    """For each job, where *pipeline* sends a message about it, however it ends: in it, or in one that waits for it."""
    found: dict[str, Source] = {}
    telling = [(job, pipeline.at(s)) for job in pipeline.jobs if (s := next(filter(_tells, job.steps), None))]
    for job, place in telling:
        found.setdefault(job.id, place)
    for job, place in telling:
        for needed in () if job.manual or job.after_failure else job.needs:
            found.setdefault(needed, place)
        if job.id == "pipeline" and pipeline.system == "jenkins":
            for other in pipeline.jobs:
                found.setdefault(other.id, place)
    return found


def _tells(step: CiStep) -> bool:
    """Whether *step* sends people a message, and not only where something has failed."""
    if step.after_failure:
        return False
    if _TELLS.search(f"{step.uses} {step.name if step.uses else ''}"):
        return True
    said = [c.text for c in step.commands if c.instead is None]
    return any(_TELLS.search(text[:3_000]) or _POSTS.search(text[:3_000]) for text in said)


def _controllers_tell(kubernetes: Kubernetes) -> Iterator[Source]:
    """Where what brings new versions by itself is told to send messages."""
    for application in kubernetes.of("Application", "ApplicationSet"):
        for keys in (("metadata",), ("spec", "template", "metadata")):
            annotations = application.section(*keys, "annotations")
            key = next((k for k in annotations if _SUBSCRIBED.match(k)), None)
            if key:
                yield application.at(*keys, "annotations", key)
    for alert in kubernetes.of("Alert"):
        of_flux = "toolkit.fluxcd.io" in alert.api_version and alert.get("spec", "providerRef")
        if of_flux and alert.get("spec", "eventSeverity") != "error" and _is_heard(alert, kubernetes):
            yield alert.at("spec", "eventSources")


def _is_heard(alert: Resource, kubernetes: Kubernetes) -> bool:
    """Whether what an alert of Flux tells is a chat, and it is no component that nothing takes in."""
    wanted = alert.get("spec", "providerRef", "name")
    folder = alert.path.rpartition("/")[0]
    providers = [p for p in kubernetes.of("Provider") if p.resource == wanted and "toolkit.fluxcd.io" in p.api_version]
    told = [p for p in providers if p.path.rpartition("/")[0] == folder] or providers
    if not told or not all(_CHAT.fullmatch(str(p.get("spec", "type"))) for p in told):
        return False
    parts = [c for c in kubernetes.of("Component") if c.path.rpartition("/")[0] == folder]
    taken = [str(item) for k in kubernetes.of("Kustomization", "Component") for item in _components(k)]
    return not parts or any(item.rstrip("/").endswith(f"/{folder.rpartition('/')[2]}") for item in taken)


def _components(customized: Resource) -> list[object]:
    return [*customized.items("components"), *customized.items("spec", "components")]


_CHAT = re.compile(
    r"slack|discord|msteams|googlechat|rocket|webex|telegram|matrix|lark|zulip|mattermost|generic(?:-hmac)?|pagerduty|opsgenie"
)
"""Types of providers that tell people; those of forges only set a mark beside a commit."""
_SUBSCRIBED = re.compile(r"notifications\.argoproj\.io/subscribe\.on-(?:deployed|sync-succeeded|sync-running)")
_POSTS = re.compile(
    r"\b(?:curl|wget|http|xh)\b(?=.{0,1500}?(?:\s(?:-d|--data\S*|--json|-F|--form|--post-data)\b|-X ?POST))"
    r"(?=.{0,1500}?(?:chat|slack|teams|hook|discord|mattermost|notif|telegram|zulip|rocket|ntfy|pushover))"
    r"|\b(?:mail|mailx|mutt) -s\b|\bsendmail\b|\baws (?:ses send-email|sns publish)\b|\bslackcat\b|\bapprise\b",
    re.IGNORECASE | re.DOTALL,
)
"""A command that puts words into a chat or a mail."""


_RULE = (
    'resource "aws_codestarnotifications_notification_rule" "web" {\n  event_type_ids = ["%s"]\n'
    "  target { address = var.chat }\n}\n"
)
_TOPIC = 'resource "google_pubsub_topic" "deploys" { name = "clouddeploy-operations" }\n'
_SENT = (
    'resource "google_pubsub_subscription" "chat" {\n  topic = google_pubsub_topic.deploys.id\n'
    '  push_config { push_endpoint = "https://chat.shop.example/hooks/deploy" }\n}\n'
)


@check(
    "DEP-5.4.7",
    shows=PASS,
    clean=[
        Example("A rule of CodeDeploy's", {"main.tf": _RULE % "codedeploy-application-deployment-succeeded"}),
        Example("What Cloud Deploy says goes to a chat", {"main.tf": _TOPIC + _SENT}),
    ],
    flagged=[
        Example("Only failures are told", {"main.tf": _RULE % "codedeploy-application-deployment-failed"}),
        Example("A topic that nobody listens to", {"main.tf": _TOPIC}),
    ],
)
def service_tells(infrastructure: Infrastructure) -> Iterator[Draft]:
    """The cloud's own service for deployments is told to send messages about each."""
    places = [
        block.at()
        for block in _NEWS.among(infrastructure, "rule")
        if _SUCCEEDED.search(str(block.get("event_type_ids"))) and block.get("target")
    ]
    heard = [
        str(block.get("topic"))
        for block in _NEWS.among(infrastructure, "heard")
        if block.get("push_config") or block.get("bigquery_config")
    ]
    places += [
        block.at()
        for block in _NEWS.among(infrastructure, "topic")
        if str(block.get("name")).startswith("clouddeploy-") and any(block.address in topic for topic in heard)
    ]
    if places:
        yield passed("The service that deploys announces each deployment", *places)


_NEWS = Typed("resources/deployment-news")
_SUCCEEDED = re.compile(r"(?:deployment|pipeline-execution)-(?:succeeded|started)")
