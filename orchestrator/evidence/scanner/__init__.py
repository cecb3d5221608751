"""The set of rules for credentials that others maintain, installed as a package: which it is, and what it finds."""
