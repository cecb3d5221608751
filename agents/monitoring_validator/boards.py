"""Judges by their panels what dashboards show: machines, databases, and what a service aims at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    PASS,
    Code,
    Dashboards,
    Documents,
    Draft,
    Example,
    Infrastructure,
    Signal,
    check,
    passed,
    unsure,
)

from ._boards import boards, of_connections, of_database, of_machines
from .dashboards import UNMEASURED, unmeasured


def _board(*queries: str) -> str:
    """A dashboard of Grafana, a panel for each query."""
    panels = ", ".join(
        f'{{"title": "p{n}", "type": "timeseries", "targets": [{{"expr": "{query}"}}]}}'
        for n, query in enumerate(queries)
    )
    return f'{{"title": "Shop", "refresh": "10s", "panels": [{panels}]}}'


_MACHINES = (
    "rate(node_cpu_seconds_total[2m])",
    "node_memory_MemAvailable_bytes",
    "node_filesystem_avail_bytes",
    "rate(node_network_receive_bytes_total[2m])",
)
_CLOUDWATCH = (
    'resource "aws_cloudwatch_dashboard" "shop" {\n  dashboard_name = "shop"\n  dashboard_body = jsonencode({ '
    "widgets = [\n"
    '    { type = "metric", properties = { title = "tasks", metrics = [["ECS/ContainerInsights", "CpuUtilized", '
    '"A", "b"], '
    '[".", "MemoryUtilized", ".", "."], [".", "NetworkRxBytes", ".", "."]%s] } },\n  ] })\n}\n'
)


@check(
    "OBS-4.2.3",
    shows=PASS,
    clean=[
        Example("the four of a node, on a dashboard", {"dashboards/shop.json": _board(*_MACHINES)}),
        Example(
            "of tasks, in CloudWatch",
            {"infra/board.tf": _CLOUDWATCH % ', [".", "EphemeralStorageUtilized", ".", "."]'},
        ),
        Example(
            "of instances that have no disk",
            {
                "grafana/run.json": _board(
                    "run_googleapis_com:container_cpu_utilizations",
                    "run_googleapis_com:container_memory_utilizations",
                    "rate(run_googleapis_com:container_network_sent_bytes_count[1m])",
                )
            },
        ),
    ],
    flagged=[
        Example("no network", {"dashboards/shop.json": _board(*_MACHINES[:3])}),
        Example(
            "no disk of the tasks", {"infra/board.tf": _CLOUDWATCH % ', ["AWS/RDS", "FreeStorageSpace", "A", "b"]'}
        ),
        Example(
            "a disk of the database alone",
            {"dashboards/shop.json": _board(*_MACHINES[:2], _MACHINES[3], "rds_disk_free_bytes")},
        ),
    ],
)
def machines_on_a_board(dashboards: Dashboards, infrastructure: Infrastructure) -> Iterator[Draft]:
    """A dashboard shows CPU, memory, disk and network of what runs the programs."""
    found = [board for board in boards(dashboards, infrastructure) if of_machines(board)]
    if found:
        yield passed(
            f"Dashboard '{found[0].title}' shows CPU, memory, disk and network",
            *(board.source for board in found),
            confidence="medium",
        )


_INSIGHTS = (
    'resource "google_sql_database_instance" "main" {\n  database_version = "POSTGRES_17"\n  settings {\n'
    "    insights_config {\n      query_insights_enabled = %s\n    }\n  }\n}\n"
)
EXPORTED = Signal(
    id="monitoring.database-library",
    pattern=r"PromEx\.Plugins\.Ecto|enablePodMonitor:\s*true|sqlx?_?prometheus|yabeda-activerecord|otelsql\.Register|"
    r"NewDBStatsCollector|collectors\.NewDBStats|prom_ex.{0,20}ecto",
    roles=("source", "infra", "config"),
)
STATEMENTS = Signal(
    id="monitoring.statement-statistics",
    pattern=r"pg_stat_statements|PromEx\.Plugins\.Ecto|performance_schema\s*[=:]\s*(on|1)|slow_query_log\W{1,4}(on|1)|"
    r"query_store\W{1,6}on|log_min_duration_statement",
    roles=("source", "infra", "config"),
)


@check(
    "OBS-4.2.4",
    shows=PASS,
    clean=[
        Example(
            "connections and statements on a dashboard",
            {"dashboards/db.json": _board("pg_stat_activity_count", "rate(pg_stat_statements_seconds_total[5m])")},
        ),
        Example(
            "connections on a dashboard, statements at the provider",
            {
                "dashboards/db.json": _board("cloudsql_database_postgresql_num_backends"),
                "infra/db.tf": _INSIGHTS % "true",
            },
        ),
        Example(
            "a table that has no connections",
            {"dashboards/db.json": _board("avg(aws_dynamodb_successful_request_latency_average)")},
        ),
        Example(
            "an operator's monitor, and statistics of statements",
            {
                "k8s/db.yaml": "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec:\n"
                "  instances: 3\n  monitoring:\n    enablePodMonitor: true\n  postgresql:\n    parameters:\n"
                "      pg_stat_statements.track: all\n"
            },
        ),
    ],
    flagged=[
        Example("connections alone", {"dashboards/db.json": _board("pg_stat_activity_count")}),
        Example("queries alone", {"dashboards/db.json": _board("rate(pg_stat_statements_seconds_total[5m])")}),
    ],
    reads=[EXPORTED, STATEMENTS],
)
def database_on_a_board(dashboards: Dashboards, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """A database's connections are on a dashboard, or exported, and how long its queries take."""
    every = boards(dashboards, infrastructure)
    found = [board for board in every if of_database(board)]
    counted = [board for board in every if of_connections(board)]
    timed = [b for b in infrastructure.some if True in (b.flag(*_INSIGHT), b.flag("performance_insights_enabled"))]
    exported, statements = code[EXPORTED].places, code[STATEMENTS].places
    if found:
        yield passed(
            f"Dashboard '{found[0].title}' shows connections and how long queries take",
            *(board.source for board in found),
            confidence="medium",
        )
    elif counted and timed:
        yield passed(
            f"Dashboard '{counted[0].title}' shows connections, and {timed[0].address} how long queries take",
            counted[0].source,
            timed[0].at(),
            confidence="medium",
        )
    elif exported and statements:
        yield passed(
            f"The database's connections and queries are measured: {exported[0].text}",
            exported[0],
            statements[0],
            confidence="medium",
        )


