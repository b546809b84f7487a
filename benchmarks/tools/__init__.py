"""How well facetrack judges who works with a tool or with the knuckles; ``python -m benchmarks.tools``."""
