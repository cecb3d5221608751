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


DIALECTS: dict[str, tuple[Dialect, ...]] = {
    "ruby": (
        _dialect(
            "rails",
            "routes",
            rf"^[ \t]{{0,40}}(?P<method>get|post|put|patch|delete|match|"
            rf"root)[ \t(]{{1,9}}(?:to: )?{_PATH}{_REST}",
            paths=r"(^|/)config/routes",
        ),
        _dialect(
            "rails",
            "resource",
            r"^[ \t]{0,40}resources?[ \t(]{1,9}:(?P<path>\w{1,80})(?P<rest>[^\n]{0,300})",
            paths=r"(^|/)config/routes",
        ),
        _dialect("sinatra", "sinatra Sinatra", rf"^[ \t]{{0,40}}{_VERB}[ \t(]{{1,9}}{_SLASH}{_REST}"),
    ),
    "php": (
        _dialect(
            "laravel",
            "Route::",
            rf"Route::(?P<method>get|post|put|patch|delete|any|match|resource|"
            rf"apiResource)\(\s{{0,80}}(?:\[[^\]\n]{{0,80}}\],\s{{0,9}})?{_PATH}{_REST}",
        ),
    ),
    "rust": (
        _dialect("actix", "#[get #[post #[put #[patch #[delete", rf"#\[{_VERB}\(\s{{0,9}}{_SLASH}{_REST}"),
        _dialect(
            "axum",
            "axum",
            rf"\.route\(\s{{0,80}}{_SLASH}\s{{0,9}},\s{{0,40}}(?P<method>get|post|put|patch|delete|"
            rf"any)?{_REST}",
        ),
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
    r"middleware\(\s{0,9}\[?[\"']auth|auth_?middleware|"
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
