"""What parents may ask of us: their data, their consents, to be forgotten."""

import os

import boto3
from boto3.dynamodb.conditions import Key

from meals.kit import answer, aws, log, table, tracer
from meals.people import parent
from meals.trail import trail

cognito = boto3.client("cognito-idp", config=aws)
PURPOSES = {"newsletter", "survey"}


@tracer.capture_lambda_handler
@log.inject_lambda_context(correlation_id_path="headers.\"x-request-id\"", clear_state=True)
def handler(event, context):
    who = parent(event)
    method, path = event["requestContext"]["http"]["method"], event["rawPath"]
    try:
        if path.endswith("/me/data"):
            trail(event, who.sub, "me.export", who.sub)
            return answer(200, {"children": [items(f"CHILD#{c}") for c in who.children], "consents": items(f"PARENT#{who.sub}")})
        if method == "PUT":
            purpose = event["pathParameters"]["purpose"]
            given = (event.get("body") or "").strip()
            if purpose not in PURPOSES or given not in {"true", "false"}:
                return answer(400, {"error": "purpose or value"})
            table.put_item(Item={"pk": f"PARENT#{who.sub}", "sk": f"CONSENT#{purpose}", "given": given == "true", "at": event["requestContext"]["time"]})
            trail(event, who.sub, "consent.give" if given == "true" else "consent.withdraw", purpose)
            return answer(204)
        for pk in [f"CHILD#{c}" for c in who.children] + [f"PARENT#{who.sub}"]:
            for item in items(pk):
                table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
        cognito.admin_delete_user(UserPoolId=os.environ["POOL"], Username=who.sub)
        trail(event, who.sub, "me.leave", who.sub)
        return answer(204)
    except Exception:
        log.exception("me failed")
        return answer(500, {"error": "internal"})


def items(pk):
    found, more = [], {}
    while True:
        page = table.query(KeyConditionExpression=Key("pk").eq(pk), **more)
        found += page["Items"]
        if "LastEvaluatedKey" not in page:
            return found
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
