"""Judges section 7.2: costs are seen, bounded by budgets, and belong to somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from orchestrator import (
    BOTH,
    PASS,
    Block,
    Code,
    Dashboards,
    Documents,
    Draft,
    Example,
    History,
    Infrastructure,
    Kubernetes,
    Signal,
    Source,
    Typed,
    as_flag,
    as_number,
    check,
    each,
    examined,
    failed,
    measured,
    passed,
    unsure,
)

from ._tagging import BILLED, attributes, defaults, taggable, tags_of

_ANOMALIES = Typed("resources/cost-anomalies")
_BOARDS = Typed("resources/cost-boards")
_NO_CLOUD = Example("no infrastructure code at all", {"app/main.py": "print('hello')\n"})
_QUEUE = 'resource "aws_sqs_queue" "orders" {\n  name = "orders"\n}\n'
_SUSPENDED = (
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: opencost}\n"
    "spec: {suspend: true, chart: {spec: {chart: opencost}}}\n"
)


def _board(expression: str) -> dict[str, str]:
    """A dashboard with one panel that asks for *expression*."""
    panel = f'{{"title": "Cost", "type": "timeseries", "targets": [{{"expr": "{expression}"}}]}}'
    return {"grafana/cost.json": f'{{"title": "Cost", "schemaVersion": 39, "panels": [{panel}]}}'}


@check(
    "CST-7.2.1",
    shows=PASS,
    clean=[
        Example(
            "OpenCost runs in the cluster",
            {
                "k8s/opencost.yaml": (
                    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: opencost}\nspec:\n  template:\n    spec:\n"
                    "      containers:\n      - {name: ui, image: ghcr.io/opencost/opencost-ui:1.113.0}\n"
                )
            },
        )
    ],
    flagged=[
        Example(
            "a dashboard of requests",
            {
                "grafana/web.json": (
                    '{"title": "Web", "schemaVersion": 39, "panels": [{"title": "Requests", "type": "timeseries",'
                    ' "targets": [{"expr": "rate(http_requests_total[5m])"}]}]}'
                )
            },
        ),
        Example(
            "the tool that works costs out is suspended",
            {**_board("sum(node_total_hourly_cost)"), "k8s/opencost.yaml": _SUSPENDED},
        ),
    ],
    silent=[_NO_CLOUD],
)
def cost_dashboard(dashboards: Dashboards, kubernetes: Kubernetes, infrastructure: Infrastructure) -> Iterator[Draft]:
    """A dashboard over cost metrics, or a cost tool with a dashboard of its own running in the cluster."""
    off = next((a for a in kubernetes.aside if a.void and _SERIES_OF.search(a.what)), None)
    for board in dashboards.made(infrastructure):
        figures = [e for e in board.expressions if _COST.search(e) and not _DIVIDED.search(e)]
        if off and figures and all(_SERIES_OF.search(expression) for expression in figures):
            yield unsure(
                f"Dashboard '{board.title}' shows costs, and {off.what}, which works them out, {off.reason}",
                Source(path=off.path, line=off.line),
            )
        elif figures:
            yield passed(f"Dashboard '{board.title}' shows costs", board.source)
    for workload in kubernetes.servers:
        for keys, container in workload.containers():
            if _TOOL.search(str(container.get("image", ""))):
                yield passed(
                    f"{workload.kind} {workload.resource} serves a cost dashboard", workload.at(*keys, "image")
                )
    for shown in _BOARDS.among(infrastructure):
        if "AWS/Billing" in str(_BOARDS.value(shown, "figures") or ""):
            yield passed(f"{shown.address} shows the estimated charges", _BOARDS.place(shown, "figures"))


_COST = re.compile(r"hourly_cost|kubecost_|opencost_|billing_estimated_charges|AWS/Billing|infracost", re.IGNORECASE)
_SERIES_OF = re.compile(r"hourly_cost|kubecost|opencost", re.IGNORECASE)
"""What those tools are called, and their series."""
_TOOL = re.compile(r"opencost-ui|kubecost|cost-analyzer-frontend|opencost/opencost")


def _budget(*thresholds: int) -> str:
    """A budget of AWS with notifications at *thresholds*."""
    return (
        'resource "aws_budgets_budget" "all" {\n  budget_type  = "COST"\n  limit_amount = "900"\n'
        + "".join(
            f'  notification {{\n    comparison_operator = "GREATER_THAN"\n    threshold = {t}\n'
            '    threshold_type = "PERCENTAGE"\n    notification_type = "ACTUAL"\n'
            '    subscriber_email_addresses = ["team@example.com"]\n  }\n'
            for t in thresholds
        )
        + "}\n"
    )


def _bicep(*thresholds: int, off: int = 0) -> str:
    """A budget of Azure with notifications at *thresholds*, of which one may be switched *off*."""
    parts = "".join(
        f"      at{t}: {{\n        enabled: {str(t != off).lower()}\n        operator: 'GreaterThan'\n"
        f"        threshold: {t}\n        contactEmails: [ 'team@example.com' ]\n      }}\n"
        for t in thresholds
    )
    return (
        "resource month 'Microsoft.Consumption/budgets@2023-11-01' = {\n  name: 'month'\n  properties: {\n"
        f"    category: 'Cost'\n    amount: 900\n    notifications: {{\n{parts}    }}\n  }}\n}}\n"
    )


@check(
    "CST-7.2.2",
    shows=BOTH,
    clean=[
        Example("three notifications", {"budget.tf": _budget(50, 80, 100)}),
        Example("three notifications in Azure", {"budget.bicep": _bicep(50, 80, 100)}),
    ],
    flagged=[
        Example("a notification when everything is spent", {"budget.tf": _budget(100)}),
        Example("one of three is switched off", {"budget.bicep": _bicep(50, 80, 100, off=80)}),
    ],
    silent=[
        _NO_CLOUD,
        Example("no budget in this repository", {"queue.tf": _QUEUE}),
        Example("a budget of another folder notifies late", {"a/b.tf": _budget(50, 80, 100), "b/b.tf": _budget(100)}),
        Example(
            "notifications from a variable",
            {
                "budget.tf": (
                    'resource "google_billing_budget" "all" {\n  dynamic "threshold_rules" {\n    for_each = var.r\n'
                    "    content {\n      threshold_percent = threshold_rules.value\n    }\n  }\n}\n"
                )
            },
        ),
    ],
)
def budget_alerts(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Budgets in code, and at which shares of the budget they notify: half, four fifths and all of it."""
    judged: list[tuple[Block, list[str]]] = []
    exact: list[Block] = []
    for block in _BUDGETS.among(infrastructure):
        if _BUDGETS.tells(block, "money") and not _BUDGETS.says(block, "money").value:
            continue
        if any(str(part.get("name")) in _PARTS for part in _BUDGETS.parts(block, "filters")):
            continue  # it is of a part of what is spent, and which share of all that is, nobody tells
        shares = [_share(block, rule) for rule in _rules(block)]
        if None in shares:
            return
        known = [share for share in shares if share is not None]
        missing = [name for name, low, high in _WANTED if not any(low <= share <= high for share in known)]
        if {50.0, 80.0, 100.0} <= set(known):
            exact.append(block)
        judged.append((block, missing))
    lacking = [(block, missing) for block, missing in judged if missing]
    if exact and lacking:
        yield unsure(
            f"{exact[0].address} notifies at 50, 80 and 100 % of the budget, and "
            f"{each([block for block, _ in lacking], name=lambda b: b.address)} at less than that",
            exact[0].at(),
            *(block.at() for block, _ in lacking),
        )
    elif exact:
        yield passed(
            each(exact, name=lambda b: b.address, at=lambda b: b.at()).say(
                "{Budget|Budgets} {} {notifies} at 50, 80 and 100 % of the budget"
            )
        )
    elif lacking and len(lacking) == len(judged):
        block, missing = min(lacking, key=lambda item: len(item[1]))
        yield failed(
            f"{block.address} does not notify at {' and '.join(missing)} of the budget",
            block.at(),
            examined(len(judged), "budgets"),
        )


