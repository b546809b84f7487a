"""The journal of a session, line by line: written, read, and its header."""
