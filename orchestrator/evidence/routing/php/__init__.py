"""Reads routes of PHP: those of Laravel, Lumen and Slim, and those that attributes declare, as Symfony has them."""

from .assembling import assembled_php
from .reading import PhpFile, read_php

__all__ = ["PhpFile", "assembled_php", "read_php"]
