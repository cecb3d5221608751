"""A template makes what its conditions leave over the defaults of its parameters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator import Infrastructure
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.infrastructure import InfrastructureReader
from orchestrator.evidence.tree import MemoryTree

HEAD = """\
Parameters:
  Backups: {Type: String, Default: "true"}
  Off: {Type: String, Default: "false"}
  Days: {Type: Number, Default: 35}
  Asked: {Type: String}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /shop/size}
  Environment: {Type: String, Default: dev}
  Zones: {Type: CommaDelimitedList, Default: "a, b"}
Mappings:
  Sizes:
    prod: {Days: 30, Class: db.m5}
    dev: {Days: 1, Class: db.t3}
Conditions:
"""
TAIL = """
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Condition: It
    Properties:
      Engine: postgres
"""


def read(text: str, name: str = "stack.yaml") -> Infrastructure:
    fact = read_tree(MemoryTree({name: text}), [InfrastructureReader()])[Infrastructure]
    assert isinstance(fact, Infrastructure)
    assert 1 == fact.files
    return fact


FALSE, TRUE, UNTOLD = "void", "in force", "unknown"
CONDITIONS = [
    ("!Equals [!Ref Backups, 'true']", TRUE),
    ("!Equals [!Ref Backups, true]", TRUE),
    ("!Equals [!Ref Off, 'true']", FALSE),
    ("!Equals ['true', !Ref Off]", FALSE),
    ("!Equals [!Ref Days, '35']", TRUE),
    ("!Equals [!Ref Days, 7]", FALSE),
    ("!Equals [!Ref Asked, 'true']", UNTOLD),
    ("!Equals [!Ref Stored, 'large']", UNTOLD),
    ("!Equals [!Ref Nothing, 'x']", UNTOLD),
    ("!Equals [!Ref Off]", UNTOLD),
    ("Fn::Equals: [{Ref: Off}, 'false']", TRUE),
    ("!Not [!Equals [!Ref Off, 'true']]", TRUE),
    ("!Not [!Equals [!Ref Asked, 'true']]", UNTOLD),
    ("!And [!Condition Yes, !Equals [!Ref Off, 'true']]", FALSE),
    ("!And [!Condition Yes, !Condition Maybe]", UNTOLD),
    ("!And [!Condition No, !Condition Maybe]", FALSE),
    ("!And [!Condition Yes, !Condition Yes]", TRUE),
    ("!Or [!Condition No, !Condition Yes]", TRUE),
    ("!Or [!Condition Maybe, !Condition Yes]", TRUE),
    ("!Or [!Condition Maybe, !Condition No]", UNTOLD),
    ("!Or [!Condition No, {Condition: No}]", FALSE),
    ("!Condition It", UNTOLD),
    ("!Condition Missing", UNTOLD),
    ("!Strange [a]", UNTOLD),
    ("plain", UNTOLD),
    ("!Equals [!Ref Environment, prod]", TRUE),
    ("!Equals [!Ref Environment, staging]", FALSE),
    ("!Equals [!Ref Environment, blue]", UNTOLD),
    ("!Equals [!FindInMap [Sizes, !Ref Environment, Class], db.m5]", TRUE),
    ("!Equals [!Select [1, !Ref Zones], b]", TRUE),
    ("!Equals [!Join ['-', [a, !Ref Days]], a-35]", TRUE),
    ("!Equals [!Sub '${Backups}-${Days}', 'true-35']", TRUE),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_conditions(condition: str, expected: str) -> None:
    """
    What is under a false condition is void, and what is under one that depends on an answer cannot be told.
    """
    others = "  Yes: !Equals [a, a]\n  No: !Equals [a, b]\n  Maybe: !Equals [!Ref Asked, a]\n"
    fact = read(f"{HEAD}{others}  It:\n    {condition}\n" + TAIL)
    found = {False: [UNTOLD], True: [FALSE]}[fact.aside[0].void] if fact.aside else [TRUE]

    assert [expected] == found
    assert (expected == TRUE) is bool(fact.of("AWS::RDS::DBInstance"))
    assert all(("AWS::RDS::DBInstance",) == a.about and 21 == a.line for a in fact.aside)


def test_what_is_said():
    """
    The condition is named, and the thing.
    """
    fact = read(HEAD + "  It: !Equals [a, b]\n" + TAIL)

    assert ["stack.yaml:17: Db (AWS::RDS::DBInstance) has the condition It, which is false"] == [
        str(a) for a in fact.aside
    ]


VALUES: list[tuple[str, Any]] = [
    ("!Ref Days", 35),
    ("!Ref Asked", {"!Ref": "Asked"}),
    ("{Ref: Backups}", "true"),
    ("!Ref Zones", ["a", "b"]),
    ("!If [Yes, 1, 2]", 1),
    ("!If [No, 1, !Ref Days]", 35),
    ("!If [Maybe, 1, 2]", {"!If": ["Maybe", 1, 2]}),
    ("!If [Yes, {a: !Ref Days}, 2]", {"a": 35}),
    ("!If [No, 1]", {"!If": ["No", 1]}),
    ("[1, !If [No, 2, !Ref 'AWS::NoValue'], 3]", [1, 3]),
    ("{a: !If [No, 2, !Ref 'AWS::NoValue'], b: 1}", {"b": 1}),
    ("!Sub 'x-${Days}-${!Days}'", "x-35-${Days}"),
    ("!Sub 'x-${AWS::Region}'", {"!Sub": "x-${AWS::Region}"}),
    ("!Sub ['x-${n}', {n: !Ref Days}]", "x-35"),
    ("!Join [',', !Ref Zones]", "a,b"),
    ("!Join [',', [a, !Ref Asked]]", {"!Join": [",", ["a", {"!Ref": "Asked"}]]}),
    ("!Split [',', 'a,b']", ["a", "b"]),
    ("!Select [0, !Split ['-', 'x-y']]", "x"),
    ("!Select [9, !Ref Zones]", {"!Select": [9, ["a", "b"]]}),
    ("!FindInMap [Sizes, prod, Days]", 30),
    ("!FindInMap [Sizes, !Ref Environment, Days]", 30),
    ("!FindInMap [Sizes, none, Days]", {"!FindInMap": ["Sizes", "none", "Days"]}),
    ("!FindInMap [Sizes, prod]", {"!FindInMap": ["Sizes", "prod"]}),
    ("!GetAtt Key.Arn", {"!GetAtt": "Key.Arn"}),
    ("!Sub 3", "3"),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_values(text: str, expected: Any) -> None:
    """
    Known parameters and choices stand as values; what is not known stands as it is written.
    """
    others = "  Yes: !Equals [a, a]\n  No: !Equals [a, b]\n  Maybe: !Equals [!Ref Asked, a]\n"
    fact = read(f"{HEAD}{others}{TAIL.replace('    Condition: It', '')}      Value: {text}\n")

    assert expected == fact.resources[0].get("Value")


def test_lines_move_along():
    """
    What is chosen keeps its line, and so does what stands behind what is gone.
    """
    text = (
        "Conditions:\n  No: !Equals [a, b]\nResources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n"
        "      Rules:\n      - !If [No, {A: 1}, !Ref 'AWS::NoValue']\n      - Fn::If:\n        - No\n        - A: 2\n"
        "        - A: 3\n          B: 4\n"
    )
    block = read(text).resources[0]

    assert {"Rules": [{"A": 3, "B": 4}]} == block.body
    assert [12, 13] == [block.at("Rules", 0, "A").line, block.at("Rules", 0, "B").line]


def test_json():
    """
    The JSON form says the same.
    """
    body = {
        "Conditions": {"It": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Condition": "It"}},
    }
    fact = read(json.dumps(body), "stack.json")

    assert [True] == [a.void for a in fact.aside]


class TestMacros:
    @pytest.mark.parametrize(
        ("transform", "expected"),
        [
            ("AWS::Serverless-2016-10-31", True),
            ("[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]", True),
            ("OurMacro", False),
            ("[AWS::Serverless-2016-10-31, OurMacro]", False),
            ("{Name: 'AWS::Include', Parameters: {Location: s3://b/x}}", False),
        ],
    )
    def test_macros(self, transform, expected):
        """
        What a macro of somebody's own may change cannot be told.
        """
        fact = read(f"Transform: {transform}\nResources:\n  Q: {{Type: 'AWS::SQS::Queue'}}\n")

        assert expected is bool(fact.resources)
        assert ([] if expected else [False]) == [a.void for a in fact.aside]

    def test_included_properties(self):
        """
        Properties that are included from elsewhere are noted.
        """
        text = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n"
        fact = read(f"{text}      Fn::Transform: {{Name: 'AWS::Include'}}\n")

        assert 1 == len(fact.resources)
        assert [(("AWS::SQS::Queue",), False)] == [(a.about, a.void) for a in fact.aside]

    def test_loops(self):
        """
        Resources that a loop makes are not there one by one, and may be anything.
        """
        text = "Resources:\n  Q: {Type: 'AWS::SQS::Queue'}\n"
        fact = read(f"{text}  Fn::ForEach::Topics: [N, [a], {{T: {{Type: 'AWS::SNS::Topic'}}}}]\n")

        assert [((), False)] == [(a.about, a.void) for a in fact.aside]


class TestHostile:
    def test_circles_and_depth(self):
        """
        Conditions that name each other, or are nested without end, are not known.
        """
        circle = "Conditions:\n  It: !Condition B\n  B: !Condition It\n" + TAIL
        chain = "Conditions:\n  It: !Condition C0\n" + "".join(f"  C{n}: !Condition C{n + 1}\n" for n in range(90))
        chain += "  C90: !Equals [a, a]\n" + TAIL

        assert [False] == [a.void for a in read(circle).aside]
        assert [False] == [a.void for a in read(chain).aside]

    def test_growth(self):
        """
        A long default is not copied into thousands of places.
        """
        text = "Parameters:\n  Long: {Type: String, Default: " + "q" * 3_000 + "}\nResources:\n  A:\n    Type: AWS::X\n"
        text += "    Properties:\n" + "".join(f"      K{n}: !Sub '${{Long}}'\n" for n in range(1_000))

        assert len(read(text).model_dump_json()) < 200_000


class TestGlobals:
    def test_what_all_functions_have(self):
        """
        What is set for all functions is set for each, which may say more or otherwise.
        """
        text = (
            "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Tracing: Active\n    Timeout: 3\n"
            "    Layers: [a]\n    Environment:\n      Variables: {A: 1, B: 1}\nResources:\n  F:\n"
            "    Type: AWS::Serverless::Function\n    Properties:\n      Timeout: 9\n      Layers: [b]\n"
            "      Environment:\n        Variables: {B: 2}\n  Q:\n    Type: AWS::SQS::Queue\n"
        )
        function, queue = read(text).resources

        assert {
            "Tracing": "Active",
            "Timeout": 9,
            "Layers": ["b", "a"],
            "Environment": {"Variables": {"A": 1, "B": 2}},
        } == function.body
        assert [13, 10] == [function.at("Timeout").line, function.at("Tracing").line]
        assert {} == queue.body

    def test_growth(self):
        """
        What is large is not copied into thousands of functions.
        """
        text = "Globals:\n  Function:\n    Environment:\n" + "".join(f"      K{n}: {'q' * 150}\n" for n in range(70))
        text += "Resources:\n" + "".join(f"  F{n}: {{Type: 'AWS::Serverless::Function'}}\n" for n in range(3_000))

        assert len(read(text).model_dump_json()) < 2_000_000

    @pytest.mark.parametrize("shared", ["x", "[a]", "{Function: x}", "{Api: {Timeout: 1}}"])
    def test_what_is_none(self, shared):
        """
        Anything else under that name adds nothing.
        """
        text = f"Globals: {shared}\nResources:\n  F: {{Type: 'AWS::Serverless::Function'}}\n"

        assert {} == read(text).resources[0].body
