"""Judges alert rules once all of them have been read: what they come to mean, and whether anybody hears of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...domain.fact import Aside
from ...errors import FormatError
from ...formats.promql import Matcher, Node, balanced, of_logs, parse
from ...formats.promql_text import show
from ...redaction import cut
from ..asides import Asides
from ..facts.monitoring import RULE, AlertRule
from ..inforce.force import IN_FORCE, Force, all_of, unknown, void
from ..inforce.inhibition import Inhibitions
from ..inforce.matching import meets
from ..inforce.promql import fires_always, firing, firing_as_written, mistaken
from ..inforce.receivers import Routing
from ..inforce.recorded import Recordings

MAX_MEANING = 4_000
MAX_RECORDED = 10_000
MAX_WAIT = 7 * 86_400
"""Seconds for which a condition has to hold; whoever waits longer hears of nothing."""
MAX_REASON = 300
ENDLESS = "what its recorded series stand for is more than is followed"


@dataclass(frozen=True)
class Written:
    """One rule as it stands in a file."""

    rule: AlertRule
    expression: str
    """All of it; as PromQL where Grafana writes queries and thresholds apart, empty where it is none."""
    labels: Mapping[str, str] = field(default_factory=dict)
    force: Force = IN_FORCE
    """What its own file says of it."""
    from_file: bool = False
    """Whether Prometheus has it only if its settings name the file."""


class RuleBook:
    """All rules, recordings and routings of a tree."""

    def __init__(self) -> None:
        self.rules: list[Written] = []
        self.routings: list[Routing] = []
        self.inhibitions: list[dict[str, Any]] = []
        self.loading: list[bool] = []
        """Of each file of settings of Prometheus, whether it may load files of rules."""
        self.broken: list[AlertRule] = []
        """Those that cannot fire by a mistake in what they ask, once they are settled."""
        self._recorded: dict[str, list[str]] = {}
        self._room = MAX_RECORDED

    def record(self, title: str, expression: str) -> None:
        """Take down what is recorded as *title*, as far as there is room."""
        self._room -= 1
        if self._room >= 0:
            self._recorded.setdefault(title, []).append(expression)

    def carries(self, asked: Sequence[Matcher]) -> bool:
        """Whether an alert may meet all that is *asked*; of none that is written so it cannot be told."""
        labels = [_labels(written) for written in self.rules]
        named = [found for found in labels if all(matcher.label in found for matcher in asked)]
        return not named or any(meets(found, asked) is not False for found in named)

    def stray(self, asked: Sequence[Matcher], receiver: str) -> str:
        """The first alert that has what is *asked*, and is told by none of the ways that *receiver* has."""
        if len(self.routings) != 1:
            return ""
        way = self.routings[0]
        wanted = way.receiver(receiver)
        for written in self.rules:
            labels = _labels(written)
            if wanted and all(m.label in labels for m in asked) and meets(labels, asked) is True:
                told = way.reached(labels)
                if told and all(set(one.channels).isdisjoint(wanted.channels) for one in told):
                    return written.rule.title
        return ""

    def settle(self, asides: Asides) -> list[AlertRule]:
        """The rules that can fire and are heard of; all others are set aside."""
        recordings = Recordings(self._recorded)
        read = [(written, *_understood(written, recordings)) for written in self.rules]
        always = [_labels(w) for w, tree, force in read if tree is not None and w.force and fires_always(tree)]
        quiet = Inhibitions(self.inhibitions, always)
        kept: list[AlertRule] = []
        for written, tree, force in read:
            before = [written.force, _patience(written.rule), self._loaded(written)]
            after = [quiet.allow(_labels(written)), self._heard(written)]
            around, force = all_of([*before, *after]), all_of([*before, force, *after])
            if force:
                kept.append(_with_meaning(written, tree))
            else:
                asides.add(aside_of(written.rule, force))
                if around and written.rule.system == "prometheus" and mistaken(written.expression):
                    self.broken.append(written.rule)
        return kept

    def _loaded(self, written: Written) -> Force:
        """Whether any Prometheus of the tree loads files of rules, where its settings are here."""
        nowhere = written.from_file and self.loading and not any(self.loading)
        return void("no Prometheus here loads a file of rules") if nowhere else IN_FORCE

    def _heard(self, written: Written) -> Force:
        """Whether the one routing of the tree, if it has one, tells anybody."""
        if len(self.routings) != 1 or written.rule.system not in ("prometheus", "loki"):
            return IN_FORCE
        return self.routings[0].delivers(_labels(written))


def aside_of(rule: AlertRule, force: Force) -> Aside:
    """*rule* as what is set aside, and why."""
    what = f"alert {rule.title}"
    return Aside(
        path=rule.path,
        line=rule.line,
        what=what,
        reason=cut(f"is not counted: {force.reason}", MAX_REASON),
        about=(RULE,),
        void=force.is_void,
    )


def _patience(rule: AlertRule) -> Force:
    """Whether *rule* fires within the time in which anybody could do something."""
    late = rule.waits is not None and rule.waits > MAX_WAIT
    return void(f"it fires only after {rule.holds_for}") if late else IN_FORCE


def _labels(written: Written) -> dict[str, str]:
    return {"alertname": written.rule.title, **written.labels}


def _understood(written: Written, recordings: Recordings) -> tuple[Node | None, Force]:
    """The tree of a rule's expression, and whether that can fire."""
    if not written.expression:
        return None, IN_FORCE
    system = written.rule.system
    expression = of_logs(written.expression) if system == "loki" else written.expression
    try:
        plain = parse(expression)
    except FormatError:
        force = firing_as_written(expression)
        if force.is_void or system == "prometheus":
            return None, force
        closed = balanced(written.expression)  # of another dialect the words are judged as they stand
        return None, IN_FORCE if closed else unknown("its brackets do not close")
    tree = recordings.resolve(plain)
    return tree, unknown(ENDLESS) if tree is None else firing(tree)


def _with_meaning(written: Written, tree: Node | None) -> AlertRule:
    """The rule with what it means, where that is not what it says."""
    rule = written.rule
    if tree is None or rule.system == "loki":
        return rule
    if rule.system == "prometheus" and len(written.expression) <= len(rule.expression) and _says(rule.expression, tree):
        return rule
    meaning = show(tree)
    return rule.model_copy(update={"meaning": cut(meaning, MAX_MEANING)}) if len(meaning) <= MAX_MEANING else rule


def _says(expression: str, tree: Node) -> bool:
    try:
        return parse(expression) == tree
    except FormatError:
        return False
