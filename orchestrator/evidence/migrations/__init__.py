"""One file per family of migration tools: how a file of theirs is recognised and read."""
