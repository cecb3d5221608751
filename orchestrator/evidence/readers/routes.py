"""Finds the routes that source declares."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from ...domain.fact import Aside, Fact, Problem, Source
from ...errors import FormatError
from .. import judged
from ..anywhere import Anywhere
from ..asides import Asides
from ..facts.files import Files
from ..facts.routes import Route, Routes
from ..inforce.code.syntax import Unread
from ..inforce.code.tree import TreeJudge
from ..inforce.force import Force
from ..reader import Reader
from ..routing import (
    FOLLOWED,
    SETTINGS,
    Assembled,
    Followed,
    Runs,
    Said,
    Summary,
    assembled,
    is_place,
    read,
    read_script,
    said_by_settings,
    script_of,
)
from ..tree import FileEntry, SourceFile
from ._mentioned import Mentioned, Pool

_KEPT = 5_000
_PER_FILE = 500
_MAX_LINE = 2_000


class RoutesReader(Reader):
    """
    Finds declarations of routes.

    Python and JavaScript are read by their syntax, and followed through the tree; the others by their words, file by
    file, where each pattern is tried only where its words stand.
    """

    fact = Routes

    def __init__(self, names: Pool | None = None) -> None:
        self._routes: list[Route] = []
        self._specifications: list[Source] = []
        self._python: list[Summary] = []
        self._scripts: list[Summary] = []
        self._followed: dict[Assembled, list[Said]] = {}
        self._aside = Asides()
        self._names = Mentioned(pool=names)
        self._waiting: dict[tuple[str, int], Force] = {}

    def wants(self, file: FileEntry) -> bool:
        if file.role == "source" and file.language in (*_SCRIPTS, *FOLLOWED, "python"):
            return True
        return file.name in _BESIDE or _is_settings(file) or _is_specification(file)

    def read(self, source: SourceFile) -> None:
        if _is_specification(source.file):
            if _SPECIFICATION_HEAD.search(source.data[:3_000]):
                self._specifications.append(Source(path=source.path, line=1))
            return
        if (beside := _BESIDE.get(source.file.name)) is not None:
            if beside.module_of is not None and source.file.role not in ("test", "vendored", "example"):
                self._followed.setdefault(beside.assembled, []).append(beside.module_of(source.path, source.data))
            return
        if _is_settings(source.file):
            for document in source.yaml()[:1]:
                if (settings := said_by_settings(source.path, document.body)) is not None:
                    language, said = settings
                    self._followed.setdefault(FOLLOWED[language].assembled, []).append(said)
            return
        self._names.add(source)
        if source.file.language == "python":
            if _MAY_MATTER.stands_in(source.data, source.lower) or source.file.name == "__init__.py":
                self._summarise(source)
            return
        if source.file.language in _SCRIPTS:
            self._follow(source)
            return
        if (followed := FOLLOWED.get(source.file.language)) is not None and followed.matters.search(source.data):
            self._read_by(followed, source)

    def _summarise(self, source: SourceFile) -> None:
        """Keep what a module of Python says of routes and guards."""
        judge = judged.python(source)
        try:
            tree = judge.module.tree
        except FormatError:
            if _DECLARES.stands_in(source.data, source.lower):
                raise
            return  # what it may have is a guard, and one that is not seen guards nothing

        def counts(node: ast.AST, route: bool = True) -> bool:
            force = judge.node(node)
            place = Source(path=source.path, line=getattr(node, "lineno", 0))
            if force.unless:
                self._waiting[place.path, place.line] = force
            elif not force and route:
                self._set_aside(place, force)
            return bool(force or force.unless)

        self._python.append(read(source.path, tree, counts))

    def _follow(self, source: SourceFile) -> None:
        """Keep what a module of JavaScript says of routes and guards; of one that says nothing, that it is there."""
        judge = judged.judge(source)
        matters = _SCRIPT_DECLARES if source.path.endswith(("x", "X")) else _SCRIPT_MATTERS
        if not isinstance(judge, TreeJudge) or not (
            matters.stands_in(source.data, source.lower) or is_place(source.path)
        ):
            self._scripts.append(Summary(source.path))
            return

        try:
            self._scripts.append(read_script(source.path, judge.syntax, self._running(source, judge)))
        except Unread as error:
            self._scripts.append(Summary(source.path))
            if _SCRIPT_DECLARES.stands_in(source.data, source.lower):
                raise FormatError(f"its routes cannot be told, since {error}") from None

    def _read_by(self, followed: Followed, source: SourceFile) -> None:
        """Keep what a file says of routes and guards, as *followed* reads it."""
        judge = judged.judge(source)
        if not isinstance(judge, TreeJudge):
            return
        try:
            said = followed.read(source.path, judge.syntax, self._running(source, judge, told=True))
        except (Unread, RecursionError) as error:
            if followed.declares.search(source.data):
                why = error if isinstance(error, Unread) else "the code is nested too deeply"
                raise FormatError(f"its routes cannot be told, since {why}") from None
            return
        self._followed.setdefault(followed.assembled, []).append(said)

    def _running(self, source: SourceFile, judge: TreeJudge, told: bool = False) -> Runs:
        """
        What tells which parts of *source* are in force, and notes the routes that are not.

        Args:
            source: A file.
            judge: Of the file.
            told: Whether it notes as well those of which nobody can tell.
        """

        def runs(start: int, line: int, route: bool) -> bool:
            force = judge.reaches(start)
            if route and not force.is_void and not force.unless:
                if told and not force:
                    self._set_aside(Source(path=source.path, line=line), force)
                return True  # what a setting may switch on can be asked by everybody then
            if not force and (force.unless or route):
                place = Source(path=source.path, line=line)
                if force.unless:
                    self._waiting[place.path, place.line] = force
                else:
                    self._set_aside(place, force)
            return bool(force or force.unless)

        return runs

    def _of_followed(self) -> Iterator[Route]:
        """The routes of all languages that have rules of their own; what they do not understand is set aside."""
        for followed in FOLLOWED.values():
            files = self._followed.pop(followed.assembled, [])
            yield from followed.assembled(files)
            for said in files:
                for line, name, reason in sorted(set(said.untold)):
                    self._aside.add(Aside(path=said.path, line=line, what=name, reason=reason, void=False))

    def _set_aside(self, place: Source, force: Force) -> None:
        self._aside.add(
            Aside(path=place.path, line=place.line, what="a route", reason=force.reason, void=force.is_void)
        )

    def _are_reached(self, routes: Iterable[Route]) -> Iterator[Route]:
        """Those of *routes* that nothing has to name, or that another file does name."""
        for route in routes:
            force = self._waiting.get((route.file, route.line))
            if force is None or self._names.elsewhere(force.unless, route.file):
                yield route
            else:
                self._set_aside(route.source, force)

    def finish(self, files: Files) -> Fact:
        self._routes = list(self._are_reached(self._routes))
        self._routes += islice(
            self._are_reached(chain(assembled(self._python), assembled(self._scripts, script_of), self._of_followed())),
            _KEPT + 1,
        )
        self._routes.sort(key=lambda route: (route.file, route.line))
        left = [
            Problem(path=route.file, line=route.line, reason=f"more than {_KEPT:,} routes; the rest are not kept")
            for route in self._routes[_KEPT:][:1]
        ]
        return Routes(
            problems=tuple(left),
            routes=tuple(self._routes[:_KEPT]),
            aside=self._aside.kept,
            specifications=tuple(self._specifications),
            frameworks=tuple(sorted({route.framework for route in self._routes})),
        )


_DECLARES = Anywhere(
    rb"\.(?:get|post|put|patch|delete|head|options|all|any)\(\s{0,80}(?:path\s?=\s?)?[rf]?[\"'](?:/|[\"'])|"
    rb"\.(?:route|api_route|view|add_url_rule|include_router|register_blueprint|mount|add_subapp|before_\w{0,4}_?request)\(|"
    rb"\.before_request\b|\.add_(?:get|post|put|patch|delete|route|routes|\w{0,20}resource)\(|[rR]outer\w{0,20}\.register\(|"
    rb"urlpatterns|\bre_path\(|\bRoute\(|RequestHandler|Router\(|Blueprint\(|Flask\(|FastAPI\("
)
"""What a module of Python says that declares routes."""
_MAY_MATTER = Anywhere(
    _DECLARES.pattern + rb"|"
    rb"\babort\(|\b40[13]\b|_40[13]_|orbidden|nauthori[sz]ed|nauthenticated|PermissionDenied|permission_classes|"
    rb"BasePermission|def has_permission|is_authenticated|login_required|LoginRequired|Depends\(|Security\(|"
    rb"MIDDLEWARE =|REST_FRAMEWORK =|(?:Resource|View|ViewSet|Controller|Handler)\)|\brequire_\w|AllowAny|"
    rb"login_not_required|"
    rb"def (?:get|post|put|patch|delete|list|create|retrieve|update|destroy|dispatch)\(self"
)
"""What a module of Python says that has routes or guards in it."""
_SCRIPTS = frozenset({"javascript", "typescript"})
_BESIDE = {followed.beside: followed for followed in FOLLOWED.values() if followed.beside}
_SCRIPT_DECLARES = Anywhere(
    rb"\.(?:get|post|put|patch|delete|del|head|options|all|any)(?:<[^>\n]{0,80}>)?\(\s{0,80}\[?\s{0,80}[\"'`](?:/|\*)|"
    rb"\.(?:route|register|addHook|basePath|useGlobalGuards)\(|[rR]outer\b.{0,20}\(|Router\(|new Hono|new Koa|"
    rb"(?:require\(|from )\s?[\"'](?:express|fastify|koa|hono|restify|polka)|APP_GUARD|"
    rb"@(?:Get|Post|Put|Patch|Delete|All)\(|"
    rb"\bexport\b.{0,40}\b(?:GET|POST|PUT|PATCH|DELETE)\b|NextApiRe|export default .{0,60}handler"
)
"""What a module of JavaScript says that declares routes."""
_SCRIPT_MATTERS = Anywhere(
    _SCRIPT_DECLARES.pattern + rb"|"
    rb"\b40[13]\b|orbidden|nauthori[sz]ed|nauthenticated|FORBIDDEN|UNAUTHORIZED|[dD]enied|uthenticationError|"
    rb"uthorizationError|redirect.{0,80}(?:log-?in|sign-?in|LOGIN)|\bjwt\(|[eE]xpress-?[jJ]wt|passport|AuthGuard|canActivate|"
    rb"UseGuards|require[A-Z]\w|is(?:Auth|LoggedIn|Admin)|[aA]uthenticate\(|[aA]uthorize\(|\bnext\(\)|export\s{0,4}(?:\*|\{.{0,500}from)"
)
"""What a module of JavaScript says that has routes or guards in it, or hands on what others have."""
_SPECIFICATION = re.compile(
    r"(^|/)[^/]*(openapi|swagger|api-?spec|api-?docs?|asyncapi)[^/]*\.(ya?ml|json)$", re.IGNORECASE
)
_SPECIFICATION_HEAD = re.compile(
    rb"^[ \t{]{0,20}[\"']?(?:openapi|swagger|asyncapi)[\"']?[ \t]{0,9}:[ \t]{0,9}[\"']?[23]\.", re.MULTILINE
)


def _is_settings(file: FileEntry) -> bool:
    """Whether settings of a framework may say in a file who may reach which paths."""
    return file.role in ("source", "config") and SETTINGS.search(file.path) is not None


def _is_specification(file: FileEntry) -> bool:
    return file.role not in ("test", "vendored", "example") and _SPECIFICATION.search(file.path) is not None
