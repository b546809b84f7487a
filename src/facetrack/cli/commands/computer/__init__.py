"""Commands about this computer: its cameras, libraries, models and speed."""
