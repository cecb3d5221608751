"""Reads what calls turn text into a query, into code or into an address, and how that text is made."""

from .reading import READ as READ
from .reading import Finding as Finding
from .reading import read as read
