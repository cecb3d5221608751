"""Reads the limits that a repository sets for its own speed and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...domain.fact import Fact, Source
from ...domain.located import Located
from ...errors import FormatError
from ...redaction import redact
from ..classify import QUIET
from ..facts.budgets import Budgets, Limit
from ..facts.files import Files
from ..reader import Reader
from ..tree import FileEntry, SourceFile

MAX_LIMITS, MAX_OF_A_FILE = 5_000, 200

_ASIDE = QUIET - {"test"}


class BudgetsReader(Reader):
    """Reads JSON and YAML as documents, and load-test scripts and server settings line by line."""

    fact = Budgets

    def __init__(self) -> None:
        self._limits: list[Limit] = []

    def wants(self, file: FileEntry) -> bool:
        if file.size > 300_000 or file.role in _ASIDE:
            return False
        if file.name.lower() in _DOCUMENTS or file.path.endswith((".js", ".ts", ".mjs", ".cjs")):
            return True
        settings = file.role in ("infra", "config") and file.path.endswith(_SETTINGS) and "-wrapper." not in file.name
        return settings or file.name.startswith("gunicorn") or file.name == "Procfile"

    def read(self, source: SourceFile) -> None:
        name = source.file.name.lower()
        if name in _DOCUMENTS:
            found = _document(source, name)
        elif source.path.endswith((".js", ".ts", ".mjs", ".cjs")):
            found = _script(source)
        else:
            found = _timeouts(source)
        for number, limit in enumerate(found):
            if number >= MAX_OF_A_FILE or len(self._limits) >= MAX_LIMITS:
                raise FormatError(
                    f"it sets more than the {MAX_OF_A_FILE:,} limits that are kept of one file", limit.source.line
                )
            self._limits.append(limit)

    def finish(self, files: Files) -> Fact:
        return Budgets(limits=tuple(self._limits))


_DOCUMENTS = frozenset(
    {
        "lighthouserc.json", ".lighthouserc.json", "lighthouserc.yml", ".lighthouserc.yml", "lighthouserc.yaml",
        "budget.json", "budgets.json", "lighthouse-budget.json", "angular.json", "package.json", ".size-limit.json",
        ".bundlewatch.config.json", "bundlesize.config.json",
    }
)  # fmt: skip
_SETTINGS = (".conf", ".yml", ".yaml", ".properties", ".ini", ".toml", ".cfg", ".template")
_ENTRY = re.compile(r"""^\s{0,40}['"]?([\w.-]{1,60}(?:\{[^}]{0,60}\})?)['"]?\s?:\s?\[(.{1,300}?)\]""")
_ASSERTION = re.compile(r"""['"]([\w:-]{1,60})['"]\s?:\s?\[\s?['"](?:error|warn)['"]\s?,\s?\{(.{1,200}?)\}""")
_TIMEOUT = re.compile(
    r"""^\s{0,80}(?:-\s|--)?["']?([A-Za-z][\w.-]{0,60}time-?_?out(?:[_-]?(?:ms|millis|seconds|sec))?)["']?"""
    r"""\s{0,20}[:= ]\s{0,20}["']?(\d{1,9}\s?(?:ms|s|m|min|seconds)?)["']?\s{0,20};?\s{0,5}(?:#.*)?$""",
    re.IGNORECASE,
)
_WORKER_TIMEOUT = re.compile(r"(?:^|\s|-t|--)(timeout)\s{0,3}[= ]\s{0,3}(\d{1,6})\b")


def _script(source: SourceFile) -> Iterator[Limit]:
    """Thresholds of a k6 script, and assertions of a Lighthouse configuration."""
    lighthouse = "lighthouserc" in source.path
    if not lighthouse and not (b"thresholds" in source.data and b"k6" in source.data):
        return
    within = False
    for number, line in enumerate(source.lines, 1):
        text = line[:1_000]
        place = Source(path=source.path, line=number)
        if lighthouse:
            for match in _ASSERTION.finditer(text):
                yield Limit(kind="page audit", subject=match.group(1), limit=match.group(2).strip(), source=place)
            continue
        if re.search(r"\bthresholds\b\s?[:=]", text):
            within = True
        elif within and text.strip() in ("}", "},", "};"):
            within = False
        entry = _ENTRY.search(text) if within else None
        if entry and entry.group(1) != "thresholds":
            limit = re.sub(r"['\"]", "", redact(entry.group(2))).strip(" ,")
            yield Limit(kind="load test", subject=entry.group(1), limit=limit[:120], source=place)


