"""The languages whose routes are read by syntax and put together by their own rules, a row each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from ..facts.routes import Route
from ..inforce.code.syntax import Syntax
from . import dotnet, golang, jvm
from .elixir import assembled_elixir, read_elixir
from .php import PLACE, assembled_php, read_php, settings
from .program import Runs
from .ruby import assembled_ruby, read_ruby
from .rust import assembled_rust, read_rust
from .untold import Untold


class Said(Protocol):
    """What a file says of routes and guards."""

    @property
    def path(self) -> str: ...

    @property
    def untold(self) -> Sequence[Untold]: ...


Assembled = Callable[[Sequence[Any]], Iterator[Route]]


class Followed(NamedTuple):
    """
    How routes of one language are read.

    Args:
        matters: What a file says, or is called, that has routes or guards in it.
        declares: What one says that declares routes; one that does and cannot be parsed is told.
        read: Reads one file.
        assembled: Puts the routes of all files together; languages that have the same are put together.
        beside: The name of files that say what modules are called, and are no programs.
        module_of: Reads such a file.
    """

    matters: re.Pattern[bytes]
    declares: re.Pattern[bytes]
    read: Callable[[str, Syntax, Runs], Said]
    assembled: Assembled
    beside: str = ""
    module_of: Callable[[str, bytes], Said] | None = None


_PHP = re.compile(rb"\bRoute::|\bAuth::routes|#\[Route\(|Slim\\|RouteCollectorProxy|withRouting|\$(?:router|group)->")
_RUST = re.compile(
    rb"#\[(?:\w{1,20}::)?(?:get|post|put|patch|delete|head|options|route)\(|\broutes!\[|\.(?:route|nest|service|mount)\("
)
_RUBY = re.compile(rb"routes\.draw|[sS]inatra")
_PHOENIX = re.compile(rb"\bpipe_through\b|:router\b|Phoenix\.Router|Plug\.Router|\bpipeline :")
_JVM_DECLARES = re.compile(rb"@(?:Get|Post|Put|Patch|Delete|Request)Mapping\b|@Path\(|HttpSecurity")
_JVM_MATTERS = re.compile(
    rb"@(?:Get|Post|Put|Patch|Delete|Request)Mapping\b|@(?:ApplicationPath|Path|GET|POST|PUT|PATCH|DELETE)\b|"
    rb"io\.micronaut|HttpSecurity|WebSecurity|@Enable\w{0,20}MethodSecurity|@PreAuthorize|@Secured|"
    rb"@RolesAllowed|"
    rb"@PermitAll|@DenyAll|@Authenticated|\bRouterFunctions?\b|\bcoRouter\b|\brouting \{|"
    rb"(?:final String|const val) \w{0,60}(?:PATH|URL|URI|ROUTE|ENDPOINT|API|BASE|V\d)"
)
FOLLOWED: dict[str, Followed] = {
    "csharp": Followed(
        re.compile(
            rb"\bHttp(?:Get|Post|Put|Patch|Delete)\b|\bRoute\(|\.Map\w{1,60}[(<]|AllowAnonymous|Authorize|"
            rb"FallbackPolicy|IEndpointRouteBuilder|RouteGroupBuilder|AuthorizationFilter|EndpointWithoutRequest|"
            rb": Endpoint<|"
            rb"const string \w{0,60}(?:[pP]ath|[uU]rl|[rR]oute|[bB]ase|[aA]pi|PATH|URL|ROUTE|API)"
        ),
        re.compile(rb"\[Http(?:Get|Post|Put|Patch|Delete)|\.Map(?:Get|Post|Put|Patch|Delete|Methods|Group)\("),
        dotnet.read_csharp,
        dotnet.routes,
    ),
    "elixir": Followed(
        re.compile(_PHOENIX.pattern + rb"|\bplug\b|:controller\b|:live_view\b|\bhalt\b|\bconn\b|\bsocket\b"),
        _PHOENIX,
        read_elixir,
        assembled_elixir,
    ),
    "go": Followed(
        re.compile(
            rb"http\.(?:Handle|HandleFunc|Handler|HandlerFunc|ServeMux|NewServeMux|Error)\b|ServeHTTP|[mM]iddleware|"
            rb"gin-gonic/gin|go-chi/|labstack/echo|gofiber/|gorilla/mux|httprouter|common/route|[rR]outer\b|"
            rb"\.(?:GET|POST|PUT|PATCH|DELETE|Handle|HandleFunc)\(|Status(?:Unauthorized|Forbidden)|nauthori[sz]ed|orbidden"
        ),
        re.compile(
            rb"\.(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|Any|All|Get|Post|Put|Patch|Delete|Method|MethodFunc|Add|Mount|Route)"
            rb"\(\s{0,80}[\"`]|[hH]andle(?:Func)?\(|Handler(?:Func)?\(|PathPrefix\(|\.Group\(|\.Use\("
        ),
        golang.read_go,
        golang.routes,
        beside="go.mod",
        module_of=golang.module_of,
    ),
    "java": Followed(_JVM_MATTERS, _JVM_DECLARES, jvm.read_java, jvm.routes),
    "kotlin": Followed(_JVM_MATTERS, _JVM_DECLARES, jvm.read_kotlin, jvm.routes),
    "php": Followed(
        re.compile(
            _PHP.pattern + rb"|[mM]iddleware|Controller\b|\b40[13]\b|nauthori[sz]ed|orbidden|IsGranted|denyAccess|"
            rb"AccessDenied|uthenticationException",
        ),
        _PHP,
        read_php,
        assembled_php,
    ),
    "ruby": Followed(
        re.compile(
            _RUBY.pattern + rb"|Controller|_action\b|_filter\b|ActiveSupport::Concern|"
            rb"^\s{0,8}(?:resources?|namespace|scope|get|post|put|patch|delete|match|root) |"
            rb"\b40[13]\b|nauthori[sz]ed|orbidden|redirect_to|request_http_basic",
            re.MULTILINE,
        ),
        _RUBY,
        read_ruby,
        assembled_ruby,
    ),
    "rust": Followed(
        re.compile(
            _RUST.pattern + rb"|FromRequest|\b40[13]\b|UNAUTHORIZED|FORBIDDEN|Unauthorized|Forbidden|NotLoggedIn|"
            rb"ServiceConfig|Router\b|axum|actix|macro_rules!|async fn "
        ),
        _RUST,
        read_rust,
        assembled_rust,
    ),
}
"""By language."""


SETTINGS = PLACE
"""Where settings stand that say something of routes."""


def said_by_settings(path: str, document: object) -> tuple[str, Said] | None:
    """What a *document* of settings in the file at *path* says of routes, and of which language; None if nothing."""
    return ("php", settings(path, document)) if PLACE.search(path) else None
