"""The sealed room: rules and templates of derivations 1 and 2; nothing in here is ever changed."""
