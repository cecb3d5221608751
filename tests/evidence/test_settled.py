"""What was found by its words in manifests that are not in force."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.contract.testing import facts_of
from orchestrator.domain.signal import Signal
from orchestrator.evidence.facts.code import Code, Hits

FOUND = Signal(id="test.exporter", words=("node-exporter",), roles=("infra", "config"))
HARM = Signal(id="test.harm", words=("node-exporter",), roles=("infra", "config"), comments=True)
MANY = Signal(id="test.many", words=("node-exporter",), roles=("infra", "config"), kept=1)
DAEMON = (
    "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: node}\nspec:\n  template:\n    spec:\n"
    "      containers:\n      - image: prom/node-exporter:v1\n"
)
SCALER = (
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: node-exporter}\nspec:\n"
    "  maxReplicas: 3\n  scaleTargetRef: {kind: Deployment, name: NAME}\n"
)
CHART = {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/values.yaml": "on: false\n"}
TEMPLATE = f"{{{{- if .Values.on }}}}\n{DAEMON}{{{{- end }}}}\n"


def found(files: Mapping[str, str], signal: Signal = FOUND) -> Hits:
    fact = facts_of(files, (signal,))[Code]
    assert isinstance(fact, Code)
    return fact[signal]


class TestSettled:
    def test_what_values_switch_off(self):
        """
        What a template would make counts only if the values make it, unless it does harm wherever it stands.
        """
        off = {**CHART, "c/templates/node.yaml": TEMPLATE}
        hits = found(off)

        assert (0, 0, (), 1, 0) == (hits.total, hits.files, hits.first, hits.void, hits.untold)
        assert ["c/templates/node.yaml:9: the DaemonSet is switched off by its chart's values"] == [
            str(aside) for aside in hits.aside
        ]
        assert 1 == found({**off, "c/values.yaml": "on: true\n"}).total
        assert 1 == found(off, HARM).total

    def test_what_cannot_be_told(self):
        """
        What the cluster decides about is untold, and an absence follows from it for nobody.
        """
        text = TEMPLATE.replace(".Values.on", 'lookup "v1" "Secret" "a" "b"')
        hits = found({**CHART, "c/templates/node.yaml": text})

        assert (0, 0, 1) == (hits.total, hits.void, hits.untold)
        assert [False] == [aside.void for aside in hits.aside]

    def test_one_object_of_several(self):
        """
        Of a file with several objects only those count that are in force.
        """
        text = SCALER.replace("NAME", "none") + "---\n" + DAEMON
        hits = found({"k8s/node.yaml": text})

        assert [15] == [place.line for place in hits.first]
        assert (1, 1, 1) == (hits.total, hits.files, hits.void)

    def test_places_that_are_only_counted(self):
        """
        Places beyond those that are kept are taken out by their files.
        """
        files = {**CHART, "a.yaml": DAEMON, "c/templates/node.yaml": TEMPLATE * 3, "k8s/node.yaml": DAEMON}
        hits = found(files, MANY)

        assert (2, 2, 3) == (hits.total, hits.files, hits.void)
        assert {"k8s/node.yaml": 1} == hits.beyond
        assert hits.places.exact

    def test_nothing_to_take_out(self):
        """
        Where all is in force, or nothing was found, all stays as it was.
        """
        assert 1 == found({"k8s/node.yaml": DAEMON}).total
        assert 0 == found({**CHART, "c/templates/node.yaml": TEMPLATE.replace("node-exporter", "x")}).total
