"""Text, shapes, colours and places that all parts of the picture share."""
