"""The ignoring room: where a tree asks tools to look away, and from what."""

from .asking import ANCHORS as ANCHORS
from .asking import asked_in as asked_in
from .asking import may_ask as may_ask
from .lists import is_list as is_list
from .lists import lists_in as lists_in
