"""Headings of prose are found with level, line and the words below them."""

from __future__ import annotations

import time

import pytest

from orchestrator.domain.fact import Aside
from orchestrator.evidence.facts.documents import Document, Documents
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers._dated import MAX_DATED
from orchestrator.evidence.readers.documents import DocumentsReader
from orchestrator.evidence.tree import MemoryTree

CASES = {
    "README.md": (
        "# Shop [![ci](a.svg)](b)\n\nTwo words\n\nSetext\n------\none\n\n```sh\n# no heading\nmake it so\n```\n"
        "\n## Last `one` #\n",
        "Shop",
        [(1, "Shop", 1, 2), (2, "Setext", 5, 6), (2, "Last one", 14, 0)],
    ),
    "docs/a.md": (
        "---\ntitle: 'The title'\n---\n\n<!-- # hidden\nstill -->\n## Head\n\n| a |\n|---|\n- item\n---\n",
        "The title",
        [(2, "Head", 7, 2)],
    ),
    "docs/a.rst": (
        "=====\nTitle\n=====\n\nText here.\n\nPart\n----\n\nMore text here.\n\nDeep\n~~~~\n",
        "Title",
        [(1, "Title", 2, 2), (2, "Part", 7, 3), (3, "Deep", 12, 0)],
    ),
    "docs/a.adoc": (
        "= Title\n\n== Part\n\nsome text\n\n----\n== no heading\n----\n",
        "Title",
        [(1, "Title", 1, 0), (2, "Part", 3, 4)],
    ),
    "docs/b.rst": (
        "Title\n=====\n\nIt is so::\n\n    No heading\n    ==========\n\nMore text here.\n",
        "Title",
        [(1, "Title", 1, 8)],
    ),
    "NOTES.txt": ("only words here\n", "", []),
}


def read(files: dict[str, str]) -> tuple[Document, ...]:
    fact = read_tree(MemoryTree(files), [DocumentsReader()])[Documents]
    assert isinstance(fact, Documents)
    return fact.files


class TestDocumentsReader:
    @pytest.mark.parametrize("path", CASES)
    def test_headings_are_found(self, path: str) -> None:
        """
        Level, text, line and the words below; code is not a heading.
        """
        text, title, headings = CASES[path]
        (document,) = read({path: text})

        assert title == document.title
        assert headings == [(h.level, h.text, h.line, h.words) for h in document.headings]

    @pytest.mark.parametrize(
        "path", ["requirements.txt", "tests/a.md", "examples/a.md", "vendor/a.md", "LICENSE", "robots.txt"]
    )
    def test_what_is_no_document_is_left_out(self, path: str) -> None:
        """
        Lists for machines, licences, and prose of tests and examples do not count.
        """
        assert () == read({path: "# Rollback\n"})

    def test_sections_are_found_by_words(self) -> None:
        """
        A section counts by its heading where it says something.
        """
        text = "# Runbook\n\n## Rollback\n\n" + "go back to the release before " * 5 + "\n\n## Restore\n\nlater\n"
        found = Documents(files=read({"docs/operations.md": text}))

        assert [("docs/operations.md", 3)] == [(d.path, h.line if h else 0) for d, h in found.about("rollback")]
        assert [] == found.about("restore")

    @pytest.mark.parametrize("suffix", ["md", "rst", "adoc", "txt"])
    def test_hostile_text_is_read_in_linear_time(self, suffix: str) -> None:
        """
        No document makes the review hang, and none fills the record.
        """
        started = time.process_time()
        for filler in (
            "# a\n" * 200_000,
            "<" * 900_000,
            "[" * 900_000,
            "=\n" * 400_000,
            "* `" * 300_000,
            "---\n" * 200_000,
        ):
            documents = read({f"docs/a.{suffix}": filler})
            assert 100_000 > sum(len(d.model_dump_json()) for d in documents)

        assert 20 > time.process_time() - started


def fact(text: str, path: str = "docs/a.md") -> Documents:
    made = read_tree(MemoryTree({path: text}), [DocumentsReader()])[Documents]
    assert isinstance(made, Documents)
    return made


STEPS = "Run the release before this one with the command below, and wait until it is healthy.\n"
RUNBOOK = (
    f"# Runbook\n\nFor the person on duty.\n\n## Rollback\n\n{STEPS}\n### Tell people\n\n{STEPS}\n## Restore\n\n{STEPS}"
)


