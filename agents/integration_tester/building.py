"""Judges whether each commit is built and tested by the pipeline (5.1.1, 5.1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    LANGUAGE_FAMILIES,
    Aside,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Infrastructure,
    Kubernetes,
    Manifests,
    Pipelines,
    Routes,
    Source,
    Suite,
    TestSuites,
    absent,
    check,
    deploys,
    each,
    examined,
    failed,
    many,
    measured,
    passed,
    tests_by_command,
    tried_out_within,
    unsure,
)

from . import _examples as ex
from ._flow import Job, Step, flow_of, triggered
from ._parts import MEMBERS, parts, unreached

_RUNS_ELSEWHERE = ("Pipeline", "PipelineRun", "TriggerTemplate", "EventListener", "WorkflowTemplate", "Sensor")
"""Kinds of objects by which a cluster runs pipelines: Tekton's and those of Argo."""
_DECLARING = ("cdk.json", "Pulumi.yaml", "sst.config.ts", "cdktf.json")
"""What programs are started by that declare infrastructure, and pipelines with it."""
_PRODUCT = frozenset({"source", "config", "infra", "other"})
_PART = re.compile(
    r"(^|/)(package\.json|pyproject\.toml|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|composer\.json|"
    r"Gemfile|mix\.exs|[^/]+\.csproj)$"
)


