"""Measures how well two accounts of the same recordings agree."""
