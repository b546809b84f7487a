"""The history of sessions: database, its migrations, trends."""
