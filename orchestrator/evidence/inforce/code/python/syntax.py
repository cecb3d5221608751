"""What others need of Python's syntax as well: names, values, and whether a definition does anything."""

from ._folding import NOTHING, fold, named
from ._stubs import is_hollow

__all__ = ["NOTHING", "fold", "is_hollow", "named"]
