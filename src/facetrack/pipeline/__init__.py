"""Drives the line from source to sinks, and names what travels along it."""
