"""Tells what the Serverless Framework makes for each event that a function waits for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_METHOD, _ROUTE = "AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route"
_ROUTED = frozenset({"http", "httpApi", "websocket", "cloudFront"})
"""Events of which more is said than a name; what is said elsewhere may be all of it."""
_ELSEWHERE = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}$")
_QUIET = frozenset(
    {"alb", "kafka", "msk", "activemq", "rabbitmq", "cloudwatchLog", "cloudwatchEvent", "iot", "iotFleetProvisioning"}
    | {"alexaSkill", "alexaSmartHome"}
)
"""Events from what is there already."""


class Made(NamedTuple):
    """One resource: its name among those of its function, its type and its properties."""

    name: str
    type: str
    properties: dict[str, Any]


class _Event(NamedTuple):
    """One event: what is said of it, as a text or as settings, and what is said of the service."""

    said: Any
    settings: dict[str, Any]
    provider: Mapping[str, Any]


def made_for(event: Any, provider: Mapping[str, Any]) -> Iterator[Made] | None:
    """What is made for one *event* of a function; None where nobody knows."""
    if isinstance(event, str):
        event = {event: {}}
    if not isinstance(event, dict) or len(event) != 1:
        return None
    kind, said = next(iter(event.items()))
    if isinstance(said, str) and _ELSEWHERE.match(said) and (kind in _ROUTED or "${file(" in said):
        return None
    if kind in _QUIET:
        return iter(())
    maker = _MAKERS.get(kind)
    return None if maker is None else maker(_Event(said, said if isinstance(said, dict) else {}, provider))


def _http(event: _Event) -> Iterator[Made]:
    method, path = _asked(event)
    properties: dict[str, Any] = {
        "HttpMethod": method,
        "AuthorizationType": _authorization(event.settings.get("authorizer"), {}, "CUSTOM"),
    }
    if event.settings.get("private") is True:
        properties["ApiKeyRequired"] = True
    yield Made(f"http {method} {path}", _METHOD, properties)
    if not _has(event.provider, "apiGateway", "restApiId"):
        yield Made("http", "AWS::ApiGateway::RestApi", {})


def _http_api(event: _Event) -> Iterator[Made]:
    method, path = _asked(event)
    api = event.provider.get("httpApi")
    named = api.get("authorizers") if isinstance(api, dict) else None
    kind = _authorization(event.settings.get("authorizer"), named if isinstance(named, dict) else {}, "")
    yield Made(f"httpApi {method} {path}", _ROUTE, {"RouteKey": f"{method} {path}", "AuthorizationType": kind})
    if not _has(event.provider, "httpApi", "id"):
        yield Made("httpApi", "AWS::ApiGatewayV2::Api", {"ProtocolType": "HTTP"})


def _websocket(event: _Event) -> Iterator[Made]:
    """Who may connect is asked once; what comes after that is from somebody who was let in."""
    route = event.settings.get("route") if event.settings else event.said
    if route == "$connect":
        kind = _authorization(event.settings.get("authorizer"), {}, "CUSTOM")
        yield Made("websocket $connect", _ROUTE, {"RouteKey": "$connect", "AuthorizationType": kind})
    if not _has(event.provider, "apiGateway", "websocketApiId"):
        yield Made("websocket", "AWS::ApiGatewayV2::Api", {"ProtocolType": "WEBSOCKET"})


def _asked(event: _Event) -> tuple[str, str]:
    """The method and the path of what stands as ``get /users``, or as settings."""
    if isinstance(event.said, str):
        method, _, path = event.said.strip().partition(" ")
        method, path = (method, path) if path else ("*", path or method)
    else:
        method, path = str(event.settings.get("method", "*")), str(event.settings.get("path", ""))
    method = method.upper()
    return ("ANY" if method == "*" else method)[:20], f"/{path.strip().lstrip('/')}"[:200]


def _authorization(authorizer: Any, named: Mapping[str, Any], otherwise: str) -> str:
    """How callers are asked who they are, as a gateway calls it; its name where that is not known."""
    if not authorizer:
        return "NONE"
    if isinstance(authorizer, str):
        if authorizer in named:
            return _authorization({"type": "jwt", **_mapping(named[authorizer])}, {}, otherwise)
        if "${" in authorizer:
            return authorizer
        plainly = "COGNITO_USER_POOLS" if ":cognito-idp:" in authorizer else otherwise or authorizer
        return "AWS_IAM" if authorizer.lower() == "aws_iam" else plainly
    settings = _mapping(authorizer)
    kind = str(settings.get("type", "")).upper()
    if kind in ("AWS_IAM", "COGNITO_USER_POOLS", "JWT"):
        return kind
    if kind in ("REQUEST", "TOKEN", "CUSTOM"):
        return "CUSTOM"
    if kind or not settings:
        return kind or "NONE"
    for key in ("arn", "name", "id"):
        if isinstance(settings.get(key), str):
            return _authorization(settings[key], named, otherwise)
    return otherwise or "an authorizer"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _has(provider: Mapping[str, Any], section: str, key: str) -> bool:
    """Whether it is somebody else's gateway."""
    return bool(_mapping(provider.get(section)).get(key))


