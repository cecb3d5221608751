"""Judges the form of log lines: written as JSON, with the same fields everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Routes,
    Signal,
    Source,
    check,
    each,
    examined,
    failed,
    passed,
    stage_of_file,
    unsure,
    words,
)
from orchestrator import Services as Estate

from ._services import named, onstage, services

_SETTINGS = re.compile(
    r"monolog\.formatter\.json\b|\bMonolog\\Formatter\\JsonFormatter\b|\bJsonFormatter::class|^[\"']?console[\"']?:\s*[\"']?(?:ecs|logstash|gelf)\b|"
    r"\bformat\W{1,4}console\W{1,4}(?:ecs|logstash|gelf)\b|from aws[_]lambda_powertools import .*\bLogger\b|"
    r"\bLogFormat[\"']?\s*:\s*[\"']?JSON\b|quarkus\.log\.console\.json(?:\.enabled)?\s*=\s*true|@aws-lambda-powertools/logger"
)
"""What settings and frameworks say, beside the calls of libraries."""
JSON_LOGS = Signal(
    id="monitoring.json-logs",
    pattern=words("calls/json-logs").pattern + "|" + _SETTINGS.pattern,
    roles=("source", "config", "infra"),
)
TEXT_LOGS = Signal(
    id="monitoring.text-logs",
    pattern=r"basicConfig\(.{0,120}%\(|logging\.Formatter\(.{0,80}%\(|"
    r"[\"']format[\"']\s{0,5}:\s{0,5}[\"'].{0,200}%\((message|levelname)|format\.(simple|cli)\(|"
    r"\bmorgan\(\s{0,5}['\"](dev|combined|common|tiny|short)|zap\.NewDevelopment\(|"
    r"\bConsoleWriter\{|target[\"']?\s*:\s*[\"']pino-pretty|"
    r"<pattern>.{0,200}%-?\d*(level|msg|message|m%n)|log_formatter\s*=\s*::?Logger::Formatter|"
    r"WriteTo\.Console\(\s*(?:\)|outputTemplate|theme)|\bAddSimpleConsole\(|new LineFormatter\(|"
    r"\bLineFormatter::class|monolog\.formatter\.line\b|"
    r"config\.logger\s*=\s*ActiveSupport::TaggedLogging|config\.lograge\.enabled\s*=\s*false",
    roles=("source", "config"),
    kept=ALL,
)
PAIRS = Signal(
    id="monitoring.logs-of-pairs",
    pattern=r"NewTextHandler(?!\(io\.Discard\b)|\.TextFormatter\{|NewLogfmtLogger\(|\bLogfmtRenderer\(|logfmter\b|"
    r"lograge\.formatter\s*=\s*Lograge::Formatters::(?:KeyValue|Logfmt)|tracing_logfmt\b|format\.logfmt\(",
    roles=("source", "config"),
)
"""Keys and values on each line, in no JSON: whoever searches can ask for a field."""
_DEBUG = re.compile(r"(^|[/._-])debug([/._-]|$)", re.IGNORECASE)


@check(
    "OBS-4.1.2",
    shows=BOTH,
    clean=[
        Example(
            "structlog renders JSON",
            {
                "shop/log.py": "import structlog\n\n"
                "structlog.configure(processors=[structlog.processors.JSONRenderer()])\n"
            },
        ),
        Example(
            "the fields of a JSON formatter are told by a format",
            {
                "shop/settings.py": "LOGGING = {\n    'formatters': {\n        'json': {\n"
                "            '()': 'pythonjsonlogger.json.JsonFormatter',\n"
                "            'format': '%(asctime)s %(levelname)s %(message)s',\n        },\n    },\n}\n"
            },
        ),
        Example(
            "Spring's structured console",
            {
                "src/main/resources/application.yml": "logging:\n  structured:\n    format:\n      console: ecs\n",
                "src/main/java/Shop.java": "class Shop {}\n",
            },
        ),
        Example(
            "Monolog's JSON",
            {
                "config/packages/monolog.yaml": "monolog:\n  handlers:\n    main: {type: stream, path: "
                "'php://stderr', formatter: monolog.formatter.json}\n",
                "src/A.php": "<?php\nclass A {}\n",
            },
        ),
        Example("pino does so by itself", {"src/log.js": "const log = require('pino')()\nmodule.exports = log\n"}),
    ],
    flagged=[
        Example(
            "free text",
            {"shop/log.py": 'import logging\n\nlogging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")\n'},
        ),
        Example(
            "one of two services in free text",
            {
                "cart/Dockerfile": "FROM golang:1.23\n",
                "cart/main.go": "package main\n\nvar log = slog.New(slog.NewJSONHandler(os.Stdout, nil))\n",
                "mail/Dockerfile": "FROM python:3.13\n",
                "mail/main.py": 'import logging\n\nlogging.basicConfig(format="%(asctime)s %(message)s")\n',
            },
        ),
    ],
    silent=[
        Example(
            "messages of another kind in JSON",
            {
                "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">\n</Project>\n',
                "Basket.cs": "class Basket {\n  string Say() => pb::JsonFormatter.ToDiagnosticString(this);\n}\n",
                "Program.cs": "var app = WebApplication.CreateBuilder(args).Build();\napp.Run();\n",
            },
        ),
        Example(
            "keys and values",
            {"main.go": "package main\n\nvar log = slog.New(slog.NewTextHandler(os.Stderr, nil))\n"},
        ),
        Example(
            "two services in two languages, whose fields nobody has made the same",
            {
                "cart/Dockerfile": "FROM golang:1.23\n",
                "cart/main.go": "package main\n\nvar log = slog.New(slog.NewJSONHandler(os.Stdout, nil))\n",
                "mail/Dockerfile": "FROM node:22\n",
                "mail/log.js": "const log = require('pino')()\nmodule.exports = log\n",
            },
        ),
        Example(
            "a second project in text",
            {
                "Program.cs": "builder.Host.UseSerilog((_, l) => l.WriteTo.Console(new "
                "RenderedCompactJsonFormatter()));\n",
                "Office/Program.cs": "builder.Host.UseSerilog((_, l) => l.WriteTo.Console(outputTemplate: "
                '"{Message}"));\n',
            },
        ),
        Example(
            "only where a variable says so",
            {
                "app/main.py": "import os\nfrom pythonjsonlogger.jsonlogger import JsonFormatter\n\n"
                'h.setFormatter(JsonFormatter() if os.environ["LOG_FORMAT"] == "json" else logging.Formatter())\n'
            },
        ),
        Example(
            "JSON of the API is not a log",
            {"shop/settings.py": "RENDERERS = (\n    'rest_framework.renderers.JSONRenderer',\n)\n"},
        ),
        Example(
            "a writer for consoles undoes what the library does by itself",
            {
                "api/users.go": 'package api\n\nimport "github.com/rs/zerolog/log"\n',
                "app.go": "package app\n\nfunc Setup() {\n"
                "\tlog.Logger = log.Output(zerolog.ConsoleWriter{Out: os.Stdout})\n}\n",
            },
        ),
        Example(
            "a setting decides",
            {"main.go": "package main\n\nvar a = slog.NewJSONHandler(w, nil)\nvar b = slog.NewTextHandler(w, nil)\n"},
        ),
    ],
    reads=[JSON_LOGS, TEXT_LOGS, PAIRS],
)
def structured_logs(
    code: Code, files: Files, dockerfiles: Dockerfiles, estate: Estate, routes: Routes
) -> Iterator[Draft]:
    """The logger of each service writes JSON: structlog, pino, zap, logback's JSON encoder and their like."""
    json = onstage(code[JSON_LOGS]).saying(_in_its_language)
    lograge = any("lograge" in hit.text for hit in json)
    text = onstage(code[TEXT_LOGS]).under(lambda path: not _at_work(path))
    text = text.saying(lambda hit: not (lograge and "TaggedLogging" in hit.text) and not _of_json(hit, code))
    pairs = onstage(code[PAIRS]).under(lambda path: not _at_work(path))
    known = services(files, dockerfiles)
    chosen = json.saying(lambda hit: _CHOSEN.search(hit.text))
    covered = known.coverage(hit.path for hit in json)
    mixed = text.under(lambda path: known.owner(path) in covered.having)
    plain = text.under(lambda path: known.owner(path) in covered.lacking)
    if plain:
        where = named(sorted({known.owner(hit.path) or "" for hit in plain})) if known.several else ""
        yield failed(
            each(plain).like(f"Logs {f'of {where} ' if where else ''}are free text: {plain[0].text}"),
            examined(len(known.roots), "services"),
            confidence="medium",
        )
    elif (
        covered.having
        and all(_CHOSEN.search(hit.text) or _IMPORT.match(hit.text) for hit in json)
        and (chosen or any(not aside.void for aside in code[JSON_LOGS].aside))
    ):
        yield unsure(f"A setting decides whether logs are JSON: {(chosen or json)[0].text}", (chosen or json)[0])
    elif pairs and not covered.whole:
        yield unsure(f"Logs are keys and values, and no JSON: {pairs[0].text}", pairs[0])
    elif covered.whole and (mixed or pairs):
        yield unsure("Both JSON and text are set up, and which of them it is cannot be seen", *mixed, *pairs)
    elif covered.whole and (others := estate.beside(json, routes)):
        named_ = each(others, name=lambda service: service.address, at=lambda service: service.at)
        yield unsure(named_.say("Logs are written as JSON; those of {} are not seen to be"), json)
    elif covered.whole and known.several and len({_kind(hit.path) for hit in json}) > 1:
        yield unsure("Logs are written as JSON in several languages; that their fields are the same is not seen", json)
    elif covered.whole:
        yield passed(f"Logs are written as JSON: {json[0].text}", json, examined(len(known.roots), "services"))
    elif covered.having:
        text_ = "{Service|Services} {} {logs} JSON; of {others} it cannot be seen"
        yield unsure(named(covered.having).say(text_, others=named(covered.lacking)), json)


