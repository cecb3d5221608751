"""A service of the Serverless Framework as the estate sees it: what it makes, when, and what nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.derived import asked
from orchestrator.estate.data_stores import DataStores
from orchestrator.estate.declared import Declared
from orchestrator.estate.nouns import Buckets, Entries, Identities, LogStores, Queues
from orchestrator.estate.workloads import Workloads
from orchestrator.evidence.facts.infrastructure import Infrastructure
from orchestrator.evidence.inforce.serverless.references import References
from orchestrator.evidence.inforce.terraform.bodies import Room
from orchestrator.evidence.inforce.terraform.values import PRODUCTION, UNKNOWN

HEAD = "service: shop\nprovider:\n  name: aws\n  runtime: nodejs22.x\n"
FUNCTION = "functions:\n  pay:\n    handler: pay.handler\n"


def service(text: str, head: str = HEAD, **more: str) -> dict[str, str]:
    return {"serverless.yml": head + text, **more}


def read(text: str, head: str = HEAD) -> Infrastructure:
    found = facts_of(service(text, head))[Infrastructure]
    assert isinstance(found, Infrastructure)
    return found


def parts(noun: type[Any], text: str) -> list[tuple[str, str]]:
    return [(part.kind, part.address.partition(" (")[0]) for part in asked(noun, facts_of(service(text))).parts]


def event(text: str) -> str:
    return f"{FUNCTION}    events:\n      - {text}\n"


class TestReferences:
    BODY = {
        "provider": {"name": "aws", "stage": "${opt:stage, 'dev'}", "region": "eu-west-1"},
        "params": {"default": {"size": 1, "kept": 2}, "prod": {"size": 3}, "dev": {"size": 9}},
        "custom": {
            "days": {"dev": 3, "prod": 90},
            "both": {"prod": 1, "production": 2},
            "list": ["a", "b"],
            "named": "shop-${sls:stage}",
            "far": "${self:custom.days}",
            "loop": "${self:custom.loop}",
            "all": {"on": True, "text": "${self:provider.region}"},
        },
    }

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("plain", "plain"),
            ("${self:provider.region}", "eu-west-1"),
            ("a-${self:provider.region}-b", "a-eu-west-1-b"),
            ("${self:custom.days.dev}", 3),
            ("n${self:custom.days.dev}", "n3"),
            ("n${self:custom.all.on}", "ntrue"),
            ("${self:custom.all}", {"on": True, "text": "eu-west-1"}),
            ("${self:custom.list.1}", "b"),
            ("${self:custom.list.2, 'c'}", "c"),
            ("${self:custom.far.prod}", 90),
            ("${self:custom.gone}", UNKNOWN),
            ("${self:custom.gone, 'x'}", "x"),
            ('${self:custom.gone, "x"}', "x"),
            ("${self:custom.gone, self:custom.days.dev}", 3),
            ("${self:custom.gone, true}", True),
            ("${self:custom.gone, false}", False),
            ("${self:custom.gone, null}", None),
            ("${self:custom.gone, 12}", 12),
            ("${self:custom.gone.further, 'x'}", "x"),
            ("${self:custom.loop}", UNKNOWN),
            ("${opt:region, 'us-east-1'}", "us-east-1"),
            ("${opt:region}", UNKNOWN),
            ("${opt:stage}", PRODUCTION),
            ("${opt:stage, 'dev'}", PRODUCTION),
            ("${opt:stage, 'prod'}", "prod"),
            ("${sls:stage}", PRODUCTION),
            ("${self:provider.stage}", PRODUCTION),
            ("${self:custom.days.${sls:stage}}", 90),
            ("${self:custom.days.${opt:stage, self:provider.stage}}", 90),
            ("${self:custom.both.${sls:stage}}", UNKNOWN),
            ("${self:custom.list.${sls:stage}, 'x'}", "x"),
            ("${self:custom.all.${sls:stage}, 'x'}", "x"),
            ("${self:custom.named}", UNKNOWN),
            ("${param:size}", 3),
            ("${param:kept}", 2),
            ("${param:gone}", UNKNOWN),
            ("${env:SIZE}", UNKNOWN),
            ("${env:SIZE, 3}", UNKNOWN),
            ("${ssm:/shop/size}", UNKNOWN),
            ("${cf:base.Size}", UNKNOWN),
            ("${file(./sizes.yml):size}", UNKNOWN),
            ("${strToBool(true)}", True),
            ("${strToBool(0)}", False),
            ("${strToBool(perhaps)}", UNKNOWN),
            ("${AWS::Region}", "${AWS::Region}"),
            ("${Table}-${self:custom.days.dev}", "${Table}-3"),
            ("\x01${self:custom.days.dev}", UNKNOWN),
        ],
    )
    def test_what_one_comes_to(self, text: str, value: object) -> None:
        """
        What the file itself says is known, and the stage is production's; what is given from outside is not.
        """
        assert value == References(self.BODY, Room()).value(text)

    def test_parameters_of_stages(self) -> None:
        body = {"stages": {"default": {"params": {"size": 1, "kept": 2}}, "prod": {"params": {"size": 3}}}}

        assert (3, 2) == tuple(References(body, Room()).value("${param:" + name + "}") for name in ("size", "kept"))

    def test_what_cannot_be_told_stays_as_it_is_written(self) -> None:
        filled = References(self.BODY, Room()).fill(
            {"a": ["${env:X}", "${self:custom.days.dev}"], "b": "${sls:stage}", "c": 7}
        )

        assert {"a": ["${env:X}", 3], "b": "${sls:stage}", "c": 7} == filled

    @pytest.mark.parametrize("times", [1, 40])
    def test_what_grows_with_each_name_ends(self, times: int) -> None:
        """
        What holds itself several times is worked out within bounds, and it is told that it is not whole.
        """
        references = References({"custom": {str(n): "${self:custom}" for n in range(times)}}, Room())
        references.fill("${self:custom}")

        assert references.spent is (times > 1)

    def test_what_is_put_in_place_is_bounded(self) -> None:
        """
        A text of which there is no end stays as it is written, however often it is named.
        """
        body = {"custom": {"long": "x" * 5_000, "short": "x" * 20}}

        assert "${self:custom.long}" == References(body, Room()).fill("${self:custom.long}")
        assert "x" * 20 == References(body, Room(20)).fill("${self:custom.short}")
        assert "${self:custom.short}" == References(body, Room(19)).fill("${self:custom.short}")


class TestServices:
    def test_a_function_with_its_settings(self) -> None:
        head = (
            HEAD + "  memorySize: ${self:custom.size}\n  timeout: 6\n  logRetentionInDays: 30\n"
            "  environment: {A: a, B: b}\n  tracing: {lambda: true}\n"
        )
        text = f"custom: {{size: 512}}\n{FUNCTION}    timeout: 9\n    environment: {{B: own}}\n    onError: queue\n"
        function, logs = read(text, head).blocks

        assert {
            "Handler": "pay.handler",
            "Runtime": "nodejs22.x",
            "MemorySize": 512,
            "Timeout": 9,
            "FunctionName": "pay",
            "Environment": {"Variables": {"A": "a", "B": "own"}},
            "TracingConfig": {"Mode": "Active"},
            "DeadLetterConfig": {"TargetArn": "queue"},
        } == function.body
        assert ("AWS::Lambda::Function", "PayLambdaFunction", 12) == (function.type, function.label, function.at().line)
        assert (13, 14) == (function.at("Handler").line, function.at("Timeout").line)
        assert ({"LogGroupName": "/aws/lambda/pay", "RetentionInDays": 30}) == logs.body

    @pytest.mark.parametrize(
        ("more", "logs"),
        [("disableLogs: true", []), ("logRetentionInDays: 5", [5]), ("disableLogs: false", [None])],
    )
    def test_logs_of_a_function(self, more: str, logs: list[int | None]) -> None:
        found = read(f"{FUNCTION}    {more}\n")

        assert logs == [block.get("RetentionInDays") for block in found.of("AWS::Logs::LogGroup")]

    @pytest.mark.parametrize(
        ("line", "noun", "expected"),
        [
            ("http: GET /x", Entries, [("gateway", "pay http GET /x"), ("gateway", "http")]),
            ("httpApi: GET /x", Entries, [("gateway", "pay httpApi GET /x"), ("gateway", "httpApi")]),
            ("httpApi: '*'", Entries, [("gateway", "pay httpApi ANY /*"), ("gateway", "httpApi")]),
            ("websocket: $connect", Entries, [("gateway", "pay websocket $connect"), ("gateway", "websocket")]),
            ("websocket: say", Entries, [("gateway", "websocket")]),
            ("cloudFront: {origin: s3://x}", Entries, [("cdn", "pay cloudFront")]),
            ("s3: photos", Buckets, [("", "s3 photos")]),
            ("s3: {bucket: photos, event: 's3:ObjectCreated:*'}", Buckets, [("", "s3 photos")]),
            ("s3: '${self:custom.bucket}'", Buckets, [("", "s3 ${self:custom.bucket}")]),
            ("s3: {bucket: photos, existing: true}", Buckets, []),
            ("s3: {bucket: !Ref Photos}", Buckets, []),
            ("sns: told", Queues, [("topic", "sns told")]),
            ("sns: {topicName: told}", Queues, [("topic", "sns told")]),
            ("sns: 'arn:aws:sns:eu-west-1:1:told'", Queues, []),
            ("sns: {topicName: told, arn: !Ref Told}", Queues, []),
            ("eventBridge: {eventBus: orders}", Queues, [("bus", "eventBridge orders")]),
            ("eventBridge: {eventBus: default}", Queues, []),
            ("eventBridge: {eventBus: 'arn:aws:events:eu-west-1:1:event-bus/x'}", Queues, []),
            ("cognitoUserPool: {pool: users}", Identities, [("identity", "pool users")]),
            ("cognitoUserPool: {pool: users, existing: true}", Identities, []),
            ("alb: {listenerArn: x}", Entries, []),
            ("sqs: 'arn:aws:sqs:eu-west-1:1:x'", Queues, []),
            ("alexaSkill", Entries, []),
        ],
    )
    def test_what_is_made_for_an_event(self, line: str, noun: type[Any], expected: list[tuple[str, str]]) -> None:
        assert expected == parts(noun, event(line))
        assert () == asked(noun, facts_of(service(event(line)))).not_understood

    @pytest.mark.parametrize(
        ("line", "guarded"),
        [
            ("http: GET /x", False),
            ("http: {path: x, method: get}", False),
            ("http: {path: x, method: get, private: true}", False),
            ("http: {path: x, method: get, authorizer: aws_iam}", True),
            ("http: {path: x, method: get, authorizer: guard}", True),
            ("http: {path: x, method: get, authorizer: ''}", False),
            ("http: {path: x, method: get, authorizer: {type: COGNITO_USER_POOLS, authorizerId: !Ref A}}", True),
            ("http: {path: x, method: get, authorizer: {arn: 'arn:aws:cognito-idp:eu-west-1:1:userpool/x'}}", True),
            ("http: {path: x, method: get, authorizer: {arn: !GetAtt Guard.Arn}}", True),
            ("http: {path: x, method: get, authorizer: {name: guard, type: token}}", True),
            ("http: {path: x, method: get, authorizer: {type: starlight}}", None),
            ("http: {path: x, method: get, authorizer: '${env:GUARD}'}", None),
            ("httpApi: {path: /x, method: get}", False),
            ("httpApi: {path: /x, method: get, authorizer: users}", True),
            ("httpApi: {path: /x, method: get, authorizer: {name: own}}", True),
            ("httpApi: {path: /x, method: get, authorizer: {type: aws_iam}}", True),
            ("httpApi: {path: /x, method: get, authorizer: gone}", None),
            ("httpApi: {path: /x, method: get, authorizer: {id: !Ref Guard}}", None),
            ("websocket: $connect", False),
            ("websocket: {route: $connect, authorizer: guard}", True),
        ],
    )
    def test_who_is_asked_who_they_are(self, line: str, guarded: bool | None) -> None:
        head = HEAD + "  httpApi:\n    authorizers:\n      users: {issuerUrl: x}\n      own: {type: request}\n"
        entry = asked(Entries, facts_of(service(event(line), head))).parts[0]

        assert guarded is entry.says("guarded").value

    @pytest.mark.parametrize(
        ("url", "guarded"),
        [("true", False), ("{authorizer: aws_iam}", True), ("{cors: true}", False), ("{authorizer: '${env:A}'}", None)],
    )
    def test_an_address_of_its_own(self, url: str, guarded: bool | None) -> None:
        (entry,) = asked(Entries, facts_of(service(f"{FUNCTION}    url: {url}\n"))).parts

        assert ("function", guarded) == (entry.kind, entry.says("guarded").value)

    @pytest.mark.parametrize(
        ("head", "line", "shared"),
        [
            ("  apiGateway: {restApiId: x}\n", "http: GET /x", False),
            ("  httpApi: {id: x}\n", "httpApi: GET /x", False),
            ("  apiGateway: {websocketApiId: x}\n", "websocket: $connect", False),
            ("  apiGateway: {minimumCompressionSize: 1}\n", "http: GET /x", True),
        ],
    )
    def test_a_gateway_that_is_there_already(self, head: str, line: str, shared: bool) -> None:
        entries = asked(Entries, facts_of(service(event(line), HEAD + head))).parts

        assert (2 if shared else 1) == len(entries)

    @pytest.mark.parametrize(
        "text",
        [
            "  iam:\n    role:\n      statements:\n        - {Effect: Allow, Action: '*', Resource: '*'}\n",
            "  iamRoleStatements:\n    - {Effect: Allow, Action: '*', Resource: '*'}\n",
        ],
    )
    def test_what_its_role_may_do(self, text: str) -> None:
        (role,) = read(FUNCTION, HEAD + text).of("AWS::IAM::Role")
        statement = ("Policies", 0, "PolicyDocument", "Statement", 0)

        assert {"Effect": "Allow", "Action": "*", "Resource": "*"} == role.get(*statement)
        assert 4 + text.count("\n") == role.at(*statement).line

    def test_a_role_that_is_there_already_is_none_of_it(self) -> None:
        assert [] == read(FUNCTION, HEAD + "  iam:\n    role: arn:aws:iam::1:role/x\n").of("AWS::IAM::Role")

    def test_resources_stand_where_they_are_written(self) -> None:
        text = "    Jobs:\n      Type: AWS::SQS::Queue\n      Properties:\n        QueueName: j\n"
        text, listed = f"resources:\n  Resources:\n{text}", f"resources:\n- Resources:\n{text}"
        plain, inside = (read(written).blocks[0] for written in (text, listed))

        assert [7, 10, 7, 10] == [b.at(*keys).line for b in (plain, inside) for keys in ((), ("QueueName",))]
        assert {"QueueName": "j"} == plain.body == inside.body

    def test_conditions_of_its_resources(self) -> None:
        text = (
            f"{FUNCTION}    condition: Never\nresources:\n  Conditions: {{Never: !Equals [a, b]}}\n"
            "  Resources:\n    Jobs: {Type: AWS::SQS::Queue, Condition: Never}\n"
        )
        found = read(text)

        assert () == found.blocks
        assert [True, True, True] == [aside.void for aside in found.aside]

    def test_what_is_laid_over_what_the_framework_makes(self) -> None:
        text = FUNCTION + "resources:\n  extensions:\n    PayLogGroup:\n      Properties: {RetentionInDays: 400}\n"
        (logs,) = read(text).of("AWS::Logs::LogGroup")

        assert (400, "/aws/lambda/pay", 11) == (
            logs.get("RetentionInDays"), logs.get("LogGroupName"), logs.at("RetentionInDays").line,
        )  # fmt: skip

    def test_a_name_of_ones_own(self) -> None:
        for policy, told in (("", True), (", securityPolicy: tls_1_0", False)):
            text = f"custom:\n  customDomain: {{domainName: pay.example.com{policy}}}\n{FUNCTION}"
            (entry,) = asked(Entries, facts_of(service(text))).parts

            assert told is entry.says("tls").value
        assert () == asked(Entries, facts_of(service(f"custom:\n  customDomain: {{enabled: false}}\n{FUNCTION}"))).parts


PLUGIN = "plugins: [serverless-plugin-conditional-functions]\n"
VOID = {
    "no copy may run": FUNCTION + "    reservedConcurrency: 0\n",
    "no copy may run, told elsewhere": "custom: {most: 0}\n"
    + FUNCTION + "    reservedConcurrency: ${self:custom.most}\n",
    "switched off by a plugin": PLUGIN + FUNCTION + "    enabled: false\n",
    "switched off in words": PLUGIN + FUNCTION + "    enabled: 'false'\n",
    "a condition that is false": FUNCTION + "    condition: No\nresources: {Conditions: {No: !Equals [a, b]}}\n",
    "commented out": "functions:\n#  pay:\n#    handler: pay.handler\n",
    "an empty list": "functions: {}\n",
    "under another name": "x-functions:\n  pay:\n    handler: pay.handler\n",
    "within custom": "custom:\n  functions:\n    pay:\n      handler: pay.handler\n",
    "no settings": "functions:\n  pay:\n",
}  # fmt: skip
DOUBTED = {
    "another cloud": ("", "service: shop\nprovider: {name: google}\n"),
    "a cloud without a name": ("", "service: shop\nprovider: {runtime: x}\n"),
    "functions of a file": ("functions: ${file(functions.yml)}\n", HEAD),
    "a function of a file": ("functions:\n  pay: ${file(pay.yml)}\n", HEAD),
    "functions of files": ("functions:\n  - ${file(pay.yml)}\n", HEAD),
    "events of a file": (FUNCTION + "    events: ${file(events.yml)}\n", HEAD),
    "an event that is not known": (event("starlight: {}"), HEAD),
    "an event of a variable": (event("http: ${env:PATH}"), HEAD),
    "an event of a file": (event("s3: ${file(photos.yml):s3}"), HEAD),
    "two events in one": (event("{http: GET /x, sqs: y}"), HEAD),
    "resources of a file that is gone": ("resources: ${file(gone.yml)}\n", HEAD),
    "resources of a part of a file": ("resources: ${file(gone.yml):Resources}\n", HEAD),
    "resources of a list of files": ("resources:\n  - ${file(gone.yml)}\n", HEAD),
    "a resource of a file": ("resources:\n  Resources:\n    A: ${file(a.yml)}\n", HEAD),
    "resources of a mapping": ("resources:\n  Resources: ${file(a.yml)}\n", HEAD),
    "constructs": ("constructs: {jobs: {type: queue}}\n", HEAD),
    "state machines": ("stepFunctions: {stateMachines: {}}\n" + "stepFunctions: {stateMachines: {a: {}}}\n", HEAD),
    "left out by a plugin": ("custom: {serverlessIfElse: [{If: 'true'}]}\n", HEAD),
    "a switch without its plugin": (FUNCTION + "    enabled: false\n", HEAD),
    "a switch that cannot be told": (
        PLUGIN + FUNCTION + "    enabled: ${env:ON}\n", HEAD,
    ),
    "a condition that cannot be told": (FUNCTION + "    condition: Gone\n", HEAD),
    "more names than are worked out": (
        "custom: {" + ", ".join(f"a{n}: '${{self:custom}}'" for n in range(40)) + "}\n"
        + FUNCTION + "    environment: ${self:custom}\n", HEAD,
    ),
}  # fmt: skip


class TestInForce:
    @pytest.mark.parametrize("way", list(VOID))
    def test_what_is_void_runs_nothing(self, way: str) -> None:
        """
        A function that is only written is none, and nothing is doubted for it.
        """
        facts = facts_of(service(VOID[way]))

        assert () == asked(Workloads, facts).parts
        assert () == tuple(aside for aside in facts[Infrastructure].aside if not aside.void)

    @pytest.mark.parametrize("way", list(DOUBTED))
    def test_what_cannot_be_told_doubts_what_runs(self, way: str) -> None:
        """
        Whatever is not understood could be a function, or what it waits for.
        """
        workloads = asked(Workloads, facts_of(service(*DOUBTED[way])))

        assert workloads.doubted(()) or workloads.lacking(())

    def test_settings_that_too_many_functions_share(self) -> None:
        """
        What all functions have is not multiplied without end; those that are left out are told.
        """
        head = HEAD + "  environment: {LONG: " + "x" * 90_000 + "}\n"
        text = "functions:\n" + "".join(f"  f{n}: {{handler: a.b}}\n" for n in range(50))
        found = read(text, head)

        assert 44 == len(found.of("AWS::Lambda::Function"))
        assert 6 == len([aside for aside in found.aside if not aside.void])

    def test_who_needs_any_resource_is_not_in_doubt(self) -> None:
        """
        A part that is not understood matters to whoever looks for all of something, and to nobody else.
        """
        found = read(event("starlight: {}"))
        found.some  # noqa: B018  # asks
        doubts = found.doubted(())
        found.of("AWS::S3::Bucket")

        assert (0, 1) == (len(doubts), len(found.doubted(())))

    @pytest.mark.parametrize(
        ("line", "kept"),
        [
            ("schedule: {rate: rate(1 day), enabled: false}", []),
            ("schedule: rate(1 day)", ["AWS::Events::Rule"]),
            ("schedule: {rate: rate(1 day), method: scheduler}", ["AWS::Scheduler::Schedule"]),
            ("schedule: {rate: rate(1 day), method: scheduler, enabled: false}", []),
            ("sqs: {arn: x, enabled: false}", []),
            ("stream: {arn: x, enabled: true}", ["AWS::Lambda::EventSourceMapping"]),
            ("eventBridge: {schedule: rate(1 day), enabled: false}", []),
        ],
    )
    def test_events_that_are_switched_off(self, line: str, kept: list[str]) -> None:
        found = [block.type for block in read(event(line)).blocks]

        assert kept == [kind for kind in found if kind not in ("AWS::Lambda::Function", "AWS::Logs::LogGroup")]

    def test_resources_of_a_file_that_is_a_template(self) -> None:
        """
        What is read where it stands is not doubted where it is taken in.
        """
        table = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n"
        files = service("resources:\n  - ${file(infra/tables.yml)}\n", **{"infra/tables.yml": table})
        stores = asked(DataStores, facts_of(files))

        assert ["T (AWS::DynamoDB::Table)"] == [part.address for part in stores.parts]
        assert [] == [*stores.doubted(()), *stores.lacking(())]

    @pytest.mark.parametrize(
        ("text", "kept", "line"),
        [
            ("Type: AWS::DynamoDB::Table\nProperties: {TableName: t}\n", ["T (AWS::DynamoDB::Table)"], 2),
            ("# one\n---\nType: AWS::DynamoDB::Table\nProperties: {TableName: t}\n", ["T (AWS::DynamoDB::Table)"], 4),
            ("T:\n  Type: AWS::DynamoDB::Table\n", [], 0),
            ("Type: [\n", [], 0),
            ("Type: 7\n", [], 0),
        ],
    )
    def test_a_resource_in_a_file_of_its_own(self, text: str, kept: list[str], line: int) -> None:
        """
        One that stands by itself is made under the name that it is taken in by; anything else could be anything.
        """
        files = service("resources:\n  Resources:\n    T: ${file(infra/t.yml)}\n", **{"infra/t.yml": text})
        facts = facts_of(files)
        stores = asked(DataStores, facts)
        infrastructure = facts[Infrastructure]
        assert isinstance(infrastructure, Infrastructure)

        assert kept == [part.address for part in stores.parts]
        assert bool(kept) is not bool([*stores.doubted(()), *stores.lacking(())])
        assert [("infra/t.yml", line)] * len(kept) == [
            (at.path, at.line) for b in infrastructure.blocks for at in [b.at("TableName")]
        ]

    @pytest.mark.parametrize(
        ("name", "text", "forms"),
        [
            ("serverless.yml", HEAD + FUNCTION, []),
            ("serverless.yaml", HEAD + FUNCTION, []),
            ("api/serverless.yml", HEAD + FUNCTION, []),
            ("serverless.yml", "services: {a: {path: a}}\n", ["language"]),
            ("serverless.ts", "export default {}\n", ["language"]),
        ],
    )
    def test_what_was_read_is_not_said_to_be_unread(self, name: str, text: str, forms: list[str]) -> None:
        assert forms == [one.form for one in asked(Declared, facts_of({name: text})).unsorted]

    def test_a_file_of_that_name_beside_it(self) -> None:
        """
        A service in a file that names its stage, or its part, is one; what only begins like one is none.
        """
        for name, number in (("serverless.pay.yml", 1), ("serverless-pay.yaml", 1), ("serverlessness.yml", 0)):
            workloads = asked(Workloads, facts_of({name: HEAD + FUNCTION}))

            assert number == len(workloads.parts)

    def test_whatever_stands_where_something_else_belongs(self) -> None:
        """
        No shape of a file stops the reading of it.
        """
        for text in (
            "functions: 7\n", "functions: [7, {a: 7}]\n", "resources: 7\n", "resources: {Resources: 7}\n",
            "resources: [7]\n", FUNCTION + "    events: 7\n", FUNCTION + "    environment: 7\n", "custom: 7\n",
            "resources: {Resources: {A: 7, B: {Type: 7}, C: {}}}\n", FUNCTION + "    url: 7\n    vpc: 7\n",
            "params: 7\nstages: 7\n" + FUNCTION + "    timeout: ${param:x}\n",
        ):  # fmt: skip
            facts_of(service(text))
        for head in ("service: x\nprovider: aws\n", "service: x\nprovider: {name: aws, iam: 7, httpApi: 7}\n"):
            assert "AWS::Lambda::Function" in {block.type for block in read(FUNCTION, head).blocks}

    def test_groups_of_logs_are_log_stores(self) -> None:
        assert [("logs", "PayLogGroup")] == parts(LogStores, FUNCTION)
