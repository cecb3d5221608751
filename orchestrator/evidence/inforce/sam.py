"""Tells what a function of AWS SAM brings along: its routes with who may ask them, its address, and what it may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

FUNCTION = "AWS::Serverless::Function"
_MOST_EVENTS = 200


class Brought(NamedTuple):
    """One resource that stands in no section of its own: where it is written, what it is called, and what it says."""

    at: str
    name: str
    type: str
    properties: dict[str, Any]


class Gateways:
    """
    The gateways of one template, and how each asks callers who they are.

    Args:
        written: The properties of those that have a section of their own, by their names.
        shared: What ``Globals`` says of gateways, by ``Api`` and ``HttpApi``.
    """

    def __init__(self, written: Mapping[str, Mapping[str, Any]], shared: Mapping[str, Any]) -> None:
        self._written = written
        self._shared = shared

    def brought_by(self, name: str, body: Mapping[str, Any]) -> Iterator[Brought]:
        """What the function *name* with *body* brings along."""
        for event, said in list(_mapping(body.get("Events")).items())[:_MOST_EVENTS]:
            if isinstance(said, dict):
                yield from self._route(name, str(event), said)
        url = body.get("FunctionUrlConfig")
        if isinstance(url, dict):
            said = {"AuthType": url.get("AuthType")}
            yield Brought("/FunctionUrlConfig", f"{name} address", "AWS::Lambda::Url", said)
        policies = body.get("Policies")
        inline = [p for p in (policies if isinstance(policies, list) else [policies]) if _is_policy(p)]
        if inline:
            documents = {"Policies": [{"PolicyDocument": policy} for policy in inline]}
            yield Brought("/Policies", f"{name} role", "AWS::IAM::Role", documents)

    def _route(self, function: str, event: str, said: Mapping[str, Any]) -> Iterator[Brought]:
        settings = _mapping(said.get("Properties"))
        kind = said.get("Type")
        if kind not in ("Api", "HttpApi"):
            return
        method = str(settings.get("Method", "ANY")).upper()
        asked = self._asked(kind, settings)
        at, name = f"/Events/{event}", f"{function} {event}"
        if kind == "Api":
            properties = {"HttpMethod": method, "AuthorizationType": asked}
            yield Brought(at, name, "AWS::ApiGateway::Method", properties)
        else:
            key = f"{method} {settings.get('Path', '')}".strip()
            yield Brought(at, name, "AWS::ApiGatewayV2::Route", {"RouteKey": key, "AuthorizationType": asked})

    def _asked(self, kind: str, settings: Mapping[str, Any]) -> str:
        """How callers of a route are asked, as the gateway itself calls it; a word of nobody where it is not known."""
        reference = settings.get("RestApiId" if kind == "Api" else "ApiId")
        gateway = self._gateway(kind, reference)
        if gateway is None:
            return "a gateway that is not in the template"
        every = _mapping(gateway.get("Auth"))
        name = _mapping(settings.get("Auth")).get("Authorizer", every.get("DefaultAuthorizer"))
        if name is None or name == "NONE":
            return "NONE"
        if name == "AWS_IAM":
            return "AWS_IAM"
        if not isinstance(name, str):
            return "an authorizer that is computed"
        authorizer = _mapping(_mapping(every.get("Authorizers")).get(name))
        if "UserPoolArn" in authorizer:
            return "COGNITO_USER_POOLS"
        return "CUSTOM" if kind == "Api" or "FunctionArn" in authorizer else "JWT"

    def _gateway(self, kind: str, reference: Any) -> Mapping[str, Any] | None:
        """What is said of the gateway of a route: of the one that it names, or of the one that all others share."""
        if reference is None:
            return _mapping(self._shared.get(kind))
        name = reference.get("Ref", reference.get("!Ref")) if isinstance(reference, dict) else reference
        return self._written.get(name) if isinstance(name, str) else None


def _is_policy(policy: Any) -> bool:
    return isinstance(policy, dict) and isinstance(policy.get("Statement"), list | dict)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
