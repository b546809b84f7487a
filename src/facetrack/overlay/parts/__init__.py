"""The parts of the picture: face layer, panels, gauges, pages and inset."""
