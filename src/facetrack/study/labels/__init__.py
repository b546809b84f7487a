"""Reads the labels that people made of recordings, with ELAN or BORIS, and writes empty files to label in."""
