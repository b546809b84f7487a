"""Whose hand is which: detection, association, tracks, redetection."""
