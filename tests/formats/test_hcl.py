"""What is read of Terraform files that are long, cut in odd places, or mistaken."""

from __future__ import annotations

import pytest

from orchestrator.errors import FormatError
from orchestrator.formats import hcl

GOOD = 'resource "aws_sqs_queue" "q%d" {\n  name = "jobs"\n}\n'
SLOW = b"a = {" + b"a{}\n" * 20_000
"""Behind its first mistake the parser would look for a way on for minutes."""


def many(number: int) -> str:
    return "".join(GOOD % n for n in range(number))


def told(read: hcl.HclFile) -> list[tuple[str, int]]:
    return [(block.labels[-1], block.line) for block in read.blocks]


class TestLongFiles:
    def test_every_block_keeps_its_line(self):
        """
        A file that is parsed in pieces says the same as one that is not.
        """
        read = hcl.load(many(1_000).encode())

        assert read.error is None
        assert [(f"q{n}", 3 * n + 1) for n in range(1_000)] == told(read)
        assert 2_999 == read.blocks[-1].lines["/name"]

    @pytest.mark.parametrize("inner", ["<<EOF\n{\n}\nEOF", "/*\n}\n*/ 1", "{\n}"], ids=["heredoc", "comment", "object"])
    def test_a_brace_that_ends_no_block(self, inner):
        """
        A text, a comment or an object in whose middle a piece would end is read as a whole.
        """
        odd = f'resource "aws_sqs_queue" "odd" {{\n  name = {inner}\n}}\n'
        read = hcl.load((odd * 299 + many(1)).encode())

        assert read.error is None
        assert [*["odd"] * 299, "q0"] == [title for title, _ in told(read)]

    def test_a_long_block(self):
        """
        A block that is longer than a piece is read whole, wide characters and blanks included.
        """
        body = "".join(f'  k{n}   =\n\n    "\u00fc\u2003\u4e2d"\n' for n in range(2_000))
        read = hcl.load(f"locals {{\n{body}}}\n".encode())

        assert read.error is None
        assert 2_000 == len(read.blocks[0].body)
        assert 5_999 == read.blocks[0].lines["/k1999"]


class TestMistakes:
    def test_a_long_block_is_given_up(self):
        """
        A long block ends at its first mistake, whose line is said; what stands before and behind it is kept.
        """
        text = (
            many(200).encode()
            + b"locals {\n  a = 1\n\n\n  b = = 2\n"
            + b"  a = {a{}}\n" * 2_000
            + b"}\n"
            + many(5).encode()
        )
        read = hcl.load(text)

        assert read.error is not None
        assert (605, "not valid Terraform, and too long to go on behind the mistake") == (
            read.error.line,
            read.error.reason,
        )
        assert 205 == len(read.blocks)

    def test_no_clock_decides(self):
        """
        A file that would take minutes ends in the same answer each time.
        """
        answers = {str(hcl.load(SLOW + many(1).encode()).error) for _ in range(3)}

        assert {"not valid Terraform, and too long to go on behind the mistake"} == answers

    @pytest.mark.parametrize("blank", ["\u2003", "\u3000", "\f"])
    def test_odd_blanks(self, blank):
        """
        Blanks that Terraform knows not are a mistake, however many follow each other.
        """
        read = hcl.load(
            f"locals {{\n  a = {blank * 300}1\n{'  b = 1' + chr(10)}".encode() + b"  c = 1\n" * 1_000 + b"}\n"
        )

        assert read.error is not None
        assert 2 == read.error.line

    def test_too_many_blanks(self):
        """
        Blanks without end are refused before they are parsed.
        """
        with pytest.raises(FormatError, match="blanks in a row"):
            hcl.load(b"a = 1" + b" " * 500)
