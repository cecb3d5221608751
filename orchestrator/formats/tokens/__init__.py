"""The formats of tokens, as those who issue them have made them known."""

from ._shape import Confidence, Shape
from .clouds import SHAPES as _CLOUDS
from .forges import SHAPES as _FORGES
from .keys import SHAPES as _KEYS
from .messages import SHAPES as _MESSAGES
from .models import SHAPES as _MODELS
from .monitoring import SHAPES as _MONITORING
from .payments import SHAPES as _PAYMENTS
from .stores import SHAPES as _STORES
from .workplace import SHAPES as _WORKPLACE

SHAPES: tuple[Shape, ...] = (
    *(*_CLOUDS, *_FORGES, *_MODELS, *_MESSAGES, *_PAYMENTS, *_MONITORING, *_WORKPLACE, *_STORES, *_KEYS),
)
"""One list for what is withheld and for what is found in a tree."""
AS_OF = "2026-11-29"
"""The day on which every row was last held against its source."""
HELD_AGAINST = "kingfisher-secret-scanner 1.5.0"
"""The maintained set whose rules the rows name; the tests read it where it is installed."""

__all__ = ["AS_OF", "HELD_AGAINST", "SHAPES", "Confidence", "Shape"]
