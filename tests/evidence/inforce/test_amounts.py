"""A number or a switch beside what is set up can leave nothing of it."""

from __future__ import annotations

import pytest

from orchestrator import Code, Signal
from orchestrator.contract.testing import facts_of
from orchestrator.evidence.inforce.amounts import amounting

LIMITER = Signal(id="test.limiter", pattern=r"rateLimit\(|\brateLimit\b")
LINES = [
    ("app.use(rateLimit({ windowMs: 60000, max: 100 }))", True),
    ("app.use(rateLimit({ windowMs: 60000, max: 100000 }))", True),
    ("app.use(rateLimit({ windowMs: 60000, max: 100001 }))", False),
    ("app.use(rateLimit({ max: 1e9 }))", False),
    ("app.use(rateLimit({ limit: 1_000_000 }))", False),
    ("const pool = new Pool({ max: 1000000 })", True),
    ("limit_req_zone $binary_remote_addr zone=a:10m rate=10000r/s;", True),
    ("limit_req_zone $binary_remote_addr zone=a:10m rate=10001r/s;", False),
    ("pybreaker.CircuitBreaker(fail_max=1000)", True),
    ("pybreaker.CircuitBreaker(fail_max=10**9)", False),
    ("AXES_FAILURE_LIMIT = 5", True),
    ("AXES_FAILURE_LIMIT = 1_001", False),
    ("@retry(stop=stop_after_attempt(2))", True),
    ("@retry(stop=stop_after_attempt(1))", False),
    ("retry(call, max_tries=2)", True),
    ("retry(call, max_tries=1)", False),
    ("axiosRetry(client, { retries: 1 })", True),
    ("axiosRetry(client, { retries: 0 })", False),
    ("SECURE_HSTS_SECONDS = 86400", True),
    ("SECURE_HSTS_SECONDS = 86399", False),
    ('add_header Strict-Transport-Security "max-age=31536000";', True),
    ('add_header Strict-Transport-Security "max-age=0";', False),
    ('add_header Cache-Control "max-age=0";', True),
    ("@cache_page(60)", True),
    ("@cache_page(0)", False),
    ("cache.set(key, value, timeout=60)", True),
    ("cache.set(key, value, timeout=0)", False),
    ("requests.get(url, timeout=0)", True),
    ("await cache.set(key, value, 'EX', 600)", True),
    ("await cache.set(key, value, 'EX', 0)", False),
    ("app.use(rateLimit({ max: 100, skip: () => true }))", False),
    ("app.use(rateLimit({ max: 100, skip: (req) => req.ip === here }))", True),
    ("app.use(rateLimit({ max: 100, enabled: false }))", False),
    ("app.use(rateLimit({ max: 100, enabled: true }))", True),
    ("app.use(rateLimit({ max: 100 })); app.use(other({ enabled: false }))", True),
    ("limiter(disabled=True)", False),
    ("has_paper_trail on: []", False),
    ("has_paper_trail on: [:update]", True),
]


@pytest.mark.parametrize(("line", "counts"), LINES, ids=[line for line, _ in LINES])
def test_amounts(line: str, counts: bool) -> None:
    """
    What is out of its bounds, or switched off in its own call, is void, and says by what.
    """
    end = line.find("(") + 1 or len(line.split()[0])
    force = amounting(line, 0, end)

    assert counts == bool(force)
    assert counts != force.is_void
    assert counts != force.amount
    assert counts == (force.reason == "")


def test_a_switch_before_it() -> None:
    """
    In the same call, what stands before a word can switch it off as well; in another call it does not.
    """
    inside, outside = "pino({ enabled: false, redact: ['a'] })", "other({ enabled: false }); pino({ redact: ['a'] })"

    assert amounting(inside, inside.index("redact"), inside.index("redact") + 6).is_void
    assert amounting(outside, outside.index("redact"), outside.index("redact") + 6)


def code_of(text: str, signal: Signal = LIMITER) -> Code:
    fact = facts_of({"server.js": text}, (signal,))[Code]
    assert isinstance(fact, Code)
    return fact


class TestReader:
    def test_leaves_nothing(self) -> None:
        """
        What comes to nothing is no hit, and neither is the line that only imports it.
        """
        hits = code_of("import rateLimit from 'limits'\napp.use(rateLimit({ max: 1e9 }))\n")[LIMITER]

        assert (0, 2) == (hits.total, hits.void)
        assert ["comes to nothing: max: 1e9"] * 2 == [aside.reason for aside in hits.aside]

    def test_imports_count(self) -> None:
        """
        Where what is imported does something, its import counts as it did.
        """
        hits = code_of("import rateLimit from 'limits'\napp.use(rateLimit({ max: 9 }))\n")[LIMITER]

        assert (2, 0) == (hits.total, hits.void)

    def test_looks_for_a_switch(self) -> None:
        """
        Who looks for a switch that is off finds it.
        """
        off = Signal(id="test.off", pattern=r"rateLimit\(.{0,80}enabled: false")

        assert 1 == code_of("app.use(rateLimit({ enabled: false }))\n", off)[off].total
