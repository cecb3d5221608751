"""Reads manifests in JSON, YAML and TOML: npm, Composer, pub, Cargo and Gradle's catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...errors import FormatError
from ...redaction import cut
from ..facts.manifests import Dependency, Manifest
from ..inforce.packages import in_force
from ..tree import SourceFile
from ._manifests import JsonLines, Parsed, TomlLines, bounded, json_object, listed, mapping, spec_of, toml, word

_PUBLISHED = ("exports", "module", "types", "typings", "files", "publishConfig")


def package_json(source: SourceFile) -> Parsed:
    """npm's manifest; a private package is not a library, and neither is one that only has a start script."""
    body = json_object(source)
    sections = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
    scripts = {
        cut(str(k), 100): cut(v, 500) for k, v in list(mapping(body.get("scripts")).items())[:200] if isinstance(v, str)
    }
    publishable = body.get("private") is not True and bool(body.get("name")) and bool(body.get("version"))
    importable = any(body.get(key) for key in _PUBLISHED) or (bool(body.get("main")) and "start" not in scripts)
    workspaces = body.get("workspaces")
    patterns = listed(workspaces.get("packages")) if isinstance(workspaces, dict) else listed(workspaces)
    manifest = Manifest(
        path=source.path,
        ecosystem="npm",
        title=word(body.get("name")),
        version=word(body.get("version")),
        dependencies=bounded(_json_dependencies(source, body, sections, "devDependencies")),
        scripts=in_force(scripts),
        library=publishable and importable,
        command=bool(body.get("bin")),
    )
    return Parsed(manifest, workspace=tuple(p for p in patterns if isinstance(p, str)))


def pnpm_workspace(source: SourceFile) -> Parsed:
    """The folders that share one lock file of pnpm."""
    documents = source.yaml()
    body = mapping(documents[0].body) if documents else {}
    return Parsed(workspace=tuple(p for p in listed(body.get("packages")) if isinstance(p, str)))


def composer(source: SourceFile) -> Parsed:
    """Composer's manifest; a package without a type is a library."""
    body = json_object(source)
    manifest = Manifest(
        path=source.path,
        ecosystem="packagist",
        title=word(body.get("name")),
        version=word(body.get("version")),
        dependencies=bounded(
            d for d in _json_dependencies(source, body, ("require", "require-dev"), "require-dev") if "/" in d.package
        ),
        scripts=in_force(
            {cut(str(k), 100): word(v) for k, v in list(mapping(body.get("scripts")).items())[:200] if word(v)}
        ),
        library=bool(body.get("name")) and body.get("type", "library") == "library",
        command=bool(body.get("bin")),
    )
    return Parsed(manifest)


def pubspec(source: SourceFile) -> Parsed:
    """Dart's manifest."""
    documents = source.yaml()
    if not documents or not isinstance(documents[0].body, dict):
        raise FormatError("a pubspec that is not a mapping")
    body, lines = documents[0].body, documents[0].lines
    found = (
        Dependency(
            package=str(name)[:300],
            spec=spec_of(value),
            line=lines.get(f"/{section}/{name}", 0),
            development=section == "dev_dependencies",
        )
        for section in ("dependencies", "dev_dependencies")
        for name, value in mapping(body.get(section)).items()
    )
    hidden = body.get("publish_to") == "none"
    manifest = Manifest(
        path=source.path,
        ecosystem="pub",
        title=word(body.get("name")),
        version=word(body.get("version")),
        dependencies=bounded(found),
        library=not hidden and bool(body.get("version")),
        command=bool(body.get("executables")),
    )
    return Parsed(manifest)


def cargo(source: SourceFile) -> Parsed:
    """Cargo's manifest; what it builds without saying so is told from its files afterwards."""
    body, lines = toml(source), TomlLines(source)
    package = mapping(body.get("package"))
    workspace = mapping(body.get("workspace"))
    found = bounded(
        Dependency(
            package=str(mapping(value).get("package") or name)[:300],
            spec=spec_of(value),
            line=lines[str(name)],
            development=section != "dependencies",
        )
        for table in _cargo_tables(body, workspace)
        for section in ("dependencies", "dev-dependencies", "build-dependencies")
        for name, value in mapping(table.get(section)).items()
    )
    manifest = Manifest(
        path=source.path,
        ecosystem="cargo",
        title=word(package.get("name")),
        version=word(package.get("version")),
        dependencies=found,
        library="lib" in body and package.get("publish") is not False,
        command="bin" in body,
    )
    members = tuple(m for m in listed(workspace.get("members")) if isinstance(m, str))
    return Parsed(manifest if package or found else None, workspace=(members or ("*",)) if "workspace" in body else ())


def _cargo_tables(body: dict[str, Any], workspace: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield body
    yield workspace
    yield from (mapping(t) for t in mapping(body.get("target")).values())


def version_catalog(source: SourceFile) -> Parsed:
    """Gradle's version catalogue: every library that builds may name."""
    body, lines = toml(source), TomlLines(source)
    found = []
    for alias, value in mapping(body.get("libraries")).items():
        table = mapping(value)
        text = word(value) if isinstance(value, str) else word(table.get("module"))
        parts = text.split(":") if text else [word(table.get("group")), word(table.get("name"))]
        if len(parts) >= 2:
            spec = parts[2] if len(parts) > 2 else spec_of(table)
            found.append(Dependency(package=":".join(parts[:2]), spec=spec, line=lines[str(alias)]))
    return Parsed(Manifest(path=source.path, ecosystem="maven", dependencies=bounded(found)))


def _json_dependencies(
    source: SourceFile, body: dict[str, Any], sections: tuple[str, ...], development: str
) -> Iterator[Dependency]:
    lines = JsonLines(source, sections)
    for section in sections:
        for name, value in mapping(body.get(section)).items():
            yield Dependency(
                package=name[:300], spec=spec_of(value), line=lines[section, name], development=section == development
            )
