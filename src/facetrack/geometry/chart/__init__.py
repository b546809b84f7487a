"""The face frame's contents: zones, direction fields and the grids that they are looked up in."""
