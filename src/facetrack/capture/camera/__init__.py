"""Finds cameras, opens them, reads them in a thread of their own, and reopens them when they have been lost."""
