"""Judges whether what the software runs on still gets security patches (2.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import FAIL, Block, Draft, Example, Infrastructure, Source, check, examined, failed, first_of

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
_ENGINE_AT = {
    "aws_db_instance": ("engine", "engine_version"),
    "aws_rds_cluster": ("engine", "engine_version"),
    "AWS::RDS::DBInstance": ("Engine", "EngineVersion"),
    "AWS::RDS::DBCluster": ("Engine", "EngineVersion"),
    "alicloud_db_instance": ("engine", "engine_version"),
    "google_sql_database_instance": ("", "database_version"),
    "azurerm_postgresql_server": ("postgresql", "version"),
    "azurerm_mysql_server": ("mysql", "version"),
    "aws_elasticsearch_domain": ("elasticsearch", "elasticsearch_version"),
}
_IMAGE_AT: dict[str, tuple[str | int, ...]] = {
    "google_compute_instance": ("boot_disk", 0, "initialize_params", 0, "image"),
    "azurerm_linux_virtual_machine": ("source_image_reference", 0, "sku"),
    "azurerm_windows_virtual_machine": ("source_image_reference", 0, "sku"),
    "azurerm_virtual_machine": ("storage_image_reference", 0, "sku"),
}
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
    key = {"aws_lambda_function": "runtime", "AWS::Lambda::Function": "Runtime", "AWS::Serverless::Function": "Runtime"}
    if block.type in key:
        runtime = str(block.get(key[block.type], default=""))
        for pattern, date in _LAMBDA:
            if pattern.match(runtime):
                place = block.at(key[block.type])
                return f"{block.address} runs on {runtime}, which has had no security patches since {date}", place
    if block.type in _IMAGE_AT:
        image = str(block.get(*_IMAGE_AT[block.type], default=""))
        for pattern, name, date in _SYSTEMS:
            if pattern.search(image):
                place = block.at(*_IMAGE_AT[block.type])
                return (
                    f"{block.address} runs {name} ({image}), which has had no free security patches since {date}",
                    place,
                )
    if block.type in _ENGINE_AT:
        engine, version = _ENGINE_AT[block.type]
        name = str(block.get(engine, default=engine)) if engine else ""
        text = f"{name} {block.get(version, default='')}".strip()
        for pattern, title, date in _ENGINES:
            if pattern.match(text):
                return f"{block.address} runs {title}, which has had no security patches since {date}", block.at(
                    version
                )
    return None