class TestInForce:
    def test_a_section_in_force(self) -> None:
        """
        The runbook that the others change.
        """
        made = fact(RUNBOOK)

        assert ["Runbook", "Rollback", "Tell people", "Restore"] == [h.text for h in made.files[0].headings]
        assert () == made.aside

    @pytest.mark.parametrize(
        ("old", "new", "left", "what"),
        [
            ("## Rollback\n", "## Rollback (withdrawn)\n", ["Runbook", "Restore"], "section 'Rollback (withdrawn)'"),
            (
                "## Rollback\n",
                "## Rollback\n\nWe do NOT do any of this.\n",
                ["Runbook", "Restore"],
                "section 'Rollback'",
            ),
            (
                "### Tell people\n",
                "### Tell people\n\nNot yet implemented.\n",
                ["Runbook", "Rollback", "Restore"],
                "section 'Tell people'",
            ),
            ("For the person on duty.", "This document is obsolete.", [], "the document"),
            ("For the person on duty.", "Status: draft", [], "the document"),
            ("# Runbook\n", "Superseded by the wiki.\n\n# Runbook\n", [], "the document"),
        ],
    )
    def test_what_is_set_aside(self, old: str, new: str, left: list[str], what: str) -> None:
        """
        A section with all below it, or the whole document, and no word of it counts.
        """
        made = fact(RUNBOOK.replace(old, new))

        assert left == [h.text for h in made.files[0].headings]
        assert [what] == [aside.what for aside in made.aside]
        assert {("section",)} == {aside.about for aside in made.aside}
        assert sum(h.words for h in made.files[0].headings) == made.files[0].words

    def test_a_denial_at_the_end_is_one_of_all(self) -> None:
        """
        Unless more than a line follows it: then it is one of its section.
        """
        assert [] == list(fact(RUNBOOK + "\nWe do NOT do any of this.\n").files[0].headings)
        assert [] == list(fact(RUNBOOK + "\nWe do NOT do any of this.\n\nThe team\n").files[0].headings)
        after = fact(RUNBOOK + "\nWe do NOT do any of this.\n\nOne line.\nAnother.\n").files[0]
        assert ["Runbook", "Rollback", "Tell people"] == [h.text for h in after.headings]

    def test_documents_without_headings(self) -> None:
        """
        They are judged by all of their text.
        """
        assert 0 == fact("word " * 40, "docs/rollback.txt").files[0].words
        assert 16 == fact(STEPS, "docs/rollback.txt").files[0].words

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("docs/a.md", f"# A\n\n<!-- {STEPS.strip()} -->\n"),
            ("docs/a.md", f"# A\n\nOne <!-- {STEPS.strip()} --> two <!-- three\n{STEPS}-->\n"),
            ("docs/a.md", f"# A\n\n~~{STEPS.strip()}~~\n"),
            ("docs/a.md", f"# A\n\n<!--\n{STEPS}-->\n"),
            ("docs/a.md", f"<!--\n# A\n\n{STEPS}-->\n"),
            ("docs/a.md", f"```\n# A\n\n{STEPS}```\n"),
            ("docs/a.md", f"# A\n\n```text\n{STEPS}```\n"),
            ("docs/a.md", f"# A\n\n~~~ markdown\n{STEPS}~~~\n"),
            ("docs/a.rst", f"A\n===\n\n.. {STEPS}   {STEPS}\n"),
            ("docs/a.adoc", f"= A\n\n// {STEPS}////\n{STEPS}////\n"),
        ],
    )
    def test_comments_are_not_counted(self, path: str, text: str) -> None:
        """
        In each language, on one line or on several.
        """
        assert fact(text, path).files[0].words <= 2

    @pytest.mark.parametrize(
        ("path", "text", "words"),
        [
            ("docs/a.rst", f"A\n===\n\n.. note::\n\n   {STEPS}", 17),
            ("docs/a.md", f"# A\n\n<!-- a --> {STEPS}", 16),
            ("docs/a.md", f"# A\n\n```sh\n{STEPS}```\n", 16),
            ("docs/a.md", f"Run this command:\n\n```\n{STEPS}```\n", 19),
            ("docs/a.md", "# A\n\n| a | b |\n|---|---|\n| - | c1 |\n", 3),
        ],
    )
    def test_what_is_counted(self, path: str, text: str, words: int) -> None:
        """
        Directives, what stands beside a comment, and code.
        """
        assert words == fact(text, path).files[0].words


TABLE = """\
# Rollback

Tried on 1 March 2026.

## Drills

| Date | What | Result |
|------|------|--------|
| 2026-03-02 | rollback in staging | healthy after 3 min |
| soon | again | |
| 2026-05-02 | rollback | planned |

Next: June 2026.

## Old (withdrawn)

Drill on 2020-01-01.
"""


