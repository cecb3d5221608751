"""Judges whether a failing test stops the deployment, and whether it is tried out once done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator import (
    BOTH,
    Code,
    Draft,
    Example,
    Files,
    Pipelines,
    Source,
    TestSuites,
    check,
    each,
    failed,
    languages_of,
    passed,
    tests_by_command,
    tried_out_within,
    unsure,
)

from . import _examples as ex
from ._deploys import Deploy, deployed_by, may_be_smoked, published_by, smoke_after
from ._flow import Flow, Job, Step, flow_of
from ._order import members, union
from .artefacts import TRIAL

_PUSH = "on:\n  push:\n    branches: [main]\njobs:\n"
_TEST = ex.job("test", "npm test")
_DEPLOY = ex.job("deploy", "kubectl apply -f k8s/", extra="    environment: production\n")
_AFTER_TEST = _DEPLOY.replace("    environment", "    needs: test\n    environment")
_ANYWAY = _AFTER_TEST.replace("    environment", "    if: always()\n    environment")
_PROPOSALS = "on: pull_request\njobs:\n" + _TEST
_SMOKE = ex.job("smoke", "curl --fail https://shop.dev/health", extra="    needs: deploy\n")


def _workflow(*parts: str) -> dict[str, str]:
    return {**ex.APP, ".github/workflows/deploy.yml": _PUSH + "".join(parts)}


_RELEASED = "on:\n  release:\n    types: [published]\njobs:\n"
_PUBLISH = ex.job("publish", "python -m build", "twine upload dist/*")


@check(
    "DEP-5.1.7",
    shows=BOTH,
    reads=[TRIAL],
    clean=[
        Example("Deployment waits for the tests", _workflow(_TEST, _AFTER_TEST)),
        Example(
            "It runs always, and looks at the result of the tests",
            _workflow(_TEST, _ANYWAY.replace("always()", "always() && needs.test.result == 'success'")),
        ),
        Example(
            "A package is published after its tests",
            {
                **ex.APP,
                ".github/workflows/p.yml": _RELEASED
                + _TEST
                + ex.job("publish", "python -m build", "twine upload dist/*", extra="    needs: test\n"),
            },
        ),
        Example("Tests come first in the same job", _workflow(ex.job("release", "npm test", "kubectl apply -f k8s/"))),
        Example(
            "GitLab's stages",
            {
                **ex.APP,
                ".gitlab-ci.yml": "unit:\n  stage: test\n  script: [npm test]\n"
                "live:\n  stage: deploy\n  script: [fly deploy]\n",
            },
        ),
    ],
    flagged=[
        Example("A package is published, and nothing is tested", {".github/workflows/p.yml": _RELEASED + _PUBLISH}),
        Example("A package is published beside its tests", _workflow(_TEST, _PUBLISH)),
        Example("Side by side", _workflow(_TEST, _DEPLOY)),
        Example("It waits, and deploys whatever comes of it", _workflow(_TEST, _ANYWAY)),
        Example(
            "It looks at the result of something else",
            _workflow(
                _TEST,
                ex.job("build", "npm run build"),
                _ANYWAY.replace("needs: test", "needs: [test, build]").replace(
                    "always()", "always() && needs.build.result == 'success'"
                ),
            ),
        ),
        Example("Nothing is tested", _workflow(_DEPLOY)),
        Example(
            "Tests whose failure is ignored", _workflow(ex.job("release", "npm test || true", "kubectl apply -f k8s/"))
        ),
    ],
    silent=[
        Example(
            "Proposals are tested: the branch may be protected",
            {**_workflow(_DEPLOY), ".github/workflows/ci.yml": _PROPOSALS},
        ),
        Example(
            "A deployment after its tests, and a package that is published before any",
            {**_workflow(_TEST, _AFTER_TEST), ".github/workflows/p.yml": _RELEASED + _PUBLISH},
        ),
        Example(
            "A package is published of what was tested on the main branch",
            {**ex.APP, ".github/workflows/p.yml": _RELEASED + _PUBLISH, ".github/workflows/ci.yml": _PUSH + _TEST},
        ),
        Example(
            "A package is published by what may test",
            {".github/workflows/p.yml": _RELEASED + ex.job("publish", "./verify.sh", "twine upload dist/*")},
        ),
        Example("A script that may test", _workflow(ex.job("release", "./verify.sh", "kubectl apply -f k8s/"))),
        Example("Only to staging", _workflow(_DEPLOY.replace("production", "staging"))),
        Example(
            "Into a cluster made for the test", _workflow(ex.job("try", "kind create cluster", "kubectl apply -f k8s/"))
        ),
    ],
)
def tests_gate_deployment(pipelines: Pipelines, code: Code) -> Iterator[Draft]:
    """
    Each deployment to production waits for a job that tests, or comes after the tests in its own job.

    Where nothing deploys, the same is asked of what publishes a package or a release.
    """
    flow = flow_of(pipelines)
    pipelines.seek("test", there=bool(flow.which(_tests)))
    brought = deployed_by(flow)
    published = published_by(flow, code[TRIAL])
    live = [d for d in brought if not d.lower] if brought else published
    gated = _gated(flow)
    loose = [d for d in published if brought and not (gated >> d.job.number & 1 or _tested_before(d))]
    ungated = [d for d in live if not (gated >> d.job.number & 1 or _tested_before(d))]
    open_ = [d for d in ungated if (d.job.on_commit or _never_tested(flow, d)) and not _maybe_gated(flow, d)]
    tried = _tried_in(flow)
    bare = {d.job.number for d in ungated}
    kept = [d for d in live if d.job.number not in bare]
    vain = [(d, step) for d in kept if (step := _ignored_before(flow, d, tried)) is not None]
    if open_:
        yield failed(each(open_, at=lambda d: d.at).like(_why(flow, open_[0])), confidence="medium")
    elif ungated:
        yield unsure(f"{_doubt(ungated[0])} (job {ungated[0].job.job.id})", ungated[0].at)
    elif vain:
        deploy, step = vain[0]
        yield failed(
            f"Job {deploy.job.job.id} {deploy.verb} whatever comes of the tests at {step.at}", step.at, deploy.at
        )
    elif live and loose:
        text = f"Job {live[0].job.job.id} {live[0].verb} only after the tests have passed; of job {loose[0].job.job.id}"
        yield unsure(f"{text}, which {loose[0].verb}, that is not seen", loose[0].at)
    elif live:
        places = [place for d in live[:3] for place in (_gate(flow, d), d.at) if place is not None]
        every = dict.fromkeys([*places, *(d.at for d in live)])
        yield passed(f"Job {live[0].job.job.id} {live[0].verb} only after the tests have passed", *every)


@dataclass(frozen=True)
class _Tried:
    """Which jobs test what, as sets of their numbers: with heed by language, and without it by what it speaks."""

    heeded: dict[str, int]
    idle: dict[frozenset[str], int]


def _tried_in(flow: Flow) -> _Tried:
    """What the jobs of *flow* test, found out once however many of them deploy."""
    heeded: dict[str, int] = {}
    idle: dict[frozenset[str], int] = {}
    for job in flow.jobs:
        for step in job.steps:
            for language in _heeded(job, step):
                heeded[language] = heeded.get(language, 0) | 1 << job.number
            if spoken := _idle(job, step):
                idle[spoken] = idle.get(spoken, 0) | 1 << job.number
    return _Tried(heeded, idle)


def _heeded(job: Job, step: Step) -> frozenset[str]:
    """The languages of which *step* tests something, and its failure stops the job."""
    return frozenset(step.work.languages or {"any"}) if job.heeded and step.work.tests else frozenset()


def _idle(job: Job, step: Step) -> frozenset[str]:
    """The languages of the tests in *step* whose failure nobody heeds."""
    idle = [c for c in step.step.commands if tests_by_command(c) and not (c.heeded and job.heeded)]
    if not idle or step.step.after_failure:
        return frozenset()
    return frozenset(language for c in idle for language in languages_of(c)) or frozenset({"any"})


def _ignored_before(flow: Flow, deploy: Deploy, tried: _Tried) -> Step | None:
    """
    The first step before *deploy* with a test whose failure nobody heeds.

    Where the same is tested with heed, another run of it may be for show.
    """
    before, own = flow.before(deploy.job), deploy.job.steps[: deploy.position]
    heeded = {language for language, jobs in tried.heeded.items() if jobs & before}
    heeded |= {language for s in own for language in _heeded(deploy.job, s)}
    vain = union(jobs for spoken, jobs in tried.idle.items() if not spoken & heeded) & before
    first = flow.jobs[next(members(vain))] if vain else deploy.job
    steps = first.steps if vain else own
    return next((s for s in steps if (spoken := _idle(first, s)) and not spoken & heeded), None)


def _never_tested(flow: Flow, deploy: Deploy) -> bool:
    """Whether *deploy* publishes, and no pipeline tests, or does what nobody can see into."""
    return deploy.verb == "publishes" and not (flow.which(_tests) | flow.which(_is_opaque))


def _gated(flow: Flow) -> int:
    """The jobs that wait, however indirectly, for one whose tests must pass, and stay away when it fails."""
    tested = union(1 << n for n in members(flow.which(_tests)) if flow.jobs[n].heeded)
    heeding = {job.number: job.needs & _heeded_by(flow, job) for job in flow.jobs if job.needs}
    found, waiting = 0, union(1 << n for n, needs in heeding.items() if needs & tested)
    while waiting:
        number = waiting.bit_length() - 1
        found, waiting = found | 1 << number, waiting ^ 1 << number
        for later in members(flow.after(flow.jobs[number]) & ~found & ~waiting):
            waiting |= 1 << later if heeding[later] >> number & 1 else 0
    return found


def _tested_before(deploy: Deploy) -> Source | None:
    """The test in its own job that *deploy* comes after."""
    if deploy.step.work.tests_first:
        return deploy.at
    return next((s.at for s in deploy.job.steps[: deploy.position] if s.work.tests), None)


def _gate(flow: Flow, deploy: Deploy) -> Source | None:
    """The test that must pass before *deploy*, where there is one."""
    if own := _tested_before(deploy):
        return own
    waiting, seen = [deploy.job], 1 << deploy.job.number
    while waiting:
        job = waiting.pop()
        for number in members(job.needs & _heeded_by(flow, job) & ~seen):
            seen |= 1 << number
            needed = flow.jobs[number]
            tested = next((s.at for s in needed.steps if s.work.tests), None)
            if tested and needed.heeded:
                return tested
            waiting.append(needed)
    return None


def _heeded_by(flow: Flow, job: Job) -> int:
    """The jobs at whose failure *job* stays away; of those that it does not wait for this says nothing."""
    blind = 0 if _WELL_ENDED.search(job.job.condition) else job.follows
    if not _anyway(job):
        return ~blind
    named = frozenset(_RESULT.findall(job.job.condition))
    return union(1 << number for number in members(job.needs) if flow.jobs[number].job.id in named)


_WELL_ENDED = re.compile(r"workflow_run\.conclusion\s{0,3}==\s{0,3}['\"]success")
_RESULT = re.compile(r"needs[.\[][\"']?([\w-]+)[\"']?\]?\.result\s{0,3}==\s{0,3}[\"']success")


def _anyway(job: Job) -> bool:
    """Whether the job runs even where one that it waits for has failed."""
    condition = job.job.condition
    if re.search(r"!\s{0,3}failure\(\)|!\s{0,3}contains\(\s{0,3}needs\.\*\.result", condition):
        return False
    return bool(re.search(r"always\(\)|failure\(\)|succeededOrFailed\(\)|!\s{0,3}cancelled\(\)", condition))


def _maybe_gated(flow: Flow, deploy: Deploy) -> bool:
    """Whether something that cannot be seen into may be the gate: a command, an action, the branch's protection."""
    earlier = flow.before(deploy.job)
    if (_anyway(deploy.job) or deploy.job.follows) and earlier & flow.which(_tests):
        return False
    if deploy.job.pipeline.system == "other" or earlier & flow.which(_is_opaque):
        return True
    if any(s.work.opaque for s in deploy.job.steps[: deploy.position]):
        return True
    return bool(flow.which(_tests_proposals) & ~flow.started_by(deploy.job.root))