def _bucket(event: _Event) -> Iterator[Made]:
    name = event.settings.get("bucket") if event.settings else event.said
    if event.settings.get("existing") is True or not isinstance(name, str):
        return
    own = _mapping(_mapping(event.provider.get("s3")).get(name))
    properties = {key[:1].upper() + key[1:]: value for key, value in own.items() if isinstance(key, str)}
    properties["BucketName"] = properties.pop("Name", name)
    yield Made(f"s3 {name}", "AWS::S3::Bucket", properties)


def _topic(event: _Event) -> Iterator[Made]:
    name = event.settings.get("topicName") if event.settings else event.said
    if isinstance(name, str) and not name.startswith("arn:") and "arn" not in event.settings:
        yield Made(f"sns {name}", "AWS::SNS::Topic", {"TopicName": name})


def _rule(event: _Event) -> Iterator[Made]:
    bus = event.settings.get("eventBus")
    if isinstance(bus, str) and bus != "default" and not bus.startswith("arn:"):
        yield Made(f"eventBridge {bus}", "AWS::Events::EventBus", {"Name": bus})
    kind = "AWS::Scheduler::Schedule" if event.settings.get("method") == "scheduler" else "AWS::Events::Rule"
    yield Made("schedule", kind, {"State": _state(event.settings)})


def _state(settings: Mapping[str, Any]) -> str:
    enabled = settings.get("enabled", True)
    if isinstance(enabled, bool):
        return "ENABLED" if enabled else "DISABLED"
    return str(enabled)


def _mapped(event: _Event) -> Iterator[Made]:
    yield Made("messages", "AWS::Lambda::EventSourceMapping", {"Enabled": event.settings.get("enabled", True)})


def _pool(event: _Event) -> Iterator[Made]:
    if event.settings.get("existing") is not True:
        yield Made(f"pool {event.settings.get('pool')}", "AWS::Cognito::UserPool", {})


def _distribution(event: _Event) -> Iterator[Made]:
    behavior = {"ViewerProtocolPolicy": "allow-all", **_mapping(event.settings.get("behavior"))}
    yield Made(
        "cloudFront",
        "AWS::CloudFront::Distribution",
        {"DistributionConfig": {"Enabled": True, "DefaultCacheBehavior": behavior}},
    )


_MAKERS = {
    "http": _http,
    "httpApi": _http_api,
    "websocket": _websocket,
    "s3": _bucket,
    "sns": _topic,
    "schedule": _rule,
    "eventBridge": _rule,
    "sqs": _mapped,
    "stream": _mapped,
    "cognitoUserPool": _pool,
    "cloudFront": _distribution,
}
