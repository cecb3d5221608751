"""What every reader of a foreign record owes: an answer, or a mistake that can be read."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestrator.cli.app import run
from orchestrator.errors import OrchestratorError
from orchestrator.redaction import redact
from orchestrator.report.visible import visible

LONGEST = 4_000
"""Characters of a message; a record must not fill the reader's terminal through it."""


def held(question: Callable[[], Any]) -> Any:
    """
    The answer to *question*, or the mistake that it ended in.

    Raises:
        AssertionError: The mistake says nothing, too much, or cannot be printed.
        Exception: Whatever is not an :class:`OrchestratorError`.
    """
    try:
        return question()
    except OrchestratorError as error:
        mistake = error
    said = str(mistake)
    shown = "\n".join(visible(line) for line in redact(said).split("\n"))
    assert mistake.what.strip(), "a mistake without words"
    assert len(said) <= LONGEST, f"a mistake of {len(said)} characters"
    assert shown.encode("utf-8"), "a mistake that cannot be printed"
    return mistake


def gonogo(*words: str) -> str:
    """
    What the command prints to *words*, in this process.

    Raises:
        AssertionError: It fell over, or ended in a mistake that says nothing or too much.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    before = sys.argv, sys.stdout, sys.stderr
    sys.argv, sys.stdout, sys.stderr = ["gonogo", *words], out, err
    try:
        run()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv, sys.stdout, sys.stderr = before
    printed, said = (stream.buffer.getvalue().decode("utf-8") for stream in (out, err))
    assert "Traceback" not in said, said
    assert len(said) <= LONGEST, f"a mistake of {len(said)} characters"
    assert code == 0 or len((printed + said).removeprefix("error: ")) > 10, f"exit code {code}, and {said!r}"
    return str(printed)


@contextmanager
def nothing_else(folder: Path) -> Iterator[None]:
    """What happens in this changes nothing around: the names in *folder* and below are the same afterwards."""
    before = sorted(str(path) for path in folder.rglob("*"))
    yield
    after = sorted(str(path) for path in folder.rglob("*"))
    assert before == after, f"left behind: {sorted(set(before) ^ set(after))[:5]}"
