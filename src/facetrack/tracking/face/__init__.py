"""Which face is the user's, and where it was."""