_CHOSEN = re.compile(r"^\s*[?:]\s|\bif\b.{1,200}\belse\b|\?\s*[^:?]{1,200}\s:\s|\bLOG_FORMAT\b")
_IMPORT = re.compile(r"\s*(?:from|import|using|use|require)\b")


def _of_json(hit: Source, code: Code) -> bool:
    """Whether a format is that of a JSON formatter beside it, which takes from it the names of its fields."""
    return bool(code[JSON_LOGS].within(hit.path, hit.line - _NEAR, hit.line + _NEAR)) and "%(" in hit.text


_NEAR = 4
_LANGUAGES = (
    (".py", "python"), (".go", "go"), (".php", "php"), (".rb", "ruby"), (".cs", "csharp"), (".ex", "elixir"),
    (".exs", "elixir"), (".rs", "rust"), (".js", "javascript"), (".ts", "javascript"), (".mjs", "javascript"),
)  # fmt: skip
_SAYING = {language: words("calls/json-logs", language=language) for _, language in _LANGUAGES}
"""Language to the words that set up JSON logs in it."""


def _kind(path: str) -> str:
    """The language of a file, by which its library of logs goes; empty for settings."""
    return next((name for ending, name in _LANGUAGES if path.endswith(ending)), "")


def _in_its_language(place: Source) -> bool:
    """Whether the line says it by a word of the language of its file: another's library may go by the same name."""
    language = next((name for ending, name in _LANGUAGES if place.path.endswith(ending)), "")
    known = _SAYING.get(language)
    found = not known or re.search(known.pattern, place.text, re.IGNORECASE) or _SETTINGS.search(place.text)
    return bool(found)


def _at_work(path: str) -> bool:
    """Whether a path says that its file is for those who build the product."""
    return stage_of_file(path) == "development" or bool(_DEBUG.search(path))
