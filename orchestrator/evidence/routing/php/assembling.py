"""Puts the routes of PHP together: files within files, and what stands before the methods that answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...facts.routes import Route
from ..refusing import OTHER
from ..units import OWN, Filter, Units
from .chains import Around, Chained, Included
from .reading import PhpFile
from .settings import Settings, allowed

LIBRARY = re.compile(
    r"(?:^|\.)(?:authorize|authorizeForUser|denyAccessUnlessGranted|authorizeResource)$|"
    r"^auth\(\)(?:->|\.)authenticate$"
)
"""Methods of Laravel and Symfony that turn those away who may not pass."""
_BY_NAME = re.compile(
    r"^(?:auth|auth\.basic|auth\.session|can|verified|password\.confirm|role|permission|role_or_permission|scopes?|"
    r"abilit(?:y|ies)|jwt\.auth|jwt\.verify|client|is_granted)$"
)
"""Short names under which Laravel and its best known packages keep what turns those away who may not pass."""
_BY_CLASS = re.compile(
    r"\\(?:Authenticate|AuthenticateWithBasicAuth|Authorize|EnsureEmailIsVerified|RequirePassword|CheckAbilities|"
    r"CheckForAnyAbility|CheckClientCredentials\w*|CheckScopes|CheckForAnyScope|CheckToken\w*|RoleMiddleware|"
    r"PermissionMiddleware|RoleOrPermissionMiddleware|JwtAuthentication|HttpBasicAuthentication|"
    r"EnsureClientIsResourceOwner|EnsureToken\w{0,40})$"
)
_ANSWERS = ("handle", "process", "__invoke")
"""Methods that run for what stands before a route."""
_DEPTH = 6


def assembled_php(said: Sequence[PhpFile | Settings]) -> Iterator[Route]:
    """The routes of all files, in their order, as far as settings do not say more of them."""
    files = [one for one in said if isinstance(one, PhpFile)]
    rules = [rule for one in said if isinstance(one, Settings) for rule in one.rules]
    prefixes = [pair for one in said if isinstance(one, Settings) for pair in one.prefixes]
    tree = _Tree(files)
    for file in files:
        for around in tree.contexts(file):
            for chained in file.chains.routes:
                yield tree.chained(file, chained, around)
        for one in file.attributed:
            prefix = next((prefix for folder, prefix in prefixes if file.path.startswith(folder)), "")
            path = prefix.rstrip("/") + "/" + one.path.lstrip("/")
            guarded = tree.acted(one.controller, one.action, ())
            yield Route(
                method=one.method,
                path=path,
                framework="symfony",
                file=file.path,
                line=one.line,
                guarded=True if guarded else allowed(rules, one.method, path),
            )


class _Tree:
    """The classes of a tree, the names for them, and the files that take in others."""

    def __init__(self, files: Sequence[PhpFile]) -> None:
        self._units = Units((unit for file in files for unit in file.classes.units), LIBRARY)
        self._filters: dict[str, list[Filter]] = {}
        self._aliases: dict[str, str] = {}
        self._groups: dict[str, list[str]] = {}
        self._above: dict[str, list[tuple[PhpFile, Included]]] = {}
        self._told: dict[str, bool] = {}
        self._before_all = [one for file in files for one in file.chains.before_all]
        paths = [file.path for file in files if file.chains.routes or file.chains.included]
        for file in files:
            self._aliases.update(file.classes.aliases)
            for name, found in file.classes.filters.items():
                self._filters.setdefault(name, []).extend(found)
            for name, put in file.classes.groups.items():
                self._groups.setdefault(name, []).extend(put)
            for inside in file.chains.included:
                meant = _meant(file.path, inside.file, paths)
                if meant and meant != file.path:
                    self._above.setdefault(meant, []).append((file, inside))

    def contexts(self, file: PhpFile, depth: int = 0) -> list[Around]:
        """All that is around the routes of *file*, once for each file that takes it in."""
        above = self._above.get(file.path, [])
        if not above or depth > _DEPTH:
            return [Around()]
        return [
            _joined(around, inside.around) for other, inside in above for around in self.contexts(other, depth + 1)
        ][:20]

    def chained(self, file: PhpFile, chained: Chained, around: Around) -> Route:
        """The route *chained* of *file*, within *around*."""
        whole = _joined(around, chained.around)
        path = around.prefix.rstrip("/") + ("/" + chained.path.strip("/") if chained.path.strip("/") else "")
        return Route(
            method=chained.method,
            path=path or "/",
            framework=file.chains.framework,
            file=file.path,
            line=chained.line,
            guarded=self._guarded(file, chained, whole),
        )

    def _guarded(self, file: PhpFile, chained: Chained, around: Around) -> bool | None:
        left = {one.partition(":")[0] for one in around.without}
        left |= {self._aliases[one] for one in left if one in self._aliases}
        before = [one for one in around.before if not self._is_left(one, left)]
        if file.chains.framework == "slim":
            before += self._before_all
        if any(map(self.is_guard, before)) or chained.itself:
            return True
        if any(self._units.turns_away("", call) for call in chained.calls):
            return True
        if chained.controller and self.acted(chained.controller, chained.action, left):
            return True
        return False if len(before) < len(around.before) and any(map(self.is_guard, around.before)) else None

    def _is_left(self, name: str, left: set[str]) -> bool:
        bare = name.partition(":")[0]
        return bare in left or self._aliases.get(bare, bare) in left

    def acted(self, controller: str, action: str, left: Iterable[str]) -> bool:
        """Whether what stands before the method *action* of a class turns those away who may not pass."""
        without = set(left)
        for unit in self._units.line_of(controller):
            for one in self._filters.get(unit.name, []):
                asked = (not one.only or action in one.only) and action not in one.but
                if asked and not self._is_left(one.name, without) and self.is_guard(one.name):
                    return True
        return self._units.checks(controller, action)

    def is_guard(self, name: str) -> bool:
        """Whether what is put before routes as *name* turns those away who may not pass."""
        if name not in self._told:
            self._told[name] = False  # what leads to itself is none
            self._told[name] = self._is_one(name)
        return self._told[name]

    def _is_one(self, name: str) -> bool:
        if name == OWN:
            return True
        bare = name.partition(":")[0]
        if bare in self._groups:
            return any(map(self.is_guard, self._groups[bare]))
        found = self._aliases.get(bare, bare)
        if OTHER.search(found.rpartition("\\")[2]):
            return False
        if found in self._units:
            has = next((one for one in _ANSWERS if self._units.function(found, one) is not None), None)
            if has is not None and self._units.turns_away(found, has):
                return True
            return (has is None or self._goes_up(found, has)) and any(map(_is_known, self._units.outside(found)))
        return _is_known(found) if "\\" in found else _BY_NAME.search(found) is not None

    def _goes_up(self, name: str, function: str) -> bool:
        """Whether *function* of the class *name* leaves it to the class above."""
        found = self._units.function(name, function)
        return found is not None and function in found.calls


def _is_known(name: str) -> bool:
    return _BY_CLASS.search("\\" + name.removeprefix("\\")) is not None


def _joined(above: Around, inner: Around) -> Around:
    prefix = above.prefix.rstrip("/") + inner.prefix
    return Around(prefix, (*above.before, *inner.before), (*above.without, *inner.without), inner.controller)


def _meant(path: str, file: str, paths: Sequence[str]) -> str:
    """Which of *paths* the one at *path* means by *file*; the one with the most folders in common."""
    found = [one for one in paths if one == file or one.endswith("/" + file)]
    if not found and "/" not in file:
        return ""
    near = path.rpartition("/")[0]
    return max(found, key=lambda one: (_common(one, near), one), default="")


def _common(one: str, other: str) -> int:
    same = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        same += 1
    return same
