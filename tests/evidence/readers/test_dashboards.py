"""Dashboards are found by their shape, and odd input is refused or passed over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from orchestrator.evidence.facts.dashboards import Dashboards
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.dashboards import MAX_EXPRESSION, MAX_KEPT, DashboardsReader
from orchestrator.evidence.tree import MemoryTree

PANEL = {"type": "timeseries", "title": "Errors", "datasource": {"type": "loki"}, "targets": [{"expr": "sum(errors)"}]}
GRAFANA: dict[str, Any] = {"title": "Shop", "schemaVersion": 39, "refresh": "10s", "panels": [{"type": "row"}, PANEL]}


def dashboards(files: Mapping[str, str]) -> Dashboards:
    fact = read_tree(MemoryTree(files), [DashboardsReader()])[Dashboards]
    assert isinstance(fact, Dashboards)
    return fact


class TestShapes:
    def test_grafana(self) -> None:
        """
        Panels are counted without rows; queries, titles, stores and the refresh are kept.
        """
        (found,) = dashboards({"dashboards/shop.json": json.dumps(GRAFANA)}).files

        assert ("Shop", "grafana", 1, "10s") == (found.title, found.system, found.panels, found.refresh)
        assert (("sum(errors)",), ("Errors",), ("loki",)) == (found.expressions, found.panel_titles, found.stores)

    def test_collapsed_rows(self) -> None:
        """
        Panels inside a collapsed row are panels.
        """
        body = GRAFANA | {"panels": [{"type": "row", "panels": [PANEL, PANEL]}]}

        assert [2] == [d.panels for d in dashboards({"shop.json": json.dumps(body)}).files]

    def test_a_config_map_carries_it(self) -> None:
        """
        A dashboard in the text of a ConfigMap has that text's place.
        """
        text = "\n".join(f"    {line}" for line in json.dumps(GRAFANA, indent=1).splitlines())
        (found,) = dashboards({"k8s/grafana.yaml": f"kind: ConfigMap\ndata:\n  shop.json: |\n{text}\n"}).files

        assert ("Shop", 3) == (found.title, found.line)

    def test_cloudwatch(self) -> None:
        """
        A CloudWatch body is told by its widgets; texts are not panels.
        """
        widgets = [
            {"type": "text", "properties": {"markdown": "#"}},
            {"type": "metric", "properties": {"title": "CPU", "metrics": [["AWS/EC2", "CPUUtilization"]]}},
        ]
        (found,) = dashboards({"dash.json": json.dumps({"widgets": widgets})}).files

        assert ("cloudwatch", 1, ("CPU",)) == (found.system, found.panels, found.panel_titles)

    def test_datadog_kibana_and_google(self) -> None:
        """
        Each of the other systems is told by its own shape.
        """
        datadog = {"title": "a", "layout_type": "ordered", "widgets": [{"definition": {"requests": [{"q": "avg:x"}]}}]}
        kibana = {"type": "dashboard", "attributes": {"title": "b", "panelsJSON": "[{}, {}]"}}
        google = {"displayName": "c", "mosaicLayout": {"tiles": [{"widget": {"title": "T"}}]}}
        files = {"a.json": json.dumps(datadog), "b.ndjson": json.dumps(kibana), "c.json": json.dumps(google)}

        assert [("datadog", 1), ("kibana", 2), ("gcp", 1)] == [(d.system, d.panels) for d in dashboards(files).files]

    def test_terraform(self) -> None:
        """
        A dashboard written in Terraform is listed with its place and the metrics it names.
        """
        body = (
            'resource "aws_cloudwatch_dashboard" "ops" {\n  dashboard_body = jsonencode({ widgets = [{\n'
            '    type = "metric"\n    properties = { metrics = [["AWS/EC2"]] }\n  }] })\n}\n'
        )
        (found,) = dashboards({"ops.tf": body}).files

        assert ("ops", "cloudwatch", 1, 1) == (found.title, found.system, found.line, found.panels)

    def test_kept_pieces_are_bounded(self) -> None:
        """
        A dashboard of ten thousand panels is counted in full and kept in part.
        """
        panels = [PANEL | {"title": f"p{n}", "targets": [{"expr": f"{n} " + "x" * 2_000}]} for n in range(2_000)]
        (found,) = dashboards({"big.json": json.dumps(GRAFANA | {"panels": panels})}).files

        assert 2_000 == found.panels
        assert (MAX_KEPT, MAX_KEPT) == (len(found.expressions), len(found.panel_titles))
        assert MAX_EXPRESSION == max(len(e) for e in found.expressions)

    def test_a_folder_called_demo_below_provisioning(self) -> None:
        """
        Below Grafana's provisioning, ``demo`` is the name of a folder; elsewhere it is an example.
        """
        files = {
            f"{p}/a.json": json.dumps(GRAFANA) for p in ("grafana/provisioning/dashboards/demo", "demo", "tests/x")
        }

        assert ["grafana/provisioning/dashboards/demo/a.json"] == [d.path for d in dashboards(files).files]


class TestOddInput:
    @pytest.mark.parametrize(
        "body",
        [
            {"panels": 5, "schemaVersion": None, "title": []},
            {"panels": [5, None, {"type": []}], "schemaVersion": 1},
            {"widgets": [{"properties": {"metrics": 5}}], "metrics": 0},
            {
                "dashboard": {
                    "panels": [{"type": "x", "targets": {"a": [[["b"]]]}, "datasource": 7}],
                    "schemaVersion": 1,
                }
            },
            ["panels", "schemaVersion"],
            {"rows": [{"panels": [{"type": "x", "targets": [1]}]}], "schemaVersion": 1, "refresh": False},
        ],
    )
    def test_other_shapes_are_passed_over(self, body: Any) -> None:
        """
        What only resembles a dashboard neither crashes nor raises a problem.
        """
        assert () == dashboards({"a.json": json.dumps(body)}).problems

    @pytest.mark.parametrize(
        "text", ['{"panels": [, "schemaVersion"', '{"panels":' + "[" * 200_000 + '"schemaVersion"']
    )
    def test_malformed_json_is_a_problem(self, text: str) -> None:
        """
        A dashboard that cannot be parsed is not silently left out.
        """
        assert ["a.json"] == [p.path for p in dashboards({"a.json": text}).problems]


class TestInForce:
    def test_a_panel_in_force(self) -> None:
        """
        The one that the others change.
        """
        fact = dashboards({"a.json": json.dumps(GRAFANA)})

        assert [1] == [d.panels for d in fact.files]
        assert () == fact.aside

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"hidden": True}, "it is hidden"),
            ({"hide": True}, "it is hidden"),
            ({"gridPos": {"h": 0, "w": 12}}, "it has no size"),
            ({"gridPos": {"h": 8, "w": 0}}, "it has no size"),
            ({"targets": []}, "it asks for nothing"),
            ({"targets": None}, "it asks for nothing"),
            ({"type": "alertlist"}, "it asks for nothing"),
            ({"targets": [{"expr": "errors", "hide": True}]}, "all that it asks for is hidden"),
            (
                {"targets": [{"expr": "vector(1)"}]},
                "what it asks for never comes out as anything, or always as the same",
            ),
            (
                {"targets": [{"expr": "errors and on() vector(0) > 1"}]},
                "what it asks for never comes out as anything, or always as the same",
            ),
        ],
    )
    def test_panels_that_show_nothing(self, change: dict[str, Any], reason: str) -> None:
        """
        They are no panels, and neither their titles nor their stores count.
        """
        fact = dashboards({"a.json": json.dumps(GRAFANA | {"panels": [PANEL | change]})})

        assert [(0, (), (), ())] == [(d.panels, d.expressions, d.panel_titles, d.stores) for d in fact.files]
        assert [("panel 'Errors'", f"is not counted: {reason}", True)] == [
            (a.what, a.reason, a.void) for a in fact.aside
        ]
        assert {("panel",)} == {aside.about for aside in fact.aside}

    @pytest.mark.parametrize(
        "change",
        [
            {"hide": False},
            {"gridPos": {"h": 8, "w": 12}},
            {"targets": [{"expr": "errors", "hide": True}, {"expr": "failures"}]},
            {"targets": [{"queryType": "traceql"}]},
            {"targets": [{"expr": "errors > 1"}, {"expr": "vector(1)"}]},
            {"type": "stat"},
        ],
    )
    def test_panels_that_do(self, change: dict[str, Any]) -> None:
        """
        The twin of each.
        """
        fact = dashboards({"a.json": json.dumps(GRAFANA | {"panels": [PANEL | change]})})

        assert [1] == [d.panels for d in fact.files]
        assert () == fact.aside

    def test_what_stands_in_a_library(self) -> None:
        """
        Nobody can tell what it shows.
        """
        panel = {"type": "timeseries", "title": "Errors", "libraryPanel": {"uid": "x"}}
        fact = dashboards({"a.json": json.dumps(GRAFANA | {"panels": [panel]})})

        assert [0] == [d.panels for d in fact.files]
        assert [False] == [aside.void for aside in fact.aside]

    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("up # offset 1w", ("up",)),
            ("up > 0 # offset 1w", ("up > 0",)),
            ("errors and on() vector(0) > 1", ()),
            ("up == 2", ()),
            ('sum(rate({app="shop"} |= "x" [5m])) > 0', ('sum(rate({app="shop"} |= "x" [5m])) > 0',)),
            ('sum(rate({app="shop"} |= "x" [5m])) and on() vector(0) > 1', ()),
            ("avg:system.cpu{*} # by host", ("avg:system.cpu{*} # by host",)),
            ("errors", ("errors",)),
        ],
    )
    def test_queries(self, written: str, kept: tuple[str, ...]) -> None:
        """
        Comments go, and so does what never comes out as anything; other languages stay as they are.
        """
        panel = PANEL | {"targets": [{"expr": written}, {"expr": "hidden", "hide": True}]}
        fact = dashboards({"a.json": json.dumps(GRAFANA | {"panels": [panel]})})

        assert [kept] == [d.expressions for d in fact.files]

    def test_prose_of_datadog(self) -> None:
        """
        A note is no panel.
        """
        widgets = [{"definition": {"type": kind, "title": kind}} for kind in ("note", "free_text", "timeseries")]
        fact = dashboards({"a.json": json.dumps({"widgets": widgets, "layout_type": "ordered", "definition": 1})})

        assert [("timeseries",)] == [d.panel_titles for d in fact.files]
        assert ["panel 'note'", "panel 'free_text'"] == [aside.what for aside in fact.aside]
