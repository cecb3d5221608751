"""Reads routes of PHP: those of Laravel, Lumen and Slim, and those that attributes declare, as Symfony has them."""

from .assembling import assembled_php
from .reading import PhpFile, read_php
from .settings import PLACE, Settings, settings

__all__ = ["PLACE", "PhpFile", "Settings", "assembled_php", "read_php", "settings"]
