"""Finds load tests and their committed results."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from ...domain.fact import Fact
from ...errors import FormatError
from ..classify import QUIET
from ..facts.files import Files
from ..facts.loadtests import LoadReport, LoadResult, LoadScript, LoadTests
from ..inforce.code import Judge, judge_of
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from . import _headings
from ._load_reports import MARK, reports_of
from .documents import is_prose

MAX_BYTES = 400_000
MAX_RESULTS = 5_000
MAX_SCRIPTS = 5_000
MAX_REPORTS = 200


class _Shape(NamedTuple):
    """How a tool's scripts are told and read."""

    tool: str
    mark: re.Pattern[str]
    request: re.Pattern[str]
    think: re.Pattern[str]
    data: re.Pattern[str]
    stages: re.Pattern[str]
    thresholds: re.Pattern[str]


def _shape(tool: str, *patterns: str) -> _Shape:
    return _Shape(tool, *(re.compile(p, re.IGNORECASE) for p in patterns))


_SHAPES = {
    (".js", ".ts", ".mjs"): _shape(
        "k6",
        r"""from\s{0,3}['"]k6(?:/[\w/]{1,30})?['"]|require\(['"]k6""",
        r"\bhttp\.(?:get|post|put|patch|del|delete|head|request)\(([^,)]{1,200})",
        r"\bsleep\(",
        r"SharedArray|\b__VU\b|randomItem|randomIntBetween|randomString|Math\.random|papaparse|__ITER|\bopen\(|faker",
        r"\bstages\s?:|ramping-(?:vus|arrival-rate)|externally-controlled",
        r"\bthresholds\s?:",
    ),
    (".py",): _shape(
        "locust",
        r"^(?:from\s+locust|import\s+locust)\b",
        r"\bclient\.(?:get|post|put|patch|delete|head|options|request)\(([^,)]{1,200})",
        r"\bwait_time\s?=|\bself\.wait\(|\bsleep\(",
        r"\brandom\.|randint|faker|csv\.|itertools\.cycle|uuid",
        r"LoadTestShape",
        r"process_exit_code|quitting\.add_listener|fail_ratio",
    ),
    (".scala", ".java", ".kt"): _shape(
        "gatling",
        r"^import\s+(?:static\s+)?io\.gatling\.",
        r"\.(?:get|post|put|patch|delete)\(([^,)]{1,200})",
        r"\.pause\(",
        r"\.feed\(|feeder|Random",
        r"ramp(?:Concurrent)?Users|rampUsersPerSec|increment(?:Concurrent)?Users|stressPeakUsers",
        r"\bassertions\(",
    ),
    (".jmx",): _shape(
        "jmeter",
        r"<jmeterTestPlan",
        r"""name="HTTPSampler\.path">([^<]{1,200})""",
        r"<(?:\w{1,30}Timer|ThroughputController)\b",
        r"<CSVDataSet|__Random|__UUID|<RandomVariable",
        r"""ramp_time">[1-9]|(?:Ultimate|Concurrency|Stepping)ThreadGroup""",
        r"<(?:Duration|Response)Assertion",
    ),
    (".yml", ".yaml"): _shape(
        "artillery",
        r"^scenarios\s?:",
        r"\burl\s?:\s{0,10}[\"']?([^\s\"'},]{1,200})",
        r"^\s{1,60}-\s+think\s?:",
        r"^\s{1,60}(?:payload|over)\s?:|\$random|\$faker|:\s{0,9}\w{0,30}random",
        r"^\s{1,60}(?:-\s+)?rampTo\s?:",
        r"^\s{1,60}ensure\s?:|maxErrorRate",
    ),
}
_HAMMER = re.compile(
    r"(?:^|[\s;&|(`@])(wrk2?|ab|hey|vegeta|siege|autocannon|bombardier|oha)\s+(?:-\w|attack)[^#\n]{0,300}?(?:https?:|\$|localhost)"
    r"|\|\s{0,3}(vegeta)\s+attack"
)
_SHELLS = (".sh", ".bash", "makefile", "justfile", "taskfile.yml", "taskfile.yaml")

_EXPORTED = re.compile(rb"^\s{0,8}export\s+(?:default\s+)?(?:async\s+)?function\b")
"""What k6 has each user do begins there, where a script has several ways."""
_PAUSE = re.compile(r"\b(?:sleep|pause|wait)\((?:[^()]|\([^()]{0,100}\)){0,200}\)")


@dataclass
class _Way:
    """What one kind of user does, or what stands outside of all."""

    requests: set[str] = field(default_factory=set)
    think: int = 0
    data: int = 0

    @property
    def traits(self) -> tuple[int, int]:
        return sum((len(self.requests) > 1, self.think > 0, self.data > 0)), len(self.requests)


