"""The map of the face that routine files refer to: named points and zones, and its drawing."""
