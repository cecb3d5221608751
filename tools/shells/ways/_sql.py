"""Ways of SQL: what is rolled back, undone or never reached."""

from __future__ import annotations

import re

from .._way import Way, indented, rewritten

_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?([\w.\"]+)", re.IGNORECASE)
_ALTERED = re.compile(r"ALTER TABLE ([\w.\"]+) SET \((\w+)", re.IGNORECASE)
_REVOKED = re.compile(r"REVOKE ([\w, ]+) ON (\w+) FROM (\w+)", re.IGNORECASE)
_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) .*? ON (\w+)", re.IGNORECASE)


def _undone(text: str) -> str | None:
    """The opposite of each statement, afterwards."""
    over = [
        *(f"DROP TRIGGER {m[1]} ON {m[2]};" for m in _TRIGGER.finditer(text)),
        *(f"ALTER TABLE {m[1]} RESET ({m[2]});" for m in _ALTERED.finditer(text)),
        *(f"GRANT {m[1]} ON {m[2]} TO {m[3]};" for m in _REVOKED.finditer(text)),
        *(f"DROP TABLE {m[1]} CASCADE;" for m in reversed(list(_TABLE.finditer(text)))),
    ]
    return text.rstrip() + "\n" + "\n".join(over) + "\n" if over else None


WAYS: tuple[Way, ...] = (
    rewritten("rolled back", "sql", lambda text: f"BEGIN;\n{text.rstrip()}\nROLLBACK;\n"),
    rewritten("rolled back by another word", "sql", lambda text: f"START TRANSACTION;\n{text.rstrip()}\nABORT;\n"),
    rewritten("undone afterwards", "sql", _undone),
    rewritten(
        "in a function that nobody calls",
        "sql",
        lambda text: f"CREATE FUNCTION unused() RETURNS void LANGUAGE sql AS $$\n{indented(text)}$$;\n",
    ),
    rewritten(
        "under a false condition",
        "sql",
        lambda text: f"DO $$ BEGIN\n  IF false THEN\n{indented(text)}  END IF;\nEND $$;\n",
    ),
    rewritten("after the end of the program", "sql", lambda text: "\\q\n" + text),
    rewritten("under a condition of psql", "sql", lambda text: f"\\if false\n{text.rstrip()}\n\\endif\n"),
)
