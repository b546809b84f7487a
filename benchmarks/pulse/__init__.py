"""The pulse: readings against the mannequin's truth and beside the green channel, the beat's evenness, synchrony.

python -m benchmarks.pulse --help
"""