def _tests(job: Job) -> bool:
    """Whether *job* tests, and not only what it has just put into service."""
    return any(s.work.tests and (s.work.tests_first or not tried_out_within(s.step)) for s in job.steps)


def _tests_proposals(job: Job) -> bool:
    return _tests(job) and "pull_request" in job.triggers


def _is_opaque(job: Job) -> bool:
    return any(s.work.opaque for s in job.steps)


def _doubt(deploy: Deploy) -> str:
    if not deploy.job.on_commit:
        return f"What is {_DONE[deploy.verb]} is not tested in the same pipeline"
    what = _ACT[deploy.verb]
    return f"Nothing in the pipeline makes the {what} wait for tests; a script or the branch's protection may"


_DONE = {"deploys": "deployed", "publishes": "published"}
_ACT = {"deploys": "deployment", "publishes": "publication"}


def _why(flow: Flow, deploy: Deploy) -> str:
    name = deploy.job.job.id
    if _anyway(deploy.job) and flow.before(deploy.job) & flow.which(_tests):
        whatever = f"{deploy.verb} whatever comes of them (if: {deploy.job.job.condition[:40]})"
        return f"Job {name} waits for the tests and {whatever}"
    if deploy.job.follows:
        return f"Job {name} starts when {deploy.job.root.follows[0]} has ended, and does not ask how"
    when = f"{deploy.verb} on push" if deploy.job.on_commit else deploy.verb
    tests = [flow.jobs[n] for n in members(flow.which(_tests))]
    same = next((job for job in tests if job.root.path == deploy.job.root.path and job is not deploy.job), None)
    if same:
        return f"Job {name} {when} and does not wait for job {same.job.id}, which tests"
    if tests:
        return f"Job {name} {when} beside the tests of {tests[0].root.path}"
    return f"Job {name} {when}, and no pipeline tests"


