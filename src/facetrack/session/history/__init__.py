"""Keeps the history of sessions: database, its migrations, trends."""
