"""Breaks the house in small ways and says which breaks no test notices: ``make mutants``."""
