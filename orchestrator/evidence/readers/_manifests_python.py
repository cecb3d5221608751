"""Reads Python's manifests; nothing of them is executed."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...errors import FormatError
from ...redaction import cut
from ..facts.manifests import Dependency, Manifest
from ..inforce.packages import is_installed
from ..tree import SourceFile
from ._manifests import Parsed, TomlLines, bounded, listed, mapping, spec_of, toml, word

_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]{0,100})\s*(?:\[[^\]]{0,200}\])?\s*(.*)$")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]{1,100})")
_DEVELOPMENT = re.compile(
    r"(^|[-_./])(dev|develop|development|test|tests|testing|docs?|lint|ci|types?|typing|style)([-_./]|$)", re.I
)
_COMPILED = re.compile(r"(pip-compile|uv pip compile|uv export|poetry export|pip-tools|pdm export)")


def pyproject(source: SourceFile) -> Parsed:
    """PEP 621, Poetry and PEP 735 tables; a file that only configures tools is not a manifest."""
    body, lines = toml(source), TomlLines(source)
    project, tool = mapping(body.get("project")), mapping(body.get("tool"))
    poetry = mapping(tool.get("poetry"))
    found = bounded([*_pep621(project, lines), *_groups(body, tool, lines), *_poetry(poetry, lines)])
    uv = mapping(tool.get("uv"))
    packaged = "build-system" in body and poetry.get("package-mode") is not False and uv.get("package") is not False
    private = any("Private ::" in c for c in listed(project.get("classifiers")) if isinstance(c, str))
    members = tuple(m for m in listed(mapping(uv.get("workspace")).get("members")) if isinstance(m, str))
    manifest = Manifest(
        path=source.path,
        ecosystem="pypi",
        title=word(project.get("name") or poetry.get("name")),
        version=word(project.get("version") or poetry.get("version")),
        dependencies=found,
        library=packaged and not private and bool(project.get("name") or poetry.get("name")),
        command=bool(project.get("scripts") or project.get("gui-scripts") or poetry.get("scripts")),
    )
    return Parsed(manifest if project or poetry or found else None, workspace=members)


def _pep621(project: dict[str, Any], lines: TomlLines) -> Iterator[Dependency]:
    yield from _all(listed(project.get("dependencies")), lines, development=False)
    for extra, wanted in mapping(project.get("optional-dependencies")).items():
        yield from _all(listed(wanted), lines, development=bool(_DEVELOPMENT.search(str(extra))))


def _groups(body: dict[str, Any], tool: dict[str, Any], lines: TomlLines) -> Iterator[Dependency]:
    for wanted in mapping(body.get("dependency-groups")).values():
        yield from _all(listed(wanted), lines, development=True)
    yield from _all(listed(mapping(tool.get("uv")).get("dev-dependencies")), lines, development=True)
    for wanted in mapping(mapping(tool.get("pdm")).get("dev-dependencies")).values():
        yield from _all(listed(wanted), lines, development=True)


def _poetry(poetry: dict[str, Any], lines: TomlLines) -> Iterator[Dependency]:
    groups = [(mapping(poetry.get("dependencies")), False), (mapping(poetry.get("dev-dependencies")), True)]
    for name, group in mapping(poetry.get("group")).items():
        groups.append((mapping(mapping(group).get("dependencies")), name != "main"))
    for group, development in groups:
        for name, value in group.items():
            if name != "python":
                yield Dependency(package=name[:100], spec=spec_of(value), line=lines[name], development=development)


def _all(wanted: Iterable[Any], lines: TomlLines, *, development: bool) -> Iterator[Dependency]:
    for text in wanted:
        if isinstance(text, str) and (made := _dependency(text, 0, development)):
            yield made.model_copy(update={"line": lines[made.package]})


def _dependency(text: str, line: int, development: bool) -> Dependency | None:
    match = _REQUIREMENT.match(text[:1_000])
    if not match or not is_installed(text[:1_000]):
        return None
    spec = match[2].partition(";")[0].partition(" #")[0].strip()
    return Dependency(package=match[1], spec=spec[:300], line=line, development=development)


def pipfile(source: SourceFile) -> Parsed:
    """Pipenv's manifest."""
    body, lines = toml(source), TomlLines(source)
    found = (
        Dependency(package=name[:100], spec=spec_of(value), line=lines[name], development=section == "dev-packages")
        for section in ("packages", "dev-packages")
        for name, value in mapping(body.get(section)).items()
    )
    scripts = {cut(k, 100): cut(v, 500) for k, v in mapping(body.get("scripts")).items() if isinstance(v, str)}
    return Parsed(Manifest(path=source.path, ecosystem="pypi", dependencies=bounded(found), scripts=scripts))


