"""Reads routes that a file's place in the tree declares, as Next.js has them, and its middleware."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..summary import Declared, Mount, Term, Terms
from .module import FUNCTIONS, Script

if TYPE_CHECKING:
    from tree_sitter import Node

_PAGES = re.compile(r"(?:^|/)pages(?P<path>/api/.{1,200})\.[jt]sx?$")
_APP = re.compile(r"(?:^|/)app(?P<path>/(?:.{1,200}/)?)route\.[jt]s$")
_MIDDLEWARE = re.compile(r"(?:^|/)(?:middleware|proxy)\.[jt]s$")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_BY_PATH = re.compile(rb"pathname|createRouteMatcher|isPublic|nextUrl\.href|publicRoutes|publicPaths", re.IGNORECASE)
"""What a middleware asks that lets some paths pass: which, nobody can tell from here."""


def is_place(path: str) -> bool:
    """Whether a file at *path* may answer by its place alone, or stand before those that do."""
    return any(pattern.search(path) for pattern in (_PAGES, _APP, _MIDDLEWARE))


def declare(script: Script) -> None:
    """Take in the route, or the guard of others, that the module is by its place."""
    path = script.summary.path
    if (place := _PAGES.search(path)) is not None:
        _add(script, "ANY", re.sub(r"/index$", "", place["path"]), "default")
    elif (place := _APP.search(path)) is not None:
        route = re.sub(r"/\([^/()]{1,80}\)(?=/)", "", place["path"]).rstrip("/") or "/"
        for method in _METHODS:
            if method in script.summary.exported:
                _add(script, method, route, method)
    elif _MIDDLEWARE.search(path) and not _BY_PATH.search(script.syntax.data):
        _before(script)


def _add(script: Script, method: str, path: str, exported: str) -> None:
    local = script.summary.exported.get(exported, exported)
    node = _definition(script, local)
    if node is not None and not script.counts(node, route=True):
        return
    summary = script.summary
    line = script.line(node) if node is not None else 1
    summary.routes.append(Declared("*nextjs", method, path, "nextjs", 1 if exported == "default" else line, local))


def _definition(script: Script, local: str) -> Node | None:
    """The function that the module calls *local*."""
    found = script.summary.definitions.get(local)
    for node in script.nodes if found is not None else ():
        if node.type in (*FUNCTIONS, "call_expression") and found and script.line(node) == found.line:
            return node
    return None


def _before(script: Script) -> None:
    """Take in what Next.js lets a middleware do before the routes that its matcher names."""
    exported = script.summary.exported
    name = exported.get("middleware") or exported.get("proxy") or exported.get("default")
    if name is None:
        return
    asked: Terms = (Term(name, "decorator"),)
    matchers = _matchers(script)
    for one in matchers or [""]:
        script.summary.mounts.append(Mount("*nextjs", "", guards=asked, reach=one))


def _matchers(script: Script) -> list[str]:
    for node in script.nodes:
        if node.type == "variable_declarator" and script.name(node.child_by_field_name("name")) == "config":
            given = script.entries(node.child_by_field_name("value")).get("matcher")
            listed = given.named_children if given is not None and given.type == "array" else [given] if given else []
            found = [script.text(one if one.type != "object" else script.entries(one).get("source")) for one in listed]
            return [one for one in found if one] or ["/no-path-that-can-be-told"]
    return []
