"""Reads Azure's templates in JSON as what Bicep would be written for them."""

from __future__ import annotations

import re
from typing import Any

from ...domain.located import pointer
from ...formats import arm
from ...formats.azure import Call, Expression, Loop, Name, Object
from ...formats.bicep import MISSING, BicepFile, Declaration
from ...formats.yaml import Parsed

_MAX_RESOURCES = 5_000


def is_template(body: Any) -> bool:
    """Whether *body* is a template for a deployment, of whichever scope."""
    schema = body.get("$schema") if isinstance(body, dict) else None
    return isinstance(schema, str) and schema.partition("#")[0].lower().endswith("deploymenttemplate.json")


def is_parameters(body: Any) -> bool:
    """Whether *body* gives the parameters of a deployment their values."""
    schema = body.get("$schema") if isinstance(body, dict) else None
    return isinstance(schema, str) and schema.partition("#")[0].lower().endswith("deploymentparameters.json")


def read(document: Parsed) -> BicepFile:
    """What *document* declares."""
    return _Template(document).file(document.body, ())


class _Template:
    def __init__(self, document: Parsed) -> None:
        self._document = document
        self._left = _MAX_RESOURCES
        self._variables: dict[str, Any] = {}

    def file(self, body: dict[str, Any], at: tuple[str, ...]) -> BicepFile:
        found = BicepFile()
        for name, said in _section(body, "parameters").items():
            default = said.get("defaultValue", MISSING) if isinstance(said, dict) else MISSING
            found.parameters[name] = default if default is MISSING else self._written(default, ())
        for name, value in _section(body, "variables").items():
            if name != "copy":
                found.variables[name] = self._written(value, ())
        around, self._variables = self._variables, _section(body, "variables")
        found.declarations = self._resources(body.get("resources"), (*at, "resources"), "")
        self._variables = around
        return found

    def _resources(self, resources: Any, at: tuple[str, ...], outer: str) -> list[Declaration]:
        every = resources.items() if isinstance(resources, dict) else enumerate(resources or ())
        made: list[Declaration] = []
        for key, resource in every:
            if isinstance(resource, dict) and isinstance(resource.get("type"), str) and self._left > 0:
                self._left -= 1
                made.append(self._resource(resource, (*at, str(key)), outer))
        return made

    def _resource(self, resource: dict[str, Any], at: tuple[str, ...], outer: str) -> Declaration:
        kind = resource["type"]
        of = f"{outer}/{kind}" if outer and not kind.lower().startswith(f"{outer.lower()}/") else kind
        name = resource.get("name")
        line = self._line(at)
        made = Declaration("resource", str(name)[:120] if name is not None else at[-1], of, line)
        made.given = self._written(resource.get("condition", True), ())
        made.existing = resource.get("existing") is True
        copied = resource.get("copy")
        if isinstance(copied, dict):
            made.loop = Loop(
                Expression(Call("range", (0, self._written(copied.get("count"), ()))), "copy"), "", "", None
            )
        if of.lower() == _DEPLOYMENTS:
            self._deployed(made, _section(resource, "properties"), (*at, "properties"))
            return made
        body = self._written({k: v for k, v in resource.items() if k not in _APART}, at)
        assert isinstance(body, Object)  # it was a mapping
        body.inner = self._resources(resource.get("resources"), (*at, "resources"), of)
        made.body = body
        return made

    def _deployed(self, made: Declaration, properties: dict[str, Any], at: tuple[str, ...]) -> None:
        """Make *made* the module that a deployment within a deployment is."""
        made.kind = "module"
        link = _section(properties, "templateLink")
        said = link.get("relativePath", link.get("uri", link.get("id", "")))
        named = _VARIABLE.fullmatch(said) if isinstance(said, str) else None
        said = self._variables.get(named[1], said) if named else said
        made.of = _followed(said) or str(said)[:_MAX_NAME] or "without a template"
        template = properties.get("template")
        if isinstance(template, dict) and at.count("template") < _MAX_NESTED:
            made.of = f"of deployment {made.name}"
            made.inline = self.file(template, (*at, "template"))
            made.shares = _section(properties, "expressionEvaluationOptions").get("scope", "outer") != "inner"
        given = Object()
        for name, entry in _section(properties, "parameters").items():
            told = isinstance(entry, dict) and "value" in entry
            given[name] = self._written(entry["value"], ()) if told else Expression(Name(""), "reference")
        made.body = Object()
        made.body["params"] = given

    def _line(self, at: tuple[str, ...]) -> int:
        return self._document.lines.get(pointer(at), self._document.line)

    def _written(self, value: Any, at: tuple[str, ...]) -> Any:
        """*value* with its expressions read, and lines where *at* says where it stands."""
        if isinstance(value, str):
            return arm.written(value)
        if isinstance(value, list):
            return [self._written(inner, (*at, str(n)) if at else ()) for n, inner in enumerate(value)]
        if not isinstance(value, dict):
            return value
        found = Object()
        for key, inner in value.items():
            if key == "copy" and isinstance(inner, list):
                for loop in inner:
                    if isinstance(loop, dict) and isinstance(loop.get("name"), str):
                        found[loop["name"]] = Expression(Name(""), "copy")
                continue
            found[str(key)] = self._written(inner, (*at, str(key)) if at else ())
            if at:
                found.lines[str(key)] = self._line((*at, str(key)))
        return found


_DEPLOYMENTS = "microsoft.resources/deployments"
_MAX_NESTED = 8
_MAX_NAME = 400
_VARIABLE = re.compile(r"\[\s*variables\('([^']{1,200})'\)\s*\]")
_FILE = re.compile(r"'/?((?:\.{1,2}/)*[\w][\w./-]{0,200}\.json)'")


def _followed(said: Any) -> str:
    """The path of a template beside this one that *said* is, or leads to below where all of them are uploaded."""
    if not isinstance(said, str) or not said:
        return ""
    named = _FILE.findall(said) if said.startswith("[") else [] if "://" in said else [said]
    return str(named[0]) if len(named) == 1 else ""


_APART = frozenset({"type", "apiVersion", "condition", "copy", "resources", "dependsOn", "existing", "comments"})


def _section(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}