_BUDGETS = Typed("resources/budgets")
_PARTS = frozenset({"Service", "UsageType", "UsageTypeGroup", "Operation", "InstanceType", "Region"})
_WANTED = (("50 %", 40, 60), ("80 %", 70, 90), ("100 %", 95, 110))


def _rules(block: Block) -> list[dict[str, object]]:
    rules = _BUDGETS.parts(block, "rules")
    if rules and block.tool == "azure":  # each stands under a name of its own
        rules = [part for part in rules[0].values() if isinstance(part, dict)]
    return [rule for rule in rules if _goes_off(block, rule)]


def _goes_off(block: Block, rule: dict[str, object]) -> bool:
    """Whether a rule is switched on, tells somebody, and does so when more is spent."""
    switched_off = as_flag(_BUDGETS.within(block, rule, "on")) is False
    return not switched_off and not _tells_nobody(block, rule) and not _when_less(block, rule)


def _when_less(block: Block, rule: dict[str, object]) -> bool:
    """Whether a rule notifies while less is spent than that."""
    return str(_BUDGETS.within(block, rule, "compares") or "").upper().startswith("LESS")


def _tells_nobody(block: Block, rule: dict[str, object]) -> bool:
    """Whether a rule has lists of whom it tells, all of them empty."""
    lists = [_BUDGETS.within(block, rule, whom) for whom in ("people", "topics", "roles")]
    written = [told for told in lists if told is not None]
    return bool(written) and all(told == [] for told in written)


