"""The live room: what runs outside is asked, if somebody outside the reviewed tree allows it."""

from .http import Answer, Bounds, NotContacted, Outside

__all__ = ["Answer", "Bounds", "NotContacted", "Outside"]
