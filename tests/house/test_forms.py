"""What is not understood of a tree is told by form, with the decided criteria that it costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.domain.fact import Aside, Problem
from tools.forms import form, main


class TestForm:
    @pytest.mark.parametrize(
        ("reason", "form_of_it"),
        [
            ("nobody has said what chart sonarr is", "nobody has said what chart … is"),
            ("nobody has said what acme.io/v1, kind: Ledger is", "nobody has said what kind: … is"),
            ("has count = var.on ? 1 : 0, which cannot be told", "has count = …, which cannot be told"),
            (
                "is in a module whose call module.a has for_each = local.b, which cannot be told",
                "is in a module whose call NAME has for_each = …, which cannot be told",
            ),
            ("stands under `if [ $A ]`", "stands under '…'"),
            ("is declared twice, also at modules/a/main.tf:12", "is declared twice, also at PATH:N"),
            ("the outermost 4,000 of 7,311 documents are kept", "the outermost N of N documents are kept"),
        ],
    )
    def test_names_numbers_and_paths_are_none_of_it(self, reason, form_of_it):
        """
        Two things that are not understood for the same reason have one form.
        """
        assert form_of_it == form(Problem(path="a", reason=reason))
        assert form_of_it == form(Aside(path="a", reason=reason, what="aws_eip.nat"))


class TestCost:
    def test_what_a_broken_file_costs(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """
        A criterion that is decided by what could be read is lost to the form of what could not.
        """
        database = 'resource "aws_db_instance" "main" {\n  storage_encrypted = false\n  multi_az = true\n}\n'
        (tmp_path / "main.tf").write_text(database)
        (tmp_path / "more.tf").write_text('resource "aws_db_instance" "other" {\n  count = var.many\n}\n')

        assert 0 == main([str(tmp_path)])
        printed = capsys.readouterr().out
        assert "has count = …, which cannot be told" in printed
        assert not printed.splitlines()[0].startswith("0 things")


@pytest.mark.parametrize(("folders", "said"), [([], "usage: "), (["nowhere"], "no folder nowhere; usage: ")])
def test_a_mistake_is_told_and_shows_no_trace(folders, said, capsys: pytest.CaptureFixture[str]):
    assert 2 == main(folders)
    assert capsys.readouterr().err.startswith(said)
