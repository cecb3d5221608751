"""How amounts and durations are read, and which make no sense."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.quantities import MOST_CPU, MOST_MEMORY, quantity, seconds, senseless, whole


class TestQuantity:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("500m", 0.5),
            ("2", 2.0),
            (2, 2.0),
            (0.25, 0.25),
            ("1e3", 1000.0),
            ("1E3", 1000.0),
            ("64Mi", 64 * 2.0**20),
            ("1G", 1e9),
            ("1Gi", 2.0**30),
            ("3k", 3000.0),
            ("3Ki", 3072.0),
            ("1T", 1e12),
            ("2Pi", 2 * 2.0**50),
            ("250u", 0.00025),
            (".5", 0.5),
            ("-1", -1.0),
            ("", None),
            ("many", None),
            ("1 Gi", None),
            ("1K", None),
            ("1mi", None),
            (True, None),
            (None, None),
            ([1], None),
        ],
    )
    def test_reads(self, value, expected):
        """
        An amount is a number with the suffixes of Kubernetes; anything else is none.
        """
        assert expected == (pytest.approx(quantity(value)) if expected is not None else quantity(value))

    @pytest.mark.parametrize(
        ("value", "expected"),
        [(3, 3), ("3", 3), (" 0 ", 0), ("-2", -2), (2.0, 2), (2.5, None), ("2.5", None), (True, None), (None, None)],
    )
    def test_counts(self, value, expected):
        """
        A count is a whole number, also where it is written as text.
        """
        assert expected == whole(value)

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("30s", 30.0),
            ("1m30s", 90.0),
            ("500ms", 0.5),
            ("2h", 7200.0),
            ("1d", 86400.0),
            ("1.5h", 5400.0),
            ("30", None),
            ("s", None),
            ("1m 30s", None),
            (30, None),
            ("1s" * 40, None),
        ],
    )
    def test_durations(self, value, expected):
        """
        A duration is numbers with their units and nothing between.
        """
        assert expected == seconds(value)


class TestSenseless:
    @pytest.mark.parametrize(
        ("resource", "value", "said"),
        [
            ("cpu", "500m", ""),
            ("cpu", MOST_CPU, ""),
            ("cpu", MOST_CPU + 1, "more than any machine"),
            ("cpu", "1000000000", "more than any machine"),
            ("cpu", "0", "bounds nothing"),
            ("cpu", "-1", "bounds nothing"),
            ("memory", "64Mi", ""),
            ("memory", MOST_MEMORY, ""),
            ("memory", MOST_MEMORY + 2**30, "more than any machine"),
            ("memory", "1Ei", "more than any machine"),
            ("memory", "0", "bounds nothing"),
            ("ephemeral-storage", "1Ei", ""),
            ("cpu", "{{ .Values.cpu }}", ""),
        ],
    )
    def test_bounds(self, resource, value, said):
        """
        An amount bounds something if it is above nothing and some machine has it; others are not judged.
        """
        assert (said in senseless(resource, value)) if said else ("" == senseless(resource, value))
