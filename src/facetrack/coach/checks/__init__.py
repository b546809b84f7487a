"""Judges: one file for each kind of mistake, and one for what can be seen at all."""
