"""Fills the random parts of labelled text, such as ``<<alnum 32>>``: nothing that is kept looks like a credential."""

from __future__ import annotations

import random
import re
import string

ALPHABETS = {
    "alnum": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
    "base64": string.ascii_letters + string.digits + "+/",
    "upper": string.ascii_uppercase + string.digits,
    "lower": string.ascii_lowercase,
    "digits": string.digits,
}
_HOLE = re.compile(r"<<(" + "|".join(ALPHABETS) + r") (\d{1,4})>>")


def filled(text: str, seed: str) -> str:
    """*text* with a value in each hole, the same every time for the same *seed*."""
    if "<<" not in text:
        return text
    chance = random.Random(seed)
    return _HOLE.sub(lambda hole: "".join(chance.choices(ALPHABETS[hole[1]], k=int(hole[2]))), text)
