"""Schema changes as SQL states them, read leniently whatever the dialect."""

from .changes import Change, ColumnChange
from .reading import known, read_sql, set_aside

__all__ = ["Change", "ColumnChange", "known", "read_sql", "set_aside"]
