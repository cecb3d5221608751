"""Judges whether a deployment undoes itself, in steps, and whether that is tried beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orchestrator import (
    BOTH,
    PASS,
    CiStep,
    Compose,
    Deployment,
    Documents,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Pipelines,
    Resource,
    Source,
    as_flag,
    as_number,
    check,
    deployments,
    deploys,
    failed,
    first_of,
    goes_back,
    goes_back_by_command,
    is_file_elsewhere,
    passed,
    unsure,
    work_of,
)

from . import _examples as ex
from ._records import ways
from ._types import ROLLOUTS
from ._workloads import Estate, titled
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


_FRONT = (
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
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
            "Flux goes back with the chart of somebody else",
            {
                "k8s/web.yaml": ex.WEB + _FRONT,
                "k8s/airflow.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
                "metadata: {name: airflow}\nspec:\n  upgrade: {remediation: {retries: 2}}\n"
                "  chart: {spec: {chart: airflow, sourceRef: {kind: HelmRepository, name: apache}}}\n",
            },
        ),
        Example(
            "Flagger for one of two that answer requests",
            {
                "k8s/web.yaml": ex.WEB + _FRONT,
                "k8s/gate.yaml": (ex.WEB + _FRONT).replace("web", "gate"),
                "k8s/canary.yaml": _ANALYSED,
            },
        ),
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
    analysed = _analysed(kubernetes)
    good += [
        r.at("spec", "upgrade")
        for r in kubernetes.of("HelmRelease")
        if r.section("spec", "upgrade", "remediation") and not _is_of_others(r, kubernetes)
    ]
    for job in kubernetes.running("Deployment"):
        update = job.section("spec", "update")
        if job.origin == "nomad" and not is_file_elsewhere(job.path):
            reverted = as_flag(update.get("auto_revert"))
            if reverted and as_number(update.get("max_parallel")) != 0:
                good.append(job.at("spec", "update"))
            elif reverted is not None:
                bad.append((f"The {job.title} keeps a version that fails: no auto_revert", job.at("spec", "update")))
    swarm = [w for d in deployments(pipelines) if not d.lower for c in d.step.commands for w in _stacks(c.text)]
    for file in compose.files:
        named = {
            n: file.get("services", n, "deploy", "update_config", "failure_action") for n in file.section("services")
        }
        keeping = [n for n, action in named.items() if action == "rollback"]
        good += [file.at("services", n, "deploy", "update_config") for n in keeping]
        if keeping or any(file.path.endswith(word) for word in swarm):
            others = [n for n, action in named.items() if action != "rollback" and "$" not in str(action)]
            bad += [
                (f"Service {n} of {file.path} is not rolled back when its update fails", file.at("services", n))
                for n in others
                if file.get("services", n, "deploy", "mode") not in ("replicated-job", "global-job")
            ]
    steps = [(d, c) for d in deployments(pipelines) if not d.lower and not d.proposed for c in d.step.commands]
    good += [d.at for d, c in steps if _KEEPS_FORMER.search(c.plain) and c.instead is None]
    repaired = [a for a in kubernetes.of("Automation") if _repairs(a)]
    good += [a.at("rules") for a in repaired]
    if kubernetes.of("DeliveryPipeline") and not repaired:
        line = kubernetes.of("DeliveryPipeline")[0]
        bad.append((f"No automation of {line.title} goes back when a rollout fails", line.at("serialPipeline")))
    left = [] if good or not analysed else [w for w in Estate(kubernetes).serving if w.name not in analysed]
    good += analysed.values()
    if not good and not kubernetes.of("Rollout", "Canary", "HelmRelease"):
        plain = [d for d, c in steps if _BARE.search(c.plain) and d.pipeline.path not in undone]
        bad += [
            (f"Job {d.job.id} applies manifests, and nothing undoes that when they do not become healthy", d.at)
            for d in plain
        ]
    if bad:
        yield failed(first_of(bad), confidence="medium")
    elif left:
        yield unsure(titled(left).say("Of several that answer requests, nothing is seen to undo {}"), *good)
    elif good:
        yield passed("A deployment that does not become healthy is undone by itself", *good)


def _is_of_others(release: Resource, kubernetes: Kubernetes) -> bool:
    """Whether *release* is of a chart from a repository, beside workloads that the tree declares itself."""
    from_afar = release.get("spec", "chart", "spec", "sourceRef", "kind") == "HelmRepository"
    return from_afar and bool(kubernetes.servers) and not kubernetes.charts


def _analysed(kubernetes: Kubernetes) -> dict[str, Source]:
    """What is rolled out under an analysis that takes it back: its name, and where that is said."""
    found = {
        str(c.get("spec", "targetRef", "name")): c.at("spec", "analysis")
        for c in kubernetes.of("Canary")
        if c.section("spec", "analysis") and is_stepwise(c)
    }
    for rollout in kubernetes.of("Rollout"):
        if "analysis" in str(rollout.get("spec", "strategy"))[:5_000]:
            target = rollout.get("spec", "workloadRef", "name")
            found[str(target or rollout.resource)] = rollout.at("spec", "strategy")
    return found


def _stacks(text: str) -> list[str]:
    """The files that a command deploys as stacks of Swarm."""
    if not re.search(r"\bdocker (?:-\S+ \S+ )?stack (?:deploy|up)\b", text):
        return []
    return [w.lstrip("./") for w in re.findall(r"(?:-c|--compose-file)[ =](\S+)", text)]


_KEEPS_FORMER = re.compile(r"\bkamal (?:-\S+ )*(?:deploy|redeploy)\b")
"""Tools that give traffic to a new version only when that answers as healthy, and else leave the former in place."""
_BARE = re.compile(r"\bkubectl (?:-\S+ (?:[^-\s]\S* )?)*(?:apply|set image|rollout restart)\b")


def _repairs(automation: Resource) -> bool:
    """Whether an automation of Cloud Deploy goes back when a rollout has failed."""
    rules = [r for r in automation.items("rules") if isinstance(r, dict)]
    phases = [p for r in rules for p in _listed(r.get("repairRolloutRule"), "repairPhases")]
    return not automation.get("suspended") and any(isinstance(p, dict) and "rollback" in p for p in phases)


def _listed(body: object, key: str) -> list[object]:
    found = body.get(key) if isinstance(body, dict) else None
    return found if isinstance(found, list) else []


@check(
    "DEP-5.2.6",
    shows=BOTH,
    clean=[
        Example(
            "Staging deploys and goes back before production",
            {
                ".github/workflows/d.yml": "on: push\njobs:\n  staging:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: helm upgrade web ./chart\n      - run: helm rollback web\n"
                "  production:\n    needs: staging\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: helm upgrade web ./chart\n"
            },
        ),
        Example(
            "A job of its own goes back between the two",
            {
                ".github/workflows/d.yml": "on: push\njobs:\n  staging:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: helm upgrade web ./chart\n"
                "  back:\n    needs: staging\n    environment: staging\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: helm rollback web\n"
                "  production:\n    needs: back\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: helm upgrade web ./chart\n"
            },
        ),
    ],
    flagged=[
        Example("Straight to production", {".github/workflows/d.yml": _CI + "      - run: helm upgrade web ./chart\n"})
    ],
)
def rehearsed_in_staging(pipelines: Pipelines) -> Iterator[Draft]:
    """A staging job deploys and rolls back, and each production job comes after it."""
    pipelines.seek("deploy", "undo")
    every = [d for d in deployments(pipelines) if not d.proposed]
    rehearsals = [d for d in every if d.stage != "production" and any(map(_goes_back_anyway, d.job.steps))]
    apart = _after_staging(pipelines, [d for d in every if d.lower and d not in rehearsals])
    lower = [d for d in every if d.lower or d in rehearsals]
    live = [d for d in every if d not in lower]
    before = {
        d.job.id: one for d in live if (one := next((r for r in (*rehearsals, *apart) if _comes_after(d, r)), None))
    }
    left = [d for d in live if d.job.id not in before]
    unseen = any(_is_unseen(s) for d in lower or live for s in d.job.steps)
    if live and not left:
        first = live[0]
        rehearsal = before[first.job.id]
        yield passed(
            f"Job {first.job.id} waits for a rollback in {rehearsal.job.id}", rehearsal.at, *(d.at for d in live)
        )
    elif before:
        yield unsure(f"Job {left[0].job.id} does not wait for a rollback in staging, as others do", left[0].at)
    elif live and not rehearsals and not unseen and not any("other" in p.triggers for p in pipelines.files):
        first = (lower or live)[0]
        what = "only goes forward, and production follows it" if lower else "deploys, and no staging goes back before"
        places = dict.fromkeys((*(d.at for d in lower), *(d.at for d in live)))
        yield failed(f"Job {first.job.id} {what}", *places, confidence="medium")


def _after_staging(pipelines: Pipelines, lower: Sequence[Deployment]) -> list[Deployment]:
    """Jobs of their own that wait for one of *lower* and go back from it."""
    steps = [
        Deployment(pipeline, job, step)
        for pipeline in pipelines.files
        for job in pipeline.jobs
        for step in job.steps
        if _goes_back_anyway(step)
    ]
    return [one for one in steps if one.stage != "production" and any(_comes_after(one, former) for former in lower)]


def _is_unseen(step: CiStep) -> bool:
    """Whether *step* runs what nobody can see into: an action of others, a script that is not followed."""
    if any(c.calls in ("unread", "absent") for c in step.commands):
        return True
    return bool(step.uses) and not deploys(step) and work_of(step.model_copy(update={"commands_told": ()})).opaque


_SEQUENTIAL = frozenset({"jenkins", "bitbucket", "drone", "gitlab", "azure", "travis"})


def _comes_after(later: Deployment, earlier: Deployment) -> bool:
    """Whether the job of *later* starts only once that of *earlier* has ended, as far as one file tells."""
    if later.pipeline.path != earlier.pipeline.path:
        return False
    needs = {job.id: job.needs for job in later.pipeline.jobs}
    waiting, seen = list(later.job.needs), set()
    while waiting:
        name = waiting.pop()
        if name == earlier.job.id:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(needs.get(name, ()))
    in_order = later.pipeline.system in _SEQUENTIAL and later.job.line > earlier.job.line
    return in_order and not later.job.needs and not later.job.at_once


def _goes_back_anyway(step: CiStep) -> bool:
    """Whether *step* goes back even where nothing has failed before."""
    told = [c for c in step.commands if c.instead is None and c.heeded]
    return not step.after_failure and any(map(goes_back_by_command, told))


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
    flagged=[
        Example("All at once", {"k8s/web.yaml": ex.WEB}),
        Example(
            "The page sends all of it back at once",
            {
                "k8s/web.yaml": _ROLLOUT + _STEPS,
                "ROLLBACK.md": "# Rollback\n\n`kubectl argo rollouts abort web`: all traffic goes back in one go.\n",
            },
        ),
    ],
)
def stepwise(kubernetes: Kubernetes, documents: Documents) -> Iterator[Draft]:
    """Traffic moves by weights, which work in both directions."""
    places = [c.at("spec", "analysis") for c in kubernetes.of("Canary") if c.get("spec", "analysis", "stepWeight")]
    for rollout in kubernetes.of("Rollout"):
        steps = rollout.items("spec", "strategy", "canary", "steps")
        weights = [s for s in steps if isinstance(s, dict) and "setWeight" in s]
        if len(weights) >= 2 and rollout.section("spec", "strategy", "canary", "trafficRouting"):
            places.append(rollout.at("spec", "strategy", "canary", "steps"))
    at_once = [way for way in ways(documents) if _IN_ONE_GO.search(way.words)] if places else []
    if at_once:
        yield unsure("Traffic moves by weights, and is sent back at once as it is written", at_once[0].at, *places)
    elif places:
        yield passed("Traffic moves by weights", *places)


_IN_ONE_GO = re.compile(
    r"\b(?:all (?:of )?(?:the )?(?:traffic|users|requests)|everybody|everything)\b[^.\n]{0,40}\b(?:in one go|at once|"
    r"in one step)\b|\bsteps are no longer\b",
    re.IGNORECASE,
)
