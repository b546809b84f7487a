"""Faults injected into the real command line, with a clock: ``python -m benchmarks.faults camera|signals|videos|bundles``."""
