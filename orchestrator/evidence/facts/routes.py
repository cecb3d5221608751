"""This is where the HTTP surface becomes a fact: which routes the source declares."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from .files import Files

_KEPT = 5_000
_PER_FILE = 500
_MAX_LINE = 2_000


class Route(Model):
    """One declared route."""

    method: str
    """GET, POST, … or ANY."""
    path: str
    framework: str
    file: str
    line: int
    guarded: bool | None = None
    """True where a guard (decorator, middleware, dependency) is visible, False where the route is declared public;
    None where neither can be told: a guard may stand elsewhere."""

    @property
    def source(self) -> Source:
        return Source(path=self.file, line=self.line)


class Routes(Fact):
    """Every route declared in source, and every OpenAPI document."""

    name: ClassVar[str] = "routes"

    routes: tuple[Route, ...] = ()
    specifications: tuple[Source, ...] = ()
    frameworks: tuple[str, ...] = ()


class RoutesReader(Reader):
    """Finds declarations of routes by their words, file by file; each pattern is tried only where its words stand."""

    fact = Routes

    def __init__(self) -> None:
        self._routes: list[Route] = []
        self._specifications: list[Source] = []

    def wants(self, file: FileEntry) -> bool:
        return (file.role == "source" and file.language in _DIALECTS) or _is_specification(file)

    def read(self, source: SourceFile) -> None:
        if _is_specification(source.file):
            if _SPECIFICATION_HEAD.search(source.data[:3_000]):
                self._specifications.append(Source(path=source.path, line=1))
            return
        if len(self._routes) < _KEPT:
            self._routes.extend(_file_routes(source))
            self._routes.extend(_routes_by_folder(source))

    def finish(self, files: Files) -> Fact:
        return Routes(
            routes=tuple(self._routes[:_KEPT]),
            specifications=tuple(self._specifications),
            frameworks=tuple(sorted({route.framework for route in self._routes})),
        )


_SPECIFICATION = re.compile(
    r"(^|/)[^/]*(openapi|swagger|api-?spec|api-?docs?|asyncapi)[^/]*\.(ya?ml|json)$", re.IGNORECASE
)
_SPECIFICATION_HEAD = re.compile(
    rb"^[ \t{]{0,20}[\"']?(?:openapi|swagger|asyncapi)[\"']?[ \t]{0,9}:[ \t]{0,9}[\"']?[23]\.", re.MULTILINE
)


def _is_specification(file: FileEntry) -> bool:
    return file.role not in ("test", "vendored", "example") and _SPECIFICATION.search(file.path) is not None


@dataclass(frozen=True)
class _Dialect:
    """How one framework (or several alike) writes a route: plain words that must stand in the file, and the pattern."""

    framework: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]
    above: int = 0
    """How many lines before the declaration may hold its guard."""
    below: int = 0
    paths: str = ""
    """A pattern that the file's path must contain."""


_VERB = r"(?P<method>get|post|put|patch|delete|head|options|all|any)"
_PATH = r"[\"'`](?P<path>[^\"'`\n]{0,200})[\"'`]"
_SLASH = r"[\"'`](?P<path>[/*][^\"'`\n]{0,200})[\"'`]"
_REST = r"(?P<rest>[^\n]{0,300})"


def _dialect(framework: str, words: str, pattern: str, above: int = 0, below: int = 0, paths: str = "") -> _Dialect:
    return _Dialect(
        framework=framework,
        words=tuple(words.split()),
        pattern=re.compile(pattern, re.MULTILINE),
        above=above,
        below=below,
        paths=paths,
    )


