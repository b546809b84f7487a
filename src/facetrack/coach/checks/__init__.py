"""What is judged: one file a kind of mistake, and whether a side can be seen at all."""
