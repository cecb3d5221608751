"""The redaction room: what is secret, how it is told, and the stub that takes its place."""

from ..formats.tokens import Confidence
from ._match import ASSIGNED, ENVIRONMENT, Match, disjoint
from ._names import refers, telling
from ._positional import drawn
from ._redact import cut, looks_secret, named, redact, redact_given, redacted
from ._shapes import KINDS, find
from ._spoken import opening, passwords, settings, spoken
from ._structure import Told, may_tell, structural, told
from ._weighing import is_sample, varied, worth
from ._withholding import Withholding, current, fingerprint, sendable, withholding

__all__ = [
    "ASSIGNED",
    "ENVIRONMENT",
    "KINDS",
    "Confidence",
    "Match",
    "Told",
    "Withholding",
    "current",
    "cut",
    "disjoint",
    "drawn",
    "find",
    "fingerprint",
    "is_sample",
    "looks_secret",
    "may_tell",
    "named",
    "opening",
    "passwords",
    "redact",
    "redact_given",
    "redacted",
    "refers",
    "sendable",
    "settings",
    "spoken",
    "structural",
    "telling",
    "told",
    "varied",
    "withholding",
    "worth",
]