def requirements(source: SourceFile) -> Parsed:
    """pip's list; one with hashes, or written by a compiler of such lists, is its own lock file."""
    development = bool(_DEVELOPMENT.search(source.path.removesuffix(".txt")))
    found, hashed, compiled = [], False, False
    for number, raw in enumerate(source.lines, 1):
        line = raw[:1_000].strip()
        if line.startswith("#"):
            compiled = compiled or (number < 12 and bool(_COMPILED.search(line)))
        elif line.startswith(("-e", "git+", "http:", "https:")):
            if egg := _EGG.search(line):
                found.append(Dependency(package=egg[1], spec=line[:300], line=number, development=development))
        elif line.startswith("-"):
            hashed = hashed or line.startswith("--hash=")
        elif line and (made := _dependency(line.partition(" --hash")[0].rstrip("\\ "), number, development)):
            found.append(made)
    if not found and not any(line.lstrip().startswith(("-r", "-c", "-e")) for line in source.lines[:500]):
        return Parsed()
    manifest = Manifest(path=source.path, ecosystem="pypi", dependencies=bounded(found))
    return Parsed(manifest, pinned_by="itself" if hashed or compiled else "")


def setup_cfg(source: SourceFile) -> Parsed:
    """setuptools' declarative file; one that only configures tools is not a manifest."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(source.text)
    except configparser.Error as error:
        raise FormatError(f"not an INI file: {cut(str(error).splitlines()[0], 200)}") from None
    if not parser.has_section("metadata") and not parser.has_section("options"):
        return Parsed()
    wanted = parser.get("options", "install_requires", fallback="").splitlines()
    found = [d for text in wanted if (d := _dependency(text, 0, False))]
    if parser.has_section("options.extras_require"):
        for extra, text in parser.items("options.extras_require"):
            found += [d for t in text.splitlines() if (d := _dependency(t, 0, bool(_DEVELOPMENT.search(extra))))]
    places = _first_lines(source)
    points = parser.items("options.entry_points") if parser.has_section("options.entry_points") else []
    manifest = Manifest(
        path=source.path,
        ecosystem="pypi",
        title=parser.get("metadata", "name", fallback="")[:300],
        version=parser.get("metadata", "version", fallback="")[:300],
        dependencies=bounded(d.model_copy(update={"line": places.get(d.package.lower(), 0)}) for d in found),
        library=bool(parser.get("metadata", "name", fallback="")),
        command=any(key == "console_scripts" for key, _ in points),
    )
    return Parsed(manifest)


def _first_lines(source: SourceFile) -> dict[str, int]:
    first: dict[str, int] = {}
    for number, line in enumerate(source.lines, 1):
        if match := _REQUIREMENT.match(line.replace("=", " ", 1)[:1_000] if line[:1].strip() else line[:1_000]):
            first.setdefault(match[1].lower(), number)
    return first


def setup_py(source: SourceFile) -> Parsed:
    """The literal arguments of ``setup()``; a name is followed to its module-level list."""
    if len(source.data) > 200_000:
        raise FormatError("too long for a setup.py")
    try:
        module = ast.parse(source.text)
    except SyntaxError as error:
        raise FormatError(f"not Python: {error.msg}", error.lineno or 1) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormatError("not Python that can be parsed") from None
    names = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = (n for n in ast.walk(module) if isinstance(n, ast.Call) and _called(n.func) == "setup")
    call = next(calls, None)
    if call is None:
        return Parsed()
    arguments = {
        k.arg: names.get(k.value.id, k.value) if isinstance(k.value, ast.Name) else k.value for k in call.keywords
    }
    found = list(_ast_requirements(arguments.get("install_requires"), development=False))
    extras = arguments.get("extras_require")
    if isinstance(extras, ast.Dict):
        for key, value in zip(extras.keys, extras.values, strict=True):
            name = key.value if isinstance(key, ast.Constant) else ""
            value = names.get(value.id, value) if isinstance(value, ast.Name) else value
            found.extend(_ast_requirements(value, development=bool(_DEVELOPMENT.search(str(name)))))
    points = arguments.get("entry_points")
    strings = [n.value for n in ast.walk(points) if isinstance(n, ast.Constant)] if points else []
    manifest = Manifest(
        path=source.path,
        ecosystem="pypi",
        title=_ast_text(arguments.get("name")),
        version=_ast_text(arguments.get("version")),
        dependencies=bounded(found),
        library=any(key in arguments for key in ("packages", "py_modules", "package_dir", "name")),
        command="scripts" in arguments or any("console_scripts" in str(s)[:5_000] for s in strings),
    )
    return Parsed(manifest)


def _called(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _ast_requirements(node: ast.expr | None, *, development: bool) -> Iterator[Dependency]:
    for item in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            made = _dependency(item.value, item.lineno, development)
            if made:
                yield made


def _ast_text(node: ast.expr | None) -> str:
    return word(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
