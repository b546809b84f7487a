"""Writes and reads what a session keeps of each frame: the journal with its header, and landmarks where they are asked for."""