_INSIGHT = ("settings", 0, "insights_config", 0, "query_insights_enabled")


BOARD_IN_CODE = Signal(
    id="monitoring.dashboard-in-code",
    pattern=r"new\s+(\w+\.)*Dashboard\(\s*this|cloudwatch\.Dashboard\(\s*self|new\s+aws\.cloudwatch\.Dashboard\(|"
    r"Dashboard\.Builder\.create\(this",
    roles=("source", "infra"),
)
WIDGET_IN_CODE = Signal(
    id="monitoring.widget-in-code",
    pattern=r"\b(GraphWidget|SingleValueWidget|GaugeWidget|LogQueryWidget|TableWidget)\b",
    roles=("source", "infra"),
)


@check(
    "OBS-4.2.5",
    shows=PASS,
    clean=[
        Example(
            "a dashboard of the CDK",
            {
                "cdk/app.ts": "import * as cw from 'aws-cdk-lib/aws-cloudwatch'\n"
                "const board = new cw.Dashboard(this, 'Board', { widgets: [[\n  new cw.GraphWidget({ left: "
                "[errors] }),\n]] })\n"
            },
        ),
        Example(
            "a dashboard of Azure's portal",
            {
                "infra/board.bicep": "resource board 'Microsoft.Portal/dashboards@2022-12-01-preview' = {\n  "
                "name: 'shop'\n"
                "  properties: { lenses: [{ order: 0, parts: [{ metadata: { type: 'Extension/HubsExtension/PartType/"
                "MonitorChartPart', settings: { content: { options: { chart: { metrics: [{ resourceMetadata: { "
                "id: 'a' }, "
                "name: 'requests/count' }] } } } } } }] }] }\n}\n"
            },
        ),
    ],
    flagged=[
        Example("without a widget", {"cdk/app.ts": "const board = new cw.Dashboard(this, 'Board', {})\n"}),
    ],
    reads=[BOARD_IN_CODE, WIDGET_IN_CODE],
)
def dashboards_of_programs(code: Code, dashboards: Dashboards, infrastructure: Infrastructure) -> Iterator[Draft]:
    """A program or a template declares a dashboard of the cloud, which updates by itself, with something on it."""
    made, filled = code[BOARD_IN_CODE].places, code[WIDGET_IN_CODE].places
    portal = [board for board in boards(dashboards, infrastructure) if board.system == "azure"]
    if made and any(place.path in made.files for place in filled):
        yield passed(f"A dashboard is declared in code: {made[0].text}", made[0], filled[0])
    elif portal:
        yield passed(f"Dashboard '{portal[0].title}' updates by itself", *(board.source for board in portal))


