"""Turns Terraform's literals into values: escapes in strings, and numbers."""

from __future__ import annotations

import re

NUMBER = re.compile(r"-? ?[0-9]{1,30}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?$")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5})|(.))|\$\$\{|%%\{", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t"}


def unescape(text: str) -> str:
    """The string that *text*, what stands between quotes, means."""
    return _ESCAPE.sub(_character, text) if "\\" in text or "{" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return _NAMED.get(match[3], match[3]) if match[3] else match[0][1:]


def number(text: str) -> int | float:
    """The number that *text* says; it has matched ``NUMBER``."""
    text = text.replace(" ", "")
    return int(text) if text.lstrip("-").isdigit() else float(text)
