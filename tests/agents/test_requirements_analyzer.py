"""Requirements lead to sections of the framework and to tests that are named after them."""

from __future__ import annotations

import time

import pytest
from orchestrator.agents.requirements_analyzer._sections import sections
from orchestrator.agents.requirements_analyzer.agent import matrix

from orchestrator.evidence.facts.files import Files
from orchestrator.evidence.facts.requirements import Requirements
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.requirements import RequirementsReader
from orchestrator.evidence.related import TestsByName, words
from orchestrator.evidence.tree import MemoryTree

STORIES = """# Shop

As a customer, I want to reset my password so that I can log in again.

You must be kidding.

## Requirements

- [x] Orders are kept for 7 years
- [ ] Search answers within 2 seconds

REQ-3 The system shall encrypt card numbers.

```
The code must not count.
```
"""
FEATURE = "Feature: Checkout\n  Scenario: Pay by card\n    Given a basket\n  Scenario Outline: Empty basket\n"


def read(files: dict[str, str]) -> tuple[Requirements, TestsByName]:
    facts = read_tree(MemoryTree(files), [RequirementsReader()])
    found, listed = facts[Requirements], facts[Files]
    assert isinstance(found, Requirements)
    assert isinstance(listed, Files)
    return found, TestsByName(listed)


class TestRequirementsReader:
    def test_stories_sentences_items_and_scenarios_are_found(self) -> None:
        """
        Each with its kind, place and section; a must outside a section about requirements is mere prose.
        """
        found, _ = read({"docs/shop.md": STORIES, "features/checkout.feature": FEATURE})

        assert [
            ("story", "docs/shop.md:3", "Shop", None),
            ("item", "docs/shop.md:9", "Requirements", True),
            ("item", "docs/shop.md:10", "Requirements", False),
            ("sentence", "docs/shop.md:12", "Requirements", None),
            ("scenario", "features/checkout.feature:2", "Checkout", None),
            ("scenario", "features/checkout.feature:4", "Checkout", None),
        ] == [(r.kind, str(r.source), r.section, r.done) for r in found.found]

    @pytest.mark.parametrize(
        "path", ["requirements.txt", "CHANGELOG.md", ".github/pull_request_template.md", "vendor/requirements.md"]
    )
    def test_lists_for_machines_and_process_are_none(self, path: str) -> None:
        """
        Dependencies, change logs and templates are not requirements.
        """
        assert () == read({path: "- [ ] It must do this and that and more\n"})[0].found

    def test_hostile_documents_stay_small(self) -> None:
        """
        A document of nothing but requirements is cut, and no line takes long.
        """
        started = time.process_time()
        for filler in ("- [ ] must\n" * 40_000, "As a " * 90_000, "* " * 200_000, "must " * 90_000):
            found, _ = read({"docs/requirements.md": filler})
            assert 100_000 > len(found.model_dump_json())

        assert 10 > time.process_time() - started


class TestMatrix:
    def test_each_requirement_leads_to_sections_and_tests(self) -> None:
        """
        The first columns are what is written; the others what its words lead to.
        """
        tests = {"tests/test_password_reset.py": "", "tests/test_orders.py": "", "tests/helper.py": ""}
        table = matrix(*read({"docs/shop.md": STORIES, "features/checkout.feature": FEATURE, **tests}))
        rows = {row[0][:20]: row for row in table.rows}

        assert "SEC-2.1 Authentication and authorisation" in rows["As a customer, I wan"][2]
        assert "tests/test_password_reset.py" == rows["As a customer, I wan"][3]
        assert "tests/test_orders.py" == rows["Orders are kept for "][3]
        assert "features/checkout.feature" == rows["Pay by card"][3]
        assert "none by name" == rows["REQ-3 The system sha"][3]
        assert table.note.startswith("6 requirements in 2 documents and feature files; 2 of 6 have no test")

    def test_without_requirements_it_says_what_was_looked_at(self) -> None:
        """
        An empty table is explained.
        """
        table = matrix(*read({"README.md": "# Shop\n"}))

        assert () == table.rows
        assert table.note.startswith("No requirement was recognised in 1 documents")


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("test_passwordReset.spec", {"password", "reset"}),
            ("/api/v2/orders/{id}", {"order"}),
            ("HTTPServer", {"http", "server"}),
        ],
    )
    def test_telling_words(self, text: str, expected: set[str]) -> None:
        """
        Names are split at case and punctuation, plurals are cut, and words that every name has are dropped.
        """
        assert expected == words(text)

    def test_sections_by_words(self) -> None:
        """
        The closest section comes first, and none is made up.
        """
        assert ["DAT-6.1 Backup strategy"] == sections("Backups are kept for a month")[:1]
        assert [] == sections("The button is blue")
