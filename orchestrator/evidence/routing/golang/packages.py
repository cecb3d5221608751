"""Puts the files of each package of Go together, and settles what only all of them can tell."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from ...facts.routes import Route
from ..assembling import assembled
from ..index import Index
from ..summary import Declared, Definition, Summary, Term, Terms
from ..terms import ITSELF
from ..untold import Untold
from .learning import Helped, Package

_ALL = "*"
_INSIDE = "in:"
_CONSTANT = re.compile(r"\{([\w.]{1,80})\}")
_HELPERS = re.compile(r"(?:^|[.#])(?:add|register)?_?(?:handle|handle_?func|route|endpoint)s?$", re.IGNORECASE)
_METHOD = re.compile(r"([A-Z]{3,7})[ \t]+")
_MODULE = re.compile(rb"^module[ \t]+\"?([\w./~-]{1,200})", re.MULTILINE)


def module_of(path: str, data: bytes) -> Summary:
    """What the file ``go.mod`` at *path* calls its folder."""
    named = _MODULE.search(data[:10_000])
    return Summary(path, exported={"module": named[1].decode()} if named is not None else {})


def routes(summaries: Sequence[Summary]) -> Iterator[Route]:
    """The routes of all files of Go, and of what they say of their modules."""
    files = [one for one in summaries if isinstance(one, Package)]
    modules = {one.exported["module"]: _folder(one.path) for one in summaries if "module" in one.exported}
    return _Tree(files, modules).routes()


class _Tree:
    """
    The packages of a tree.

    Args:
        files: What was read of each file.
        modules: The folders that have names of modules.
    """

    def __init__(self, files: Sequence[Package], modules: dict[str, str]) -> None:
        self._files = files
        self._modules = sorted(modules.items(), key=lambda one: (-len(one[0]), one))
        self._folders: dict[str, Package] = {}
        self._passed: dict[tuple[str, str], Terms] = {}
        for file in files:
            folder = _folder(file.path)
            _merge(self._folders.setdefault(folder, Package(folder)), file)
        for one in self._folders.values():
            _with_results(one)
        methods = Package(_ALL)
        for one in self._folders.values():
            _by_method(one, [one])
        _by_method(methods, list(self._folders.values()))
        self._every = [*files, *self._folders.values(), methods]
        self._index = Index(self._every, self._find)
        for file in files:
            for passed in file.passed:
                self._pass(file, *passed)

    def routes(self) -> Iterator[Route]:
        """All routes."""
        for file in self._files:
            self._settle(file)
        return assembled(self._every, self._find)

    def _find(self, path: str, module: str, known: Container[str]) -> str | None:
        """The folder of the package *module*, as one at *path* imports it; None where it lies outside of the tree."""
        if module in (".", _ALL):
            return _ALL if module == _ALL else _folder(path)
        if module.startswith(_INSIDE):
            return module.removeprefix(_INSIDE)
        for name, folder in self._modules:
            if module == name or module.startswith(name + "/"):
                inside = module.removeprefix(name).strip("/")
                below = "/".join(filter(None, (folder if folder != "." else "", inside))) or "."
                return below if below in known else None
        parts = module.split("/") if not self._modules else []
        suffixes = ("/".join(parts[start:]) for start in range(1, len(parts)))
        return next((one for one in suffixes if one in known), None)

    def _pass(self, file: Package, function: str, number: int, terms: Terms) -> None:
        """Let an argument of *function* be what *file* hands to it; of several calls all have to hand over the same."""
        given = self._index.parameter(file.path, function, number)
        folder = self._folders.get(given[0]) if given is not None else None
        if given is None or folder is None or given[1] not in folder.assigned:
            return
        known = []
        for term in terms:
            where = self._index.place(file.path, term.name)
            name = f"by#{file.path}#{term.name}".replace(".", "-")
            if term == ITSELF or where is None or where[0] == file.path:
                known.append(term)  # it comes from outside
            else:
                folder.imported[name] = (_INSIDE + where[0], where[1])
                known.append(replace(term, name=name))
        key = (folder.path, given[1])
        before = self._passed.setdefault(key, tuple(known))
        folder.assigned[given[1]] = before if before == tuple(known) else ()

    def _settle(self, file: Package) -> None:
        """Settle what *file* declares by functions, constants and routers of others."""
        for declared in file.led:
            below = next((mount.below for mount in file.mounts if mount.line == declared.line and mount.below), "")
            if self._index.router(file.path, below) is None:
                file.routes.append(declared)
        for helped in file.helped:
            self._help(file, helped)
        file.routes = [self._with_constants(file, one) for one in file.routes]
        file.mounts = [replace(one, prefix=self._filled(file, one.prefix)) for one in file.mounts]

    def _help(self, file: Package, helped: Helped) -> None:
        where = self._index.place(file.path, helped.function)
        folder = self._folders.get(where[0]) if where is not None else None
        registrar = folder.registrars.get(where[1]) if folder is not None and where is not None else None
        declared, said = helped.declared, helped.function.lstrip("#")
        if where is None or registrar is None or registrar.path >= len(helped.texts):
            if helped.sure:
                file.routes.append(declared)
            elif declared.path and _HELPERS.search(helped.function):
                file.untold.append(Untold(declared.line, "a route", f"is declared by {said}, which is not understood"))
            return
        text = helped.texts[registrar.path]
        if text is None:
            file.untold.append(
                Untold(declared.line, "a route", f"hangs on a path that is handed to {said}, and cannot be told")
            )
            text = "{}"
        method = helped.texts[registrar.method] if registrar.method >= 0 else registrar.verb
        spelled = _METHOD.match(text)
        router = f"by#{helped.function}".replace(".", "-")
        file.imported[router] = (_INSIDE + where[0], f"{where[1]}#")
        path = registrar.prefix + (text[spelled.end() :] if spelled else text)
        file.routes.append(
            replace(declared, router=router, method=spelled[1] if spelled else method or "ANY", path=path)
        )

    def _with_constants(self, file: Package, declared: Declared) -> Declared:
        path = self._filled(file, declared.path)
        if path == declared.path:
            return declared
        file.untold = [one for one in file.untold if one.line != declared.line]
        said = _METHOD.match(path)
        return replace(declared, path=path[said.end() :], method=said[1]) if said else replace(declared, path=path)

    def _filled(self, file: Package, path: str) -> str:
        """*path* with the texts of the constants that it names."""

        def text(found: re.Match[str]) -> str:
            first, _, rest = found[1].partition(".")
            folder, name = _folder(file.path), found[1]
            if first in file.imported and rest:
                folder, name = self._index.module(file.path, file.imported[first][0]) or "", rest
            known = self._folders.get(folder)
            return known.constants.get(name, found[0]) if known is not None else found[0]

        return _CONSTANT.sub(text, path)


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _merge(folder: Package, file: Package) -> None:
    """Put what *file* says of names into its *folder*."""
    for name, found in file.imported.items():
        folder.imported.setdefault(name, found)
    folder.definitions.update(file.definitions)
    folder.routers.update(file.routers)
    folder.assigned.update(file.assigned)
    folder.parameters.update(file.parameters)
    folder.constants.update(file.constants)
    folder.registrars.update(file.registrars)
    folder.results.update(file.results)
    file.definitions, file.routers, file.assigned, file.parameters = {}, {}, {}, {}
    file.starred = [".", _ALL]
    folder.starred = [_ALL]


def _with_results(folder: Package) -> None:
    """Let what functions hand back be known by the type of it."""
    for function, kind in folder.results.items():
        package, dot, name = kind.partition(".")
        if not kind or f"{function}()" in folder.routers:
            continue
        module = folder.imported.get(package, ("", ""))[0] if dot else _INSIDE + folder.path
        if module:
            folder.imported[f"{function}()"] = (module, name or package)


def _by_method(into: Package, folders: Sequence[Package]) -> None:
    """Let each method be found by its name alone; of several with one name all have to turn somebody away."""
    found: dict[str, list[tuple[str, Definition]]] = {}
    for folder in folders:
        for name, definition in folder.definitions.items():
            if "." in name and "@" not in name and not _is_of_interface(definition):
                found.setdefault("#" + name.rpartition(".")[2], []).append((folder.path, definition))
    for method, places in found.items():
        path, first = places[0]
        if len(places) == 1:
            into.imported[method] = (_INSIDE + path, first.name)
            into.imported[f"{method}()"] = (_INSIDE + path, f"{first.name}()")
        else:
            refuses, hands_on = (all(getattr(one, of) for _, one in places) for of in ("refuses", "goes_on"))
            into.definitions[method] = Definition(method, first.line, refuses, goes_on=hands_on)


def _is_of_interface(definition: Definition) -> bool:
    return definition.terms == (Term("#" + definition.name.rpartition(".")[2], "decorator"),)
