"""Decides what of a hand touches the skin, and where."""
