"""Golden verdicts: what the coach says of fixed inputs, kept as JSON so that a change of judgement shows as a difference.

- ``japanese/`` and ``fascia/``: each step of both routines, performed by the mannequin with mistakes in it (``steps.py``).
- ``real/``: landmarks of real hands on real faces played to and fro (``streams.py``); skipped where these are not at hand.
- ``demo.json``: the session that ``facetrack demo`` leaves; compared in ``tests/cli/test_demo.py``, where the demo runs.

Write them anew after a change that is meant to alter verdicts, and explain the difference in the commit::

    python -m tests.golden.write                        # all of them
    python -m tests.golden.write fascia/cheeks demo     # or some
"""
