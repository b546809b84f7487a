"""Finds the pulse in colour signals. Uses numpy only; what reads pictures is in the package ``pulse``."""
