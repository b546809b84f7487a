"""The map of the face that routine files speak of: named points and zones, and its picture."""
