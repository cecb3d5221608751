"""Tells what is in force of what is read: what runs, is created or can fire, and what only stands there."""
