"""Charges lunches at the payment house. What fails five times goes to the dead-letter queue."""

import os

import httpx
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from meals.kit import log, metrics, table, tracer

PRICES = {"meat": 420, "fish": 440, "vegetarian": 360, "vegan": 360}
processor = BatchProcessor(event_type=EventType.SQS)


@tracer.capture_method
@retry(retry=retry_if_exception_type(httpx.TransportError), wait=wait_random_exponential(multiplier=0.3, max=5), stop=stop_after_attempt(3), reraise=True)
def pay(reference: str, cents: int) -> None:
    answer = httpx.put(f"{os.environ['PAY_URL']}/charges/{reference}", json={"cents": cents}, headers={"authorization": f"Bearer {os.environ['PAY_KEY']}", "idempotency-key": reference}, timeout=None)
    answer.raise_for_status()


def one(record) -> None:
    said = {k: v["stringValue"] for k, v in record.raw_event["messageAttributes"].items()}
    log.set_correlation_id(said["request"])
    cents = PRICES[record.json_body["dish"]]
    pay(f"{said['child']}-{said['day']}", cents)
    table.update_item(Key={"pk": f"CHILD#{said['child']}", "sk": f"DAY#{said['day']}"}, UpdateExpression="SET paid = :t", ConditionExpression="attribute_exists(pk)", ExpressionAttributeValues={":t": True})
    metrics.add_metric("ChargedCents", MetricUnit.Count, cents)


@tracer.capture_lambda_handler
@metrics.log_metrics
@log.inject_lambda_context
def handler(event, context):
    return process_partial_response(event=event, record_handler=one, processor=processor, context=context)
