"""The face as a curved surface: projection into the picture, lengths on the skin, relief."""
