"""The sources room: the one list of where facts come from, and what each of them is asked."""

from .listed import GROUP, listed
from .outside import outside, unmade
from .question import Question, Seen
from .reading import Progress, Reading
from .source import FactSource, Subject

__all__ = ["GROUP", "FactSource", "Progress", "Question", "Reading", "Seen", "Subject", "listed", "outside", "unmade"]
