"""Analyses many recordings, one after the other or in several processes, and reuses earlier analyses that still hold."""
