"""How long a study's commands take, and what happens on a cluster when a worker dies.

- ``python -m benchmarks.study.dataset``: many synthetic sessions, and some of real length, as one dataset.
- ``python -m benchmarks.study.cluster``: many short clips on a Dask cluster of this computer.
"""
