"""From a record to its result."""