class _Ways:
    """The kinds of users of one script: traits of different ones make no realistic user."""

    def __init__(self) -> None:
        self._common = _Way()
        self._each: list[_Way] = []

    def begin(self, line: bytes) -> None:
        if _EXPORTED.match(line):
            self._each.append(_Way())

    def take(self, number: int, shape: _Shape, found: Callable[[re.Pattern[str]], list[re.Match[str]]]) -> None:
        way = self._each[-1] if self._each else self._common
        if not way.think and found(shape.think):
            way.think = number
        if not way.data and any(not _pauses(match) for match in found(shape.data)):
            way.data = number
        way.requests.update(match.group(1).strip() for match in found(shape.request))

    @property
    def most(self) -> _Way:
        """The way that has most of what makes it real, with what stands outside of all."""
        common = self._common
        ways = [
            _Way(way.requests | common.requests, way.think or common.think, way.data or common.data)
            for way in self._each
        ]
        return max(ways, key=lambda way: way.traits, default=common)


def _pauses(match: re.Match[str]) -> bool:
    """Whether something varies how long a pause is, and not what is sent."""
    return any(found.start() <= match.start() < found.end() for found in _PAUSE.finditer(match.string))


_ASIDE = (QUIET - {"test"}) | {"ci"}


class LoadTestsReader(Reader):
    """Tells load tests by what they import; looks at a report's shape before it parses it."""

    fact = LoadTests

    def __init__(self) -> None:
        self._scripts: list[LoadScript] = []
        self._results: list[LoadResult] = []
        self._reports: list[LoadReport] = []

    def wants(self, file: FileEntry) -> bool:
        if is_prose(file):
            return file.size <= MAX_BYTES
        if file.role in _ASIDE or file.is_set_aside or file.size > MAX_BYTES:
            return False
        path = file.path.lower()
        return path.endswith((*(s for suffixes in _SHAPES for s in suffixes), *_SHELLS)) or _is_result(path)

    def read(self, source: SourceFile) -> None:
        path = source.path.lower()
        if is_prose(source.file):
            if MARK.search(source.data) and len(self._reports) < MAX_REPORTS:
                self._reports += reports_of(source.path, _headings.read(source.file.suffix, source.lines))
            return
        if _is_result(path):
            self._result(source)
            return
        for suffixes, shape in _SHAPES.items():
            if path.endswith(suffixes) and _MARKS[shape.tool] in source.data:
                self._script(source, shape)
        if path.endswith(_SHELLS):
            for number, line in enumerate(source.lines, 1):
                match = _HAMMER.search(line[:500])
                if match and not line.lstrip().startswith("#"):
                    tool = match.group(1) or match.group(2)
                    self._scripts.append(LoadScript(path=source.path, tool=tool, line=number, requests=1))
                    return

    def finish(self, files: Files) -> Fact:
        reports = tuple(sorted(self._reports, key=lambda report: (report.path, report.line))[:MAX_REPORTS])
        return LoadTests(scripts=tuple(self._scripts), results=tuple(self._results), reports=reports)

    def _script(self, source: SourceFile, shape: _Shape) -> None:
        if shape.tool == "artillery" and b"phases" not in source.data:
            return
        seen: dict[str, int] = {}
        ways = _Ways()
        judge = judge_of(source.data, source.path, source.file.language)
        start = 0
        for number, raw in enumerate(source.data.split(b"\n"), 1):
            found = _runs(judge, start, start + min(len(raw), 1_000))
            start += len(raw) + 1
            if found is None:
                continue
            for trait in ("mark", "stages", "thresholds"):
                if trait not in seen and found(getattr(shape, trait)):
                    seen[trait] = number
            if shape.tool == "k6":
                ways.begin(raw)
            ways.take(number, shape, found)
        if shape.tool == "k6" and _loads_nothing(source.text):
            return
        if "mark" in seen and len(self._scripts) >= MAX_SCRIPTS:
            raise FormatError(f"more than {MAX_SCRIPTS:,} load tests; this one is not kept")
        way = ways.most
        if "mark" not in seen or (shape.tool == "gatling" and not way.requests):
            return
        self._scripts.append(
            LoadScript(
                path=source.path,
                tool=shape.tool,
                line=seen["mark"],
                requests=len(way.requests),
                think=way.think,
                data=way.data,
                stages=seen.get("stages", 0),
                thresholds=0 if shape.tool == "k6" and _limits_nothing(source.text) else seen.get("thresholds", 0),
            )
        )

    def _result(self, source: SourceFile) -> None:
        read = _csv if source.path.endswith(".csv") else _k6_summary
        result = read(source)
        if result is not None and len(self._results) >= MAX_RESULTS:
            raise FormatError(f"more than {MAX_RESULTS:,} reports of load tests; this one is not kept")
        if result is not None:
            self._results.append(result)


def _limits_nothing(text: str) -> bool:
    """Whether every threshold of a script of k6 holds whatever happens."""
    found = [match for block in _THRESHOLDS.findall(text) for match in _LIMIT.findall(block)]
    return bool(found) and all(_holds_always(figure, sign, float(number)) for figure, sign, number in found)


