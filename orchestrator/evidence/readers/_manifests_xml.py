"""Reads manifests in XML, Maven's and NuGet's; entity declarations are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from ...errors import FormatError
from ...redaction import cut
from ..facts.manifests import Dependency, Manifest
from ..tree import SourceFile
from ._manifests import Parsed, bounded

MAX_DEPTH = 100
MAX_ELEMENTS = 100_000


@dataclass
class Element:
    """One element: its path of local names, its attributes, its own text and its first line."""

    path: tuple[str, ...]
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: dict[str, Element] = field(default_factory=dict)
    """The first child of each name."""


def elements(data: bytes) -> list[Element]:
    """
    Every element in the order of their ends, so that children come before their parents.

    Raises:
        FormatError: Malformed, too deep, too large, or with entities of its own.
    """
    parser = expat.ParserCreate()
    stack: list[Element] = []
    done: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) >= MAX_DEPTH or len(done) > MAX_ELEMENTS:
            raise FormatError("nested too deeply or too large", parser.CurrentLineNumber)
        local = name.rpartition(":")[2]
        path = (*stack[-1].path, local) if stack else (local,)
        stack.append(Element(path, attributes, parser.CurrentLineNumber))

    def end(_: str) -> None:
        element = stack.pop()
        element.text = element.text.strip()
        done.append(element)
        if stack:
            stack[-1].children.setdefault(element.path[-1], element)

    def characters(text: str) -> None:
        if stack and len(stack[-1].text) < 1_000:
            stack[-1].text += text[:1_000]

    def refuse(*_: object) -> None:
        raise FormatError("declares entities of its own", parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise FormatError(f"not XML: {expat.ErrorString(error.code)}", error.lineno, error.offset + 1) from None
    except (ValueError, LookupError) as error:
        raise FormatError(f"not XML: {error}") from None
    return done


_PROPERTY = re.compile(r"\$\{([\w.-]{1,100})\}")
_PUBLISHES = frozenset({"maven-gpg-plugin", "nexus-staging-maven-plugin", "central-publishing-maven-plugin"})


def pom(source: SourceFile) -> Parsed:
    """Maven's manifest; its parent counts as a dependency, managed versions alone do not."""
    found = elements(source.data)
    root = found[-1]
    properties = {e.path[-1]: e.text for e in found if e.path[-3:-1] == ("project", "properties")}
    dependencies = []
    for element in found:
        outer = element.path[:-1]
        direct = element.path[-1] == "dependency" and outer[-1:] == ("dependencies",)
        if (direct and not {"dependencyManagement", "plugin"} & set(outer)) or element.path == ("project", "parent"):
            dependencies.append(_maven(element, properties))
    artifacts = {e.text for e in found if e.path[-2:] == ("plugin", "artifactId")}
    manifest = Manifest(
        path=source.path,
        ecosystem="maven",
        title=_child(root, "artifactId"),
        version=_resolved(_child(root, "version"), properties),
        dependencies=bounded(dependencies),
        library="distributionManagement" in root.children or bool(artifacts & _PUBLISHES),
    )
    return Parsed(manifest)


def _maven(element: Element, properties: dict[str, str]) -> Dependency:
    named = element.children.get("artifactId", element)
    return Dependency(
        package=f"{_child(element, 'groupId')}:{_child(element, 'artifactId')}"[:300],
        spec=_resolved(_child(element, "version"), properties),
        line=named.line,
        development=_child(element, "scope") == "test",
    )


def _child(element: Element, name: str) -> str:
    child = element.children.get(name)
    return cut(child.text, 300) if child else ""


def _resolved(text: str, properties: dict[str, str]) -> str:
    return _PROPERTY.sub(lambda m: properties.get(m[1], m[0]), text)[:300]


def msbuild(source: SourceFile) -> Parsed:
    """A .NET project, its central versions, or its old package list; the SDK and frameworks count as dependencies."""
    found = elements(source.data)
    root = found[-1]
    dependencies = []
    if sdk := root.attributes.get("Sdk"):
        dependencies.append(Dependency(package=sdk[:100], line=root.line))
    for element in found:
        name, attributes = element.path[-1], element.attributes
        if name in ("PackageReference", "PackageVersion", "FrameworkReference") and attributes.get("Include"):
            spec = attributes.get("Version") or _child(element, "Version")
            private = (attributes.get("PrivateAssets") or _child(element, "PrivateAssets")).lower() == "all"
            package = attributes["Include"][:300]
            dependencies.append(Dependency(package=package, spec=spec[:300], line=element.line, development=private))
        elif name == "package" and attributes.get("id"):
            development = attributes.get("developmentDependency") == "true"
            spec = attributes.get("version", "")[:300]
            package = attributes["id"][:300]
            dependencies.append(Dependency(package=package, spec=spec, line=element.line, development=development))
    settings = {e.path[-1]: e.text for e in found if len(e.path) == 3 and e.path[1] == "PropertyGroup"}
    packed = "PackageId" in settings or "true" in (settings.get("IsPackable"), settings.get("GeneratePackageOnBuild"))
    manifest = Manifest(
        path=source.path,
        ecosystem="nuget",
        title=settings.get("PackageId") or settings.get("AssemblyName") or source.file.name.rpartition(".")[0],
        version=settings.get("Version", "")[:300],
        dependencies=bounded(dependencies),
        library=packed,
        command=settings.get("OutputType", "").lower() == "exe" or settings.get("PackAsTool") == "true",
    )
    return Parsed(manifest)