_JS = (
    _dialect(
        "express",
        ".get( .post( .put( .patch( .delete( .all(",
        rf"\b(?:app|server|fastify|api|route|\w{{0,30}}[rR]outer|\w{{0,30}}Routes?|\w{{0,30}}App)\.{_VERB}(?:<[^>\n]{{0,80}}>)?\(\s{{0,80}}\[?{_SLASH}{_REST}",
    ),
    _dialect("express", ".route(", rf"\.route\(\s{{0,80}}{_SLASH}{_REST}"),
    _dialect(
        "nestjs",
        "@Get( @Post( @Put( @Patch( @Delete( @All(",
        rf"@(?P<method>Get|Post|Put|Patch|Delete|All)\(\s{{0,20}}(?:{_PATH})?{_REST}",
        4,
        4,
    ),
)
_JVM = (
    _dialect(
        "spring",
        "Mapping",
        rf"@(?P<method>Get|Post|Put|Patch|Delete|Request)Mapping\b(?:\([^\"\n]{{0,60}}\{{?{_PATH})?{_REST}",
        3,
        3,
    ),
    _dialect("jax-rs", "@Path(", rf"@Path\(\s{{0,9}}{_PATH}{_REST}", 3, 3),
)
_DIALECTS: dict[str, tuple[_Dialect, ...]] = {
    "python": (
        _dialect("flask", ".route(", rf"^[ \t]{{0,40}}@[\w.]{{1,60}}\.route\(\s{{0,80}}(?:\w{{1,40}}\()?[rf]?{_PATH}{_REST}", 4, 8),
        _dialect("fastapi", ".get( .post( .put( .patch( .delete(", rf"^[ \t]{{0,40}}@[\w.]{{1,60}}\.{_VERB}\(\s{{0,80}}[rf]?{_SLASH}{_REST}", 4, 14),
        _dialect("flask", "resource(", rf"\.add_\w{{0,20}}resource\(\s{{0,80}}\w{{1,60}},\s{{0,80}}{_SLASH}{_REST}"),
        _dialect("django", "path( url(", rf"\b(?:re_)?(?:path|url)\(\s{{0,80}}[rf]?{_PATH}\s{{0,9}},{_REST}", paths=r"(^|/)urls(\.py|/)|urls\w*\.py$"),
        _dialect("django", ".register(", rf"\brouter\w{{0,20}}\.register\(\s{{0,80}}[rf]?{_PATH}{_REST}"),
        _dialect("tornado", "RequestHandler", rf"^[ \t]{{0,40}}\(\s{{0,9}}r?{_SLASH}\s{{0,9}},{_REST}"),
        _dialect("aiohttp", ".add_", rf"router\.add_{_VERB}\(\s{{0,80}}{_SLASH}{_REST}"),
    ),
    "javascript": _JS,
    "typescript": _JS,
    "java": _JVM,
    "kotlin": _JVM,
    "go": (
        _dialect("gin", "gin-gonic/gin labstack/echo", rf"\.(?P<method>GET|POST|PUT|PATCH|DELETE|Any)\(\s{{0,80}}{_PATH}{_REST}"),
        _dialect("chi", "go-chi/chi gofiber/fiber", rf"\.(?P<method>Get|Post|Put|Patch|Delete|All)\(\s{{0,80}}{_SLASH}{_REST}"),
        _dialect("net/http", "net/http", rf"\b\w{{0,30}}[hH]andle\w{{0,20}}\(\s{{0,80}}(?:\w{{1,40}} ?\+ ?)?\"(?:(?P<method>[A-Z]{{3,7}}) )?(?P<path>/[^\"\n]{{0,200}})\"{_REST}"),
    ),
    "ruby": (
        _dialect("rails", "routes", rf"^[ \t]{{0,40}}(?P<method>get|post|put|patch|delete|match|root)[ \t(]{{1,9}}(?:to: )?{_PATH}{_REST}", paths=r"(^|/)config/routes"),
        _dialect("rails", "resource", r"^[ \t]{0,40}resources?[ \t(]{1,9}:(?P<path>\w{1,80})(?P<rest>[^\n]{0,300})", paths=r"(^|/)config/routes"),
        _dialect("sinatra", "sinatra Sinatra", rf"^[ \t]{{0,40}}{_VERB}[ \t(]{{1,9}}{_SLASH}{_REST}"),
    ),
    "php": (_dialect("laravel", "Route::", rf"Route::(?P<method>get|post|put|patch|delete|any|match|resource|apiResource)\(\s{{0,80}}(?:\[[^\]\n]{{0,80}}\],\s{{0,9}})?{_PATH}{_REST}"),),
    "csharp": (
        _dialect("aspnet", "[Http", rf"\[Http(?P<method>Get|Post|Put|Patch|Delete)(?:\(\s{{0,9}}(?:{_PATH})?)?{_REST}", 4, 4),
        _dialect("aspnet", ".Map", rf"\.Map(?P<method>Get|Post|Put|Patch|Delete)\(\s{{0,80}}{_PATH}{_REST}", 0, 4),
    ),
    "rust": (
        _dialect("actix", "#[get #[post #[put #[patch #[delete", rf"#\[{_VERB}\(\s{{0,9}}{_SLASH}{_REST}"),
        _dialect("axum", "axum", rf"\.route\(\s{{0,80}}{_SLASH}\s{{0,9}},\s{{0,40}}(?P<method>get|post|put|patch|delete|any)?{_REST}"),
    ),
}  # fmt: skip