_AIM = re.compile(
    r"\bslos?\b|\bslis?\b|\bkpis?\b|\bobjectives?\b|\bpromises?d?\b|\btargets?\b|\baims?\b|\bgoals?\b|\bindicators?\b"
    r"|\bwe (?:want|promise|aim|commit)\b|\bwant:",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d(?:[\d.,]*\d)?\s?(?:%|per\s?cent|ms\b|s\b|sec(?:onds?)?\b|min(?:ute)?s?\b|h(?:ours?)?\b)"
    r"|\bby\s+\d{1,2}:\d\d\b",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"%|per\s?cent|p9\d|latency|availab|answer|request|succe|error|within|under|below|good", re.IGNORECASE
)
_UNMEASURED = re.compile(
    r"\bnot (?:yet )?(?:measured|tracked|charted)\b|\bnobody (?:measures|tracks)\b|\bto be measured\b", re.IGNORECASE
)
_AIMS = "# %s\n\nSLO: 99.9 %% of requests answered well in 30 days, p95 under 0.4 s (dashboard shop).\n"


@check(
    "OBS-4.2.1",
    shows=PASS,
    clean=[
        Example(
            "in one sentence, and on a dashboard",
            {"docs/on-call.md": _AIMS % "On call", "dashboards/shop.json": _board("rate(requests_total[5m])")},
        ),
        Example(
            "as a table of indicators",
            {
                "README.md": "# Shop\n\n## Service level objectives\n\n| Indicator | Target |\n|---|---|\n"
                "| requests that succeed | 99.8 % |\n| p95 | under 500 ms |\n",
                "dashboards/shop.json": _board("rate(requests_total[5m])"),
            },
        ),
        Example(
            "in other words",
            {
                "ops.md": "# Ops\n\nWe want 99.5 % good answers a month, p95 under 400 ms. Board: shop.\n",
                "dashboards/shop.json": _board("rate(requests_total[5m])"),
            },
        ),
    ],
    flagged=[
        Example("on no dashboard", {"docs/on-call.md": _AIMS % "On call"}),
        Example(
            "no figure",
            {
                "docs/slo.md": "# SLO\n\nOur objective is to be fast and available for everybody.\n",
                "dashboards/shop.json": _board("rate(requests_total[5m])"),
            },
        ),
        Example(
            "not measured",
            {
                "docs/on-call.md": _AIMS % "On call" + "It is not yet measured.\n",
                "dashboards/shop.json": _board("rate(requests_total[5m])"),
            },
        ),
        Example(
            "figures of something else",
            {
                "docs/targets.md": "# Build targets\n\nThe target builds in 20 s, and the other in 5 min.\n",
                "dashboards/shop.json": _board("rate(requests_total[5m])"),
            },
        ),
    ],
    reads=[BOARD_IN_CODE, WIDGET_IN_CODE, UNMEASURED],
)
def aims_in_words(
    documents: Documents, dashboards: Dashboards, infrastructure: Infrastructure, code: Code
) -> Iterator[Draft]:
    """A document says in figures what the service aims at, and a dashboard shows figures."""
    found = []
    for document in documents.every():
        titles = {heading.line: heading.text for heading in document.headings}
        for passage in document.passages:
            for said in re.split(r"\n\s*\n", passage.text):
                title = titles.get(passage.line, "")
                if _UNMEASURED.search(said):
                    continue
                aims = _AIM.search(said) or _AIM.search(title) or _AIM.search(document.title)
                if (
                    aims
                    and len(_FIGURE.findall(said)) >= _FIGURES
                    and len(set(_GOOD.findall(said.lower()))) >= _FIGURES
                ):
                    found.append((document, passage.line))
    tracked = [board.source for board in boards(dashboards, infrastructure)]
    tracked += list(code[BOARD_IN_CODE].first) if code[WIDGET_IN_CODE].places else []
    if found and tracked and (open_ := unmeasured(code, found[0][0])):
        yield unsure(f"{found[0][0].path} says what is aimed at, and not all of it is measured: {open_}", tracked[0])
    elif found and tracked:
        document, line = found[0]
        heading = next((one for one in document.headings if one.line == line), None)
        yield passed(
            f"{document.path} says in figures what is aimed at, and dashboards track figures",
            document.at(heading),
            *tracked,
            confidence="medium",
        )
    elif found:
        document, line = found[0]
        heading = next((one for one in document.headings if one.line == line), None)
        yield unsure(
            f"{document.path} says what is aimed at; what tracks it is not in the repository", document.at(heading)
        )


_FIGURES = 2
