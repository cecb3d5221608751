"""Learns what the names of a module of JavaScript stand for, and which of them it lets others have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..summary import Router, Term
from .module import FUNCTIONS, Script, arguments, walk, within
from .terms import class_of, function_in, function_of, returned, term

if TYPE_CHECKING:
    from tree_sitter import Node

_MAKERS = re.compile(
    r"^(?:express|[fF]astify|\w{0,30}Router|Hono|OpenAPIHono|Koa|polka|restana|jsonServer|restify|createServer)$"
)
PACKAGES = re.compile(
    r"^(?:express|fastify|koa|koa-router|@koa/router|hono|@hono/zod-openapi|polka|restify|restana|find-my-way|"
    r"express-promise-router|express-async-router|json-server)(?:/|$)"
)
_ELSEWHERE = re.compile(
    r"vue|react|next/|wouter|angular|expo|inertia|svelte|tanstack|node:|^https?$|^net$|^tls$|^http2$|vite"
)
_PLUGIN = re.compile(r"^(?:fp|fastifyPlugin|fastify_plugin|plugin)$")
FRAMEWORKS = (("hono", "hono"), ("fastify", "fastify"), ("@koa/", "koa"), ("koa", "koa"), ("restify", "restify"))
"""What a module begins with, and the framework that it is of."""
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_NAMED_BY_CALLS = re.compile(rb"decorate|require|import\s{0,99}[(/]")
"""What a module says in which the name of a call matters by itself: it gives one, or takes a module in."""
_MOST = 300


def framework(script: Script) -> str:
    """What the routes of a module are written for."""
    taken = [module for module, _ in script.summary.imported.values()]
    return next((name for first, name in FRAMEWORKS for module in taken if module.startswith(first)), "express")


def learn(script: Script) -> None:
    """Take in what the module takes from others, what it defines, and what it lets them have."""
    take(script)
    may_name = _NAMED_BY_CALLS.search(script.syntax.data) is not None
    for kind, node in script.typed:
        if kind in ("function_declaration", "generator_function_declaration"):
            _function(script, script.name(part(node, "name")), node)
        elif kind in _CLASSES:
            _class(script, node, script.name(part(node, "name")))
        elif kind == "variable_declarator":
            _declare(script, node)
        elif kind == "assignment_expression":
            _assign(script, node)
        elif kind == "export_statement":
            _export(script, node)
        elif kind == "call_expression" and may_name and script.name(node).endswith(".decorate"):
            _decorate(script, node)
    if any("@" in router for router in script.summary.routers):
        for name, function in script.functions:
            _hand_back(script, name, function)


def take(script: Script) -> None:
    """Take in what the module takes from others."""
    for kind, node in script.typed:
        if kind == "import_statement":
            _import(script, node)
        elif kind == "variable_declarator":
            name, value = part(node, "name"), part(node, "value")
            if name is None or value is None or script.required(value) is None:
                continue
            if name.type == "object_pattern":
                _declare(script, node)
            elif (module := script.required(value)) is not None:
                script.summary.imported[script.syntax.text(name)] = (module, "default")


def _import(script: Script, node: Node) -> None:
    module = script.text(part(node, "source"))
    if module is None:
        return
    imported = script.summary.imported
    for part_ in walk(node, _MOST):
        if part_.type == "import_clause":
            for child in part_.named_children:
                if child.type == "identifier":
                    imported[script.syntax.text(child)] = (module, "default")
        elif part_.type == "namespace_import" and part_.named_children:
            imported[script.syntax.text(part_.named_children[0])] = (module, "")
        elif part_.type == "import_specifier":
            name, alias = part(part_, "name"), part(part_, "alias")
            if name is not None:
                imported[script.syntax.text(alias or name)] = (module, script.syntax.text(name))


def _declare(script: Script, node: Node) -> None:
    name, value = part(node, "name"), part(node, "value")
    if name is None or value is None:
        return
    if name.type != "object_pattern":
        _value(script, script.syntax.text(name), value, node)
        return
    source = script.name(value)
    for one in name.named_children[:_MOST]:
        if one.type == "shorthand_property_identifier_pattern":
            _alias(script, script.syntax.text(one), f"{source}.{script.syntax.text(one)}")
        elif one.type == "pair_pattern":
            key, local = part(one, "key"), part(one, "value")
            if key is not None and local is not None and local.type == "identifier":
                _alias(script, script.syntax.text(local), f"{source}.{script.syntax.text(key)}")


def _alias(script: Script, name: str, source: str) -> None:
    """Note that *name* stands for *source*, which may be part of what is taken from elsewhere."""
    first, _, rest = source.partition(".")
    imported = script.summary.imported
    if first in imported and "." not in rest and rest and imported[first][1] in ("default", ""):
        imported[name] = (imported[first][0], rest)
    elif first:
        script.summary.assigned.setdefault(name, (Term(source, "type"),))


def _value(script: Script, name: str, value: Node, at: Node) -> None:
    """Take in that *name* is given *value*."""
    while value.type in ("as_expression", "parenthesized_expression", "satisfies_expression", "await_expression"):
        value = value.named_children[0]
    summary = script.summary
    if value.type in FUNCTIONS:
        _function(script, name, value)
    elif value.type in _CLASSES:
        _class(script, value, name)
    elif value.type == "object":
        for key, inner in script.entries(value).items():
            _value(script, f"{name}.{key}", inner, at)
    elif (module := script.required(value)) is not None:
        summary.imported[name] = (module, "default")
    elif value.type in ("call_expression", "new_expression"):
        _made(script, name, value, at)
    elif source := script.name(value):
        _alias(script, name, source)


def _made(script: Script, name: str, value: Node, at: Node) -> None:
    """Take in that *name* is what a call makes: a router, or something that may be a guard."""
    summary = script.summary
    if (maker := making(script, value)) is not None:
        prefix = next((t for one in arguments(maker)[:2] if (t := script.text(script.entries(one).get("prefix")))), "")
        summary.routers[script.scoped(name, at)] = Router(name, framework(script), prefix or _based(script, value))
        return
    made = term(script, value, "type" if value.type == "new_expression" else "decorator")
    wrapped = [one for one in arguments(value)[:5] if one.type in FUNCTIONS]
    if wrapped and made is not None:
        _function(script, name, value)
        if _PLUGIN.search(made.name):
            summary.parameters[name] = tuple(script.parameters(wrapped[0]))
            summary.shared.add(name)
        return
    named = [term(script, one, "type") for one in arguments(value)[:5]]
    summary.assigned[name] = tuple(one for one in (made, *named) if one is not None)


def making(script: Script, node: Node | None) -> Node | None:
    """The call at the bottom of a chain *node* that makes a router; None where it makes none."""
    for _ in range(_MOST):
        if node is None:
            return None
        if node.type == "new_expression" or (
            node.type == "call_expression" and (inner := part(node, "function")) is not None and _is_maker(script, node)
        ):
            return node if _is_maker(script, node) else None
        if node.type == "call_expression":
            inner = part(node, "function")
            node = part(inner, "object") if inner is not None and inner.type == "member_expression" else None
        else:
            return None
    return None


def _is_maker(script: Script, node: Node) -> bool:
    name = script.name(node)
    first, _, rest = name.partition(".")
    module, there = script.summary.imported.get(first, ("", ""))
    if module and PACKAGES.search(module):
        return not rest or _MAKERS.search(rest) is not None
    if module and not module.startswith((".", "@/", "~")):
        return _ELSEWHERE.search(module) is None and _MAKERS.search(rest or there) is not None
    last = name.rpartition(".")[2]
    if not _MAKERS.search(last) or last == "createServer" or last.startswith(("use", "with", "create")):
        return False
    return not script.is_stub(part(node, "function", "constructor"))


def _based(script: Script, node: Node) -> str:
    """The prefix that a chain gives to a router when it is made: ``new Hono().basePath("/api")``."""
    for _ in range(_MOST):
        function = part(node, "function")
        if function is None or function.type != "member_expression":
            return ""
        if script.syntax.text(function).endswith(".basePath") and arguments(node):
            return script.text(arguments(node)[0]) or ""
        inner = part(function, "object")
        if inner is None:
            return ""
        node = inner
    return ""


def _function(script: Script, name: str, node: Node) -> None:
    """Take in what the function *node* does, and what it is handed."""
    if not name:
        return
    summary = script.summary
    summary.definitions.setdefault(name, function_of(script, node, name))
    summary.parameters.setdefault(name, tuple(script.parameters(node)) if node.type in FUNCTIONS else ())
    if node.type in FUNCTIONS:
        script.functions.append((name, node))


def _hand_back(script: Script, name: str, node: Node) -> None:
    """Take in the router that the function *node* makes and hands back."""
    for one in [node, *returned(script, node)]:
        for statement in walk(one):
            if statement.type == "return_statement" and statement.named_children and within(statement) == one:
                back = script.scoped(script.name(statement.named_children[0]), statement)
                if back in script.summary.routers and "@" in back:
                    script.summary.returned.setdefault(name, back)


def _class(script: Script, node: Node, name: str) -> None:
    if not name:
        return
    script.summary.definitions.setdefault(name, class_of(script, node, name))
    body = part(node, "body")
    for member in body.named_children if body is not None else ():
        function, said = function_in(member), part(member, "name", "property")
        if said is not None and (function is not None or part(member, "value") is not None):
            inner = f"{name}.{script.syntax.text(said)}"
            if function is not None:
                _function(script, inner, function)
            elif (value := part(member, "value")) is not None:
                _value(script, inner, value, member)


def _assign(script: Script, node: Node) -> None:
    """Take in what an assignment gives: an export, a property of who is made, or a name that is given anew."""
    left, right = part(node, "left"), part(node, "right")
    if left is None or right is None:
        return
    target = script.name(left)
    exported = re.fullmatch(r"(?:module\.)?exports(?:\.([\w$]+))?(?:\.([\w$]+))?", target)
    if exported is not None and (exported[1] or target.startswith("module")):
        _let_have(script, exported[1] or "default", exported[2] or "", right)
    elif target.startswith("this.") and (above := within(node)) is not None and (owner := _owner(script, above)):
        _value(script, f"{owner}.{target[5:]}", right, node)
    elif target and "." not in target and script.counts(node):
        if re.search(rf"(?<![\w$]){re.escape(target)}(?![\w$])", script.syntax.text(right, 2_000)):
            return  # what is wrapped again is still called
        script.summary.definitions.pop(target, None)
        _value(script, target, right, node)
    elif "." in target:
        _value(script, target, right, node)


def _owner(script: Script, function: Node) -> str:
    """The name of what *function* is the constructor of."""
    name = part(function, "name")
    if function.type == "method_definition":
        body = function.parent
        above = body.parent if body is not None else None
        name = part(above, "name") if above is not None else None
    elif name is None and function.parent is not None and function.parent.type == "variable_declarator":
        name = part(function.parent, "name")
    return script.syntax.text(name) if name is not None else ""


def _let_have(script: Script, exported: str, member: str, value: Node) -> None:
    """Note what others take from here under the name *exported*; ``module.exports.x`` is *x*."""
    summary = script.summary
    if exported == "exports" or (exported == "default" and member):
        exported, member = member, ""
    source = script.name(value) if value.type in ("identifier", "member_expression") else ""
    if source:
        summary.exported[exported] = (
            source if "." in source or source in summary.imported else script.scoped(source, value)
        )
        if source not in summary.imported and "." in source:
            _alias(script, exported, source)
        return
    local = f"exports-{exported}"
    summary.exported[exported] = local
    _value(script, local, value, value)
    if exported == "default":
        for key, inner in script.entries(value).items():
            named = script.name(inner) if inner.type not in FUNCTIONS else ""
            summary.exported.setdefault(key, named if named and "." not in named else f"{local}.{key}")


def _export(script: Script, node: Node) -> None:
    summary, source = script.summary, script.text(part(node, "source"))
    declared, value = part(node, "declaration"), part(node, "value")
    is_default = any(child.type == "default" for child in node.children)
    if value is not None:
        _let_have(script, "default", "", value)
    elif declared is not None:
        named = [declared, *declared.named_children] if declared.type.endswith("_declaration") else [declared]
        for one in named:
            name = part(one, "name")
            if name is not None and one.type not in ("pair", "parameter"):
                said = script.syntax.text(name)
                summary.exported["default" if is_default else said] = said
        if is_default and "default" not in summary.exported:
            _let_have(script, "default", "", declared)
    elif source is not None and not any(child.type == "export_clause" for child in node.named_children):
        summary.starred.append(source)
    for one in walk(node, _MOST) if declared is None and value is None else ():
        if one.type == "export_specifier" and (name := part(one, "name")) is not None:
            there = script.syntax.text(name)
            said = script.syntax.text(part(one, "alias") or name)
            if source is not None:
                summary.imported[f"from#{said}"] = (source, there)
            summary.exported[said] = f"from#{said}" if source is not None else there


def _decorate(script: Script, node: Node) -> None:
    """Take in what Fastify gives a name to on every instance."""
    given = arguments(node)
    name = script.text(given[0]) if given else None
    if name and len(given) > 1:
        _value(script, f"decorated#{name}", given[1], node)
