"""The commands of PowerShell scripts."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.force import State
from orchestrator.evidence.inforce.shell import Manner, read
from orchestrator.evidence.inforce.shell.syntax import MAX_BYTES

POWERSHELL = Manner(powershell=True)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("dotnet test", [("dotnet test", State.IN_FORCE, True)]),
        (
            "dotnet build `\n  -c Release\ndotnet test",
            [("dotnet build -c Release", State.IN_FORCE, False), ("dotnet test", State.IN_FORCE, True)],
        ),
        ("if ($x) {\n  dotnet test\n}", [("dotnet test", State.UNKNOWN, True)]),
        ("if ($x) {\n  $y = 1\n}\ndotnet test", [("dotnet test", State.IN_FORCE, True)]),
        ("exit 0\ndotnet test", [("dotnet test", State.VOID, True)]),
        ("if ($x) {\n  exit 0\n}\ndotnet test", [("dotnet test", State.IN_FORCE, True)]),
        ("<# dotnet test #>\n# dotnet test", []),
        ("$text = @'\ndotnet test\n'@", []),
        ("Write-Host 'dotnet test'", []),
        ("$x = dotnet test", []),
        ("& npm test", [("npm test", State.IN_FORCE, True)]),
        ("npm run ${{ inputs.x }}", [("npm run ${{ inputs.x }}", State.IN_FORCE, True)]),
    ],
)  # fmt: skip
def test_commands(script: str, told: list[tuple[str, State, bool]]) -> None:
    """
    A line that begins like a command is one; in a block it cannot be told, and only the last one's end counts.
    """
    assert told == [(c.text, c.force.state, c.heeded) for c in read(script, POWERSHELL).commands]


@pytest.mark.parametrize(("length", "unread"), [(MAX_BYTES, 0), (MAX_BYTES + 1, 1)])
def test_bounds(length: int, unread: int) -> None:
    """
    A script that is too long is not read, and that is said.
    """
    assert unread == len(read("x" * length, POWERSHELL).unread)
