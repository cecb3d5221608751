"""Opens the report in a browser, from a file as a reader does: its own script runs, and nothing of the tree's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from orchestrator.report.html import render
from tests.conftest import BROWSER

from . import documents

pytestmark = pytest.mark.browser
PLANTED = '<script>document.documentElement.id = "planted"</script></body>'


def opened(folder: Path, page: str) -> str:
    """The document as the browser has it once *page* is loaded."""
    file = folder / "report.html"
    file.write_text(page)
    words = [BROWSER, "--headless", "--disable-gpu", f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    if os.geteuid() == 0:
        words.append("--no-sandbox")  # Chromium refuses to run as root with one
    return subprocess.run([*words, file.as_uri()], check=True, capture_output=True, text=True, timeout=120).stdout


class TestReport:
    def test_runs_its_own_script_alone(self, tmp_path):
        """
        The page's own script has run, one that somebody planted has not, and no element comes from what was reviewed.
        """
        page = opened(tmp_path, render(documents.hostile()).replace("</body>", PLANTED))

        assert '<html lang="en" class="js">' in page
        assert PLANTED.removesuffix("</body>") in page
        assert "<img" not in page

    def test_would_notice_a_script(self, tmp_path):
        """
        Without the page's policy the planted script does run: the test above looks where it should.
        """
        page = render(documents.hostile()).replace("</body>", PLANTED)
        policy = page.index("<meta http-equiv")
        page = page[:policy] + page[page.index(">", policy) + 1 :]

        assert 'id="planted"' in opened(tmp_path, page).partition("<head>")[0]
