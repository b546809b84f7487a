"""What the user does besides massaging: keys, open palms, coming into view and leaving it."""
