"""Takes out of what was found by its words what lies in manifests that are not in force, as the whole tree tells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from ..domain.fact import Aside, Fact, Source
from ..domain.signal import Signal
from .facts.code import Code, Hits
from .facts.kubernetes import Kubernetes

_ASIDES = 5


def settled(facts: dict[type[Fact], Fact], signals: Iterable[Signal]) -> dict[type[Fact], Fact]:
    """
    *facts* without what was found in objects of Kubernetes that are void, or of which nobody can tell.

    A file by itself does not tell that its object is switched off by a chart's values, listed by no kustomization, or
    has a target that is not there; the fact about Kubernetes does. What is looked for in comments as well counts
    wherever it stands.
    """
    anywhere = {signal.id for signal in signals if signal.comments}
    code, kubernetes = facts.get(Code), facts.get(Kubernetes)
    if not isinstance(code, Code) or not isinstance(kubernetes, Kubernetes) or not kubernetes.aside:
        return facts
    still = _Still(kubernetes)
    hits = {name: found if name in anywhere else _without(found, still) for name, found in code.hits.items()}
    return {**facts, Code: code.model_copy(update={"hits": hits})} if hits != code.hits else facts


class _Still:
    """Which places lie in objects that are not in force."""

    def __init__(self, kubernetes: Kubernetes) -> None:
        running = {r.path for r in (*kubernetes.resources, *kubernetes.patches, *kubernetes.jobs)}
        self._files: dict[str, Aside] = {}
        whole = {(r.path, r.line) for r in kubernetes.idle}
        for aside in kubernetes.aside:
            if aside.path not in running and (aside.path not in self._files or not aside.void):
                self._files[aside.path] = aside
        self._objects: dict[str, list[tuple[int, Aside | None]]] = {}
        asides = {(a.path, a.line): a for a in kubernetes.aside if (a.path, a.line) in whole}
        mixed = {path for path, _ in whole} & running
        for resource in (*kubernetes.resources, *kubernetes.idle):
            if resource.path in mixed:
                reason = asides.get((resource.path, resource.line))
                self._objects.setdefault(resource.path, []).append((resource.line, reason))
        for objects in self._objects.values():
            objects.sort(key=lambda item: item[0])

    def file(self, path: str) -> Aside | None:
        """Why nothing in the file at *path* is in force; None where something is."""
        return self._files.get(path)

    def at(self, place: Source) -> Aside | None:
        """Why what stands at *place* is not in force; None where it is."""
        if place.path in self._files:
            return self._files[place.path]
        objects = self._objects.get(place.path)
        if not objects:
            return None
        number = bisect_right(objects, place.line, key=lambda item: item[0])
        return objects[number - 1][1] if number else None


def _without(hits: Hits, still: _Still) -> Hits:
    out = [(place, aside) for place in hits.first if (aside := still.at(place)) is not None]
    gone = {path: (number, aside) for path, number in hits.beyond.items() if (aside := still.file(path)) is not None}
    if not out and not gone:
        return hits
    left = {place for place, _ in out}
    first = tuple(place for place in hits.first if place not in left)
    beyond = {path: number for path, number in hits.beyond.items() if path not in gone}
    void = sum(a.void for _, a in out) + sum(number for number, a in gone.values() if a.void)
    lost = len(out) + sum(number for number, _ in gone.values())
    here = {place.path for place in hits.first} | hits.beyond.keys()
    places = [*out, *((Source(path=path), aside) for path, (_, aside) in sorted(gone.items()))]
    noted = [_noted(place, aside) for place, aside in sorted(places, key=lambda item: item[1].void)]
    return hits.model_copy(
        update={
            "first": first,
            "beyond": beyond,
            "total": hits.total - lost,
            "files": hits.files - len(here - ({place.path for place in first} | beyond.keys())),
            "aside": (*hits.aside, *noted)[:_ASIDES] if hits.untold else (*noted, *hits.aside)[:_ASIDES],
            "void": hits.void + void,
            "untold": hits.untold + lost - void,
        }
    )


def _noted(place: Source, aside: Aside) -> Aside:
    return aside.model_copy(update={"path": place.path, "line": place.line, "about": ()})
