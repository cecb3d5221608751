"""Reads manifests that are programs line by line: Go, Ruby, Gradle, Mix and Swift."""

from __future__ import annotations

import re
from collections import Counter

from ...host.late import late
from ..facts.manifests import Dependency, Manifest
from ..inforce.code import judge_of
from ..tree import SourceFile
from ._manifests import Parsed, bounded

_CUT = 1_000
_MODULE = late(r"^\s*([\w.~-]+(?:/[\w.~-]+)*)\s+(v[\w.+-]+)\s*(//.*)?$")


def go_mod(source: SourceFile) -> Parsed:
    """The direct requirements of a Go module; indirect ones are consequences, not declarations."""
    title, found, block = "", [], False
    for number, raw in enumerate(source.lines, 1):
        line = raw[:_CUT].strip()
        if line.startswith("module "):
            title = line[7:].strip().strip('"')[:300]
        elif line.startswith(("require (", "require(")):
            block = True
        elif line == ")":
            block = False
        elif block or line.startswith("require "):
            match = _MODULE.match(line.removeprefix("require "))
            if match and "indirect" not in (match[3] or ""):
                found.append(Dependency(package=match[1], spec=match[2], line=number))
    return Parsed(Manifest(path=source.path, ecosystem="go", title=title, dependencies=bounded(found)))


_GEM = late(r"^\s*gem\s*\(?\s*['\"]([\w.-]{1,100})['\"]((?:\s*,\s*['\"][^'\"]{1,60}['\"]){0,4})(.*)$")
_GROUP = late(r"^\s*group\b(.{0,200})\bdo\b")
_INLINE_GROUP = late(r"\bgroups?:\s*(\[[^\]]{0,200}\]|:\w{1,40})")
_OPENS = late(r"\bdo\s*(\|[^|]{0,60}\|)?\s*$|^\s*(if|unless|case|begin|def)\b")


def gemfile(source: SourceFile) -> Parsed:
    """
    Bundler's manifest, with the groups that a gem stands in.

    A gem that a setting may leave out everywhere is not known to be there in production.
    """
    blocks: list[bool] = []
    found: list[Dependency] = []
    judge = judge_of(source.data, source.path, "ruby")
    unsure: list[Dependency] = []
    start = 0
    for number, raw in enumerate(source.data.split(b"\n"), 1):
        place, start = start, start + len(raw) + 1
        line = judge.running(place, place + min(len(raw), _CUT)).decode("utf-8", "replace")
        if line.lstrip().startswith("#"):
            continue
        if group := _GROUP.match(line):
            blocks.append(_for_development(group[1]))
        elif gem := _GEM.match(line):
            inline = _INLINE_GROUP.search(gem[3])
            force = judge.judge(place + len(line) - len(line.lstrip()), place + len(raw))
            if force.is_void:
                continue
            development = any(blocks) or bool(inline and _for_development(inline[1]))
            spec = gem[2].strip(" ,").replace('"', "").replace("'", "")
            listed = found if force else unsure
            listed.append(Dependency(package=gem[1], spec=spec, line=number, development=development))
        elif _OPENS.search(line):
            blocks.append(False)
        elif line.strip() == "end" and blocks:
            blocks.pop()
    times = Counter(gem.package for gem in (*found, *unsure))
    found += [gem if times[gem.package] > 1 else gem.model_copy(update={"development": True}) for gem in unsure]
    found.sort(key=lambda gem: gem.line)
    return Parsed(Manifest(path=source.path, ecosystem="rubygems", dependencies=bounded(found)))


def _for_development(groups: str) -> bool:
    named = re.findall(r":(\w{1,40})", groups)
    return bool(named) and all(n in ("development", "test", "ci", "lint", "rubocop", "docs", "doc") for n in named)


_ADDED = late(r"\.add_(runtime_|development_)?dependency\s*\(?\s*(?:['\"]|%q<)([\w.-]{1,100})(?:['\"]|>)(.{0,200})")
_NAMED = late(r"^\s*\w{1,20}\.name\s*=\s*['\"]([\w.-]{1,100})['\"]")


def gemspec(source: SourceFile) -> Parsed:
    """A gem's specification: by its nature a library."""
    title, found, command = "", [], False
    for number, raw in enumerate(source.lines, 1):
        line = raw[:_CUT]
        if added := _ADDED.search(line):
            spec = " ".join(re.findall(r"['\"]([^'\"]{1,60})['\"]", added[3]))
            development = added[1] == "development_"
            found.append(Dependency(package=added[2], spec=spec, line=number, development=development))
        elif named := _NAMED.match(line):
            title = named[1]
        command = command or ".executables" in line
    manifest = Manifest(
        path=source.path, ecosystem="rubygems", title=title, dependencies=bounded(found), library=True, command=command
    )
    return Parsed(manifest)


