import importlib.util
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from tests.conftest import CHILD, call

CONTEXT = SimpleNamespace(function_name="f", memory_limit_in_mb=1, invoked_function_arn="a", aws_request_id="r")
DAY = str(date.today() + timedelta(days=3))


def order(event):
    spec = importlib.util.spec_from_file_location("order_app", "functions/order/app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.is_on = lambda name, school: True
    return module.handler(event, CONTEXT)["statusCode"]


@pytest.mark.parametrize(("body", "day", "status"), [
    ('{"dish": "fish"}', DAY, 200),
    ('{"dish": "stone"}', DAY, 400),
    ('{"dish": "fish", "price": 0}', DAY, 400),
    ('{"dish": "fish", "allergy": "<script>"}', DAY, 400),
    ('{"dish": "fish"}', str(date.today() - timedelta(days=1)), 400),
    ('{"dish": "fish"}', str(date.today() + timedelta(days=40)), 400),
])
def test_takes_what_can_be_cooked(cloud, body, day, status):
    assert order(call("PUT", body=body, child=CHILD, day=day)) == status


def test_takes_it_for_own_children_only(cloud):
    assert order(call("PUT", body='{"dish": "fish"}', child=CHILD, day=DAY, children="")) == 403
