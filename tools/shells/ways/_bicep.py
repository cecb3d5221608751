"""Ways of Bicep: what is declared and never deployed."""

from __future__ import annotations

import re

from .._kinds import kind
from .._way import Void, Way, rewritten

_DECLARED = re.compile(r"^((?:resource|module) \w+ '[^'\n]+'(?: existing)? =) \{", re.MULTILINE)
_WHOLE = re.compile(r"^(?:resource|module) \w+ '[^'\n]+'(?: existing)? = \{(?:\n.*?^\}|[^\n]*\})\n?", re.M | re.S)


def _left(text: str) -> str:
    """What is left without what is deployed."""
    return _WHOLE.sub("", text)


def _never(name: str, condition: str, more: str = "") -> Way:
    def make(text: str) -> tuple[str, str] | None:
        made = _DECLARED.sub(lambda match: f"{match[1]} if ({condition}) {{", text)
        return (made + more, _left(text)) if made != text else None

    return rewritten(name, "bicep", make)


def _over_nothing(text: str) -> tuple[str, str] | None:
    """Each resource once for each of no things."""
    made = _WHOLE.sub(lambda match: match[0].replace("= {", "= [for each in []: {", 1).rstrip() + "]\n", text)
    return (made, _left(text)) if made != text else None


def _uncalled(path: str, text: str) -> Void | None:
    if kind(path, text) != "bicep":
        return None
    entry = "module used 'used.bicep' = {\n  name: 'used'\n}\n"
    return Void(
        {
            "main.bicep": entry,
            "used.bicep": "output name string = 'shop'\n",
            f"modules/unused/{path.rpartition('/')[2]}": text,
        }
    )


WAYS: tuple[Way, ...] = (
    _never("if (false)", "false"),
    _never("if (1 == 2)", "1 == 2"),
    _never("if by a parameter that is false", "wanted", "\nparam wanted bool = false\n"),
    _never("if by a parameter without a default", "wanted", "\nparam wanted bool\n"),
    _never("if by a variable that is false", "wanted", "\nvar wanted = false\n"),
    rewritten("for each of nothing", "bicep", _over_nothing),
    Way("in a module that nobody calls", _uncalled),
)
