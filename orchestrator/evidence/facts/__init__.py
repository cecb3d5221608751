"""One file per fact: the typed answer, and the reader that extracts it."""
