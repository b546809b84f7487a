"""Tables of sessions for other programs, with their data dictionary."""
