"""A text of several lines that is given to a name tells of nothing where nobody reads that name."""

from __future__ import annotations

import pytest

from orchestrator.evidence import classify
from orchestrator.evidence.inforce.code import judge_of
from tests.evidence.inforce.programs import PATHS

# language, program, and what follows it where somebody reads the text
TEXTS = [
    ("rust", 'const TEXT: &str = r#"\nselect run(1)\n"#;\n', "fn main() { send(TEXT); }\n"),
    ("rust", 'static TEXT: &str = r#"\nselect run(1)\n"#;\n', "fn main() { send(TEXT); }\n"),
    ("elixir", 'text = ~S"""\nselect run(1)\n"""\n', "send(text)\n"),
    ("php", "<?php\n$text = <<<'TEXT'\nselect run(1)\nTEXT;\n", "send($text);\n"),
    ("kotlin", 'private val text = """\nselect run(1)\n"""\n', "fun main() { send(text) }\n"),
    ("csharp", 'var text = @"\nselect run(1)\n";\n', "Send(text);\n"),
]
OPEN = [
    ("rust", 'pub const TEXT: &str = r#"\nselect run(1)\n"#;\n'),
    ("kotlin", 'val text = """\nselect run(1)\n"""\n'),
]


def said(language: str, text: str) -> tuple[bool, str]:
    data = text.encode()
    judge = judge_of(data, PATHS[language], classify.language(PATHS[language]))
    at = data.index(b"run(1)")
    force = judge.judge(at, at + 6)
    return force.is_void, force.unless


@pytest.mark.parametrize(("language", "program", "reads"), TEXTS)
def test_unread(language: str, program: str, reads: str) -> None:
    """
    It is void, and no other file can say the name; it is in force where this one does.
    """
    assert (True, "") == said(language, program)
    assert not said(language, program + reads)[0]


@pytest.mark.parametrize(("language", "program"), OPEN)
def test_open(language: str, program: str) -> None:
    """
    What other files may read is not void.
    """
    assert not said(language, program)[0]
