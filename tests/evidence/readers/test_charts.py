"""With which values charts are filled in, and which of them are installed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.evidence.facts.kubernetes import Kubernetes
from orchestrator.evidence.readers._charts import merged

CHART = "apiVersion: v2\nname: NAME\nversion: 1.0.0\n"
WEB = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: {{ .Values.replicas }}\n"
    "  template: {spec: {containers: [{name: web}]}}\n"
)
HPA = "{{- if .Values.scaling.enabled }}\napiVersion: v1\nkind: Widget\nmetadata: {name: a}\n{{- end }}\n"
ONE = {
    "web/Chart.yaml": CHART.replace("NAME", "web"),
    "web/values.yaml": "replicas: 1\nscaling: {enabled: true}\n",
    "web/templates/web.yaml": WEB,
    "web/templates/hpa.yaml": HPA,
}
TWO = {
    "shop/Chart.yaml": CHART.replace("NAME", "shop")
    + "dependencies: [{name: web, condition: 'web.enabled,global.web', tags: [front, back]}]\n",
    "shop/values.yaml": "web: {enabled: true}\n",
    **{f"shop/charts/{path}": text for path, text in ONE.items()},
}


def read(files: Mapping[str, str]) -> Kubernetes:
    fact = facts_of(files)[Kubernetes]
    assert isinstance(fact, Kubernetes)
    return fact


def kinds(files: Mapping[str, str]) -> list[str]:
    return [r.kind for r in read(files).resources]


def reasons(files: Mapping[str, str]) -> set[tuple[str, bool]]:
    return {(a.reason, a.void) for a in read(files).aside}


class TestValuesOfProduction:
    @pytest.mark.parametrize(
        "path",
        [
            "web/values-prod.yaml",
            "web/values.production.yaml",
            "web/values_live.yml",
            "web/prod-values.yaml",
            "web/environments/prod/values.yaml",
            "web/values/production.yaml",
            "web/env/prod/values.yaml".replace("/env/", "/envs/"),
        ],
    )
    def test_over_its_own(self, path):
        """
        The values of production lie over a chart's own, wherever in it they are kept.
        """
        fact = read({**ONE, path: "replicas: 4\nscaling: {enabled: false}\n"})

        assert [4] == [r.get("spec", "replicas") for r in fact.servers]
        assert [] == fact.of("Widget")
        assert [("web/templates/hpa.yaml", 3, "the Widget", "is switched off by its chart's values")] == [
            (a.path, a.line, a.what, a.reason) for a in fact.aside
        ]

    @pytest.mark.parametrize(
        "path", ["web/values-staging.yaml", "web/values-dev.yaml", "prod/values.yaml", "web/prod.yaml"]
    )
    def test_of_others(self, path):
        """
        Values of other stages, and those of no chart, change nothing.
        """
        assert ["Widget", "Deployment"] == kinds({**ONE, path: "replicas: 4\nscaling: {enabled: false}\n"})

    def test_no_replica(self):
        """
        No replica by a chart's own values is not settled; by those of production it is.
        """
        none = {**ONE, "web/values.yaml": "replicas: 0\nscaling: {enabled: true}\n"}

        assert {("runs no replica by its chart's own values, which an installation changes", False)} == reasons(none)
        assert {("runs no replica", True)} == reasons({**none, "web/values-prod.yaml": "scaling: {enabled: true}\n"})
        assert set() == reasons({**none, "web/values-prod.yaml": "replicas: 2\n"})

    def test_several(self):
        """
        Of several files for production the one with the shortest name says the most.
        """
        files = {**ONE, "web/values-prod-eu.yaml": "replicas: 5\n", "web/values-prod.yaml": "replicas: 4\n"}

        assert [4] == [r.get("spec", "replicas") for r in read(files).servers]


class TestParts:
    def test_partial_templates(self):
        """
        A file of partial templates makes nothing, also without an expression in it.
        """
        text = WEB.replace("{{ .Values.replicas }}", "2")

        assert {("is in a file of partial templates, which makes nothing of its own", True)} == reasons(
            {**ONE, "web/templates/_more.yaml": text}
        )
        assert [2, 1] == [r.get("spec", "replicas") for r in read({**ONE, "web/templates/more.yaml": text}).servers]

    def test_plain_manifests_of_a_chart(self):
        """
        A manifest without expressions is what it says, whatever an installation changes.
        """
        files = {**ONE, "web/templates/web.yaml": WEB.replace("{{ .Values.replicas }}", "0")}

        assert {("runs no replica", True)} == reasons(files)

    def test_conditions_that_cannot_be_told(self):
        """
        An object that the cluster decides about cannot be told to be there.
        """
        files = {**ONE, "web/templates/hpa.yaml": HPA.replace(".Values.scaling.enabled", 'lookup "v1" "a" "b" "c"')}

        assert {("is made under a condition that cannot be told", False)} == reasons(files)
        assert ["Deployment"] == kinds(files)

    def test_templates_that_cannot_be_filled_in(self):
        """
        What no YAML can be made of is told with what it may hold.
        """
        fact = read({**ONE, "web/templates/hpa.yaml": "kind: Widget\n - a: [{{ .x }}\napiVersion: v1\n"})

        assert [("the template", "cannot be filled in", False, ("Widget",))] == [
            (a.what, a.reason, a.void, a.about) for a in fact.aside
        ]

    def test_libraries(self):
        """
        A library of templates makes nothing.
        """
        files = {**ONE, "web/Chart.yaml": ONE["web/Chart.yaml"] + "type: library\n"}

        assert {("is part of a library of templates", True)} == reasons(files)


class TestSubcharts:
    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ("web: {enabled: true}\n", ""),
            ("web: {enabled: false}\n", "belongs to a chart that web.enabled: false leaves out"),
            ("global: {web: false}\n", "belongs to a chart that global.web: false leaves out"),
            ("web: {enabled: true}\nglobal: {web: false}\n", ""),
            ("web: {enabled: 'no'}\n", ""),
            ("{}\n", ""),
            ("tags: {front: false}\n", "belongs to a chart whose tag front is false"),
            ("tags: {front: false, back: true}\n", ""),
            ("tags: {front: true}\n", ""),
            ("web: {enabled: true}\ntags: {front: false}\n", ""),
        ],
    )
    def test_conditions(self, values, reason):
        """
        The first condition that is said decides whether a chart is installed with its parent, and tags where none is.
        """
        files = {**TWO, "shop/values.yaml": values}

        assert ({(reason, True)} if reason else set()) == reasons(files)

    def test_production_decides(self):
        """
        A chart that production leaves out is not there.
        """
        files = {**TWO, "shop/values-prod.yaml": "web: {enabled: false}\n"}

        assert [] == kinds(files)

    def test_values_from_above(self):
        """
        The values that a parent hands down lie over those of the chart itself.
        """
        handed = {**TWO, "shop/values.yaml": "web: {replicas: 7}\n"}
        renamed = {
            **handed,
            "shop/Chart.yaml": TWO["shop/Chart.yaml"].replace("name: web,", "name: web, alias: front,"),
            "shop/values.yaml": "front: {replicas: 8}\nweb: {replicas: 7}\n",
        }
        settled = {**TWO, "shop/values-prod.yaml": "web: {replicas: 0}\n"}

        assert [7] == [r.get("spec", "replicas") for r in read(handed).servers]
        assert [8] == [r.get("spec", "replicas") for r in read(renamed).servers]
        assert {("runs no replica", True)} == reasons(settled)


class TestMerged:
    def test_as_helm_does(self):
        """
        Mappings are merged, lists replaced, and null takes away.
        """
        assert {"a": {"b": 1, "c": 3}, "d": [2]} == merged(
            {"a": {"b": 1, "c": 2}, "d": [1], "e": 1}, {"a": {"c": 3}, "d": [2], "e": None, "f": None}, 0
        )
