"""Detects the user's hands with a graph for each, and keeps apart which is which."""
