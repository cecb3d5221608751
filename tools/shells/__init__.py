"""The generator of void shells: examples of checks, made void in every way that is known, which must say nothing."""
