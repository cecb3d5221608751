"""The generator of void shells: examples of checks, made void in every way that is known, which must say nothing."""

from ._asking import crashes as crashes
from ._kinds import documents as documents
from ._kinds import dump as dump
from ._kinds import kind as kind
