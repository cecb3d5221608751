"""The languages whose routes are read from their syntax by the grammars of tree-sitter, one entry for each family."""

from __future__ import annotations

import re

from . import golang
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
TONGUES: dict[str, Tongue] = {"go": _GO}
"""Language to how its routes are read."""
