"""Judges whether a deployment undoes itself, in steps, and whether that is tried beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Compose,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Pipelines,
    Source,
    as_flag,
    as_number,
    check,
    deployments,
    failed,
    first_of,
    goes_back,
    is_file_elsewhere,
    passed,
)

from . import _examples as ex
from ._types import ROLLOUTS
from .delivery import is_stepwise

_CI = "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n"
_ECS = 'resource "aws_ecs_service" "web" {\n  name = "web"\n%s}\n'
_BREAKER = "  deployment_circuit_breaker {\n    enable   = true\n    rollback = %s\n  }\n"
_ANALYSED = (
    "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: web}\nspec:\n"
    "  targetRef: {kind: Deployment, name: web}\n"
    "  analysis:\n    stepWeight: 10\n    maxWeight: 50\n    threshold: 5\n"
    "    metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]\n"
)


@check(
    "DEP-5.2.5",
    shows=BOTH,
    clean=[
        Example(
            "Helm goes back by itself",
            {".github/workflows/d.yml": _CI + "      - run: helm upgrade web ./chart --atomic\n"},
        ),
        Example("An ECS service with its circuit breaker", {"main.tf": _ECS % (_BREAKER % "true")}),
        Example("Flagger", {"k8s/web.yaml": ex.WEB, "k8s/canary.yaml": _ANALYSED}),
        Example("Nomad goes back to what was healthy", {"shop.nomad.hcl": ex.NOMAD}),
    ],
    flagged=[
        Example(
            "Nomad leaves it as it is",
            {"shop.nomad.hcl": ex.NOMAD.replace("auto_revert  = true", "auto_revert  = false")},
        ),
        Example(
            "Helm leaves the failed release in place",
            {".github/workflows/d.yml": _CI + "      - run: helm upgrade web ./chart\n"},
        ),
        Example("A circuit breaker that only stops", {"main.tf": _ECS % (_BREAKER % "false")}),
        Example("An ECS service without one", {"main.tf": _ECS % ""}),
    ],
    silent=[
        Example("Plain manifests", {"k8s/web.yaml": ex.WEB}),
        Example(
            "Options from elsewhere",
            {".github/workflows/d.yml": _CI + "      - run: helm upgrade web ./chart $OPTIONS\n"},
        ),
    ],
)
def automatic_rollback(
    pipelines: Pipelines, infrastructure: Infrastructure, kubernetes: Kubernetes, compose: Compose
) -> Iterator[Draft]:
    """What brings the new version in takes it out again when it does not become healthy."""
    pipelines.seek("deploy", "undo")
    good: list[Source] = []
    bad: list[tuple[str, Source]] = []
    undone = {pipeline.path for pipeline, _, step in pipelines.steps() if goes_back(step)}
    for deploy in deployments(pipelines):
        said = [command.text for command in deploy.step.commands]
        lines = [line for line in said if "helm " in line and (" upgrade" in line or " install" in line)]
        if lines and not deploy.proposed and not deploy.lower:
            safe = all(_UNDONE.search(line) for line in lines)
            if safe:
                good.append(deploy.at)
            elif deploy.pipeline.path not in undone and not any(
                "$" in line.partition("helm ")[2].replace("${{", "") for line in lines
            ):
                bad.append((f"Job {deploy.job.id} runs helm without --atomic", deploy.at))
    for service in ROLLOUTS.among(infrastructure, "service"):
        if is_file_elsewhere(service.path) or ROLLOUTS.says(service, "steered").value:
            continue
        switches = [ROLLOUTS.says(service, what).value for what in ("stops", "undone")]
        if all(switches):
            good.append(ROLLOUTS.place(service, "breaker"))
        elif ROLLOUTS.says(service, "breaker").value is False or False in switches:
            place = ROLLOUTS.place(service, "breaker")
            bad.append((f"{service.address} does not roll back by its circuit breaker", place))
    steered = ROLLOUTS.among(infrastructure, "steered")
    good += [ROLLOUTS.place(group, "undone") for group in steered if ROLLOUTS.says(group, "undone").value]
    good += [
        c.at("spec", "analysis") for c in kubernetes.of("Canary") if c.section("spec", "analysis") and is_stepwise(c)
    ]
    good += [
        r.at("spec", "strategy")
        for r in kubernetes.of("Rollout")
        if "analysis" in str(r.get("spec", "strategy"))[:5_000]
    ]
    good += [
        r.at("spec", "upgrade") for r in kubernetes.of("HelmRelease") if r.section("spec", "upgrade", "remediation")
    ]
    for job in kubernetes.running("Deployment"):
        update = job.section("spec", "update")
        if job.origin == "nomad" and not is_file_elsewhere(job.path):
            reverted = as_flag(update.get("auto_revert"))
            if reverted and as_number(update.get("max_parallel")) != 0:
                good.append(job.at("spec", "update"))
            elif reverted is not None:
                bad.append((f"The {job.title} keeps a version that fails: no auto_revert", job.at("spec", "update")))
    for file in compose.files:
        for name in file.section("services"):
            if file.get("services", name, "deploy", "update_config", "failure_action") == "rollback":
                good.append(file.at("services", name, "deploy", "update_config"))
    if bad:
        yield failed(first_of(bad), confidence="medium")
    elif good:
        yield passed("A deployment that does not become healthy is undone by itself", *good)


@check(
    "DEP-5.2.6",
    shows=PASS,
    clean=[
        Example(
            "Staging deploys and goes back before production",
            {
                ".github/workflows/d.yml": "on: push\njobs:\n  staging:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: helm upgrade web ./chart\n      - run: helm rollback web\n"
                "  production:\n    needs: staging\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: helm upgrade web ./chart\n"
            },
        )
    ],
    flagged=[
        Example("Straight to production", {".github/workflows/d.yml": _CI + "      - run: helm upgrade web ./chart\n"})
    ],
)
def rehearsed_in_staging(pipelines: Pipelines) -> Iterator[Draft]:
    """A staging job deploys and rolls back, and the production job waits for it."""
    pipelines.seek("deploy", "undo")
    every = deployments(pipelines)
    rehearsals = {
        (d.pipeline.path, d.job.id): d
        for d in every
        if d.stage == "rehearsal" and any(goes_back(s) and s.enforced.strip() for s in d.job.steps)
    }
    for deploy in every:
        before = next(
            (rehearsals[key] for n in deploy.job.needs if (key := (deploy.pipeline.path, n)) in rehearsals), None
        )
        if not deploy.lower and before is not None:
            yield passed(f"Job {deploy.job.id} waits for a rollback in {before.job.id}", before.at, deploy.at)
            return


_UNDONE = re.compile(r"--(atomic|rollback-on-failure)(?!\s*=\s*(false|0)\b)")


_STEPS = (
    "  strategy:\n    canary:\n      trafficRouting: {nginx: {stableIngress: web}}\n"
    "      steps: [{setWeight: 10}, {pause: {}}, {setWeight: 50}, {pause: {}}]\n"
)
_ROLLOUT = ex.WEB.replace("apps/v1", "argoproj.io/v1alpha1").replace("kind: Deployment", "kind: Rollout")


@check(
    "DEP-5.2.7",
    shows=PASS,
    clean=[
        Example("Weights in steps", {"k8s/web.yaml": _ROLLOUT + _STEPS}),
        Example("Flagger's weights", {"k8s/web.yaml": ex.WEB, "k8s/canary.yaml": _ANALYSED}),
    ],
    flagged=[Example("All at once", {"k8s/web.yaml": ex.WEB})],
)
def stepwise(kubernetes: Kubernetes) -> Iterator[Draft]:
    """Traffic moves by weights, which work in both directions."""
    places = [c.at("spec", "analysis") for c in kubernetes.of("Canary") if c.get("spec", "analysis", "stepWeight")]
    for rollout in kubernetes.of("Rollout"):
        steps = rollout.items("spec", "strategy", "canary", "steps")
        weights = [s for s in steps if isinstance(s, dict) and "setWeight" in s]
        if len(weights) >= 2 and rollout.section("spec", "strategy", "canary", "trafficRouting"):
            places.append(rollout.at("spec", "strategy", "canary", "steps"))
    if places:
        yield passed("Traffic moves by weights", *places)
