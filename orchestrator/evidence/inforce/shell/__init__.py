"""The shell's part of the layer: which commands of a script run, and whether anybody heeds their failure."""

from .commands import read as read
from .commands import read_together as read_together
from .script import Command as Command
from .script import Manner as Manner
from .script import Script as Script
from .words import plain as plain
