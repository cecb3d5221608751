"""The report room: ``Result`` in, text out; the entry points are ``render`` and ``print_…`` of each module."""
