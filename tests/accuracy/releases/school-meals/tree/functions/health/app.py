"""Says whether the table can be read."""

from meals.kit import answer, log, table


def handler(event, context):
    try:
        table.get_item(Key={"pk": "HEALTH", "sk": "HEALTH"})
        return answer(200, {"status": "ok"})
    except Exception:
        log.exception("not ready")
        return answer(503, {"status": "unavailable"})
