"""How well a routine is learnt from one performer, and how rightly it judges another.

python -m benchmarks.learning --help
"""
