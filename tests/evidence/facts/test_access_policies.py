"""Each statement of a policy is judged for itself, however the policy is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator import AccessPolicy, Infrastructure, Source, access_policies
from orchestrator.evidence.facts.policies import statements_of
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.infrastructure import InfrastructureReader
from orchestrator.evidence.tree import MemoryTree

ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "arn:q"}


def deny(**conditions: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*", **conditions}


def when(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


OPEN: list[tuple[list[dict[str, Any]], bool]] = [
    ([ALLOW], True),
    ([{**ALLOW, "Effect": "Deny"}], False),
    ([{**ALLOW, "Principal": {"AWS": "*"}}], True),
    ([{**ALLOW, "Principal": {"AWS": ["arn:aws:iam::1:root", "*"]}}], True),
    ([{**ALLOW, "Principal": ["arn:aws:iam::1:root", "*"]}], True),
    ([{**ALLOW, "Principal": {"AWS": "arn:aws:iam::1:root"}}], False),
    ([{**ALLOW, "Principal": {"Service": "*"}}], False),
    ([{**ALLOW, "Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}}], True),
    ([{**ALLOW, "Principal": None}], False),
    ([{"effect": "Allow", "PRINCIPAL": "*", "action": "*", "resource": "*"}], True),
    ([{**ALLOW, **when("StringEquals", "aws:PrincipalOrgID", "o-1")}], False),
    ([{**ALLOW, **when("ArnEquals", "aws:SourceArn", "arn:topic")}], False),
    ([{**ALLOW, **when("Bool", "aws:SecureTransport", "true")}], True),
    ([{**ALLOW, **when("StringEquals", "aws:RequestedRegion", "eu-west-1")}], True),
    ([{**ALLOW, **when("IpAddress", "aws:SourceIp", ["0.0.0.0/0"])}], True),
    ([{**ALLOW, **when("IpAddress", "aws:SourceIp", ["192.0.2.0/24"])}], False),
    ([{**ALLOW, **when("StringLike", "aws:PrincipalArn", "*")}], True),
    ([{**ALLOW, "Condition": "local.ours"}], False),
    ([{**ALLOW, "Condition": {"StringEquals": "local.ours"}}], False),
    ([{**ALLOW, **when("StringEquals", "aws:PrincipalOrgID", "o-1")}, ALLOW], True),
    ([ALLOW, deny(**when("StringNotEquals", "aws:PrincipalOrgID", "o-1"))], False),
    ([deny(**when("StringNotEquals", "aws:PrincipalOrgID", "o-1")), ALLOW], False),
    ([ALLOW, deny(**when("Bool", "aws:SecureTransport", "false"))], True),
    ([{**ALLOW, **when("StringNotEquals", "aws:PrincipalOrgID", "o-1")}], True),
    ([{**ALLOW, **when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1")}], True),
    ([{**ALLOW, **when("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-1/*")}], True),
    ([{**ALLOW, **when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/*")}], False),
    ([{**ALLOW, **when("NotIpAddress", "aws:SourceIp", "192.0.2.0/24")}], True),
    ([{**ALLOW, **when("Null", "aws:PrincipalOrgID", "false")}], True),
    ([{**ALLOW, **when("Bool", "aws:MultiFactorAuthPresent", "true")}], False),
    ([{**ALLOW, **when("Bool", "aws:MultiFactorAuthPresent", False)}], True),
    ([ALLOW, deny(**when("StringEquals", "aws:PrincipalOrgID", "o-1"))], True),
    ([ALLOW, deny(**when("Null", "aws:PrincipalOrgID", "true"))], False),
    ([ALLOW, deny(**when("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-1"))], False),
    ([ALLOW, deny(Condition="local.others")], False),
    (
        [
            ALLOW,
            deny(
                Condition={
                    "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                }
            ),
        ],
        False,
    ),
    (
        [
            ALLOW,
            deny(
                Condition={
                    "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
                    "Bool": {"aws:SecureTransport": "false"},
                }
            ),
        ],
        True,
    ),
    ([ALLOW, {**deny(), "Action": None, "NotAction": "sqs:ReceiveMessage"}], False),
    ([ALLOW, {**deny(), "Action": None, "NotAction": "sqs:Send*"}], True),
    ([{**ALLOW, "Action": "sqs:*"}, {**deny(), "Action": None, "NotAction": "sqs:ReceiveMessage"}], True),
    ([ALLOW, {**deny(), "Resource": None, "NotResource": "arn:other"}], False),
    ([ALLOW, {**deny(), "Resource": None, "NotResource": "arn:q"}], True),
    ([{**ALLOW, "Resource": None, "NotResource": "arn:other"}, deny()], True),
    ([{"!If": ["Open", ALLOW, {"Ref": "AWS::NoValue"}]}], True),
    ([{"Fn::If": ["Open", {"!Ref": "AWS::NoValue"}, {"Fn::If": ["Wide", deny(), ALLOW]}]}], True),
    ([ALLOW, deny()], False),
    ([ALLOW, {**deny(), "Action": "sqs:DeleteQueue"}], True),
    ([ALLOW, {**deny(), "Resource": "arn:other"}], True),
    ([ALLOW, {**deny(), "Resource": "arn:*"}], False),
    ([ALLOW, {**deny(), "Principal": {"AWS": "arn:aws:iam::1:root"}}], True),
    ([{**ALLOW, "Action": ["sqs:SendMessage", "sns:Publish"]}, deny()], True),
]


@pytest.mark.parametrize(("statements", "expected"), OPEN)
def test_open_to_everyone(statements: list[dict[str, Any]], expected: bool) -> None:
    """
    A statement for everyone opens the thing, unless its own condition or a denial of all others closes it.
    """
    found, understood = statements_of({"Statement": statements})
    policy = AccessPolicy(Source(path="q.json"), found)

    assert understood
    assert expected is (policy.open is not None)


WIDE: list[tuple[dict[str, Any], str]] = [
    ({"Action": "*", "Resource": "*"}, "every action"),
    ({"Action": ["s3:Get*", "*:*"], "Resource": ["arn:x", "*"]}, "every action"),
    ({"Action": "s3:*", "Resource": "*"}, "s3:*"),
    ({"Action": ["S3:*", "logs:*", "Logs:*"], "Resource": "*"}, "S3:*"),
    ({"Action": ["a:*", "b:*", "c:*", "d:*", "e:*"], "Resource": "*"}, "a:*, b:*, c:*, d:*"),
    ({"Action": "logs:*", "Resource": "*"}, ""),
    ({"Action": "s3:GetObject", "Resource": "*"}, ""),
    ({"Action": "*", "Resource": "arn:aws:s3:::b/*"}, ""),
    ({"Action": "*"}, ""),
    ({"NotAction": ["iam:*", "sts:*"], "Resource": "*"}, "every action but iam:*, sts:*"),
    ({"NotAction": "iam:*", "Resource": "arn:x"}, ""),
    ({"Action": "*", "NotResource": "arn:x"}, "every action"),
    ({"Action": "*", "NotResource": "*"}, ""),
    ({"NotAction": "iam:*", "NotResource": "arn:x"}, "every action but iam:*"),
    ({"NotAction": "*", "Resource": "*"}, ""),
    ({"Action": "*", "Resource": "*", "Effect": "Deny"}, ""),
    ({"Action": "*", "Resource": "*", **when("StringEquals", "aws:ResourceTag/team", "a")}, ""),
    ({"Action": "*", "Resource": "*", **when("Bool", "aws:MultiFactorAuthPresent", "true")}, "every action"),
]


@pytest.mark.parametrize(("statement", "expected"), WIDE)
def test_wide(statement: dict[str, Any], expected: str) -> None:
    """
    What may be done to every resource is told by its own statement.
    """
    found, _ = statements_of({"Statement": {"Effect": "Allow", **statement}})

    assert expected == found[0].wide(("logs",))


JSON = json.dumps({"Statement": [ALLOW]}, indent=1)
WRITTEN: list[tuple[str, str, bool]] = [
    ("heredoc", f"<<EOT\n{JSON}\nEOT", True),
    ("heredoc with CRLF", f"<<EOT\r\n{JSON}\r\nEOT".replace("\n", "\r\n").replace("\r\r", "\r"), True),
    ("indented heredoc", f"<<-EOT\n  {JSON}\n  EOT", True),
    ("quoted", json.dumps(json.dumps({"Statement": [ALLOW]})), True),
    (
        "expressions inside",
        "<<EOT\n" + JSON.replace("arn:q", '${aws_sqs_queue.q["a"].arn}') + "\nEOT",
        True,
    ),
    (
        "jsonencode",
        'jsonencode({\n  Statement = [{\n    Effect = "Allow"\n    Action = ["sqs:${var.what}"]\n'
        '    Principal = { AWS = [aws_iam_role.a.arn, "*"] }\n    Resource = aws_sqs_queue.q.arn\n  }]\n})',
        True,
    ),
    ("document", "data.aws_iam_policy_document.q.json", True),
    ("document in a template", '"${data.aws_iam_policy_document.q.json}"', True),
    ("document of several", "data.aws_iam_policy_document.many.json", True),
    ("document of one account", "data.aws_iam_policy_document.one.json", False),
    ("document that overrides", "data.aws_iam_policy_document.closed.json", False),
    ("document that takes over", "data.aws_iam_policy_document.opened.json", True),
    ("document that is not there", "data.aws_iam_policy_document.none.json", False),
    ("file", 'file("q.json")', False),
    ("not JSON", '"{ x"', False),
    ("local", "local.policy", True),
    ("local in a template", '"${local.policy}"', True),
    ("local of a local", "local.same", True),
    ("jsonencode of a local", "jsonencode(local.body)", True),
    ("local that is not there", "local.none", False),
    ("local that names itself", "local.round", False),
    ("other expression", "var.policy", False),
]
LOCALS = (
    'locals {\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Principal = "*" }] })\n'
    '  body = { Statement = [{ Effect = "Allow", Action = "sqs:*", Principal = "*" }] }\n'
    "  same = local.policy\n  round = local.round\n}\n"
)
DOCUMENT = (
    'data "aws_iam_policy_document" "%s" {\n  statement {\n    sid = "a"\n    actions = ["sqs:*"]\n'
    '    resources = [aws_sqs_queue.q.arn]\n    principals {\n      type = "AWS"\n      identifiers = [%s]\n'
    "    }\n  }\n}\n"
)
DOCUMENTS = (
    DOCUMENT % ("q", 'aws_iam_role.a.arn, "*"')
    + DOCUMENT % ("one", "aws_iam_role.a.arn")
    + 'data "aws_iam_policy_document" "many" {\n  source_policy_documents = '
    "[data.aws_iam_policy_document.one.json, data.aws_iam_policy_document.q.json]\n}\n"
    + 'data "aws_iam_policy_document" "closed" {\n  source_policy_documents = [data.aws_iam_policy_document.q.json]\n'
    "  override_policy_documents = [data.aws_iam_policy_document.one.json]\n}\n"
    + 'data "aws_iam_policy_document" "opened" {\n  source_json = data.aws_iam_policy_document.one.json\n'
    "  override_json = data.aws_iam_policy_document.q.json\n}\n"
)


@pytest.mark.parametrize(("text", "expected"), [w[1:] for w in WRITTEN], ids=[w[0] for w in WRITTEN])
def test_ways_to_write_it(text: str, expected: bool) -> None:
    """
    A policy says the same in each of its forms; of another form nothing is understood.
    """
    files = {"q.tf": f'resource "aws_sqs_queue_policy" "q" {{\n  policy = {text}\n}}\n' + LOCALS + DOCUMENTS}
    fact = read_tree(MemoryTree(files), [InfrastructureReader()])[Infrastructure]
    assert isinstance(fact, Infrastructure)
    (policy,) = access_policies(fact.of("aws_sqs_queue_policy")[0], fact, "policy", "absent")

    assert expected is (policy.open is not None)
    assert policy.understood is bool(policy.statements)
    assert 2 == policy.at.line


def test_cloudformation():
    """
    A template's policy is a mapping, of which functions stay functions.
    """
    text = (
        "Resources:\n  Q:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      PolicyDocument:\n"
        "        Statement:\n"
        "        - {Effect: Allow, Principal: !GetAtt Role.Arn, Action: 'sqs:*'}\n"
        "        - {Effect: Allow, Principal: {AWS: [!Sub 'arn:${AWS::AccountId}', '*']}, Action: 'sqs:*'}\n"
    )
    fact = read_tree(MemoryTree({"s.yaml": text}), [InfrastructureReader()])[Infrastructure]
    assert isinstance(fact, Infrastructure)
    (policy,) = access_policies(fact.resources[0], fact, "PolicyDocument")

    assert [False, True] == [statement.everyone for statement in policy.statements]


@pytest.mark.parametrize(
    ("body", "understood"),
    [
        (None, False),
        ([], False),
        ({}, False),
        ({"Statement": "x"}, False),
        ({"Statement": [{}, 1]}, False),
        ({"Statement": [ALLOW] * 201}, False),
        ({"Statement": [ALLOW] * 200}, True),
        ({"Statement": {"Action": ["*" * 5_000] * 5_000, "Principal": [["*"] * 5_000] * 500}}, True),
    ],
)
def test_what_is_no_policy(body, understood):
    """
    Anything may stand where a policy stands; nothing is raised, and what is left out is not called understood.
    """
    found, whole = statements_of(body)

    assert understood is whole
    assert len(found) <= 200


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("*", "sqs:SendMessage", True),
        ("sqs:*", "SQS:SendMessage", True),
        ("sqs:*Message", "sqs:SendMessage", True),
        ("s*:*e", "sqs:SendMessage", True),
        ("sqs:Send", "sqs:SendMessage", False),
        ("sqs:SendMessage", "sqs:sendmessage", True),
        ("sqs:*Queue", "sqs:SendMessage", False),
        ("*sqs:SendMessage*SendMessage", "sqs:SendMessage", False),
        ("sqs:*x*", "sqs:SendMessage", False),
        ("sqs:*", "sqs:*", True),
        ("sqs:Send*", "sqs:*", False),
        ("a*" * 900, "a" * 1_999 + "b", True),
        ("a*" * 900 + "c", "a" * 1_999 + "b", False),
        ("a*", "a" * 2_001, False),
    ],
)
def test_patterns(pattern, action, expected):
    """
    A denial covers what its patterns cover, in time that grows with their length.
    """
    found, _ = statements_of({"Statement": [{**ALLOW, "Action": action}, {**deny(), "Action": pattern}]})

    assert expected is found[1].covers(found[0])


def test_documents_that_name_each_other():
    """
    A circle of documents ends.
    """
    text = "".join(
        f'data "aws_iam_policy_document" "d{n}" {{\n  source_policy_documents = '
        f"[data.aws_iam_policy_document.d{(n + 1) % 3}.json]\n}}\n"
        for n in range(3)
    )
    text += 'resource "aws_sqs_queue_policy" "q" {\n  policy = data.aws_iam_policy_document.d0.json\n}\n'
    fact = read_tree(MemoryTree({"q.tf": text}), [InfrastructureReader()])[Infrastructure]
    assert isinstance(fact, Infrastructure)
    (policy,) = access_policies(fact.of("aws_sqs_queue_policy")[0], fact, "policy")

    assert ((), False) == (policy.statements, policy.understood)
