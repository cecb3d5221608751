"""Judges whether what the software runs on still gets security patches (2.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import FAIL, Block, Draft, Example, Infrastructure, Source, Typed, check, examined, failed, first_of

_LAMBDA = (
    (re.compile(r"nodejs(?:\d\.\d+|[468]\.10|1[02]\.x)?$"), "March 2023"),
    (re.compile(r"nodejs14\.x$"), "December 2023"),
    (re.compile(r"nodejs16\.x$"), "June 2024"),
    (re.compile(r"python(?:2\.7|3\.[67])$"), "December 2023"),
    (re.compile(r"python3\.8$"), "October 2024"),
    (re.compile(r"ruby2\.[57]$"), "December 2023"),
    (re.compile(r"(?:go1\.x|java8)$"), "January 2024"),
    (re.compile(r"dotnet(?:core\d\.\d|5\.0)$"), "April 2023"),
    (re.compile(r"dotnet6$"), "December 2024"),
)
_SYSTEMS = (
    (re.compile(r"\bdebian-(?:[89]|10)\b|\bdebian-cloud/debian-(?:[89]|10)\b"), "Debian before 11", "June 2024"),
    (
        re.compile(r"\bubuntu-(?:1[0-8])\d\d\b|^1[0-8]\.\d\d[.-]?LTS|(?:^|_)1[0-8]_\d\d-lts"),
        "Ubuntu before 20.04",
        "May 2023",
    ),
    (re.compile(r"\bcentos-(?:[678])\b|\bcentos-cloud\b"), "CentOS Linux", "June 2024"),
    (re.compile(r"^20(?:08|12)(?:-R2)?-Datacenter"), "Windows Server before 2016", "October 2023"),
)
_ENGINES = (
    (
        re.compile(r"^(?:aurora-)?postgres(?:ql)?[ _]?(?:9|10)(?:[._]|$)", re.IGNORECASE),
        "PostgreSQL before 11",
        "November 2022",
    ),
    (re.compile(r"^(?:aurora-)?mysql[ _]?5[._][56](?:[._]|$)", re.IGNORECASE), "MySQL before 5.7", "February 2021"),
    (re.compile(r"^elasticsearch[ _]?[1-6](?:[._]|$)", re.IGNORECASE), "Elasticsearch before 7", "February 2022"),
)
_VERSIONS = Typed("resources/versions")
_FUNCTION = 'resource "aws_lambda_function" "resize" {\n  function_name = "resize"\n  runtime = "%s"\n}\n'
_DATABASE = 'resource "aws_db_instance" "shop" {\n  engine = "postgres"\n  engine_version = "%s"\n}\n'


@check(
    "SEC-2.4.3",
    shows=FAIL,
    clean=[Example("a function on a current runtime", {"fn.tf": _FUNCTION % "nodejs22.x"})],
    flagged=[
        Example("a function on a runtime that has ended", {"fn.tf": _FUNCTION % "nodejs12.x"}),
        Example("a database whose version has ended", {"db.tf": _DATABASE % "9.6"}),
        Example(
            "a machine whose system has ended",
            {
                "vm.tf": 'resource "google_compute_instance" "web" {\n  boot_disk {\n    initialize_params {\n'
                '      image = "debian-cloud/debian-9"\n    }\n  }\n}\n'
            },
        ),
    ],
    silent=[Example("a version from a variable", {"db.tf": _DATABASE % "${var.engine}"})],
)
def platforms_get_patches(infrastructure: Infrastructure) -> Iterator[Draft]:
    """No function, machine or database stands on a version for which patches have stopped."""
    found = [hit for block in infrastructure.resources if (hit := _ended(block))]
    if found:
        yield failed(
            first_of(found),
            examined(len(infrastructure.resources), "cloud resources"),
            remedy="Move to a version that is still maintained, and follow its end-of-life date.",
        )


def _ended(block: Block) -> tuple[str, Source] | None:
    if at := _VERSIONS.at(block, "runtime"):
        runtime = str(block.get(*at, default=""))
        for pattern, date in _LAMBDA:
            if pattern.match(runtime):
                said = f"{block.address} runs on {runtime}, which has had no security patches since {date}"
                return said, block.at(*at)
    if at := _VERSIONS.at(block, "image"):
        image = str(block.get(*at, default=""))
        for pattern, name, date in _SYSTEMS:
            if pattern.search(image):
                said = f"{block.address} runs {name} ({image}), which has had no free security patches since {date}"
                return said, block.at(*at)
    if at := _VERSIONS.at(block, "version"):
        engine = _VERSIONS.at(block, "engine")
        name = str(block.get(*engine, default=engine[0])) if engine else _VERSIONS.kind(block)
        text = f"{name} {block.get(*at, default='')}".strip()
        for pattern, title, date in _ENGINES:
            if pattern.match(text):
                said = f"{block.address} runs {title}, which has had no security patches since {date}"
                return said, block.at(*at)
    return None
