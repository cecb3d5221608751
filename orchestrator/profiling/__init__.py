"""What kind of software is under review, told from facts and from the estate."""

from ..evidence.kind_signals import SIGNALS as SIGNALS
from .profile import KINDS as KINDS
from .profile import profile as profile