@check(
    "DEP-5.1.1",
    shows=BOTH,
    clean=[
        Example(
            "Built on each push", {**ex.APP, ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: npm run build\n"}
        ),
        Example(
            "Compiled by its tests",
            {"main.go": "package main\n", ".gitlab-ci.yml": "test:\n  script: [go test ./...]\n"},
        ),
        Example(
            "Cloud Build, by a trigger in Terraform",
            {
                **ex.APP,
                "ci/cloudbuild.yaml": "steps:\n- name: gcr.io/k8s-skaffold/skaffold\n  args: [skaffold, build]\n",
                "iac/ci.tf": 'resource "google_cloudbuild_trigger" "ci" {\n  filename = "ci/cloudbuild.yaml"\n'
                '  github {\n    push {\n      branch = ".*"\n    }\n  }\n}\n',
            },
        ),
        Example(
            "Each of two parts, one by its folder",
            {
                **ex.APP,
                "api/go.mod": "module api\n",
                "api/main.go": "package main\n",
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - run: npm run build\n      - run: go build ./...\n        working-directory: api\n",
            },
        ),
        Example(
            "A workspace, by one command",
            {
                "package.json": '{"name": "shop", "private": true, "workspaces": ["apps/*"], '
                '"scripts": {"build": "turbo build"}}\n',
                "apps/web/package.json": ex.APP["package.json"],
                "apps/web/src/main.js": ex.APP["src/main.js"],
                ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: npm run build\n",
            },
        ),
        Example(
            "A workflow that calls another",
            {
                **ex.APP,
                ".github/workflows/ci.yml": "on: push\njobs:\n  image:\n    uses: ./.github/workflows/image.yml\n",
                ".github/workflows/image.yml": ex.ON_PUSH.replace("on: push", "on: workflow_call")
                + "      - uses: docker/build-push-action@v6\n",
            },
        ),
    ],
    flagged=[
        Example("No pipeline at all", ex.APP),
        Example(
            "Only at night",
            {
                **ex.APP,
                ".github/workflows/ci.yml": ex.ON_PUSH.replace("push", "{schedule: [{cron: 0 3 * * *}]}")
                + "      - run: make\n",
            },
        ),
    ],
    silent=[
        Example(
            "Only the infrastructure is checked",
            {**ex.APP, ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: terraform validate\n"},
        ),
        Example(
            "One of two parts is built",
            {
                "a/go.mod": "module a\n",
                "a/main.go": "package main\n",
                "b/go.mod": "module b\n",
                "b/main.go": "package main\n",
                ".github/workflows/a.yml": ex.ON_PUSH.replace("on: push", "on: {push: {paths: ['a/**']}}")
                + "      - run: go build ./a\n",
            },
        ),
        Example("Only a linter", {**ex.APP, ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: npx eslint .\n"}),
        Example("No code", {"README.md": "# Notes\n"}),
        Example(
            "Tekton, which is not read",
            {
                **ex.APP,
                "tekton/push.yaml": "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: push}\n"
                "spec:\n  tasks:\n    - {name: test, taskRef: {name: go-test}}\n",
            },
        ),
        Example("A program may declare the pipeline", {**ex.APP, "cdk.json": '{"app": "python app.py"}\n'}),
        Example(
            "A part in another language that nothing builds",
            {
                **ex.APP,
                "api/go.mod": "module api\n",
                "api/main.go": "package main\n",
                ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: npm run build\n",
            },
        ),
        Example(
            "An image of one of two applications",
            {
                **ex.APP,
                "Dockerfile": "FROM node:22\nCOPY package.json ./\nCOPY src src\n",
                "admin/package.json": ex.APP["package.json"],
                "admin/src/main.js": ex.APP["src/main.js"],
                ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: docker build -t web .\n",
            },
        ),
    ],
    reads=[MEMBERS],
)
def built_on_every_commit(
    pipelines: Pipelines,
    files: Files,
    infrastructure: Infrastructure,
    kubernetes: Kubernetes,
    manifests: Manifests,
    dockerfiles: Dockerfiles,
    code: Code,
) -> Iterator[Draft]:
    """A pipeline that pushes and proposed changes start builds the software, or compiles it to test it."""
    pipelines.seek("build", "test")
    pipelines = triggered(pipelines, infrastructure)
    flow = flow_of(pipelines)
    jobs = [job for job in flow.jobs if job.on_commit and not _of_documents(job)]
    sources = files.count("source")
    if not pipelines.files:
        if sources and (place := _may_declare(files, kubernetes)):
            yield unsure(f"No file is a CI pipeline that is read; whether {place.path} declares one is not", place)
        elif sources:
            yield failed(
                "There is no CI pipeline: nobody but the author builds a commit",
                absent("a CI pipeline", examined(len(files.entries), "files")),
                confidence="medium",
            )
        return
    doubt = next((aside for aside in pipelines.aside if not aside.void), None)
    if not jobs:
        if doubt:
            yield unsure(f"Whether a commit starts anything cannot be told: {doubt.what} {doubt.reason}", _at(doubt))
        elif not any("other" in p.triggers for p in pipelines.files):
            idle = next((f": {a.what} {a.reason}" for a in pipelines.aside), "")
            yield failed(
                each(pipelines.files, at=lambda p: p.at()).say(
                    "{none:pipeline} is started by a push or pull request{idle}", idle=idle
                )
            )
        return
    built = [(job, s) for job in jobs if job.heeded for s in job.steps if s.work.builds]
    tested = [(job, s) for job in jobs if job.heeded for s in job.steps if s.work.tests]
    found = built or tested
    seen = [s for job in jobs for s in job.steps]
    if not found and not doubt and not any(s.work.opaque for s in seen) and _is_vain(seen):
        why = "ignores whether it can be built" if any(s.work.ignored for s in seen) else "runs nothing"
        yield failed(f"What a commit starts {why} (job {jobs[0].job.id})", jobs[0].at, confidence="medium")
    elif not found:
        yield unsure(
            each(jobs).say(
                "Pushes start {number:job}; as far as commands tell {it|none of them} {does not build|builds}"
            ),
            jobs[0].at,
        )
    elif left := _left_out(files, [job for job, _ in found]):
        limit = next(path for job, _ in found for path in job.root.paths)
        yield unsure(
            f"Builds start only where something under {limit} or the like changes; {left[0]} is not among that",
            *_places([s for _, s in found]),
        )
    elif unbuilt := unreached(parts(files, manifests, code), [s for _, s in found], dockerfiles):
        yield unsure(
            each(unbuilt, name=lambda part: part.said).say(
                "Each commit builds a part (job {job}); of {} it is not seen", job=found[0][0].job.id
            ),
            *_places([s for _, s in found]),
        )
    else:
        what = "is built" if built else "is built by running its tests"
        yield passed(f"Each commit {what} (job {found[0][0].job.id})", *_places([s for _, s in found]))


def _at(aside: Aside) -> Source:
    return Source(path=aside.path, line=aside.line)


def _of_documents(job: Job) -> bool:
    """Whether only a change of documents starts *job*."""
    return bool(job.root.paths) and all(_DOCUMENTS.match(path) for path in job.root.paths)


def _may_declare(files: Files, kubernetes: Kubernetes) -> Source | None:
    """What may declare a pipeline in a form that is not read; None where nothing does."""
    if programs := files.named(*_DECLARING):
        return Source(path=programs[0].path)
    return next((resource.at() for resource in kubernetes.of(*_RUNS_ELSEWHERE)), None)


_DOCUMENTS = re.compile(
    r"^(?:\*\*/)?(?:docs?|documentation|README[^/]*|CHANGELOG[^/]*)(?:/.*)?$|.*\.(?:md|rst|adoc)$|!.*"
)


def _is_vain(steps: list[Step]) -> bool:
    """Whether nothing in *steps* comes of anything: their failure is ignored, or they have no commands."""
    return any(s.work.ignored for s in steps) or not any(s.step.commands for s in steps)


def _left_out(files: Files, jobs: list[Job]) -> list[str]:
    """The folders with a package manifest of their own in which a change starts none of *jobs*."""
    roots = {job.root.path: job.root for job in jobs}.values()
    globs = {path for root in roots for path in root.paths if not path.startswith("!")}
    if not all(root.paths for root in roots) or any(glob.startswith("*") for glob in globs):
        return []
    heads = {re.split(r"[*?\[]", glob, maxsplit=1)[0].rstrip("/") for glob in globs} - {""}
    parts = {f.path.rpartition("/")[0] for f in files.entries if f.role in _PRODUCT and _PART.search(f.path)}
    return sorted(p or "the root" for p in parts if heads.isdisjoint(_down_to(p)))


def _down_to(folder: str) -> Iterator[str]:
    """Every folder on the way to *folder*, and itself."""
    yield folder
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        yield folder


@check(
    "DEP-5.1.2",
    shows=BOTH,
    clean=[
        Example(
            "All three kinds of a service",
            {
                **ex.SERVICE,
                "tests/integration/orders.test.js": ex.cases(60),
                "tests/e2e/checkout.spec.js": ex.cases(12),
                ".github/workflows/ci.yml": ex.ON_PUSH
                + "      - run: npx jest\n      - name: End to end\n        run: npx playwright test\n",
            },
        ),
        Example(
            "The unit tests of a library, which has no others",
            {
                "pyproject.toml": '[project]\nname = "money"\n[build-system]\nrequires = ["hatchling"]\n',
                "src/money/__init__.py": "",
                "tests/test_money.py": "def test_adds():\n    assert True\n",
                ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: uv run tox run -e py313\n",
            },
        ),
    ],
    flagged=[
        Example(
            "Tests that no pipeline runs",
            {**ex.SERVICE, ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: npx eslint .\n"},
        ),
        Example("No pipeline at all", ex.SERVICE),
        Example(
            "Tests of which each is skipped",
            {
                "pyproject.toml": '[project]\nname = "money"\n[build-system]\nrequires = ["hatchling"]\n',
                "src/money/__init__.py": "",
                "tests/test_money.py": "pytestmark = pytest.mark.skip\n\n\ndef test_adds():\n    assert 0\n",
                ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: pytest\n",
            },
        ),
        Example(
            "Maven told to skip them",
            {
                "pom.xml": "<project><artifactId>a</artifactId><version>1</version></project>",
                "src/main/java/A.java": "class A {}\n",
                "src/test/java/ATest.java": "class ATest {\n  @Test\n  void a() {}\n}\n",
                ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: mvn -B package -DskipTests\n",
            },
        ),
    ],
    silent=[
        Example(
            "A service with unit tests alone",
            {**ex.SERVICE, ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: npm test\n"},
        ),
        Example(
            "A script that may test", {**ex.SERVICE, ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: ./ci.sh\n"}
        ),
        Example(
            "Failures that nobody heeds",
            {**ex.SERVICE, ".github/workflows/ci.yml": ex.ON_PUSH + "      - run: ./go.sh; npm test || true\n"},
        ),
    ],
)
def tested_on_every_commit(
    pipelines: Pipelines,
    manifests: Manifests,
    suites: TestSuites,
    routes: Routes,
    infrastructure: Infrastructure,
    files: Files,
    kubernetes: Kubernetes,
) -> Iterator[Draft]:
    """What pushes start runs the tests: for a service those of all three kinds, for a library those that there are."""
    written = pipelines
    pipelines = triggered(pipelines, infrastructure)
    flow = flow_of(pipelines)
    jobs = [job for job in flow.jobs if job.on_commit]
    there = [s for s in suites.of("unit", "integration", "e2e") if s.cases]
    cases = sum(s.cases for s in there)
    steps = [s for job in jobs if job.heeded for s in job.steps if s.work.tests and tried_out_within(s.step) is None]
    written.seek("test", there=bool(steps))
    if not steps:
        unseen = [s for job in jobs for s in job.steps if s.work.opaque]
        if unseen and there:
            yield unsure(f"No command runs the {many(cases, 'test')} by name; {_named(unseen[0])} may", unseen[0].at)
        elif there and not pipelines.files and (place := _may_declare(files, kubernetes)):
            yield unsure(
                f"No pipeline that is read runs the {many(cases, 'test')}; whether {place.path} declares one is not",
                place,
            )
        elif there and not any("other" in p.triggers for p in pipelines.files):
            what = "None of the pipelines runs" if pipelines.files else "There is no CI pipeline to run"
            yield failed(
                f"{what} the {many(cases, 'test')} of the repository, first in {there[0].first[0].path}",
                jobs[0].at if jobs else there[0].first[0],
                absent("a pipeline that runs them", examined(cases, "test cases")),
                confidence="high" if pipelines.files else "medium",
            )
        return
    if not there and suites.skipped:
        first = suites.skipped[0]
        place = Source(path=first.path, line=first.line)
        yield failed(f"CI runs tests of which each is skipped, first in {first.path}", place, *_places(steps))
        return
    spoken = {_family(s.language) for s in there}
    run = [s for s in there if _is_run(s, steps, alone=len(spoken) == 1)]
    idle = [s for s in there if s not in run]
    counts = {kind: sum(s.cases for s in run if s.kind == kind) for kind in ("unit", "integration", "e2e")}
    said = ", ".join(f"{n} {kind}" for kind, n in counts.items() if n) or "tests that could not be counted"
    measure = measured("tests that CI runs", sum(counts.values()) or None)
    vain = any(
        tests_by_command(c) and not (c.heeded and job.heeded)
        for job in jobs
        if not any(deploys(s.step) for s in job.steps)
        for s in job.steps
        for c in s.step.commands
    )
    enough = all(counts.values()) and not idle and not vain
    importable = any(m.library or m.command for m in manifests.files if m.role == "source") and not routes.routes
    if enough or (importable and counts["unit"] and not idle):
        count = examined(sum(counts.values()), "test cases")
        yield passed(f"CI runs the tests ({said})", *_places(steps), count, measure=measure)
    elif idle:
        missing = each(idle, name=lambda s: f"{many(s.cases, f'{s.kind} test')} in {s.language}")
        text = f"CI runs {said}; no command is known to run {missing}"
        yield unsure(text, *_places(steps), *idle[0].first[:1], measure=measure)
    else:
        short = " and ".join(f"{kind} tests" for kind, number in counts.items() if not number) or "tests with heed"
        yield unsure(f"CI runs {said}; not seen: {short}", *_places(steps), measure=measure)


def _is_run(suite: Suite, steps: list[Step], alone: bool) -> bool:
    """Whether a step runs the suite; a command of no known language runs it where the tree has one language only."""
    return any(
        suite.kind in s.work.tests and (suite.language in s.work.languages or (alone and not s.work.languages))
        for s in steps
    )


def _family(language: str) -> str:
    return next((name for name, members in LANGUAGE_FAMILIES.items() if language in members), language)


def _places(steps: list[Step]) -> list[Source]:
    return list(dict.fromkeys(s.command for s in steps))


def _named(step: Step) -> str:
    lines = (step.step.run or step.step.uses).strip().split("\n")
    return f"`{lines[0][:60]}`"
