"""Turns findings into corrections, and decides which of them is shown now and in which words."""
