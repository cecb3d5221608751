"""Settles what a review may contact: what is allowed from outside, and nothing by the reviewed tree's own word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from ..domain.target import Allowance, Contacts, Kind, Target, Withheld
from ..errors import ConfigError, UsageError
from ._policies import Layer

_KINDS = get_args(Kind)
_ENVIRONMENT = "env:"
_TARGET_FORM = "`--target https://shop.example/health`, `metrics=http://…`, `database=env:NAME` or `report=FILE`"
_HOST_FORM = "`--allow-host shop.example`, `prometheus.internal:9090`, or `prometheus.internal:9090=10.0.0.0/8`"


def contacts(
    outside: Sequence[Layer], tree: Sequence[Layer], targets: Sequence[str] = (), hosts: Sequence[str] = ()
) -> Contacts:
    """
    What may be contacted.

    Whoever names a target from outside allows it by that, with the variables that it names. What the reviewed tree
    names is contacted only where an allowance from outside covers its host, its port and every variable that it sends.

    Args:
        outside: Files from outside the reviewed tree, the stronger later.
        tree: Files of the reviewed tree itself.
        targets: Words of ``--target``.
        hosts: Words of ``--allow-host``.

    Raises:
        ConfigError: The tree says what may be contacted, or a target has an address that is refused.
        UsageError: Words of the command cannot be meant.
    """
    _hold(tree)
    named: dict[str, Target] = {}
    allowed = [_host(word) for word in hosts]
    for layer in outside:
        allowed += layer.said.allow
        for number, target in enumerate(layer.said.targets):
            allowed += _implied(target, layer.at("targets", number))
            named[target.name] = target
    for number, word in enumerate(targets, 1):
        target = _target(word, number)
        allowed += _implied(target, "--target")
        named[target.name] = target
    found = Contacts(targets=tuple(named[name] for name in sorted(named)), allowed=tuple(allowed))
    proposed = [target for layer in tree for target in layer.said.targets]
    refused = [(target, _refused(target, found)) for target in sorted(proposed, key=lambda target: target.name)]
    more = [target for target, why in refused if not why]
    return found.model_copy(
        update={
            "targets": tuple(sorted((*found.targets, *more), key=lambda target: target.name)),
            "withheld": tuple(
                Withheld(target=target.name, kind=target.kind, where=target.where, why=why)
                for target, why in refused
                if why
            ),
        }
    )


def absolute(words: Iterable[str]) -> list[str]:
    """Words of ``--target`` as another folder has to say them."""
    return [f"report={Path(where).resolve()}" if kind == "report" else word for word, kind, where in map(_split, words)]


def _hold(tree: Sequence[Layer]) -> None:
    """Refuse a tree that says what may be contacted."""
    mistakes = [
        ConfigError(
            f"'allow' stands in the reviewed tree's own {layer.by}",
            where=layer.at("allow"),
            remedy="a tree may propose `targets:`; what may be contacted is said from outside the repository: "
            "`gonogo review --policy FILE`, `--allow-host HOST`",
        )
        for layer in tree
        if layer.said.allow
    ]
    if mistakes:
        mistakes[0].others = tuple(mistakes[1:])
        raise mistakes[0]


def _implied(target: Target, where: str) -> Iterator[Allowance]:
    """What whoever names *target* allows by that; where a variable says where it leads, that is said by `allow`."""
    if target.path:
        yield Allowance(report=target.path)
        return
    try:
        place = target.place
    except ValueError as error:
        raise ConfigError(f"target '{target.name}': {error}", where=where) from None
    if place is not None:
        host = f"[{place.host}]" if ":" in place.host else place.host
        yield Allowance(host=f"{host}:{place.port}", environment=target.variables)


def _refused(target: Target, known: Contacts) -> str:
    """Why *target*, which the tree proposes, is not contacted; empty where it is allowed."""
    if any(target.name == other.name for other in known.targets):
        return "another target has its name"
    if target.path:
        allowed = any(one.report == target.path for one in known.allowed)
        return "" if allowed else "no file is read as a report unless that is allowed from outside the tree"
    named = {name for one in known.allowed for name in one.environment}
    missing = sorted(set(target.variables) - named)
    if missing:
        return f"the environment variable {missing[0]} is not allowed from outside the tree"
    try:
        place = target.place
    except ValueError as error:
        return str(error)
    if place is None or known.allowance(place, target.variables) is not None:
        return ""
    if known.allowance(place) is None:
        return f"host {place.authority} is not allowed from outside the tree"
    return f"{', '.join(target.variables)} may not be sent to {place.authority}"


def _split(word: str) -> tuple[str, str, str]:
    """A word of ``--target``, its kind, and where it leads."""
    kind, sign, where = word.partition("=")
    if sign and kind.isalpha() and kind not in _KINDS:
        remedy = f"one of {', '.join(_KINDS)}, such as {_TARGET_FORM}"
        raise UsageError(f"there is no kind of target '{kind[:40]}'", where="--target", remedy=remedy)
    return (word, kind, where) if sign and kind in _KINDS else (word, "url", word)


def _target(word: str, number: int) -> Target:
    _, kind, where = _split(word)
    key = {"database": "dsn", "report": "path"}.get(kind, "url")
    value: object = {"env": where[len(_ENVIRONMENT) :]} if where.startswith(_ENVIRONMENT) else where
    if kind == "report" and where:
        value = str(Path(where).resolve())
    try:
        return Target.model_validate({"name": f"{kind}-{number}", "kind": kind, key: value})
    except ValidationError:
        raise UsageError("this is not a target", where=f"--target {number}", remedy=_TARGET_FORM) from None


def _host(word: str) -> Allowance:
    host, _, networks = word.partition("=")
    try:
        return Allowance(host=host, addresses=tuple(filter(None, networks.split(","))))
    except ValidationError as error:
        said = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise UsageError(f"'{word[:100]}' is not a host that can be allowed: {said}", remedy=_HOST_FORM) from None
