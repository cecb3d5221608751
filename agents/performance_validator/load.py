"""Judges load tests and capacity plans (section 3.3). A script is not an execution, a report is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    PASS,
    Code,
    Documents,
    Draft,
    Example,
    LoadResult,
    LoadScript,
    LoadTests,
    Manifests,
    Measure,
    Pipelines,
    Routes,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    many,
    measured,
    passed,
    unjudged,
    unsure,
)

_K6 = """import http from 'k6/http';
import { sleep } from 'k6';
export const options = {
  stages: [{ duration: '5m', target: 100 }, { duration: '5m', target: 200 }],
  thresholds: { http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01'] },
};
export default function () {
  http.get(`${BASE}/`);
  http.get(`${BASE}/search?q=${words[Math.floor(Math.random() * words.length)]}`);
  http.post(`${BASE}/basket`, basket);
  sleep(3);
}
"""
_LOOKS = _K6.replace("post(`${BASE}/basket`, basket)", "get(`${BASE}/seats`)")
_FLAT = "import http from 'k6/http';\nexport default function () {\n  http.get('https://staging.shop.example/');\n}\n"
_JOURNEY = """config:
  phases:
    - duration: 60
      arrivalRate: 5
scenarios:
  - flow:
      - get:
          url: "/home"
      - post:
          url: "/basket"
"""
_SUMMARY = """{{"metrics": {{
  "http_req_duration": {{"avg": 120.5, "p(95)": {p95}, "p(99)": {p99}}},
  "http_req_failed": {{"rate": {rate}}},
  "http_reqs": {{"count": 90000}}
}}}}
"""


_P95, _P99, _LOST = 500, 1000, 0.01


def _summary(p95: float, p99: float, rate: float) -> dict[str, str]:
    return {"load/k6-summary.json": _SUMMARY.format(p95=p95, p99=p99, rate=rate)}


@check(
    "PRF-3.3.1",
    shows=FAIL,
    clean=[Example("a report within the limits", _summary(310, 720, 0.002))],
    flagged=[
        Example("95 of 100 answers take up to 812 ms", _summary(812, 950, 0.002)),
        Example("3 % of requests fail", _summary(310, 720, 0.03)),
    ],
    silent=[Example("a script that may never have run", {"load/peak.js": _K6})],
)
def committed_report(tests: LoadTests) -> Iterator[Draft]:
    """A load-test report in the tree keeps p95 below 500 ms, p99 below 1000 ms and failures below 1 %."""
    good = []
    for result in tests.results:
        found = [
            f"{what} {value:,.0f} ms where less than {limit:,} ms is wanted"
            for what, value, limit in (("p95 is", result.p95, _P95), ("p99 is", result.p99, _P99))
            if value is not None and value >= limit
        ]
        if result.failures is not None and result.failures >= _LOST:
            found.append(f"{result.failures:.1%} of requests fail where less than 1 % is wanted")
        if found:
            text = f"Report {result.path} of {result.tool}: {'; '.join(found)}"
            yield failed(text, result.source, confidence="medium", measure=_slowest([result]))
        else:
            good.append(result)
    if good:
        yield unsure(
            each(good, at=lambda result: result.source).say(
                "{number:report} {keeps} the limits; whether {its} load was the expected peak is open"
            ),
            measure=_slowest(good),
        )
    elif tests.scripts and not tests.results and not tests.reports:
        yield unsure("Load tests are written, and no report of a run is in the tree", *(s.at() for s in tests.scripts))


def _slowest(results: list[LoadResult]) -> Measure | None:
    """p95 of the slowest of *results*, or p99 or the share of failed requests where that alone is over its limit."""
    p95 = max((r.p95 for r in results if r.p95 is not None), default=None)
    p99 = max((r.p99 for r in results if r.p99 is not None), default=None)
    lost = max((round(r.failures * 100, 3) for r in results if r.failures is not None), default=None)
    measures = (
        measured("p95 under load", p95, "ms", at_most=_P95),
        measured("p99 under load", p99, "ms", at_most=_P99),
        measured("failed requests under load", lost, "%", at_most=_LOST * 100),
    )
    known = [m for m in measures if m is not None]
    over = [m for m in known if m.at_most is not None and m.value >= m.at_most]
    return next(iter(over or known), None)


SENDS = Signal(
    id="performance.load-sends",
    pattern=r"\.(?:post|put|patch|del|delete|request|batch|asyncRequest|submitForm|submit_form|mutate)\(|\bmutation\b|"
    r"\bPOST\b|\bPUT\b|\bPATCH\b|^-?\s*(?:post|put|patch):",
    roles=("source", "test", "config", "other"),
    kept=ALL,
)
"""A request that sends something, in whatever a load test is written in."""


@check(
    "PRF-3.3.2",
    shows=BOTH,
    reads=[SENDS],
    clean=[Example("steps, pauses, varied data and stages", {"load/shop.js": _K6})],
    flagged=[
        Example("one address, again and again", {"load/home.js": _FLAT}),
        Example(
            "wrk against the start page",
            {"scripts/bench.sh": "#!/bin/sh\nwrk -t12 -c400 -d30s http://localhost:8000/\n"},
        ),
    ],
    silent=[
        Example("a journey in Artillery, without pauses", {"load/journey.yml": _JOURNEY}),
        Example(
            "visitors who only look, in a shop that sells",
            {
                "load/sale.js": _LOOKS,
                "server.js": "const app = express()\napp.get('/concerts/:id', show)\napp.post('/orders', buy)\n",
            },
        ),
        Example("another script asks one address", {"load/shop.js": _K6, "load/api.js": _FLAT}),
        Example("one trait is missing", {"load/shop.js": _K6.replace("  sleep(3);\n", "")}),
        Example("no load tests here", {"src/app.js": "import http from 'http';\n"}),
    ],
)
def realistic_scenarios(tests: LoadTests, code: Code, routes: Routes) -> Iterator[Draft]:
    """At least one scenario has several steps, think time, varied data and load that changes over time."""
    if not tests.scripts:
        return
    real = [s for s in tests.scripts if not _missing(s)]
    told = set(code[SENDS].paths)
    read_only = [s for s in real if s.path not in told] if _takes_anything(routes) else []
    flat = [s for s in tests.scripts if s.hammer or (s.requests <= 1 and not s.think and not s.data and not s.stages)]
    if real and flat:
        yield unsure(
            f"Scenario {real[0].path} is like what people do, and {flat[0].path} asks one address again and again",
            real[0].at(),
            flat[0].at(),
        )
    elif real and len(read_only) == len(real):
        text = f"Scenario {real[0].path} of {real[0].tool} only reads, and people send something, too: no request does"
        yield unsure(text, real[0].at())
    elif real:
        first = next(s for s in real if s not in read_only)
        lines = sorted({first.think, first.data, first.stages})
        yield passed(
            f"A scenario of {first.tool} makes {many(first.requests, 'different request')} with pauses, varied data "
            "and stages",
            *(first.at(line) for line in lines),
            confidence="medium",
        )
    elif len(flat) == len(tests.scripts):
        yield failed(
            each(flat, at=lambda script: script.at()).say("{all:load test} {repeats} a single request without a pause"),
            remedy="Model the journeys of users: several requests, pauses, varied data, load in stages.",
            confidence="medium",
        )
    else:
        best = min((s for s in tests.scripts if s not in flat), key=lambda s: len(_missing(s)))
        yield unsure(f"Scenario {best.path} of {best.tool} shows no {', no '.join(_missing(best))}", best.at())


def _takes_anything(routes: Routes) -> bool:
    """Whether a route takes what people send, other than to log in or to tell of events."""
    return any(r.method in ("POST", "PUT", "PATCH") and not _ASIDE.search(r.path) for r in routes.routes)


_ASIDE = re.compile(r"log-?in|sign-?in|session|auth|token|hook|callback|metric|health|admin|csp|report", re.IGNORECASE)


def _missing(script: LoadScript) -> list[str]:
    traits = {
        "several steps": script.requests > 1 and not script.hammer,
        "think time": script.think,
        "varied data": script.data,
        "staged load": script.stages,
    }
    return [name for name, seen in traits.items() if not seen]


_PLAN = "# Capacity plan\n\n" + "Peak is 400 requests a second, growing by a tenth each quarter. " * 6
_TRIGGER = "\n## When to scale\n\n" + "Add a node when CPU stays above 70 % or the pool is in use to 80 %. " * 3


@check(
    "PRF-3.3.7",
    shows=PASS,
    clean=[Example("a plan with figures to scale at", {"docs/capacity.md": _PLAN + _TRIGGER})],
    flagged=[
        Example("a plan that does not say when", {"docs/capacity.md": _PLAN}),
        Example(
            "a heading and nothing below it", {"docs/capacity.md": "# Capacity plan\n\n## When to scale\n\nLater.\n"}
        ),
    ],
)
def capacity_plan(documents: Documents) -> Iterator[Draft]:
    """A document about capacity has a section on when to scale."""
    plans = documents.about("capacity", "scaling plan", "sizing guide", minimum=40)
    for document, _ in plans:
        triggers = [h for h in document.headings if h.words >= 15 and TRIGGER.search(h.text)]
        if triggers:
            yield passed(
                f"{document.path} says at which figures to scale",
                *(document.at(h) for h in triggers),
                confidence="medium",
            )
            return
    if plans:
        yield unsure("Capacity is written about, without a section on when to scale", *(d.at(h) for d, h in plans))
    else:
        yield from unjudged(documents, "capacity", "scaling plan", "sizing guide")


TRIGGER = re.compile(
    r"trigger|threshold|when to (?:scale|add|grow)|limits?\b|scaling (?:point|rule|polic)|headroom", re.IGNORECASE
)

RUNS = re.compile(
    r"\bk6(?::[\w.-]{1,40})?(?:@sha256:\w{64})?\s+(?:run|cloud)\b|locustio/locust\b|artilleryio/artillery\b|/jmeter(?::\S{1,40})?\s+-n|"
    r"grafana/(?:run-)?k6-action|\blocust\s+-|artillery(?:io)?(?:@\S{1,20})?[\s/-](?:run|"
    r"action)|\bjmeter\s+-n|"
    r"gatling[:-](?:test|run)|gatlingRun|\b(?:wrk2?|vegeta|autocannon|bombardier|hey)\s+(?:-|attack)"
)  # fmt: skip
HINTS = re.compile(
    r"\bload[-_: ]?(?:tests?|generator)|perf(?:ormance)?[-_: ]?tests?|stress[-_:]?tests?|\bbench(?:mark)?\b|k6|locust|"
    r"jmeter|gatling",
    re.IGNORECASE,
)
_CI = """on: {{push: {{}}, schedule: [{{cron: '0 3 * * *'}}]}}
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - run: {run}
"""


def _ci(run: str, **files: str) -> dict[str, str]:
    return {".github/workflows/ci.yml": _CI.format(run=run), "load/shop.js": _K6, **files}


@check(
    "PRF-3.3.9",
    shows=BOTH,
    clean=[
        Example("k6 runs each night", _ci("k6 run load/shop.js")),
        Example("in a container", _ci('docker run --rm -v "$PWD/load:/load" grafana/k6:1.4.0 run /load/shop.js')),
        Example(
            "through a script of package.json",
            _ci("npm run load", **{"package.json": '{"name": "shop", "scripts": {"load": "k6 run load/shop.js"}}\n'}),
        ),
    ],
    flagged=[Example("the pipeline runs everything else", _ci("npm test"))],
    silent=[
        Example("a job that may be one", _ci("make load-test")),
        Example("a script in the folder of the load tests", _ci("cd load-generator && ./run.sh")),
        Example("no load tests here", {".github/workflows/ci.yml": _CI.format(run="npm test")}),
        Example(
            "a pipeline whose steps stand in a shared library",
            {"load/shop.js": _K6, "Jenkinsfile": "@Library('ours@v12') _\n\nrelease(name: 'shop')\n"},
        ),
        Example("nothing ends the run", _ci("k6 run load/flat.js", **{"load/shop.js": _FLAT})),
    ],
)
def in_the_pipeline(pipelines: Pipelines, tests: LoadTests, manifests: Manifests) -> Iterator[Draft]:
    """A pipeline that starts by itself runs a load test that can fail."""
    scripts = sorted({n for m in manifests.files for n, command in m.scripts.items() if RUNS.search(command)})[:50]
    named = "|".join(map(re.escape, scripts)) or "x^"
    by_script = re.compile(rf"\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(?:{named})(?![\w:-])")
    runs, hints = [], []
    for pipeline, job, step in pipelines.steps():
        text = step.enforced[:4_000]
        if RUNS.search(text) or by_script.search(text):
            runs.append((pipeline, job, step))
        elif HINTS.search(f"{job.id} {step.name} {text} {step.run[:4_000]}"):
            hints.append(pipeline.at(step))
    automatic = [p.at(s) for p, j, s in runs if not j.manual and p.triggers_of(j) - {"manual", "call", "other"}]
    limited = [s for s in tests.scripts if s.thresholds]
    if automatic and limited:
        yield passed("A load test with limits runs in the pipeline", *automatic, limited[0].at(limited[0].thresholds))
    elif runs:
        why = "which limits end it is not to be seen" if automatic else "only when someone starts it"
        yield unsure(f"A load test runs in the pipeline, {why}", *(p.at(s) for p, _, s in runs))
    elif hints:
        yield unsure("A pipeline may run load tests", *hints)
    elif tests.scripts and (doubt := next((aside for aside in pipelines.aside if not aside.void), None)):
        place = Source(path=doubt.path, line=doubt.line)
        yield unsure(f"No step is seen to run the load tests, and {doubt.what} {doubt.reason}", place)
    elif tests.scripts and pipelines.files:
        yield failed(
            f"No pipeline runs a load test, though the tree has {many(len(tests.scripts), 'load test')}",
            tests.scripts[0].at(),
            examined(len(pipelines.steps()), "pipeline steps"),
            confidence="medium",
        )
