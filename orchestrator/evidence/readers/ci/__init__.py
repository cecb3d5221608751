"""The dialects of CI, one file each, by the names in :mod:`...ci_systems`."""

from __future__ import annotations

from importlib import import_module

from ...ci_systems import SYSTEMS
from ._shared import Dialect

DIALECTS: dict[str, Dialect] = {system.name: import_module(f".{system.name}", __name__).DIALECT for system in SYSTEMS}
