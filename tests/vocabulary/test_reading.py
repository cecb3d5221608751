"""The vocabulary's files: what a row says, what is refused and where, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.errors import VocabularyError
from orchestrator.vocabulary import words
from orchestrator.vocabulary.reading import FOLDER, rows

FILE = """\
meaning: draws what people see
date: 2026-11-29
source: https://pypi.org/project/{word}/
tried:
  - {by: profile.frontend, gives: 'yes'}
lists:
  - ecosystem: pypi
    file: requirements.txt
    rows:
      dash: dash==2.1.0
      gradio-*: {line: gradio-client==1.0, meaning: draws a form}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "orchestrator" / "vocabulary" / "packages" / "frontends.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


class TestRows:
    def test_what_is_left_open_is_said_further_out(self, tmp_path):
        """
        A row has what its list and its file say, and its own word where it says more; sources name the word.
        """
        plain, more = rows(written(tmp_path, FILE))

        assert ("dash", "dash==2.1.0", "draws what people see") == (plain.word, plain.line, plain.meaning)
        assert "https://pypi.org/project/dash/" == plain.source
        assert ("gradio-*", "draws a form", "requirements.txt") == (more.word, more.meaning, more.file)
        assert "https://pypi.org/project/gradio/" == more.source
        assert "orchestrator/vocabulary/packages/frontends.yaml:11" == more.place

    @pytest.mark.parametrize(
        ("wrong", "right", "line", "said"),
        [
            ("dash: dash==2.1.0", "dash: bash==2.1.0", 10, "its line does not contain 'dash': 'bash==2.1.0'"),
            ("dash: dash==2.1.0", "dash: [dash]", 10, "Input should be"),
            ("dash: dash==2.1.0", "d: d==2.1.0", 10, "at least 2 characters"),
            ("meaning: draws a form", "meanings: draws a form", 11, "Extra inputs are not permitted"),
            ("meaning: draws a form", "pattern: 'gradio-['", 11, "unterminated character set"),
            ("date: 2026-11-29", "date: yesterday", 2, "Input should be a valid date"),
            ("date: 2026-11-29\n", "", 9, "date: Field required"),
            ("meaning: draws what people see\n", "", 9, "meaning: Field required"),
            ("source: https", "source: http", 3, "String should match"),
            ("    file: requirements.txt\n", "", 9, "file: Field required"),
            ("gradio-*: {", "dash: {", 11, "key 'dash' stands twice"),
            ("gradio-*: {line: gradio-client==1.0", "DASH: {line: DASH==1.0", 11, "the word 'DASH' stands twice"),
            ("  - {by: profile.frontend, gives: 'yes'}", "  - {by: profile.frontend, gives: 'aye'}", 5, "match"),
            ("  - {by: profile.frontend, gives: 'yes'}", "  []", 9, "at least 1 item"),
        ],
    )
    def test_a_malformed_row_names_its_line(self, tmp_path, wrong, right, line, said):
        """
        Whatever is wrong, the message says what, and in which line of which file.
        """
        assert wrong in FILE
        with pytest.raises(VocabularyError) as raised:
            rows(written(tmp_path, FILE.replace(wrong, right)))

        assert said in raised.value.what
        where = raised.value.where.removeprefix("orchestrator/vocabulary/packages/frontends.yaml:")
        assert line <= int(where.partition(":")[0]) <= line + 1


class TestWords:
    def test_names_of_packages(self):
        """
        A package is known by its whole name in its own ecosystem, in any case; a star stands for the rest of a name.
        """
        python, node = (words("packages/logins", ecosystem=e) for e in ("pypi", "npm"))

        assert {"PyJWT", "Flask-Security-Too"} == {n for n in ("PyJWT", "Flask-Security-Too", "jwt") if n in python}
        assert "passport-jwt" in node
        assert "pyjwt" not in node
        assert 5 not in python
        assert 0 == len(words("packages/logins", ecosystem="none of these"))

    def test_in_lines(self):
        """
        A word is found in a line where it does not begin or end within another one.
        """
        row = words("packages/logins", ecosystem="rubygems").row("warden")

        assert row is not None
        assert [True, False, False] == [row.is_in(line) for line in ("gem 'Warden'", "gem 'wardens'", "gem 'awarden'")]

    def test_no_such_words(self):
        """
        A purpose that nobody wrote a file for is a mistake that names those there are.
        """
        with pytest.raises(VocabularyError, match="there is no vocabulary 'packages/websevers'") as raised:
            words("packages/websevers")

        assert "packages/web-servers" in raised.value.remedy

    def test_a_digest_of_what_is_known(self):
        """
        The digest follows the words, not the ecosystem that was asked for by name.
        """
        digests = {words("packages/logins", ecosystem=e).digest for e in ("pypi", "npm", "")}

        assert 3 == len(digests)
        assert words("packages/logins").digest == words("packages/logins").digest


def test_help_reads_no_words() -> None:
    """
    The command's help comes without any vocabulary.
    """
    script = (
        "import sys, orchestrator.cli\nsys.argv = ['gonogo', '--help']\n"
        "try:\n    orchestrator.cli.main()\nexcept SystemExit:\n    pass\n"
        "sys.exit(sum(name.startswith('orchestrator.vocabulary') for name in sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (0, True) == (done.returncode, "Usage: gonogo" in done.stdout), done.stderr


class TestShipped:
    def test_every_file_is_as_its_rows_are_taken(self):
        """
        What ships is held to its shape here, and not in every run; both ways come to the same rows.
        """
        for path in sorted(FOLDER.glob("*/*.yaml")):
            assert rows(path) == rows(path, shipped=True)
