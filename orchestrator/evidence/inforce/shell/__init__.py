"""The shell's part of the layer: which commands of a script run, and whether anybody heeds their failure."""

from .commands import Command as Command
from .commands import Manner as Manner
from .commands import Script as Script
from .commands import read as read
from .commands import read_together as read_together
from .words import plain as plain
