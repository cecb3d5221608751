"""What will be reviewed, by whom and by which rules."""
