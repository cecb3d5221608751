"""One locked object for each event: who, what, on what, when, from where."""

import json
import os
from datetime import UTC, datetime

from meals.kit import bucket, log


def trail(event: dict, who: str, what: str, on: str) -> None:
    at = datetime.now(UTC).isoformat()
    entry = {"who": who, "what": what, "on": on, "at": at, "ip": event["requestContext"]["http"]["sourceIp"], "request": log.get_correlation_id()}
    bucket.put_object(Bucket=os.environ["TRAIL"], Key=f"{at[:10]}/{at}-{who}", Body=json.dumps(entry))
