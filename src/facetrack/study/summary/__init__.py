"""Sums up a dataset by participant, condition and session."""
