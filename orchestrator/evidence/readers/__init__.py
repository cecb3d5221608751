"""The readers of the pass over the tree, one file each: what makes a fact of :mod:`..facts` from files."""
