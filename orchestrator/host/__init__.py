"""What the house asks of the operating system: named files, and stops."""