_COORDINATES = re.compile(
    r"^\s*(\w{1,60})\s*[( ]\s*(?:(?:enforcedPlatform|platform|project|kotlin)\s*\(\s*)?"
    r"['\"]([\w.-]{1,100}):([\w.-]{1,100})(?::([^'\"@]{1,60}))?[^'\"]{0,60}['\"]"
)
_LONG = late(
    r"^\s*(\w{1,60})\s*[( ]\s*group\s*[:=]\s*['\"]([\w.-]{1,100})['\"]\s*,\s*name\s*[:=]\s*['\"]([\w.-]{1,100})['\"]"
)
_PLUGIN = late(
    r"^\s*(?:id\s*[( ]\s*|apply\s+plugin:\s*)['\"]([\w.-]{1,100})['\"]\)?(?:\s+version\s+['\"]([^'\"]{1,60})['\"])?"
)
_BARE_PLUGIN = late(r"^\s*`?(java-library|maven-publish|application)`?\s*$")
_CONFIGURATION = late(
    r"(implementation|api|compile|compileOnly|runtimeOnly|runtime|classpath|annotationProcessor|kapt|ksp)$", re.I
)


def gradle(source: SourceFile) -> Parsed:
    """A Gradle build as far as lines tell it; plug-ins count as dependencies."""
    found, plugins = [], set()
    for number, raw in enumerate(source.lines, 1):
        line = raw[:_CUT]
        if match := _PLUGIN.match(line):
            plugins.add(match[1])
            if "." in match[1]:
                found.append(Dependency(package=match[1], spec=match[2] or "", line=number))
        elif match := _BARE_PLUGIN.match(line):
            plugins.add(match[1])
        elif (match := _COORDINATES.match(line) or _LONG.match(line)) and _CONFIGURATION.search(match[1]):
            spec = match[4] or "" if match.re is _COORDINATES else ""
            development = "test" in match[1].lower() or match[1] == "classpath"
            found.append(Dependency(package=f"{match[2]}:{match[3]}", spec=spec, line=number, development=development))
    manifest = Manifest(
        path=source.path,
        ecosystem="maven",
        dependencies=bounded(found),
        library=bool(plugins & {"maven-publish", "java-library", "com.vanniktech.maven.publish"}),
        command="application" in plugins,
    )
    return Parsed(manifest)


_MIX = late(r"^\s*\{:(\w{1,60}),\s*(?:\"([^\"]{0,60})\")?(.*)$")
_APP = late(r"^\s*app:\s*:(\w{1,60})")


def mix(source: SourceFile) -> Parsed:
    """Mix's manifest."""
    title, found, library, command = "", [], False, False
    for number, raw in enumerate(source.lines, 1):
        line = raw[:_CUT]
        if match := _MIX.match(line):
            only = re.search(r"only:\s*(\[[^\]]{0,100}\]|:\w{1,20})", match[3])
            development = bool(only and ":prod" not in only[1])
            found.append(Dependency(package=match[1], spec=match[2] or "", line=number, development=development))
        elif match := _APP.match(line):
            title = match[1]
        library = library or line.lstrip().startswith("package:")
        command = command or line.lstrip().startswith("escript:")
    manifest = Manifest(
        path=source.path, ecosystem="hex", title=title, dependencies=bounded(found), library=library, command=command
    )
    return Parsed(manifest)


_PACKAGE = late(r"\.package\s*\(.{0,200}?url:\s*\"([^\"]{1,200})\"(.{0,200})")


def swift(source: SourceFile) -> Parsed:
    """Swift's package description."""
    found = []
    for number, raw in enumerate(source.lines, 1):
        if match := _PACKAGE.search(raw[:_CUT]):
            name = match[1].rstrip("/").removesuffix(".git").rpartition("/")[2]
            version = re.search(r"\"([^\"]{1,40})\"", match[2])
            spec = version[1] if version else ""
            found.append(Dependency(package=name, spec=spec, line=number, origin=match[1]))
    text = source.text
    manifest = Manifest(
        path=source.path,
        ecosystem="swift",
        dependencies=bounded(found),
        library=".library(" in text,
        command=".executable(" in text or ".executableTarget(" in text,
    )
    return Parsed(manifest)
