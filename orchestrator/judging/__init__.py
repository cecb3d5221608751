"""Findings to a verdict, pure."""
