"""Judges the levels of log calls: used for what they mean, and set for production."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    Code,
    Dockerfiles,
    Draft,
    Example,
    Files,
    Kubernetes,
    Routes,
    Signal,
    check,
    each,
    examined,
    failed,
    measured,
    passed,
    stage_of_file,
    unsure,
)

from ._services import onstage, serves, services

_CALL = r"log(?:ger|ging|rus|s|r)?(?:\(\))?(?:\.|->|::)"
ERROR_CALL = Signal(
    id="monitoring.log-error",
    pattern=rf"{_CALL}(?:error|exception|critical|fatal|severe)|(?<!\w)(?:zap|sugar|klog|slog|"
    rf"winston)\.(?:error|fatal)|\berror!\(|(?<!void )LogError\(",
)
WARN_CALL = Signal(
    id="monitoring.log-warn",
    pattern=rf"{_CALL}warn|(?<!\w)(?:zap|sugar|klog|slog|winston)\.warn|\bwarn!\(|(?<!void )LogWarning\(",
)
INFO_CALL = Signal(
    id="monitoring.log-info",
    pattern=rf"{_CALL}info|(?<!\w)(?:zap|sugar|klog|slog|winston)\.info|\binfo!\(|(?<!void )LogInformation\(",
)
DEBUG_CALL = Signal(
    id="monitoring.log-debug",
    pattern=rf"{_CALL}debug|(?<!\w)(?:zap|sugar|klog|slog|winston)\.debug|\bdebug!\(|(?<!void )LogDebug\(",
)
INFO_FAILURE = Signal(
    id="monitoring.failure-logged-as-info",
    pattern=rf"(?:{_CALL}info\w*|\binfo!|LogInformation)\(.{{0,200}}\b(failed to|failure|exception|could not|"
    rf"unable to|error:)",
)
PRINT_CALL = Signal(
    id="monitoring.print-call",
    pattern=r"^print\(|console\.log\(|fmt\.Print|System\.out\.print|(?<!e)println!\(",
    languages=("python", "javascript", "typescript", "go", "java", "kotlin", "rust"),
)
WARNED_LOSS = Signal(
    id="monitoring.loss-logged-as-warning",
    pattern=rf"(?:{_CALL}warn\w*|\bwarn!|LogWarning)\(.{{0,200}}\b(?:dropped|lost|given up|discarded|corrupt|"
    rf"deleted)\b",
)
LEVEL_SET = Signal(
    id="monitoring.log-level-set",
    pattern=r"ApplicationLogLevel\W{1,4}(?:INFO|WARN|ERROR)\b|\"LogLevel\".{0,60}\"(?:Information|Warning|Error)\"|"
    r"^\"Default\":\s*\"(?:Information|Warning)\"|level:\s*process\.env\.\w*LOG|config :logger,\s*level:|"
    r"(?-i:LOG_?LEVEL)\b(?!_)|\blog-level\b|--loglevel\b|\.setLevel\((?!\{|(?:logging\.)?DEBUG)|"
    r"[\"']level[\"']\s*:\s*[\"'](?:INFO|WARNING|ERROR)\b|logging\.level\.|config\.log_level\s*=|"
    r"^[\"']?log_?level[\"']?\s*(?::\s*\S|=\s*[\"']\w)|<root level|LevelVar",
    roles=("source", "config", "infra"),
)
DEBUG_IN_PRODUCTION = Signal(
    id="monitoring.debug-in-production",
    pattern=r"LOG_?LEVEL[\"']?\s*,\s*[\"']?value[\"']?\s*[:=]\s*[\"']?(?:debug|trace)\b|config\.log_level\s*=\s*:debug|LOG_?LEVEL[\"']?\s*[:=]\s*[\"']?debug|"
    r"logging\.level\.root\s*=\s*debug|<root level=\"debug",
    roles=("source", "config", "infra"),
)
_SUFFIX = re.compile(r"\.(?:[cm]?[jt]sx?|py|rb|go|java|kt|rs|cs|php)$")
_PRINTS = "".join(f"console.log('step {n}')\n" for n in range(6))
_LEVELS = """\
import logging

log = logging.getLogger(__name__)
log.setLevel(os.environ.get("LOG_LEVEL", "INFO"))


def pay(order):
    log.debug("paying %s", order.id)
    try:
        charge(order)
    except Declined:
        log.warning("card declined for %s", order.id)
    except GatewayError:
        log.exception("gateway broke for %s", order.id)
    log.info("paid %s", order.id)
    log.info("mail queued for %s", order.id)
    log.info("stock reserved for %s", order.id)
    log.info("done with %s", order.id)
    log.error("never reached")
    log.debug("left")
    log.debug("gone")
