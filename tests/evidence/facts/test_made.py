"""What belongs to something that is made, and what is only declared."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.fact import MAX_ASIDE, Source
from orchestrator.evidence.facts.dashboards import Dashboards
from orchestrator.evidence.facts.infrastructure import Infrastructure
from orchestrator.evidence.facts.routes import Routes

TERRAFORM = """locals {
  text = "a"
}

resource "aws_s3_bucket" "kept" {
  bucket = "a"
}

resource "aws_s3_bucket" "never" {
  count  = 0
  bucket = "b"
}
"""
BICEP = (
    "resource a 'Microsoft.Web/sites@2024-04-01' = if (false) {\n  name: 'a'\n}\n"
    "resource b 'Microsoft.Web/sites@2024-04-01' = {\n  name: 'b'\n}\n"
)
BOARD = """resource "aws_cloudwatch_dashboard" "{name}" {{
  {count}
  dashboard_body = jsonencode({{ widgets = [] }})
}}
"""


@pytest.mark.parametrize(
    ("path", "text", "line", "made"),
    [
        ("main.tf", TERRAFORM, 2, False),
        ("main.tf", TERRAFORM, 6, True),
        ("main.tf", TERRAFORM, 11, False),
        ("main.bicep", BICEP, 2, False),
        ("main.bicep", BICEP, 5, True),
        ("notes.yaml", "a: 1\n", 1, True),
    ],
)
def test_places(path: str, text: str, line: int, made: bool) -> None:
    """
    A line belongs to the block above it; of files of other kinds nothing is known, and they are not doubted.
    """
    infrastructure = facts_of({path: text})[Infrastructure]
    assert isinstance(infrastructure, Infrastructure)

    assert made is infrastructure.makes(Source(path=path, line=line))


def test_more_set_aside_than_is_kept() -> None:
    """
    A block that is not remembered to be void is not taken for a part of the one above it.
    """
    never = 'resource "aws_s3_bucket" "n{0}" {{\n  count = 0\n}}\n'
    made = 'resource "aws_s3_bucket" "kept" {\n  bucket = "a"\n}\n'
    text = "".join(map(never.format, range(MAX_ASIDE))) + made + never.format("last")
    infrastructure = facts_of({"main.tf": text})[Infrastructure]
    assert isinstance(infrastructure, Infrastructure)

    assert not infrastructure.makes(Source(path="main.tf", line=text.count("\n") - 1))


def test_dashboards() -> None:
    """
    A dashboard that Terraform never makes shows nobody anything; one in a file of its own is there.
    """
    facts = facts_of(
        {
            "a.tf": BOARD.format(name="kept", count=""),
            "b.tf": BOARD.format(name="never", count="count = 0"),
            "c.json": '{"title": "file", "schemaVersion": 1, "panels": []}',
        }
    )
    dashboards, infrastructure = facts[Dashboards], facts[Infrastructure]
    assert isinstance(dashboards, Dashboards)
    assert isinstance(infrastructure, Infrastructure)

    assert {"kept", "never", "file"} == {board.title for board in dashboards.files}
    assert {"kept", "file"} == {board.title for board in dashboards.made(infrastructure)}


def test_routes_above_a_middleware() -> None:
    """
    What stands above it does not go through it, unless it is put before single routes; machines count for nothing.
    """
    server = (
        "const app = express()\napp.get('/health', h)\napp.get('/search', find)\napp.use(limit())\napp.get('/a', one)\n"
    )
    routes = facts_of({"server.js": server})[Routes]
    assert isinstance(routes, Routes)
    middleware = Source(path="server.js", line=4, text="app.use(limit())")

    assert ["/search"] == [route.path for route in routes.above([middleware])]
    assert [] == routes.above([middleware.model_copy(update={"text": "router.get('/a', limit(), one)"})])


@pytest.mark.parametrize(("main", "made"), [("output a string = 'b'\n", False), ("", True)])
def test_modules_of_bicep(main: str, made: bool) -> None:
    """
    A file among the modules that none deploys is idle, where there are others than modules.
    """
    files = {"modules/site.bicep": BICEP, **({"main.bicep": main} if main else {})}
    infrastructure = facts_of(files)[Infrastructure]
    assert isinstance(infrastructure, Infrastructure)

    assert made is bool(infrastructure.blocks)
