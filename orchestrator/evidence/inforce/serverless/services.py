"""Translates a service of the Serverless Framework into the template of CloudFormation that it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....domain.located import pointer
from ....formats.yaml import Parsed
from ..force import Force, unknown, void
from ..terraform.bodies import Room
from .events import made_for
from .references import References

_MAX_FUNCTIONS = 1_000
_MAX_EVENTS = 5_000
_MAX_SHARED = 4_000_000
"""Characters of what all functions share, each time that one has it."""
_FILE = re.compile(r"\$\{file\(([^(){}$]{1,300})\)(:[^{}]{0,200})?\}")
_ONE = "a resource"
_SECTIONS = ("Parameters", "Conditions", "Mappings")
_FUNCTION, _LOGS, _ROLE = "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::IAM::Role"
_UNREAD = {
    "constructs": "has constructs of a plugin",
    "stepFunctions": "has state machines of a plugin",
    "appSync": "has an API of a plugin",
    "layers": "",
}
"""Sections from which plugins make resources."""
_SETTINGS = {
    "handler": "Handler",
    "runtime": "Runtime",
    "memorySize": "MemorySize",
    "timeout": "Timeout",
    "reservedConcurrency": "ReservedConcurrentExecutions",
    "kmsKeyArn": "KmsKeyArn",
    "vpc": "VpcConfig",
    "architecture": "Architectures",
}
"""Settings of a function, or of all of them, and how CloudFormation calls them."""
_SWITCHING = re.compile(r"conditional-functions|disable-functions|ifelse|if-else")
"""Plugins by which a function has a switch of its own."""


@dataclass
class Doubt:
    """What is not made, or of which nobody can tell what it makes."""

    line: int
    force: Force
    what: str = ""
    about: tuple[str, ...] = ()


@dataclass
class Taken:
    """A file whose resources are taken in as they stand there: a whole template, or one resource by its name here."""

    line: int
    path: str
    name: str = ""


@dataclass
class Translated:
    """A template, what is left out of it, and the files that add to it."""

    document: Parsed
    doubts: list[Doubt] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)


def is_service(body: Any) -> bool:
    """Whether *body* is a service of the framework."""
    return isinstance(body, dict) and "service" in body and isinstance(body.get("provider"), dict | str)


def translated(document: Parsed, room: Room) -> Translated:
    """What *document*, which is a service, becomes; what its references come to is put in place where *room* is."""
    return _Service(document, room).whole()


class _Service:
    def __init__(self, document: Parsed, room: Room) -> None:
        self._document = document
        self._body: dict[str, Any] = document.body
        self._references = References(self._body, room)
        said = self._references.fill(self._body.get("provider"))
        self._provider: dict[str, Any] = said if isinstance(said, dict) else {"name": said}
        self._found = Translated(Parsed({}, document.line, {}))
        self._resources: dict[str, dict[str, Any]] = {}
        self._lines: dict[str, int] = {}
        self._left = _MAX_EVENTS
        self._shared = len(str([self._provider.get(key) for key in (*_SETTINGS, "environment")]))
        self._room = _MAX_SHARED

    def whole(self) -> Translated:
        name = self._provider.get("name")
        if name != "aws":
            self._doubt(("provider",), unknown(f"is a service for {str(name)[:60]}, of which nothing is read"))
            return self._found
        own = self._body.get("plugins")
        self._plugins = str(own)[:5_000]
        sections: dict[str, Any] = {}
        for at, functions in self._sections("functions"):
            self._functions(at, functions)
        self._role()
        for at, resources in self._sections("resources"):
            sections |= {key: resources[key] for key in _SECTIONS if isinstance(resources.get(key), dict)}
            self._written(at, resources)
        self._domains()
        for key, reason in _UNREAD.items():
            if reason and self._body.get(key):
                self._doubt((key,), unknown(reason))
        if "serverlessIfElse" in _mapping(self._body.get("custom")):
            self._doubt(("custom", "serverlessIfElse"), unknown("has parts that a plugin leaves out by a condition"))
        if self._references.spent:
            self._doubt((), unknown("has more references than are worked out"))
        self._found.document = Parsed({**sections, "Resources": self._resources}, self._document.line, self._lines)
        return self._found

    def _sections(self, key: str) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
        """The mappings under *key*, which is one or a list of them; files that are named there are noted."""
        section = self._body.get(key)
        several = section if isinstance(section, list) else [section]
        for number, one in enumerate(several[:200]):
            at = (key, str(number)) if isinstance(section, list) else (key,)
            if isinstance(one, dict):
                yield at, one
            elif isinstance(one, str):
                self._elsewhere(at, one, key)

    def _elsewhere(self, at: tuple[str, ...], said: str, key: str) -> None:
        """Note what is taken from a file; of resources, what a whole template has is read where it stands."""
        file = _FILE.fullmatch(said.strip())
        if file is not None and key == "resources" and not file[2]:
            self._found.taken.append(Taken(self._line(at), file[1].strip()))
        elif file is not None and key == _ONE and not file[2]:
            self._found.taken.append(Taken(self._line(at), file[1].strip(), at[-1]))
        else:
            self._doubt(at, unknown(f"has {key} from elsewhere: {said.strip()[:100]}"))

    def _functions(self, at: tuple[str, ...], functions: Mapping[str, Any]) -> None:
        for name, written in list(functions.items())[:_MAX_FUNCTIONS]:
            place = (*at, str(name))
            if isinstance(written, str):
                self._elsewhere(place, written, "functions")
            elif isinstance(written, dict):
                self._function(str(name), place, written)
        if len(functions) > _MAX_FUNCTIONS:
            self._doubt(at, unknown(f"has more than the {_MAX_FUNCTIONS:,} functions that are read"))

    def _function(self, name: str, at: tuple[str, ...], written: dict[str, Any]) -> None:
        said = self._references.fill(written)
        function: dict[str, Any] = said if isinstance(said, dict) else {}
        self._room -= self._shared
        if self._room < 0:
            self._doubt(at, unknown("is one of more than share so many settings"), f"function {name}", _OF_FUNCTIONS)
            return
        force = self._switch(function)
        if force is not None:
            self._doubt((*at, "enabled"), force, f"function {name}", _OF_FUNCTIONS)
            return
        logical = _logical(name)
        known = {**self._provider, **function}
        properties = {new: known[old] for old, new in _SETTINGS.items() if known.get(old) is not None}
        properties["FunctionName"] = function.get("name", name)
        shared, own = _mapping(self._provider.get("environment")), _mapping(function.get("environment"))
        if shared or own:
            properties["Environment"] = {"Variables": {**shared, **own}}
        traced = function.get("tracing", _mapping(self._provider.get("tracing")).get("lambda"))
        if traced:
            properties["TracingConfig"] = {"Mode": "Active" if traced is True else traced}
        if function.get("onError"):
            properties["DeadLetterConfig"] = {"TargetArn": function["onError"]}
        self._put(f"{logical}LambdaFunction", _FUNCTION, properties, at, function)
        for old, new in _SETTINGS.items():
            if old in function:
                self._lines[pointer(("Resources", f"{logical}LambdaFunction", "Properties", new))] = self._line(
                    (*at, old)
                )
        if function.get("disableLogs") is not True:
            days = function.get("logRetentionInDays", self._provider.get("logRetentionInDays"))
            kept = {} if days is None else {"RetentionInDays": days}
            group = f"{logical}LogGroup"
            self._put(group, _LOGS, {"LogGroupName": f"/aws/lambda/{properties['FunctionName']}", **kept}, at, function)
        self._addressed(logical, at, function)
        statements = function.get("iamRoleStatements")
        if statements:
            self._grant(f"{logical}Role", statements, (*at, "iamRoleStatements"))
        self._events(name, at, function)

    def _switch(self, function: Mapping[str, Any]) -> Force | None:
        """Why a function is not made, or not known to be; None where nothing is said against it."""
        enabled = function.get("enabled", True)
        if enabled is True:
            return None
        if not _SWITCHING.search(self._plugins):
            return unknown("has a switch that only a plugin knows")
        return void("is switched off") if enabled in (False, "false") else unknown("has a switch that cannot be told")

    def _addressed(self, logical: str, at: tuple[str, ...], function: Mapping[str, Any]) -> None:
        url = function.get("url")
        if url:
            asks = str(_mapping(url).get("authorizer", "none"))
            kind = {"none": "NONE", "aws_iam": "AWS_IAM"}.get(asks.lower(), asks)
            self._put(f"{logical}LambdaFunctionUrl", "AWS::Lambda::Url", {"AuthType": kind}, (*at, "url"), function)

    def _events(self, name: str, at: tuple[str, ...], function: Mapping[str, Any]) -> None:
        events = function.get("events")
        if isinstance(events, str):
            self._doubt((*at, "events"), unknown(f"has events from elsewhere: {events[:100]}"), f"function {name}")
        for number, event in enumerate(events if isinstance(events, list) else []):
            place = (*at, "events", str(number))
            self._left -= 1
            if self._left < 0:
                self._doubt(place, unknown(f"is one of more than {_MAX_EVENTS:,} events"), f"function {name}")
                return
            made = made_for(event, self._provider)
            if made is None:
                reason = f"has an event of which nobody knows what it makes: {str(event)[:80]}"
                self._doubt(place, unknown(reason), f"function {name}")
                continue
            for one in made:
                shared = one.name in _SHARED or one.type in _OF_THE_SERVICE
                self._put(one.name if shared else f"{name} {one.name}", one.type, one.properties, place, function)

    def _role(self) -> None:
        """The role of all functions that have none of their own, with what it may do."""
        role = _mapping(_mapping(self._provider.get("iam")).get("role"))
        for at, statements in (
            (("provider", "iam", "role", "statements"), role.get("statements")),
            (("provider", "iamRoleStatements"), self._provider.get("iamRoleStatements")),
        ):
            if statements:
                self._grant("IamRoleLambdaExecution", statements, at, role.get("managedPolicies"))

    def _grant(self, name: str, statements: Any, at: tuple[str, ...], managed: Any = None) -> None:
        listed = statements if isinstance(statements, list) else [statements]
        if not all(isinstance(one, dict) for one in listed):
            self._doubt(at, unknown("has statements from elsewhere"), name, (_ROLE,))
        policy = {"PolicyDocument": {"Version": "2012-10-17", "Statement": [s for s in listed if isinstance(s, dict)]}}
        properties = {"Policies": [policy], **({"ManagedPolicyArns": managed} if managed else {})}
        self._put(name, _ROLE, properties, at, {})
        inner = pointer(("Resources", name, "Properties", "Policies", "0", "PolicyDocument", "Statement"))
        for number in range(min(len(listed), 1_000)):
            self._lines[f"{inner}/{number}"] = self._line((*at, str(number)))

    def _domains(self) -> None:
        """The names of one's own, by the plugin that makes them."""
        custom = self._references.fill(_mapping(self._body.get("custom")).get("customDomain"))
        if isinstance(custom, dict) and custom.get("enabled", True) not in (False, "false"):
            policy = str(custom.get("securityPolicy", "tls_1_2")).upper()
            properties = {"DomainName": custom.get("domainName"), "SecurityPolicy": policy}
            self._put("customDomain", "AWS::ApiGateway::DomainName", properties, ("custom", "customDomain"), {})

    def _written(self, at: tuple[str, ...], section: dict[str, Any]) -> None:
        """Resources as CloudFormation has them; what is written for one that the framework makes is laid over it."""
        for key in ("Resources", "extensions"):
            resources = section.get(key)
            if isinstance(resources, str):
                self._elsewhere((*at, key), resources, "resources of a file")
            for name, written in resources.items() if isinstance(resources, dict) else ():
                place = (*at, key, str(name))
                if isinstance(written, str):
                    self._elsewhere(place, written, _ONE)
                elif isinstance(written, dict):
                    self._lay(str(name), place, self._references.fill(written))

    def _lay(self, name: str, at: tuple[str, ...], written: Any) -> None:
        before = self._resources.get(name, {})
        if not isinstance(written, dict) or not (before or isinstance(written.get("Type"), str)):
            return
        properties = {**_mapping(before.get("Properties")), **_mapping(written.get("Properties"))}
        self._resources[name] = {**before, **written, "Properties": properties}
        start, target = pointer(at), pointer(("Resources", name))
        for place, line in self._below.get(start, {}).items():
            self._lines[f"{target}{place}"] = line

    @property
    def _below(self) -> dict[str, dict[str, int]]:
        """The lines of what is written as resources, by the pointer of each."""
        if not hasattr(self, "_index"):
            self._index: dict[str, dict[str, int]] = {}
            for place, line in self._document.lines.items():
                keys = place.split("/")
                if len(keys) > 3 and keys[1] == "resources":
                    depth = 4 if keys[2] in ("Resources", "extensions") else 5
                    inner = "/".join(keys[depth:])
                    self._index.setdefault("/".join(keys[:depth]), {})[f"/{inner}" if inner else ""] = line
        return self._index

    def _put(
        self, name: str, kind: str, properties: dict[str, Any], at: tuple[str, ...], function: Mapping[str, Any]
    ) -> None:
        resource: dict[str, Any] = {"Type": kind, "Properties": properties}
        if isinstance(function.get("condition"), str):
            resource["Condition"] = function["condition"]
        self._resources.setdefault(name, resource)
        self._lines.setdefault(pointer(("Resources", name)), self._line(at))

    def _doubt(self, at: tuple[str, ...], force: Force, what: str = "", about: tuple[str, ...] = ()) -> None:
        self._found.doubts.append(Doubt(self._line(at), force, what, about))

    def _line(self, at: tuple[str, ...]) -> int:
        """Where the entry at *at* stands, or the nearest one around it."""
        lines = self._document.lines
        for end in range(len(at), 0, -1):
            if line := lines.get(pointer(at[:end])):
                return line
        return self._document.line


_OF_FUNCTIONS = (_FUNCTION, _LOGS, "AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route", "AWS::Lambda::Url", _ROLE)
_SHARED = frozenset({"http", "httpApi", "websocket"})
"""Gateways, of which a service has one each."""
_OF_THE_SERVICE = frozenset({"AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::Events::EventBus", "AWS::Cognito::UserPool"})
"""What several functions wait at, and is there once."""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _logical(name: str) -> str:
    """What the framework calls the resources of the function *name*."""
    plain = name.replace("-", "Dash").replace("_", "Underscore")
    return plain[:1].upper() + plain[1:]
