"""The end of a review as it is printed."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from orchestrator.errors import UnknownCriterion, UsageError
from orchestrator.report import terminal

from . import documents
from .snapshots import check


def printed(show: Callable[[Console], None], width: int = 80, encoding: str = "utf-8", **options: object) -> str:
    """What *show* prints on a console of this width."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    settings: dict[str, object] = {"width": width, "color_system": None, "legacy_windows": False, **options}
    show(Console(file=file, **settings))  # type: ignore[arg-type]  # options of the console, chosen by each test
    file.flush()
    return raw.getvalue().decode(encoding)


def report(name: str, width: int = 80, encoding: str = "utf-8", **options: object) -> str:
    document = documents.whole() if name == "whole" else documents.ALL[name]()

    def show(console: Console) -> None:
        terminal.print_report(document, console, document.journal, report="runs/k3f9/report.html")

    return printed(show, width, encoding, **options)


@pytest.mark.parametrize("name", documents.ALL)
def test_snapshot(name: str) -> None:
    """
    At 80 columns every kind of ending reads exactly as kept.
    """
    check(f"{name}.80.txt", report(name))


def test_wide() -> None:
    """
    A wide terminal is used up to a width that can still be read.
    """
    check("rollback.160.txt", report("rollback", 160))


def test_ascii() -> None:
    """
    A terminal that cannot show more than ASCII gets nothing else.
    """
    text = report("rollback", encoding="ascii")

    assert text.isascii()
    check("rollback.ascii.txt", text)


@pytest.mark.parametrize("name", [*documents.ALL, "whole"])
def test_lines_fit(name: str) -> None:
    """
    No line is wider than 80 columns but those that are there to be copied.
    """
    wide = [line for line in report(name).splitlines() if len(line) > 80]

    assert [] == [line for line in wide if not any(mark in line for mark in ("-->", "gonogo ", "src/", "exit "))]


@pytest.mark.parametrize("name", documents.ALL)
@pytest.mark.parametrize("show", ["report", "summary", "failed", "criterion"])
def test_hostile_text_never_reaches_the_terminal(name: str, show: str) -> None:
    """
    Escape sequences, bidi characters and console markup of the reviewed tree are shown, not obeyed.
    """
    document = documents.ALL[name]()
    shows: dict[str, Callable[[Console], None]] = {
        "report": lambda console: terminal.print_report(document, console, document.journal, verbose=True),
        "summary": lambda console: terminal.print_summary(document, console),
        "failed": lambda console: terminal.print_failed(document, console),
        "criterion": lambda console: terminal.print_criterion(document, "SEC-2.1.5", console),
    }
    text = printed(shows[show], 200)

    assert not [c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u202c\u200b"]
    assert name != "hostile" or "[bold red]x[/]" in text


def test_verdict_and_reason_stand_last() -> None:
    """
    The last line says why the exit code is what it is.
    """
    last = report("rollback", 120).splitlines()[-1]

    assert "exit 1: gate not met: 2 failed critical criteria (SEC-2.1.5, DAT-6.2.1); 4 more reasons" == last


def test_no_colour_where_none_is_wanted() -> None:
    """
    With colour off no colour code is written; words and shapes still say everything.
    """
    text = report("rollback", force_terminal=True, color_system="standard", no_color=True)

    assert not [code for code in ("\x1b[31m", "\x1b[32m", "\x1b[1;31m", "\x1b[33m") if code in text]


class TestSummary:
    def test_snapshot(self) -> None:
        """
        Only what must be acted on, and the verdict.
        """
        check("rollback.summary.txt", printed(lambda console: terminal.print_summary(documents.rollback(), console)))

    def test_ready_is_two_lines(self) -> None:
        """
        Nothing to act on, nothing more to read.
        """
        text = printed(lambda console: terminal.print_summary(documents.ready(), console))

        assert "PRODUCTION READY  payments 2.14.0, score 100.0 % (Production Ready)\nexit 0: gate holds\n" == text


class TestShow:
    def test_criterion(self) -> None:
        """
        One criterion with everything that is known of it.
        """
        document = documents.rollback()

        check("rollback.criterion.txt", printed(lambda c: terminal.print_criterion(document, "sec-2.1.5", c)))

    def test_criterion_with_a_measure(self) -> None:
        """
        The number stands with its finding, and with its limit.
        """
        text = printed(lambda c: terminal.print_criterion(documents.rollback(), "PRF-3.1.1", c))

        assert "    = measured   p95 under load 1,310.5 ms (at most 1,500 ms)\n" in text

    def test_failed(self) -> None:
        """
        Every failure of an area on a line or two, what is waived apart.
        """
        document = documents.rollback()

        check("rollback.failed.txt", printed(lambda c: terminal.print_failed(document, c, area="security")))

    def test_unknown_criterion_names_the_nearest(self) -> None:
        """
        A mistyped id is answered with the one that was probably meant.
        """
        with pytest.raises(UnknownCriterion) as caught:
            printed(lambda c: terminal.print_criterion(documents.ready(), "SEC-2.1.55", c))

        assert "did you mean 'SEC-2.1.5'? `gonogo criteria` lists all 14" == caught.value.remedy

    def test_unknown_area_names_those_there_are(self) -> None:
        """
        A mistyped area is answered with all eight.
        """
        with pytest.raises(UsageError) as caught:
            printed(lambda c: terminal.print_failed(documents.ready(), c, area="sekurity"))

        assert "one of INF, SEC, PRF, OBS, DEP, DAT, CST, CMP, or a part of its title" == caught.value.remedy