_GUARD = re.compile(
    r"login_?required|permission_required|permission_classes|staff_member_required|user_passes_test|require_\w{0,30}(?:auth|login|user|admin|perm|role|scope|token)|"
    r"\w{0,20}_required\b|jwt_required|Depends\(\s{0,9}\w{0,30}(?:user|auth|token|admin|verify|perm|principal|role)|Security\(|admin\.site\.urls|"
    r"is_?auth\w{0,20}|is_?logged_?in\w{0,20}|requires?_?(?:auth|login|user|admin|role)\w{0,20}|requiresAuth|ensure_?(?:auth|logged)\w{0,20}|(?-i:[aA]uthenticate[(:A-Z_])|(?-i:[aA]uthori[sz]e[(:A-Z_])|"
    r"verify_?(?:token|jwt|auth)\w{0,20}|check_?(?:jwt|auth|token|login)\w{0,20}|\b(?:is|require)_?admin\w{0,20}|passport\.auth|expressjwt|\bjwt\(|denyAll|"
    r"@UseGuards|@PreAuthorize|@Secured|@RolesAllowed|@Auth|\[Authorize|RequireAuthorization|middleware\(\s{0,9}\[?[\"']auth|auth_?middleware|"
    r"with_?auth|auth_?guard|appendUserId|\bprotect(?:ed)?\b|validateApiKey|api_?key_?auth",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\[AllowAnonymous|@Public\(|@PermitAll|AllowAny\b|permitAll\(|skip_?auth", re.IGNORECASE)
_GUARD_OF_ALL = re.compile(
    rf"^[ \t]{{0,20}}\w{{0,30}}(?:[rR]outer|[aA]pp|api)\.use\(\s{{0,20}}(?:(?P<prefix>[\"'`]/[^\"'`\n]{{0,100}})[\"'`]\s{{0,9}},\s{{0,20}})?(?:[\w.]{{1,60}}\s{{0,3}}\([^)\n]{{0,60}}\)\s{{0,3}},\s{{0,3}}){{0,3}}"
    rf"(?:\w{{1,30}}\.)?(?:{_GUARD.pattern})",
    re.MULTILINE | re.IGNORECASE,
)
_GUARD_OF_CLASS = re.compile(
    r"^(?:@UseGuards|@PreAuthorize|@Secured|@RolesAllowed|[ \t]{0,4}\[Authorize)[^\n]{0,200}\n(?:[@\[ \t][^\n]{0,200}\n){0,6}[ \t]{0,4}(?:export |public |abstract |sealed |partial |final ){0,4}class\b"
    r"|APIRouter\([^)]{0,400}dependencies\s{0,3}=\s{0,3}\[[^\]]{0,200}(?:auth|user|token|verify|admin)",
    re.MULTILINE | re.IGNORECASE,
)
_IMPORTED = re.compile(
    r"(?:from|require\(|import)[ \t(]{0,9}[\"']?(?:@)?(koa|fastify|hono|restify|express|fastapi|flask|sanic|starlette)\b"
)


def _file_routes(source: SourceFile) -> Iterator[Route]:
    """The routes of one file; what stands on overlong lines (packed code) is left alone."""
    dialects = [
        d
        for d in _DIALECTS[source.file.language]
        if any(w.encode() in source.data for w in d.words) and (not d.paths or re.search(d.paths, source.path))
    ]
    if not dialects:
        return
    text = source.text
    imported = _IMPORTED.search(text[:20_000])
    all_guarded = _GUARD_OF_CLASS.search(text) is not None
    shields = [(m.start(), (m.group("prefix") or "")[1:]) for m in _GUARD_OF_ALL.finditer(text)]
    starts = [0]
    for line in source.lines:
        starts.append(starts[-1] + len(line) + 1)
    number = 0
    for dialect in dialects:
        for found in dialect.pattern.finditer(text):
            line = bisect_right(starts, found.start())
            written = source.lines[line - 1]
            if len(written) > _MAX_LINE or written.lstrip().startswith(("//", "#!", "# ", "*", "/*", "import ")):
                continue
            number += 1
            if number > _PER_FILE:
                return
            path = found.groupdict().get("path") or ""
            around = "\n".join(source.lines[max(0, line - 1 - dialect.above) : line + dialect.below])
            around = found.group() if not dialect.below else _own(around, found.group())
            yield Route(
                method=_method(found, around),
                path=path,
                framework=_framework(dialect, imported.group(1) if imported else ""),
                file=source.path,
                line=line,
                guarded=_guarded(
                    around, all_guarded or any(at < found.start() and path.startswith(p) for at, p in shields)
                ),
            )


def _own(around: str, declaration: str) -> str:
    """The lines that belong to the declaration: back to the blank line before it, on to the end of its signature."""
    before, _, after = around.partition(declaration)
    before = before[before.rfind("\n\n") + 1 :]
    end = re.search(r"\n[ \t]*\n|\)[^\n()]{0,80}[:{]\s{0,9}\n", after)
    return before + declaration + (after[: end.end()] if end else after)


_DEFINED = re.compile(r"\b(?:def|func|function|fun)\s{1,9}\w{1,80}")


def _guarded(around: str, shielded: bool) -> bool | None:
    if _OPEN.search(around):
        return False
    return True if shielded or _GUARD.search(_DEFINED.sub("", around)) else None


_METHODS = re.compile(r"methods?\s{0,3}[=:]\s{0,3}[\[({\s]{0,3}(?:RequestMethod\.)?[\"']?(\w{3,7})")


def _method(found: re.Match[str], around: str) -> str:
    """The method that the declaration names; flask's and Spring's say it among their arguments."""
    word = (found.groupdict().get("method") or "").upper()
    if word in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        return word
    if word == "ROOT":
        return "GET"
    named = _METHODS.search(found.group())
    return named.group(1).upper() if named else "ANY"


def _framework(dialect: _Dialect, imported: str) -> str:
    if dialect.framework in ("express", "fastapi", "flask") and imported:
        return {"starlette": "fastapi"}.get(imported, imported)
    return dialect.framework


_PAGES = re.compile(r"(?:^|/)pages(?P<pages>/api/.{1,200})\.[jt]sx?$|(?:^|/)app(?P<app>/(?:.{1,200}/)?)route\.[jt]s$")
_EXPORTED = re.compile(r"^export (?:async )?(?:function|const) (GET|POST|PUT|PATCH|DELETE)\b", re.MULTILINE)


def _routes_by_folder(source: SourceFile) -> Iterator[Route]:
    """Routes that Next.js and its like take from a file's place in the tree."""
    place = _PAGES.search(source.path)
    if place is None or source.file.language not in ("javascript", "typescript"):
        return
    guarded = True if re.search(r"getServerSession|getToken\(|withAuth|requireAuth|auth\(\)", source.text) else None
    if place.group("pages"):
        path = re.sub(r"/index$", "", place.group("pages"))
        yield Route(method="ANY", path=path, framework="nextjs", file=source.path, line=1, guarded=guarded)
        return
    path = place.group("app").rstrip("/") or "/"
    for found in _EXPORTED.finditer(source.text):
        line = source.text.count("\n", 0, found.start()) + 1
        yield Route(method=found.group(1), path=path, framework="nextjs", file=source.path, line=line, guarded=guarded)
