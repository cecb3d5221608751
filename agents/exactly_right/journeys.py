"""Judges whether user journeys are walked after each deployment (DEP-5.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orchestrator import (
    ALL,
    PASS,
    Code,
    Draft,
    Example,
    Manifests,
    Pipeline,
    Pipelines,
    Signal,
    Source,
    TestSuites,
    check,
    deployments,
    passed,
    unsure,
    walked_within,
    walks,
    words,
)

WALKS = re.compile(
    rf"{words('commands/browser-tests').pattern}|"
    r"(?:pytest|rspec|cucumber|behave|jest|vitest|mvn|gradlew?|go test).{0,80}(?:e2e|end.to.end|acceptance|"
    r"journey|system)|"
    r"(?:npm|yarn|pnpm|make|just|task)\s+(?:run\s+)?[\w:-]{0,30}(?:e2e|end-to-end|acceptance|journey)",
    re.IGNORECASE,
)
_VISITS = r"(?:\.goto|\.visit|\.navigate\w{0,5}|\.open|\.url|driver\.get)\(\s*['\"`]"
NOWHERE = Signal(id="journeys.nowhere", pattern=rf"{_VISITS}(?:about:|data:)", roles=("test",))
SOMEWHERE = Signal(
    id="journeys.somewhere", pattern=rf"{_VISITS}(?!about:|data:)|baseURL|\.click\(|\.fill\(", roles=("test",)
)
SKIPPED = Signal(
    id="journeys.skipped",
    pattern=r"\b(?:test|it|describe|Scenario)\.(?:skip|fixme)\(|\bxit\(|\bxdescribe\(",
    roles=("test",),
)
REPORTED = Signal(
    id="journeys.reported",
    pattern=r"<testsuites?\b[^>]{0,400}\bfailures=['\"]\d",
    roles=("other", "config", "docs", "test", "source", "asset", "infra"),
    kept=ALL,
)
"""The first line of a report in the form of JUnit."""
_OF_JOURNEYS = re.compile(r"journey|e2e|end.to.end|acceptance|playwright|cypress|smoke|system", re.IGNORECASE)
_FAILURES = re.compile(r"\b(?:failures|errors)=['\"](\d{1,6})")
_TIMESTAMP = re.compile(r"\btimestamp=['\"]([\d:TZ.+-]{10,40})")
_HEAD = "on:\n  push:\n    branches: [main]\njobs:\n"
_DEPLOY = """  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: helm upgrade --install web ./chart
"""
_WALK = "  journeys:\n    {needs}runs-on: ubuntu-latest\n    steps:\n      - run: npx playwright test\n"


def _ci(needs: str) -> dict[str, str]:
    return {".github/workflows/release.yml": _HEAD + _DEPLOY + _WALK.format(needs=needs)}


_REPORT = (
    '<?xml version="1.0"?>\n<testsuites name="journeys" tests="2" failures="%s" timestamp="2026-11-25T07:09:31Z">\n'
    '  <testsuite name="e2e/journeys.spec.ts" tests="2"/>\n</testsuites>\n'
)


@check(
    "DEP-5.4.3",
    shows=PASS,
    reads=[NOWHERE, SKIPPED, SOMEWHERE, REPORTED],
    clean=[
        Example("a job that waits for the deployment", _ci("needs: deploy\n    ")),
        Example("and a report of the last time", {**_ci("needs: deploy\n    "), "reports/journeys.xml": _REPORT % 0}),
        Example(
            "a later step of the same job",
            {".github/workflows/release.yml": _HEAD + _DEPLOY + "      - run: npx cypress run\n"},
        ),
    ],
    flagged=[
        Example("beside the deployment, not after it", _ci("")),
        Example("one of two failed the last time", {**_ci("needs: deploy\n    "), "reports/journeys.xml": _REPORT % 1}),
        Example("a deployment and nothing after it", {".github/workflows/release.yml": _HEAD + _DEPLOY}),
        Example(
            "in a cluster that the job throws away",
            {
                ".github/workflows/release.yml": _HEAD + "  e2e:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: curl -sfL https://get.k3s.io | sh -\n      - run: kubectl apply -f k8s/\n"
                "      - run: npx playwright test\n"
            },
        ),
        Example(
            "in a pipeline that runs for proposals alone",
            {
                ".github/workflows/release.yml": "on: pull_request\njobs:\n"
                + _DEPLOY
                + _WALK.format(needs="needs: deploy\n    ")
            },
        ),
        Example(
            "against a local server",
            {".github/workflows/release.yml": _HEAD + _DEPLOY + "      - run: npm run e2e -- --url http://localhost:3000\n"},
        ),
    ],
)  # fmt: skip
def after_deployment(pipelines: Pipelines, manifests: Manifests, suites: TestSuites, code: Code) -> Iterator[Draft]:
    """A pipeline walks user journeys in a job or step that follows the deployment."""
    scripts = sorted({n for m in manifests.files for n, command in m.scripts.items() if WALKS.search(command)})[:50]
    named = "|".join(map(re.escape, scripts)) or "x^"
    called = re.compile(rf"\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(?:{named})(?![\w:-])")
    released = [deployment for deployment in deployments(pipelines) if not deployment.proposed]
    after: list[Source] = []
    elsewhere: list[Source] = []
    for pipeline in pipelines.files:
        deploying = {d.job.id: d.job.steps.index(d.step) for d in released if d.pipeline.path == pipeline.path}
        following = _following(pipeline, deploying)
        for job in pipeline.jobs:
            for number, step in enumerate(job.steps):
                text = step.enforced[:4_000]
                if walked_within(step) is not None:
                    after.append(pipeline.at(step))
                    continue
                walked = list(walks(step))
                if not (walked or WALKS.search(text) or called.search(text)):
                    continue
                text = "\n".join(c.text for c in walked) or text
                later = number > deploying.get(job.id, number) or job.id in following
                local = re.search(r"localhost|127\.0\.0\.1|start-server-and-test|docker[ -]compose|webServer", text)
                (after if later and not local else elsewhere).append(pipeline.at(step))
    written = suites.of("e2e")
    if after and not written and code[SKIPPED]:
        yield unsure(f"The journeys are skipped: {code[SKIPPED].first[0].text}", code[SKIPPED].first[0], *after)
    elif after and code[NOWHERE] and not code[SOMEWHERE]:
        yield unsure(f"The journeys lead nowhere: {code[NOWHERE].first[0].text}", code[NOWHERE].first[0])
    elif after and (broken := _last_failed(code)) is not None:
        yield unsure("User journeys are walked after the deployment, and failed in the last report", broken, *after)
    elif after:
        yield passed("User journeys are walked after the deployment", *after, confidence="medium")
    elif elsewhere:
        yield unsure("User journeys are walked in a pipeline, though not seen after a deployment", *elsewhere)


def _last_failed(code: Code) -> Source | None:
    """The last report of journeys in the tree, where any of them failed in it."""
    hits = [hit for hit in code[REPORTED].places if _OF_JOURNEYS.search(f"{hit.path} {hit.text}")]
    last = max(hits, key=_when, default=None)
    if last is None or not any(int(number) for number in _FAILURES.findall(last.text)):
        return None
    return last


def _when(hit: Source) -> str:
    found = _TIMESTAMP.search(hit.text)
    return found[1] if found else "9"  # of no day, it may be the last


def _following(pipeline: Pipeline, deploying: Iterable[str]) -> set[str]:
    """The jobs that wait for one of *deploying*, however indirectly."""
    waiting: dict[str, list[str]] = {}
    for job in pipeline.jobs:
        for name in job.needs:
            waiting.setdefault(name, []).append(job.id)
    found: set[str] = set()
    open_ = list(deploying)
    while open_:
        for name in waiting.pop(open_.pop(), ()):
            if name not in found:
                found.add(name)
                open_.append(name)
    return found
