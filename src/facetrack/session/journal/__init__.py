"""Writes and reads the journal of a session, line by line, and its header."""
