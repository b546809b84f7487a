"""Writes tables of sessions for other programs, with their data dictionary."""
