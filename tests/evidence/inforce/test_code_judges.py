"""What runs of a program is told from what only stands there, in every language that is read."""

from __future__ import annotations

import pytest

from orchestrator.evidence import classify
from orchestrator.evidence.inforce.code import judge_of
from orchestrator.evidence.inforce.force import Force
from tests.evidence.inforce.programs import IN_FORCE, PATHS, UNKNOWN, VOID


def judged(language: str, program: str) -> Force:
    """What is said of that which stands between « and » in *program*."""
    before, _, rest = program.partition("«")
    marked, _, after = rest.partition("»")
    path = PATHS[language]
    judge = judge_of((before + marked + after).encode(), path, classify.language(path))
    start = len(before.encode())
    return judge.judge(start, start + len(marked.encode()))


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, program) for language, programs in table.items() for program in programs]


class TestPrograms:
    @pytest.mark.parametrize(("language", "program"), cases(IN_FORCE))
    def test_runs(self, language, program):
        """
        What the program comes to counts.
        """
        force = judged(language, program)

        assert force, force.reason

    @pytest.mark.parametrize(("language", "program"), cases(VOID))
    def test_does_not_run(self, language, program):
        """
        What is commented out, only told, never reached, called by nobody, taken back or only for development is void.
        """
        force = judged(language, program)

        assert force.is_void
        assert force.reason

    @pytest.mark.parametrize(("language", "program"), cases(UNKNOWN))
    def test_cannot_be_told(self, language, program):
        """
        What a setting decides, and what stands where the syntax is not understood, is neither.
        """
        force = judged(language, program)

        assert not force
        assert not force.is_void
