"""Follows routes of Python programs from what declares them to the guards that stand before them."""

from .assembling import assembled
from .reading import read
from .summary import Summary

__all__ = ["Summary", "assembled", "read"]
