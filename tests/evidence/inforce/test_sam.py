"""Functions of AWS SAM, and what they bring along."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.derived import asked
from orchestrator.estate.nouns import Entries, Identities
from orchestrator.evidence.facts.infrastructure import Infrastructure

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
APIS = (
    "  Open: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}\n"
    "  Shut:\n    Type: AWS::Serverless::Api\n    Properties:\n      Auth:\n        DefaultAuthorizer: Pool\n"
    "        Authorizers: {Pool: {UserPoolArn: !GetAtt Pool.Arn}, Own: {FunctionArn: !GetAtt Own.Arn}}\n"
    "  Http:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      Auth:\n        DefaultAuthorizer: Jwt\n"
    "        Authorizers: {Jwt: {IdentitySource: x}, Own: {FunctionArn: !GetAtt Own.Arn}}\n"
)


def template(properties: str, before: str = "", condition: str = "") -> dict[str, str]:
    text = f"{HEAD}{before}Resources:\n{APIS}  Pay:\n    Type: AWS::Serverless::Function\n{condition}"
    return {"template.yaml": f"{text}    Properties:\n      Handler: pay.handler\n{properties}"}


def event(kind: str, said: str) -> str:
    return f"      Events:\n        Paid:\n          Type: {kind}\n          Properties: {{{said}}}\n"


KINDS = ("AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::Serverless::Function")
SHARED = "Globals:\n  Api: {Auth: {DefaultAuthorizer: AWS_IAM}}\n"


@pytest.mark.parametrize(
    ("kind", "said", "before", "guarded"),
    [
        ("Api", "Path: /p, Method: post", "", False),
        ("Api", "Path: /p, Method: post", SHARED, True),
        ("Api", "Path: /p, Method: post, Auth: {Authorizer: NONE}", SHARED, False),
        ("Api", "Path: /p, Method: post, Auth: {Authorizer: AWS_IAM}", "", True),
        ("Api", "Path: /p, Method: post, Auth: {ApiKeyRequired: true}", "", False),
        ("Api", "Path: /p, Method: post, RestApiId: !Ref Open", "", False),
        ("Api", "Path: /p, Method: post, RestApiId: !Ref Shut", "", True),
        ("Api", "Path: /p, Method: post, RestApiId: {Ref: Shut}, Auth: {Authorizer: Own}", "", True),
        ("Api", "Path: /p, Method: post, RestApiId: !Ref Shut, Auth: {Authorizer: NONE}", "", False),
        ("Api", "Path: /p, Method: post, RestApiId: !Ref Elsewhere", "", None),
        ("Api", "Path: /p, Method: post, RestApiId: !ImportValue Shared", "", None),
        ("Api", "Path: /p, Method: post, Auth: {Authorizer: !Ref Which}", "", None),
        ("HttpApi", "Path: /p, Method: post", "", False),
        ("HttpApi", "Path: /p, Method: post, ApiId: !Ref Http", "", True),
        ("HttpApi", "Path: /p, Method: post, ApiId: !Ref Http, Auth: {Authorizer: Own}", "", True),
        ("HttpApi", "Path: /p, Method: post, ApiId: !Ref Http, Auth: {Authorizer: NONE}", "", False),
    ],
)
def test_a_route_and_who_may_ask_it(kind: str, said: str, before: str, guarded: bool | None) -> None:
    """
    A route is asked as it says itself, else as its gateway has it; one of a gateway elsewhere cannot be told.
    """
    entries = asked(Entries, facts_of(template(event(kind, said), before)))
    (route,) = [part for part in entries.parts if part.address.startswith("Pay Paid")]

    assert guarded is route.says("guarded").value
    assert ("template.yaml", before.count("\n") + 21) == (route.at.path, route.at.line)


@pytest.mark.parametrize("kind", ["Schedule", "SQS", "S3"])
def test_other_events_open_nothing(kind: str) -> None:
    entries = asked(Entries, facts_of(template(event(kind, "Queue: x"))))

    assert ["Open", "Shut", "Http"] == [part.address.partition(" ")[0] for part in entries.parts]


@pytest.mark.parametrize(("kind", "guarded"), [("NONE", False), ("AWS_IAM", True), ("!Ref Kind", None)])
def test_an_address_of_its_own(kind: str, guarded: bool | None) -> None:
    entries = asked(Entries, facts_of(template(f"      FunctionUrlConfig: {{AuthType: {kind}}}\n")))

    assert [guarded] == [p.says("guarded").value for p in entries.parts if p.address.startswith("Pay address")]


@pytest.mark.parametrize(
    ("policies", "roles"),
    [
        ("\n        - Statement: [{Effect: Allow, Action: '*', Resource: '*'}]\n", 1),
        (" {Statement: {Effect: Allow, Action: '*', Resource: '*'}}\n", 1),
        (" [AWSLambdaBasicExecutionRole, {DynamoDBReadPolicy: {TableName: x}}]\n", 0),
        (" AWSLambdaBasicExecutionRole\n", 0),
    ],
)
def test_what_it_may_do(policies: str, roles: int) -> None:
    found = facts_of(template(f"      Policies:{policies}"))

    assert roles == len(asked(Infrastructure, found).of("AWS::IAM::Role")) == len(asked(Identities, found).parts)


def test_a_function_that_is_not_made_brings_nothing() -> None:
    before = "Conditions: {Never: !Equals [a, b]}\n"
    files = template(event("Api", "Path: /p, Method: get"), before, "    Condition: Never\n")

    assert 3 == len(asked(Entries, facts_of(files)).parts)


def test_a_resource_without_a_type_of_its_own() -> None:
    files = template("      Timeout: 3\n")
    files["template.yaml"] += "  Other: {Type: {Ref: Kind}}\n"

    assert 4 == len(asked(Infrastructure, facts_of(files)).of(*KINDS))


@pytest.mark.parametrize("properties", ["      Events: 7\n", "      Events: {A: 7}\n", event("Api", "Auth: 7")])
def test_whatever_stands_where_something_else_belongs(properties: str) -> None:
    assert 3 <= len(asked(Entries, facts_of(template(properties))).parts)
