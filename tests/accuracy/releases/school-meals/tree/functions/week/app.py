"""Reads the week of a child, or what a kitchen has to cook on a day."""

from collections import Counter
from datetime import date, timedelta

from boto3.dynamodb.conditions import Key

from meals.kit import answer, log, table, tracer
from meals.people import child_of, parent
from meals.trail import trail


@tracer.capture_lambda_handler
@log.inject_lambda_context(correlation_id_path="headers.\"x-request-id\"", clear_state=True)
def handler(event, context):
    try:
        if "kitchens" in event["rawPath"]:
            return kitchen(event)
        who = parent(event)
        child = child_of(who, event["pathParameters"]["child"])
        monday = date.fromisoformat(event["pathParameters"]["week"])
        found = table.query(KeyConditionExpression=Key("pk").eq(f"CHILD#{child.id}") & Key("sk").between(f"DAY#{monday}", f"DAY#{monday + timedelta(days=6)}"))
        trail(event, who.sub, "week.read", f"{child.id}/{monday}")
        return answer(200, {i["day"]: i["dish"] for i in found["Items"]})
    except PermissionError:
        return answer(403, {"error": "not your child"})
    except ValueError:
        return answer(400, {"error": "week"})
    except Exception:
        log.exception("week failed")
        return answer(500, {"error": "internal"})


def kitchen(event):
    school, day = event["pathParameters"]["school"], str(date.fromisoformat(event["pathParameters"]["day"]))
    found = table.query(IndexName="kitchen", KeyConditionExpression=Key("school").eq(school) & Key("day").eq(day))["Items"]
    return answer(200, {"dishes": Counter(i["dish"] for i in found), "allergies": [{"child": i["pk"], "allergy": i["allergy"]} for i in found if i.get("allergy")]})
