"""The signing room: what is said of a finished run, who signs it, and who vouches for when they did."""

from ._check import check
from ._envelope import PAYLOAD_TYPE, envelope_of
from ._keys import KeyPair, generate, signer
from ._sign import Stamped, sign, stamp
from ._statement import statement
from ._timestamps import Authority

__all__ = [
    "PAYLOAD_TYPE",
    "Authority",
    "KeyPair",
    "Stamped",
    "check",
    "envelope_of",
    "generate",
    "sign",
    "signer",
    "stamp",
    "statement",
]
