"""The rejudging room: today's agents and checks over the facts and quotes of an old run."""

from __future__ import annotations

from ._changes import AssessmentChange, FindingChange, NotComparable, Rejudged, RuleChange
from ._rejudge import rejudge
from ._reread import reread

__all__ = ["AssessmentChange", "FindingChange", "NotComparable", "Rejudged", "RuleChange", "rejudge", "reread"]
