"""Which schedules of jobs ever come."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.calendars import of_schedule


class TestOfSchedule:
    @pytest.mark.parametrize(
        "schedule",
        [
            "0 4 * * *",
            "*/15 * * * 1-5",
            "0 0 29 2 *",
            "0 0 31 1 *",
            "0 0 30 4 *",
            "0 0 30 6 *",
            "0 0 30 9 *",
            "0 0 30 11 *",
            "0 0 31 2,3 *",
            "0 0 30 2 1",
            "0 0 1 jan *",
            "0 0 ? * sun",
            "5/10 0-23/2 * * 7",
            "@daily",
            "@every 5m",
            "CRON_TZ=Europe/Berlin 0 4 * * *",
            "TZ=UTC 0 4 * * *",
            "H 4 * * *",
            "0 4 L * *",
            "0 0 4 * * *",
            "{{ .Values.schedule }}",
            "",
            "0 0 1 foo *",
            3,
            None,
            "* " * 200,
        ],
    )
    def test_comes(self, schedule):
        """
        A schedule that names a minute of some year comes; one that cannot be read may.
        """
        assert of_schedule(schedule)

    @pytest.mark.parametrize(
        "schedule",
        [
            "0 0 30 2 *",
            "0 0 31 2 *",
            "0 0 31 4 *",
            "0 0 31 6 *",
            "0 0 31 9 *",
            "0 0 31 11 *",
            "0 0 31 4,6,9,11 *",
            "0 0 30-31 feb *",
            "0 0 32 * *",
            "61 0 * * *",
            "0 25 * * *",
            "0 0 * 13 *",
            "0 0 0 * *",
            "0 0 * 0 *",
            "0 0 9-5 * *",
            "0 0 31 11 ?",
            "TZ=UTC 0 0 30 2 *",
        ],
    )
    def test_never_comes(self, schedule):
        """
        A day that no month has, and numbers beyond the clock, never come.
        """
        force = of_schedule(schedule)

        assert force.is_void
        assert schedule in force.reason