"""


@check(
    "OBS-4.1.3",
    shows=BOTH,
    clean=[Example("levels by meaning, threshold from the environment", {"shop/pay.py": _LEVELS})],
    flagged=[
        Example(
            "a server that only prints",
            {
                "Gruntfile.js": "grunt.log.error('no build')\n",
                "server/app.js": "app.get('/cart', showCart)\n" + _PRINTS,
                "server/cart.js": _PRINTS,
                "server/user.js": _PRINTS,
            },
        ),
        Example(
            "debug lines in production",
            {"config/environments/production.rb": "Rails.application.configure do\n  config.log_level = :debug\nend\n"},
        ),
    ],
    silent=[
        Example(
            "the task sets it to debug",
            {
                "shop/pay.py": _LEVELS,
                "infra/task.tf": 'resource "aws_ecs_task_definition" "web" {\n  container_definitions = jsonencode([{\n'
                '    environment = [{ name = "LOG_LEVEL", value = "debug" }]\n  }])\n}\n',
            },
        ),
        Example(
            "a threshold from elsewhere",
            {"shop/pay.py": _LEVELS.replace('os.environ.get("LOG_LEVEL", "INFO")', 'os.environ["LOG_LEVEL"]')},
        ),
        Example(
            "only the bundler of the pages has a threshold",
            {
                "shop/pay.py": _LEVELS.replace('log.setLevel(os.environ.get("LOG_LEVEL", "INFO"))', ""),
                "web/bundle.cjs": "const o = {\n  logLevel: 'error',\n}\n",
            },
        ),
        Example("prints of a script", {"scripts/a.js": _PRINTS, "scripts/b.js": _PRINTS, "scripts/c.js": _PRINTS}),
        Example("output of a command", {"src/a.js": _PRINTS, "src/b.js": _PRINTS, "src/c.js": _PRINTS}),
    ],
    reads=[
        ERROR_CALL,
        WARN_CALL,
        INFO_CALL,
        DEBUG_CALL,
        INFO_FAILURE,
        PRINT_CALL,
        LEVEL_SET,
        DEBUG_IN_PRODUCTION,
        WARNED_LOSS,
    ],
)
def log_levels(
    code: Code, files: Files, dockerfiles: Dockerfiles, kubernetes: Kubernetes, routes: Routes
) -> Iterator[Draft]:
    """Log calls use the levels for what they mean; a service does not print instead, nor log at debug in production."""
    debug = code[DEBUG_IN_PRODUCTION].places.under(lambda path: stage_of_file(path) == "production")
    if debug:
        yield failed(f"Production logs at level debug: {debug[0].text}", debug[0], debug)
    levels = {"error": ERROR_CALL, "warn": WARN_CALL, "info": INFO_CALL, "debug": DEBUG_CALL}
    counts = {level: code[signal].total for level, signal in levels.items()}
    calls = sum(counts.values())
    prints = onstage(code[PRINT_CALL])
    silent = calls <= 20 and not any(onstage(code[signal]) for signal in levels.values())
    if (
        silent
        and prints.total >= 10
        and len({hit.path for hit in prints}) >= 2
        and serves(routes, dockerfiles, kubernetes)
    ):
        yield failed(
            each(prints).say(
                "{lines:line} {is} printed without a level, and the service logs none with one",
                lines=code[PRINT_CALL].total,
            ),
            examined(code.files(), "source files"),
            measure=measured("lines printed without a level", code[PRINT_CALL].total),
        )
        return
    failures = code[INFO_FAILURE]
    calls_at = [places[0] for signal in levels.values() if (places := onstage(code[signal]))]
    known = services(files, dockerfiles)
    used = [level for level, signal in levels.items() if onstage(code[signal])]
    everywhere = known.coverage(hit.path for signal in levels.values() for hit in code[signal].first).whole
    spoken = {_family(hit.path) for hit in calls_at} | {""}
    threshold = code[LEVEL_SET].places.under(
        lambda path: _family(path) in spoken and "/management/commands/" not in path
    )
    several = calls >= _MANY and len(used) >= 3
    sound = "error" in used and (several or "warn" in used) and calls >= _FEW and everywhere
    given = threshold.saying(lambda hit: _FROM_ELSEWHERE.search(hit.text) is not None)
    loud = code[DEBUG_IN_PRODUCTION].places.under(
        lambda path: stage_of_file(path) is None and bool(_SETS_UP.search(path))
    )
    if sound and threshold and loud and not debug:
        yield unsure(f"Levels are used, and this may set production's to debug: {loud[0].text}", loud)
    elif sound and given and given.total == threshold.total:
        yield unsure(f"Levels are used, and the threshold comes from elsewhere: {given[0].text}", given[0])
    elif sound and threshold and (lost := onstage(code[WARNED_LOSS])) and not several:
        yield unsure(f"Levels are used, and what is lost is only warned of: {lost[0].text}", lost[0])
    elif sound and threshold and not debug:
        spread = ", ".join(f"{count} {level}" for level, count in counts.items())
        if failures.total * 20 > counts["info"] or prints.total * 10 > calls:
            first = (failures.first or tuple(prints))[0]
            yield unsure(f"Levels are used ({spread}), and some failures are logged as info or printed", first)
        else:
            told = onstage(code[LEVEL_SET]).saying(lambda hit: hit in threshold and not hit.path.endswith(".tf"))
            level = (told or threshold)[0]
            yield passed(
                f"Levels are used for what they mean ({spread}), threshold set", *calls_at, level, confidence="medium"
            )


_FROM_ELSEWHERE = re.compile(
    r"os\.environ\[[\"']\w*LOG_?LEVEL[\"']\]|getenv\(\s*[\"']\w*LOG_?LEVEL[\"']\s*\)(?!\s*(?:or|\|\||\?\?))",
    re.IGNORECASE,
)
"""A level that is read where it has to be given, and has no other."""
_SETS_UP = re.compile(r"\.tf$|(?:^|/)(?:k8s|deploy\w*|helm|infra|manifests?|charts?)/")
_MANY = 10
_FEW = 2


def _family(path: str) -> str:
    """The sort of source a path names by its ending, the same for all of JavaScript; empty for settings."""
    found = _SUFFIX.search(path)
    return re.sub(r"^\.[cm]?[jt]sx?$", ".js", found.group()) if found else ""
