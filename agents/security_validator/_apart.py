"""Tells what of one application stands apart from what another of the same tree does well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from orchestrator import Route, Services, Source

P = TypeVar("P", Source, Route)


def apart(found: Iterable[P], answered: Iterable[str], services: Services) -> Sequence[P]:
    """
    Those of *found* in an application in whose source none of the files *answered* lies.

    Nothing is apart where one of these is of no application: it may be before each of them.
    """
    homes = [services.of_file(path) for path in answered]
    if not homes or None in homes:
        return ()
    known = {home.folder for home in homes if home is not None}
    return [one for one in found if (home := services.of_file(_path(one))) is not None and home.folder not in known]


def _path(place: Source | Route) -> str:
    return place.file if isinstance(place, Route) else place.path
