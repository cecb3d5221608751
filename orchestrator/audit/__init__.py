"""What an auditor does with records."""
