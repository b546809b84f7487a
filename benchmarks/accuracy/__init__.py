"""How often the coach is right: every step performed rightly and wrongly by the mannequin, judged, and compared with the truth.

python -m benchmarks.accuracy --help
"""
