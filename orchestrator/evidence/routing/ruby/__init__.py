"""Reads routes of Ruby: those that Rails draws, with what stands before the actions of controllers, and Sinatra's."""

from .assembling import assembled_ruby
from .reading import RubyFile, read_ruby

__all__ = ["RubyFile", "assembled_ruby", "read_ruby"]
