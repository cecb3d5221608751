"""Lists the paths that matter most, and the tests that are named after them."""

from __future__ import annotations

import re

from orchestrator import Exhibit, Files, Manifests, Route, Routes, TestsByName, each

from ._facts import Facts, fact

_SHOWN = 60
_KINDS = (
    ("payment", re.compile(r"pay|charge|refund|invoice|billing|stripe|wallet", re.IGNORECASE)),
    ("checkout", re.compile(r"check-?out|order|cart|basket|purchase|booking|reserv", re.IGNORECASE)),
    ("login", re.compile(r"log-?in|sign-?in|sign_in|authenticat|oauth|session|2fa|mfa|token|callback", re.IGNORECASE)),
    ("account", re.compile(r"sign-?up|register|password|forgot|account|profile|invite|logout|log-out", re.IGNORECASE)),
    ("administration", re.compile(r"admin|settings|permission|role", re.IGNORECASE)),
    ("data in and out", re.compile(r"upload|import|export|download|webhook|files?(/|$)", re.IGNORECASE)),
)
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PARAMETERS = re.compile(r"\{[^}]*\}|<[^>]*>|:\w+|\(\?P?[^)]*\)|[\^$]")
_ASSETS = re.compile(
    r"\.(js|css|png|ico|svg|json|txt|xml|map)$|^/?(static|assets|public)/|health|ready|live|metrics|swagger|favicon"
)


def gist(facts: Facts) -> Exhibit:
    """The critical paths: what handles money, orders, logins and accounts first, and then whatever writes."""
    routes, tests = fact(facts, Routes), TestsByName(fact(facts, Files))
    seen: dict[tuple[str, str], tuple[Route, list[str]]] = {}
    for route in routes.routes:
        path = _PARAMETERS.sub("", route.path)
        kind = _kind(route, path)
        if kind:
            methods = seen.setdefault((kind, route.path), (route, []))[1]
            if route.method not in methods:
                methods.append(route.method)
    order = [kind for kind, _ in _KINDS] + ["other writes"]
    found = sorted(seen.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    rows, bare = [], 0
    for (kind, path), (route, methods) in found:
        named = tests.related(_PARAMETERS.sub("", path))
        bare += not named
        rows.append((kind, f"{' '.join(methods)} {path}", str(route.source), _listed(named)))
    if not rows:
        return _without_routes(facts, len(routes.routes), tests)
    note = (
        f"{len(rows):,} critical paths among {len(routes.routes):,} routes; {bare:,} have no test that is named "
        f"after them among {tests.count:,} test files. A name is a hint, no proof."
    )
    return Exhibit(
        title="Gist: the paths that matter most",
        note=note + (f" The first {_SHOWN} are shown." if len(rows) > _SHOWN else ""),
        columns=("kind", "path", "where", "tests that are named after it"),
        rows=tuple(rows[:_SHOWN]),
    )


def _kind(route: Route, path: str) -> str:
    if _ASSETS.search(path) or not path.strip("/"):
        return ""
    named = next((kind for kind, pattern in _KINDS if pattern.search(path)), "")
    return named or ("other writes" if route.method in _WRITES else "")


def _listed(paths: list[str]) -> str:
    return each(paths).stacked() or "none by name"


def _without_routes(facts: Facts, routes: int, tests: TestsByName) -> Exhibit:
    """What people run or import, where nothing answers requests."""
    offered = [m for m in fact(facts, Manifests).files if m.role == "source" and (m.command or m.library)]
    rows = [
        ("command" if m.command else "package", m.title or m.path, str(m.at()), _listed(tests.related(m.title)))
        for m in offered[:_SHOWN]
    ]
    note = f"None of {routes:,} routes handles money, orders, logins, accounts or writes"
    note += f"; {len(offered):,} commands and packages are offered instead." if rows else ", and nothing is published."
    return Exhibit(
        title="Gist: the paths that matter most",
        note=note,
        columns=("kind", "path", "where", "tests that are named after it"),
        rows=tuple(rows),
    )
