"""The tests of the report room."""
