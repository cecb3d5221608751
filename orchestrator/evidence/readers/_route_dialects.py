"""How each framework declares a route, and how a guard on it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
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


def _dialect(framework: str, words: str, pattern: str, above: int = 0, below: int = 0, paths: str = "") -> Dialect:
    return Dialect(
        framework=framework,
        words=tuple(words.split()),
        pattern=re.compile(pattern, re.MULTILINE),
        above=above,
        below=below,
        paths=paths,
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
DIALECTS: dict[str, tuple[Dialect, ...]] = {
    "java": _JVM,
    "kotlin": _JVM,
    "go": (
        _dialect(
            "gin",
            "gin-gonic/gin labstack/echo",
            rf"\.(?P<method>GET|POST|PUT|PATCH|DELETE|Any)\(\s{{0,80}}{_PATH}{_REST}",
        ),
        _dialect(
            "chi",
            "go-chi/chi gofiber/fiber",
            rf"\.(?P<method>Get|Post|Put|Patch|Delete|All)\(\s{{0,80}}{_SLASH}{_REST}",
        ),
        _dialect(
            "net/http",
            "net/http",
            rf"\b\w{{0,30}}[hH]andle\w{{0,20}}\(\s{{0,80}}(?:\w{{1,40}} ?\+ ?)?"
            rf"\"(?:(?P<method>[A-Z]{{3,7}}) )?(?P<path>/[^\"\n]{{0,200}})\"{_REST}",
        ),
    ),
    "csharp": (
        _dialect(
            "aspnet", "[Http", rf"\[Http(?P<method>Get|Post|Put|Patch|Delete)(?:\(\s{{0,9}}(?:{_PATH})?)?{_REST}", 4, 4
        ),
        _dialect("aspnet", ".Map", rf"\.Map(?P<method>Get|Post|Put|Patch|Delete)\(\s{{0,80}}{_PATH}{_REST}", 0, 4),
    ),
}

GUARD = re.compile(
    r"login_?required|permission_required|permission_classes|staff_member_required|user_passes_test|"
    r"require_\w{0,30}(?:auth|login|user|admin|perm|role|scope|token)|"
    r"\w{0,20}_required\b|jwt_required|Depends\(\s{0,9}\w{0,30}(?:user|auth|token|admin|verify|perm|"
    r"principal|role)|Security\(|admin\.site\.urls|"
    r"is_?auth\w{0,20}|is_?logged_?in\w{0,20}|requires?_?(?:auth|login|user|admin|role)\w{0,20}|"
    r"requiresAuth|ensure_?(?:auth|logged)\w{0,20}|(?-i:[aA]uthenticate[(:A-Z_])|"
    r"(?-i:[aA]uthori[sz]e[(:A-Z_])|"
    r"verify_?(?:token|jwt|auth)\w{0,20}|check_?(?:jwt|auth|token|login)\w{0,20}|\b(?:is|"
    r"require)_?admin\w{0,20}|passport\.auth|expressjwt|\bjwt\(|denyAll|"
    r"@PreAuthorize|@Secured|@RolesAllowed|@Auth|\[Authorize|RequireAuthorization|"
    r"auth_?middleware|"
    r"with_?auth|auth_?guard|appendUserId|\bprotect(?:ed)?\b|validateApiKey|api_?key_?auth",
    re.IGNORECASE,
)
OPEN = re.compile(r"\[AllowAnonymous|@PermitAll|AllowAny\b|permitAll\(|skip_?auth", re.IGNORECASE)
GUARD_OF_CLASS = re.compile(
    r"^(?:@PreAuthorize|@Secured|@RolesAllowed|"
    r"[ \t]{0,4}\[Authorize)[^\n]{0,200}\n(?:[@\[ \t][^\n]{0,200}\n){0,6}[ \t]{0,4}(?:export |public |"
    r"abstract |sealed |partial |final ){0,4}class\b"
    r"|APIRouter\([^)]{0,400}dependencies\s{0,3}=\s{0,3}\[[^\]]{0,200}(?:auth|user|token|verify|admin)",
    re.MULTILINE | re.IGNORECASE,
)
