"""Comments in a dozen dialects, told from strings and other text."""

from __future__ import annotations

import pytest

from orchestrator.evidence.ignoring.comments import comments, dialect


def found(written_in: str, text: str) -> list[tuple[int, str, bool]]:
    return [(c.line, c.text, c.alone) for c in comments(text, written_in)]


@pytest.mark.parametrize(
    ("written_in", "text", "expected"),
    [
        ("python", "x = 1  # a\n# b\n", [(1, "a", False), (2, "b", True)]),
        ("python", "x = \"# a\"\ny = '# b'\n", []),
        ("python", '"""\n# a\n"""\nx = 1  # b\n', [(4, "b", False)]),
        ("python", "'''# a'''  # b\n", [(1, "b", False)]),
        ("python", 'x = "\\"# a"  # b\n', [(1, "b", False)]),
        ("python", "x = 'it  # a\n# b\n", [(2, "b", True)]),
        ("script", "f() // a\n/* b */ g()\n", [(1, "a", False), (2, "b", False)]),
        ("script", "x = `// a\n// b`\n// c\n", [(3, "c", True)]),
        ("script", 'x = "http://a" // b\n', [(1, "b", False)]),
        ("script", "/*\n * a\n */\n", [(1, "", True), (2, "a", True), (3, "/", True)]),
        ("go", "x := `// a` // b\n", [(1, "b", False)]),
        ("c", 'int x; // a\nString s = "// b";\n', [(1, "a", False)]),
        ("php", "<?php $x = '# a'; # b\n#[Attribute]\n", [(1, "b", False)]),
        ("hcl", 'x = "# a" # b\n// c\n', [(1, "b", False), (2, "c", True)]),
        ("hcl", "x = <<-EOT\n# a\nEOT\n# b\n", [(4, "b", True)]),
        ("ruby", "x = '# a' # b\ny = \"#{z}\"\n", [(1, "b", False)]),
        ("shell", "echo '# a' # b\necho x#c\ncat <<EOF\n# d\nEOF\n", [(1, "b", False)]),
        ("yaml", "a: 1 # b\nc: d#e\nf: '# g'\n", [(1, "b", False)]),
        ("yaml", "a: it's # b\n", [(1, "b", False)]),
        ("yaml", "run: |\n  # a\n  x\nb: 1 # c\n", [(4, "c", False)]),
        ("yaml", "- run: >-\n    # a\n- b # c\n", [(3, "c", False)]),
        ("toml", 'a = "# b" # c\n', [(1, "c", False)]),
        ("dockerfile", "# a\nRUN x # b\n", [(1, "a", True)]),
        ("lines", "a=b # c\n  # d\n", [(2, "d", True)]),
        ("sql", "SELECT '-- a' -- b\n", [(1, "b", False)]),
        ("markup", "<!-- a --><p># b</p>\n", [(1, "a", False)]),
        ("", "# a\n", []),
    ],
)
def test_comments(written_in, text, expected):
    """
    Only what the dialect calls a comment, without its signs, and whether something else stands in the line.
    """
    assert expected == found(written_in, text)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", "python"), ("a.tsx", "script"), ("a.go", "go"), ("A.java", "c"), ("a.php", "php"), ("a.tf", "hcl"),
        ("a.rb", "ruby"), ("a.sh", "shell"), ("a.yml", "yaml"), ("a.toml", "toml"), ("Dockerfile", "dockerfile"),
        ("api/prod.Dockerfile", "dockerfile"), ("Dockerfile.prod", "dockerfile"), ("a.env", "lines"), ("a.sql", "sql"),
        ("a.xml", "markup"), ("a.json", ""), ("a", ""), ("a.md", ""),
    ],
)  # fmt: skip
def test_dialect(path, expected):
    """
    A file's name says how comments are written in it; JSON has none.
    """
    assert expected == dialect(path)


@pytest.mark.parametrize("written_in", ["python", "script", "go", "c", "hcl", "ruby", "shell", "yaml", "sql", "markup"])
@pytest.mark.parametrize("piece", ['"', "'", "`", '"""', "/*", "<<A\n", "<!--", "|\n", "\\", "# "])
def test_hostile(written_in, piece):
    """
    What opens and never closes is read in one go.
    """
    assert len(found(written_in, piece * 20_000)) <= 20_001
