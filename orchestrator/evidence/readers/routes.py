"""Finds the routes that source declares."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, islice

from ...domain.fact import Aside, Fact, Problem, Source
from ...errors import FormatError
from .. import judged
from ..anywhere import Anywhere
from ..asides import Asides
from ..facts.files import Files
from ..facts.routes import Route, Routes
from ..inforce.code import judge_of
from ..inforce.code.syntax import Unread
from ..inforce.code.tree import TreeJudge
from ..inforce.force import Force
from ..reader import Reader
from ..routing import Summary, assembled, is_place, read, read_script, script_of
from ..tree import FileEntry, SourceFile
from ._mentioned import Mentioned
from ._route_dialects import DIALECTS, GUARD, GUARD_OF_CLASS, OPEN

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

    def __init__(self) -> None:
        self._routes: list[Route] = []
        self._specifications: list[Source] = []
        self._python: list[Summary] = []
        self._scripts: list[Summary] = []
        self._aside = Asides()
        self._names = Mentioned()
        self._waiting: dict[tuple[str, int], Force] = {}

    def wants(self, file: FileEntry) -> bool:
        return (file.role == "source" and file.language in (*DIALECTS, *_SCRIPTS, "python")) or _is_specification(file)

    def read(self, source: SourceFile) -> None:
        if _is_specification(source.file):
            if _SPECIFICATION_HEAD.search(source.data[:3_000]):
                self._specifications.append(Source(path=source.path, line=1))
            return
        self._names.add(source)
        if source.file.language == "python":
            if _MAY_MATTER.stands_in(source.data, source.lower) or source.file.name == "__init__.py":
                self._summarise(source)
            return
        if source.file.language in _SCRIPTS:
            self._follow(source)
            return
        for route, force in _file_routes(source):
            if force.unless:
                self._waiting[route.file, route.line] = force
            elif not force:
                self._set_aside(route.source, force)
            if force.is_void and not force.unless:
                continue
            if len(self._routes) >= _KEPT:
                raise FormatError(f"more than {_KEPT:,} routes; the rest are not kept", route.line)
            if force or force.unless or not route.guarded:  # what may be open to all is not forgotten
                self._routes.append(route)

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

        def runs(start: int, line: int, route: bool) -> bool:
            force = judge.reaches(start)
            if route and not force.is_void and not force.unless:
                return True  # what a setting may switch on can be asked by everybody then
            if not force and (force.unless or route):
                place = Source(path=source.path, line=line)
                if force.unless:
                    self._waiting[place.path, place.line] = force
                else:
                    self._set_aside(place, force)
            return bool(force or force.unless)

        try:
            self._scripts.append(read_script(source.path, judge.syntax, runs))
        except Unread as error:
            self._scripts.append(Summary(source.path))
            if _SCRIPT_DECLARES.stands_in(source.data, source.lower):
                raise FormatError(f"its routes cannot be told, since {error}") from None

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
            self._are_reached(chain(assembled(self._python), assembled(self._scripts, script_of))), _KEPT + 1
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


def _is_specification(file: FileEntry) -> bool:
    return file.role not in ("test", "vendored", "example") and _SPECIFICATION.search(file.path) is not None


def _file_routes(source: SourceFile) -> Iterator[tuple[Route, Force]]:
    """The routes of one file, whether in force or not; what stands on overlong lines (packed code) is left alone."""
    dialects = [
        d
        for d in DIALECTS[source.file.language]
        if any(w.encode() in source.data for w in d.words) and (not d.paths or re.search(d.paths, source.path))
    ]
    if not dialects:
        return
    program = _Program(source)
    text, lines = program.text, program.lines
    shielded = any(program.force(m) for m in islice(GUARD_OF_CLASS.finditer(text), 50))
    tried = [(d, n, found) for d in dialects for n, found in enumerate(islice(d.pattern.finditer(text), _PER_FILE + 1))]
    for dialect, count, found in tried:
        number = program.line(found)
        if count >= _PER_FILE:
            raise FormatError(f"more than {_PER_FILE:,} routes; the rest are not kept", number)
        if len(lines[number - 1]) > _MAX_LINE or lines[number - 1].lstrip().startswith(_COMMENTS):
            continue
        path = found.groupdict().get("path") or ""
        nearby = [line[:400] for line in lines[max(0, number - 1 - dialect.above) : number + dialect.below]]
        around = _own("\n".join(nearby), found.group()) if dialect.below else found.group()
        route = Route(
            method=_method(found),
            path=path,
            framework=dialect.framework,
            file=source.path,
            line=number,
            guarded=_guarded(around.replace(path, "") if path else around, shielded),
        )
        yield route, program.force(found)


class _Program:
    """A file without its comments, and what is in force of it."""

    def __init__(self, source: SourceFile) -> None:
        data = source.text.encode()
        self._judge = judge_of(data, source.path, source.file.language)
        self.text = self._judge.running(0, len(data)).decode("utf-8", "replace")
        self.lines = self.text.split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self._bytes = list(accumulate((len(line.encode()) + 1 for line in self.lines), initial=0))

    def line(self, found: re.Match[str]) -> int:
        """The number of the line that a match begins in."""
        return bisect_right(self._starts, found.start())

    def force(self, found: re.Match[str]) -> Force:
        """What is to be said of what a pattern found, from its first letter on."""
        spelled = found.group()
        start = self._place(found.start() + len(spelled) - len(spelled.lstrip()))
        return self._judge.judge(start, max(start + 1, self._place(found.end())))

    def _place(self, at: int) -> int:
        number = bisect_right(self._starts, at)
        return self._bytes[number - 1] + len(self.lines[number - 1][: at - self._starts[number - 1]].encode())


_COMMENTS = ("//", "#!", "# ", "*", "/*", "import ")


def _own(around: str, declaration: str) -> str:
    """The lines that belong to the declaration: back to the blank line before it, on to the end of its signature."""
    before, _, after = around.partition(declaration)
    before = before[before.rfind("\n\n") + 1 :]
    end = re.search(r"\n[ \t]*\n|\)[^\n()]{0,80}[:{]\s{0,9}\n", after)
    return before + declaration + (after[: end.end()] if end else after)


_DEFINED = re.compile(r"\b(?:def|func|function|fun)\s{1,9}\w{1,80}")


def _guarded(around: str, shielded: bool) -> bool | None:
    if OPEN.search(around):
        return False
    return True if shielded or GUARD.search(_DEFINED.sub("", around)) else None


_METHODS = re.compile(
    r"methods?\s{0,3}[=:]\s{0,3}[\[({\s]{0,3}(?:RequestMethod\.)?[\"']?(\w{3,7})[\"']?(\s{0,3},\s{0,9}[\"'R]\w{2,20})?"
)


def _method(found: re.Match[str]) -> str:
    """The method that the declaration names, ANY for several; flask's and Spring's stand among their arguments."""
    word = (found.groupdict().get("method") or "").upper()
    if word in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        return word
    if word == "ROOT":
        return "GET"
    named = _METHODS.search(found.group())
    return named.group(1).upper() if named and not named.group(2) else "ANY"
