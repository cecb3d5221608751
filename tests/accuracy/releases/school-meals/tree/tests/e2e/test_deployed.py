"""Against a deployed stage, with a test parent's token."""

import os
from datetime import date, timedelta

import httpx
import pytest

BASE = os.environ.get("BASE", "")
pytestmark = pytest.mark.skipif(not BASE, reason="needs BASE")
DAY = date.today() + timedelta(days=5)
CHILD = "00000000-0000-0000-0000-00000000e2e0"


def client():
    return httpx.Client(base_url=BASE, timeout=10, headers={"authorization": os.environ["E2E_TOKEN"]})


def test_health():
    assert httpx.get(f"{BASE}/health", timeout=10).status_code == 200


def test_orders_sees_and_cancels():
    with client() as c:
        path = f"/v1/children/{CHILD}/days/{DAY}"
        assert c.put(path, json={"dish": "vegan"}).status_code == 200
        monday = DAY - timedelta(days=DAY.weekday())
        assert c.get(f"/v1/children/{CHILD}/weeks/{monday}").json()[str(DAY)] == "vegan"
        assert c.delete(path).status_code == 204


def test_strangers_are_refused():
    assert httpx.get(f"{BASE}/v1/me/data", timeout=10).status_code == 401
