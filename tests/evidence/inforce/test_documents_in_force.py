"""Sections that say nothing, or no longer hold, are told from their twins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orchestrator.evidence.inforce.dates import HORIZON, days, latest
from orchestrator.evidence.inforce.documents import MOST_BLANKS, denial, heading, kept, section, whole
from orchestrator.evidence.inforce.force import State

VOID_AND_TWIN = [
    ("We do NOT do any of this.", "We do all of this."),
    ("We don't use any of these.", "We use all of these."),
    ("Nobody follows any of these steps.", "Everybody follows these steps."),
    ("The team has not tested any of the above.", "The team has tested all of the above."),
    ("No one has ever tried any of it.", "Somebody has tried all of it."),
    ("We did none of the above.", "We did all of the above."),
    ("We do not do this.", "We do this."),
    ("We never actually follow it.", "We always follow it."),
    ("None of this is in place.", "All of this is in place."),
    ("Nothing here is tested.", "Each of these is tested."),
    ("This plan has been withdrawn.", "This plan has been approved."),
    ("This document is no longer maintained.", "This document is maintained by the platform team."),
    ("This procedure is not yet in force.", "This procedure is in force."),
    ("This page is a stub.", "This page is a list of contacts."),
    ("This policy no longer applies.", "This policy applies to everybody."),
    ("This is not done.", "This is done by hand."),
    ("**These rules no longer apply.**", "These rules no longer apply to forks."),
    ("Our procedures do not hold.", "Our procedures hold."),
    ("Withdrawn on 2025-01-01.", "Withdrawn keys are replaced within the day."),
    ("**Obsolete**: see the wiki.", "Obsolete hosts are removed in spring."),
    ("> **Deprecated**", "> Deprecated fields are kept for a year."),
    ("Superseded by ADR 7", "Superseded keys are revoked."),
    ("Not yet implemented.", "Not yet implemented steps are marked."),
    ("No longer followed since May.", "No longer than an hour."),
    ("Status: superseded", "Status: accepted"),
    ("Planned for next year.", "Planned outages are announced."),
    ("It is written, but not in place yet.", "What is not in place yet is marked."),
    ("Not in force. Steps follow.", "Steps follow."),
    ("- State: rejected", "- State: approved"),
    ("Lorem ipsum dolor sit amet", "The texts of the demo are lorem ipsum."),
    ("Eiusmod tempor incididunt ut labore et dolore magna aliqua enim", "We move on at once and write it down later"),
    ("go now " * 10, "go now and tell the others what has been done " * 3),
]


class TestSection:
    @pytest.mark.parametrize(("void", "twin"), VOID_AND_TWIN)
    def test_what_is_void(self, void: str, twin: str) -> None:
        """
        Withdrawn, denied, filler or repetition; the twin that differs in little is in force.
        """
        assert section([void]).is_void
        assert section([twin])

    @pytest.mark.parametrize(
        ("lines", "reason"),
        [
            (["Status: draft"], "it says 'Status: draft'"),
            (["**Status:** proposed"], "it says '**Status:** proposed'"),
            (["Call [insert name] or [your team]."], "it is a template with 2 gaps"),
            (["- [ ] Run it.", "- [ ] Wait.", "Then tell."], "it is a list of boxes that nobody has ticked"),
            (["[Describe here what applies to you.]"], "most of it is to be filled in"),
            (["Steps: [describe here what applies to you]"], "most of it is to be filled in"),
            (["Call <insert name>", "Write to ____"], "it is a template with 2 gaps"),
            (["Name: ____ and role: ____."], "it is a template with 2 gaps"),
        ],
    )
    def test_what_cannot_be_told(self, lines: list[str], reason: str) -> None:
        """
        A draft may hold, and a form may be filled in elsewhere.
        """
        found = section(lines)

        assert (State.UNKNOWN, reason) == (found.state, found.reason)

    @pytest.mark.parametrize(
        "line",
        [
            "Call [insert name].",
            "- [x] Run it.\n",
            "[a link of some words](https://wiki.example.org)",
            "Run the command [as it is shown below] and wait until all is well again.",
            "Run `kubectl rollout undo deployment/<name>` and `helm rollback [name] [revision]`.",
            "____ ____\n\\___/____\\",
            "- Withdrawn.",
            "| Deprecated |",
            "- (no longer used)",
            "{{%deprecated%}}",
            "See [the team](https://wiki.example.org/team) and [your mail](https://mail.example.org).",
            "`this document is obsolete` is what the tool prints, and `lorem ipsum` its sample",
        ],
    )
    def test_code_links_and_one_gap_are_no_template(self, line: str) -> None:
        """
        Names in commands are filled in by who runs them.
        """
        assert 1 == MOST_BLANKS
        assert section([line])

    def test_short_ones_are_not_judged_by_their_words(self) -> None:
        """
        What repeats itself is told only where there is enough of it.
        """
        assert section(["word " * 14])
        assert section(["- `A_NAME`", "- `ANOTHER`"] * 5 + ["- ", "| - | - | - |"] * 9)
        assert "it repeats 1 words" == section(["word " * 15]).reason
        assert section(["one two three four five six " * 5])
        assert "it repeats 5 words" == section(["one two three four five " * 5]).reason

    def test_the_document_as_a_whole(self) -> None:
        """
        Its opening may take it back; its words are those of its sections.
        """
        assert whole(["This document is obsolete."]).is_void
        assert whole(["word " * 30])
        assert whole(["Lorem tempor"])

    def test_boxes(self) -> None:
        """
        Half of them may be open: then some of it has been done, or is no list of things to do.
        """
        assert section(["- [ ] Run it.", "- [x] Wait."])
        assert section(["- [ ] Run it.", "Then wait."])
        assert not section(["- [ ] Run it.", "- [ ] Wait.", "- [x] Tell."])


class TestHeading:
    @pytest.mark.parametrize(
        ("void", "twin"),
        [
            ("Rollback (withdrawn)", "Rollback (staging)"),
            ("[OBSOLETE] Rollback", "[ADR] Rollback"),
            ("Rollback - not yet supported", "Rollback - supported"),
            ("Rollback: TODO", "Rollback: steps"),
            ("WIP: rollback", "WIP limits"),
            ("Draft - rollback", "Draft releases"),
            ("Obsolete: rollback", "Obsolete versions"),
            ("Rollback [no longer used]", "Deprecation policy"),
        ],
    )
    def test_what_it_takes_back(self, void: str, twin: str) -> None:
        """
        A mark in parentheses, before a colon or at the end.
        """
        assert heading(void).is_void
        assert heading(twin)


class TestKept:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("Run it. TODO: say how. Then wait.", "Run it. Then wait."),
            ("TBD", ""),
            ("Coming soon.", ""),
            ("~~Run it.~~ Wait.", " Wait."),
            ("<del>Run it.</del> Wait.", " Wait."),
            ("The scanner looks for `TODO` in code.", "The scanner looks for `TODO` in code."),
            ("Run it, then wait.", "Run it, then wait."),
        ],
    )
    def test_what_is_left_of_a_line(self, line: str, expected: str) -> None:
        """
        Neither what is struck out nor what only says that something is to come.
        """
        assert expected == kept(line)


def test_a_denial_needs_a_no() -> None:
    """
    Whoever does something with any of these has not denied it.
    """
    assert "" == denial("We have any of these on request.")
    assert "We do not have any of these" == denial("We do not have any of these on request.")


class TestDays:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("on 2026-03-02 and 2026-03-04", [date(2026, 3, 2), date(2026, 3, 4)]),
            ("on 2 March 2026", [date(2026, 3, 2)]),
            ("on 2nd Mar. 2026", [date(2026, 3, 2)]),
            ("on March 2, 2026", [date(2026, 3, 2)]),
            ("am 2.3.2026", [date(2026, 3, 2)]),
            ("on 2026/03/02", [date(2026, 3, 2)]),
            ("in March 2026", [date(2026, 3, 1)]),
            ("in 2026-03", [date(2026, 3, 1)]),
            ("2026-13-45", []),
            ("version 2026-03-021", []),
            ("31 June 2026", [date(2026, 6, 1)]),
            ("in 2026", []),
        ],
    )
    def test_ways_of_writing(self, text: str, expected: list[date]) -> None:
        """
        Days before months; what is no day is none.
        """
        assert expected == days(text)

    def test_the_latest(self) -> None:
        """
        The day after the commit, for it may have been made late in the evening; without a commit the horizon.
        """
        assert date(2026, 3, 3) == latest("2026-03-02T23:00:00+00:00")
        assert HORIZON == latest("")
        assert HORIZON > date.fromisoformat("2026-11-29") + timedelta(days=300)
