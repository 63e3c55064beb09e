"""What is visible, where it is, and what belongs together."""
