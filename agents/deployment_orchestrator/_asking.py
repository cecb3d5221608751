"""Tells what is missing where flags are asked: whoever asks, a report of what was shown, an end that is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import ALL, Code, History, Signal, Source

_OF_FLAGS = re.compile(r"flag|toggle|switch|feature", re.IGNORECASE)
NOBODY = Signal(
    id="deployment.flag-nobody",
    pattern=r"\bEvaluationContext\(\s*\)|\bEvaluationContext::new\(\)|\b(?:Mutable|Immutable)Context\(\s*\)|"
    r"\bEvaluationContext\{\s*\}",
)
"""A context in which nobody stands."""
NAME_ALONE = Signal(
    id="deployment.flag-name-alone",
    pattern=r"\.(?:get_?)?(?:[bB]oolean|[sS]tring|[nN]umber|[iI]nteger|[fF]loat|[oO]bject)_?[vV]alue\w{0,10}\("
    r"\s*['\"][\w.:-]{1,80}['\"]\s*,\s*[^,(){}]{1,40}\)|\b(?:unleash|flags?)\.is_?[eE]nabled\(\s*['\"][\w.:-]{1,80}['\"]\s*\)",
)
"""A flag that is asked for by its name, and by nothing of who asks."""
FOR_ALL_QUESTIONS = Signal(
    id="deployment.flag-context-for-all",
    pattern=r"set_?(?:evaluation_?|transaction_?)?context\b|addHooks|add_hooks|TransactionContext|ContextProvider|"
    r"ContextAccessor|updateContext",
)
"""Who asks, told once for all questions."""
SHOWN = Signal(id="deployment.experiment-shown", pattern=r"\btrackingCallback\b|\bon_?experiment_?viewed\b")
"""Where a library tells which variant somebody was shown."""
SENT = Signal(
    id="deployment.experiment-sent",
    pattern=r"\.(?:track|capture|log_?event|logEvent|push|emit|send|sendEvent|event|record|publish|insert|write|add)\w{0,10}\(|"
    r"\bgtag\(|\b(?:track|report|record|log|send)\w{0,30}\(|\bfetch\(|\bsendBeacon\(|"
    r"\b(?:trackingCallback|on_?experiment_?viewed)['\"]?\s*[:=]\s*[\w.]+\s*[,)}\n]",
)
OPENED = Signal(id="deployment.flag-opened", pattern=r"\bFlipper\.enable[( ]\s*:\w+\s*(?:\)|#|$)")
"""A flag that goes from nobody to everybody."""
LISTED = Signal(
    id="deployment.flag-listed",
    pattern=r"\b(?:expir\w{1,5}|expir\w{1,5}_(?:on|at|date)|until|remove_?(?:by|after|on)|delete_?after|stale_?after|due)['\"]?"
    r"\s*[:=]\s*['\"]?\d{4}-\d{2}-\d{2}",
    roles=("config", "infra", "other", "source"),
    kept=ALL,
)
_DAY = re.compile(r"[:=]\s*['\"]?(\d{4}-\d{2}-\d{2})")


def unreported(code: Code) -> Iterator[Source]:
    """Where it is told which variant somebody was shown, and whoever is told sends it nowhere."""
    sending = set(code[SENT].paths)
    yield from (hit for hit in code[SHOWN].first if hit.path not in sending)


def past_their_day(code: Code, history: History) -> list[Source]:
    """Lines of lists of flags whose day had come before the release was made."""
    today = history.latest.isoformat()
    hits = [hit for hit in code[LISTED].places if _OF_FLAGS.search(hit.path)]
    return [hit for hit in hits if (day := _DAY.search(hit.text)) and day[1] < today]
