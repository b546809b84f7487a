"""Drives frames from source to sinks, and defines what sinks receive."""
