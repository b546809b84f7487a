"""How well hands are seen: MediaPipe alone and facetrack's tracker on the same frames, against labels and exact truth.

python -m benchmarks.tracking --help
"""
