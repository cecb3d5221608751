"""The since room: which release was before this one, and what changed since."""

from .bases import chosen_by_tag as chosen_by_tag
from .bases import follows as follows
from .comparing import changes as changes
