"""The languages whose routes are read from their syntax by the grammars of tree-sitter, one entry for each family."""

from __future__ import annotations

import re
from dataclasses import replace

from . import dotnet, golang, jvm
from .tongue import Tongue

_GO = Tongue(
    name="go",
    read=golang.read_go,
    assembled=golang.routes,
    declares=re.compile(
        rb"\.(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|Any|All|Get|Post|Put|Patch|Delete|Method|MethodFunc|Add|Mount|Route)"
        rb"\(\s{0,80}[\"`]|[hH]andle(?:Func)?\(|Handler(?:Func)?\(|PathPrefix\(|\.Group\(|\.Use\("
    ),
    matters=re.compile(
        rb"http\.(?:Handle|HandleFunc|Handler|HandlerFunc|ServeMux|NewServeMux|Error)\b|ServeHTTP|[mM]iddleware|"
        rb"gin-gonic/gin|go-chi/|labstack/echo|gofiber/|gorilla/mux|httprouter|common/route|[rR]outer\b|"
        rb"\.(?:GET|POST|PUT|PATCH|DELETE|Handle|HandleFunc)\(|Status(?:Unauthorized|Forbidden)|nauthori[sz]ed|orbidden"
    ),
    beside="go.mod",
    module_of=golang.module_of,
)
_JAVA = Tongue(
    name="jvm",
    read=jvm.read_java,
    assembled=jvm.routes,
    declares=re.compile(rb"@(?:Get|Post|Put|Patch|Delete|Request)Mapping\b|@Path\(|HttpSecurity"),
    matters=re.compile(
        rb"@(?:Get|Post|Put|Patch|Delete|Request)Mapping\b|@(?:ApplicationPath|Path|GET|POST|PUT|PATCH|DELETE)\b|"
        rb"io\.micronaut|HttpSecurity|WebSecurity|@Enable\w{0,20}MethodSecurity|@PreAuthorize|@Secured|"
        rb"@RolesAllowed|"
        rb"@PermitAll|@DenyAll|@Authenticated|\bRouterFunctions?\b|\bcoRouter\b|\brouting \{|"
        rb"(?:final String|const val) \w{0,60}(?:PATH|URL|URI|ROUTE|ENDPOINT|API|BASE|V\d)"
    ),
)
_CSHARP = Tongue(
    name="dotnet",
    read=dotnet.read_csharp,
    assembled=dotnet.routes,
    declares=re.compile(rb"\[Http(?:Get|Post|Put|Patch|Delete)|\.Map(?:Get|Post|Put|Patch|Delete|Methods|Group)\("),
    matters=re.compile(
        rb"\bHttp(?:Get|Post|Put|Patch|Delete)\b|\bRoute\(|\.Map\w{1,60}[(<]|AllowAnonymous|Authorize|"
        rb"FallbackPolicy|IEndpointRouteBuilder|RouteGroupBuilder|AuthorizationFilter|EndpointWithoutRequest|"
        rb": Endpoint<|"
        rb"const string \w{0,60}(?:[pP]ath|[uU]rl|[rR]oute|[bB]ase|[aA]pi|PATH|URL|ROUTE|API)"
    ),
)
TONGUES: dict[str, Tongue] = {
    "csharp": _CSHARP,
    "go": _GO,
    "java": _JAVA,
    "kotlin": replace(_JAVA, read=jvm.read_kotlin),
}
"""Language to how its routes are read."""