def _share(block: Block, rule: dict[str, object]) -> float | None:
    """The share of the budget in per cent at which a rule notifies; None where it is computed or an amount."""
    if _BUDGETS.within(block, rule, "unit") == "ABSOLUTE_VALUE":
        return None
    if _BUDGETS.tells(block, "fraction"):
        share = as_number(_BUDGETS.within(block, rule, "fraction"))
        return None if share is None else round(share * 100, 3)
    return as_number(_BUDGETS.within(block, rule, "share"))


_TAGGED = (
    'provider "aws" {\n  region = "eu-west-1"\n  default_tags {\n    tags = {\n      service = "orders"\n'
    '      team    = "checkout"\n    }\n  }\n}\n'
)


STACK_TAGS = Signal(
    id="cost.stack-tags",
    pattern=r"^tags\s?=\s?['\"\[].{3,300}|\bTags\.of\(\s?(?:this|app|stack|\w{0,20}[sS]tack|\w{0,20}[aA]pp)\s?\)\.add\(.{3,120}",
    roles=("config", "infra", "source", "other"),
)
"""Tags that a tool sets on everything which it makes."""
_AZURE = (
    "resource db 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {{\n  name: 'db'\n"
    "  location: 'westeurope'\n{}}}\n"
    "resource log 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {{\n  name: 'log'\n  location: 'westeurope'\n"
    "  tags: {{ service: 'shop', team: 'checkout' }}\n}}\n"
)
_SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Order:\n    Type: AWS::Serverless::Function\n"
_CDK = "const app = new App();\nTags.of(app).add('service', 'shop');\n"
_UNTAGGED = re.compile(
    r"^Microsoft\.(?:Authorization|Consumption|Resources|Security|PolicyInsights|CostManagement)/|/[^/]+/|diagnosticSettings|"
    r"Microsoft\.Insights/(?:diagnostic|guest)",
    re.IGNORECASE,
)
"""Types of Azure that carry no tags: rules, parts of others, and what costs nothing by itself."""


