"""What authors of checks and agents write against, and test with."""
