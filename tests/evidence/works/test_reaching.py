"""A command works on the folder and language that it names, and not on what stands beside them."""

from __future__ import annotations

import pytest

from orchestrator import CiCommand, Dockerfile, Dockerfiles, Instruction, reaches

NODE = Dockerfile(
    path="Dockerfile",
    instructions=(
        Instruction(keyword="FROM", value="node:22", line=1),
        Instruction(keyword="COPY", value="web/ ./", line=2),
    ),
)


@pytest.mark.parametrize(
    ("text", "where", "folder", "language", "expected"),
    [
        ("npm run build", "", "", "javascript", True),
        ("npm run build", "", "", "go", False),
        ("npm run build", "", "api", "javascript", False),
        ("npm run build", "api", "api", "javascript", True),
        ("npm run build --prefix api", "", "api", "javascript", True),
        ("npm run build", "?", "api", "javascript", True),
        ("npm run build", "api", "", "javascript", False),
        ("docker build .", "", "web", "javascript", True),
        ("docker build .", "", "api", "javascript", False),
        ("docker build api", "", "api", "go", True),
        ("docker build api", "", "", "javascript", False),
        ("docker build .", "", "", "go", False),
        ("docker build -f other/Dockerfile .", "", "", "go", None),
        ("docker compose build", "", "api", "go", True),
        ("npx nx run-many -t build", "", "apps/api", "javascript", True),
        ("make", "", "", "go", None),
        ("make", "", "api", "go", None),
    ],
)
def test_works_on(text: str, where: str, folder: str, language: str, expected: bool | None) -> None:
    """
    A folder below is named, copied into the image, or taken in by a tool for all of them.
    """
    command = CiCommand(text=text, folder=where)

    assert expected is reaches(command, folder, language, Dockerfiles(files=(NODE,)))
