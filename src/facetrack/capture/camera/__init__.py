"""Cameras: found, opened, read in a thread of their own, reopened when they are gone."""
