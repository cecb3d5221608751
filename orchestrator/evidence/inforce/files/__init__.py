"""Tells which lines of a file of settings have an effect: proxies' configuration, manifests, compose files."""

from .judge import judge_of_settings
from .spans import Spans

__all__ = ["Spans", "judge_of_settings"]
