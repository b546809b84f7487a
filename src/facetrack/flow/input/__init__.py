"""What the user does beside massaging: keys, open palms, coming into view and leaving it."""
