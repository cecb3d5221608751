"""The part of the evidence that git's history holds: every commit, every path of every blob, every message."""
