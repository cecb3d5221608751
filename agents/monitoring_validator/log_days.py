"""Judges how long logs are kept that a cloud service writes by itself (4.1.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    FAIL,
    Code,
    Draft,
    Example,
    Infrastructure,
    Signal,
    Source,
    Typed,
    as_number,
    check,
    each,
    examined,
    failed,
    many,
    measured,
)

RETENTION_DAYS = Signal(
    id="monitoring.azure-retention-days",
    pattern=r"retentionInDays[\"']?\s*:\s*(?:[1-9]|[12]\d)\b",
    roles=("infra", "config"),
    kept=ALL,
)
WORKSPACE = Signal(
    id="monitoring.azure-workspace",
    words=("operationalinsights/workspaces@", 'operationalinsights/workspaces"'),
    roles=("infra", "config"),
)
_WANTED = 30
_SITE = "resource logs 'config' = {\n  properties: {\n    httpLogs: { fileSystem: { retentionInDays: %s } }\n  }\n}\n"
_QUEUES = (
    'resource "azurerm_storage_account" "shop" {\n  queue_properties {\n    logging {\n'
    "      retention_policy_days = %s\n    }\n  }\n}\n"
)
_LOGS = Typed("resources/service-logs")


@check(
    "OBS-4.1.5",
    shows=FAIL,
    reads=[RETENTION_DAYS, WORKSPACE],
    clean=[
        Example("ninety days of requests", {"infra/site.bicep": _SITE % 90}),
        Example("kept for ever", {"infra/queues.tf": _QUEUES % 0}),
    ],
    flagged=[
        Example("one day of requests", {"infra/site.bicep": _SITE % 1}),
        Example("ten days", {"infra/queues.tf": _QUEUES % 10}),
    ],
    silent=[Example("backups, not logs", {"infra/db.bicep": "properties: {\n  retentionInDays: 7\n}\n"})],
)
def service_logs_keep_thirty_days(infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """Request logs, storage logs and workspaces in Azure keep their lines for thirty days or more."""
    short: list[tuple[float, str, Source]] = []
    for block in _LOGS.among(infrastructure):
        days = as_number(_LOGS.value(block, "retention"))
        if days and days < _WANTED:
            short.append((days, block.address, _LOGS.place(block, "retention")))
    for hit in filter(infrastructure.makes, code[RETENTION_DAYS].first):
        number = re.search(r"retentionInDays\D{1,6}(\d{1,9})", hit.text, re.IGNORECASE)
        if number and ("httplogs" in hit.text.lower() or hit.path in code[WORKSPACE].paths):
            short.append((int(number[1]), hit.path, hit))
    if short:
        short.sort(key=lambda found: found[0])
        days, name, _ = short[0]
        kept = many(int(days), "day") if days == int(days) else f"{days:g} days"
        yield failed(
            each(short, at=lambda found: found[2]).like(
                f"{name} keeps logs for {kept}", "{keeps} them for less than 30"
            ),
            examined(len(short), "log settings"),
            measure=measured("log retention", days, "days", at_least=_WANTED),
        )
