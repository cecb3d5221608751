"""Tells which manifests the kustomizations of a tree apply, and what those of production change in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from ..facts.kubernetes import Resource
from ..stages import is_file_elsewhere, is_file_of_production
from .force import IN_FORCE, Force, void
from .kustomizations import Kustomization, joined, strings
from .patching import Patching

_MAX_WALK = 50_000
_MAX_CHAIN = 30


class Overlays:
    """
    The kustomizations of a tree and what each of them reaches.

    Args:
        kustomizations: All of them, whatever they are for.
        patches: What they lay over objects, by the path of the patch; several to a file.
        followers: Objects of Flux that apply folders of the tree.
        mentioned: Files and folders that something else applies by name.
    """

    def __init__(
        self,
        kustomizations: Iterable[Kustomization],
        patches: Iterable[Resource],
        followers: Iterable[Resource] = (),
        mentioned: Iterable[str] = (),
    ) -> None:
        self._mentioned = frozenset(mentioned)
        self._followed: dict[str, bool] = {}
        added: set[str] = set()
        for follower in followers:
            folder = joined("", str(follower.get("spec", "path") or ".").lstrip("/"))
            active = follower.get("spec", "suspend") is not True
            self._followed[folder] = self._followed.get(folder, False) or active
            added.update(joined(folder, path) for path in strings(follower.get("spec", "components")))
        self._by_folder = {k.folder: k for k in sorted(kustomizations, key=lambda k: k.path)}
        self._patches: dict[str, list[Resource]] = {}
        self._patchings: dict[str, Patching] = {}
        for patch in patches:
            self._patches.setdefault(patch.path, []).append(patch)
        named = {path for k in self._by_folder.values() for path in k.followed}
        self._named = {path for k in self._by_folder.values() for path in k.named}
        tops = [
            k
            for folder, k in self._by_folder.items()
            if folder in added or (folder not in named and not k.is_component)
        ]
        self._reached = {k.folder: self._walk(k) for k in tops}
        self._by_file: dict[str, list[str]] = {}
        for folder, files in self._reached.items():
            for file in files:
                self._by_file.setdefault(file, []).append(folder)
        for_production = [folder for folder in self._reached if is_file_of_production(folder)]
        neutral = [folder for folder in self._reached if not is_file_elsewhere(folder)]
        self._deciding = frozenset(for_production or neutral or self._reached)
        self._with_production = bool(for_production)

    @property
    def remote(self) -> bool:
        """Whether one of them brings objects from elsewhere."""
        return any(k.remote for k in self._by_folder.values())

    def namespace(self, resource: Resource) -> str:
        """The namespace that *resource* ends up in, where one kustomization that is its own decides; else its own."""
        folder = resource.path.rpartition("/")[0]
        own = self._by_folder.get(folder)
        set_by = own.body.get("namespace") if own is not None and resource.path in own.named else None
        return str(set_by) if isinstance(set_by, str) and set_by else resource.namespace

    def applied(self, resource: Resource) -> Force:
        """Whether a kustomization that matters in production applies *resource*; in force where none is concerned."""
        path, folder = resource.path, resource.path.rpartition("/")[0]
        if self._suspended(folder):
            return void("is in a folder of which Flux is told to leave it alone")
        tops = self._by_file.get(path, ())
        own = self._by_folder.get(folder)
        if not tops:
            if own is not None and own.is_component and folder not in self._reachable:
                return void("is in a component that no kustomization names")
            if own is not None and own.builds and path not in self._named and path != own.path:
                if self._is_mentioned(path) or self._is_mentioned(folder):
                    return IN_FORCE
                return void("is listed by no kustomization, and its folder has one")
            return IN_FORCE
        if all(is_file_elsewhere(top) for top in tops) and (self._with_production or is_file_elsewhere(folder)):
            return void(f"is applied by {tops[0]} alone, which is not production")
        return IN_FORCE

    def _is_mentioned(self, path: str) -> bool:
        """Whether something applies *path*, which it may write from a folder around it."""
        while path:
            if path in self._mentioned:
                return True
            path = path.partition("/")[2]
        return False

    def _suspended(self, folder: str) -> bool:
        """Whether the innermost folder around *folder* that Flux follows is suspended."""
        while self._followed:
            if folder in self._followed:
                return not self._followed[folder]
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        return False

    def count(self, resource: Resource) -> Force | None:
        """What is to be said of the replicas of *resource* after what production changes; None where nothing does."""
        said = self._changes(resource, Patching.count)
        if not any(said) and None in said:
            return None
        return max((force for force in said if force is not None), key=lambda force: force.state, default=None)

    def deleted(self, resource: Resource) -> Force:
        """Whether production takes *resource* away or suspends it."""
        said = self._changes(resource, Patching.end)
        if said and all(force is not None and force.is_void for force in said):
            return next(force for force in said if force is not None)
        return IN_FORCE

    @cached_property
    def _reachable(self) -> set[str]:
        """Folders whose kustomizations one that is applied leads to."""
        return {file for files in self._reached.values() for file in files} | set(self._reached)

    def _walk(self, top: Kustomization) -> dict[str, list[str]]:
        """Each file and folder that *top* applies, with the folders of the kustomizations that lead to it."""
        found: dict[str, list[str]] = {}
        waiting, steps = [(top, [top.folder])], 0
        while waiting:
            kustomization, chain = waiting.pop()
            for path in kustomization.followed:
                steps += 1
                if path in found or steps > _MAX_WALK or len(chain) > _MAX_CHAIN:
                    continue
                found[path] = chain
                if (inner := self._by_folder.get(path)) is not None:
                    waiting.append((inner, [*chain, path]))
        return found

    def _changes(self, resource: Resource, what: Callable[[Patching, Resource], Force | None]) -> list[Force | None]:
        """For each kustomization that decides about *resource*, what becomes of it; None where it is left as it is."""
        found: list[Force | None] = []
        for top in self._by_file.get(resource.path, ()):
            if top in self._deciding:
                chain = self._reached[top][resource.path]  # the outermost first, which has the last word
                said = (what(self._patching(folder), resource) for folder in chain)
                found.append(next((force for force in said if force is not None), None))
        return found

    def _patching(self, folder: str) -> Patching:
        """What the kustomization in *folder* lays over objects; read once."""
        if folder not in self._patchings:
            kustomization = self._by_folder[folder]
            paths = [kustomization.path, *sorted(kustomization.named)]
            laid = [patch for path in paths for patch in self._patches.get(path, ())]
            self._patchings[folder] = Patching(kustomization, laid)
        return self._patchings[folder]
