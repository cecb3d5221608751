"""The disguises: ways to write a tree differently that change nothing of what it does."""

from . import _data, _layout, _names, _places
from ._way import Disguise as Disguise

WAYS: tuple[Disguise, ...] = (*_layout.WAYS, *_data.WAYS, *_places.WAYS, *_names.WAYS)
"""All of them, in the order in which they are told."""
