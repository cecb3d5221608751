"""The facts, one file each: typed answers about a tree and its history; what makes them lies in :mod:`..readers`."""