@check(
    "DEP-5.1.9",
    "DEP-5.4.1",
    shows=BOTH,
    clean=[
        Example("A job after the deployment", _workflow(_DEPLOY, _SMOKE)),
        Example(
            "A script of the tree after it",
            {
                **_workflow(ex.job("release", "fly deploy", "./scripts/smoke-test.sh https://shop.dev")),
                "scripts/smoke-test.sh": '#!/bin/sh\nset -e\ncurl --fail --silent "$1/health"\n',
            },
        ),
    ],
    flagged=[
        Example("Nothing follows", _workflow(_DEPLOY)),
        Example(
            "Told to a chat", _workflow(_DEPLOY, _SMOKE.replace("https://shop.dev/health", "https://hooks.slack.com/x"))
        ),
    ],
    silent=[
        Example("A script that may look", _workflow(ex.job("release", "kubectl apply -f k8s/", "./after.sh"))),
        Example(
            "A smoke test of what was built, not deployed",
            _workflow(ex.job("smoke", "./scripts/smoke-test.sh http://localhost:3000")),
        ),
    ],
)
def smoke_tests_follow(pipelines: Pipelines, suites: TestSuites, files: Files) -> Iterator[Draft]:
    """Each deployment to production is followed at once by a step that asks it whether it works."""
    flow = flow_of(pipelines)
    live = [d for d in deployed_by(flow) if not d.lower]
    found = {d.job.number: step for d in live if (step := smoke_after(flow, d))}
    skipped = {number for number, step in found.items() if _is_skipped(step, suites, files)}
    smoked = {number: step.at for number, step in found.items() if number not in skipped}
    bare = [d for d in live if d.job.number not in smoked]
    if live and not bare:
        places = [place for d in live for place in (d.at, smoked[d.job.number])]
        for criterion in ("DEP-5.1.9", "DEP-5.4.1"):
            yield passed(
                f"A smoke test follows the deployment of job {live[0].job.job.id}", *places, criterion=criterion
            )
    elif bare:
        first = bare[0]
        said = f"Nothing tries out what job {first.job.job.id} has deployed"
        open_ = [d for d in bare if d.job.number not in skipped]
        unseen = any(may_be_smoked(flow, d) for d in open_) or any("other" in p.triggers for p in pipelines.files)
        unseen = unseen or any(_BY_RULES.search(step.step.said) for d in open_ for step in d.job.steps)
        for criterion in ("DEP-5.1.9", "DEP-5.4.1"):
            if unseen or not any(d.job.on_commit for d in bare):
                yield unsure(f"{said} as far as the pipeline tells", first.at, criterion=criterion)
            else:
                told = each(bare, at=lambda d: d.at).like(said)
                yield failed(told, criterion=criterion, confidence="medium")


