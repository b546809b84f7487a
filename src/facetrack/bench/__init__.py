"""Measures how fast this machine is: parts of the pipeline beside serial inference on the same frames."""
