"""Which committed files are results of a load test."""

from __future__ import annotations

import pytest

from orchestrator import LoadTests
from orchestrator.contract.testing import facts_of


class TestLoadTests:
    def test_committed_results(self):
        """
        Reports of k6 and Locust are read as figures; other JSON of such a name is not.
        """
        summary = (
            '{"metrics": {"http_req_duration": {"values": {"p(95)": 412.5}},'
            ' "http_req_failed": {"values": {"rate": 0.02}}}}'
        )
        stats = (
            "Type,Name,Request Count,Failure Count,95%,99%\n"
            "GET,/,90,0,100,200\n"
            ",Aggregated,200,5,310,720\n"
        )  # fmt: skip
        fact = facts_of({"load/summary.json": summary, "load/run_stats.csv": stats, "load/result.json": "{}"})[
            LoadTests
        ]

        assert isinstance(fact, LoadTests)
        assert [("locust", 310, 720, 0.025), ("k6", 412.5, None, 0.02)] == [
            (r.tool, r.p95, r.p99, r.failures) for r in fact.results
        ]


K6 = """\
import http from 'k6/http';
import { sleep } from 'k6';
export const options = { stages: [{ target: 100 }], thresholds: { http_req_failed: ['rate<0.01'] } };
export default function () {
  http.get(`${BASE}/é/${Math.random()}`); http.post(`${BASE}/basket`, basket);
  sleep(3);
}
"""
LOCUST = """\
from locust import HttpUser, LoadTestShape, task
class Shopper(HttpUser):
    wait_time = between(1, 3)
    @task
    def look(self):
        self.client.get("/" + random.choice(PAGES))
"""
GATLING = """\
import io.gatling.javaapi.core.*;
class Shop extends Simulation {
  ScenarioBuilder s = scenario("shop").exec(http("home").get("/")).pause(3).feed(csv("a.csv"));
}
"""
WRITTEN = [
    ("load/shop.js", K6, (2, 6, 5, 3, 3)),
    ("load/locustfile.py", LOCUST, (1, 3, 6, 1, 0)),
    ("load/Shop.java", GATLING, (1, 3, 3, 0, 0)),
    ("load/shop.js", K6.replace("  sleep(3)", "  if (false) sleep(3)"), (2, 0, 5, 3, 3)),
    ("load/shop.js", K6.replace("  sleep(3)", "  /* sleep(3) */"), (2, 0, 5, 3, 3)),
    ("load/shop.js", K6.replace("; http.post", "; return; http.post"), (1, 0, 5, 3, 3)),
    ("load/shop.js", K6.replace("export default function ()", "function unused()"), (0, 0, 0, 3, 3)),
    ("load/locustfile.py", LOCUST.replace("        self", "        return\n        self"), (0, 3, 0, 1, 0)),
]
VOID = [
    ("load/shop.js", f"/*\n{K6}*/\n"),
    ("load/shop.js", f"const text = `\n{K6.replace('`', chr(39)).replace('$', '')}`;\n"),
    ("load/locustfile.py", f'TEXT = """\n{LOCUST}"""\n'),
    ("load/Shop.java", f"/*\n{GATLING}*/\n"),
]


class TestWhatIsInForce:
    @pytest.mark.parametrize(("path", "text", "expected"), WRITTEN)
    def test_only_what_runs_is_read_of_a_script(self, path, text, expected):
        """
        How many addresses are asked, and where it waits, varies, grows and judges, is told from what runs.
        """
        fact = facts_of({path: text})[LoadTests]
        assert isinstance(fact, LoadTests)
        (script,) = fact.scripts

        assert expected == (script.requests, script.think, script.data, script.stages, script.thresholds)

    @pytest.mark.parametrize(("path", "text"), VOID)
    def test_a_script_in_a_text_is_none(self, path, text):
        """
        What is commented out or only a text tests nothing.
        """
        fact = facts_of({path: text})[LoadTests]

        assert isinstance(fact, LoadTests)
        assert () == fact.scripts


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        ("http_req_duration: ['p(95)<400']", True),
        ("http_req_duration: ['p(95)<600000']", False),
        ("http_req_duration: ['p(95)<599999']", True),
        ("http_req_failed: ['rate<0.01']", True),
        ("http_req_failed: ['rate<=1']", False),
        ("http_req_failed: ['rate<1']", True),
        ("http_req_failed: ['rate<2']", False),
        ("checks: ['rate>=0']", False),
        ("checks: ['rate>0.9']", True),
        ("http_req_failed: ['rate<=1'], http_req_duration: ['p(95)<400']", True),
        ("http_req_duration: [{ threshold: 'p(95)<900000', abortOnFail: true }]", False),
        ("mine: [LIMIT]", True),
    ],
)
def test_thresholds_that_hold_always_limit_nothing(limits: str, kept: bool) -> None:
    """
    A script of which every threshold holds whatever happens has none.
    """
    text = (
        f"import http from 'k6/http';\nexport const options = {{ thresholds: {{ {limits} }} }};\n"
        "export default function () { http.get('https://a.test/b'); }\n"
    )
    fact = facts_of({"load/a.js": text})[LoadTests]
    assert isinstance(fact, LoadTests)

    assert [kept] == [bool(script.thresholds) for script in fact.scripts]
