"""Package URLs: one spelling for a package of whatever ecosystem, with its version where that is pinned."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ...host.late import late


class _Named(NamedTuple):
    namespace: str
    name: str


class _Ecosystem(NamedTuple):
    """How one ecosystem's packages are spelled, and which specification pins a version (as its first group)."""

    type: str
    pinned: re.Pattern[str]
    named: Callable[[str], _Named]


def of_package(ecosystem: str, package: str, spec: str, origin: str = "") -> str:
    """
    The package URL of a dependency; empty for what a manifest takes from elsewhere than its ecosystem's registry.

    Args:
        ecosystem: As a manifest names it: npm, pypi, go …
        package: As it is declared.
        spec: The version or range as written.
        origin: Where it is fetched from, for an ecosystem without a registry.
    """
    known = _ECOSYSTEMS.get(ecosystem)
    if known is None:
        return ""
    if ecosystem == "npm" and (alias := _ALIAS.match(spec)):
        package, spec = alias[1], alias[2] or ""
    if ecosystem == "swift":
        package, spec = _ADDRESS.sub("", origin).rstrip("/").removesuffix(".git"), ""
    elif (ecosystem in _BY_ADDRESS and _ELSEWHERE.search(spec)) or "$" in package:
        return ""
    pinned = known.pinned.match(spec)
    return _written(known.type, known.named(package), pinned[1] if pinned else "")


def of_action(uses: str) -> str:
    """The package URL of an action of GitHub; empty for one that lies in the tree or in an image."""
    action = _ACTION.match(uses)
    if action is None:
        return ""
    return _written("github", _Named(action[1], action[2]), action[4], action[3] or "")


def _written(type_: str, named: _Named, version: str, subpath: str = "") -> str:
    from packageurl import PackageURL  # for whoever asks; a review does without

    if not named.name.strip(" /") or (type_ in _SCOPED and not named.namespace):
        return ""
    try:
        return PackageURL(type_, named.namespace, named.name, version, subpath=subpath).to_string()
    except ValueError:
        return ""


def _plain(package: str) -> _Named:
    return _Named("", package)


def _last(package: str) -> _Named:
    namespace, _, name = package.rpartition("/")
    return _Named(namespace, name)


def _go(package: str) -> _Named:
    """Written in small letters, as the type demands."""
    return _last(package.lower())


def _maven(package: str) -> _Named:
    """``group:artifact``; a plug-in of Gradle is published as an artifact that is named after it."""
    group, colon, artifact = package.partition(":")
    return _Named(group, artifact) if colon else _Named(package, f"{package}.gradle.plugin")


_SCOPED = frozenset({"composer", "github", "maven", "swift"})
"""Types whose packages always have a namespace."""
_ALIAS = late(r"npm:((?:@[^/@]+/)?[^/@]+)(?:@(.*))?$")
_BY_ADDRESS = frozenset({"cargo", "npm", "pub", "pypi"})
"""Ecosystems whose manifests write an address or a path where a version stands."""
_ELSEWHERE = late(r"[/@]|^(?:file|link|portal|workspace|git|github|patch):|^\.\.?$")
_ADDRESS = late(r"^(?:\w+://)?(?:[^/@]*@)?")
_ACTION = late(r"([\w.-]+)/([\w.-]+)(?:/([\w./-]+))?@(?!sha256:)([^\s@]+)$")
_DOTTED = r"\d+\.\d+\.\d+[\w.+-]*"
_ECOSYSTEMS = {
    "npm": _Ecosystem("npm", re.compile(rf"[=v]?\s*({_DOTTED})$"), _last),
    "pypi": _Ecosystem("pypi", re.compile(r"(?:={2,3}\s*)?(\d[\w.!+-]*)$"), _plain),
    "go": _Ecosystem("golang", re.compile(r"(v\d\S*)$"), _go),
    "cargo": _Ecosystem("cargo", re.compile(rf"=\s*({_DOTTED})$"), _plain),
    "rubygems": _Ecosystem("gem", re.compile(r"=?\s*(\d[\w.-]*)$"), _plain),
    "maven": _Ecosystem("maven", re.compile(r"\[?(\d[\w.-]*)\]?$"), _maven),
    "nuget": _Ecosystem("nuget", re.compile(r"\[?(\d[\w.-]*)\]?$"), _plain),
    "packagist": _Ecosystem("composer", re.compile(r"[=v]?(\d[\w.+-]*)$"), _last),
    "hex": _Ecosystem("hex", re.compile(rf"(?:==\s*)?({_DOTTED})$"), _plain),
    "pub": _Ecosystem("pub", re.compile(rf"({_DOTTED})$"), _plain),
    "swift": _Ecosystem("swift", re.compile(r"(?!)"), _last),
}
