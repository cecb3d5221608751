"""The bank's debit interface: bounded waits, growing pauses, and no more calls while it is down."""

import time

import httpx
from django.conf import settings
from django.core.cache import cache
from opentelemetry import trace
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from gardens.metrics import DEBIT, RENT

tracer = trace.get_tracer(__name__)
client = httpx.Client(base_url=settings.BANK_URL, timeout=httpx.Timeout(5.0, connect=2.0), headers={"Authorization": f"Bearer {settings.BANK_KEY}"})


class BankDown(Exception):
    """The breaker is open."""


def _failed():
    if cache.get_or_set("bank-failures", 0, 60) is not None and cache.incr("bank-failures") >= 5:
        cache.set("bank-open", True, 30)


@retry(retry=retry_if_exception_type(httpx.TransportError), wait=wait_random_exponential(multiplier=0.5, max=10), stop=stop_after_attempt(4), reraise=True)
def take(debit):
    if cache.get("bank-open"):
        raise BankDown
    begun = time.monotonic()
    with tracer.start_as_current_span("bank.debit"):
        try:
            answer = client.post("/debits", json={"mandate": debit.lease.mandate_ref, "cents": debit.cents}, headers={"Idempotency-Key": f"debit-{debit.pk}"})
            answer.raise_for_status()
        except httpx.HTTPError:
            _failed()
            raise
        finally:
            DEBIT.observe(time.monotonic() - begun)
    RENT.inc(debit.cents)
    return answer.json()["state"]
