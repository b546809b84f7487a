"""How fast the core is, against references measured in the same run."""
