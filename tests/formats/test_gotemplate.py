"""What expressions of Go templates come to."""

from __future__ import annotations

import pytest

from orchestrator.formats.gotemplate import UNKNOWN, Known, evaluate

VALUES = {
    "on": True,
    "off": False,
    "none": None,
    "count": 3,
    "name": "web-shop",
    "list": ["a", "b"],
    "empty": [],
    "map": {"a": 1},
}
KNOWN = Known({"Values": VALUES, "Chart": {"Name": "shop"}}, None, {"$x": 5})


class TestEvaluate:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            (".Values.on", True),
            (".Values.missing", None),
            ("not .Values.off", True),
            ("and .Values.on .Values.count", 3),
            ("or .Values.off .Values.name", "web-shop"),
            ("eq .Values.count 3", True),
            ("ne .Values.count 3", False),
            ("gt .Values.count 2", True),
            ("gt .Values.count 3", False),
            ("ge .Values.count 3", True),
            ("ge .Values.count 4", False),
            ("lt .Values.count 4", True),
            ("lt .Values.count 3", False),
            ("le .Values.count 3", True),
            ("le .Values.count 2", False),
            ("gt (int .Values.count) 1", True),
            ("lt 1 0", False),
            ("gt (len .Values.list) 1", True),
            ("len .Values.name", 8),
            ("len .Values.map", 1),
            ('hasKey .Values.map "a"', True),
            ('hasKey .Values.map "b"', False),
            ('contains "shop" .Values.name', True),
            ('contains "api" .Values.name', False),
            ('hasPrefix "web" .Values.name', True),
            ('hasPrefix "shop" .Values.name', False),
            ('hasSuffix "shop" .Values.name', True),
            ('hasSuffix "web" .Values.name', False),
            ('kindIs "map" .Values.map', True),
            ('kindIs "slice" .Values.map', False),
            ('kindIs "slice" .Values.list', True),
            ('kindIs "string" .Values.name', True),
            ('kindIs "bool" .Values.on', True),
            ('kindIs "int" .Values.on', False),
            ('kindIs "int" .Values.count', True),
            ("coalesce .Values.none .Values.empty .Values.count", 3),
            ("coalesce .Values.none .Values.off", None),
            ('ternary "a" "b" .Values.on', "a"),
            ('ternary "a" "b" .Values.off', "b"),
            ('.Values.on | ternary "a" "b"', "a"),
            ("empty .Values.empty", True),
            ("$x", 5),
        ],
    )
    def test_known(self, expression, expected):
        """
        What the values of a chart decide is decided as Helm does it.
        """
        assert expected == evaluate(expression, KNOWN)
        assert type(expected) is type(evaluate(expression, KNOWN))

    @pytest.mark.parametrize(
        "expression",
        [
            'lookup "v1" "ConfigMap" "a" "b"',
            '.Capabilities.APIVersions.Has "monitoring.coreos.com/v1"',
            'gt .Values.name "a"',
            "gt .Values.count",
            "gt (lookup 1) 2",
            "len .Values.count",
            'hasKey .Values.name "a"',
            'kindIs "func" .Values.name',
            "contains .Values.count .Values.name",
            "coalesce .Values.none (lookup 1) 3",
            'ternary "a" "b"',
            "semverCompare 1 2",
            "",
        ],
    )
    def test_unknown(self, expression):
        """
        What asks the cluster, a function that is not known, or values of other kinds is no value at all.
        """
        value = evaluate(expression, KNOWN)

        assert value is UNKNOWN or (expression == "" and value is None)
