"""A comment says what a migration is for; a licence, and what a generator wrote, says nothing of it."""

from __future__ import annotations

import pytest

from orchestrator.evidence.migrations.lines import note

LICENCE = [
    "/*",
    " * 2025_07_10_065736_rename_tag_mode.php",
    " * Copyright (c) 2025 ann@shop.example",
    " * This file is part of the shop.",
    " */",
]
MARKS = ("//", "/*", "*")


class TestNote:
    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            (["// The old name broke the export."], "The old name broke the export."),
            ([*LICENCE, "", "// The old name broke the export."], "The old name broke the export."),
            (LICENCE, ""),
            (["use X;", "/**", " * Reverse the migrations.", " */"], ""),
            (["// Two words"], ""),
            (["// This migration was generated"], ""),
            ([""] * 59 + ["// The last line that is looked at"], "The last line that is looked at"),
            ([""] * 60 + ["// Beyond what is looked at"], ""),
        ],
    )
    def test_first_that_says_something(self, lines, said):
        """
        It is the first line of a comment that is none of a licence and none of a tool's.
        """
        assert said == note(lines, MARKS, ("run the migrations", "reverse the migrations"))