class TestDated:
    def test_lines_and_rows(self) -> None:
        """
        Rows are said with their columns; what stands in a section that is left out is not.
        """
        (document,) = read({"docs/rollback.md": TABLE})

        assert [
            ("2026-03-01", 3, 1, "Tried on 1 March 2026.", False),
            ("2026-03-02", 9, 5, "Date: 2026-03-02; What: rollback in staging; Result: healthy after 3 min", False),
            ("2026-05-02", 11, 5, "Date: 2026-05-02; What: rollback; Result: planned", True),
            ("2026-06-01", 13, 5, "Next: June 2026.", False),
        ] == [(d.day, d.line, d.section, d.text, d.undone) for d in document.dated]

    def test_below_a_heading(self) -> None:
        """
        With what stands below the headings under it.
        """
        made = fact(TABLE + "\n# Other\n\nOn 2026-07-01.\n")
        document = made.files[0]
        first, drills, other = document.headings

        assert 4 == len(made.below(document, first))
        assert 3 == len(made.below(document, drills))
        assert ["2026-07-01"] == [d.day for d in made.below(document, other)]
        assert 5 == len(made.below(document, None))

    def test_so_many_are_kept(self) -> None:
        """
        A long list of days does not fill the record.
        """
        (document,) = read({"docs/days.md": "# Days\n\n" + "It was tried on 2026-03-02, and went well.\n\n" * 100})

        assert MAX_DATED == len(document.dated)


class TestFilled:
    def test_headings_under_which_something_is_written(self) -> None:
        """
        Directly or further down; two words are nothing.
        """
        made = fact("# A\n\n## B\n\n### C\n\nThree words here.\n\n## D\n\nTwo words\n\n# E\n\n## F\n\nOne more line.\n")
        document = made.files[0]

        assert ["A", "B", "C", "E", "F"] == [h.text for h in made.filled(document)]
        assert ["A", "B", "C"] == [h.text for h in made.filled(document, document.headings[0])]
        assert [] == made.filled(document, document.headings[3])


def doubts(*words: str, path: str = "docs/notes.md") -> list[str]:
    boxes = "- [ ] It was read.\n- [ ] It was run.\n- [ ] It was undone.\n"
    files = {path: f"# Notes\n\nOf this and that.\n\n## Checklist\n\n{boxes}\n## Rollback\n\n{boxes}"}
    fact = read_tree(MemoryTree(files), [DocumentsReader()])[Documents]
    assert isinstance(fact, Documents)
    for word in words:
        fact.every() if word == "*" else fact.about(word)
    return [aside.what for aside in fact.doubted(())]


class TestDoubts:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ((), ["section 'Checklist'", "section 'Rollback'"]),
            (("*",), ["section 'Checklist'", "section 'Rollback'"]),
            (("ROLLBACK",), ["section 'Rollback'"]),
            (("rollback", "*"), ["section 'Checklist'", "section 'Rollback'"]),
            (("consent",), []),
            (("notes",), ["section 'Checklist'", "section 'Rollback'"]),
        ],
    )
    def test_of_what_was_asked_for(self, words, found):
        """
        A section that cannot be told to count matters to who asks for one of the words in its heading or path.
        """
        assert found == doubts(*words)

    def test_of_documents_whose_title_nobody_knows(self):
        """
        A whole document may be about anything.
        """
        fact = Documents(aside=(Aside(path="docs/a.md", what="the document", reason="is a draft", void=False),))
        fact.about("rollback")

        assert fact.aside == fact.doubted(())

    @pytest.mark.parametrize(
        "path",
        [
            ".github/PULL_REQUEST_TEMPLATE.md",
            ".github/ISSUE_TEMPLATE/bug.md",
            ".gitlab/merge_request_templates/default.md",
        ],
    )
    def test_of_forms_for_proposals(self, path):
        """
        Boxes that others tick elsewhere are no evidence and no doubt.
        """
        assert [] == doubts(path=path)
        assert doubts(path=path.lower().replace("template", "note"))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("docs/a.md", "```\n{}\n```\n"),
        ("docs/a.adoc", "----\n{}\n----\n"),
        ("docs/a.adoc", "////\n{}\n////\n"),
        ("docs/a.rst", "Like this::\n\n    {}\n"),
    ],
)
def test_what_is_only_shown_is_no_paragraph(path: str, shown: str) -> None:
    """
    A sentence in a listing or a comment says nothing, the same one outside of it does.
    """
    title = "# Privacy\n\n" if path.endswith("md") else "= Privacy\n\n" if "adoc" in path else "Privacy\n=======\n\n"
    said = "Personal data of customers is kept for one year, and then it is deleted by a job."

    assert any(said in paragraph.text for paragraph in read({path: title + said + "\n"})[0].paragraphs)
    assert not any(said in paragraph.text for paragraph in read({path: title + shown.format(said)})[0].paragraphs)
