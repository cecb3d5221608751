"""This is where ``python -m orchestrator`` begins."""

from .cli import main

if __name__ == "__main__":
    main()