def _document(source: SourceFile, name: str) -> Iterator[Limit]:
    if name == "package.json" and not any(
        mark in source.data for mark in (b'"size-limit"', b'"bundlesize"', b'"bundlewatch"')
    ):
        return
    parsed = source.yaml()[0] if name.endswith((".yml", ".yaml")) and source.yaml() else source.json()
    document = Located(path=source.path, line=parsed.line, body=parsed.body, lines=parsed.lines)
    if "lighthouserc" in name:
        yield from _assertions(document)
    elif name == "angular.json":
        yield from _angular(document)
    elif "budget" in name:
        yield from _lighthouse_budget(document)
    else:
        yield from _sizes(document)


def _assertions(document: Located) -> Iterator[Limit]:
    for audit, rule in document.section("ci", "assert", "assertions").items():
        if isinstance(rule, list) and len(rule) > 1 and isinstance(rule[1], dict):
            place = document.at("ci", "assert", "assertions", audit)
            wanted = ", ".join(f"{k} {v}" for k, v in sorted(rule[1].items()))
            yield Limit(kind="page audit", subject=audit, limit=wanted[:120], source=place)


def _lighthouse_budget(document: Located) -> Iterator[Limit]:
    body = document.body if isinstance(document.body, list) else []
    for number, budget in enumerate(body):
        for group in ("timings", "resourceSizes", "resourceCounts"):
            rules = budget.get(group) if isinstance(budget, dict) else None
            for position, rule in enumerate(rules if isinstance(rules, list) else []):
                if isinstance(rule, dict) and "budget" in rule:
                    subject = str(rule.get("metric") or rule.get("resourceType") or group)
                    place = document.at(number, group, position)
                    unit = {"timings": " ms", "resourceSizes": " KiB"}.get(group, "")
                    yield Limit(
                        kind="page audit", subject=subject[:80], limit=f"{rule['budget']}{unit}"[:40], source=place
                    )


def _angular(document: Located) -> Iterator[Limit]:
    for keys, value in document.walk():
        if len(keys) > 1 and keys[-2] == "budgets" and isinstance(value, dict):
            limit = value.get("maximumError") or value.get("maximumWarning")
            if limit:
                subject = str(value.get("type") or "bundle")
                yield Limit(kind="bundle size", subject=subject[:80], limit=str(limit)[:40], source=document.at(*keys))


def _sizes(document: Located) -> Iterator[Limit]:
    bodies: list[tuple[tuple[str | int, ...], Any]] = [
        ((), document.body),
        (("size-limit",), document.get("size-limit")),
        (("bundlesize",), document.get("bundlesize")),
        (("bundlesize", "files"), document.get("bundlesize", "files")),
        (("bundlewatch", "files"), document.get("bundlewatch", "files")),
        (("files",), document.get("files")),
    ]
    for keys, body in bodies:
        for number, rule in enumerate(body if isinstance(body, list) else []):
            limit = rule.get("limit") or rule.get("maxSize") if isinstance(rule, dict) else None
            if limit:
                subject = str(rule.get("name") or rule.get("path") or "bundle")[:80]
                place = document.at(*keys, number)
                yield Limit(kind="bundle size", subject=subject, limit=str(limit)[:40], source=place)


def _timeouts(source: SourceFile) -> Iterator[Limit]:
    """Lines such as ``proxy_read_timeout 30s;`` or ``timeout: 5``; the probes of Kubernetes are not budgets."""
    if b"imeout" not in source.data and b"IMEOUT" not in source.data:
        return
    pattern = _TIMEOUT if source.path.endswith(_SETTINGS) else _WORKER_TIMEOUT
    for number, line in enumerate(source.lines, 1):
        match = pattern.search(line[:300])
        if match and match.group(1) != "timeoutSeconds":
            place = Source(path=source.path, line=number)
            yield Limit(kind="timeout", subject=match.group(1), limit=match.group(2).strip(), source=place)