@check(
    "CST-7.2.3",
    shows=PASS,
    reads=[STACK_TAGS],
    clean=[
        Example(
            "each resource of a template of Azure",
            {"main.bicep": _AZURE.format("  tags: { service: 'shop', team: 'checkout' }\n")},
        ),
        Example(
            "the tags of a stack of SAM",
            {
                "template.yaml": _SAM,
                "samconfig.toml": '[default.deploy.parameters]\ntags = "service=\\"shop\\" team=\\"checkout\\""\n',
            },
        ),
        Example(
            "the CDK tags all that an application has", {"bin/app.ts": _CDK + "Tags.of(app).add('team', 'checkout');\n"}
        ),
    ],
    flagged=[
        Example("one resource without tags", {"main.bicep": _AZURE.format("")}),
        Example("no team", {"bin/app.ts": _CDK}),
        Example(
            "the stack is tagged, and what Terraform makes is not",
            {"bin/app.ts": _CDK + "Tags.of(app).add('team', 'checkout');\n", "queue.tf": _QUEUE},
        ),
    ],
    silent=[_NO_CLOUD],
)
def tags_of_stacks(infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """Every resource of Azure's templates has tags of its own, or a stack tags all that it makes."""
    if any(block in BILLED for block in infrastructure.some):
        return  # Terraform's resources are asked one by one
    there = any(block.tool == "azure" for block in infrastructure.some)
    azure = [
        b
        for b in (infrastructure.resources if there else ())  # what is not understood may be one as well
        if b.tool == "azure" and not _UNTAGGED.search(b.type.partition("@")[0]) and b.get("location")
    ]
    bare = [b for b in azure if not attributes(b.get("tags"))]
    words_ = " ".join(hit.text for hit in code[STACK_TAGS].first)
    keys = dict.fromkeys(re.findall(r"[A-Za-z][\w:.-]{2,40}(?=['\"]?\s?[=,:])", words_), "x")
    if azure and not bare:
        yield passed(
            each(azure).say("{all:resource} {names} a service and a team"),
            azure[0].at(),
            examined(len(azure), "resources in templates of Azure"),
        )
    elif bare:
        yield unsure(
            each(bare, name=lambda b: b.address, at=lambda b: b.at()).say(
                "{share:resource} {has} no tags for a service and a team: {}", of=len(azure)
            )
        )
    elif attributes(keys):
        yield passed(
            "The stack tags all that it makes with a service and a team", code[STACK_TAGS].places, confidence="medium"
        )


@check(
    "CST-7.2.3",
    shows=BOTH,
    clean=[
        Example("the provider tags everything", {"infra/main.tf": _TAGGED + _QUEUE}),
        Example(
            "and what a module of the tree makes",
            {"main.tf": _TAGGED + 'module "q" {\n  source = "./queue"\n}\n', "queue/main.tf": _QUEUE},
        ),
    ],
    flagged=[
        Example(
            "a queue that belongs to nobody",
            {"infra/main.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n' + _QUEUE},
        ),
        Example(
            "a second provider tags nothing",
            {
                "infra/main.tf": _TAGGED
                + _QUEUE
                + 'provider "aws" {\n  alias  = "west"\n  region = "eu-west-3"\n}\n'
                + _QUEUE.replace('"orders" {', '"far" {\n  provider = aws.west')
            },
        ),
        Example(
            "the provider of another folder tags everything",
            {"a/main.tf": _TAGGED + _QUEUE, "b/main.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n' + _QUEUE},
        ),
    ],
    silent=[
        _NO_CLOUD,
        Example("tags from elsewhere", {"main.tf": _QUEUE.replace("}", "  tags = module.labels.tags\n}")}),
        Example(
            "a module that a caller configures",
            {
                "modules/queue/main.tf": _QUEUE,
                "main.tf": 'module "q" {\n  source = "./modules/queue"\n  providers = { aws = aws.tagged }\n}\n',
            },
        ),
    ],
)
def cost_tags(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Billed resources without any tag or label, counting what the provider's default tags add."""
    resources = taggable(infrastructure)
    by_provider = defaults(infrastructure)
    if not resources or (
        not any(by_provider.values()) and any(module.get("providers") for module in infrastructure.modules)
    ):
        return
    tags = [(block, tags_of(block, by_provider)) for block in resources]
    bare = [block for block, found in tags if not found]
    count = examined(len(resources), "billed resources in Terraform")
    if bare:
        word = BILLED.kind(bare[0])
        yield failed(
            each(bare, name=lambda b: b.address, at=lambda b: b.at()).say(
                "{share:billed resource} {has} no {word}: {}", of=len(resources), word=word
            ),
            count,
            measure=measured("billed resources without tags", len(bare), at_most=0),
        )
    elif all(attributes(found) for _, found in tags):
        yield passed(
            each(resources).say("{all:billed resource} {names} a service and a team"),
            resources[0].at(),
            count,
            measure=measured("billed resources without tags", 0, at_most=0),
        )


_MONITOR = (
    'resource "aws_ce_anomaly_monitor" "all" {\n  name              = "all"\n  monitor_type      = "DIMENSIONAL"\n'
    '  monitor_dimension = "SERVICE"\n}\n'
)
_HEARD = (
    'resource "aws_ce_anomaly_subscription" "team" {\n  name = "team"\n  frequency = "DAILY"\n'
    "  monitor_arn_list = [aws_ce_anomaly_monitor.all.arn]\n%s"
    '  subscriber {\n    type = "EMAIL"\n    address = "team@example.com"\n  }\n}\n'
)
_AT_LEAST = (
    '  threshold_expression {{\n    dimension {{\n      key    = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"\n'
    '      match_options = ["GREATER_THAN_OR_EQUAL"]\n      values = {}\n    }}\n  }}\n'
)


@check(
    "CST-7.2.4",
    shows=PASS,
    clean=[
        Example(
            "a monitor with a subscription",
            {"cost.tf": _MONITOR + _HEARD % ""},
        ),
        Example("of forty dollars or more", {"cost.tf": _MONITOR + _HEARD % _AT_LEAST.format('["40"]')}),
    ],
    flagged=[
        Example("a monitor that tells nobody", {"cost.tf": _MONITOR}),
        Example("of ten million at once", {"cost.tf": _MONITOR + _HEARD % _AT_LEAST.format('["10000000"]')}),
        Example("of nobody knows how much", {"cost.tf": _MONITOR + _HEARD % _AT_LEAST.format("[var.least]")}),
    ],
    silent=[_NO_CLOUD],
)
def cost_anomalies(infrastructure: Infrastructure) -> Iterator[Draft]:
    """An anomaly monitor together with a subscription to it."""
    monitors = _ANOMALIES.among(infrastructure, "monitor")
    heard = _ANOMALIES.among(infrastructure, "subscription")
    deaf = [b for b in heard if _hears_of_none(b)]
    if monitors and deaf:
        yield unsure(
            f"No jump in cost that is usual reaches {deaf[0].address}, as far as its threshold tells", deaf[0].at()
        )
    elif monitors and heard:
        yield passed(f"{heard[0].address} reports anomalies in cost", heard[0].at(), monitors[0].at())
    for alert in _ANOMALIES.among(infrastructure, "alert"):
        yield passed(f"{alert.address} reports anomalies in cost", alert.at())


def _hears_of_none(subscription: Block) -> bool:
    """Whether the threshold of *subscription* is above what a team would want to hear of, or stands elsewhere."""
    said = str(_ANOMALIES.value(subscription, "least") or "")[:5_000]
    limits = [as_number(number) for number in _NUMBERS.findall(said)]
    return bool(said) and not any(limit is not None and limit <= _JUMP for limit in limits)


_NUMBERS = re.compile(r"(?<![\w.])\d{1,15}(?:\.\d{1,9})?(?![\w.])")
_JUMP = 10_000
"""Dollars, or per cent, of which a team hears at least."""


_PER_ORDER = "sum(opencost_namespace_cost) / sum(increase(shop_orders_total[1d]))"


@check(
    "CST-7.2.6",
    shows=PASS,
    clean=[
        Example("cost by order, on a dashboard", _board(_PER_ORDER)),
        Example(
            "a figure of the last month",
            {"docs/costs.md": "# Costs, 2026-11-03\n\nAn order costs USD 0.0011 (October: 230 USD, 209,000 orders).\n"},
        ),
        Example(
            "a row of a table",
            {
                "docs/costs.md": "# Costs\n\n| Month | Bill | Cost per active user |\n|---|---|---|\n"
                "| 2026-10-31 | $1,240 | $0.031 per user |\n"
            },
        ),
    ],
    flagged=[
        Example("costs alone", _board("sum(opencost_namespace_cost)")),
        Example("of a year ago", {"docs/costs.md": "# Costs, 2025-11-03\n\nAn order costs USD 0.0011.\n"}),
        Example(
            "what customers pay", {"docs/prices.md": "# Prices, 2026-11-03\n\nA subscription costs 9 EUR a month.\n"}
        ),
    ],
    silent=[_NO_CLOUD],
)
def unit_cost(
    dashboards: Dashboards, infrastructure: Infrastructure, documents: Documents, history: History
) -> Iterator[Draft]:
    """A dashboard divides costs by what users do, or a document of this quarter says what one of it costs."""
    for board in dashboards.made(infrastructure):
        if any(_DIVIDED.search(expression) for expression in board.expressions):
            yield passed(f"Dashboard '{board.title}' divides costs by what is done", board.source, confidence="medium")
            return
    for document in documents.files:
        for priced in document.priced:
            day = document.day_of(priced)
            if not _UNIT.search(priced.text) or _PRICE.search(f"{document.path} {document.title} {priced.text}"):
                continue
            place = Source(path=document.path, line=priced.line)
            if not day or day > history.latest.isoformat():
                yield unsure(f"{document.path} says what one costs, and not of which day that is", place)
            elif _days_ago(day, history) <= _QUARTER:
                yield passed(
                    f"{document.path} says what one costs ({day}): {priced.text[:100]}", place, confidence="medium"
                )
                return
            else:
                yield unsure(f"What {document.path} says one costs is of {day}, more than a quarter ago", place)
            return


_QUARTER = 92
_DIVIDED = re.compile(
    rf"(?:{_COST.pattern}|\bcosts?\b|_cost)[^/]{{0,200}}/[^/]{{0,80}}(?:increase|rate|count|sum|_total|users)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\bcosts? (?:of|per|for) (?:an?|one|each|every|active)\b|"
    r"\b(?:an?|one|each|every) [a-z]{3,20}(?: [a-z]{2,20}){0,2} costs?\b|"
    r"(?:\d|EUR|USD|GBP) (?:per|a|an|each) (?:active )?(?:user|customer|order|booking|request|transaction|session|"
    r"tenant|payment|message|ride|lunch|meter|member|account)\b|\bcost per (?:active )?[a-z]{3,20}\b",
    re.IGNORECASE,
)
_PRICE = re.compile(r"\bpric(?:e|es|ing)\b|\btariff|\bsubscription|\bfees?\b|\bplan costs\b|licen[cs]e", re.IGNORECASE)


def _days_ago(day: str, history: History) -> int:
    try:
        return (date.fromisoformat(history.last_at[:10]) - date.fromisoformat(day)).days
    except ValueError:
        return 0
