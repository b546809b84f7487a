"""Text, shapes, colours and positions that all parts of the picture share."""
