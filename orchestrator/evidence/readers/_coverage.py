"""Reads thresholds and reports of coverage from the files of every common tool."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...domain.fact import Source
from ...domain.located import Located
from ...formats.json import json_value
from ..facts.testsuites import CoverageRule
from ..tree import SourceFile
from ._coverage_files import is_report

_NUMBER = r"[\"']?(\d{1,3}(?:\.\d{1,4})?)"
_DEMANDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^\s*fail_under\s*=\s*{_NUMBER}",
        rf"--cov-fail-under[= ]{_NUMBER}",
        rf"\bcoverage\s+report\b.{{0,200}}--fail-under[= ]{_NUMBER}",
        rf"\b(?:llvm-cov|tarpaulin)\b.{{0,200}}--fail-under(?:-lines)?[= ]{_NUMBER}",
        rf"\b(?:nyc|c8)\b.{{0,200}}--(?:lines|statements)[= ]{_NUMBER}",
        rf"\bminimum_coverage\s*\(?\s*(?:line:\s*)?{_NUMBER}",
        rf"/p:Threshold=\\?{_NUMBER}|<Threshold>\s*{_NUMBER}",
        rf"--coverage\b.{{0,100}}--min[= ]{_NUMBER}",
        rf"(?i)\b\w{{0,40}}cov(?:erage)?_?(?:threshold|min|minimum|limit|target)\w{{0,20}}\s*[:?]?=\s*{_NUMBER}",
        rf"(?i)\b\w{{0,20}}(?:min|minimum|threshold)_?(?:test_)?cov(?:erage)?\w{{0,20}}\s*[:?]?=\s*{_NUMBER}",
    )
)
_QUICK = re.compile(r"cov|fail.under|nyc|c8|minimum|Threshold|tarpaulin", re.IGNORECASE)
_MEASURED = re.compile(
    r"\bpytest\b.{0,200}--cov\b|^\s*addopts\s*=.{0,200}--cov\b|\bcoverage run\b|-coverprofile\b|\b(?:nyc|c8)\s+\w"
    r"|\b(?:jest|vitest)\b.{0,200}--coverage\b|codecov/codecov-action|coverallsapp/github-action"
    r"|\bllvm-cov\b|\btarpaulin\b|SimpleCov\.start|jacocoTestReport|XPlat Code Coverage"
)
_OPENS = re.compile(r"[\"']?(coverageThreshold|thresholds?)[\"']?\s*[:=]\s*\{")
_FIGURE = re.compile(r"[\"']?(lines|statements|branches|functions)[\"']?\s*:\s*(\d{1,3}(?:\.\d{1,4})?)")
_PART = re.compile(r"[\"']([^\"'\s]{0,200}[/*][^\"'\s]{0,200})[\"']\s*:\s*\{")
"""Begins what is demanded of the files of one path."""
_GROUP = re.compile(r"\b(global|each|perFile)\b[\"']?\s*:\s*\{")
_MINIMUM = re.compile(r"\bminimum\s*(?:=|\.set\()?\s*[\"']?(0?\.\d{1,4}|1\.0|\d{1,3})\b")
_MIX = re.compile(r"\bthreshold:\s*(\d{1,3})")


def rules(source: SourceFile) -> Iterator[CoverageRule]:
    """What *source* demands or reports; a figure that makes no sense is none."""
    name = source.file.name
    if is_report(source.file):
        yield from _report(source)
    elif name.lstrip(".") in ("codecov.yml", "codecov.yaml"):
        yield from _codecov(source)
    elif name.startswith(".testcoverage."):
        yield from _go_coverage(source)
    elif name.startswith((".nycrc", ".c8rc")):
        yield from _nyc(source, _object(source))
    else:
        yield from _lines(source)
    if name == "package.json":
        body = _object(source)
        yield from _nyc(source, body.get("nyc"))
        yield from _nyc(source, body.get("c8"))


def _lines(source: SourceFile) -> Iterator[CoverageRule]:
    name = source.file.name
    jvm = name == "pom.xml" or ".gradle" in name
    jacoco = jvm and "jacoco" in source.text.lower()
    measured, opened, about = 0, 0, ""
    for number, raw in enumerate(source.lines, 1):
        line = raw[:1_000]
        if opened and (path := _PART.search(line)):
            about = path[1]
        elif opened and _GROUP.search(line):
            about = ""
        if opened and (figure := _FIGURE.search(line)) and figure[1] in ("lines", "statements"):
            yield _rule(source, number, float(figure[2]), about=about)
            opened, about = number, ""
        elif opened:
            opened = 0 if number - opened > 20 else opened
        if line.lstrip().startswith(("#", "//")):
            continue
        if _OPENS.search(line) and not jvm:
            inline = [f for f in _FIGURE.findall(line) if f[0] in ("lines", "statements")]
            if inline:
                yield _rule(source, number, float(inline[0][1]))
            else:
                opened, about = number, ""
        elif jacoco and (minimum := _MINIMUM.search(line) or re.search(r"<minimum>\s*(\d?\.?\d{1,4})", line)):
            yield _rule(source, number, float(minimum[1]))
        elif name == "mix.exs" and (threshold := _MIX.search(line)):
            yield _rule(source, number, float(threshold[1]))
        elif _QUICK.search(line):
            found = next((m for p in _DEMANDS if (m := p.search(line))), None)
            if found:
                yield _rule(source, number, float(next(g for g in found.groups() if g)))
            elif not measured and _MEASURED.search(line):
                measured = number
    if measured:
        yield CoverageRule(percent=None, kind="report", source=Source(path=source.path, line=measured))


def _rule(source: SourceFile, line: int, figure: float, kind: str = "threshold", about: str = "") -> CoverageRule:
    percent = round(figure * 100 if 0 < figure <= 1 else figure, 2)
    at = Source(path=source.path, line=line)
    return CoverageRule(percent=min(percent, 100.0), kind=kind, source=at, about=about)


def _codecov(source: SourceFile) -> Iterator[CoverageRule]:
    for parsed in source.yaml()[:1]:
        document = Located(path=source.path, line=parsed.line, body=parsed.body, lines=parsed.lines)
        project = document.get("coverage", "status", "project")
        groups = project if isinstance(project, dict) else {}
        for group, body in list(groups.items())[:50]:
            target = str(body.get("target", "auto")) if isinstance(body, dict) else ""
            at = document.at("coverage", "status", "project", group, "target")
            paths = body.get("paths") if isinstance(body, dict) else None
            about = ", ".join(map(str, paths))[:200] if isinstance(paths, list) else ""
            if re.fullmatch(r"\d{1,3}(\.\d{1,4})?%?", target):
                yield CoverageRule(percent=float(target.rstrip("%")), kind="threshold", source=at, about=about)
            elif target == "auto":
                yield CoverageRule(percent=None, kind="threshold", source=at, about=about)


def _go_coverage(source: SourceFile) -> Iterator[CoverageRule]:
    for parsed in source.yaml()[:1]:
        document = Located(path=source.path, line=parsed.line, body=parsed.body, lines=parsed.lines)
        total = document.get("threshold", "total")
        if isinstance(total, int | float) and not isinstance(total, bool) and 0 < total <= 100:
            line = document.at("threshold", "total").line
            yield CoverageRule(percent=float(total), kind="threshold", source=Source(path=source.path, line=line))
        for number, one in enumerate(document.items("override")[:50]):
            figure = one.get("threshold") if isinstance(one, dict) else None
            if (
                isinstance(figure, int | float)
                and not isinstance(figure, bool)
                and 0 < figure <= 100
                and one.get("path")
            ):
                at = document.at("override", number)
                about = str(one["path"])[:200]
                yield CoverageRule(percent=float(figure), kind="threshold", source=at, about=about)


def _object(source: SourceFile) -> dict[str, Any]:
    """The JSON object of a settings file; an empty one where it is something else."""
    body = json_value(source.data)
    return body if isinstance(body, dict) else {}


def _nyc(source: SourceFile, body: object) -> Iterator[CoverageRule]:
    if not isinstance(body, dict) or body.get("check-coverage", body.get("checkCoverage")) is not True:
        return
    figure = body.get("lines", body.get("statements"))
    if isinstance(figure, int | float) and not isinstance(figure, bool) and 0 < figure <= 100:
        line = next((n for n, text in enumerate(source.lines, 1) if '"lines"' in text or '"statements"' in text), 1)
        yield CoverageRule(percent=float(figure), kind="threshold", source=Source(path=source.path, line=line))


_RATE = re.compile(rb"<coverage\b[^>]{0,1000}?\bline-rate=\"(\d?\.?\d{1,20})\"")
_JACOCO = re.compile(rb"<counter type=\"LINE\" missed=\"(\d{1,9})\" covered=\"(\d{1,9})\"/>")
_CLOVER = re.compile(rb"<metrics\b[^>]{0,1000}?\bstatements=\"(\d{1,9})\" coveredstatements=\"(\d{1,9})\"")
_LCOV = re.compile(rb"^(LF|LH):(\d{1,9})\r?$", re.MULTILINE)


def _report(source: SourceFile) -> Iterator[CoverageRule]:
    """The figure of a committed report; one that cannot be found in it is left out."""
    data, name = source.data, source.file.name
    if name == "coverage-summary.json":
        lines = _object(source).get("total")
        share = (
            lines.get("lines", {}).get("pct")
            if isinstance(lines, dict) and isinstance(lines.get("lines"), dict)
            else None
        )
        if isinstance(share, int | float) and not isinstance(share, bool):
            yield _reported(source, float(share))
    elif name.endswith((".info", ".lcov")):
        sums = {b"LF": 0, b"LH": 0}
        for key, number in _LCOV.findall(data):
            sums[key] += int(number)
        if sums[b"LF"]:
            yield _reported(source, 100 * sums[b"LH"] / sums[b"LF"])
    elif rate := _RATE.search(data, 0, 8_000):
        yield _reported(source, 100 * float(rate[1]))
    elif counters := _JACOCO.findall(data[-4_000:]):
        missed, covered = map(int, counters[-1])
        yield _reported(source, 100 * covered / max(missed + covered, 1))
    elif metrics := _CLOVER.findall(data[-4_000:]):
        total, covered = map(int, metrics[-1])
        yield _reported(source, 100 * covered / max(total, 1))


def _reported(source: SourceFile, percent: float) -> CoverageRule:
    bounded = round(min(max(percent, 0.0), 100.0), 2)
    return CoverageRule(percent=bounded, kind="report", source=Source(path=source.path))