def _holds_always(figure: str, sign: str, number: float) -> bool:
    if figure == "rate":
        return (sign == "<" and number > 1) or (sign == "<=" and number >= 1) or (sign == ">=" and number <= 0)
    return sign in ("<", "<=") and number >= _LONGEST_ANSWER


_THRESHOLDS = re.compile(r"\bthresholds\s?:\s?\{([^{}]{0,4000}(?:\{[^{}]{0,500}\}[^{}]{0,500}){0,20})\}")
_LIMIT = re.compile(r"(rate|avg|med|max|min|p\(\d{1,3}(?:\.\d{1,4})?\))\s?(<=|>=|<|>)\s?(\d{1,15}(?:\.\d{1,6})?)")
_LONGEST_ANSWER = 600_000.0
"""Milliseconds; nobody waits ten minutes for an answer."""
_TARGET = re.compile(r"\b(?:target|vus|maxVUs|rate|preAllocatedVUs|startRate|startVUs)\s?:\s?(\d{1,9})\b")
_DURATION = re.compile(r"\bduration\s?:\s?['\"](\d{1,9})(?:ms|s|m|h)['\"]")


def _loads_nothing(text: str) -> bool:
    """Whether all numbers of users are one at most, or all lengths are none, as far as they are written out."""
    users = [int(found) for found in _TARGET.findall(text[:100_000])]
    lengths = [int(found) for found in _DURATION.findall(text[:100_000])]
    staged = "iterations" in text or ("__ENV" in text and not (users or lengths))
    return not staged and ((bool(users) and max(users) <= 1) or (bool(lengths) and max(lengths) == 0))


def _runs(judge: Judge, start: int, end: int) -> Callable[[re.Pattern[str]], list[re.Match[str]]] | None:
    """Finds in the line from *start* to *end* what is in force; None where it is nothing but a comment."""
    line = judge.running(start, end)
    text = line.decode("utf-8", "surrogateescape")
    if not text.strip() or text.lstrip().startswith(("//", "#", "*")):
        return None

    def place(at: int) -> int:
        return start + len(text[:at].encode("utf-8", "surrogateescape"))

    def found(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        matches = islice(pattern.finditer(text), _MATCHES)
        return [match for match in matches if judge.judge(place(_first(match)), place(match.end()))]

    return found


def _first(match: re.Match[str]) -> int:
    """Where a match begins that a pattern's leading blanks are no part of."""
    return match.end() - len(match.group().lstrip())


_MATCHES = 50
_MARKS = {
    "k6": b"k6",
    "locust": b"locust",
    "gatling": b"io.gatling",
    "jmeter": b"jmeterTestPlan",
    "artillery": b"scenarios",
}
_RESULT = re.compile(r"(k6|load|perf|stress|soak|spike|summary|result|locust|benchmark)[^/]*\.json$|_stats\.csv$")


def _is_result(path: str) -> bool:
    return bool(_RESULT.search(path.rpartition("/")[2])) or (path.endswith(".json") and "/k6" in path)


def _k6_summary(source: SourceFile) -> LoadResult | None:
    """k6's ``--summary-export`` or ``handleSummary`` output."""
    if b"http_req_duration" not in source.data:
        return None
    try:
        body = source.json().body
    except FormatError:
        return None
    metrics = body.get("metrics") if isinstance(body, dict) else None
    if not isinstance(metrics, dict):
        return None
    duration, failed, requests = (_values(metrics.get(f"http_req{s}")) for s in ("_duration", "_failed", "s"))
    if not duration:
        return None
    return LoadResult(
        path=source.path,
        tool="k6",
        p95=duration.get("p(95)"),
        p99=duration.get("p(99)"),
        failures=failed.get("rate", failed.get("value")),
        requests=int(requests.get("count", 0)),
    )


def _values(metric: object) -> dict[str, float]:
    values = metric.get("values", metric) if isinstance(metric, dict) else {}
    if not isinstance(values, dict):
        return {}
    return {k: float(v) for k, v in values.items() if isinstance(v, int | float) and abs(v) < 1e12}


def _csv(source: SourceFile) -> LoadResult | None:
    """Locust's ``--csv`` statistics; the row named Aggregated."""
    rows = [[cell.strip('"') for cell in line.split(",")] for line in source.lines[:2_000]]
    if not rows or "Request Count" not in rows[0] or "95%" not in rows[0]:
        return None
    for row in rows[1:]:
        if len(row) == len(rows[0]) and "Aggregated" in row[:2]:
            cell: Callable[[str], float | None] = dict(zip(rows[0], map(_number, row), strict=True)).get
            count = cell("Request Count") or 0.0
            failures = (cell("Failure Count") or 0.0) / count if count else None
            return LoadResult(
                path=source.path,
                tool="locust",
                p95=cell("95%"),
                p99=cell("99%"),
                failures=failures,
                requests=int(count),
            )
    return None


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,12}(?:\.\d{1,20})?", text) else None
