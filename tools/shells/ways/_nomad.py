"""Ways of Nomad: jobs of which nothing runs."""

from __future__ import annotations

import re

from .._way import Way, rewritten

_COUNT = re.compile(r"^(\s*)count\s*=\s*\d+", re.MULTILINE)
_BOUNDS = re.compile(r"^(\s*)(min|max)(\s*)=\s*\d+", re.MULTILINE)


def _counted(name: str, value: str, more: str = "") -> Way:
    """A way to run none of a group, however many its scaling would allow."""

    def make(text: str) -> str | None:
        made = _BOUNDS.sub(rf"\1\2\3= {value}", _COUNT.sub(rf"\1count = {value}", text))
        return made + more if made != text else None

    return rewritten(name, "nomad", make)


WAYS: tuple[Way, ...] = (
    _counted("count = 0", "0"),
    _counted("count = 1 - 1", "1 - 1"),
    _counted("count by a variable that is 0", "var.wanted", '\nvariable "wanted" {\n  default = 0\n}\n'),
    rewritten(
        "in a text", "nomad", lambda text: f'variable "text" {{\n  default = <<TEXT\n{text.rstrip()}\nTEXT\n}}\n'
    ),
)
