"""The readers of the pass over the tree, one file each: they make the facts of :mod:`..facts` from files."""
