"""Headings of prose are found with level, line and the words below them."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.facts.documents import Document, Documents
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.documents import DocumentsReader
from orchestrator.evidence.tree import MemoryTree

CASES = {
    "README.md": (
        "# Shop [![ci](a.svg)](b)\n\nTwo words\n\nSetext\n------\none\n\n```sh\n# no heading\nmake it so\n```\n"
        "\n## Last `one` #\n",
        "Shop",
        [(1, "Shop", 1, 2), (2, "Setext", 5, 7), (2, "Last one", 14, 0)],
    ),
    "docs/a.md": (
        "---\ntitle: 'The title'\n---\n\n<!-- # hidden\nstill -->\n## Head\n\n| a |\n|---|\n- item\n---\n",
        "The title",
        [(2, "Head", 7, 7)],
    ),
    "docs/a.rst": (
        "=====\nTitle\n=====\n\nText here.\n\nPart\n----\n\nMore text here.\n\nDeep\n~~~~\n",
        "Title",
        [(1, "Title", 2, 2), (2, "Part", 7, 3), (3, "Deep", 12, 0)],
    ),
    "docs/a.adoc": (
        "= Title\n\n== Part\n\nsome text\n\n----\n== no heading\n----\n",
        "Title",
        [(1, "Title", 1, 0), (2, "Part", 3, 6)],
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
        text = "# Runbook\n\n## Rollback\n\n" + "word " * 30 + "\n\n## Restore\n\nlater\n"
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
