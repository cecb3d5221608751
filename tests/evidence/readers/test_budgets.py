"""Which limits a repository sets itself."""

from __future__ import annotations

from orchestrator import Budgets
from orchestrator.contract.testing import facts_of


class TestBudgets:
    def test_limits(self):
        """
        Thresholds, budgets and timeouts are listed as they are written, with their lines.
        """
        files = {
            "load/a.js": "import http from 'k6/http';\nthresholds: {\n  http_req_duration: ['p(95)<500'],\n},\n",
            "lighthouserc.json": '{"ci": {"assert": {"assertions": {"speed-index": ["error", {"minScore": 0.9}]}}}}',
            "web/angular.json": '{"projects": {"a": {"budgets": [{"type": "initial", "maximumError": "1mb"}]}}}',
            "nginx/nginx.conf": "server {\n  proxy_read_timeout 30s;\n}\n",
            "gunicorn.conf.py": "timeout = 60\n",
        }
        fact = facts_of(files)[Budgets]

        assert isinstance(fact, Budgets)
        assert {
            ("load test", "http_req_duration", "p(95)<500", "load/a.js:3"),
            ("page audit", "speed-index", "minScore 0.9", "lighthouserc.json:1"),
            ("bundle size", "initial", "1mb", "web/angular.json:1"),
            ("timeout", "proxy_read_timeout", "30s", "nginx/nginx.conf:2"),
            ("timeout", "timeout", "60", "gunicorn.conf.py:1"),
        } == {(x.kind, x.subject, x.limit, str(x.source)) for x in fact.limits}
