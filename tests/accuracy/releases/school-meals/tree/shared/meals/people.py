"""Who asks, by the token that API Gateway has checked."""

import re
from dataclasses import dataclass

ID = re.compile(r"[a-f0-9-]{36}")


@dataclass(frozen=True)
class Child:
    id: str
    school: str


@dataclass(frozen=True)
class Parent:
    sub: str
    children: dict[str, str]


def parent(event: dict) -> Parent:
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    return Parent(claims["sub"], dict(pair.split(":") for pair in claims.get("custom:children", "").split(",") if pair))


def child_of(who: Parent, id: str) -> Child:
    if not ID.fullmatch(id) or id not in who.children:
        raise PermissionError(id)
    return Child(id, who.children[id])
