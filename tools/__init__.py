"""Tools of the project's own developers; nothing of it is packaged."""
