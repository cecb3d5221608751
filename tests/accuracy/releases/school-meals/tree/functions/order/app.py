"""Puts or removes the lunch of a child on a day."""

import os
from datetime import UTC, date, datetime, timedelta

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.parser import BaseModel, ValidationError
from pydantic import Field
from typing import Literal

from meals.flags import is_on
from meals.kit import answer, log, metrics, queue, table, tracer
from meals.people import child_of, parent
from meals.trail import trail


class Lunch(BaseModel, extra="forbid"):
    dish: Literal["meat", "fish", "vegetarian", "vegan"]
    allergy: str | None = Field(default=None, max_length=40, pattern=r"^[a-z ,]+$")


def orderable(text: str) -> date:
    """Until eight in the evening of the day before, and four weeks ahead."""
    day = date.fromisoformat(text)
    now = datetime.now(UTC)
    if not now + timedelta(hours=4) < datetime(day.year, day.month, day.day, tzinfo=UTC) < now + timedelta(days=28):
        raise ValueError("not orderable")
    return day


@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
@log.inject_lambda_context(correlation_id_path="headers.\"x-request-id\"", clear_state=True)
def handler(event, context):
    who = parent(event)
    log.append_keys(user_id=who.sub)
    try:
        child = child_of(who, event["pathParameters"]["child"])
        day = orderable(event["pathParameters"]["day"])
        key = {"pk": f"CHILD#{child.id}", "sk": f"DAY#{day}"}
        if event["requestContext"]["http"]["method"] == "DELETE":
            table.delete_item(Key=key)
            trail(event, who.sub, "lunch.cancel", f"{child.id}/{day}")
            metrics.add_metric("Cancelled", MetricUnit.Count, 1)
            return answer(204)
        if not is_on("ordering", child.school):
            return answer(503, {"error": "ordering is closed"})
        lunch = Lunch.model_validate_json(event.get("body") or "{}")
        with tracer.provider.in_subsegment("## put lunch"):
            table.put_item(Item={**key, "school": child.school, "day": str(day), "dish": lunch.dish, "allergy": lunch.allergy, "expiresAt": int((datetime.now(UTC) + timedelta(days=400)).timestamp())})
            queue.send_message(QueueUrl=os.environ["CHARGES"], MessageBody=lunch.model_dump_json(), MessageAttributes={"child": {"DataType": "String", "StringValue": child.id}, "day": {"DataType": "String", "StringValue": str(day)}, "request": {"DataType": "String", "StringValue": str(log.get_correlation_id())}})
        trail(event, who.sub, "lunch.order", f"{child.id}/{day}")
        metrics.add_metric("Ordered", MetricUnit.Count, 1)
        return answer(200, {"day": str(day), "dish": lunch.dish})
    except PermissionError:
        return answer(403, {"error": "not your child"})
    except (ValueError, ValidationError) as error:
        return answer(400, {"error": type(error).__name__})
    except Exception:
        log.exception("order failed")
        return answer(500, {"error": "internal"})
