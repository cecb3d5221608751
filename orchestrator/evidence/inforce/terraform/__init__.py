"""Tells what Terraform would make: expressions over what is known, modules that are called, how many of a block."""
