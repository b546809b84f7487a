"""Many recordings: one after the other or in several processes, each taken from an earlier analysis where that still holds."""
