"""Looks for what a program counts of its own trade, by the names of its series."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    PASS,
    Code,
    Dashboard,
    Dashboards,
    Draft,
    Example,
    Files,
    Infrastructure,
    Signal,
    Source,
    check,
    each,
    passed,
    unsure,
)

from ._boards import boards, charted
from ._services import offstage, onstage

NAMED_METRIC = Signal(
    id="monitoring.named-metric",
    pattern=r"\b(?:Counter|Histogram|Summary|Gauge)(?:Vec|Opts)?\(\s*\{?\s*(?:name\s*[:=]\s*)?[\"'`:]\w|"
    r"Opts\{.{0,60}\bName:\s*\"\w+\"|\bName:\s*\"\w+_(?:total|seconds|count|sum|cents|amount)\"|"
    r"create_?(?:observable_?)?(?:up_?down_?)?(?:counter|histogram|gauge)\w*(?:<[\w?]+>)?\(\s*(?:name\s*=\s*)?[\"'`]|"
    r"(?:Int|Float)64\w*(?:Counter|Histogram|Gauge)\(\s*\"|"
    r"\.(?:counter|timer|summary|gauge|counterBuilder|histogramBuilder|f64_counter|u64_counter|f64_histogram|u64_histogram)"
    r"\(\s*[\"'`]|"
    r"(?:Counter|Timer|DistributionSummary)\.builder\(\s*\"|@(?:Timed|Counted)\(\s*(?:value\s*=\s*)?\"|"
    r"\b(?:counter|histogram|gauge|register_\w*(?:counter|histogram|gauge)\w*)!\(\s*\"|"
    r"^(?:counter|sum|distribution|summary|last_value|histogram|gauge)\(?\s*[\"':]\w|"
    r"\b(?:statsd|dogstatsd|StatsD|metrics?|ddog|client)\w*\.(?:incr|increment|incrementCounter|timing|histogram|distribution|count|"
    r"gauge|measure)\w*\(\s*[\"'`]|"
    r"add_?metric\(\s*(?:name\s*=\s*)?[\"'`]|MetricName[\"']?\s*[:=]\s*[\"']|"
    r"getOrRegister(?:Counter|Histogram|Gauge|Summary)\(|make(?:Counter|Histogram|Gauge)Provider\(|"
    r"^name:\s*[\"'`]\w+_(?:total|seconds|cents|count|amount|sum)[\"'`]",
    roles=("source",),
    kept=ALL,
)
COUNTED = Signal(
    id="monitoring.metric-counted",
    pattern=r"\.(?:inc|incBy|increment\w*|incr|add|observe|record|measure|timing|with_?label_?values|labels|distribution|time)\(|"
    r"telemetry\.execute|(?:counter|histogram|gauge)!\(|add_?metric\(|put_?metric_?data|@(?:Timed|Counted)\b",
    roles=("source",),
    kept=ALL,
)
DENIED = Signal(
    id="monitoring.metrics-denied",
    pattern=r"management\.metrics\.enable\.[\w.]+\s*=\s*false|^enable:\s*\{[^}]*:\s*false|\bMeterFilter\.deny(?:NameStartsWith)?\(",
    roles=("source", "config"),
)
_NAMES = re.compile(r"[\"'`]([A-Za-z][\w.\-/]{2,80})[\"'`]|(?<![\w:]):([a-z]\w{2,60})\b")
_TECHNICAL = re.compile(
    r"http|request|response|rpc|latency|error|exception|failure|cache|\bdb\b|(?:^|[_.])db(?:[_.]|$)|database|sql|quer|pool|queue|"
    r"(?:^|[_.])jobs?(?:[_.]|$)|worker|retr(?:y|ies)|(?:^|[_.])gc(?:[_.]|$)|memory|(?:^|[_.])cpu|process|thread|connection|health|uptime|"
    r"(?:^|[_.])up$|build_?info|version|kafka|consumer|(?:^|[_.])lag|socket|rate_?limit|circuit|login|session|token|heap|"
    r"event_?loop|object|bucket|(?:^|[_.])s3(?:[_.]|$)|node_|go_|jvm|runtime|backup|restore|migration|probe|lock|batch_?size|scrape|outbound|inbound|upstream",
    re.IGNORECASE,
)
_TRADE = re.compile(
    r"sign_?ups?|regist(?:er|ration)|(?<!of_)order|checkout|purchas|payment|revenue|takings|subscri|conversion|booking|booked|appointment"
    r"|donation|invoice|cents|_eur\b|\.eur\b|_usd\b|amount|sales|sold|paid|ticket",
    re.IGNORECASE,
)
_COUNT = (
    'from prometheus_client import Counter\n\nWISHES = Counter("office_wishes_total", "Wishes")\n'
    'RENT = Counter("office_rent_cents_total", "Rent")\n\n\ndef take(wish):\n    WISHES.inc()\n    '
    "RENT.inc(wish.cents)\n"
)
_PANEL = (
    '{"title": "Office", "refresh": "10s", "panels": [{"title": "wishes", "type": "timeseries", "targets": '
    '[{"expr": "increase(%s[1h])"}]}]}'
)
_RUST = (
    'pub fn weigh(kilos: u64) {\n    metrics::counter!("scales_weighings_total").increment(1);\n'
    '    metrics::counter!("scales_kilos_total").increment(kilos);\n}\n'
)
_RUBY = (
    'Yabeda.configure do\n  group :yarn do\n    counter :listings, comment: "Listings"\n'
    '    counter :swaps, comment: "Swaps"\n  end\nend\n'
)


def own_series(code: Code) -> list[tuple[str, Source]]:
    """The names of series that a program counts and that are about its trade, each with its first place."""
    found: dict[str, Source] = {}
    counted = list(onstage(code[COUNTED]))
    for hit in onstage(code[NAMED_METRIC]):
        name = _name(hit.text)
        if name and _is_series(name, hit) and not _TECHNICAL.search(name) and _is_counted(name, hit, counted):
            found.setdefault(name, hit)
    return list(found.items())


def uncounted(code: Code) -> list[tuple[str, Source]]:
    """The names of series that are kept by a name of the program, and counted by none."""
    counted = list(onstage(code[COUNTED]))
    return [
        (name, hit)
        for hit in onstage(code[NAMED_METRIC])
        if (name := _name(hit.text))
        and _KEPT_IN.search(hit.text)
        and _is_series(name, hit)
        and not _is_counted(name, hit, counted)
    ]


def _is_series(name: str, hit: Source) -> bool:
    """Whether a name is that of a series, and not one of a column, a field or a label."""
    return bool(_PARTS.search(name) or _OF_A_GROUP.search(hit.text) or _OF_A_CLOUD.search(hit.text))


_PARTS = re.compile(r"^[A-Za-z]\w*[._/-]\w+")
_OF_A_CLOUD = re.compile(r"add_?metric\(|MetricName|put_?metric", re.IGNORECASE)


def _is_counted(name: str, hit: Source, counted: list[Source]) -> bool:
    """Whether a series is counted where it is named, or elsewhere by what it is kept in."""
    if _AT_ONCE.search(hit.text):
        return True
    words_ = {name.rpartition(".")[2], *_EVENT.findall(hit.text)}
    kept = _KEPT_IN.search(hit.text)
    words_ |= {kept[1]} if kept else set()
    sought = re.compile("|".join(rf"(?<![\w]){re.escape(word)}(?![\w])" for word in sorted(words_) if word))
    others = [other for other in counted if (other.path, other.line) != (hit.path, hit.line)]
    if kept is None and not _EVENT.search(hit.text) and not _OF_A_GROUP.search(hit.text):
        return bool(others)
    return any(sought.search(other.text) for other in others)


_AT_ONCE = re.compile(
    r"\)\s*\??\.(?:inc|incBy|increment\w*|incr|add|record|observe|measure|time)\(|(?:counter|histogram|gauge)!\(|add_?metric\(|"
    r"\b(?:statsd|dogstatsd|StatsD|metrics?|ddog|client)\w*\.(?:incr|increment\w*|timing|histogram|distribution|count|gauge|measure)\w*\(|"
    r"@(?:Timed|Counted)\b|MetricName",
    re.IGNORECASE,
)
_KEPT_IN = re.compile(r"(?:^|[\s(,{])(?:self\.|this\.)?(\w{2,60})\s*(?::[^=\n]{0,80})?:?=\s*\S")
_EVENT = re.compile(r"event_name:\s*\[[^\]]*:(\w+)\]")
_OF_A_GROUP = re.compile(r"^(?:counter|histogram|gauge|summary)\s+:", re.IGNORECASE)


def _name(text: str) -> str:
    """What a line calls a series: of a namespace and a name both."""
    if "getOrRegister" in text:
        return "_".join(re.findall(r"['\"](\w{2,60})['\"]", text)[:2])
    found = _NAMES.search(text)
    return (found[1] or found[2]) if found else ""


@check(
    "OBS-4.2.6",
    shows=PASS,
    clean=[
        Example("counted, and on a panel", {"office/metrics.py": _COUNT, "board.json": _PANEL % "office_wishes_total"}),
        Example("money, on no panel", {"office/metrics.py": _COUNT}),
        Example("counted in Rust", {"src/scales.rs": _RUST, "grafana/board.json": _PANEL % "scales_kilos_total"}),
        Example(
            "of a group, in Ruby",
            {
                "config/initializers/yabeda.rb": _RUBY,
                "app/models/swap.rb": "class Swap\n  def agree = Yabeda.yarn.swaps.increment({})\nend\n",
                "ops/board.json": _PANEL % "yarn_swaps_total",
            },
        ),
        Example(
            "named with dots, asked for with underscores",
            {
                "src/Routes.kt": 'fun take(m: MeterRegistry) {\n    m.counter("repair.appointments").increment()\n}\n\n'
                "fun main() {\n    take(registry)\n}\n",
                "board.json": _PANEL % "repair_appointments_total",
            },
        ),
    ],
    flagged=[
        Example("on no panel", {"office/metrics.py": _COUNT.replace("rent_cents", "visits")}),
        Example(
            "another series on the panel",
            {"office/metrics.py": _COUNT.replace("rent_cents", "visits"), "board.json": _PANEL % "up"},
        ),
        Example(
            "requests are no trade",
            {
                "office/metrics.py": _COUNT.replace("office_wishes", "http_requests").replace(
                    "office_rent_cents", "cache_hits"
                ),
                "board.json": _PANEL % "http_requests_total",
            },
        ),
        Example(
            "declared, and never counted",
            {"office/metrics.py": _COUNT.partition("\n\n\ndef")[0], "board.json": _PANEL % "office_wishes_total"},
        ),
    ],
    reads=[NAMED_METRIC, COUNTED],
)
def trade_on_a_board(code: Code, dashboards: Dashboards, infrastructure: Infrastructure) -> Iterator[Draft]:
    """What a program counts of its own trade is on a panel."""
    every = boards(dashboards, infrastructure)
    series = own_series(code)
    sold = [name for name, _ in series if _TRADE.search(name)]
    forgotten = [(name, hit) for name, hit in uncounted(code) if _TRADE.search(name) and not _TECHNICAL.search(name)]
    asked = [board for board in every if any(_TRADE.search(e) and not _TECHNICAL.search(e) for e in board.expressions)]
    shown = [(name, hit, board) for name, hit in series for board in every if charted(name, board)]
    if forgotten:
        yield unsure(f"{forgotten[0][0]} is declared, and counted nowhere", forgotten[0][1])
    elif asked and series and (not shown or _mostly_of_others(asked, [name for name, _ in series])):
        yield unsure(f"Dashboard '{asked[0].title}' asks for series that nothing here counts", asked[0].source)
    elif shown:
        names = list(dict.fromkeys(name for name, _, _ in shown))
        yield passed(
            each(names).say("{} {is} counted, and on a dashboard"),
            *dict.fromkeys(hit for _, hit, _ in shown),
            shown[0][2].source,
            confidence="medium",
        )
    elif sold and len(series) >= _SEVERAL:
        yield passed(
            each(sold).say("{} {is} counted where {it|they} {happens|happen}"),
            *(hit for _, hit in series),
            confidence="medium",
        )


def _mostly_of_others(asked: list[Dashboard], own: list[str]) -> bool:
    """Whether most of the series of trade that dashboards ask for are none of a program's *own*."""
    names = {name for board in asked for e in board.expressions for name in _ASKED.findall(e)}
    trade = {name for name in names if _TRADE.search(name) and not _TECHNICAL.search(name)}
    known = {
        name for name in trade for board in asked for series in own
        if charted(series, board.model_copy(update={"expressions": (name,)}))
    }  # fmt: skip
    return len(trade - known) * 2 > len(trade)


