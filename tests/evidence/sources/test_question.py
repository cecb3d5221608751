"""A source is given the report and the address that it was asked about, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.domain.release import Release
from orchestrator.domain.target import Allowance, Contacts, FromEnvironment, Target
from orchestrator.evidence.live import NotContacted
from orchestrator.evidence.sources import Question


def question(target: Target, *allowed: Allowance, **said: Any) -> Question:
    contacts = Contacts(targets=(target,), allowed=allowed)
    return Question(release=Release(name="a", version="1"), targets=(target,), contacts=contacts, **said)


class TestReport:
    def test_below_the_reviewed_folder(self, tmp_path):
        """
        A path of the tree is read below it.
        """
        (tmp_path / "build").mkdir()
        (tmp_path / "build" / "a.json").write_bytes(b"{}")
        target = Target(name="a", kind="report", path="build/a.json")

        assert b"{}" == question(target, folder=str(tmp_path)).report(target)

    @pytest.mark.parametrize("path", ["../a.json", "build/../../a.json", "link/a.json", "a-link.json"])
    def test_never_beside_it(self, tmp_path, path):
        """
        Neither over dots nor over a link that the tree has.
        """
        tree = tmp_path / "tree"
        (tree / "build").mkdir(parents=True)
        (tmp_path / "a.json").write_bytes(b"{}")
        (tree / "link").symlink_to(tmp_path)
        (tree / "a-link.json").symlink_to(tmp_path / "a.json")
        target = Target(name="a", kind="report", path=path)

        with pytest.raises(NotContacted):
            question(target, folder=str(tree)).report(target)


class TestDsn:
    TARGET = Target(name="db", kind="database", dsn=FromEnvironment(env="DSN"))

    def test_of_an_allowed_host(self):
        """
        It is given as it is.
        """
        dsn = "postgresql://app:hunter2@db.internal/shop"
        asked = question(self.TARGET, Allowance(host="db.internal"), environment={"DSN": dsn})

        assert dsn == asked.dsn(self.TARGET)

    @pytest.mark.parametrize(
        "dsn",
        [
            "postgresql://app:hunter2@other.internal/shop",
            "postgresql://app:hunter2@db.internal:6432/shop",
            "hunter2",
            "",
        ],
    )
    def test_of_any_other(self, dsn):
        """
        Another host or port, or what is not an address, is refused without being repeated.
        """
        environment = {"DSN": dsn} if dsn else {}
        with pytest.raises(NotContacted) as error:
            question(self.TARGET, Allowance(host="db.internal"), environment=environment).dsn(self.TARGET)

        assert "hunter2" not in error.value.reason

    def test_a_url_of_a_variable(self):
        """
        Nothing but its own host hears of it.
        """
        target = Target(name="a", url=FromEnvironment(env="DSN"))
        asked = question(target, Allowance(host="a.example"), environment={"DSN": "https://b.example/hunter2"})
        with pytest.raises(NotContacted) as error:
            asked.outside.get(target)

        assert "https://b.example is not allowed from outside the reviewed tree" == error.value.reason
