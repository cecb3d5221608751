"""Which committed files are results of a load test."""

from __future__ import annotations

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
