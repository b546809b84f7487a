"""Makes one dataset of many sessions, sums it up, and compares facetrack's corrections with labels that people made."""
