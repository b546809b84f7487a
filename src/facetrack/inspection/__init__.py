"""Looks at the source and its first seconds: turns the picture upright, says what looks odd, doubts what can't be judged."""
