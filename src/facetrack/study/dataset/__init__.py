"""Writes and reads the Parquet dataset of a study."""
