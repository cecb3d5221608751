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
