"""Ways of Terraform: what is declared and never created."""

from __future__ import annotations

import re

from .._kinds import kind
from .._way import Void, Way, indented, rewritten

_BLOCK = re.compile(r'^(?:resource|module|data) "[^"\n]+"(?: "[^"\n]+")? \{\n', re.MULTILINE)
_WHOLE = re.compile(
    r'^(?:resource|module|data) "[^"\n]+"(?: "[^"\n]+")? \{(?:\n.*?^\}|[^\n]*\})\n?', re.MULTILINE | re.DOTALL
)


def _created(text: str) -> str:
    """What is left without what is created."""
    return _WHOLE.sub("", text)


def _never(name: str, line: str, more: str = "") -> Way:
    def make(text: str) -> tuple[str, str] | None:
        made = _BLOCK.sub(lambda match: f"{match[0]}  {line}\n", text)
        return (made + more, _created(text)) if made != text else None

    return rewritten(name, "terraform", make)


def _variable(value: str) -> str:
    return f'\nvariable "wanted" {{\n  default = {value}\n}}\n'


def _uncalled(path: str, text: str) -> Void | None:
    if kind(path, text) != "terraform":
        return None
    return Void({f"modules/unused/{path.rpartition('/')[2]}": text})


def _overridden(path: str, text: str) -> Void | None:
    """A file whose settings replace those of the file beside it."""
    if kind(path, text) != "terraform" or not _BLOCK.search(text):
        return None
    stem = path.removesuffix(".tf")
    over = "".join(f"{match[0]}  count = 0\n}}\n" for match in _BLOCK.finditer(text))
    return Void({path: text, f"{stem}_override.tf": over}, {path: _created(text)})


WAYS: tuple[Way, ...] = (
    _never("count = 0", "count = 0"),
    _never('count = "0"', 'count = "0"'),
    _never("count = 1 - 1", "count = 1 - 1"),
    _never("count = false ? 1 : 0", "count = false ? 1 : 0"),
    _never("count = length([])", "count = length([])"),
    _never("count by a variable that is false", "count = var.wanted ? 1 : 0", _variable("false")),
    _never("count by a variable that is 0", "count = var.wanted", _variable("0")),
    _never(
        "count by a variable without a default",
        "count = var.wanted ? 1 : 0",
        '\nvariable "wanted" {\n  type = bool\n}\n',
    ),
    _never("count by a local that is 0", "count = local.wanted", "\nlocals {\n  wanted = 0\n}\n"),
    _never("count by a workspace", 'count = terraform.workspace == "nowhere" ? 1 : 0'),
    _never("for_each = {}", "for_each = {}"),
    _never("for_each = toset([])", "for_each = toset([])"),
    _never("for_each by a variable that is empty", "for_each = var.wanted", _variable("{}")),
    Way("in a module that nobody calls", _uncalled),
    Way("overridden later", _overridden),
    rewritten("in a string", "terraform", lambda text: f"locals {{\n  text = <<-TEXT\n{indented(text)}  TEXT\n}}\n"),
)
