"""Figures of a session: of steps, sides and tracking."""
