"""Turns triangles into pictures: texture, light, faults of the camera."""
