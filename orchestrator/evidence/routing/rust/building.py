"""Reads what functions of Rust hang together: handlers under paths, routers within routers, layers around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..program import Program, walk
from ..untold import Untold
from .names import Chain, Link, Path, bare, chain, items, methods, path, text

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "any", "trace"})
_HANGS = frozenset({"route", "nest", "merge", "service", "configure", "mount", "nest_service", "route_service", "to"})
_HANGS |= {"typed_get", "typed_post"}
_LAYERS = frozenset({"layer", "route_layer", "wrap"})
_LIST = frozenset({"routes"})
_NEW = frozenset({"App", "Router", "OpenApiRouter", "ApiRouter"})
_FROM = re.compile(r"from_fn|from_extractor")
_HANGS_ANY = re.compile(rb"\broutes!|\.(?:route|nest|merge|service|configure|mount)\(")
_DEPTH = 20


class Around(NamedTuple):
    """What is around a handler, or a function that hangs others."""

    prefix: str = ""
    before: tuple[Path, ...] = ()


class Hung(NamedTuple):
    """One handler, or one function whose own it takes over, and what is around it."""

    name: Path
    around: Around
    method: str = ""
    """Of a handler whose method is said here; one that has an attribute says it there."""
    line: int = 0
    is_handler: bool = True


@dataclass(slots=True)
class Built:
    """What each function of a file hangs together, by its name; of a variable by both, with a sign between."""

    hung: dict[str, list[Hung]] = field(default_factory=dict)
    untold: list[Untold] = field(default_factory=list)
    framework: str = ""


def built(program: Program) -> Built:
    """What the functions of a file hang together."""
    found = Built(framework=_framework(program))
    for node in items(program) if _HANGS_ANY.search(program.syntax.data) else ():
        for one in [node] if node.type == "function_item" else methods(node):
            if (body := part(one, "body")) is not None:
                _Builder(program, found, program.syntax.text(part(one, "name") or one, 200)).all(body, "")
    return found


def _framework(program: Program) -> str:
    data = program.syntax.data
    return next((name for name in ("rocket", "axum", "actix") if name.encode() in data), "")


class _Builder:
    def __init__(self, program: Program, found: Built, name: str) -> None:
        self._program = program
        self._found = found
        self._name = name

    def all(self, node: Node, target: str) -> None:
        """Take in what *node* and all within it hangs together, under the variable *target* if there is one."""
        stack = [(node, target)]
        while stack:
            here, target = stack.pop()
            if here.type == "function_item":
                continue
            if here.type in ("let_declaration", "assignment_expression"):
                name, value = part(here, "pattern", "left"), part(here, "value", "right")
                said = self._program.syntax.text(name) if name is not None and name.type == "identifier" else ""
                if value is not None:
                    stack.append((value, said))
                continue
            if here.type == "macro_invocation":
                self._listed(here, target, Around())
                continue
            found = chain(self._program, here) if here.type == "call_expression" else None
            if found is not None and self._hangs(found):
                self._chain(found, target, Around(), 0)
                for link in found.links:
                    stack += [(one, "") for one in link.given if one.type == "closure_expression"]
                continue
            if found is not None and found.is_called and not found.links:
                self._put(target, Hung(found.base, Around(), is_handler=False))
            stack += [(one, target) for one in reversed(here.named_children)]

    def _hangs(self, found: Chain) -> bool:
        if any(link.verb in _HANGS and link.given for link in found.links):
            return True
        return found.base[-1] in ("scope", "resource") and found.is_called

    def _put(self, target: str, hung: Hung) -> None:
        key = f"{self._name}@{target}" if target else self._name
        self._found.hung.setdefault(key, []).append(hung)

    def _chain(self, found: Chain, target: str, around: Around, depth: int) -> None:
        """Take in what the chain *found* hangs together, within *around*."""
        if depth > _DEPTH:
            return
        last, first = found.base[-1], found.base[0]
        is_scope = found.is_called and last in ("scope", "resource")
        if is_scope:
            said = text(self._program, found.given[0]) if found.given else None
            around = around._replace(prefix=_below(around.prefix, said or ""))
        always = [link for link in found.links if link.verb == "wrap"]
        for at, link in enumerate(found.links):
            later = always if always else [one for one in found.links[at + 1 :] if one.verb in _LAYERS]
            inner = around._replace(before=(*around.before, *(one for layer in later for one in self._layer(layer))))
            self._link(link, target, inner, depth, is_resource=is_scope and last == "resource")
        layers = tuple(one for link in found.links if link.verb in _LAYERS for one in self._layer(link))
        whole = around._replace(before=(*around.before, *layers))
        if not found.is_called and first != target and len(found.base) == 1:
            self._put(target, Hung((f"{self._name}@{first}",), whole, is_handler=False))
        elif found.is_called and not is_scope and first not in _NEW:
            self._put(target, Hung(found.base, whole, is_handler=False))

    def _link(self, link: Link, target: str, around: Around, depth: int, *, is_resource: bool) -> None:
        if link.verb not in _HANGS or not link.given or not self._program.counts(link.node, route=True):
            return
        first = link.given[0]
        if link.verb == "to":
            name = path(self._program, first) or ("",)
            self._put(target, Hung(name, around, "ANY", self._program.line(link.node)))
        elif link.verb == "route" and is_resource:
            self._answers(first, target, around, depth)
        elif link.verb == "route" and len(link.given) > 1:
            said = text(self._program, first)
            inner = around._replace(prefix=_below(around.prefix, "{}" if said is None else said))
            self._answers(link.given[1], target, inner, depth)
            if said is None:
                self._found.untold.append(Untold(self._program.line(link.node), link.verb))
        elif link.verb in ("nest", "mount", "nest_service", "route_service") and len(link.given) > 1:
            said = text(self._program, first)
            self._held(link.given[1], target, around._replace(prefix=_below(around.prefix, said or "")), depth, link)
        elif link.verb in ("merge", "service", "configure"):
            self._held(first, target, around, depth, link)

    def _held(self, node: Node, target: str, around: Around, depth: int, link: Link) -> None:
        """Take in what *node*, which is hung on something, holds itself."""
        node = bare(node)
        if node.type == "macro_invocation":
            self._listed(node, target, around)
        elif node.type == "tuple_expression":
            for one in node.named_children:
                self._held(one, target, around, depth, link)
        elif (found := chain(self._program, node)) is not None:
            if self._hangs(found) or found.is_called:
                self._chain(found, target, around, depth + 1)
            elif link.verb in ("merge", "nest", "configure") or "@" in found.base[0]:
                name = found.base if link.verb == "configure" else (f"{self._name}@{found.base[0]}",)
                self._put(target, Hung(name, around, is_handler=False))
            else:
                self._put(target, Hung(found.base, around, "", self._program.line(link.node)))

    def _answers(self, node: Node, target: str, around: Around, depth: int) -> None:
        """Take in who answers: ``get(list).post(create)``, ``web::get().to(list)``."""
        found = chain(self._program, node)
        if found is None:
            return
        layers = tuple(one for link in found.links if link.verb in _LAYERS for one in self._layer(link))
        around = around._replace(before=(*around.before, *layers))
        method = found.base[-1].removesuffix("_service") if found.is_called else ""
        answers = [(method, found.given[0], node)] if method in _VERBS and found.given else []
        for link in found.links:
            if link.verb == "to" and link.given:
                answers.append((method if method in _VERBS else "any", link.given[0], link.node))
            elif link.verb in _VERBS and link.given:
                answers.append((link.verb, link.given[0], link.node))
        for verb, given, place in answers:
            name = path(self._program, bare(given)) or ("",)
            self._put(target, Hung(name, around, verb.upper(), self._program.line(place)))
        if not answers and not found.is_called:
            self._put(target, Hung(found.base, around, "", self._program.line(node)))
        elif not answers:
            self._chain(found, target, around, depth + 1)

    def _layer(self, link: Link) -> list[Path]:
        """What may be a guard among what *link* puts around others."""
        found: list[Path] = []
        if not self._program.counts(link.node):
            return found
        for node in link.given:
            for one in walk(node, 60):
                if one.type in ("identifier", "scoped_identifier", "type_identifier", "generic_function"):
                    found.append(path(self._program, one))
        return [one for one in found if one and not _FROM.search(one[-1])]

    def _listed(self, node: Node, target: str, around: Around) -> None:
        """Take in the handlers that ``routes![a, b::c]`` lists."""
        macro = part(node, "macro")
        name = "" if macro is None else self._program.syntax.text(macro).rpartition("::")[2]
        if name not in _LIST or not self._program.counts(node, route=True):
            return
        inside = next((one for one in node.named_children if one.type == "token_tree"), None)
        said = self._program.syntax.text(inside, 20_000).strip("[]() \n") if inside is not None else ""
        said = re.sub(r"//[^\n]*|\s+", "", said)
        for one in filter(None, said.split(",")):
            self._put(target, Hung(tuple(one.split("::")), around))


def _below(prefix: str, said: str) -> str:
    inner = said.strip("/")
    return f"{prefix.rstrip('/')}/{inner}" if inner else prefix
