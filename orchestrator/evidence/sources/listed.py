"""Lists every source of facts: those that ship, and those that installed packages bring along."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from functools import cache
from importlib import metadata

from ...errors import SourceLoadError
from . import past, tree
from .source import FactSource

GROUP = "orchestrator.sources"
"""Entry-point group of sources in other packages."""

SHIPPED: tuple[FactSource, ...] = (*tree.SOURCES, *past.SOURCES)


def listed() -> Sequence[FactSource]:
    """
    Every source, those that ship first.

    Raises:
        SourceLoadError: One cannot be imported, is not a source, or answers what another answers.
    """
    return _listed(tuple(sys.path))


@cache
def _listed(_path: tuple[str, ...]) -> tuple[FactSource, ...]:
    """Every source that can be imported by *_path*: looking for packages costs more than many a check."""
    sources = {source.fact.name: source for source in SHIPPED}
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda p: p.name):
        source = _imported(point.value)
        if source.fact.name in sources or source.of != "outside":
            raise SourceLoadError(
                f"the source of entry point '{point.name}' answers '{source.fact.name}', which another one does",
                remedy="give its fact a name of its own; what is read from the tree belongs to gonogo's own readers",
            )
        sources[source.fact.name] = source
    return tuple(sources.values())


def _imported(name: str) -> FactSource:
    module, _, attribute = name.partition(":")
    try:
        value = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        raise SourceLoadError(
            f"source '{name}' cannot be imported: {type(error).__name__}: {error}",
            remedy="fix it or uninstall it; going on without it would be a false pass",
        ) from error
    if not isinstance(value, FactSource) or not value.fact.name:
        raise SourceLoadError(
            f"'{name}' is not a source", remedy="name what `orchestrator.evidence.sources.outside(…)` gives"
        )
    return value