_BY_RULES = re.compile(r"\b(?:ansible-playbook|salt(?:-call)?|puppet|chef-client|fab)\b|\bcap\s\w+\s\w*deploy")
"""What deploys by rules of its own, which may try out what they have done."""


def _is_skipped(step: Step, suites: TestSuites, files: Files) -> bool:
    """Whether all that *step* runs to try something out are files of tests of which none counts."""
    words = {word.strip("\"'").removeprefix("./").rstrip("/") for c in step.step.commands for word in c.text.split()}
    tests = [f.path for f in files.entries if _TEST_FILE.search(f.path) and _is_below(f.path, words)]
    counted = [source.path for suite in suites.suites for source in suite.first]
    if not tests or any(suite.files > len(suite.first) for suite in suites.suites):
        return False
    return not set(tests) & set(counted) and not any(_asks_by_itself(c.text) for c in step.step.commands)


_TEST_FILE = re.compile(r"\.(?:spec|test)\.[cm]?[jt]sx?$|(?:^|/)test_\w+\.py$|_test\.(?:go|exs|py)$")
_asks_by_itself = re.compile(r"\b(?:curl|wget|newman|hurl)\b").search


def _is_below(path: str, words: set[str]) -> bool:
    return any(word and (path == word or path.startswith(f"{word}/")) for word in words)