_ASKED = re.compile(r"(?<![\w\"=~])[a-z]\w*_\w+(?=[\[{)\s]|$)")


@check(
    "OBS-4.2.7",
    shows=PASS,
    clean=[
        Example("two counters of its own", {"office/metrics.py": _COUNT}),
        Example("macros in Rust", {"src/scales.rs": _RUST}),
        Example(
            "metrics of a function",
            {
                "order/app.py": 'def handler(event, context):\n    metrics.add_metric("Ordered", MetricUnit.Count, 1)\n'
                '    metrics.add_metric("ChargedCents", MetricUnit.Count, event["cents"])\n'
            },
        ),
    ],
    flagged=[
        Example("one of two is counted", {"office/metrics.py": _COUNT.replace("    RENT.inc(wish.cents)\n", "")}),
        Example(
            "one counter", {"office/metrics.py": _COUNT.replace('"office_rent_cents_total"', '"office_wishes_total"')}
        ),
        Example("declared, and never counted", {"office/metrics.py": _COUNT.partition("\n\n\ndef")[0]}),
        Example(
            "pricing beside it emits nothing",
            {"office/metrics.py": _COUNT, "office/pricing.py": "def price(nights):\n    return nights * 41\n"},
        ),
        Example(
            "denied by a setting",
            {
                "office/metrics.py": _COUNT,
                "src/main/resources/application.properties": "management.metrics.enable.office=false\n",
            },
        ),
        Example(
            "how one task ended",
            {
                "office/tasks.py": "def refresh():\n    statsd_client.incr('refresh_wishes.success')\n"
                "    statsd_client.incr('refresh_wishes.timeout')\n"
            },
        ),
        Example(
            "generic ones",
            {
                "office/metrics.py": _COUNT.replace("office_wishes", "http_requests").replace(
                    "office_rent_cents", "db_pool_size"
                )
            },
        ),
    ],
    reads=[NAMED_METRIC, COUNTED, DENIED],
)
def series_of_its_own(code: Code, files: Files) -> Iterator[Draft]:
    """A program counts at least two things of its own trade."""
    found = own_series(code)
    bare = _critical_without(code, files) if found else ()
    if denied := code[DENIED].places:
        yield unsure(f"Metrics of its own exist, and some are denied: {denied[0].text}", denied)
    elif bare:
        yield unsure(f"Critical logic emits metrics of its own, and {bare[0]} emits none", found[0][1])
    elif len({_OUTCOME.sub("", name) for name, _ in found}) >= _SEVERAL:
        yield passed(
            each([name for name, _ in found]).say("Critical logic emits metrics of its own: {}"),
            *(hit for _, hit in found),
            confidence="medium",
        )


_SEVERAL = 2


def _critical_without(code: Code, files: Files) -> tuple[str, ...]:
    """Modules that are called after what costs money, where others name or count series and they do neither."""
    with_ = {*code[NAMED_METRIC].places.files, *code[COUNTED].places.files}
    modules = [f.path for f in files.entries if f.role == "source" and _MONEY.search(f.path) and not offstage(f.path)]
    return tuple(path for path in modules if path not in with_)


_MONEY = re.compile(
    r"(?:^|/)(?:pricing|billing|payments?|checkout|charging|refunds?|invoicing)\.(?:py|[jt]s|go|rb|php|rs)$",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"(?:[._/-](?:success(?:es|ful)?|succeeded|timed?_?outs?|fail(?:ed|ures?)|errors?|ok|started|finished|completed|attempts?|"
    r"duration|seconds|ms|total|count|sum|max|min))+$",
    re.IGNORECASE,
)
"""How one thing ended, how often and how long it took: no second thing that is counted."""
